"""The grid: every answer of one measure version by base cell and stretch of time, so that any cell, and any cell without another, is a sum."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from gensvar.contracts.measures import BIN_COUNT, Measure
from gensvar.measure.histogram import Histogram
from gensvar.measure.metrics import Sample, metric_of
from gensvar.stats import Balance, Prior, Share, Sums

Numbers = NDArray[np.float64]
Codes = NDArray[np.int64]
Mask = NDArray[np.bool_]
DEEPEST = 3
MOST_VALUES = 40
NOT_NAMED = -1


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: dimension → value. Cells of the same values are equal in whatever order they were named."""

    key: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, key: Mapping[str, str]) -> "Cell":
        return cls(tuple(sorted(key.items())))

    @property
    def dims(self) -> frozenset[str]:
        return frozenset(d for d, _ in self.key)

    def within(self, other: "Cell") -> bool:
        """Whether this cell is a part of the other."""
        return set(other.key) < set(self.key)


@dataclass(frozen=True)
class Grid:
    """dims: of the codes' columns. names: the values of each; −1 in codes is a value that is missing, or too rare to be named.

    counts: base cells × stretches × 14 (n, Σ, Σ², eleven counts). this: which stretches are of this side. folded: values left unnamed.
    """

    measure: Measure
    dims: tuple[str, ...]
    names: tuple[tuple[str, ...], ...]
    codes: Codes
    counts: Numbers
    this: Mask
    folded: int = 0

    @cached_property
    def prior(self) -> Prior:
        """The pseudo-answers that the metric's own intervals rest on, all of them together."""
        sample = self.sample(Histogram(1, self.measure.low, self.measure.low**2, one_in(0)))
        if isinstance(sample, Share):
            return Prior(4.0, 0.5, 0.5)
        if isinstance(sample, Balance):
            return Prior(3.0, 0.0, 5000.0)
        return Prior(2.0, sample.scale.middle, sample.scale.spread + sample.scale.middle**2, spread=True)

    def sample(self, seen: Histogram) -> Sample:
        return metric_of(self.measure).read(seen, self.measure)

    @cached_property
    def sums(self) -> Sums:
        """n, Σ and Σ² of what each answer is worth in the metric's unit, by base cell and stretch."""
        if not isinstance(self.sample(Histogram(1, self.measure.low, self.measure.low**2, one_in(0))), Share | Balance):
            return Sums(self.counts[..., 0], self.counts[..., 1], self.counts[..., 2])
        worth = np.array([self.sample(Histogram(1, 0.0, 0.0, one_in(i))).value for i in range(BIN_COUNT)])
        bins = self.counts[..., 3:]
        return Sums(bins.sum(axis=-1), bins @ worth, bins @ worth**2)

    @cached_property
    def whole(self) -> Sums:
        """All answers as one row."""
        return self.of(np.ones(len(self.codes), np.bool_))

    def mask(self, cell: Cell) -> Mask:
        """Which base cells belong to the cell; none where a value is unknown here."""
        found = np.ones(len(self.codes), np.bool_)
        for dim, value in cell.key:
            at = self.dims.index(dim)
            code = self.names[at].index(value) if value in self.names[at] else -2
            found &= self.codes[:, at] == code
        return found

    def of(self, mask: Mask) -> Sums:
        """The sums of these base cells as one row."""
        return Sums(*(part[mask].sum(axis=0, keepdims=True) for part in (self.sums.n, self.sums.total, self.sums.squares)))

    def histogram(self, mask: Mask, *, this: bool) -> Histogram:
        """The answers of these base cells on one side."""
        side = self.this if this else ~self.this
        n, total, squares, *bins = self.counts[mask][:, side].sum(axis=(0, 1)).tolist()
        return Histogram(round(n), total, squares, tuple(round(b) for b in bins))

    @cached_property
    def levels(self) -> Mapping[tuple[int, ...], "Level"]:
        """All cells at 0 to 3 dimensions, by which dimensions those are."""
        places = range(len(self.dims))
        return {some: self._level(some) for depth in range(DEEPEST + 1) for some in combinations(places, depth)}

    def _level(self, some: tuple[int, ...]) -> "Level":
        named = (self.codes[:, some] != NOT_NAMED).all(axis=1)
        folded, widths = np.zeros(len(self.codes), np.int64), [len(self.names[at]) for at in some]
        for at, width in zip(some, widths, strict=True):
            folded = folded * width + self.codes[:, at]
        keys, rows = np.unique(folded[named], return_inverse=True)
        place = np.full(len(self.codes), NOT_NAMED)
        place[named] = rows
        sums = Sums(*(_added(part[named], rows, len(keys)) for part in (self.sums.n, self.sums.total, self.sums.squares)))
        codes = np.stack(np.unravel_index(keys, widths), axis=1) if some else np.zeros((len(keys), 0), np.int64)
        return Level(some, codes, sums, place)


@dataclass(frozen=True, slots=True)
class Level:
    """The cells over these dimensions: codes (cells × dimensions), their sums, and the cell that each base cell belongs to (−1: none)."""

    dims: tuple[int, ...]
    codes: Codes
    sums: Sums
    place: Codes


def _added(part: Numbers, rows: Codes, count: int) -> Numbers:
    """Rows added up by the cell they belong to."""
    order = np.argsort(rows, kind="stable")
    if not len(order):
        return np.zeros((count, part.shape[1]))
    starts = np.searchsorted(rows[order], np.arange(count))
    added: Numbers = np.add.reduceat(part[order], starts, axis=0)
    return added


def one_in(place: int) -> tuple[int, ...]:
    """One answer in this step of the scale."""
    return tuple(int(i == place) for i in range(BIN_COUNT))


def coded(values: Sequence[str | None], places: Codes, n: Numbers) -> tuple[tuple[str, ...], Codes, int]:
    """(names, code of each row, how many values are too many to be named). Missing ones have none; the most frequent are kept.

    values: those that occur; places: which of them each row has; n: answers of each row.
    """
    heard = np.bincount(places, weights=n, minlength=len(values))
    named = sorted((v for v in values if v is not None), key=lambda v: (-heard[values.index(v)], v))
    kept = sorted(named[:MOST_VALUES])
    code = {value: at for at, value in enumerate(kept)}
    codes = np.array([NOT_NAMED if v is None else code.get(v, NOT_NAMED) for v in values], np.int64)
    return tuple(kept), codes[places], len(named) - len(kept)
