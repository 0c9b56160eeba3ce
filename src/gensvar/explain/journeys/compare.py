"""Groups set beside each other: whether those of a segment, market or channel, users of a feature, or errands after a day go on more or less."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import reduce
from operator import add
from typing import Any, Final

from gensvar.explain.journeys.definition import Journey
from gensvar.explain.journeys.found import Compared, Move, Side
from gensvar.explain.journeys.moments import LEAST, clustered, share
from gensvar.stats import adjusted
from gensvar.stats.clustered import Clustered

LEAST_GROUPS: Final = 2
SURE: Final = 0.05
MATTERS: Final = 0.05
"""A difference in share that would matter: where the interval lies within this on both sides of 0, there is no visible one."""
SIDES: Final[tuple[Side, ...]] = ("market", "segment", "channel", "feature", "before_after")
COLUMNS: Final[Mapping[Side, str]] = {"before_after": "after"}
Row = Mapping[str, Any]


def compared(journey: Journey, rows: Mapping[str, Sequence[Row]]) -> tuple[Compared, ...]:
    """Each group beside the rest at each step and over the whole, held as many tests; those that differ most surely first."""
    found = [c for side in SIDES for c in _side(journey, side, rows.get(COLUMNS.get(side, side), ()))]
    tested = [c for c in found if c[1] is not None]
    q = iter(adjusted([p for _, p in tested if p is not None])) if tested else iter(())
    told = [_told(c, next(q) if p is not None else None) for c, p in found]
    return tuple(sorted(told, key=lambda c: (c.q is None, c.q, c.by, c.group, c.step)))


def _side(journey: Journey, side: Side, rows: Sequence[Row]) -> Iterator[tuple[Compared, float | None]]:
    groups = {str(row["g"]): clustered(row, len(journey.steps)) for row in rows}
    if len(groups) < LEAST_GROUPS:
        return
    for name, own in groups.items():
        if side in ("feature", "before_after") and name == "0":
            continue
        rest = [reduce(add, parts) for parts in zip(*(g for n, g in groups.items() if n != name), strict=True)]
        for at in range(len(journey.steps)):
            yield _one(journey, side, name, at, own[at], rest[at])


def _one(journey: Journey, side: Side, name: str, at: int, here: Clustered, there: Clustered) -> tuple[Compared, float | None]:
    step = journey.steps[at - 1].name if at else ""
    against = {"feature": "others", "before_after": "before"}.get(side, "rest")
    group = {"feature": "users", "before_after": "after"}.get(side, name)
    plain = Compared(journey.key, step, side, group, against, share(here), share(there), None, None, None, None, None, "cannot tell")
    if min(here.x, there.x) < LEAST:
        return plain, None
    gap = here.minus(there)
    return replace(plain, difference=gap.value, low=gap.low, high=gap.high, p=gap.p), gap.p


def _told(c: Compared, q: float | None) -> Compared:
    return replace(c, q=q, move=_move(c, q))


def _move(c: Compared, q: float | None) -> Move:
    if q is None or c.difference is None or c.low is None or c.high is None:
        return "cannot tell"
    if q < SURE:
        return "higher" if c.difference > 0 else "lower"
    return "no visible difference" if c.low > -MATTERS and c.high < MATTERS else "cannot tell"
