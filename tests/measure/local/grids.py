"""Invented grids: four dimensions, satisfaction by base cell and week, with what is planted and how restless it is."""

from collections.abc import Mapping, Sequence

import numpy as np

from gensvar.contracts import Measure
from gensvar.measure.local import Cell, Grid

CSAT = Measure(id="csat.delivery", version=1, metric="csat", low=1, high=5, name={"en": "Delivery"})
DIMS = ("market", "segment", "channel", "touchpoint")
SIZES = (4, 4, 5, 4)
WEEKS, LEAST = 13, 30
Effect = tuple[Mapping[str, int], float]


def cell(key: Mapping[str, int]) -> Cell:
    return Cell.of({dim: f"{dim}{value}" for dim, value in key.items()})


def made(
    seed: int, answers: int = 4000, *, sizes: Sequence[int] = SIZES, planted: Sequence[Effect] = (), unrest: float = 0.0, bursts: float = 0.0
) -> Grid:
    """A grid of about so many answers on each side. planted: cells whose satisfaction moves by so much, in logits, on this side.

    unrest: sd, in logits, of how each value of each dimension moves from week to week. bursts: correlation of the answers of one cell and week.
    """
    rng = np.random.default_rng(seed)
    codes = np.array(np.unravel_index(np.arange(np.prod(sizes)), sizes)).T
    weight = np.prod([rng.dirichlet(np.full(k, 3.0))[codes[:, i]] for i, k in enumerate(sizes)], axis=0)
    logit = np.ones((len(codes), 2 * WEEKS))
    for i, k in enumerate(sizes):
        logit += rng.normal(0, 0.3, k)[codes[:, i], None]
    for i, k in enumerate(sizes if unrest else ()):
        logit += rng.normal(0, unrest, (k, 2 * WEEKS))[codes[:, i]]
    this = np.arange(2 * WEEKS) < WEEKS
    for key, effect in planted:
        inside = np.all([codes[:, DIMS.index(d)] == v for d, v in key.items()], axis=0)
        logit[np.ix_(inside, this)] += effect
    n = rng.poisson(answers / WEEKS * weight[:, None] * np.ones(2 * WEEKS))
    share = 1 / (1 + np.exp(-logit))
    if bursts:
        share = rng.beta(share * (1 / bursts - 1), (1 - share) * (1 / bursts - 1))
    return grid_of(n, rng.binomial(n, share), codes, sizes)


def grid_of(n: np.ndarray, good: np.ndarray, codes: np.ndarray, sizes: Sequence[int]) -> Grid:
    counts = np.zeros((*n.shape, 14))
    counts[..., 0], counts[..., 1], counts[..., 2] = n, 5 * good + 2 * (n - good), 25 * good + 4 * (n - good)
    counts[..., 3 + 4], counts[..., 3 + 1] = good, n - good
    dims = DIMS[: len(sizes)]
    names = tuple(tuple(f"{d}{i}" for i in range(k)) for d, k in zip(dims, sizes, strict=True))
    return Grid(CSAT, dims, names, codes, counts, np.arange(n.shape[1]) < n.shape[1] // 2)
