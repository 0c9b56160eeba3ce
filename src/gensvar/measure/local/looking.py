"""find_patterns: resolve and plan as for any question, one query for each set of dimensions that a cube holds together, then search and say."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gensvar.contracts.daily import CUBES
from gensvar.contracts.feedback import DIMENSIONS
from gensvar.contracts.measures import Measure, Measures
from gensvar.kit.language import translator
from gensvar.kit.scope import Scope
from gensvar.measure.anonymous import Released
from gensvar.measure.answer import Change, Hidden, Verdict
from gensvar.measure.changes import Pair, changes
from gensvar.measure.histogram import Histogram
from gensvar.measure.local.found import Gap, Pattern, Patterns, Way, Why
from gensvar.measure.local.grid import Codes, Grid, Mask, Numbers, coded
from gensvar.measure.local.search import FALSE_RATE, Named, search
from gensvar.measure.local.tell import told
from gensvar.measure.metrics import difference, metric_of
from gensvar.measure.plan import COUNTED, Source, plan
from gensvar.measure.question import Grain, Question
from gensvar.measure.resolve import Resolved, resolve
from gensvar.stats import adjusted, contrasts

NOTHING_RELEASED = Released()
EMPTY = Histogram()
OVER_TIME = {"previous", "year_before", "period"}
SHORT_DAYS, LONG_DAYS = 56, 731


def find_patterns(
    question: Question, engine: Source, measures: Measures, scope: Scope, today: date, language: str = "en", released: Released = NOTHING_RELEASED
) -> Patterns:
    """Where the change to the period compared with differs from that of the rest; without one, where the level does.

    question.by: the dimensions to search; none for all. Answers of protected audiences are in nothing here: their groups are shown whole, or not.
    NotFound for an unknown measure, BadInput for what cannot be meant.
    """
    over_time = question.compare is not None and question.compare.how in OVER_TIME
    asked = replace(question, grain=grain_of(question), compare=question.compare if over_time else None)
    parts = [resolve(replace(asked, by=dims), measures, scope) for dims in slices(question)]
    t = translator(language)
    last = measures.versions(question.measure)[-1]
    if not parts or parts[0].this.empty:
        why: Why = "scope" if parts else ""
        return told(Patterns(question, last, (), (), Hidden("scope") if parts else metric_of(last).verdict(EMPTY, last), why=why), today, t)
    tables = [_run(part, engine, released) for part in parts]
    found = _found(question, parts, tables, scope, released, over_time=over_time)
    return told(replace(found, epoch=engine.epoch()), today, t)


def slices(question: Question) -> list[tuple[str, ...]]:
    """Sets of dimensions that one cube holds together; a dimension that is filtered to one value has nothing to compare."""
    fixed = {d for d, values in question.where.items() if len(values) == 1}
    wanted = [d for d in (question.by or DIMENSIONS) if d not in fixed]
    sets: list[tuple[str, ...]] = []
    for cube in CUBES:
        dims = tuple(d for d in wanted if d in cube.by)
        if dims and not any(set(dims) <= set(other) for other in sets):
            sets.append(dims)
    loose = tuple(d for d in wanted if not any(d in s for s in sets))
    return [*sets, *((d,) for d in loose)]


def grain_of(question: Question) -> Grain:
    """How long a stretch of time is: so that there are many, and each still holds answers."""
    if question.period is None:
        return "month"
    days = (question.period.last - question.period.first).days + 1
    return "day" if days <= SHORT_DAYS else "week" if days <= LONG_DAYS else "month"


def _run(part: Resolved, engine: Source, released: Released) -> pa.Table:
    made = plan([part], engine, released.protected)
    return made.where.run(made.expression)


def _found(
    question: Question, parts: Sequence[Resolved], tables: Sequence[pa.Table], scope: Scope, released: Released, *, over_time: bool
) -> Patterns:
    measure = _version(parts[0], tables[0])
    dims = tuple(dict.fromkeys(d for part in parts for d in part.question.by))
    if measure is None:
        last = parts[0].versions[-1]
        why: Why = "protected" if any(released.blocks.get(v.key) for v in parts[0].versions) else ""
        return Patterns(question, last, (), dims, metric_of(last).verdict(EMPTY, last), why=why)
    grids = [grid(part, table, measure, over_time=over_time) for part, table in zip(parts, tables, strict=True)]
    whole = np.ones(len(grids[0].codes), np.bool_)
    now = metric_of(measure).verdict(grids[0].histogram(whole, this=True), measure)
    total = _total(grids[0], whole) if over_time else None
    if over_time and not grids[0].histogram(whole, this=False).n and len(parts[0].versions) > 1:
        return Patterns(question, measure, (), dims, now, total, why="versions")
    least = max(metric_of(measure).least, *(scope.smallest_group(a) for a in {*tables[0]["audience"].to_pylist()}))
    made = search(grids, least)
    patterns = _own_moves([_pattern(grids[n.grid], n, over_time=over_time) for n in made.named], grids, made.named, total)
    return Patterns(question, measure, patterns, dims, now, total, made.tested, made.cut)


def _version(part: Resolved, table: pa.Table) -> Measure | None:
    """The newest version that has answers in the period itself."""
    this = table["this"].to_pylist() if "this" in table.column_names else [True] * table.num_rows
    heard = {key for key, here in zip(table["measure"].to_pylist(), this, strict=True) if here}
    return max((v for v in part.versions if v.key in heard), key=lambda v: v.version, default=None)


def grid(part: Resolved, table: pa.Table, measure: Measure, *, over_time: bool) -> Grid:
    """The fetched rows of one measure version as a grid."""
    kept = table.filter(pc.equal(table["measure"], measure.key))
    counts = np.column_stack([_numbers(kept[name]) for name in COUNTED])
    this = _numbers(kept["this"]) > 0 if over_time else np.ones(kept.num_rows, np.bool_)
    names, codes, folded = zip(*(coded(*_encoded(kept[d]), counts[:, 0]) for d in part.question.by), strict=True)
    stretches, column = np.unique(2 * _numbers(kept["step"].cast(pa.date32()).cast(pa.int32())) + this, return_inverse=True)
    cells, row = _distinct(codes, [len(n) + 1 for n in names])
    shape = len(cells), len(stretches)
    place = row * shape[1] + column
    added = [np.bincount(place, weights=counts[:, i], minlength=shape[0] * shape[1]).reshape(shape) for i in range(len(COUNTED))]
    matrix: Numbers = np.stack(added, axis=2).astype(np.float64)
    return Grid(measure, part.question.by, names, cells, matrix, stretches % 2 == 1, sum(folded))


def _numbers(column: pa.ChunkedArray) -> Numbers:
    return np.asarray(np.from_dlpack(column.cast(pa.float64()).combine_chunks()), dtype=np.float64)


def _encoded(column: pa.ChunkedArray) -> tuple[list[str | None], Codes]:
    """(the values that occur, the place of each row's value among them)."""
    found = pc.dictionary_encode(column.combine_chunks(), null_encoding="encode")
    return found.dictionary.to_pylist(), _numbers(pa.chunked_array([found.indices])).astype(np.int64)


def _distinct(codes: Sequence[Codes], widths: Sequence[int]) -> tuple[Codes, Codes]:
    """(the combinations of codes that occur, the place of each row's among them)."""
    keys, row = np.unique(np.ravel_multi_index([c + 1 for c in codes], widths), return_inverse=True)
    return np.stack(np.unravel_index(keys, widths), axis=1) - 1, row


def _total(whole_grid: Grid, whole: Mask) -> Change:
    return changes({0: _pair(whole_grid, whole)})[0]


def _pair(of: Grid, mask: Mask) -> Pair:
    this, that = of.histogram(mask, this=True), of.histogram(mask, this=False)
    metric = metric_of(of.measure)
    return Pair(of.measure, this, that, metric.verdict(this, of.measure), metric.verdict(that, of.measure))


def _pattern(of: Grid, named: Named, *, over_time: bool) -> Pattern:
    own = of.mask(named.cell)
    within = of.mask(named.parent) if named.parent else np.ones(len(of.codes), np.bool_)
    rest = within & ~own
    one = contrasts(of.of(own), of.of(rest), of.this, of.prior)
    gap = Gap(float(one.value[0]), float(one.low[0]), float(one.high[0]), named.q)
    way: Way = "higher" if gap.value > 0 else "lower"
    share = float(of.sums.n[own][:, of.this].sum() / of.sums.n[:, of.this].sum())
    key = {d: dict(named.cell.key)[d] for d in of.dims if d in named.cell.dims}
    then, rest_then = (_verdict(of, own, this=False), _verdict(of, rest, this=False)) if over_time else (None, None)
    parent = dict(named.parent.key) if named.parent else {}
    return Pattern(key, way, gap, _verdict(of, own, this=True), _verdict(of, rest, this=True), then, rest_then, parent, share)


def _verdict(of: Grid, mask: Mask, *, this: bool) -> Verdict:
    return metric_of(of.measure).verdict(of.histogram(mask, this=this), of.measure)


def _own_moves(patterns: Sequence[Pattern], grids: Sequence[Grid], named: Sequence[Named], total: Change | None) -> tuple[Pattern, ...]:
    """The same, with what each cell did itself, where it stands over all that are named, and whether the total hides that."""
    if total is None:
        return tuple(patterns)
    pairs = [_pair(grids[n.grid], grids[n.grid].mask(n.cell)) for n in named]
    moves = [difference(pair.this, pair.that, pair.measure) for pair in pairs]
    q: Sequence[float] = adjusted([m.p for m in moves]) if moves else ()
    result = []
    for p, move, one in zip(patterns, moves, q, strict=True):
        way: Way = "held" if one >= FALSE_RATE else "rose" if move.value > 0 else "fell"
        result.append(replace(p, way=way, hides=way != "held" and total.move != way))
    return tuple(result)
