"""How rightly search finds: Banking77's test questions, asked for by the name of their intent and by each other (precision of the first ten)."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from evals.result import Result
from evals.text_data import queries
from gensvar.serve.desks.voice_nearness import fused
from gensvar.text.encoder.e5 import E5
from gensvar.text.search import terms
from gensvar.text.stems import fit, fits

FIRST, SAMPLE, SEED = 10, 500, 7
IN_ORDER = 200


def evaluate(folder: Path) -> list[Result]:
    """Nothing where the set is not there."""
    rows = [r for r in queries(folder) if r["split"] == "test"]
    if not rows:
        return []
    texts, labels = [str(r["text"]) for r in rows], [str(r["label"]) for r in rows]
    names = sorted(set(labels))
    encoder = E5.load(threads=2)
    vectors, asked = encoder.encode(texts), encoder.encode([_said(n) for n in names])
    by_words = [_by_words(texts, _said(n)) for n in names]
    by_meaning = [_nearest(vectors, a) for a in asked]
    both = [[int(i) for i in fused([list(map(str, w)), list(map(str, m))])] for w, m in zip(by_words, by_meaning, strict=True)]
    some = np.random.default_rng(SEED).choice(len(texts), min(SAMPLE, len(texts)), replace=False)
    like = [[i for i in _nearest(vectors, vectors[at]) if i != at] for at in some]
    return [
        Result("search for the name of an intent, by words, precision of ten", _precision(by_words, names, labels), "share, 0…1"),
        Result("search for the name of an intent, by meaning, precision of ten", _precision(by_meaning, names, labels), "share, 0…1"),
        Result("search for the name of an intent, by both, precision of ten", _precision(both, names, labels), "share, 0…1"),
        Result("more like this, same intent, precision of ten", _precision(like, [labels[at] for at in some], labels), "share, 0…1"),
    ]


def _said(name: str) -> str:
    return " ".join(name.replace("_", " ").replace("?", "").split()[:10])


def _by_words(texts: Sequence[str], words: str) -> list[int]:
    """The texts that have every word, the best first, as Voices lists them."""
    wanted = terms(words)
    found = [(-fit(t, "en", wanted), at) for at, t in enumerate(texts) if fits(t, "en", wanted)]
    return [at for _, at in sorted(found)]


def _nearest(vectors: Any, one: Any) -> list[int]:
    return [int(i) for i in np.argsort(-(vectors @ one), kind="stable")[:IN_ORDER]]


def _precision(found: Sequence[Sequence[int]], wanted: Sequence[str], labels: Sequence[str]) -> float:
    """The share of ten places that hold a text of the intent; a place that stays empty counts as wrong."""
    right = [sum(labels[i] == name for i in places[:FIRST]) / FIRST for places, name in zip(found, wanted, strict=True)]
    return round(float(np.mean(right)), 4)
