"""Shares: k of n. Wilson's interval for one, Newcombe's hybrid score interval for the difference of two."""

from dataclasses import dataclass
from math import sqrt
from typing import Protocol, Self

from gensvar.stats.normal import Difference, Interval, two_sided, z_of
from gensvar.stats.roots import root

FARTHEST = 38.0  # beyond this many standard errors a two-sided p is 0 in double precision


class Proportion(Protocol):
    """A share, 0…1, and how many independent answers it is worth."""

    @property
    def value(self) -> float: ...

    @property
    def effective(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Share:
    """k of n answers; adds exactly over days, groups and strata. Unit: share, 0…1."""

    k: int
    n: int

    def __add__(self, other: Self) -> "Share":
        return Share(self.k + other.k, self.n + other.n)

    @property
    def value(self) -> float:
        return self.k / self.n

    @property
    def effective(self) -> float:
        """All of them: they are taken to be independent."""
        return self.n

    @property
    def variance(self) -> float:
        """Of one answer, with one pseudo-answer of each kind, so that it is never 0 (Agresti & Coull 1998)."""
        p = (self.k + 1) / (self.n + 2)
        return p * (1 - p)

    def interval(self, level: float = 0.95) -> Interval:
        """Wilson's score interval; needs n ≥ 1. Source: Wilson 1927, JASA 22:209; Brown, Cai & DasGupta 2001, Statist. Sci. 16:101.

        >>> round(Share(80, 100).interval().low, 3)
        0.711
        """
        low, high = score_limits(self.value, self.n, z_of(level))
        return Interval(self.value, low, high)

    def minus(self, other: "Share", level: float = 0.95) -> Difference:
        """self − other; both n ≥ 1. Newcombe 1998, Stat. Med. 17:873, method 10; p is the level at which that interval just touches 0."""
        low, high = hybrid_limits(self, other, z_of(level))
        return Difference(self.value - other.value, low, high, hybrid_p(self, other))


def score_limits(p: float, n: float, z: float) -> tuple[float, float]:
    """The two shares from which an observed p of n is z standard errors away, within 0…1."""
    square = z * z / n
    middle = (p + square / 2) / (1 + square)
    half = z / (1 + square) * sqrt(p * (1 - p) / n + square / (4 * n))
    return max(0.0, min(p, middle - half)), min(1.0, max(p, middle + half))


def hybrid_limits(a: Proportion, b: Proportion, z: float) -> tuple[float, float]:
    """Limits of a − b at z standard errors."""
    (low_a, high_a), (low_b, high_b) = (score_limits(one.value, max(1, one.effective), z) for one in (a, b))
    gap = a.value - b.value
    down = sqrt((a.value - low_a) ** 2 + (high_b - b.value) ** 2)
    up = sqrt((high_a - a.value) ** 2 + (b.value - low_b) ** 2)
    return gap - down, gap + up


def hybrid_p(a: Proportion, b: Proportion) -> float:
    """Two-sided p: the interval is inverted, so p < 0.05 exactly when the 95 % interval leaves out 0."""
    gap = a.value - b.value
    if gap == 0:
        return 1.0
    side = 0 if gap > 0 else 1

    def nearer(z: float) -> float:
        return hybrid_limits(a, b, z)[side]

    if nearer(FARTHEST) * gap > 0:
        return 0.0
    return two_sided(root(nearer, 0.0, FARTHEST))
