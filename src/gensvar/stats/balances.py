"""Balances: share for − share against, in points. The adjusted Wald interval, as for the Net Promoter Score."""

from dataclasses import dataclass
from math import sqrt
from typing import Self

from gensvar.stats.normal import Difference, Interval, two_sided, z_of

ALONE = (0.75, 1.5, 0.75)  # pseudo-answers against, between, for: Rocks 2016
BESIDE = (0.375, 0.75, 0.375)  # half of them on each side of a difference, as Agresti & Caffo 2000 do for shares


@dataclass(frozen=True, slots=True)
class Balance:
    """Answers against, between and for; adds exactly. Unit: points, −100…100."""

    against: int
    between: int
    pro: int

    def __add__(self, other: Self) -> "Balance":
        return Balance(self.against + other.against, self.between + other.between, self.pro + other.pro)

    @property
    def n(self) -> int:
        return self.against + self.between + self.pro

    @property
    def value(self) -> float:
        return 100 * (self.pro - self.against) / self.n

    @property
    def variance(self) -> float:
        """Of one answer, in points², with pseudo-answers, so that it is never 0."""
        return self.padded(ALONE)[1]

    def padded(self, added: tuple[float, float, float]) -> tuple[float, float, float]:
        """Centre, variance of one answer, and weight, with pseudo-answers added."""
        weight = self.n + sum(added)
        down, up = (self.against + added[0]) / weight, (self.pro + added[2]) / weight
        return 100 * (up - down), 10_000 * (up + down - (up - down) ** 2), weight

    def interval(self, level: float = 0.95) -> Interval:
        """Adjusted Wald, cut at ±100; needs n ≥ 1. Source: Rocks 2016, J. Survey Stat. Methodol. 4:143: ¾, 1½, ¾ answers are added.

        >>> i = Balance(against=20, between=30, pro=50).interval()
        >>> i.value, round(i.low, 1), round(i.high, 1)
        (30.0, 14.1, 44.2)
        """
        centre, variance, weight = self.padded(ALONE)
        half = z_of(level) * sqrt(variance / weight)
        return Interval(self.value, max(-100.0, min(self.value, centre - half)), min(100.0, max(self.value, centre + half)))

    def minus(self, other: "Balance", level: float = 0.95) -> Difference:
        """self − other in points, cut at ±200; both n ≥ 1. Adjusted Wald with half the pseudo-answers on each side; p from the same normal."""
        (a, spread_a, weight_a), (b, spread_b, weight_b) = self.padded(BESIDE), other.padded(BESIDE)
        error = sqrt(spread_a / weight_a + spread_b / weight_b)
        half = z_of(level) * error
        gap = a - b
        return Difference(self.value - other.value, max(-200.0, gap - half), min(200.0, gap + half), two_sided(gap / error))
