"""What was understood of one text, as frozen values."""

from dataclasses import dataclass

from gensvar.text.labels import Tone


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
