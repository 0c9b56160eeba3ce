"""What was understood of one text, as frozen values."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from gensvar.text.labels import Tone

SUREST: Final = 0.999  # no tone is surer than this when two are put together


@dataclass(frozen=True, slots=True)
class TopicTone:
    """A topic that is spoken of. probability: that it is; value: the tone toward it, −1…1."""

    topic: str
    probability: float
    value: float


@dataclass(frozen=True, slots=True)
class Judgement:
    """One sentence or one whole text, judged.

    value: sentiment, −1…1. tone: the likeliest class. tones: calibrated probabilities of labels.TONES, in their order; they sum to 1.
    topics: likeliest first. causes and flags: those likelier than not. certainty: 0…1, low where a slower reader should look again.
    """

    value: float
    tone: Tone
    tones: tuple[float, float, float, float]
    topics: tuple[TopicTone, ...]
    intent: str
    causes: tuple[str, ...]
    flags: tuple[str, ...]
    emotion: str
    certainty: float

    @property
    def probability(self) -> float:
        """That the tone is right."""
        return max(self.tones)


@dataclass(frozen=True, slots=True)
class Sentence:
    """text[start:end], judged by itself."""

    start: int
    end: int
    judged: Judgement


@dataclass(frozen=True, slots=True)
class Reading:
    """One text, judged as a whole and by sentence. said: False where there is nothing to judge (empty, only signs); version: what judged it."""

    language: str | None
    whole: Judgement
    sentences: tuple[Sentence, ...]
    version: str
    said: bool = True


def moved(topics: Iterable[TopicTone], before: float, now: float) -> tuple[TopicTone, ...]:
    """The topics, each with its tone moved as that of the whole text is, from `before` to `now` (as log odds), whoever judges it anew.

    >>> [t.value for t in moved([TopicTone("price", 0.9, -0.1), TopicTone("staff", 0.8, 0.5)], -0.1, -0.6)]
    [-0.6, -0.0435]
    """
    step = _odds(now) - _odds(before)
    return tuple(replace(t, value=round(math.tanh(_odds(t.value) + step), 4)) for t in topics)


def _odds(tone: float) -> float:
    """Half the log odds of good against bad; finite for a tone of −1 and 1 too."""
    return math.atanh(min(max(tone, -SUREST), SUREST))
