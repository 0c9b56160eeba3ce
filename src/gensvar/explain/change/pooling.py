"""Cells that are large enough to be told apart on both sides; the rest together as others. Pure: counts to cell numbers."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Places = NDArray[np.int64]
NONE = -1
LEAST_CELL = 10  # answers on each side; a mean of fewer says next to nothing, and pseudo-answers would weigh too much


@dataclass(frozen=True, slots=True)
class Cells:
    """of: the cell of each base cell. codes: cells × dimensions, all −1 of those that are too small to be told apart. others: their cell, or −1."""

    of: Places
    codes: Places
    others: int = -1

    @property
    def count(self) -> int:
        return len(self.codes)


def pooled(codes: Places, n: tuple[Numbers, Numbers], least: int = LEAST_CELL) -> Cells:
    """The combinations of codes (base cells × dimensions) with `least` answers on both sides, or on one side alone; others last.

    Of others that are too few themselves, the smallest cells are made a part until they are enough.
    """
    keys, place = np.unique(codes, axis=0, return_inverse=True)
    place = place.reshape(-1)
    sides = np.stack([np.bincount(place, weights=side, minlength=len(keys)) for side in n]).astype(np.float64)
    kept = _kept(sides, least)
    if kept.all():
        return Cells(place, keys)
    number = np.full(len(keys), int(kept.sum()))
    number[kept] = np.arange(int(kept.sum()))
    return Cells(number[place], np.append(keys[kept], [NONE] * codes.shape[1]).reshape(-1, codes.shape[1]), int(kept.sum()))


def _kept(sides: Numbers, least: int) -> NDArray[np.bool_]:
    """Which cells (columns) stand by themselves."""
    smaller, larger = sides.min(axis=0), sides.max(axis=0)
    kept: NDArray[np.bool_] = ((smaller >= least) | (smaller == 0)) & (larger >= least)
    for at in np.argsort(smaller + larger / 1e12):
        rest = sides[:, ~kept].sum(axis=1)
        if not rest.sum() or rest.min() >= least or (not rest.min() and rest.max() >= least):
            break
        kept[at] = False
    return kept


def within_lead(codes: Places, n: tuple[Numbers, Numbers], lead: Cells, least: int = LEAST_CELL) -> tuple[Cells, Places]:
    """Cells of all dimensions, each inside one cell of the leading one: those too small are pooled inside it. Also: the lead's cell of each cell."""
    of, found, leads = np.zeros(len(codes), np.int64), list[Places](), list[int]()
    for at in range(lead.count):
        inside = np.flatnonzero(lead.of == at)
        part = pooled(codes[inside], (n[0][inside], n[1][inside]), least)
        of[inside] = part.of + len(leads)
        found += list(part.codes)
        leads += [at] * part.count
    return Cells(of, np.array(found).reshape(len(leads), codes.shape[1])), np.array(leads, np.int64)


def share_pooled(cells: Cells, n: tuple[Numbers, Numbers]) -> float:
    """How large a part of all answers lies in cells that are too small to be told apart."""
    whole = float(n[0].sum() + n[1].sum())
    inside = (cells.codes == NONE).all(axis=1)[cells.of]
    return float(n[0][inside].sum() + n[1][inside].sum()) / whole if whole else 0.0


def subsets(count: int) -> Sequence[tuple[int, ...]]:
    """Every set of so many dimensions, but for the empty one."""
    return [tuple(d for d in range(count) if bits >> d & 1) for bits in range(1, 1 << count)]
