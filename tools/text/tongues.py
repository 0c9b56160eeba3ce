"""`python -m tools.text.tongues --data FOLDER`: trains the model of languages, on texts and, as short feedback is, on a few words of each."""

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from babel.messages.pofile import read_po
from scipy.optimize import minimize
from scipy.sparse import csr_matrix, diags_array

from gensvar.text.hashing import features
from gensvar.text.language import LANGUAGES, bare
from gensvar.text.learning import Floats
from gensvar.text.student import spread_out
from tools.text import data
from tools.text.data import Example
from tools.text.shipping import MODELS

PLACES = 1 << 18
MOST = 3000  # texts of one language from one source
FEW = ("sv", "nb", "da", "de", "nl")  # of these there is too little to leave any out
STRENGTH = 2e-6
ROUNDS = 50
RARE = 0.4  # the power of how often a feature stands: without it the common ones are all that fifty rounds learn
PIECES = 3  # of each text
LONGEST = 30  # words
WORDS = Path(__file__).with_name("neighbours.tsv")
PAGES = Path(__file__).parents[2] / "src" / "gensvar" / "kit" / "locale"
_GAPS = re.compile(r"\{[^}]*\}|%\(\w+\)s|%s")


def pages() -> list[Example]:
    """What our own pages say, in the languages that they are in."""
    found = []
    for path in sorted(PAGES.glob("*/LC_MESSAGES/*.po")):
        with path.open("rb") as file:
            said = [m.string for m in read_po(file) if m.id and m.string]
        forms = [form for one in said for form in ([one] if isinstance(one, str) else one)]
        found += [Example(data.clean(_GAPS.sub(" ", form)), path.parts[-3], "pages") for form in forms if form]
    return found


def neighbours() -> dict[str, list[str]]:
    """Words that stand in one column of our list only: Danish, Norwegian or Swedish."""
    names, *rows = (line.split("\t") for line in WORDS.read_text("utf-8").splitlines())
    columns = [set(column) for column in zip(*rows, strict=True)]
    times = Counter(word for column in columns for word in column)
    return {name: sorted(w for w in column if times[w] == 1) for name, column in zip(names, columns, strict=True)}


def handfuls(random: np.random.Generator, times: int = 6) -> Iterator[Example]:
    """One to three of those words at a time, and each by itself."""
    for language, words in neighbours().items():
        yield from (Example(word, language, "words") for word in words)
        for _ in range(times):
            order = random.permutation(words).tolist()
            yield from (Example(" ".join(order[i : i + int(random.integers(1, 4))]), language, "words") for i in range(0, len(order), 2))


def gathered(folder: Path) -> list[Example]:
    """Texts whose language is known by their source: our corpus three times, for its are the only ones of feedback."""
    public = [*data.finnish(folder, held_out=False), *data.norwegian(folder, "train"), *data.danish_news(folder), *data.restaurants(folder)]
    public += [*data.clothing(folder), *data.assistants(folder, 2000), *data.subtitles(folder), *data.opinions(folder)]
    random, by = np.random.default_rng(3), Counter[tuple[str, str]]()
    kept = []
    for i in random.permutation(len(public)).tolist():
        e = public[i]
        by[e.source, e.language] += 1
        if by[e.source, e.language] <= MOST * (1 + (e.language in FEW)):
            kept.append(e)
    return kept + data.corpus() * 3 + pages()


def piece(words: Sequence[str], random: np.random.Generator) -> str:
    """One to eight neighbouring words, the first ones two times in five."""
    size = min(len(words), int(random.integers(1, 9)))
    start = int(random.integers(0, len(words) - size + 1)) if random.random() < 0.6 else 0
    return " ".join(words[start : start + size])


def cut(known: Sequence[Example], random: np.random.Generator) -> Iterator[tuple[str, int]]:
    """Each text and pieces of it, with the place of its language."""
    for e in known:
        words, language = bare(e.text).split(), LANGUAGES.index(e.language)
        yield " ".join(words[:LONGEST]), language
        if len(words) > 2:
            yield from ((piece(words, random), language) for _ in range(PIECES))


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


def learned(texts: Sequence[str], right: npt.NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Weights and bias: every language counts as much as another, whatever there is of it; rare features are heard."""
    x = spread_out(features(texts, PLACES), PLACES)
    length = np.sqrt(np.maximum(np.asarray(x.sum(1)).ravel(), 1))
    x = (diags_array(1 / length) @ x).tocsr()
    louder = (np.maximum(np.bincount(x.indices, minlength=PLACES), 1) / 100) ** -RARE
    weight = 1 / np.bincount(right)[right]
    weights, bias = trained((x @ diags_array(louder)).tocsr().astype(np.float32), right, (weight / weight.mean()).astype(np.float32))
    return (weights * louder[:, None]).astype(np.float32), bias


def main() -> int:
    """Trains and writes the model."""
    ask = argparse.ArgumentParser(prog="python -m tools.text.tongues", description=__doc__)
    ask.add_argument("--data", type=Path, required=True)
    told = ask.parse_args()
    random = np.random.default_rng(5)
    known = [e for e in gathered(told.data) if e.language in LANGUAGES]
    few = [(e.text, LANGUAGES.index(e.language)) for e in handfuls(random)]
    texts, right = zip(*cut(known, random), *few, strict=True)
    weights, bias = learned(texts, np.array(right))
    scale = np.abs(weights).max() / 127
    np.savez(MODELS / "language.npz", codes=np.rint(weights / scale).astype(np.int8), scale=np.float32(scale), bias=bias)
    sys.stdout.write(f"{len(texts)} texts\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
