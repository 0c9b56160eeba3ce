"""What every method shares: an interval, a difference, and the normal and t quantiles behind them.

The normal ones need no more than the standard library; SciPy, which takes a while to load, is loaded with the first t.
"""

from dataclasses import dataclass
from functools import lru_cache
from math import erfc, sqrt
from statistics import NormalDist


@dataclass(frozen=True, slots=True)
class Interval:
    """value with limits at the level that was asked for, in the unit of what was counted."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Difference:
    """value = this − that, with limits, and a two-sided p that is below 1 − level exactly when the limits leave out 0."""

    value: float
    low: float
    high: float
    p: float


@lru_cache(maxsize=64)
def z_of(level: float) -> float:
    """Standard errors on each side of a two-sided interval: 1.96 for 0.95."""
    return NormalDist().inv_cdf((1 + level) / 2)


@lru_cache(maxsize=4096)
def t_of(level: float, freedom: float) -> float:
    """The same for Student's t with this many degrees of freedom."""
    from scipy.special import stdtrit

    return float(stdtrit(freedom, (1 + level) / 2))


def two_sided(z: float) -> float:
    """Two-sided p of a standard normal value."""
    return erfc(abs(z) / sqrt(2))


def two_sided_t(t: float, freedom: float) -> float:
    """Two-sided p of a value of Student's t."""
    from scipy.special import stdtr

    return float(2 * stdtr(freedom, -abs(t)))
