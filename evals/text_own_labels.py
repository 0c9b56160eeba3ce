"""With 50 to 200 labels of one's own: how right the reader becomes, by the very function that teaches a house; and what free ratings give."""

import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from evals.result import Result
from evals.text_data import TestSet, sets
from gensvar.enrich.own_models import tones_of
from gensvar.enrich.understanding import ENCODER, Understanding, encoder_version
from gensvar.text.compact import packed, unpacked
from gensvar.text.encoder.e5 import E5
from gensvar.text.keys import key_of
from gensvar.text.teach import Lessons, chosen_among, scores, taught

DRAWS: Final = 5
SIZES: Final = (50, 100, 200)
MOST: Final = 1_000
TESTED: Final = 500  # rows of each draw that teach nothing and are measured on
T_95: Final = 2.776  # of five draws
TARGETS: Final = {"Swedish reviews": ("accuracy", 0.93), "Danish reviews": ("accuracy", 0.89), "US airline tweets": ("macro_f1", 0.74)}
LABELS: Final = 200


@dataclass(frozen=True, slots=True)
class Drawn:
    """What one draw of labels gave on rows that were not in it. used: with the head only where its trial said so, as a house would have it."""

    before: float
    head: float
    used: float
    helps: bool


def lessons_of(one: TestSet, encoder: E5) -> Lessons:
    """The whole set as labels: of two classes as ratings are, of three as labels of words."""
    texts = [case.text for case in one.cases]
    stored = packed(encoder.encode(texts))
    vectors = dict(zip(map(key_of, texts), stored, strict=True))
    reader = Understanding((one.language,), encoder=encoder_version(ENCODER))
    readings, _ = reader.readings(texts, [one.language] * len(texts), vectors)
    right = np.array([case.tone for case in one.cases], np.int64)
    n = len(right)
    allowed = chosen_among(right, rating=one.classes == 2)
    return Lessons(unpacked(stored), tones_of(readings), right, allowed, np.ones(n, np.float32), np.ones(n, bool))


def draws(every: Lessons, size: int, what: str) -> Iterator[Drawn]:
    """Five draws of so many labels, always measured on the same number of other rows."""
    for seed in range(DRAWS):
        order = np.random.default_rng(seed).permutation(len(every))
        rest = every.at(order[-TESTED:])
        head, trial = taught(every.at(order[:size]))
        before = float(getattr(scores(rest, rest.said), what))
        ours = before if head is None else float(getattr(scores(rest, head.tones(rest.inputs, rest.said)), what))
        yield Drawn(before, ours, ours if trial.helps else before, trial.helps)


def evaluate(data: Path) -> list[Result]:
    """The reader as it ships and with own labels, on three real sets; printed with intervals over draws, the last size as results with its target."""
    encoder = E5.load()
    found = []
    for one in sets(data, most=MOST):
        if one.name not in TARGETS:
            continue
        what, target = TARGETS[one.name]
        every = lessons_of(one, encoder)
        for size in SIZES:
            drawn = list(draws(every, size, what))
            values = [d.used for d in drawn]
            mean, half = statistics.mean(values), T_95 * statistics.stdev(values) / DRAWS**0.5
            before, head = statistics.mean(d.before for d in drawn), statistics.mean(d.head for d in drawn)
            helped = f"in force in {sum(d.helps for d in drawn)} of {DRAWS}"
            print(f"{one.name}, {size} own labels: {what} {mean:.3f} ± {half:.3f} (before {before:.3f}, the head itself {head:.3f}; {helped})")
            if size == LABELS:
                found.append(Result(f"{one.name}, {what} with {size} own labels", round(mean, 4), "share", target))
    return found
