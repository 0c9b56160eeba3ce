"""Topics known by ten examples each: Banking77, its fixed test split, by the very function that finds a house's own topics."""

from pathlib import Path
from typing import Final

import numpy as np

from evals.result import Result
from evals.text_data import queries
from gensvar.text.encoder.e5 import E5
from gensvar.text.few_shot import likeliest, space_of
from gensvar.text.learning import Floats, Ints

EXAMPLES: Final = 10
DRAWS: Final = 3
TARGET: Final = 0.87


def evaluate(data: Path) -> list[Result]:
    """The mean share of right intents over three draws of the examples; nothing where the set is not there."""
    rows = queries(data)
    if not rows:
        return []
    names = sorted({row["label"] for row in rows})
    label = np.array([names.index(row["label"]) for row in rows])
    train = np.array([row["split"] == "train" for row in rows])
    encoder = E5.load()
    vectors = encoder.encode([row["text"] for row in rows])
    named = encoder.encode([name.replace("_", " ") for name in names])
    right = [one_draw(seed, vectors, named, label, train) for seed in range(DRAWS)]
    return [Result("topics: Banking77, ten examples an intent", round(float(np.mean(right)), 4), "accuracy", TARGET)]


def one_draw(seed: int, vectors: Floats, named: Floats, label: Ints, train: np.ndarray) -> float:
    """Accuracy on the test split with these examples; all training texts, without labels, are the texts of the house."""
    rng, places = np.random.default_rng(seed), np.flatnonzero(train)
    examples = {}
    for k in range(len(named)):
        mine = rng.permutation(places[label[places] == k])[:EXAMPLES]
        examples[str(k)] = np.vstack([vectors[mine], named[k : k + 1]])
    found = likeliest(examples, vectors[~train], space_of(vectors[train]))
    return float((found == label[~train]).mean())
