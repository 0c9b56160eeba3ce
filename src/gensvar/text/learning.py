"""Learning from few examples: logistic regressions over vectors, exact and repeatable; and whether they help, said by cross-validation."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
_STEPS: Final = 300


@dataclass(frozen=True, slots=True)
class Linear:
    """Scores are (vectors − mean) × scale · weights + bias: a row for each text, a column for each class."""

    mean: Floats
    scale: Floats
    weights: Floats
    bias: Floats

    def scores(self, vectors: Floats) -> Floats:
        """texts × classes, before any softmax or sigmoid."""
        return np.asarray(((vectors - self.mean) * self.scale) @ self.weights + self.bias, np.float32)


def softmax(scores: Floats) -> Floats:
    """Rows that sum to 1.

    >>> import numpy as np
    >>> softmax(np.zeros((1, 4), np.float32))
    array([[0.25, 0.25, 0.25, 0.25]], dtype=float32)
    """
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(e / e.sum(axis=-1, keepdims=True), np.float32)


def sigmoid(scores: Floats) -> Floats:
    """0…1, each by itself."""
    return np.asarray(1 / (1 + np.exp(-np.clip(scores, -60, 60))), np.float32)


def standard(vectors: Floats) -> tuple[Floats, Floats]:
    """Mean, and what each column is multiplied by so that rows have about the length that C is meant for."""
    spread = np.maximum(vectors.std(0), 1e-6)
    return vectors.mean(0).astype(np.float32), np.asarray(4 / np.sqrt(vectors.shape[1]) / spread, np.float32)


def classes(
    vectors: Floats, shares: Floats, c: float = 1.0, weight: Floats | None = None, allowed: Floats | None = None,
    base: tuple[Floats, Floats] | None = None,
) -> Linear:  # fmt: skip
    """The regression under which each text is of one class: softmax, L2 by 1 / c, as scikit-learn's LogisticRegression weighs it.

    shares: texts × classes, what each text is (0 and 1, or a teacher's shares). allowed: 1 where a text could be of that class at all; a source
    without “neutral” then says nothing about it. base: mean and scale, where those of these vectors would be by chance.
    """
    mean, scale = base or standard(vectors)
    x = ((vectors - mean) * scale).astype(np.float64)
    n, d, k = len(x), x.shape[1], shares.shape[1]
    w = np.ones(n) if weight is None else weight.astype(np.float64) * n / weight.sum()
    closed = None if allowed is None else np.where(allowed > 0, 0.0, -1e9)

    def cost(flat: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        weights, bias = flat[: d * k].reshape(d, k), flat[d * k :]
        z = x @ weights + bias + (0 if closed is None else closed)
        z -= z.max(1, keepdims=True)
        e = np.exp(z)
        total = e.sum(1, keepdims=True)
        log = np.where(shares > 0, z - np.log(total), 0)
        off = (e / total * shares.sum(1, keepdims=True) - shares) * w[:, None]
        value = -float((w[:, None] * shares * log).sum()) + 0.5 / c * float((weights**2).sum())
        return value, np.concatenate([(x.T @ off + weights / c).ravel(), off.sum(0)])

    best = minimize(cost, np.zeros(d * k + k), jac=True, method="L-BFGS-B", options={"maxiter": _STEPS}).x
    return Linear(mean, scale, best[: d * k].reshape(d, k).astype(np.float32), best[d * k :].astype(np.float32))


def each(vectors: Floats, yes: Floats, c: float = 1.0, balance: float = 0.0, base: tuple[Floats, Floats] | None = None) -> Linear:
    """As many regressions as `yes` has columns, under which a text may be of several classes or none. balance: 0…1, how far rare ones weigh more."""
    mean, scale = base or standard(vectors)
    x = ((vectors - mean) * scale).astype(np.float64)
    n, d, k = len(x), x.shape[1], yes.shape[1]
    rare = np.clip((n - yes.sum(0)) / np.maximum(yes.sum(0), 1), 1, 100) ** balance
    w = 1 + (rare - 1) * yes

    def cost(flat: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        weights, bias = flat[: d * k].reshape(d, k), flat[d * k :]
        z = x @ weights + bias
        off = (1 / (1 + np.exp(-np.clip(z, -60, 60))) - yes) * w
        value = float((w * (np.logaddexp(0, z) - yes * z)).sum()) + 0.5 / c * float((weights**2).sum())
        return value, np.concatenate([(x.T @ off + weights / c).ravel(), off.sum(0)])

    best = minimize(cost, np.zeros(d * k + k), jac=True, method="L-BFGS-B", options={"maxiter": _STEPS}).x
    return Linear(mean, scale, best[: d * k].reshape(d, k).astype(np.float32), best[d * k :].astype(np.float32))


def folds(labels: Ints, count: int, seed: int = 0) -> Ints:
    """The fold of each row, every class spread over all folds as evenly as it goes."""
    order = np.random.default_rng(seed).permutation(len(labels))
    by_class = order[np.argsort(labels[order], kind="stable")]
    out = np.empty(len(labels), np.int64)
    out[by_class] = np.arange(len(labels)) % count
    return out


def one_hot(labels: Sequence[int] | Ints, count: int) -> Floats:
    """texts × count, 1 at each label."""
    return np.eye(count, dtype=np.float32)[np.asarray(labels, np.int64)]
