"""Hazard ratios of many exposures at once, each against its own comparator, held equal within cells (stratum × month). Counts in, numbers out."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from gensvar.stats.many import Numbers
from gensvar.stats.normal import z_of

Places = NDArray[np.int64]
Counts = NDArray[np.int64] | NDArray[np.int32] | NDArray[np.float64]
MEDIAN_SQUARE: Final = 0.45493642311957283  # the median of χ² with one degree of freedom
NONE_SEEN: Final = 2.995732273553991  # −ln 0.05: the mid-p upper limit of a Poisson mean of which nothing was seen
STRAIGHT: Final = 1e-4  # skewness below which the curve is the normal one


@dataclass(frozen=True, slots=True)
class Hazards:
    """One entry for each exposure. observed, expected, variance: events among the exposed, and what the comparator makes of them.

    ratio, low, high: Mantel–Haenszel, NaN where the comparator met no event. z: signed, of the p; p: two-sided, by `by_moments`.
    """

    observed: Numbers
    expected: Numbers
    variance: Numbers
    ratio: Numbers
    low: Numbers
    high: Numbers
    z: Numbers
    p: Numbers


def hazards(n1: Counts, d1: Counts, n: Counts, d: Counts, *, level: float = 0.95) -> Hazards:
    """n1, d1: exposures × cells, at risk and events among the exposed; n, d: those of exposed and comparator together, same shape or one row."""
    exposed, hit, all_, died = (np.asarray(a, np.float64) for a in (n1, d1, n, d))
    whole, dead = (np.broadcast_to(a, exposed.shape).ravel() for a in (all_, died))
    which = np.repeat(np.arange(len(exposed)), exposed.shape[-1])
    return hazards_by(which, len(exposed), exposed.ravel(), hit.ravel(), whole, dead, level=level)


def hazards_by(which: Places, count: int, n1: Counts, d1: Counts, n: Counts, d: Counts, *, level: float = 0.95) -> Hazards:
    """The same for `count` exposures, cells in a row: which[i] is the exposure of cell i. Cells in which nobody is exposed may be left out.

    Assumes one event at most a cell for each at risk, and independent people; cells in which all or none are exposed say nothing.
    Sources: O, E, V: Mantel & Haenszel 1959, J. Natl Cancer Inst. 22:719; the ratio and its variance: Greenland & Robins 1985, Biometrics 41:55,
    equations 10 and 13 (also Rothman, Greenland & Lash, Modern Epidemiology, 3rd ed., p. 274).
    """
    exposed, hit, all_, died = (np.asarray(a, np.float64) for a in (n1, d1, n, d))
    rest, missed = all_ - exposed, died - hit
    if rest.size and (rest.min() < 0 or missed.min() < 0):
        raise ValueError("the exposed are part of all, cell by cell")
    sure = np.maximum(all_, 1.0)

    def summed(values: Numbers) -> Numbers:
        return np.bincount(which, values, count).astype(np.float64)

    spread = exposed * rest * died * (all_ - died) / (sure * sure * np.maximum(all_ - 1, 1.0))
    skewed = spread * (all_ - 2 * died) * (all_ - 2 * exposed) / (sure * np.maximum(all_ - 2, 1.0))
    observed, expected = summed(hit), summed(exposed * died / sure)
    over, under = summed(hit * rest / sure), summed(missed * exposed / sure)
    doubt = summed((died * exposed * rest - hit * missed * all_) / (sure * sure))
    variance = summed(spread)
    z, p = by_moments(observed, expected, variance, summed(skewed))
    return Hazards(observed, expected, variance, *_ratio(over, under, doubt, expected, z_of(level)), z, p)


def _ratio(over: Numbers, under: Numbers, doubt: Numbers, expected: Numbers, z: float) -> tuple[Numbers, Numbers, Numbers]:
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(under > 0, over / under, np.nan)
        half = z * np.sqrt(doubt / (over * under))
        low, high = ratio * np.exp(-half), ratio * np.exp(half)
        nothing = ratio == 0
        return ratio, np.where(nothing, 0.0, low), np.where(nothing, NONE_SEEN / expected, high)


def by_moments(observed: Numbers, expected: Numbers, variance: Numbers, third: Numbers) -> tuple[Numbers, Numbers]:
    """(signed z, two-sided p) of counts that under no association have this mean, variance and third central moment; NaN without a variance.

    By Pearson's type III curve through the three moments: within a tenth of the mid-p of the Poisson where events and exposed are few, and of the
    binomial where they are not, wherever p > 0.001 and ten are expected; beyond, p is too large rather than too small. At large counts it is the
    normal test. Sources: mid-p: Lancaster 1961, JASA 56:223; sums of hypergeometric counts by their moments: Mantel 1963, JASA 58:690; the curve:
    Johnson, Kotz & Balakrishnan 1994, Continuous Univariate Distributions, vol. 1, chapter 17.

    >>> ten = np.full(3, 10.0)
    >>> by_moments(np.array([5.0, 10.0, 20.0]), ten, ten, ten)[1].round(3).tolist()  # the mid-p of the Poisson: 0.096, 0.959, 0.005
    [0.093, 0.958, 0.005]
    """
    from scipy.special import gammainc, gammaincc, ndtr, ndtri

    with np.errstate(divide="ignore", invalid="ignore"):
        z = (observed - expected) / np.sqrt(variance)
        skew = third / variance**1.5
        shape = 4 / np.maximum(skew * skew, STRAIGHT**2)
        at = np.maximum(shape + 2 * z / np.where(np.abs(skew) < STRAIGHT, np.inf, skew), 0.0)
    below, above = gammainc(shape, at), gammaincc(shape, at)
    straight = np.abs(skew) < STRAIGHT
    upper = np.where(straight, ndtr(-z), np.where(skew > 0, above, below))
    lower = np.where(straight, ndtr(z), np.where(skew > 0, below, above))
    p = np.where(variance > 0, np.clip(2 * np.minimum(upper, lower), 1e-300, 1.0), np.nan)
    return np.sign(z) * -ndtri(p / 2), p


def inflation(z: Numbers) -> float:
    """λ: the median z² over what it would be were nothing associated; 1 where the tests are sound. Needs at least one test; NaN are left out.

    Source: Devlin & Roeder 1999, Biometrics 55:997.
    """
    seen = z[np.isfinite(z)]
    if not len(seen):
        raise ValueError("needs one test or more")
    return float(np.median(seen * seen) / MEDIAN_SQUARE)


def deflated(z: Numbers, factor: float) -> tuple[Numbers, Numbers]:
    """(z, two-sided p) after division by √λ, where λ is above 1. Source: as `inflation`."""
    from scipy.special import ndtr

    smaller: Numbers = z / np.sqrt(max(factor, 1.0))
    return smaller, 2 * ndtr(-np.abs(smaller))
