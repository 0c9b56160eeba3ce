"""Friction: customers × lost completions × effort, with an interval, and the rank of each place among all of them with an interval too."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from gensvar.stats.normal import Interval, two_sided, z_of

TOLD = 0.05


@dataclass(frozen=True, slots=True)
class Score:
    """value with its limits, in customers; rank among all: 1 is the largest, rank_low…rank_high its 95 % interval."""

    value: float
    low: float
    high: float
    rank: int = 0
    rank_low: int = 0
    rank_high: int = 0


def count_interval(count: int, level: float = 0.95) -> Interval:
    """A Poisson count with its score limits. Source: Rao 1948; in Barker 2002, Am. Stat. 56:85, equation 2.

    >>> found = count_interval(25)
    >>> round(found.low, 2), round(found.high, 2)
    (16.93, 36.92)
    """
    z = z_of(level)
    middle, half = count + z * z / 2, z * sqrt(count + z * z / 4)
    return Interval(float(count), middle - half, middle + half)


def product(parts: Sequence[Interval]) -> Interval:
    """The product of independent quantities ≥ 0, with limits recovered from theirs.

    Each part's distance to its limit, times the other parts, squared and added: the method of variance estimates recovery to first order (Zou,
    Huang & Zhang 2009, Comput. Stat. Data Anal. 53:1080; Donner & Zou 2012, Stat. Methods Med. Res. 21:347). Limits may be crooked, and a part may
    be 0, where a logarithm could not be taken.
    """
    value = _times([p.value for p in parts])
    rest = [_times([p.value for j, p in enumerate(parts) if j != i]) for i in range(len(parts))]
    down = sqrt(sum(((p.value - p.low) * r) ** 2 for p, r in zip(parts, rest, strict=True)))
    up = sqrt(sum(((p.high - p.value) * r) ** 2 for p, r in zip(parts, rest, strict=True)))
    return Interval(value, max(0.0, value - down), value + up)


def _times(values: Sequence[float]) -> float:
    found = 1.0
    for value in values:
        found *= value
    return found


def ranked(places: Sequence[Interval], told: float = TOLD) -> list[Score]:
    """Each place with its rank and the rank's interval, aligned with the places.

    A place can rank no better than one below all that are surely larger, and no worse than one above all that are surely smaller; sure is a
    difference whose limits, recovered from both places' limits, leave out 0, held at `told` over all the differences of a place (Holm 1979).
    Source: Mohamad, van Zwet, Solari & Goeman 2020, arXiv:1702.05986, section 2; limits of a difference: Zou & Donner 2008, Stat. Med. 27:1693.
    """
    order = sorted(range(len(places)), key=lambda i: (-places[i].value, i))
    rank = {at: number for number, at in enumerate(order, 1)}
    return [_score(places, at, rank[at], told) for at in range(len(places))]


def _score(places: Sequence[Interval], own: int, rank: int, told: float) -> Score:
    here, others = places[own], [p for i, p in enumerate(places) if i != own]
    sure = _holm([_p(here, other) for other in others], told)
    larger = sum(s and other.value > here.value for s, other in zip(sure, others, strict=True))
    smaller = sum(s and other.value < here.value for s, other in zip(sure, others, strict=True))
    return Score(here.value, here.low, here.high, rank, 1 + larger, len(places) - smaller)


def _p(a: Interval, b: Interval) -> float:
    """Two-sided p of a difference from the limits that face each other."""
    above, below = (a, b) if a.value >= b.value else (b, a)
    spread = sqrt((above.value - above.low) ** 2 + (below.high - below.value) ** 2) / z_of(0.95)
    return two_sided((above.value - below.value) / spread) if spread > 0 else float(above.value == below.value)


def _holm(p: Sequence[float], told: float) -> list[bool]:
    """Which stand when all are tested together. Holm 1979, Scand. J. Stat. 6:65."""
    passed, sure = True, [False] * len(p)
    for number, at in enumerate(sorted(range(len(p)), key=lambda i: p[i])):
        passed = passed and p[at] <= told / (len(p) - number)
        sure[at] = passed
    return sure
