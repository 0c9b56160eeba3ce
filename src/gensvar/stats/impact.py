"""Impact: what a mean owes to each of many features that occur together, so that the parts and a baseline add up to it.

Least squares with a level of its own for each stratum, from sums by block of people and stratum, of all and without each block at a time.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
LEAST_BLOCKS = 10  # with fewer, one block says too little of how another would be
SINGULAR = 1e-9  # of the greatest eigenvalue: a direction below this is one that the answers cannot tell


@dataclass(frozen=True, eq=False)
class Sums:
    """Answers by K blocks of people and S strata, and p features of them; adds and subtracts exactly.

    n, y: (K, S) answers and Σ value. x, xy: (K, S, p) Σ feature and Σ feature × value. xx: (K, p, p) Σ feature × feature.
    """

    n: Numbers
    y: Numbers
    x: Numbers
    xy: Numbers
    xx: Numbers

    def __add__(self, other: Self) -> "Sums":
        return Sums(self.n + other.n, self.y + other.y, self.x + other.x, self.xy + other.xy, self.xx + other.xx)

    def at(self, weights: Numbers) -> "Sums":
        """The sums of other features, each a weighted sum of these; weights: (p, q)."""
        w = weights
        return Sums(self.n, self.y, self.x @ w, self.xy @ w, w.T @ self.xx @ w)

    @cached_property
    def leaves(self) -> "Sums":
        """First the whole, then the whole without each block, in the place of the blocks: K + 1 rows."""

        def left(parts: Numbers) -> Numbers:
            whole = parts.sum(axis=0, keepdims=True)
            return np.concatenate([whole, whole - parts])

        return Sums(left(self.n), left(self.y), left(self.x), left(self.xy), left(self.xx))

    @property
    def blocks(self) -> int:
        """How many blocks hold an answer."""
        return int((self.n.sum(axis=1) > 0).sum())


@dataclass(frozen=True, eq=False)
class Impacts:
    """Row 0: of all answers; further rows: without each block that holds an answer. R = 1 + blocks.

    mean: (R,). slope: (R, p) what one unit of a feature goes with, others and stratum held equal. share: (R, p) mean of each feature.
    parts = slope × share; baseline: (R,) = mean − Σ parts, exactly.
    """

    mean: Numbers
    slope: Numbers
    share: Numbers

    @cached_property
    def parts(self) -> Numbers:
        found: Numbers = self.slope * self.share
        return found

    @cached_property
    def baseline(self) -> Numbers:
        found: Numbers = self.mean - self.parts.sum(axis=1)
        return found


def impacts(sums: Sums) -> Impacts:
    """Each feature's part of the mean: slope × mean of the feature; with the baseline they add up to the mean exactly.

    The slope is that of least squares with a level for each stratum, so that a value that comes with two features is told once: to each what
    it adds beside the other; where two features always come together, half to each, since of all solutions the shortest is taken.
    Source: Frisch & Waugh 1933, Econometrica 1:387, and Lovell 1963, JASA 58:993 (levels swept out by centring within strata);
    Penrose 1956, Proc. Camb. Phil. Soc. 52:17 (the shortest solution). In an additive model with these slopes the part is its Shapley value.
    Refuses fewer than 10 blocks.
    """
    if sums.blocks < LEAST_BLOCKS:
        raise ValueError(f"needs answers in {LEAST_BLOCKS} blocks or more")
    with_any = np.concatenate([[True], sums.n.sum(axis=1) > 0])
    all_rows = sums.leaves
    s = Sums(all_rows.n[with_any], all_rows.y[with_any], all_rows.x[with_any], all_rows.xy[with_any], all_rows.xx[with_any])
    n = s.n.sum(axis=1)
    weight = np.divide(1.0, s.n, out=np.zeros_like(s.n), where=s.n > 0)
    scaled = s.x * weight[:, :, None]
    within_xx = s.xx - np.einsum("rsp,rsq->rpq", scaled, s.x, optimize=True)
    within_xy = s.xy.sum(axis=1) - np.einsum("rsp,rs->rp", scaled, s.y, optimize=True)
    inverse = np.linalg.pinv(within_xx, rcond=SINGULAR, hermitian=True)
    slope = np.einsum("rpq,rq->rp", inverse, within_xy)
    return Impacts(s.y.sum(axis=1) / n, slope, s.x.sum(axis=1) / n[:, None])


def left_out(n: float, total: float, with_it: float, value_with: float) -> float:
    """The mean of all less the mean without the answers that have a feature: t·(T − O)/(N − t).

    n, total: answers and Σ value of all; with_it, value_with: of those that have it.

    What most products print as the impact of a theme. It adds up to nothing: an answer with two themes is taken out for both.
    Needs answers without the feature.

    >>> round(left_out(1000, 32_000.0, 120, -1800.0), 2)
    -6.41
    """
    return total / n - (total - value_with) / (n - with_it)


def nearness(sums: Sums) -> Numbers:
    """(p, p) correlation of the features within strata; 0 where one never varies."""
    n, x, xx = sums.n.sum(axis=0), sums.x.sum(axis=0), sums.xx.sum(axis=0)
    weight = np.divide(1.0, n, out=np.zeros_like(n), where=n > 0)
    within = xx - (x * weight[:, None]).T @ x
    spread = np.sqrt(np.maximum(np.diag(within), 0.0))
    scale = np.outer(spread, spread)
    near: Numbers = np.divide(within, scale, out=np.zeros_like(within), where=scale > SINGULAR)
    return near
