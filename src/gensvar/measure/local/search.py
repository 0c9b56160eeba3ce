"""search: the cells that differ from the rest of the whole, each at the broadest place that explains it, with false discoveries held over all tested.

Every cell is tested against the rest of the whole and against the rest of each of its parents; the largest p counts, so that a part of a market
that merely fell with its market is not a finding of its own. Then, surest first, each is tested again without the answers of those already named.
The rate of false ones is held among those *named* (focused Benjamini–Hochberg: Katsevich, Sabatti & Bogomolov 2023, JASA 118:165), since naming one
cell for many would otherwise leave the false ones a larger part of what is said.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gensvar.measure.local.grid import DEEPEST, Cell, Grid, Level, Mask, Numbers
from gensvar.stats import Sums, contrasts

FALSE_RATE = 0.05
MOST_TESTED = 4000
MOST_TRIED = 60
One = tuple[float, float, Cell, int]  # p, −n, the cell, its grid


@dataclass(frozen=True, slots=True)
class Compared:
    """The cells of one grid that have enough answers, with their p and how many answers."""

    grid: int
    cells: tuple[Cell, ...]
    p: Numbers
    n: Numbers


@dataclass(frozen=True, slots=True)
class Named:
    """A cell that stands. parent: the named cell that it lies within, where there is one; q: adjusted over all that was tested."""

    grid: int
    cell: Cell
    parent: Cell | None
    q: float


@dataclass(frozen=True, slots=True)
class Search:
    """named: surest first. tested: cells compared; cut: cells with enough answers that were not, since there were more than the budget."""

    named: tuple[Named, ...]
    tested: int
    cut: int


def search(grids: Sequence[Grid], least: int, most: int = MOST_TESTED) -> Search:
    """The cells that differ. grids: of one measure and period, each over other dimensions; least: answers needed on each side of a contrast.

    most: the budget of cells; where there are more, those with the fewest answers are left out, and counted.
    """
    found = [compared(grid, least, at) for at, grid in enumerate(grids)]
    sizes = np.concatenate([t.n for t in found]) if found else np.zeros(0)
    seen: set[Cell] = set()
    every = [(t.p[i], -t.n[i], cell, t.grid) for t in found for i, cell in enumerate(t.cells) if not (cell in seen or seen.add(cell))]  # type: ignore[func-returns-value]
    floor = np.sort(sizes)[-most] if len(sizes) > most else 0.0
    kept = [one for one in every if -one[1] >= floor]
    return Search(_named(grids, kept, least), len(kept), len(every) - len(kept))


def weights(every: Sequence[One]) -> dict[int, float]:
    """By how many dimensions a cell has: cells at one share as much of the allowance as the many more at two, or three. Their mean is 1.

    Source: Genovese, Roeder & Wasserman 2006, Biometrika 93:509: each p is divided by its weight.
    """
    depths = Counter(len(cell.key) for _, _, cell, _ in every)
    return {depth: len(every) / len(depths) / cells for depth, cells in depths.items()}


def compared(grid: Grid, least: int, number: int) -> Compared:
    """p of every cell that has enough answers, as has all that it is held against."""
    parts = [_level_tested(grid, level, least) for some, level in grid.levels.items() if 0 < len(some) <= DEEPEST]
    cells = tuple(cell for cells, _, _ in parts for cell in cells)
    return Compared(
        number, cells, np.concatenate([p for _, p, _ in parts] or [np.zeros(0)]), np.concatenate([n for _, _, n in parts] or [np.zeros(0)])
    )


def _level_tested(grid: Grid, level: Level, least: int) -> tuple[list[Cell], Numbers, Numbers]:
    fit = _enough(level.sums, grid.this, least)
    references = [_repeated(grid.whole, len(fit))]
    references += [_parents(grid, level, at) for at in range(len(level.dims)) if len(level.dims) > 1]
    for reference in references:
        fit &= _enough(reference - level.sums, grid.this, least)
    rows = np.flatnonzero(fit)
    p, way = np.zeros(len(rows)), np.zeros(len(rows))
    if len(rows):
        for reference in references:
            one = contrasts(level.sums.at(rows), (reference - level.sums).at(rows), grid.this, grid.prior)
            p = np.where(way * one.value < 0, 1.0, np.maximum(p, one.p))
            way = np.where(way == 0, np.sign(one.value), way)
    cells = [Cell.of({grid.dims[d]: grid.names[d][code] for d, code in zip(level.dims, codes, strict=True)}) for codes in level.codes[rows].tolist()]
    return cells, p, level.sums.n[rows].sum(axis=1)


def _enough(sums: Sums, this: Mask, least: int) -> Mask:
    """Whether there are enough answers on each side."""
    sides = [side for side in (this, ~this) if side.any()]
    enough: Mask = np.all([sums.n[:, side].sum(axis=1) >= least for side in sides], axis=0)
    return enough


def _repeated(whole: Sums, times: int) -> Sums:
    return whole.at(np.zeros(times, np.int64))


def _parents(grid: Grid, level: Level, at: int) -> Sums:
    """For each cell the sums of its parent: the cell without the dimension at this place."""
    parent = grid.levels[level.dims[:at] + level.dims[at + 1 :]]
    inside = level.place >= 0
    of_cell = np.zeros(len(level.codes), np.int64)
    of_cell[level.place[inside]] = parent.place[inside]
    return parent.sums.at(of_cell)


def _named(grids: Sequence[Grid], every: Sequence[One], least: int) -> tuple[Named, ...]:
    """One walk from the surest on; then each is asked whether it still stands without all the others; then the rate is held."""
    count, weight = len(every), weights(every)
    light = [(p / weight[len(cell.key)], size, cell, number) for p, size, cell, number in every]
    order = sorted((one for one in light if one[0] < FALSE_RATE), key=lambda one: _order(grids, one))
    walked: list[tuple[float, Cell, int]] = []
    for p, _, cell, number in order[:MOST_TRIED]:
        if count * p > FALSE_RATE * len(order):
            break
        again = without(grids[number], cell, [c for _, c, _ in walked], least)
        if again < FALSE_RATE:
            walked.append((max(p, again / weight[len(cell.key)]), cell, number))
    kept = _held(walked, count)
    standing = [one for one in kept if without(grids[one[2]], one[1], [c for _, c, _ in kept if c != one[1]], least) < FALSE_RATE]
    cells = [cell for _, cell, _ in standing]
    q = _rates(standing, count)
    return tuple(Named(number, cell, around(cell, cells), rate) for (_, cell, number), rate in zip(standing, q, strict=True) if rate <= FALSE_RATE)


def _held(walked: Sequence[tuple[float, Cell, int]], count: int) -> list[tuple[float, Cell, int]]:
    return [one for one, rate in zip(walked, _rates(walked, count), strict=True) if rate <= FALSE_RATE]


def _rates(walked: Sequence[tuple[float, Cell, int]], count: int) -> list[float]:
    """For each, the least rate of false ones among those named at which it would be named."""
    worst = np.maximum.accumulate([p for p, _, _ in walked]) if walked else np.zeros(0)
    rates = count * worst / np.arange(1, len(worst) + 1)
    return [float(rate) for rate in np.minimum.accumulate(rates[::-1])[::-1]]


def around(cell: Cell, named: Sequence[Cell]) -> Cell | None:
    """The narrowest named cell that this one lies within."""
    return min((other for other in named if cell.within(other)), key=lambda other: -len(other.key), default=None)


def _order(grids: Sequence[Grid], one: One) -> tuple[float, float, int, tuple[tuple[str, str], ...]]:
    """Surest first; of two that are as sure (a value and all others, where there are two), the one that moved more, then the smaller."""
    p, size, cell, number = one
    grid = grids[number]
    return float(f"{p:.6g}"), -_moved(grid, cell), int(-size), cell.key


def _moved(grid: Grid, cell: Cell) -> float:
    """How far the cell itself moved, to four figures; 0 where nothing is compared over time."""
    if grid.this.all():
        return 0.0
    sums = grid.of(grid.mask(cell))
    now, then = (float(part.total.sum() / part.n.sum()) for part in (sums.part(grid.this), sums.part(~grid.this)))
    return float(f"{abs(now - then):.4g}")


def without(grid: Grid, cell: Cell, named: Sequence[Cell], least: int) -> float:
    """p of the cell without the answers of those named, against the rest of the narrowest named one that it lies within, or of the whole.

    1 where too little of either is left, or where what is left points the other way.
    """
    known = [other for other in named if other.dims <= set(grid.dims)]
    parent = around(cell, known)
    apart = np.zeros(len(grid.codes), np.bool_)
    for other in known:
        if not cell.within(other):
            apart |= grid.mask(other)
    own = grid.mask(cell)
    within = grid.mask(parent) if parent else np.ones(len(grid.codes), np.bool_)
    left, rest = grid.of(own & ~apart), grid.of(within & ~own & ~apart)
    if not (_enough(left, grid.this, least).all() and _enough(rest, grid.this, least).all()):
        return 1.0
    one, raw = contrasts(left, rest, grid.this, grid.prior), contrasts(grid.of(own), grid.of(within & ~own), grid.this, grid.prior)
    return float(one.p[0]) if one.value[0] * raw.value[0] > 0 else 1.0
