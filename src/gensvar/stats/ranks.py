"""Ranks of numbers that are not known exactly: the interval of each, and how often each would come first."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gensvar.stats.jackknife import Replicated

Numbers = NDArray[np.float64]
Ints = NDArray[np.int64]
DRAWS, SEED = 4000, 20_260_501
TOLD = 0.05


@dataclass(frozen=True, slots=True, eq=False)
class Ranks:
    """rank: 1 is the largest; low … high: its 95 % interval. first: how often it would be the largest, if the whole were asked anew."""

    rank: Ints
    low: Ints
    high: Ints
    first: Numbers


def ranks(found: Replicated, told: float = TOLD) -> Ranks:
    """A number's rank can be no better than one below all that are surely larger, and no worse than one above all that are surely smaller.

    What is surely larger or smaller comes from the jackknife of each difference, held at `told` over all differences of a number (Holm 1979).
    Source: Mohamed, van Hoorn & Goeman 2020, arXiv:1702.05986, section 2; how often first: draws from the normal with the jackknife's covariance.
    """
    size = len(found.value)
    larger, smaller = np.zeros(size, np.int64), np.zeros(size, np.int64)
    for own in range(size):
        others = [i for i in range(size) if i != own]
        gaps = found.at([own] * len(others)) - found.at(others)
        sure = _holm(gaps.p(), told)
        larger[own], smaller[own] = int((sure & (gaps.value < 0)).sum()), int((sure & (gaps.value > 0)).sum())
    order = np.argsort(-found.value, kind="stable")
    rank = np.empty(size, np.int64)
    rank[order] = np.arange(1, size + 1)
    return Ranks(rank, 1 + larger, size - smaller, often_first(found))


def _holm(p: Numbers, told: float) -> NDArray[np.bool_]:
    """Which stand when all are tested together. Holm 1979, Scand. J. Stat. 6:65."""
    order = np.argsort(p)
    passed = np.logical_and.accumulate(p[order] <= told / np.arange(len(p), 0, -1))
    sure = np.zeros(len(p), np.bool_)
    sure[order] = passed
    return sure


def often_first(found: Replicated) -> Numbers:
    """The share of draws in which each number is the largest; the draws are the same ones each time."""
    draw = np.random.default_rng(SEED)
    values, vectors = np.linalg.eigh(found.covariance)
    noise = draw.standard_normal((DRAWS, len(values))) * np.sqrt(np.maximum(values, 0.0)) @ vectors.T
    winners = np.argmax(found.value + noise, axis=1)
    return np.bincount(winners, minlength=len(values)) / DRAWS
