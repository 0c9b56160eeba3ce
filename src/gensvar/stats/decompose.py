"""Decompositions: a change of a mean as who answered (mix) and what they said (level), in parts that add up exactly. From sums that add.

A mean over cells is Σ p·m: how large a part of the answers each cell has, and what it says. Between two sides both move. Kitagawa's two terms put
half of what they do together to each, so that it does not matter which side is called the first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from math import factorial
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray

from gensvar.stats.contrasts import Prior
from gensvar.stats.normal import z_of

Numbers = NDArray[np.float64]
Places = NDArray[np.int64]
NO_PRIOR = Prior(0.0, 0.0, 0.0)
ENDLESS = 1e6
_Moved = tuple[Numbers, Numbers, tuple[Numbers, Numbers], tuple[Numbers, Numbers]]


@dataclass(frozen=True, slots=True)
class Tally:
    """n, Σ and Σ² of the answers in each base cell (one row each) on one side; adds exactly."""

    n: Numbers
    total: Numbers
    squares: Numbers

    def __add__(self, other: Self) -> "Tally":
        return Tally(self.n + other.n, self.total + other.total, self.squares + other.squares)


@dataclass(frozen=True, slots=True)
class Belongs:
    """Which cell each base cell belongs to; several where it is shared out, with weights that add up to 1. cells, weights: of the base cells in
    their order; starts: where each base cell begins in them; count: how many cells.
    """

    cells: Places
    weights: Numbers
    starts: Places
    count: int

    @classmethod
    def of(cls, codes: Places, count: int | None = None) -> "Belongs":
        """Each base cell to one cell, numbered from 0."""
        return cls(codes, np.ones(len(codes)), np.arange(len(codes)), int(codes.max(initial=-1)) + 1 if count is None else count)

    def summed(self, values: Numbers) -> Numbers:
        """Base cells added up to cells."""
        each = np.diff(np.append(self.starts, len(self.cells)))
        found: Numbers = np.bincount(self.cells, weights=np.repeat(values, each) * self.weights, minlength=self.count).astype(np.float64)
        return found

    def spread(self, parts: Numbers) -> Numbers:
        """What is of cells (parts × cells) for each base cell."""
        found: Numbers = np.add.reduceat(parts[:, self.cells] * self.weights, self.starts, axis=1)
        return found


@dataclass(frozen=True, slots=True)
class Parts:
    """One for each part: value, 95 % limits, two-sided p, in the unit of what was counted."""

    value: Numbers
    low: Numbers
    high: Numbers
    p: Numbers


@dataclass(frozen=True, slots=True)
class Linear:
    """Parts with what one answer moves in each: on a side, const + slope · y for an answer y in a base cell (parts × base cells).

    value: of the raw sums; centre: with pseudo-answers; freedom: of the variance, for Student's t; beyond: what the variance by single answers
    lacks, or has too much, where two things that are both in doubt are multiplied. Adds, subtracts and scales as the parts do.
    """

    value: Numbers
    centre: Numbers
    const: tuple[Numbers, Numbers]
    slope: tuple[Numbers, Numbers]
    freedom: Numbers
    beyond: Numbers

    def combined(self, weights: Numbers) -> "Linear":
        """Linear combinations of the parts (rows of weights: one for each new part). Freedom: the least of those combined."""
        const, slope = (weights @ self.const[0], weights @ self.const[1]), (weights @ self.slope[0], weights @ self.slope[1])
        freedom = np.array([self.freedom[row != 0].min(initial=ENDLESS) for row in weights])
        return Linear(weights @ self.value, weights @ self.centre, const, slope, freedom, weights**2 @ self.beyond)

    def at(self, rows: Sequence[int]) -> "Linear":
        """Only these parts."""
        return self.combined(np.eye(len(self.value))[list(rows)])


def together(each: Sequence[Linear]) -> Linear:
    """The parts of several, in their order."""
    const = (np.concatenate([one.const[0] for one in each]), np.concatenate([one.const[1] for one in each]))
    slope = (np.concatenate([one.slope[0] for one in each]), np.concatenate([one.slope[1] for one in each]))
    value, centre, freedom, beyond = (np.concatenate([getattr(one, name) for one in each]) for name in ("value", "centre", "freedom", "beyond"))
    return Linear(value, centre, const, slope, freedom, beyond)


@dataclass(frozen=True)
class TwoFold:
    """Kitagawa's two terms of this − that over cells; both sides have answers. belongs: which cell (or cells) each base cell belongs to.

    mix of a cell: the change of its share × how far it lies from the whole, on the mean of both sides. level: the change of its mean × its share,
    on the mean of both. All of them add up to the change. A cell with answers on one side only has a mix and no level.
    Source: Kitagawa 1955, J. Am. Stat. Assoc. 50:1168, the two-term form; the same as Oaxaca–Blinder for indicators at mean weights, with each
    mix held against the whole (Yun 2005, Econ. Inq. 43:766), so that no cell is left out as the yardstick.
    Doubt: the delta method, counts multinomial and each answer with the variance of its cell; pseudo-answers (Price & Bonett 2004) hold small cells;
    the variance of products as `_Terms.beyond` says. Where means are told, Student's t with Satterthwaite's freedom (1946, Biometrics Bull. 2:110)
    of the whole variance, of which that of the shares counts as known.
    """

    this: Tally
    that: Tally
    belongs: Belongs
    prior: Prior = NO_PRIOR

    @cached_property
    def _sides(self) -> "tuple[_Side, _Side]":
        return _Side.of(self.this, self.belongs), _Side.of(self.that, self.belongs)

    @property
    def n(self) -> tuple[Numbers, Numbers]:
        """Answers in each cell on both sides."""
        return self._sides[0].n, self._sides[1].n

    @property
    def shares(self) -> tuple[Numbers, Numbers]:
        """How large a part of the answers each cell has on both sides."""
        return self._sides[0].n / self._sides[0].whole, self._sides[1].n / self._sides[1].whole

    @property
    def means(self) -> tuple[Numbers, Numbers]:
        """What each cell says on both sides; NaN where it has no answers."""
        return self._sides[0].padded(NO_PRIOR, self._none).mean, self._sides[1].padded(NO_PRIOR, self._none).mean

    def mix(self, of: Places | None = None) -> Linear:
        """Who answered: for each cell; of: which part each cell belongs to, where several are added up."""
        return self._linear("mix", self._adding(of))

    def level(self, of: Places | None = None) -> Linear:
        """What they said, likewise."""
        return self._linear("level", self._adding(of))

    def whole(self) -> Linear:
        """Two parts: the mix and the level of all cells together."""
        one = np.zeros(self.belongs.count, np.int64)
        return together([self.mix(one), self.level(one)])

    @property
    def _none(self) -> Numbers:
        return np.zeros(self.belongs.count)

    def _adding(self, of: Places | None) -> Numbers:
        """Parts × cells, 1 where a cell belongs to a part."""
        if of is None:
            return np.eye(self.belongs.count)
        belonging: Numbers = (np.arange(int(of.max(initial=0)) + 1)[:, None] == of[None, :]).astype(np.float64)
        return belonging

    def _linear(self, which: Literal["mix", "level"], adding: Numbers) -> Linear:
        t = self._terms(adding)
        value, centre, by_share, by_mean = t.mix(adding) if which == "mix" else t.level(adding)
        (c, s, v, w), (d, r, u, z) = (side.moves(self.belongs, *by) for side, *by in zip((t.a, t.b), by_share, by_mean, strict=True))
        with np.errstate(divide="ignore", invalid="ignore"):
            freedom = np.where((w + z > 0) & self.prior.spread, (v + u) ** 2 / (w + z), ENDLESS)
        return Linear(value, centre, (c, d), (s, r), freedom, t.beyond(adding) if which == "mix" else np.zeros(len(value)))

    def _terms(self, adding: Numbers) -> "_Terms":
        """The pseudo-answers of a part are shared over the cells that it is made of, on both sides."""
        a, b = self._sides
        added = self.prior.weight / 2 * (adding / np.maximum(adding.sum(axis=1, keepdims=True), 1.0)).max(axis=0, initial=0.0)
        x, y = self.means
        return _Terms.of(x, y, a.padded(self.prior, added), b.padded(self.prior, added))

    def judged(self, parts: Linear, level: float = 0.95) -> Parts:
        """The parts with their limits and p."""
        variance = sum(_variance(side, c, s) for side, c, s in zip((self.this, self.that), parts.const, parts.slope, strict=True))
        return _limits(parts, np.sqrt(np.maximum(variance + parts.beyond, variance / 2)), level)


@dataclass(frozen=True, slots=True)
class _Side:
    """n, Σ and Σ² of the cells of one side, and of all."""

    n: Numbers
    total: Numbers
    squares: Numbers
    whole: float

    @classmethod
    def of(cls, tally: Tally, belongs: Belongs) -> "_Side":
        n, total, squares = (belongs.summed(part) for part in (tally.n, tally.total, tally.squares))
        return cls(n, total, squares, float(tally.n.sum()))

    def padded(self, prior: Prior, added: Numbers) -> "_Means":
        """Shares as they are, means and spreads with pseudo-answers."""
        weight = np.where(self.n > 0, self.n + added, np.nan)
        mean = (self.total + added * prior.mean) / weight
        spread = np.maximum((self.squares + added * prior.square) / weight - mean**2, 0.0)
        rest = np.maximum(weight - (1.0 if prior.spread else 0.0), 1e-9)
        return _Means(self.n / self.whole, mean, spread * weight / rest, weight, self.n)


@dataclass(frozen=True, slots=True)
class _Means:
    """share, mean and variance of one answer in each cell; weight: its answers with pseudo-answers, n: without. NaN where empty, but for shares."""

    share: Numbers
    mean: Numbers
    spread: Numbers
    weight: Numbers
    n: Numbers

    def moves(self, belongs: Belongs, by_share: Numbers, by_mean: Numbers) -> tuple[Numbers, Numbers, Numbers, Numbers]:
        """(const, slope) of one answer in each base cell, the variance of the parts by this side, and Σ variance² ÷ freedom of its means.

        by_share, by_mean: derivatives of the parts (parts × cells) by this side's shares and means.
        """
        there = self.n > 0
        narrower = np.sqrt(self.n / np.where(there, np.fmax(self.weight - 1.0, self.n / 2), 1.0))
        slope = np.divide(by_mean * narrower, self.share, out=np.zeros_like(by_mean), where=there)
        const = np.where(there, by_share, 0.0) - slope * np.nan_to_num(self.mean)
        each = by_mean**2 * self.doubt
        of_shares = (by_share**2 @ self.share - (by_share @ self.share) ** 2) / self.n.sum()
        unsure = (each**2 / np.fmax(self.weight - 1.0, 1.0)).sum(axis=1)
        return belongs.spread(const), belongs.spread(slope), each.sum(axis=1) + of_shares, unsure

    @property
    def doubt(self) -> Numbers:
        """The variance of each mean; 0 where there is none."""
        return np.nan_to_num(self.spread / self.weight)


@dataclass(frozen=True, slots=True)
class _Terms:
    """Both sides with pseudo-answers (a, b), and the raw means (x, y) with the mean of an empty cell taken from the other side."""

    x: Numbers
    y: Numbers
    a: _Means
    b: _Means
    u: Numbers
    v: Numbers

    @classmethod
    def of(cls, x: Numbers, y: Numbers, a: _Means, b: _Means) -> "_Terms":
        return cls(*_filled(x, y), a, b, *_filled(a.mean, b.mean))

    @property
    def _both(self) -> Numbers:
        return ((self.a.n > 0) & (self.b.n > 0)).astype(np.float64)

    def mix(self, adding: Numbers) -> _Moved:
        """Value, centre, and derivatives by the shares and means of each side, of the parts that cells are added up to."""
        a, b, gap = self.a.share, self.b.share, self.a.share - self.b.share

        def off(x: Numbers, y: Numbers) -> Numbers:
            return (x + y) / 2 - (a @ x + b @ y) / 2

        far, moved = off(self.u, self.v), (adding @ gap)[:, None]
        half = gap * np.where(self._both > 0, 0.5, 1.0)
        by_share = adding * far - moved * self.u / 2, -adding * far - moved * self.v / 2
        by_mean = adding * (half * (self.a.n > 0)) - moved * a / 2, adding * (half * (self.b.n > 0)) - moved * b / 2
        return adding @ (gap * off(self.x, self.y)), adding @ (gap * far), by_share, by_mean

    def level(self, adding: Numbers) -> _Moved:
        """The same of the level."""
        shares, moved = (self.a.share + self.b.share) / 2, self.u - self.v
        by_share, by_mean = adding * (moved / 2), adding * (shares * self._both)
        return adding @ ((self.x - self.y) * shares), adding @ (moved * shares), (by_share, by_share), (by_mean, -by_mean)

    def beyond(self, adding: Numbers) -> Numbers:
        """What the delta method's variance of each mix lacks (+) or has too much (−): a mix is Σ of a share's change × a mean, both in doubt.

        With v·w the product of their two variances, the true variance of a product has v·w beyond the first order; the delta method with estimates
        in the place of truths has 2·v·w on average, and is unbiased less v·w (Goodman 1960, J. Am. Stat. Assoc. 55:708). That is taken off where
        many cells are added up. One cell alone is one product: its error is small just where its estimate is, so that the unbiased variance holds
        the truth too seldom, and v·w is added. Of k cells 1 − 1/(k − 1) of it is taken off: nothing of two, which are one product too.
        """
        gap = sum(m.share * (1 - m.share) / max(m.n.sum(), 1.0) for m in (self.a, self.b))
        alone = np.where(self._both > 0, 0.25, 1.0)
        cells = adding.sum(axis=1)
        taken = np.where(cells < 2, 1.0, 1 / np.maximum(cells - 1, 1.0) - 1)
        found: Numbers = taken * (adding @ (gap * alone * (self.a.doubt + self.b.doubt)))
        return found


def _filled(a: Numbers, b: Numbers) -> tuple[Numbers, Numbers]:
    """Where one side has no answers, its mean is taken to be the other's; 0 where neither has any."""
    x = np.where(np.isnan(a), b, a)
    y = np.where(np.isnan(b), a, b)
    return np.nan_to_num(x), np.nan_to_num(y)


def _variance(side: Tally, const: Numbers, slope: Numbers) -> Numbers:
    """Of each part, by the answers of one side, taken one by one."""
    n = side.n.sum()
    mean = (const @ side.n + slope @ side.total) / n
    square = (const**2) @ side.n + 2 * (const * slope) @ side.total + (slope**2) @ side.squares
    variance: Numbers = np.maximum(square / n - mean**2, 0.0) / n
    return variance


def _limits(parts: Linear, error: Numbers, level: float) -> Parts:
    from scipy.special import ndtr, stdtr, stdtrit

    endless = parts.freedom >= ENDLESS
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where(error > 0, np.abs(parts.centre) / error, np.where(parts.centre == 0, 0.0, np.inf))
    p = np.where(endless, 2 * ndtr(-z), 2 * stdtr(np.minimum(parts.freedom, ENDLESS), -np.minimum(z, 1e9)))
    half = np.where(endless, z_of(level), stdtrit(np.minimum(parts.freedom, ENDLESS), (1 + level) / 2)) * error
    return Parts(parts.value, np.minimum(parts.value, parts.centre - half), np.maximum(parts.value, parts.centre + half), np.minimum(p, 1.0))


def order_free(mixes: Mapping[frozenset[int], Linear], count: int) -> Linear:
    """The mix of all dimensions shared out over them, each dimension's the mean of what it adds over all orders. Adds up to the mix of all.

    mixes: for each set of dimensions (numbers below count) the mix over their crossing, one part each; the empty set has none.
    Source: Shapley 1953; for decompositions, Shorrocks 2013, J. Econ. Inequal. 11:99.
    """
    sets = [s for s in mixes if s]
    stacked = together([mixes[s] for s in sets])
    weights = np.zeros((count, len(sets)))
    place = {s: at for at, s in enumerate(sets)}
    for one in range(count):
        others = [d for d in range(count) if d != one]
        for size in range(count):
            share = factorial(size) * factorial(count - size - 1) / factorial(count)
            for some in combinations(others, size):
                weights[one, place[frozenset({*some, one})]] += share
                if some:
                    weights[one, place[frozenset(some)]] -= share
    return stacked.combined(weights)
