"""The tone of each topic on real texts whose aspects people have judged: by the student alone, and with the encoder."""

import json
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha1
from pathlib import Path
from typing import Final

import numpy as np
from tools.text.data import NEGATIVE, NEUTRAL, POSITIVE, clean, key, rows

from evals.intervals import Rows, interval, macro_f1
from evals.result import Result
from evals.text_data import FOR_CHOOSING
from gensvar.text.encoder.e5 import E5
from gensvar.text.labels import MILD, top
from gensvar.text.reading import Reading
from gensvar.text.understand import Reader

MAP: Final = Path(__file__).parent / "topic_map.toml"
ANY: Final = "*"  # every topic of a text all of whose opinions go one way
_POLARITY: Final = {"negative": NEGATIVE, "neutral": NEUTRAL, "positive": POSITIVE}


@dataclass(frozen=True, slots=True)
class Case:
    """text; tones: what people say of each of our topics, or of ANY."""

    text: str
    tones: Mapping[str, int]


def evaluate(data: Path, most: int = 630) -> list[Result]:
    """English laptops and restaurants, German railways, Norwegian reviews: the rows by which nothing was chosen."""
    reader, encoder, maps = Reader.load(), E5.load(2), tomllib.loads(MAP.read_text("utf-8"))
    named = {
        "English reviews": ("en", _english(data, maps["reviews"])),
        "German railway": ("de", _german(data, maps["railway"])),
        "Norwegian reviews": ("nb", _norwegian(data)),
    }
    return [r for name, (language, cases) in named.items() for r in _of_set(name, language, _kept(cases, most), reader, encoder)]


def _of_set(name: str, language: str, cases: Sequence[Case], reader: Reader, encoder: E5) -> list[Result]:
    if not cases:
        return []
    texts = [c.text for c in cases]
    fast = reader.read(texts, [language] * len(texts))
    slow = reader.refine(fast, encoder.encode(texts))
    found = []
    for label, readings in ((", student alone", fast), ("", slow)):
        right, said = judged(cases, readings)
        found.append(Result(f"tone of topics: {name}{label}", round(macro_f1(right, said), 4), f"macro-F1, {interval(macro_f1, right, said)}"))
        ill = said == NEGATIVE
        found.append(Result(f"tone of topics: {name}{label}, ill ones found", round(float(ill[right == NEGATIVE].mean()), 4), _of(right == NEGATIVE)))
        found.append(Result(f"tone of topics: {name}{label}, called ill rightly", round(float((right[ill] == NEGATIVE).mean()), 4), _of(ill)))
    return found


def _of(which: Rows) -> str:
    return f"of {int(which.sum())}"


def judged(cases: Sequence[Case], readings: Sequence[Reading]) -> tuple[Rows, Rows]:
    """Of each topic that was read and that people judged: their tone, and ours."""
    pairs = [
        (case.tones[where], NEGATIVE if one.value < -MILD else POSITIVE if one.value > MILD else NEUTRAL)
        for case, reading in zip(cases, readings, strict=True)
        for one in reading.whole.topics
        for where in [next((w for w in (ANY, one.topic, top(one.topic)) if w in case.tones), None)]
        if where is not None
    ]
    return np.array([right for right, _ in pairs]), np.array([said for _, said in pairs])


def _kept(cases: Iterator[Case], most: int) -> list[Case]:
    """Each text once, those by which nothing was chosen, in a fixed random order."""
    once = {c.text: c for c in cases if c.text and c.tones}
    kept = [c for c in once.values() if _draw(c.text) % 100 >= FOR_CHOOSING]
    return sorted(kept, key=lambda c: (_draw(c.text), c.text))[:most]


def _draw(text: str) -> int:
    return int(sha1(("evals" + key(text)).encode(), usedforsecurity=False).hexdigest(), 16) % 10_000


def mapped(said: Sequence[tuple[str, str]], topics: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Our topics, with the tone in which all opinions on them agree. said: (their label, polarity)."""
    tones: dict[str, set[int]] = defaultdict(set)
    for label, polarity in said:
        for topic in topics.get(label, ()):
            tones[topic].add(_POLARITY[polarity.strip().lower()])
    return {topic: next(iter(found)) for topic, found in tones.items() if len(found) == 1}


def _english(data: Path, topics: Mapping[str, Sequence[str]]) -> Iterator[Case]:
    for row in rows(data, "aspects_semeval/acos_quads"):
        yield Case(clean(row["text"]), mapped([(o["category"], o["polarity"]) for o in json.loads(row["labels"])], topics))


def _german(data: Path, topics: Mapping[str, Sequence[str]]) -> Iterator[Case]:
    for row in rows(data, "aspects_de_germeval2017_bahn/documents"):
        yield Case(clean(row["text"]), mapped([(o["category"].partition("#")[0], o["polarity"]) for o in json.loads(row["opinions"])], topics))


def _norwegian(data: Path) -> Iterator[Case]:
    """Sentences of the parts that train nothing, all of whose opinions go one way."""
    for row in rows(data, "aspects_no_norec_fine/sentences"):
        ways = {str(o["Polarity"]).lower() for o in json.loads(row["opinions"])}
        if row["split"] in {"dev", "test"} and len(ways) == 1 and ways <= set(_POLARITY):
            yield Case(clean(row["text"]), {ANY: _POLARITY[ways.pop()]})
