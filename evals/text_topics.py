"""Topics of real texts, under a mapping that was fixed beforehand (topic_map.toml): the taxonomy that ships, without a single label of the set."""

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from evals.intervals import Rows, interval, macro_f1_of_many
from evals.result import Result
from evals.text_data import Case, sets
from gensvar.text.encoder.e5 import E5
from gensvar.text.labels import top
from gensvar.text.reading import Reading
from gensvar.text.understand import Reader

MAP: Final = Path(__file__).parent / "topic_map.toml"
LEAST: Final = 30
TARGETS: Final = {"railway": 0.42, "airline": 0.46}
NAMES: Final = {"railway": "German railway", "airline": "US airline tweets"}


def means(reading: Reading, topics: Sequence[str]) -> bool:
    """Whether the reading names one of the topics, or a sub-topic of one."""
    named = {t.topic for t in reading.whole.topics}
    named |= {top(t) for t in named}
    return any(t in named for t in topics)


def grids(cases: Sequence[Case], readings: Sequence[Reading], mapped: Mapping[str, Sequence[str]]) -> tuple[Rows, Rows]:
    """texts × labels: right, and said."""
    labels = [k for k in mapped if sum(k in c.topics for c in cases) >= LEAST] or list(mapped)
    right = np.array([[k in c.topics for k in labels] for c in cases])
    return right, np.array([[means(r, mapped[k]) for k in labels] for r in readings])


def evaluate(data: Path, most: int = 1500) -> list[Result]:
    """Macro-F1 over the labels, multi-label, with the cuts that ship."""
    reader, encoder, maps = Reader.load(), E5.load(2), tomllib.loads(MAP.read_text("utf-8"))
    found = []
    for key, name in NAMES.items():
        mapped, one = maps[key], next(s for s in sets(data, most=most) if s.name == name)
        cases = [c for c in one.cases if any(t in mapped for t in c.topics)] if key == "airline" else list(one.cases)
        if not cases:
            continue
        texts = [c.text for c in cases]
        readings = reader.refine(reader.read(texts, [one.language] * len(texts)), encoder.encode(texts))
        right, said = grids(cases, readings, mapped)
        value = macro_f1_of_many(right, said)
        unit = f"macro-F1 of {right.shape[1]}, {interval(macro_f1_of_many, right, said, 200)}"
        found.append(Result(f"topics: {one.name}", round(value, 4), unit, TARGETS[key]))
    return found
