"""From counts by stratum and half to what stands: pure functions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, get_args

import numpy as np

from gensvar.explain.onboarding.early import STRATA, Design
from gensvar.explain.onboarding.found import Again, Form, Mark, Onboarding, Out, Verdict
from gensvar.explain.onboarding.success import STAYS
from gensvar.stats import adjusted
from gensvar.stats.many import Numbers
from gensvar.stats.risks import Risks, Strata, needed, risks

LEAST: Final = 20  # customers in all
LEAST_SIDE: Final = 10  # with a mark, and without it
MOST: Final = 300
Q, HALF_P = 0.05, 0.05
HALF: Final = 0.5
MATTERS: Final = 0.15  # a difference of shares that would change what one does
FORMS: Final[Mapping[str, Form]] = {form: form for form in get_args(Form)}
Key = tuple[str, str, str]
Stratum = tuple[str, ...]
Row = Mapping[str, Any]
HELD: Final = ((0, 1, 2), (0, 2), (2,), ())
"""What is held alike, the most that keeps half of the information: all of STRATA, then fewer."""
BASES: Final[Mapping[str, Key]] = {"bad": ("", "", "bad"), "good": ("", "", "good"), "effort": ("", "", "wrote")}


@dataclass(frozen=True, slots=True)
class Counts:
    """people and hits: strata × halves."""

    people: Numbers
    hits: Numbers

    @property
    def n(self) -> int:
        return int(self.people.sum())


def judged(design: Design, kind: str, states: Mapping[str, int], whole: Iterable[Row], marked: Sequence[Row], floor: int = 1) -> Onboarding:
    """What marks success, from the counts of the engine. floor: the fewest people that a number shown may be about."""
    rows = list(whole)
    strata = {key: i for i, key in enumerate(sorted({_stratum(r) for r in rows}))}
    everybody = _counts(rows, strata)
    parts = [states.get(state, 0) for state in ("early", "young", "ended", "done")]
    out = Out() if any(0 < n < floor for n in parts) else Out(*parts)
    n, hits = everybody.n, int(everybody.hits.sum())
    told = (n, hits) if n >= floor else (0, 0)
    why = _why(n, hits, marked)
    blank = Onboarding(design.success or STAYS, kind, design.window, design.soon, design.within, *told, out, (), 0, why=why, least=LEAST)
    if why:
        return blank
    named = _named(marked, strata)
    asked, left_out = _asked(_apart(named, everybody, floor))
    marks = _marks(asked, named, everybody, list(strata), floor)
    return replace(blank, marks=tuple(sorted(marks, key=_rank)), tested=sum(m.p is not None for m in marks), left_out=left_out)


def _why(n: int, hits: int, marked: Sequence[Row]) -> str:
    if n < LEAST:
        return "few"
    if hits in {0, n}:
        return "all_alike"
    return "" if marked else "no_behaviour"


def _stratum(row: Row) -> Stratum:
    return tuple(row[name] or "" for name in STRATA)


def _counts(rows: Iterable[Row], strata: Mapping[Stratum, int]) -> Counts:
    people, hits = np.zeros((len(strata), 2)), np.zeros((len(strata), 2))
    for row in rows:
        at = strata[_stratum(row)], row["half"]
        people[at] += row["n"]
        hits[at] += row["hits"]
    return Counts(people, hits)


def _named(marked: Sequence[Row], strata: Mapping[Stratum, int]) -> dict[Key, Counts]:
    rows: dict[Key, list[Row]] = {}
    for row in marked:
        rows.setdefault((row["name"] or "", row.get("step") or "", row["form"]), []).append(row)
    return {key: _counts(found, strata) for key, found in sorted(rows.items())}


def _asked(named: Mapping[Key, Counts]) -> tuple[list[Key], int]:
    """The marks to test, those of most customers first; and how many are left out. What is only compared with is not tested itself."""
    own = [key for key in named if key[2] not in {"wrote", "answered"} and (key[0] or key[2] == "effort") and not _twice(key, named)]
    own.sort(key=lambda key: (-named[key].n, key))
    return own[:MOST], max(0, len(own) - MOST)


def _apart(named: Mapping[Key, Counts], everybody: Counts, floor: int) -> Mapping[Key, Counts]:
    """The marks that tell of nobody among fewer than floor: neither by themselves, nor held beside each other, nor beside everybody."""
    if floor <= 1:
        return named
    wide = {key: named[key].n for key in named}

    def shown(key: Key) -> bool:
        around = [wide[k] for k in ((key[0], "", key[2]), (key[0], key[1], "did"), (key[0], "", "did")) if k in wide and k != key]
        rest = everybody.n - _base(key, named, everybody).n
        return wide[key] >= floor and not any(0 < n - wide[key] < floor for n in around) and not 0 < rest < floor

    return {key: counts for key, counts in named.items() if key[2] in {"wrote", "answered"} or not key[0] or shown(key)}


def _twice(key: Key, named: Mapping[Key, Counts]) -> bool:
    """Whether a step was taken by as many as the event itself, so that it would be tested twice."""
    whole = named.get((key[0], "", key[2]))
    return bool(key[1]) and whole is not None and whole.n == named[key].n


def _base(key: Key, named: Mapping[Key, Counts], everybody: Counts) -> Counts:
    """With whom those who have a mark are compared."""
    if key[2] == "low":
        return named[(key[0], "", "answered")]
    return named[BASES[key[2]]] if key[2] in BASES else everybody


def _marks(asked: Sequence[Key], named: Mapping[Key, Counts], everybody: Counts, strata: Sequence[Stratum], floor: int) -> list[Mark]:
    """Every mark with its verdict; those that too few or too many have are not tested."""
    least = max(LEAST_SIDE, floor)
    bases = {key: _base(key, named, everybody) for key in asked}
    able = [key for key in asked if min(named[key].n, bases[key].n - named[key].n) >= least]
    made = [_untested(key, named[key], bases[key], floor) for key in asked if key not in set(able)]
    by_held: dict[tuple[int, ...], list[Key]] = {}
    for key in able:
        by_held.setdefault(_held(named[key], bases[key], strata), []).append(key)
    found = [one for held, keys in by_held.items() for one in _tests(keys, named, bases, _joining(strata, held), held)]
    q = adjusted([one.mark.p if one.mark.p is not None else 1.0 for one in found])
    return made + [_ruled(one, value, everybody) for one, value in zip(found, q, strict=True)]


@dataclass(frozen=True, slots=True)
class Tested:
    """A mark with its numbers, before it is known how many were tested; share: of those compared who have it."""

    mark: Mark
    share: float


def _joining(strata: Sequence[Stratum], held: Sequence[int]) -> Numbers:
    """stratum × what it becomes where only these are held alike: 0 or 1."""
    names = [tuple(stratum[i] for i in held) for stratum in strata]
    at = {name: i for i, name in enumerate(sorted(set(names)))}
    return np.eye(len(at))[[at[name] for name in names]]


def _held(own: Counts, base: Counts, strata: Sequence[Stratum]) -> tuple[int, ...]:
    """The most that can be held alike without losing more than half of the information."""
    people, every = own.people.sum(axis=1), base.people.sum(axis=1)
    enough = HALF * people.sum() * (every - people).sum() / every.sum()
    for held in HELD:
        joining = _joining(strata, held)
        n1, n = people @ joining, every @ joining
        if (n1 * (n - n1) / np.maximum(n, 1)).sum() >= enough:
            return held
    return ()


def _tests(keys: Sequence[Key], named: Mapping[Key, Counts], bases: Mapping[Key, Counts], joining: Numbers, held: Sequence[int]) -> list[Tested]:
    """Marks with the same things held alike, all at once."""
    pairs = [named[k] for k in keys], [bases[k] for k in keys]
    tables = [_table(*pairs, joining, half) for half in (None, 0, 1)]
    found, *halves = (risks(t) for t in tables)
    crude = risks(tables[0].crude())
    alike = tuple(STRATA[i] for i in held)
    return [
        _tested(key, named[key], bases[key], found, float(crude.difference[i]), i, _again(i, halves, _least_half(tables, i)), alike)
        for i, key in enumerate(keys)
    ]


def _table(marks: Sequence[Counts], bases: Sequence[Counts], joining: Numbers, half: int | None) -> Strata:
    """marks × strata, of everybody or of one half."""

    def part(which: Sequence[Counts], name: str) -> Numbers:
        every = np.stack([getattr(c, name) for c in which])
        return np.asarray((every.sum(axis=2) if half is None else every[:, :, half]) @ joining, np.float64)

    hits, people = part(marks, "hits"), part(marks, "people")
    return Strata(hits, people, part(bases, "hits") - hits, part(bases, "people") - people)


def _least_half(tables: Sequence[Strata], i: int) -> float:
    return float(min(side[i].sum() for t in tables[1:] for side in (t.people, t.others)))


def _again(i: int, halves: Sequence[Risks], least: float) -> Again:
    """In how many halves of the customers it is seen by itself, in one direction."""
    if least < LEAST_SIDE / 2:
        return "too_few"
    a, b = (float(h.difference[i]) for h in halves)
    seen = sum(float(h.p[i]) < HALF_P for h in halves)
    return "neither" if not a * b > 0 or not seen else "both" if seen == len(halves) else "one"


def _untested(key: Key, own: Counts, base: Counts, floor: int) -> Mark:
    """A mark that too few have, or almost everybody: of fewer than least no count is told, nor, below a floor, what gives one away."""
    least, rest = max(LEAST_SIDE, floor), base.n - own.n
    why = "nobody" if own.n == 0 else "everybody" if rest == 0 else "few"
    share = min(max(own.n / max(base.n, 1), 0.01), 0.99)
    needs = 0 if why != "few" or floor > 1 else max(needed(share, 0.5, MATTERS), int(np.ceil(least / min(share, 1 - share))))
    people = own.n if own.n >= least and (rest >= least or rest == 0) else 0
    return Mark(key[0], key[1], FORMS[key[2]], people, base.n if base.n >= floor else 0, 0, 0, "cannot_tell", needs=needs, why=why)


def _tested(key: Key, own: Counts, base: Counts, found: Risks, crude: float, i: int, again: Again, alike: tuple[str, ...]) -> Tested:
    hits = int(own.hits.sum())
    value, low, high, ratio, ratio_low, ratio_high, p = (
        _told(float(part[i])) for part in (found.difference, found.low, found.high, found.ratio, found.ratio_low, found.ratio_high, found.p)
    )
    mark = Mark(key[0], key[1], FORMS[key[2]], own.n, base.n, hits, int(base.hits.sum()) - hits, "cannot_tell", crude, value, low, high)
    return Tested(replace(mark, ratio=ratio, ratio_low=ratio_low, ratio_high=ratio_high, p=p, again=again, alike=alike), own.n / base.n)


def _ruled(one: Tested, q: float, everybody: Counts) -> Mark:
    """The mark with its verdict."""
    m = one.mark
    verdict = _verdict(m.difference, m.low, m.high, q)
    if verdict != "cannot_tell":
        return replace(m, q=q, verdict=verdict)
    wide = (m.high - m.low) / MATTERS if m.high is not None and m.low is not None else 1.0
    needs = max(needed(one.share, float(everybody.hits.sum() / everybody.n), MATTERS), int(m.of * wide**2) + 1)
    return replace(m, q=q, verdict=verdict, needs=needs)


def _verdict(value: float | None, low: float | None, high: float | None, q: float) -> Verdict:
    """Stands where q is small and the interval leaves out no difference; no difference where the interval leaves out all that would matter."""
    if value is None or low is None or high is None:
        return "cannot_tell"
    if q < Q and not low <= 0 <= high:
        return "more" if value > 0 else "less"
    return "no_difference" if max(abs(low), abs(high)) < MATTERS else "cannot_tell"


def _told(value: float) -> float | None:
    return value if np.isfinite(value) else None


def _rank(m: Mark) -> tuple[Any, ...]:
    """What stands in both halves first, then what stands, then by how far apart; what cannot be told last."""
    order = {"more": 0, "less": 0, "no_difference": 1, "cannot_tell": 2}[m.verdict]
    return (order, m.again != "both" and order == 0, m.q if m.q is not None else 2.0, -abs(m.difference or 0), m.name, m.step, m.form)
