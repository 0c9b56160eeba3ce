"""Languages of real texts in six languages: whole, cut at six words, cut at three. Beside py3langid, limited to the same ten languages."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from evals.intervals import accuracy, interval
from evals.result import Result
from evals.text_data import sets
from gensvar.text.language import LANGUAGES, bare, detect, spoken

LENGTHS: Final = {"all words": 10_000, "six words": 6, "three words": 3}
TARGET: Final = 0.96
MARKETS: Final = {"sv": "SE", "nb": "NO", "da": "DK", "fi": "FI", "en": "US", "de": "DE"}
THEIRS: Final = {"no": "nb", "nn": "nb"}


def pieces(data: Path, most: int) -> Iterator[tuple[str, str, str]]:
    """length, language, text; each text at every length that it has."""
    for one in sets(data, most=most):
        for case in one.cases:
            words = bare(case.text).split()
            for name, length in LENGTHS.items():
                if len(words) >= (2 if length > 6 else length):
                    yield name, one.language, " ".join(words[:length])


def peer() -> Any:
    """py3langid, limited."""
    found: Any = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    found.set_languages([*(one for one in LANGUAGES if one != "nb"), "no", "nn"])
    return found


def evaluate(data: Path, most: int = 400) -> list[Result]:
    """Share right, “unknown” counted as wrong; all lengths together against the target."""
    every = list(pieces(data, most))
    if not every:
        return []
    lengths, languages, texts = (np.array(column, object) for column in zip(*every, strict=True))
    said = np.array([g.language or "unknown" for g in detect(texts.tolist())], object)
    theirs_model = peer()
    theirs = np.array([THEIRS.get(code := theirs_model.classify(t)[0], code) for t in texts.tolist()], object)
    value = accuracy(languages, said)
    name = "language: six languages, all lengths"
    ratio = round(value / accuracy(languages, theirs), 3)
    found = [Result(name, round(value, 4), f"accuracy, {interval(accuracy, languages, said, 200)}", TARGET, "py3langid, limited to ten", ratio)]
    markets = pa.array([MARKETS[one] for one in languages.tolist()])
    heeded = np.array(
        [one or "unknown" for one in spoken(pa.array(texts.tolist()), pa.nulls(len(texts), pa.string()), markets, LANGUAGES).to_pylist()], object
    )
    found.append(
        Result(
            "language: the same, every row from a market of its language",
            round(accuracy(languages, heeded), 4),
            f"accuracy, {interval(accuracy, languages, heeded, 200)}",
        )
    )
    for length in LENGTHS:
        at = lengths == length
        found.append(Result(f"language: {length}", round(accuracy(languages[at], said[at]), 4), f"of {int(at.sum())}"))
    for one in dict.fromkeys(languages.tolist()):
        at = languages == one
        found.append(Result(f"language: {one}, all lengths", round(accuracy(languages[at], said[at]), 4), f"of {int(at.sum())}"))
    return found
