"""Shares of what comes in clusters, as errands of parties: an interval that takes ten of one party for less than ten."""

from dataclasses import dataclass
from typing import Self

from gensvar.stats.normal import Difference, Interval, z_of
from gensvar.stats.shares import hybrid_limits, hybrid_p, score_limits


@dataclass(frozen=True, slots=True)
class Clustered:
    """y of x, in clusters: Σx, Σy, Σx², Σxy, Σy² over the clusters; adds exactly over sets of clusters. Unit: share, 0…1; 0 ≤ y ≤ x in each."""

    x: int
    y: int
    xx: int
    xy: int
    yy: int

    def __add__(self, other: Self) -> "Clustered":
        return Clustered(self.x + other.x, self.y + other.y, self.xx + other.xx, self.xy + other.xy, self.yy + other.yy)

    def __sub__(self, other: Self) -> "Clustered":
        """The rest, where `other` is a part of this."""
        return Clustered(self.x - other.x, self.y - other.y, self.xx - other.xx, self.xy - other.xy, self.yy - other.yy)

    @property
    def value(self) -> float:
        return self.y / self.x

    @property
    def missing(self) -> "Clustered":
        """x − y of x."""
        return Clustered(self.x, self.x - self.y, self.xx, self.xx - self.xy, self.xx - 2 * self.xy + self.yy)

    @property
    def effective(self) -> float:
        """How many independent ones would tell as much: x over the design effect (Kish 1965, 8.2), which is taken to be 1 at least.

        The variance is that of a ratio of two sums over clusters, linearised: Σ(y − px)² / x² (Cochran 1977, equation 6.13). Where all or none are
        yes it says 0; then the effect is what fully alike clusters would have: Σx²/x.
        """
        p = self.value
        if p in (0.0, 1.0):
            return self.x / max(1.0, self.xx / self.x)
        spread = self.yy - 2 * p * self.xy + p * p * self.xx
        return self.x / max(1.0, spread / (self.x * p * (1 - p)))

    def interval(self, level: float = 0.95) -> Interval:
        """Wilson's limits at the effective number; needs x ≥ 1. Source: Korn & Graubard 1998, Surv. Methodol. 24:193; Dean & Pagano 2015.

        >>> alone = Clustered(x=100, y=80, xx=100, xy=80, yy=80)
        >>> round(alone.interval().low, 3)
        0.711
        """
        low, high = score_limits(self.value, max(1.0, self.effective), z_of(level))
        return Interval(self.value, low, high)

    def minus(self, other: Self, level: float = 0.95) -> Difference:
        """self − other, sets of clusters that are independent. Newcombe's hybrid (method 10) at effective numbers; p inverts the interval."""
        low, high = hybrid_limits(self, other, z_of(level))
        return Difference(self.value - other.value, low, high, hybrid_p(self, other))
