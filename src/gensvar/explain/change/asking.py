"""What is counted for a decomposition, and what comes of the counts: refused where two definitions, protected people or too few stand in the way."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from gensvar.contracts.measures import Measure, Measures
from gensvar.explain.change.found import Decomposed, Part
from gensvar.explain.change.parts import parts, varying
from gensvar.explain.change.pooling import LEAST_CELL
from gensvar.kit.errors import BadInput
from gensvar.kit.scope import Scope
from gensvar.measure.anonymous import Released
from gensvar.measure.answer import Estimate, Hidden, NotComparable, TooFew, Verdict
from gensvar.measure.changes import Pair, changes
from gensvar.measure.histogram import Histogram
from gensvar.measure.local import Grid
from gensvar.measure.local.looking import grid, slices
from gensvar.measure.metrics import metric_of
from gensvar.measure.plan import smallest_cube
from gensvar.measure.question import Question
from gensvar.measure.resolve import Resolved, resolve

EMPTY = Histogram()
LEADS = ("market", "segment", "channel", "touchpoint")
MOST_DIMENSIONS = 5


@dataclass(frozen=True, slots=True)
class Wanted:
    """lead: the dimension whose values are told. parts: the question by its dimensions, then by each further set, whose dimensions are told alone."""

    question: Question
    lead: str
    parts: tuple[Resolved, ...]


def wanted(question: Question, measures: Measures, scope: Scope) -> Wanted:
    """What must be counted. question.by: none for the dimensions that one cube holds; one for those beside it; several for just those.

    The first of several leads. BadInput without something to compare with, or for more than five dimensions: every set of them is gone through.
    """
    if question.compare is None or question.compare.how == "rest":
        raise BadInput("There is no change without something to compare with", do="Compare with previous, year before, a period, or market=SE.")
    if len(question.by) > MOST_DIMENSIONS:
        raise BadInput(f"{len(question.by)} dimensions are too many at once", do=f"Name at most {MOST_DIMENSIONS}.")
    fixed = {d: (v,) for d, values in question.compare.group.items() for v in values[:1]}
    sets = slices(replace(question, by=(), where={**question.where, **fixed}))
    first = question.by if len(question.by) > 1 else next((s for s in sets if set(question.by) <= set(s)), question.by)
    if not first:
        raise BadInput("Every dimension is held to one value, so there is nothing to tell apart", do="Leave a filter out.")
    lead = question.by[0] if question.by else next((d for d in LEADS if d in first), first[0])
    loose = [tuple(d for d in s if d not in first) for s in sets]
    resolved = [resolve(replace(question, by=dims, grain="year"), measures, scope) for dims in dict.fromkeys((first, *loose)) if dims]
    held = [one for one in resolved[1:] if smallest_cube(one.columns) is not None]
    return Wanted(question, lead, (resolved[0], *held))


def decomposed(asked: Wanted, tables: Sequence[pa.Table], scope: Scope, released: Released) -> Decomposed:
    """The parts of the change, from what was counted of each part of what was wanted (none where the scope leaves nothing).

    Answers of protected people are in nothing here; a part of the change that they are told of stands on the Measure page, in whole groups.
    """
    first, question = asked.parts[0], asked.question
    last, protected = first.versions[-1], any(released.blocks.get(v.key) for v in first.versions)
    if first.this.empty or (first.that and first.that.empty):
        return Decomposed(question, last, Hidden("scope"), why="scope")
    measure = _version(first, tables[0])
    if measure is None:
        return Decomposed(question, last, _few(last), why="protected" if protected else "few", protected=protected)
    grids = [grid(part, table, measure, over_time=True) for part, table in zip(asked.parts, tables, strict=True)]
    now, then = (grids[0].histogram(np.ones(len(grids[0].codes), np.bool_), this=side) for side in (True, False))
    smallest = max(scope.smallest_group(a) for a in {*tables[0]["audience"].to_pylist()})
    least = max(LEAST_CELL, smallest)
    grids[0] = varying(grids[0], asked.lead)
    made = Decomposed(question, measure, _shown(now, measure, smallest), lead=asked.lead, dims=grids[0].dims, least=least, protected=protected)
    made = replace(made, elsewhere=_elsewhere(tables[0], measure))
    if not then.n and _asked_otherwise(tables[0], measure):
        change = changes({0: Pair(measure, now, then, made.now, NotComparable("another_version"))})[0]
        return replace(made, change=change, why="versions")
    change = changes({0: Pair(measure, now, then, made.now, _shown(then, measure, smallest))})[0]
    if not (isinstance(made.now, Estimate) and isinstance(change.then, Estimate)):
        return replace(made, change=change, why="few")
    return _with_parts(replace(made, change=change), grids, least)


def _with_parts(made: Decomposed, grids: Sequence[Grid], least: int) -> Decomposed:
    found = parts(grids[0], made.dims.index(made.lead), least, grids[1:])
    c = made.change
    total = (
        None
        if c is None or c.difference is None or c.low is None or c.high is None
        else Part(c.difference, c.low, c.high, 1.0 if c.q is None else c.q)
    )
    return replace(
        made,
        total=total,
        mix=found.mix,
        level=found.level,
        who=found.who,
        cells=found.cells,
        alone=found.alone,
        joint=found.joint,
        pooled=found.pooled,
    )


def _shown(seen: Histogram, measure: Measure, least: int) -> Verdict:
    return Hidden("small_group") if 0 < seen.n < least else metric_of(measure).verdict(seen, measure)


def _few(measure: Measure) -> TooFew:
    return TooFew(0, metric_of(measure).least)


def _version(first: Resolved, table: pa.Table) -> Measure | None:
    """The newest version that has answers in the period itself."""
    heard = {key for key, here in zip(table["measure"].to_pylist(), table["this"].to_pylist(), strict=True) if here}
    return max((v for v in first.versions if v.key in heard), key=lambda v: v.version, default=None)


def _elsewhere(table: pa.Table, measure: Measure) -> int:
    """Answers to other versions, on either side."""
    return sum(n for key, n in zip(table["measure"].to_pylist(), table["n"].to_pylist(), strict=True) if key != measure.key)


def _asked_otherwise(table: pa.Table, measure: Measure) -> bool:
    """Whether the other side answered another definition."""
    there = {key for key, that in zip(table["measure"].to_pylist(), table["that"].to_pylist(), strict=True) if that}
    return bool(there - {measure.key})
