"""Means on a scale with ends. Student's t with two pseudo-answers spread evenly over the scale; Welch's t for a difference."""

from dataclasses import dataclass
from math import sqrt
from typing import Self

from gensvar.stats.normal import Difference, Interval, t_of, two_sided_t

PSEUDO = 2.0


@dataclass(frozen=True, slots=True)
class Scale:
    """The possible scores: low, low + step … high. step 0: any score between the ends."""

    low: float
    high: float
    step: float = 0.0

    @property
    def middle(self) -> float:
        return (self.low + self.high) / 2

    @property
    def spread(self) -> float:
        """Variance of one score if all were as likely."""
        return (self.high - self.low) * (self.high - self.low + 2 * self.step) / 12


@dataclass(frozen=True, slots=True)
class Mean:
    """n answers, their sum and sum of squares, on a scale; adds exactly. Unit: the scale's own."""

    n: int
    total: float
    squares: float
    scale: Scale

    def __add__(self, other: Self) -> "Mean":
        if self.scale != other.scale:
            raise ValueError("means on two scales cannot be added")
        return Mean(self.n + other.n, self.total + other.total, self.squares + other.squares, self.scale)

    @property
    def value(self) -> float:
        return self.total / self.n

    @property
    def variance(self) -> float:
        """Of one answer, with the pseudo-answers, so that it is never 0."""
        return self.padded(PSEUDO)[1]

    def padded(self, added: float) -> tuple[float, float, float]:
        """Centre, variance of one answer, and weight, with pseudo-answers added."""
        scale, weight = self.scale, self.n + added
        shift = self.total - self.n * scale.middle
        about_middle = self.squares - 2 * scale.middle * self.total + self.n * scale.middle**2 + added * scale.spread
        centre = shift / weight
        variance = max(about_middle - weight * centre**2, 0.0) / max(weight - 1, 1.0)
        return scale.middle + centre, variance, weight

    def interval(self, level: float = 0.95) -> Interval:
        """t with pseudo-answers, cut at the ends of the scale; needs n ≥ 1. Wide when all answers are equal, as it should be.

        Source: the pseudo-answers carry Agresti & Coull's (1998) idea to means; coverage is 0.935 or more from n = 5, computed in the tests.

        >>> i = Mean(n=3, total=15, squares=75, scale=Scale(1, 5, 1)).interval()
        >>> i.value, round(i.low, 1), i.high
        (5.0, 2.5, 5.0)
        """
        centre, variance, weight = self.padded(PSEUDO)
        half = t_of(level, weight - 1) * sqrt(variance / weight)
        return Interval(self.value, max(self.scale.low, min(self.value, centre - half)), min(self.scale.high, max(self.value, centre + half)))

    def minus(self, other: "Mean", level: float = 0.95) -> Difference:
        """self − other; both n ≥ 1, on one scale. Welch 1947, Biometrika 34:28, with half the pseudo-answers on each side; p from the same t."""
        if self.scale != other.scale:
            raise ValueError("means on two scales cannot be compared")
        (a, spread_a, weight_a), (b, spread_b, weight_b) = self.padded(PSEUDO / 2), other.padded(PSEUDO / 2)
        part_a, part_b = spread_a / weight_a, spread_b / weight_b
        error = sqrt(part_a + part_b)
        freedom = (part_a + part_b) ** 2 / (part_a**2 / (weight_a - 1) + part_b**2 / (weight_b - 1))
        reach = self.scale.high - self.scale.low
        half, gap = t_of(level, freedom) * error, a - b
        return Difference(self.value - other.value, max(-reach, gap - half), min(reach, gap + half), two_sided_t(gap / error, freedom))
