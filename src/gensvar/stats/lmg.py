"""Importance of correlated drivers: LMG (each driver's gain in R², averaged over all orders of entering), exact, and Johnson's relative weights."""

from math import lgamma

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Ints = NDArray[np.int64]
MOST = 20  # drivers: a million subsets, in a third of a second


def subset_r2(correlation: Numbers) -> Numbers:
    """(…, 2^p): R² of the outcome on every subset of the p drivers; bit k of the place stands for driver k.

    correlation: (…, p + 1, p + 1), outcome last. Drivers are taken one by one, and each doubles what is there: without it (its row is dropped),
    and with it (the rest is what it does not explain).
    Source: sequential sweeping, Goodnight 1979, The American Statistician 33:149.
    """
    left = correlation[..., None, :, :]
    for _ in range(correlation.shape[-1] - 1):
        without, own = left[..., 1:, 1:], left[..., 0, 1:]
        given = without - own[..., :, None] * (own / left[..., 0, :1])[..., None, :]
        left = np.concatenate([without, given], axis=-3)
    unexplained: Numbers = left[..., 0, 0]
    return 1 - unexplained


def lmg(correlation: Numbers) -> Numbers:
    """(…, p): how much of R² each driver stands for, exactly; they add to R². correlation: (…, p + 1, p + 1), outcome last, 1 ≤ p ≤ 20.

    Source: Lindeman, Merenda & Gold 1980, p. 119; as an average over subsets, Grömping 2006, J. Stat. Softw. 17(1), equation 8.

    >>> lmg(np.array([[1, 0, 0.6], [0, 1, 0.3], [0.6, 0.3, 1]])).round(4).tolist()
    [0.36, 0.09]
    """
    drivers = correlation.shape[-1] - 1
    if not 1 <= drivers <= MOST:
        raise ValueError(f"{drivers} drivers; exact for 1 to {MOST}")
    r2 = subset_r2(correlation)
    weight = _shares_of_orders(drivers)[_sizes(drivers)]
    return np.stack([_gain(r2, weight, k) for k in range(drivers)], axis=-1)


def _gain(r2: Numbers, weight: Numbers, driver: int) -> Numbers:
    """Σ over subsets without the driver: the share of orders in which they come just before it, times what it adds to them."""
    halves = r2.reshape(*r2.shape[:-1], -1, 2, 1 << driver)
    without = weight.reshape(-1, 2, 1 << driver)[:, 0, :]
    gain: Numbers = np.einsum("...ij,ij->...", halves[..., 1, :] - halves[..., 0, :], without)
    return gain


def _sizes(drivers: int) -> Ints:
    """How many drivers each subset holds."""
    sizes = np.zeros(1, np.int64)
    for _ in range(drivers):
        sizes = np.concatenate([sizes, sizes + 1])
    return sizes


def _shares_of_orders(drivers: int) -> Numbers:
    """By size of a subset: the share of orders in which exactly it comes before a given driver, s! (p − 1 − s)! / p!; 0 for the full set."""
    logs = [lgamma(s + 1) + lgamma(drivers - s) - lgamma(drivers + 1) for s in range(drivers)]
    return np.array([*np.exp(logs), 0.0])


def over_orders(correlation: Numbers, orders: Ints) -> Numbers:
    """(…, p): each driver's gain in R², averaged over these orders alone; adds to R² too. orders: (orders, p).

    With the outcome last, the last row of a Cholesky factor holds the root of each gain, in the order of entering.
    """
    rows, drivers = orders.shape
    places = np.concatenate([orders, np.full((rows, 1), drivers)], axis=1)
    sorted_ = correlation[..., places[:, :, None], places[:, None, :]]
    gains = np.linalg.cholesky(sorted_)[..., -1, :-1] ** 2
    back = np.argsort(orders, axis=1)
    mean: Numbers = np.take_along_axis(gains, np.broadcast_to(back, gains.shape), axis=-1).mean(axis=-2)
    return mean


def balanced_orders(drivers: int, rounds: int, seed: int = 1) -> Ints:
    """(2 · rounds · p, p): orders drawn by lot, each turned round by every step and backwards, so that each driver stands as often at each place."""
    draw = np.random.default_rng(seed)
    shifts = (np.arange(drivers)[:, None] + np.arange(drivers)) % drivers
    turned = np.concatenate([draw.permutation(drivers)[shifts] for _ in range(rounds)])
    return np.concatenate([turned, turned[:, ::-1]])


def relative_weights(correlation: Numbers) -> Numbers:
    """(…, p): Johnson's relative weights; they add to R². correlation: (…, p + 1, p + 1), outcome last, that of the drivers of full rank.

    Source: Johnson 2000, Multivariate Behavioral Research 35:1, equations 3 to 7.
    """
    among, with_outcome = correlation[..., :-1, :-1], correlation[..., :-1, -1]
    values, vectors = np.linalg.eigh(among)
    roots = vectors * np.sqrt(np.maximum(values, 0.0))[..., None, :]
    to_drivers = roots @ np.swapaxes(vectors, -1, -2)
    slopes = np.linalg.solve(to_drivers, with_outcome[..., None])
    weights: Numbers = (to_drivers**2 @ slopes**2)[..., 0]
    return weights


def correlations(covariances: Numbers) -> Numbers:
    """(…, q, q): correlations of covariances; no column may be constant."""
    spread = np.sqrt(np.diagonal(covariances, axis1=-2, axis2=-1))
    found: Numbers = covariances / (spread[..., :, None] * spread[..., None, :])
    return found
