"""Hazard ratios of many exposures at once, each against its own comparator, held equal within cells (stratum × month). Counts in, numbers out."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from gensvar.stats.many import Numbers
from gensvar.stats.normal import z_of

Counts = NDArray[np.int64] | NDArray[np.int32] | NDArray[np.float64]
MEDIAN_SQUARE: Final = 0.45493642311957283  # the median of χ² with one degree of freedom
NONE_SEEN: Final = 2.995732273553991  # −ln 0.05: the mid-p upper limit of a Poisson mean of which nothing was seen
RARE: Final = 1e-7  # a share of exposed below which the binomial is the Poisson to all figures that double precision holds


@dataclass(frozen=True, slots=True)
class Hazards:
    """One entry for each exposure. observed, expected, variance: events among the exposed, and what the comparator makes of them.

    ratio, low, high: Mantel–Haenszel, NaN where the comparator met no event. z: signed, of the p; p: two-sided.
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
    """n1, d1: exposures × cells, at risk and events among the exposed; n, d: those of exposed and comparator together, same shape or one row.

    Assumes one event at most a cell for each at risk, and independent people; cells in which all or none are exposed say nothing.
    Sources: O, E, V: Mantel & Haenszel 1959, J. Natl Cancer Inst. 22:719; the ratio and its variance: Greenland & Robins 1985, Biometrics 41:55,
    equations 10 and 13 (also Rothman, Greenland & Lash, Modern Epidemiology, 3rd ed., p. 274).
    """
    exposed, hit, all_, died = (np.asarray(a, np.float64) for a in (n1, d1, n, d))
    rest, missed = all_ - exposed, died - hit
    if rest.size and (rest.min() < 0 or missed.min() < 0):
        raise ValueError("the exposed are part of all, cell by cell")
    sure = np.maximum(all_, 1.0)
    expected = (exposed * died / sure).sum(-1)
    variance = (exposed * rest * died * (all_ - died) / (sure * sure * np.maximum(all_ - 1, 1.0))).sum(-1)
    over, under = (hit * rest / sure).sum(-1), (missed * exposed / sure).sum(-1)
    doubt = ((died * exposed * rest - hit * missed * all_) / (sure * sure)).sum(-1)
    observed = np.asarray(hit.sum(-1))
    z, p = mid_p(observed, expected, variance)
    return Hazards(observed, expected, variance, *_ratio(over, under, doubt, expected, z_of(level)), z, p)


def _ratio(over: Numbers, under: Numbers, doubt: Numbers, expected: Numbers, z: float) -> tuple[Numbers, Numbers, Numbers]:
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(under > 0, over / under, np.nan)
        half = z * np.sqrt(doubt / (over * under))
        low, high = ratio * np.exp(-half), ratio * np.exp(half)
        nothing = ratio == 0
        return ratio, np.where(nothing, 0.0, low), np.where(nothing, NONE_SEEN / expected, high)


def mid_p(observed: Numbers, expected: Numbers, variance: Numbers) -> tuple[Numbers, Numbers]:
    """(signed z, two-sided p) of counts under no association: mid-p of the binomial with this mean and variance; where the exposed are few, Poisson.

    Sums of hypergeometric counts lie between the two (variance ≤ expected); at large counts it is the normal test. NaN where nothing is expected.
    Source of mid-p: Lancaster 1961, JASA 56:223.

    >>> z, p = mid_p(np.array([10.0, 20.0]), np.array([10.0, 10.0]), np.array([10.0, 10.0]))
    >>> p.round(3).tolist()
    [0.959, 0.005]
    """
    from scipy.special import ndtri

    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.clip(1 - variance / expected, 0.0, 1.0)
        at_most, less = _chance(observed, expected, share), _chance(observed - 1, expected, share)
    lower = (at_most + less) / 2
    upper = 1 - lower
    upper = np.where(upper < 1e-6, _upper(observed, expected, share), upper)  # what is subtracted from 1 loses its figures
    p = np.minimum(1.0, 2 * np.minimum(lower, upper))
    p = np.where((expected > 0) & (variance > 0), np.maximum(p, 1e-300), np.nan)
    return np.sign(observed - expected) * -ndtri(p / 2), p


def _chance(k: Numbers, mean: Numbers, share: Numbers) -> Numbers:
    """P(X ≤ k)."""
    from scipy.special import betainc, gammaincc

    size = mean / np.maximum(share, RARE)
    few = gammaincc(np.maximum(k, 0.0) + 1, mean)
    many = betainc(np.maximum(size - k, 1e-9), np.maximum(k, 0.0) + 1, 1 - share)
    found: Numbers = np.where(k < 0, 0.0, np.where(share > RARE, many, few))
    return found


def _upper(k: Numbers, mean: Numbers, share: Numbers) -> Numbers:
    """(P(X > k) + P(X ≥ k)) ÷ 2, with all its figures where it is tiny."""
    from scipy.special import betainc, gammainc

    size = mean / np.maximum(share, RARE)

    def above(j: Numbers) -> Numbers:
        few = gammainc(np.maximum(j, 0.0) + 1, mean)
        many = betainc(np.maximum(j, 0.0) + 1, np.maximum(size - j, 1e-9), share)
        found: Numbers = np.where(share > RARE, many, few)
        return found

    return (above(k) + np.where(k < 1, 1.0, above(k - 1))) / 2


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
