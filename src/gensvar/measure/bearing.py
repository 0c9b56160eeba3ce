"""bearing: how one group bears on the whole: the whole less the whole without the group, with its interval."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any, Literal

from gensvar.contracts.measures import Measure, Measures
from gensvar.kit.scope import Scope
from gensvar.measure.anonymous import Released
from gensvar.measure.fetch import fetch, of_measures
from gensvar.measure.histogram import Histogram
from gensvar.measure.metrics import difference, metric_of
from gensvar.measure.plan import Source, plan
from gensvar.measure.question import Question
from gensvar.measure.resolve import Resolved, resolve
from gensvar.stats import adjusted, z_of

FALSE_RATE = 0.05
NOTHING_RELEASED = Released()
Bears = Literal["lifts", "lowers", "not visible", "too few", "protected"]


@dataclass(frozen=True, slots=True)
class Bearing:
    """One group. value: whole − whole without it, in the metric's unit, with 95 % limits; share: of the answers, 0…1; q: over all groups.

    bears: `protected` where people stand behind it who may only be shown in whole groups; then nothing else is said.
    """

    key: Mapping[str, str | None]
    bears: Bears
    n: int = 0
    share: float | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    q: float | None = None


@dataclass(frozen=True, slots=True)
class Bearings:
    """Every group of one measure's newest version that has answers, by n falling. n: answers of the whole."""

    question: Question
    measure: Measure
    n: int
    groups: tuple[Bearing, ...]


def bearings(
    questions: Sequence[Question], engine: Source, measures: Measures, scope: Scope, released: Released = NOTHING_RELEASED
) -> tuple[Bearings, ...]:
    """For each question its groups (`by`) and how each bears on all of them together. The questions differ in nothing but the measure: one query.

    Nothing is said where protected people have answered the measure: the difference of two numbers about them would tell of the few between.
    """
    resolved = [resolve(question, measures, scope) for question in questions]
    if not resolved or resolved[0].this.empty:
        return ()
    fetched = fetch(plan(resolved, engine, released.protected), resolved[0])
    each = of_measures(fetched, [one.versions for one in resolved])
    found = []
    for one, rows in zip(resolved, each, strict=True):
        places = tuple(rows.dims.index(name) for name in one.question.by)
        seen = rows.grouped(lambda row, places=places: (row.measure, tuple(row.values[i] for i in places)) if row.this else None)  # type: ignore[misc]
        found.append(_of_version(one, seen, released))
    return tuple(found)


def _of_version(one: Resolved, seen: Mapping[tuple[str, tuple[str | None, ...]], Histogram], released: Released) -> Bearings:
    heard = {key for key, _ in seen}
    measure = max((v for v in one.versions if v.key in heard), key=lambda v: v.version, default=one.versions[-1])
    if any(released.blocks.get(v.key) for v in one.versions):
        return Bearings(one.question, measure, 0, (Bearing({}, "protected"),))
    groups = {values: counted for (key, values), counted in seen.items() if key == measure.key}
    made = [bearing(dict(zip(one.question.by, values, strict=True)), groups[values], _others(groups, values), measure) for values in groups]
    return Bearings(one.question, measure, sum(g.n for g in groups.values()), _adjusted(sorted(made, key=lambda b: (-b.n, str(b.key)))))


def _others(groups: Mapping[tuple[str | None, ...], Histogram], values: tuple[str | None, ...]) -> Histogram:
    return sum((h for other, h in groups.items() if other != values), start=Histogram())


def bearing(key: Mapping[str, str | None], own: Histogram, rest: Histogram, measure: Measure) -> Bearing:
    """How a group bears on the whole that it and the rest make up.

    value = w (own − rest) with w = n/(n + n_rest). Delta method: w² Var(own − rest) + (own − rest)² w (1 − w)/(n + n_rest); the second part is that
    how many answer where is chance as well. Var(own − rest) is taken from each side of the difference's own interval, so that the limits keep its
    shape. n_rest · value = n · (own − whole), which adds over groups and is 0 over all of them.
    """
    whole = own.n + rest.n
    share = own.n / whole if whole else None
    if min(own.n, rest.n) < metric_of(measure).least or share is None:
        return Bearing(key, "too few", own.n, share)
    gap = difference(own, rest, measure)
    value = share * gap.value
    chance = (z_of(0.95) * gap.value) ** 2 * share * (1 - share) / whole
    low, high = (value - sqrt((share * (gap.value - gap.low)) ** 2 + chance), value + sqrt((share * (gap.high - gap.value)) ** 2 + chance))
    return Bearing(key, "not visible", own.n, share, value, low, high, gap.p)


def _adjusted(made: Sequence[Bearing]) -> tuple[Bearing, ...]:
    """The same with q over all groups (Benjamini–Hochberg), and what may be said of each."""
    q = iter(adjusted([b.q for b in made if b.q is not None]))
    return tuple(b if b.q is None else _said(b, next(q)) for b in made)


def _said(b: Bearing, q: float) -> Bearing:
    bears: Bears = "not visible" if q >= FALSE_RATE or b.value is None else "lifts" if b.value > 0 else "lowers"
    return Bearing(b.key, bears, b.n, b.share, b.value, b.low, b.high, q)


def bearings_json(found: Bearings) -> dict[str, Any]:
    """All of it as plain JSON types. `lifts` and `lowers` speak of the number, whichever way is better."""
    return {
        "measure": found.measure.key,
        "unit": metric_of(found.measure).unit,
        "better": found.measure.better,
        "n": found.n,
        "groups": [
            {"key": dict(b.key), "bears": b.bears, "n": b.n, "share": b.share, "value": b.value, "low": b.low, "high": b.high, "q": b.q}
            for b in found.groups
        ],
    }
