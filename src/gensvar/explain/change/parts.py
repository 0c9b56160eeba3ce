"""The parts of a change of one measure between two sides, from its grid of counts: who answered, by dimension; what they said, by cell."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from gensvar.explain.change.found import OTHERS, Alone, CellPart, Part, Side
from gensvar.explain.change.pooling import Cells, Numbers, pooled, share_pooled, subsets, within_lead
from gensvar.measure.histogram import Histogram
from gensvar.measure.local import Grid
from gensvar.measure.metrics import metric_of
from gensvar.stats.decompose import Belongs, Linear, Parts, Tally, TwoFold, order_free, together
from gensvar.stats.many import adjusted


@dataclass(frozen=True, slots=True)
class Found:
    """The parts that are told of one grid."""

    mix: Part
    level: Part
    who: dict[str, Part]
    cells: tuple[CellPart, ...]
    alone: tuple[Alone, ...]
    joint: int
    pooled: float


def varying(grid: Grid, lead: str) -> Grid:
    """The grid over the dimensions that tell answers apart, and the leading one."""
    some = [at for at, name in enumerate(grid.dims) if name == lead or len(np.unique(grid.codes[:, at])) > 1]
    return replace(grid, dims=tuple(grid.dims[at] for at in some), names=tuple(grid.names[at] for at in some), codes=grid.codes[:, some])


@dataclass(frozen=True)
class Sides:
    """A grid added up over time: one tally for each side."""

    grid: Grid
    this: Tally
    that: Tally

    @classmethod
    def of(cls, grid: Grid) -> "Sides":
        sums = grid.sums
        this, that = (Tally(*(part[:, side].sum(axis=1) for part in (sums.n, sums.total, sums.squares))) for side in (grid.this, ~grid.this))
        return cls(grid, this, that)

    @property
    def n(self) -> tuple[Numbers, Numbers]:
        """Answers in each base cell on both sides."""
        return self.this.n, self.that.n

    def folded(self, cells: Cells) -> TwoFold:
        return TwoFold(self.this, self.that, Belongs.of(cells.of, cells.count), self.grid.prior)


def parts(grid: Grid, lead: int, least: int, others: Sequence[Grid] = ()) -> Found:
    """All parts of the change over the grid's dimensions; both sides have answers.

    lead: which dimension's values the level is shared out over. others: grids of the same answers over further dimensions, each told alone.
    """
    sides = Sides.of(grid)
    first = pooled(grid.codes[:, [lead]], sides.n, least)
    joint, leads = within_lead(grid.codes, sides.n, first, least)
    whole, single = sides.folded(joint), sides.folded(first)
    who = order_free(_mixes(sides, lead, first, least, whole.mix(np.zeros(joint.count, np.int64))), len(grid.dims))
    alone = [one for other in (grid, *others) for at in range(len(other.dims)) if (one := _alone(other, at, least))[1].belongs.count > 1]
    own = [whole.whole(), who, whole.level(leads), single.mix()]
    total, by_dimension, level, mix = parts_of(whole, own)
    apart = _told([fold.judged(fold.whole()) for _, fold in alone])
    cells = tuple(_cell(sides, lead, first, at, mix[at], level[at]) for at in range(first.count))
    each = tuple(Alone(name, fold.belongs.count, *two) for (name, fold), two in zip(alone, apart, strict=True))
    return Found(total[0], total[1], dict(zip(grid.dims, by_dimension, strict=True)), cells, each, joint.count, share_pooled(joint, sides.n))


def _mixes(sides: Sides, lead: int, first: Cells, least: int, whole: Linear) -> dict[frozenset[int], Linear]:
    """For each set of dimensions the mix over their crossing; sets with the leading one are told apart inside its cells, as the whole is."""
    codes, found = sides.grid.codes, dict[frozenset[int], Linear]()
    every = subsets(codes.shape[1])
    for some in every:
        inside = codes[:, list(some)]
        cells = within_lead(inside, sides.n, first, least)[0] if lead in some else pooled(inside, sides.n, least)
        found[frozenset(some)] = whole if len(some) == codes.shape[1] else sides.folded(cells).mix(np.zeros(cells.count, np.int64))
    return found


def _alone(grid: Grid, at: int, least: int) -> tuple[str, TwoFold]:
    """One dimension by itself."""
    sides = Sides.of(grid)
    return grid.dims[at], sides.folded(pooled(grid.codes[:, [at]], sides.n, least))


def parts_of(fold: TwoFold, each: Sequence[Linear]) -> list[list[Part]]:
    """The parts of several, with q over all of them."""
    [told] = _told([fold.judged(together(each))])
    ends = np.cumsum([len(one.value) for one in each])
    return [told[a:b] for a, b in zip([0, *ends], ends, strict=False)]


def _told(judged: Sequence[Parts]) -> list[list[Part]]:
    """The parts with q over all of them."""
    q = iter(adjusted([float(p) for one in judged for p in one.p]))
    return [[Part(v, low, high, next(q)) for v, low, high in zip(*(x.tolist() for x in (o.value, o.low, o.high)), strict=True)] for o in judged]


def _cell(sides: Sides, lead: int, cells: Cells, at: int, mix: Part, level: Part) -> CellPart:
    """One value of the leading dimension."""
    grid, mask = sides.grid, cells.of == at
    now, then = (grid.histogram(mask, this=side) for side in (True, False))
    code = -1 if at == cells.others else int(cells.codes[at, 0])
    name = OTHERS if code < 0 else grid.names[lead][code]
    shares = [float(side[mask].sum() / side.sum()) for side in sides.n]
    verdicts = [metric_of(grid.measure).verdict(seen, grid.measure) for seen in (now, then)]
    return CellPart(name, verdicts[0], verdicts[1], shares[0], shares[1], mix, level, _side(now, then))


def _side(now: Histogram, then: Histogram) -> Side:
    return "came" if not then.n else "went" if not now.n else ""
