"""What is held equal between those who say something and those who do not: segment, plan and tenure, as finely as there are units enough."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

LEAST_UNITS: Final = 20  # in a stratum, on average: with fewer, most months have nobody to compare with
Profile = tuple[str, str, int]  # segment, product, cohort
COARSE: Final = -1  # cohorts from here on: began within the months that are looked at


@dataclass(frozen=True, slots=True)
class Strata:
    """held: what is held equal, of segment, plan, tenure (half-years) and tenure_coarse; of: profile → number of its stratum, below count."""

    held: tuple[str, ...]
    of: Mapping[Profile, int]

    @property
    def count(self) -> int:
        return max(self.of.values(), default=-1) + 1


def strata(units: Mapping[Profile, int]) -> Strata:
    """units: how many have each profile. Each of segment, plan, tenure is held equal where the strata then still have LEAST_UNITS on average.

    >>> strata({("a", "x", 0): 40, ("b", "x", 0): 40}).held
    ('segment',)
    """
    held: list[str] = []
    total = sum(units.values())
    for names in (("segment",), ("plan",), ("tenure", "tenure_coarse")):
        for name in names:
            now, then = _distinct(units, held), _distinct(units, [*held, name])
            if now < then <= total / LEAST_UNITS:
                held.append(name)
                break
    numbers = {key: at for at, key in enumerate(sorted({_key(p, held) for p in units}, key=repr))}
    return Strata(tuple(held), {p: numbers[_key(p, held)] for p in units})


def _distinct(units: Mapping[Profile, int], held: Sequence[str]) -> int:
    return len({_key(p, held) for p in units})


def _key(profile: Profile, held: Sequence[str]) -> tuple[object, ...]:
    segment, plan, cohort = profile
    values = {"segment": segment, "plan": plan, "tenure": cohort, "tenure_coarse": cohort if cohort <= COARSE else 0}
    return tuple(values[name] for name in held)
