"""Pairs: two scores that the same person gave at the same moment on one scale. Their difference is one number for each person."""

from dataclasses import dataclass
from math import sqrt
from typing import Self

from gensvar.stats.means import PSEUDO, Scale
from gensvar.stats.normal import Difference, t_of, two_sided_t


@dataclass(frozen=True, slots=True)
class Pairs:
    """n pairs: Σ (this − that) and Σ (this − that)², both scores on `scale`; adds exactly. Unit: the scale's own."""

    n: int
    total: float
    squares: float
    scale: Scale

    def __add__(self, other: Self) -> "Pairs":
        if self.scale != other.scale:
            raise ValueError("pairs on two scales cannot be added")
        return Pairs(self.n + other.n, self.total + other.total, self.squares + other.squares, self.scale)

    def difference(self, level: float = 0.95) -> Difference:
        """Mean of this − that, with Student's t over the pairs; needs n ≥ 1.

        Two pseudo-pairs that differ by one standard deviation of an even spread over the scale, one each way, so that equal pairs do not make a
        certainty; like the pseudo-answers of `Mean`. Pairs of different people must be independent. p is from the same t.
        """
        reach = self.scale.high - self.scale.low
        weight = self.n + PSEUDO
        centre = self.total / weight
        variance = max(self.squares + PSEUDO * self.scale.spread - weight * centre**2, 0.0) / (weight - 1)
        error = sqrt(variance / weight)
        half, value = t_of(level, weight - 1) * error, self.total / self.n
        low, high = max(-reach, min(value, centre - half)), min(reach, max(value, centre + half))
        return Difference(value, low, high, two_sided_t(centre / error, weight - 1))
