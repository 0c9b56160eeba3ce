"""plan: which table answers a question, and the one expression that counts it there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import lru_cache
from typing import Any, Protocol

import ibis
import pyarrow as pa

from gensvar.contracts.daily import BINS, CUBES, Cube
from gensvar.contracts.measures import Measures
from gensvar.contracts.tone import TONE
from gensvar.measure.cube import count
from gensvar.measure.periods import ONE_DAY
from gensvar.measure.question import Grain
from gensvar.measure.resolve import Resolved, Side, Values

COUNTED = ("n", "total", "squares", *BINS)
UNITS = {"day": "D", "week": "W", "month": "M", "quarter": "Q", "year": "Y"}


class Source(Protocol):
    """What an engine must be able to do to be asked."""

    def cubes(self) -> "Source": ...
    def table(self, name: str) -> ibis.Table: ...
    def run(self, expr: ibis.Expr) -> pa.Table: ...
    def epoch(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Plan:
    """source: the table's name; where: the engine that holds it; expression: the rows to fetch, none of them of the protected audiences."""

    source: str
    where: Source
    expression: ibis.Table
    protected: frozenset[str]


def smallest_cube(needed: Iterable[str]) -> Cube | None:
    """The cube with the fewest dimensions that has all of these, the first of several; None when there is none."""
    wanted = set(needed)
    fitting = [cube for cube in CUBES if wanted <= set(cube.by) and cube.each in {"", *wanted}]
    return min(fitting, key=lambda cube: len(cube.by), default=None)


@dataclass(frozen=True, slots=True)
class Shape:
    """All that the expression depends on but the measures: equal shapes are counted together, and the engine knows their statement."""

    dims: tuple[str, ...]
    grain: Grain | None
    this: Side
    that: Side | None
    protected: frozenset[str] = frozenset()


def shape_of(resolved: Resolved, protected: frozenset[str]) -> Shape:
    """What two questions share that differ in nothing but the measure."""
    return Shape(resolved.dims, resolved.question.grain, resolved.this, resolved.that, protected)


def plan(alike: Sequence[Resolved], engine: Source, protected: frozenset[str]) -> Plan:
    """From the smallest cube that covers the questions; else counted from `feedback` with the very expression that fills the cubes.

    alike: one or more questions of one shape. protected: audiences of which no row is counted here, since they are answered from released blocks.
    """
    resolved, versions = alike[0], {m.key: m for one in alike for m in one.versions}
    keys, shape = tuple(versions), shape_of(resolved, protected)
    cube = smallest_cube(resolved.columns)
    if cube is not None:
        where = engine.cubes()
        return Plan(cube.name, where, _built(where.table(cube.name).op(), keys, shape), protected)
    own = Cube("feedback", tuple(sorted(resolved.columns)))
    rows = _within(engine.table("feedback"), keys, resolved)
    return Plan("feedback", engine, _built(count(rows, own, Measures(versions)).op(), keys, shape), protected)


def _within(feedback: ibis.Table, keys: Sequence[str], resolved: Resolved) -> ibis.Table:
    """The rows of the measures in the days that any side needs, so that the engine can prune before it counts."""
    rows = feedback if TONE.key in keys else feedback.filter(feedback.measure.isin(keys))
    sides = [resolved.this] if resolved.that is None else [resolved.this, resolved.that]
    if any(side.period is None for side in sides):
        return rows
    first = min(side.period.first for side in sides if side.period)
    last = max(side.period.last for side in sides if side.period)
    low, high = (datetime.combine(day, time(), UTC) for day in (first, last + ONE_DAY))
    return rows.filter(rows.occurred_at >= low, rows.occurred_at < high)


@lru_cache(maxsize=512)
def _built(op: Any, keys: tuple[str, ...], shape: Shape) -> ibis.Table:
    """One row for each measure version × dimensions × step × side, with the fourteen counts."""
    counted = op.to_expr()
    daily = counted.filter(counted.audience.notin(sorted(shape.protected))) if shape.protected else counted
    sides = (shape.this, shape.that) if shape.that else (shape.this,)
    shared = [one_of(daily[name], values) for name, values in shape.this.values if all((name, values) in side.values for side in sides)]
    rows = daily.filter(daily.measure.isin(keys), *_on_side(daily, shape.this, ()))
    kept: dict[str, Any] = {"step": daily.day.truncate(UNITS[shape.grain])} if shape.grain else {}
    if shape.that:
        this = ibis.and_(*_on_side(daily, shape.this, shape.that.values))
        that = ibis.and_(*_on_side(daily, shape.that, shape.this.values))
        rows = daily.filter(daily.measure.isin(keys), *shared, this | that)
        kept |= {"this": this, "that": that}
    return rows.group_by("measure", *shape.dims, **kept).agg(**{name: rows[name].sum() for name in COUNTED})


def _on_side(rows: ibis.Table, side: Side, shared: Values) -> list[Any]:
    """The tests of one side, but for those that both sides share; null where a value is missing, which is as good as false."""
    tests = [one_of(rows[name], values) for name, values in side.values if (name, values) not in shared]
    if side.period is not None:
        tests.append(rows.day.between(side.period.first, side.period.last))
    return tests or [ibis.literal(True)]


def one_of(column: Any, values: frozenset[str | None]) -> Any:
    """Whether the column is one of these, where None is a missing value; null or false where it is not."""
    named = sorted(v for v in values if v is not None)
    test = column.isin(named) if named else ibis.literal(False)
    return test | column.isnull() if None in values else test
