"""infer: counts become verdicts, trends and changes. Nothing is said to have moved because of noise."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date

from gensvar.contracts.measures import Measure
from gensvar.kit.scope import Scope
from gensvar.measure.anonymous.rounding import rounded
from gensvar.measure.answer import Estimate, Group, Hidden, NotComparable, Point, TooFew, Verdict
from gensvar.measure.changes import Pair, changes
from gensvar.measure.fetch import Fetched, Left, Row, Values
from gensvar.measure.histogram import Histogram
from gensvar.measure.metrics import Sample, metric_of
from gensvar.measure.periods import next_step
from gensvar.measure.question import Grain
from gensvar.measure.resolve import Resolved
from gensvar.stats import shrunken

LEAST_TO_SHRINK = 5

Spot = tuple[str, Values]


class Spots:
    """Where a row belongs: its measure version and its values of the question's `by`."""

    def __init__(self, resolved: Resolved, fetched: Fetched) -> None:
        self.places = tuple(fetched.dims.index(name) for name in resolved.question.by)

    def __call__(self, row: Row) -> Spot:
        return row.measure, tuple(row.values[i] for i in self.places)


def infer(resolved: Resolved, fetched: Fetched, scope: Scope) -> tuple[Group, ...]:
    """A group for each combination of the question's dimensions and measure version, by n falling; those that may not be shown come last.

    What stands on protected answers is rounded last, so that every verdict is that of the exact numbers.
    """
    spots = Spots(resolved, fetched)
    seen = dict.fromkeys([*_left_whole(resolved, fetched), *fetched.listed, *_gone(resolved, fetched, spots)], Histogram())
    seen |= fetched.grouped(lambda row: spots(row) if row.this else None)
    if not seen:
        seen = {} if resolved.question.by else {(resolved.versions[-1].key, ()): Histogram()}
    least = _least(fetched, spots, scope)
    groups = _groups(resolved, fetched, seen, least)
    groups = _with_trends(resolved, fetched, groups, least)
    groups = _with_changes(resolved, fetched, groups, seen, scope)
    guarded = _guarded(resolved, fetched, spots)
    return tuple(sorted((rounded(g) if guarded(spot) else g for spot, g in groups.items()), key=_order))


def _left_whole(resolved: Resolved, fetched: Fetched) -> list[Spot]:
    """The whole of a version of which blocks had to be left out."""
    return [] if resolved.question.by else [(one.measure, ()) for one in fetched.left if one.this]


def _guarded(resolved: Resolved, fetched: Fetched, spots: Spots) -> Callable[[Spot], bool]:
    """Whether protected answers stand behind a spot, or behind what it is compared with."""
    audience, place = fetched.dims.index("audience"), placing(resolved)
    rows = [row for row in fetched.rows if row.values[audience] in fetched.protected]
    this, that = {spots(row) for row in rows if row.this}, {place(spots(row)) for row in rows if row.that}
    return lambda spot: spot in this or place(spot) in that


def kept_of(resolved: Resolved) -> tuple[int, ...]:
    """The places in `by` of the dimensions that do not name the other group."""
    named = resolved.question.compare.group if resolved.question.compare else {}
    return tuple(i for i, name in enumerate(resolved.question.by) if name not in named)


def placing(resolved: Resolved) -> Callable[[Spot], Spot]:
    """Where a spot finds its counterpart: the same values, but for the dimensions that name the other group."""
    kept = kept_of(resolved)
    return lambda spot: (spot[0], tuple(spot[1][i] for i in kept))


def _gone(resolved: Resolved, fetched: Fetched, spots: Spots) -> list[Spot]:
    """Groups that answered in the period compared with: silence now is an answer too."""
    compare = resolved.question.compare
    if compare is None or compare.how == "group":
        return []
    return list(fetched.grouped(lambda row: spots(row) if row.that else None))


def _order(group: Group) -> tuple[int, int, list[str]]:
    found = group.verdict
    n = found.n if isinstance(found, Estimate | TooFew) else 0
    return isinstance(found, Hidden), -n, [value or "" for value in group.key.values()]


def _least(fetched: Fetched, spots: Spots, scope: Scope) -> Mapping[Spot, int]:
    """The smallest group that may be shown in each spot: the strictest of the audiences behind it."""
    at = fetched.dims.index("audience")
    found: dict[Spot, int] = {}
    for row in fetched.rows:
        spot = spots(row)
        found[spot] = max(found.get(spot, 1), scope.smallest_group(row.values[at]))
    return found


def verdict(seen: Histogram, measure: Measure, least: int, *, left: bool = False) -> Estimate | TooFew | Hidden:
    """Hidden before anything else: not even how few answers there are is told of a group that may not be shown. left: some were not counted."""
    return Hidden("small_group") if 0 < seen.n < least or (left and not seen.n) else metric_of(measure).verdict(seen, measure)


def _groups(resolved: Resolved, fetched: Fetched, seen: Mapping[Spot, Histogram], least: Mapping[Spot, int]) -> dict[Spot, Group]:
    measures = {m.key: m for m in resolved.versions}
    left = [one for one in fetched.left if one.this]
    groups = {}
    for spot, counted in seen.items():
        measure = measures[spot[0]]
        found = verdict(counted, measure, least.get(spot, 1), left=_is_left(left, spot))
        parts = metric_of(measure).parts(counted, measure) if isinstance(found, Estimate) else {}
        groups[spot] = Group(dict(zip(resolved.question.by, spot[1], strict=True)), measure, found, parts=parts)
    return _with_shrunken(groups, seen)


def _is_left(left: Iterable[Left], spot: Spot) -> bool:
    return any(one.of(*spot) for one in left)


def _with_shrunken(groups: dict[Spot, Group], seen: Mapping[Spot, Histogram]) -> dict[Spot, Group]:
    """Adds `shrunken` to the parts, a value to rank by, where a version has enough groups to learn from."""
    result = dict(groups)
    for key in {spot[0] for spot in groups}:
        spots = [s for s, g in groups.items() if s[0] == key and seen[s].n and not isinstance(g.verdict, Hidden)]
        if len(spots) < LEAST_TO_SHRINK:
            continue
        samples = [_sample(seen[s], groups[s].measure) for s in spots]
        pooled = sum(x.n * x.variance for x in samples) / sum(x.n for x in samples)
        values = shrunken([x.value for x in samples], [x.n for x in samples], pooled).values
        for spot, value in zip(spots, values, strict=True):
            result[spot] = replace(groups[spot], parts={**groups[spot].parts, "shrunken": float(value)})
    return result


def _sample(seen: Histogram, measure: Measure) -> Sample:
    return metric_of(measure).read(seen, measure)


def _with_trends(resolved: Resolved, fetched: Fetched, groups: dict[Spot, Group], least: Mapping[Spot, int]) -> dict[Spot, Group]:
    grain = resolved.question.grain
    if grain is None:
        return groups
    spots = Spots(resolved, fetched)
    steps = fetched.grouped(lambda row: (spots(row), row.step) if row.this and row.step else None)
    by_spot: dict[Spot, dict[date, Histogram]] = {}
    for (spot, step), counted in steps.items():
        by_spot.setdefault(spot, {})[step] = counted
    return {
        spot: replace(group, trend=_trend(by_spot.get(spot, {}), _left_steps(fetched, spot), group.measure, least.get(spot, 1), grain))
        for spot, group in groups.items()
    }


def _left_steps(fetched: Fetched, spot: Spot) -> frozenset[date]:
    """The steps in which some of a spot's answers were not counted."""
    return frozenset(one.step for one in fetched.left if one.this and one.step and one.of(*spot))


def _trend(steps: Mapping[date, Histogram], left: frozenset[date], measure: Measure, least: int, grain: Grain) -> tuple[Point, ...]:
    """Every step from the first with answers to the last, those without answers too."""
    there = {*steps, *left}
    if not there:
        return ()
    points, start, last = [], min(there), max(there)
    while start <= last:
        points.append(Point(start, verdict(steps.get(start, Histogram()), measure, least, left=start in left)))
        start = next_step(start, grain)
    return tuple(points)


def _with_changes(resolved: Resolved, fetched: Fetched, groups: dict[Spot, Group], seen: Mapping[Spot, Histogram], scope: Scope) -> dict[Spot, Group]:
    """Each group against its own counterpart; the group that is itself the yardstick, and a hidden one, have no change."""
    if resolved.that is None:
        return groups
    spots, other = Spots(resolved, fetched), Counterparts(resolved, fetched, scope)
    itself = fetched.grouped(lambda row: spots(row) if row.this and row.that else None)
    pairs = {
        spot: Pair(group.measure, seen[spot], *other.of(spot, group.measure, group.verdict))
        for spot, group in groups.items()
        if spot not in itself and not isinstance(group.verdict, Hidden)
    }
    found = changes(pairs)
    return {spot: replace(group, change=found.get(spot)) for spot, group in groups.items()}


class Counterparts:
    """What each spot is compared with: the same values on the other side, but for the dimensions that name the other group."""

    def __init__(self, resolved: Resolved, fetched: Fetched, scope: Scope) -> None:
        self.kept, self.place = kept_of(resolved), placing(resolved)
        spots, audience = Spots(resolved, fetched), fetched.dims.index("audience")
        self.seen = fetched.grouped(lambda row: self.place(spots(row)) if row.that else None)
        self.left = [one for one in fetched.left if one.that]
        self.least: dict[Spot, int] = {}
        for row in fetched.rows:
            if row.that:
                place = self.place(spots(row))
                self.least[place] = max(self.least.get(place, 1), scope.smallest_group(row.values[audience]))

    def of(self, spot: Spot, measure: Measure, now: Verdict) -> tuple[Histogram, Verdict, Verdict]:
        """The counterpart's counts, the spot's own verdict, and the counterpart's."""
        place = self.place(spot)
        counted = self.seen.get(place, Histogram())
        left = not counted.n and self._is_left(spot)
        if not counted.n and not left and any(values == place[1] for _, values in self.seen):
            return counted, now, NotComparable("another_version")
        return counted, now, verdict(counted, measure, self.least.get(place, 1), left=left)

    def _is_left(self, spot: Spot) -> bool:
        """Whether some answers of the counterpart could not be counted."""
        return any(
            one.measure == spot[0] and all(place is None or spot[1][i] in place for i, place in enumerate(one.places) if i in self.kept)
            for one in self.left
        )  # fmt: skip
