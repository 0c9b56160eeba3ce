"""Many at once: adjusted p values, and the estimates of many small groups drawn towards what they have in common."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gensvar.stats.normal import z_of

Numbers = NDArray[np.float64]
GRID = 200


def adjusted(p: Sequence[float]) -> list[float]:
    """q values, aligned with p: the least false discovery rate at which each would be named. Benjamini & Hochberg 1995, JRSS B 57:289.

    >>> adjusted([0.01, 0.04, 0.03, 0.5])
    [0.04, 0.05333333333333334, 0.05333333333333334, 0.5]
    """
    values = np.asarray(p, dtype=np.float64)
    count = len(values)
    falling = np.argsort(values)[::-1]
    steps = values[falling] * count / np.arange(count, 0, -1)
    result = np.empty(count)
    result[falling] = np.minimum(np.minimum.accumulate(steps), 1.0)
    return [float(q) for q in result]


@dataclass(frozen=True, slots=True)
class Shrunk:
    """values: each group's estimate drawn towards the common mean; low, high: 95 % credible limits; tau: how much groups truly differ (sd)."""

    values: Numbers
    low: Numbers
    high: Numbers
    tau: float


def shrunken(values: Sequence[float], n: Sequence[int], variance: float, level: float = 0.95) -> Shrunk:
    """Normal groups with known variance of one answer, a flat prior on mean and τ, τ integrated over a grid.

    values: group means; n: answers in each, ≥ 1; variance: of one answer, pooled. Needs three groups or more.
    Source: Gelman et al., Bayesian Data Analysis (3rd ed.), section 5.4, equations 5.17–5.21.
    """
    seen, counts = np.asarray(values, dtype=np.float64), np.asarray(n, dtype=np.float64)
    if len(seen) < 3 or not counts.min() >= 1 or not variance > 0:
        raise ValueError("needs three groups or more, each with answers, and a variance above 0")
    noise = variance / counts
    grid = np.linspace(0.0, 2 * float(np.std(seen)) + float(np.sqrt(noise.min())), GRID)
    common, weight = _common_mean(seen, noise, grid)
    mean, spread = _given_tau(seen, noise, grid, common)
    centre = weight @ mean
    total = weight @ (spread + (mean - centre) ** 2)
    half = z_of(level) * np.sqrt(total)
    return Shrunk(centre, centre - half, centre + half, float(weight @ grid))


def _common_mean(seen: Numbers, noise: Numbers, grid: Numbers) -> tuple[tuple[Numbers, Numbers], Numbers]:
    """For each τ: the common mean and its variance (5.20); and the posterior weight of each τ (5.21)."""
    precision = 1 / (noise[None, :] + grid[:, None] ** 2)
    variance = 1 / precision.sum(axis=1)
    mean = variance * (precision @ seen)
    misfit = (precision * (seen[None, :] - mean[:, None]) ** 2).sum(axis=1)
    log = 0.5 * (np.log(variance) + np.log(precision).sum(axis=1) - misfit)
    weight = np.exp(log - log.max())
    return (mean, variance), weight / weight.sum()


def _given_tau(seen: Numbers, noise: Numbers, grid: Numbers, common: tuple[Numbers, Numbers]) -> tuple[Numbers, Numbers]:
    """Mean and variance of each group's true value for each τ (5.17), with the doubt about the common mean added."""
    kept = grid[:, None] ** 2 / (noise[None, :] + grid[:, None] ** 2)
    mean = kept * seen[None, :] + (1 - kept) * common[0][:, None]
    return mean, kept * noise[None, :] + (1 - kept) ** 2 * common[1][:, None]
