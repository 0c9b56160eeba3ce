"""Themes on Banking77: how well groups agree with the 77 intents, whose number nobody is told; which of those shown each of two halves finds again.

The settings of the grouping were chosen on HWU64 and on 38 of the intents (`CHOSEN_ON`); the other 39 are reported by themselves beside all 77.
Beside it BERTopic on the same vectors, where it is installed (`pip install --no-deps bertopic`, with umap-learn, hdbscan, pandas, plotly).
"""

import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from evals.result import Result
from evals.text_data import queries
from gensvar.text.themes import HELD, LEAST_MEMBERS, Groups, groups
from gensvar.text.themes.cluster import Vectors, likeness

TEXTS: Final = 5000
CHOSEN_ON: Final = 38
SAME: Final = 0.5  # of Jaccard's likeness: a theme of which a half finds as much is the same theme there
DRAWS: Final = 3
Labels = NDArray[np.intp]


def agreement(a: Labels, b: Labels) -> float:
    """Mutual information over the mean of both entropies (Vinh, Epps & Bailey 2010, JMLR 11:2837): 1 for the same groups, 0 for unrelated ones."""
    table = np.zeros((a.max() + 1, b.max() + 1))
    np.add.at(table, (a, b), 1 / len(a))
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    there = table > 0
    shared = float((table[there] * np.log(table[there] / np.outer(rows, columns)[there])).sum())
    entropy = [float(-(p[p > 0] * np.log(p[p > 0])).sum()) for p in (rows, columns)]
    return shared / (sum(entropy) / 2) if sum(entropy) else 1.0


def shown(found: Groups) -> NDArray[np.bool_]:
    """The groups that the page would show."""
    made: NDArray[np.bool_] = (found.held >= HELD) & (np.bincount(found.of) >= LEAST_MEMBERS)
    return made


def kept(vectors: Vectors, found: Groups) -> float:
    """The share of the shown groups that both of two new random halves find again, each grouped by itself as a whole would be; mean of DRAWS."""
    rng, of_those = np.random.default_rng(1234), shown(found)
    shares = []
    for _ in range(DRAWS):
        order = rng.permutation(len(vectors))
        halves = (order[: len(order) // 2], order[len(order) // 2 :])
        like = np.min([likeness(found.of[half], groups(vectors[half]).of, len(found.held)) for half in halves], axis=0)
        shares.append(float((like[of_those] >= SAME).mean()))
    return float(np.mean(shares))


def bertopic(texts: Sequence[str], vectors: Vectors) -> tuple[Labels, float]:
    """BERTopic as it comes, on the same vectors: its groups, with what it calls noise as one, and the seconds of its second run."""
    from bertopic import BERTopic

    for _ in range(2):
        began = time.perf_counter()
        labels, _ = BERTopic(embedding_model=None, calculate_probabilities=False).fit_transform(list(texts), vectors)
    return np.asarray(labels) - min(labels), time.perf_counter() - began


def measured(texts: Sequence[str], labels: Sequence[str], vectors: Vectors) -> list[Result]:
    """All numbers of one sample of Banking77's training rows."""
    names, truth = np.unique(np.asarray(labels), return_inverse=True)
    began = time.perf_counter()
    found = groups(vectors)
    seconds = time.perf_counter() - began
    unseen = np.isin(truth, np.random.default_rng(7).permutation(len(names))[CHOSEN_ON:])
    apart = groups(vectors[unseen])
    value = agreement(truth, found.of)
    results = [
        Result("themes: Banking77, agreement with 77 intents", value, "NMI", 0.78),
        Result("themes: the same on the 39 intents that nothing was chosen on", agreement(truth[unseen], apart.of), "NMI", 0.78),
        Result("themes: groups found for 77 intents", len(found.held), "groups"),
        Result("themes: of which shown", int(shown(found).sum()), "groups"),
        Result("themes: shown that both of two halves find again", kept(vectors, found), "share", 0.9),
        Result("themes: 5,000 texts grouped, twice halved", 1 / seconds, "times a second", 0.5),
    ]
    if find_spec("bertopic") is not None:
        theirs, took = bertopic(texts, vectors)
        results[0] = Result(results[0].name, value, "NMI", 0.78, "BERTopic on the same vectors", value / agreement(truth, theirs))
        results[-1] = Result(results[-1].name, 1 / seconds, "times a second", 0.5, "BERTopic on the same vectors", took / seconds)
    return results


def evaluate(data: Path) -> list[Result]:
    """Nothing where the set is not there."""
    from gensvar.text.encoder.e5 import E5
    from gensvar.text.heads import Heads

    rows: list[dict[str, Any]] = [r for r in queries(data) if r["split"] == "train"]
    if not rows:
        return []
    drawn = [rows[at] for at in np.random.default_rng(0).choice(len(rows), min(TEXTS, len(rows)), replace=False)]
    texts = [r["text"] for r in drawn]
    return measured(texts, [r["label"] for r in drawn], Heads.load().about(E5.load().encode(texts)))
