"""Rounding: a number about protected people on a grid so coarse that one person's whole answer cannot move it by more than one step.

It costs nothing: a step is at most 2.5 times the range divided by n, while the interval is wider than the range divided by the root of n.
"""

from collections.abc import Mapping
from dataclasses import replace
from math import ceil, floor, log10

from gensvar.contracts.measures import Measure
from gensvar.measure.answer import Change, Estimate, Group, Point, TooFew, Verdict
from gensvar.measure.metrics import metric_of

COUNT_STEP = 5
P_STEPS = (0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
EXACT = 12  # decimals: a step times a whole number, without the dust of binary fractions
CLOSE = 1e-9


def step_of(width: float, n: int) -> float:
    """The smallest of 1, 2, 5 × 10^m that is no less than this range divided by n.

    >>> step_of(200, 100), step_of(1, 30), step_of(4, 35)
    (2.0, 0.05, 0.2)
    """
    least = width / max(n, 1)
    unit = 10.0 ** floor(log10(least) - CLOSE)
    return float(round(next(m * unit for m in (1, 2, 5, 10) if m * unit >= least * (1 - CLOSE)), EXACT))


def rounded(group: Group) -> Group:
    """The group as it may be shown: every number of it on its grid, every count a multiple of five."""
    measure = group.measure
    trend = tuple(Point(point.start, verdict(point.verdict, measure)) for point in group.trend)
    change = group.change and _change(group.change, group.verdict, measure)
    parts = _parts(group.parts, group.verdict, measure)
    return replace(group, verdict=verdict(group.verdict, measure), trend=trend, change=change, parts=parts)


def verdict(found: Verdict, measure: Measure) -> Verdict:
    """The verdict as it may be shown: the value to the nearest step, its interval outwards, n down to fives."""
    if isinstance(found, TooFew):
        return TooFew(_fives(found.n), found.least)
    if not isinstance(found, Estimate):
        return found
    low, high = metric_of(measure).range(measure)
    step = _step(found, measure)
    ends = [min(max(end, low), high) for end in (nearest(found.value, step), below(found.low, step), above(found.high, step))]
    return Estimate(ends[0], ends[1], ends[2], _fives(found.n))


def _fives(n: int) -> int:
    return n // COUNT_STEP * COUNT_STEP


def _step(found: Estimate, measure: Measure) -> float:
    low, high = metric_of(measure).range(measure)
    return step_of(high - low, _fives(found.n))


def nearest(value: float, step: float) -> float:
    """The nearest multiple of the step."""
    return round(round(value / step) * step, EXACT) + 0.0


def below(value: float, step: float) -> float:
    """The greatest multiple of the step that is not above the value."""
    return round(floor(value / step + CLOSE) * step, EXACT) + 0.0


def above(value: float, step: float) -> float:
    """The least multiple of the step that is not below the value."""
    return round(ceil(value / step - CLOSE) * step, EXACT) + 0.0


def _parts(parts: Mapping[str, float], found: Verdict, measure: Measure) -> Mapping[str, float]:
    """Shares on the grid of shares; the value to rank by on the metric's own."""
    if not isinstance(found, Estimate):
        return {name: value for name, value in parts.items() if name != "shrunken"}
    share = step_of(1.0, _fives(found.n))
    return {name: nearest(value, _step(found, measure) if name == "shrunken" else share) for name, value in parts.items()}


def _change(change: Change, now: Verdict, measure: Measure) -> Change:
    """The difference on the coarser grid of its two sides. The move was decided before anything was rounded."""
    then = verdict(change.then, measure)
    more = _one_digit(change.more)
    if change.difference is None or not (isinstance(now, Estimate) and isinstance(change.then, Estimate)):
        return replace(change, then=then, more=more)
    step = max(_step(now, measure), _step(change.then, measure))
    return Change(
        change.move, then, nearest(change.difference, step), change.low if change.low is None else below(change.low, step),
        change.high if change.high is None else above(change.high, step), _up(change.p), _up(change.q), more,
    )  # fmt: skip


def _up(p: float | None) -> float | None:
    """The next of the steps of p that is not below it."""
    return None if p is None else next((step for step in P_STEPS if p <= step), 1.0)


def _one_digit(count: int) -> int:
    """To one digit, rounded up.

    >>> _one_digit(140), _one_digit(7)
    (200, 7)
    """
    if count < 1:
        return 0
    unit: int = 10 ** floor(log10(count))
    return ceil(count / unit) * unit
