"""Intervals by drawing the rows anew: 95 % of what another sample of the same size would say."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[Any]


def accuracy(right: Rows, said: Rows) -> float:
    """Share that is right."""
    return float((right == said).mean())


def macro_f1(right: Rows, said: Rows) -> float:
    """The mean F1 of the classes that are there."""
    return float(np.mean([_f1(right == k, said == k) for k in np.unique(right)]))


def macro_f1_of_many(right: Rows, said: Rows) -> float:
    """The mean F1 of the columns; rows may have several."""
    return float(np.mean([_f1(right[:, k], said[:, k]) for k in range(right.shape[1])]))


def recall(right: Rows, said: Rows, label: int) -> float:
    """The share of a class that is found."""
    return float((said[right == label] == label).mean()) if (right == label).any() else float("nan")


def _f1(right: Rows, said: Rows) -> float:
    both = float((right & said).sum())
    return 2 * both / max(float(right.sum() + said.sum()), 1.0)


def interval(measure: Callable[[Rows, Rows], float], right: Rows, said: Rows, draws: int = 400) -> str:
    """“n 1500, 0.89–0.92”."""
    random = np.random.default_rng(0)
    found = [measure(right[i], said[i]) for i in (random.integers(0, len(right), len(right)) for _ in range(draws))]
    low, high = np.quantile(found, [0.025, 0.975])
    return f"n {len(right)}, {low:.3f}–{high:.3f}"
