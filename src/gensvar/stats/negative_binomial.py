"""Counts that scatter more than chance alone: the negative binomial with mean μ and variance μ + αμ² (NB2). α = 0 is Poisson's."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betainc, gammaincc

Numbers = NDArray[np.float64]
LEAST_ALPHA = 1e-9  # below this the beta function loses its figures, and Poisson's is the same to nine of them


def at_most(k: ArrayLike, mean: ArrayLike, alpha: ArrayLike) -> Numbers:
    """P(X ≤ k) for each; 0 where k < 0. mean > 0, alpha ≥ 0, all of one shape or of shapes that fit each other.

    Source: Cameron & Trivedi 2013, Regression Analysis of Count Data (2nd ed.), equation 3.26; the sum as a regularised incomplete beta function.

    >>> float(at_most(3, 5.0, 0.2).round(6))
    0.363281
    """
    count, mu, spread = np.broadcast_arrays(*(np.asarray(x, dtype=np.float64) for x in (k, mean, alpha)))
    size = 1 / np.maximum(spread, LEAST_ALPHA)
    known = np.maximum(count, 0.0)
    found = np.where(spread > LEAST_ALPHA, betainc(size, known + 1, size / (size + mu)), gammaincc(known + 1, mu))
    return np.where(count < 0, 0.0, found)


def mid_tails(k: ArrayLike, mean: ArrayLike, alpha: ArrayLike) -> tuple[Numbers, Numbers]:
    """(at most so many, at least so many), each with half the chance of just so many, so that the two add to 1. Lancaster 1961, JASA 56:223.

    >>> low, high = mid_tails(5, 5.0, 0.0)
    >>> bool(abs(low + high - 1) < 1e-12)
    True
    """
    below, up_to = at_most(np.asarray(k) - 1, mean, alpha), at_most(k, mean, alpha)
    low = (below + up_to) / 2
    return low, 1 - low


def dispersion(n: ArrayLike, mean: ArrayLike, squares: ArrayLike) -> float:
    """α that many series share, ≥ 0: from how their steps scatter around what is expected of them.

    n: steps of each series; mean: what is expected of a step, on average; squares: Σ over its steps of (count − expected)², which spends one degree
    of freedom.
    Each series' own moment estimate, weighed by how surely it is known, twice, since that depends on α. Series without a count tell nothing.
    Source: Robinson & Smyth 2008, Biostatistics 9:321 (a common dispersion); the moment estimator is Cameron & Trivedi 2013, equation 3.18.
    """
    steps, mu, scatter = np.broadcast_arrays(*(np.asarray(x, dtype=np.float64) for x in (n, mean, squares)))
    told = (steps > 1) & (mu > 0)
    steps, mu, scatter = steps[told], mu[told], scatter[told]
    if not steps.size:
        return 0.0
    own = (scatter / (steps - 1) - mu) / mu**2
    alpha = 0.0
    for _ in range(3):
        weight = (steps - 1) / (1 / mu + alpha) ** 2
        alpha = max(0.0, float((weight * own).sum() / weight.sum()))
    return alpha
