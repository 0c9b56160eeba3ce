"""Drivers: what a row of moments says of an outcome and its drivers: weights, their doubt, signs, and how entangled the drivers are."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gensvar.stats.jackknife import Replicated
from gensvar.stats.lmg import balanced_orders, correlations, lmg, over_orders, relative_weights
from gensvar.stats.moments import Moments

Numbers = NDArray[np.float64]
Ints = NDArray[np.int64]
EXACT_BLOCKS = 11  # drivers up to which each block is left out of the exact weights
ROUNDS = 6  # balanced draws of orders beyond that
CERTAIN = 1e-30  # added to each variance, so that slopes which no block moves are certain, and not a division by 0
LEAST_LEFT = 1e-6  # of its variance a driver must have left given those before it; less is rounding


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """Of p drivers; the outcome is the last column of the moments.

    weights: LMG as shares of R², adding to 1; johnson: the same by Johnson; r2: adjusted, of one number; slopes: standardised OLS coefficients;
    means: of each driver. tangled: variance inflation of each driver; halo: the first eigenvalue's share; condition: the root of how much the
    largest eigenvalue exceeds the least. p: of the F test that the drivers explain nothing, were all rows independent; p_parties: of Hotelling's test
    of the same, which asks no more than independent parties.
    """

    n: int
    weights: Replicated
    johnson: Replicated
    r2: Replicated
    slopes: Replicated
    means: Replicated
    tangled: Numbers
    halo: float
    condition: float
    p: float
    p_parties: float


def weights(moments: Moments) -> Weights:
    """Needs drivers that `entangled` leaves alone, and more rows than columns + 1 without any block.

    Interval: delete-a-block jackknife over parties. Beyond eleven drivers the weights stay exact, and the blocks' differences to them
    are averaged over balanced orders: their spread, not their centre, is then an estimate.
    """
    every = correlations(moments.covariances())
    johnson, r2 = relative_weights(every), _r2(every)
    n = np.concatenate([[moments.count], moments.count - moments.n])
    exact = _lmg(every)
    among = every[0, :-1, :-1]
    values = np.linalg.eigvalsh(among)
    slopes = Replicated.of(_slopes(every))
    return Weights(
        n=moments.count, weights=Replicated.of(exact / exact.sum(axis=1, keepdims=True)),
        johnson=Replicated.of(johnson / johnson.sum(axis=1, keepdims=True)), r2=Replicated.of(adjusted_r2(r2, n, every.shape[-1] - 1)[:, None]),
        slopes=slopes, p_parties=_p_by_parties(slopes, moments.filled),
        means=Replicated.of(moments.means()[:, :-1]), tangled=np.diag(np.linalg.inv(among)), halo=float(values[-1] / len(values)),
        condition=float(np.sqrt(values[-1] / values[0])), p=_p_of_all(float(r2[0]), moments.count, len(values)),
    )  # fmt: skip


def _lmg(every: Numbers) -> Numbers:
    drivers = every.shape[-1] - 1
    if drivers <= EXACT_BLOCKS:
        return lmg(every)
    some = over_orders(every, balanced_orders(drivers, ROUNDS))
    moved: Numbers = np.subtract(some, some[0])
    return moved + lmg(every[0])


def _slopes(every: Numbers) -> Numbers:
    return np.asarray(np.linalg.solve(every[..., :-1, :-1], every[..., :-1, -1:])[..., 0], np.float64)


def _r2(every: Numbers) -> Numbers:
    found: Numbers = np.einsum("...i,...i->...", _slopes(every), every[..., :-1, -1])
    return found


def adjusted_r2(r2: Numbers, n: Ints, drivers: int) -> Numbers:
    """R² without what drivers explain by chance alone: 1 − (1 − R²)(n − 1)/(n − p − 1). Without it an interval lies too high: the fewer, the more.

    Source: Ezekiel 1930, Methods of Correlation Analysis, p. 121.
    """
    found: Numbers = 1 - (1 - r2) * (n - 1) / (n - drivers - 1)
    return found


def _p_of_all(r2: float, n: int, drivers: int) -> float:
    """F test of R² = 0."""
    from scipy.special import fdtrc

    rest = n - drivers - 1
    return float(fdtrc(drivers, rest, r2 / drivers / max((1 - r2) / rest, 1e-300)))


def _p_by_parties(slopes: Replicated, filled: int) -> float:
    """Hotelling's T² of all slopes against 0, with the jackknife's covariance over the blocks that hold a party; 1 with no more of them than drivers.

    Source: Korn & Graubard 1990, The American Statistician 44:270, with primary units in the place of rows.
    """
    from scipy.special import fdtrc

    drivers = len(slopes.value)
    if filled <= drivers:
        return 1.0
    away = slopes.value @ np.linalg.solve(slopes.covariance + CERTAIN * np.eye(drivers), slopes.value)
    return float(fdtrc(drivers, filled - drivers, away * (filled - drivers) / (drivers * (filled - 1))))


def entangled(moments: Moments, least: float = LEAST_LEFT) -> dict[int, int | None]:
    """The drivers that cannot be weighed, in any block's absence → the kept driver that says the same, or None where it is constant.

    They are taken in order: of two that say the same, the first is kept; what several together say is laid to the one it correlates with most.
    The last column, the outcome, is looked at only for being constant, and then stands under its own place.
    """
    found: dict[int, int | None] = {}
    every = moments.covariances()
    spread = np.einsum("kii->ki", every)
    outcome = spread.shape[1] - 1
    scale = np.maximum(spread.max(axis=0), 1e-300)
    constant = (spread <= 1e-12 * np.maximum(scale, 1.0)).any(axis=0)
    found.update({i: None for i in range(outcome + 1) if constant[i]})
    kept: list[int] = []
    for own in (i for i in range(outcome) if not constant[i]):
        if kept and _left(every, own, kept) < least:
            found[own] = max(kept, key=lambda k: abs(every[0, own, k]) / np.sqrt(every[0, k, k]))
        else:
            kept.append(own)
    return found


def _left(every: Numbers, own: int, kept: list[int]) -> float:
    """The least share of its variance that the kept ones do not explain, with all rows and without any block."""
    among, across = every[:, kept][:, :, kept], every[:, kept, own]
    explained = (across * np.linalg.solve(among, across[..., None])[..., 0]).sum(axis=1)
    return float(np.min(1 - explained / every[:, own, own]))
