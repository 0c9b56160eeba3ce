"""What a house taught its readers, at work: tones judged again by its own head. As bytes it is arrays and nothing else; no pickle."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from io import BytesIO
from typing import Any, Final

import numpy as np

from gensvar.text.labels import TONES
from gensvar.text.learning import Floats
from gensvar.text.reading import Reading, moved
from gensvar.text.teach import Head, words_of

NEGATIVE, POSITIVE = TONES.index("negative"), TONES.index("positive")
VECTORS: Final = "vectors"
WORDS: Final = "words"
KINDS: Final = (VECTORS, WORDS)
"""Heads that a house may have: over the encoder's vectors, and over words alone, for the fast path."""


@dataclass(frozen=True, slots=True, eq=False)
class OwnModel:
    """One head with its number in the ledger. encoder: whose vectors it reads; empty for words."""

    number: int
    head: Head
    encoder: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class OwnModels:
    """Those in force. Picklable, so that another process judges alike."""

    vectors: OwnModel | None = None
    words: OwnModel | None = None

    @property
    def version(self) -> str:
        """As it stands in `enriched_by`; empty where there is none."""
        numbers = "+".join(f"own-{one.number}" for one in (self.words, self.vectors) if one is not None)
        return f"+{numbers}" if numbers else ""

    def for_encoder(self, encoder: str) -> "OwnModels":
        """Without a head that was taught on the vectors of another encoder."""
        return self if self.vectors is None or self.vectors.encoder == encoder else replace(self, vectors=None)

    def by_words(self, readings: Sequence[Reading], texts: Sequence[str]) -> list[Reading]:
        """Readings of the fast path, in the house's own tones."""
        if self.words is None or not readings:
            return list(readings)
        return retoned(readings, self.words.head.tones(words_of(texts), tones_of(readings)))

    def by_vectors(self, readings: Sequence[Reading], vectors: Floats) -> list[Reading]:
        """Readings that the encoder has seen, in the house's own tones."""
        if self.vectors is None or not readings:
            return list(readings)
        return retoned(readings, self.vectors.head.tones(vectors, tones_of(readings)))


def tones_of(readings: Sequence[Reading]) -> Floats:
    """texts × 4: what the readings say of the whole texts."""
    return np.array([r.whole.tones for r in readings], np.float32).reshape(len(readings), len(TONES))


def retoned(readings: Sequence[Reading], tones: Floats) -> list[Reading]:
    """The readings with these tones of the whole texts, and of their topics moved by as much. What they say of sentences stays."""
    return [_retoned(reading, row) if reading.said else reading for reading, row in zip(readings, tones.tolist(), strict=True)]


def _retoned(reading: Reading, tones: list[float]) -> Reading:
    negative, neutral, positive, mixed = tones
    value = max(-1.0, min(1.0, tones[POSITIVE] - tones[NEGATIVE]))
    best = TONES[tones.index(max(tones))]
    topics = moved(reading.whole.topics, reading.whole.value, value)
    return replace(reading, whole=replace(reading.whole, tones=(negative, neutral, positive, mixed), tone=best, value=value, topics=topics))


def written(head: Head) -> bytes:
    """The head as a compressed NPZ of its arrays; weights in half precision."""
    kept: dict[str, Any] = {f.name: getattr(head, f.name) for f in fields(head)}
    kept["weights"] = kept["weights"].astype(np.float16)
    body = BytesIO()
    np.savez_compressed(body, **kept)
    return body.getvalue()


@lru_cache(maxsize=8)
def head_of(body: bytes) -> Head:
    """What `written` wrote. ValueError for anything else: nothing in it is ever run."""
    with np.load(BytesIO(body), allow_pickle=False) as found:
        kept: Mapping[str, Floats] = {f.name: found[f.name].astype(np.float32) for f in fields(Head)}
    return Head(**kept)
