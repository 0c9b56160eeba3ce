"""Contrasts: how differently many groups have changed (or lie) from what each is held against. All of them at once, from sums that add."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gensvar.stats.normal import z_of

Numbers = NDArray[np.float64]
Places = NDArray[np.int64]
LEAST_BLOCKS = 5  # fewer stretches of time than this say nothing of the unrest between them


@dataclass(frozen=True, slots=True)
class Prior:
    """Pseudo-answers shared out over all groups of a contrast: weight in all, mean and mean square of one. spread: Student's t, not the normal."""

    weight: float
    mean: float
    square: float
    spread: bool = False


@dataclass(frozen=True, slots=True)
class Sums:
    """n, Σ and Σ² of many groups (rows) in each stretch of time (columns). Adds and subtracts exactly."""

    n: Numbers
    total: Numbers
    squares: Numbers

    def __sub__(self, other: "Sums") -> "Sums":
        return Sums(self.n - other.n, self.total - other.total, self.squares - other.squares)

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(self.n + other.n, self.total + other.total, self.squares + other.squares)

    def at(self, rows: Places) -> "Sums":
        """Only these rows, or one for each place that is named several times."""
        return Sums(self.n[rows], self.total[rows], self.squares[rows])

    def part(self, columns: NDArray[np.bool_]) -> "Sums":
        """Only these stretches of time."""
        return Sums(self.n[:, columns], self.total[:, columns], self.squares[:, columns])


@dataclass(frozen=True, slots=True)
class Contrasts:
    """One for each row: value (raw), 95 % limits, two-sided p; p is 1 where a group is empty."""

    value: Numbers
    low: Numbers
    high: Numbers
    p: Numbers


def contrasts(groups: Sums, held_against: Sums, this: NDArray[np.bool_], prior: Prior, level: float = 0.95) -> Contrasts:
    """(group − what it is held against) on this side, less the same on the other side; on one side alone where every column is on it.

    this: which columns (stretches of time) belong to this side. A contrast must stand against two doubts, and the larger p is given:
    that of answers taken one by one, and that of the unrest between stretches of time, which answers that come in bursts or move together bring.
    Sources: pseudo-answers shared over a linear function of shares, Price & Bonett 2004, Comput. Stat. Data Anal. 45:449, here also for balances
    and means; degrees of freedom, Welch 1947; sums by stretch, Liang & Zeger 1986, Biometrika 73:13, with B/(B − 1) and t.
    """
    sides = [side for side in (this, ~this) if side.any()]
    share = 2 * len(sides)
    alone, moved = _Doubt.none(len(groups.n)), _Doubt.none(len(groups.n))
    value = np.zeros(len(groups.n))
    for at, side in enumerate(sides):
        sign = 1.0 if at == 0 else -1.0
        pair = groups.part(side), held_against.part(side)
        value += sign * (_mean(pair[0]) - _mean(pair[1]))
        for way, one in zip((sign, -sign), pair, strict=True):
            alone = alone.plus(*_answers(one, prior, share), way)
        moved = moved.plus(*_blocks(*pair), 0.0)
    return _both(value, alone, moved, level, normal=not prior.spread)


@dataclass(frozen=True, slots=True)
class _Doubt:
    """A centre, its variance, and Σ variance² ÷ degrees of freedom for Welch's formula."""

    centre: Numbers
    variance: Numbers
    welch: Numbers

    @classmethod
    def none(cls, rows: int) -> "_Doubt":
        return cls(np.zeros(rows), np.zeros(rows), np.zeros(rows))

    def plus(self, centre: Numbers, variance: Numbers, freedom: Numbers, way: float) -> "_Doubt":
        with np.errstate(divide="ignore", invalid="ignore"):
            welch = np.where(variance > 0, variance**2 / freedom, 0.0)
        return _Doubt(self.centre + way * centre, self.variance + variance, self.welch + welch)

    @property
    def freedom(self) -> Numbers:
        with np.errstate(divide="ignore", invalid="ignore"):
            freedom: Numbers = np.where(self.welch > 0, self.variance**2 / self.welch, np.inf)
        return freedom


def _mean(sums: Sums) -> Numbers:
    n = sums.n.sum(axis=1)
    mean: Numbers = np.divide(sums.total.sum(axis=1), n, out=np.full(len(n), np.nan), where=n > 0)
    return mean


def _answers(sums: Sums, prior: Prior, share: int) -> tuple[Numbers, Numbers, Numbers]:
    """Centre, variance and degrees of freedom of the means of one group, with its share of the pseudo-answers."""
    added = prior.weight / share
    weight = sums.n.sum(axis=1) + added
    centre = (sums.total.sum(axis=1) + added * prior.mean) / weight
    about = np.maximum(sums.squares.sum(axis=1) + added * prior.square - weight * centre**2, 0.0)
    loss = 1.0 if prior.spread else 0.0
    rest = np.maximum(weight - loss, 1e-9)
    return centre, about / rest / weight, np.maximum(weight - 1.0, 1e-9)


def _blocks(group: Sums, other: Sums) -> tuple[Numbers, Numbers, Numbers]:
    """Variance of (group − other) by how it moves from one stretch of time to the next; 0 where there are too few stretches to tell."""
    rows, stretches = group.n.shape
    filled = (group.n + other.n) > 0
    blocks = filled.sum(axis=1).astype(np.float64)
    residual = _residual(group) - _residual(other)
    enough = blocks >= LEAST_BLOCKS
    variance = np.where(enough, (residual**2).sum(axis=1) * blocks / np.maximum(blocks - 1, 1.0), 0.0) if stretches else np.zeros(rows)
    return np.zeros(rows), np.nan_to_num(variance), np.maximum(blocks - 1, 1.0)


def _residual(sums: Sums) -> Numbers:
    """What each stretch adds to the error of the mean."""
    n = np.maximum(sums.n.sum(axis=1, keepdims=True), 1.0)
    mean = sums.total.sum(axis=1, keepdims=True) / n
    residual: Numbers = (sums.total - mean * sums.n) / n
    return residual


def _both(value: Numbers, alone: _Doubt, moved: _Doubt, level: float, *, normal: bool) -> Contrasts:
    from scipy.special import ndtr, stdtr, stdtrit

    upper = (1 + level) / 2
    one, other = np.sqrt(alone.variance), np.sqrt(moved.variance)
    with np.errstate(divide="ignore", invalid="ignore"):
        z, t = np.abs(alone.centre) / one, np.where(other > 0, np.abs(value) / other, np.inf)
    p_alone = 2 * (ndtr(-z) if normal else stdtr(alone.freedom, -z))
    p_moved = np.where(other > 0, 2 * stdtr(np.minimum(moved.freedom, 1e6), -np.minimum(t, 1e9)), 0.0)
    half_alone = (z_of(level) if normal else stdtrit(np.minimum(alone.freedom, 1e6), upper)) * one
    half_moved = np.where(other > 0, stdtrit(np.minimum(moved.freedom, 1e6), upper) * other, 0.0)
    low, high = np.minimum(alone.centre - half_alone, value - half_moved), np.maximum(alone.centre + half_alone, value + half_moved)
    known = np.isfinite(value)
    return Contrasts(value, low, high, np.where(known, np.maximum(p_alone, p_moved), 1.0))
