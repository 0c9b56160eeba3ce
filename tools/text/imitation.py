"""The student's training: a table of hashed features whose sums foretell the teacher's scores, by ridge regression over all texts at once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, diags_array

from gensvar.text.hashing import features
from gensvar.text.learning import Floats
from gensvar.text.outputs import CAUSE, COLUMNS, EMOTION, FLAG, INTENT, TONE, TOPIC
from gensvar.text.student import Student, spread_out

PLACES: Final = 1 << 18
WIDTH: Final = 40
RIDGE: Final = 1.0
ROUNDS: Final = 30
IMPORTANCE: Final = ((TONE, 3.0), (TOPIC, 1.0), (INTENT, 1.5), (CAUSE, 0.7), (FLAG, 0.7), (EMOTION, 1.0))  # a column's share of what the table keeps


@dataclass(frozen=True, slots=True)
class Taught:
    """The student in 8 bits, as it is kept: a row of the table is codes × scale × weight."""

    codes: npt.NDArray[np.int8]
    scale: npt.NDArray[np.float16]
    weight: npt.NDArray[np.float16]
    out: Floats
    bias: Floats

    def moved(self, where: slice, slope: float, shift: float) -> "Taught":
        """The same with some columns' scores times slope, plus shift."""
        out, bias = self.out.copy(), self.bias.copy()
        out[:, where] *= slope
        bias[where] = bias[where] * slope + shift
        return replace(self, out=out, bias=bias)

    def student(self) -> Student:
        """Ready for use."""
        weight = self.weight.astype(np.float32)
        table = self.codes.astype(np.float32) * (self.scale.astype(np.float32) * weight)[:, None]
        return Student(table, weight * weight, self.out, self.bias)


def rarity(spread: csr_matrix) -> Floats:
    """What a feature weighs: more, the fewer texts hold it; nothing, where only one does."""
    texts = np.bincount(spread.indices, minlength=spread.shape[1])
    found = np.log((1 + spread.shape[0]) / (1 + texts)) / np.log(1 + spread.shape[0])
    return np.where(texts >= 2, found, 0.0).astype(np.float32)


def ridge(x: csr_matrix, y: Floats, weight: Floats, strength: float, rounds: int) -> Floats:
    """The map under which x · map is nearest y, by conjugate gradients for all columns together."""
    root = np.sqrt(weight)
    xs = (diags_array(root) @ x).tocsr().astype(np.float32)
    xt = xs.T.tocsr()
    off = xt @ (y * root[:, None])
    found, step, size = np.zeros_like(off), off.copy(), (off * off).sum(0)
    for _ in range(rounds):
        along = xt @ (xs @ step) + strength * step
        pace = size / np.maximum((step * along).sum(0), 1e-12)
        found += pace * step
        off -= pace * along
        now = (off * off).sum(0)
        step = off + now / np.maximum(size, 1e-12) * step
        size = now
    return np.asarray(found, np.float32)


def teach(texts: Sequence[str], scores: Floats, weight: Floats) -> Taught:
    """A student of the scores (texts × columns), each text as heavy as its weight."""
    found = [spread_out(features(texts[i : i + 2000], PLACES), PLACES) for i in range(0, len(texts), 2000)]
    counts = csr_matrix(np.concatenate([f.toarray() for f in found])) if len(texts) < 50 else _stacked(found)
    weights = rarity(counts)
    x = counts @ diags_array(weights)
    length = np.sqrt(np.maximum(counts @ (weights**2), 1e-6))
    x = (diags_array(1 / length) @ x).tocsr()
    bias = np.average(scores, axis=0, weights=weight)
    importance = np.ones(COLUMNS, np.float32)
    for where, share in IMPORTANCE:
        importance[where] = share / np.maximum(scores[:, where].std(0), 0.1)
    axes = np.linalg.svd((scores - bias) * importance * np.sqrt(weight / weight.mean())[:, None], full_matrices=False)[2][:WIDTH]
    table = ridge(x, ((scores - bias) * importance) @ axes.T, weight / weight.mean(), RIDGE, ROUNDS)
    scale = np.maximum(np.abs(table).max(1), 1e-8) / 127
    codes = np.rint(table / scale[:, None]).astype(np.int8)
    return Taught(codes, scale.astype(np.float16), weights.astype(np.float16), np.asarray(axes / importance, np.float32), bias.astype(np.float32))


def _stacked(parts: Sequence[csr_matrix]) -> csr_matrix:
    data = np.concatenate([p.data for p in parts])
    places = np.concatenate([p.indices for p in parts])
    lengths = np.concatenate([np.diff(p.indptr) for p in parts])
    return csr_matrix((data, places, np.concatenate([[0], np.cumsum(lengths)])), shape=(len(lengths), PLACES))
