"""`python -m tools.text.tongues --data FOLDER`: trains the model of languages, on whole texts and on short pieces of them."""

import argparse
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.sparse import csr_matrix, diags_array

from gensvar.text.hashing import features
from gensvar.text.language import LANGUAGES, bare
from gensvar.text.learning import Floats
from gensvar.text.student import spread_out
from tools.text import data
from tools.text.data import Example
from tools.text.shipping import MODELS

PLACES = 1 << 17
MOST = 3000  # texts of one language from one source
STRENGTH = 2e-6
ROUNDS = 40


def gathered(folder: Path) -> list[Example]:
    """Texts whose language is known by their source: our corpus three times, for its are the only ones of feedback."""
    public = [*data.finnish(folder, held_out=False), *data.norwegian(folder, "train"), *data.danish_news(folder), *data.restaurants(folder)]
    public += [*data.clothing(folder), *data.assistants(folder, 2000), *data.subtitles(folder), *data.opinions(folder)]
    random, by = np.random.default_rng(3), Counter[tuple[str, str]]()
    kept = []
    for i in random.permutation(len(public)).tolist():
        e = public[i]
        by[e.source, e.language] += 1
        if by[e.source, e.language] <= MOST:
            kept.append(e)
    return kept + data.corpus() * 3


def piece(text: str, random: np.random.Generator) -> str:
    """Some neighbouring words, one to twenty-five, short ones as often as long ones."""
    words = text.split()
    size = min(len(words), int(random.integers(1, 9)) if random.random() < 0.6 else int(random.integers(4, 26)))
    start = int(random.integers(0, len(words) - size + 1)) if words else 0
    return " ".join(words[start : start + size])


def trained(x: csr_matrix, right: npt.NDArray[np.int64], weight: Floats) -> tuple[Floats, Floats]:
    """Weights and bias of a softmax regression."""
    k, d, n = len(LANGUAGES), x.shape[1], x.shape[0]
    goal = np.eye(k, dtype=np.float32)[right]
    xt = x.T.tocsr()

    def cost(flat: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        w, b = flat[: d * k].reshape(d, k).astype(np.float32), flat[d * k :]
        z = x @ w + b
        z -= z.max(1, keepdims=True)
        log = z - np.log(np.exp(z).sum(1, keepdims=True))
        off = (np.exp(log) - goal) * weight[:, None] / n
        value = -float((weight * log[np.arange(n), right]).sum()) / n + 0.5 * STRENGTH * float((w * w).sum())
        return value, np.concatenate([np.asarray(xt @ off.astype(np.float32) + STRENGTH * w, np.float64).ravel(), off.sum(0)])

    best = minimize(cost, np.zeros(d * k + k), jac=True, method="L-BFGS-B", options={"maxiter": ROUNDS}).x.astype(np.float32)
    return best[: d * k].reshape(d, k), best[d * k :]


def main() -> int:
    """Trains and writes the model."""
    ask = argparse.ArgumentParser(prog="python -m tools.text.tongues", description=__doc__)
    ask.add_argument("--data", type=Path, required=True)
    told = ask.parse_args()
    random = np.random.default_rng(5)
    known = [e for e in gathered(told.data) if e.language in LANGUAGES]
    texts = [bare(e.text) for e in known]
    right = np.array([LANGUAGES.index(e.language) for e in known] * 2)
    texts += [piece(t, random) for t in texts]
    x = spread_out(features(texts, PLACES), PLACES)
    length = np.sqrt(np.maximum(np.asarray(x.sum(1)).ravel(), 1))
    weight = 1 / np.sqrt(np.bincount(right)[right])
    weights, bias = trained((diags_array(1 / length) @ x).tocsr().astype(np.float32), right, (weight / weight.mean()).astype(np.float32))
    scale = np.abs(weights).max() / 127
    np.savez(MODELS / "language.npz", codes=np.rint(weights / scale).astype(np.int8), scale=np.float32(scale), bias=bias)
    sys.stdout.write(f"{len(texts)} texts\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
