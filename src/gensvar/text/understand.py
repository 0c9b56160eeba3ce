"""understand: what texts say. Reads: texts, their languages, their vectors where there are any. Writes: nothing. Promises: never raises on any text.

A text is cut into sentences and clauses; the student scores each, and sums of clauses are sentences and texts. Contrast is heard because each
clause is judged by itself: a text is mixed when its clauses disagree, and each topic has the tone of the clauses that speak of it, moved as the
encoder, once it has seen the text, moves the whole. Some sub-topics are given away by a word, whatever the models know of them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib import resources
from typing import Any, Final, Self

import msgspec
import numpy as np
import numpy.typing as npt

from gensvar.text.heads import Heads
from gensvar.text.labels import CAUSES, EMOTIONS, FLAGS, INTENTS, TONES, TOPICS
from gensvar.text.learning import Floats, Ints, sigmoid, softmax
from gensvar.text.outputs import TONE, TOPIC, Said, exact, probabilities
from gensvar.text.reading import Judgement, Reading, Sentence, TopicTone, moved
from gensvar.text.sentences import Span, clauses, sentences
from gensvar.text.student import Student
from gensvar.text.telling import VERSION as WORDS
from gensvar.text.telling import by_words, given_away, still

Vectors = npt.NDArray[np.float32]
NEGATIVE, NEUTRAL, POSITIVE, MIXED = range(4)
MOST_TOPICS: Final = 6
_AT_ONCE: Final = 512
_NOTHING: Final = Judgement(0.0, "neutral", (0.0, 1.0, 0.0, 0.0), (), "other", (), (), "none", 0.0)


class Settings(msgspec.Struct, frozen=True):
    """What was set on texts held out of training. cuts: the probabilities from which on a label is said.

    sharp: what the student's tone scores are multiplied by so that its probabilities come true; tilt: what is added; whole and head_tilt: the
    same of the encoder's, head_tilts: what is added in a language of its own. parts: how far clauses that disagree make a text mixed. trust: the
    encoder's share where both have spoken.
    """

    version: str
    topic_cut: float
    label_cut: float
    head_topic_cut: float
    head_label_cut: float
    sharp: float
    whole: float
    tilt: tuple[float, float, float, float]
    head_tilt: tuple[float, float, float, float]
    head_tilts: dict[str, tuple[float, float, float, float]]
    parts: float
    trust: float


@dataclass(frozen=True, slots=True)
class _Cut:
    """Texts cut up: spans of sentences by text; pieces: all clauses in order; firsts: the first clause of each sentence, and of each text."""

    sentences: list[tuple[Span, ...]]
    pieces: list[str]
    of_sentence: Ints
    of_text: Ints
    said: list[int]


class Reader:
    """Judges texts. One for each process; holds nothing of what it has read."""

    __slots__ = ("_heads", "_set", "_student", "version")

    def __init__(self, student: Student, heads: Heads, settings: Settings) -> None:
        self._student, self._heads, self._set, self.version = student, heads, settings, f"{settings.version}.{WORDS}"

    @classmethod
    def load(cls) -> Self:
        """The models that ship with the package."""
        settings = (resources.files("gensvar.text.models") / "reader.json").read_bytes()
        return cls(Student.load(), Heads.load(), msgspec.json.decode(settings, type=Settings))

    def read(self, texts: Sequence[str], languages: Sequence[str | None]) -> list[Reading]:
        """One reading for each text, in their order: the fast path, without vectors."""
        if len(texts) != len(languages):
            raise ValueError(f"{len(texts)} texts, {len(languages)} languages")
        found: list[Reading] = []
        for start in range(0, len(texts), _AT_ONCE):
            found += self._read(texts[start : start + _AT_ONCE], languages[start : start + _AT_ONCE])
        return found

    def refine(self, readings: Sequence[Reading], vectors: Vectors) -> list[Reading]:
        """The same readings, judged again by the vectors of their whole texts (a row for each). Sentences stay as they were."""
        if len(readings) != len(vectors):
            raise ValueError(f"{len(readings)} readings, {len(vectors)} vectors")
        if not readings:
            return []
        scores = self._heads.scores(vectors)
        before = np.log(np.array([r.whole.tones for r in readings], np.float32) + 1e-4)
        said = probabilities(scores)
        tilts = np.array([self._set.head_tilts.get(r.language or "", self._set.head_tilt) for r in readings], np.float32)
        heard = np.log(softmax(scores[:, TONE] * self._set.whole + tilts) + 1e-4)
        tones = softmax(np.asarray(self._set.trust * heard + (1 - self._set.trust) * before, np.float32))
        named = exact(said.topics >= self._set.head_topic_cut)
        rows = zip(readings, _judged(said, tones, named, self._set.head_label_cut, tones[:, POSITIVE] - tones[:, NEGATIVE]), strict=True)
        return [replace(r, whole=replace(j, topics=_refined(j, r.whole))) if r.said else r for r, j in rows]

    def _read(self, texts: Sequence[str], languages: Sequence[str | None]) -> list[Reading]:
        cut = _cut(texts)
        out = [Reading(language, _NOTHING, (), self.version, said=False) for language in languages]
        if not cut.pieces:
            return out
        small = self._student.sums(cut.pieces)
        levels = (small, small.over(cut.of_sentence), small.over(cut.of_text))
        pieces, middle, whole = (self._student.scores(level) for level in levels)
        tones = [self._tones(s) for s in (pieces, middle, whole)]
        judged = [*self._judge(middle, tones[1], pieces, tones[0], cut.of_sentence), *self._judge(whole, tones[2], pieces, tones[0], cut.of_text)]
        at, texts_from = 0, len(cut.of_sentence)
        for place, i in enumerate(cut.said):
            spans = cut.sentences[i]
            parts = tuple(Sentence(a, b, judged[at + n]) for n, (a, b) in enumerate(spans))
            out[i] = Reading(languages[i], judged[texts_from + place], parts, self.version)
            if given_away(texts[i]):
                out[i] = by_words(out[i], _clauses(cut, tones[0], range(at, at + len(spans))), MOST_TOPICS)
            at += len(spans)
        return out

    def _tones(self, scores: Floats) -> Floats:
        return softmax(np.asarray(scores[:, TONE] * self._set.sharp + np.array(self._set.tilt, np.float32), np.float32))

    def _judge(self, scores: Floats, tones: Floats, pieces: Floats, piece_tones: Floats, starts: Ints) -> Iterator[Judgement]:
        """Texts or sentences, by themselves and by their clauses."""
        said = probabilities(scores)
        good, bad = (np.maximum.reduceat(piece_tones[:, k], starts) for k in (POSITIVE, NEGATIVE))
        several = np.diff([*starts, len(pieces)]) > 1
        torn = np.log(tones + 1e-6)
        torn[:, MIXED] += self._set.parts * several * np.minimum(good, bad)
        tones = softmax(np.asarray(torn, np.float32))
        piece_topics = sigmoid(pieces[:, TOPIC])
        value = (piece_tones[:, POSITIVE] - piece_tones[:, NEGATIVE])[:, None]
        weight = np.add.reduceat(piece_topics**2, starts, axis=0)
        by_topic = np.add.reduceat(piece_topics**2 * value, starts, axis=0) / np.maximum(weight, 1e-9)
        named = exact(said.topics >= self._set.topic_cut)
        return _judged(said, tones, named, self._set.label_cut, np.asarray(by_topic, np.float32))


def _cut(texts: Sequence[str]) -> _Cut:
    spans = [sentences(t) for t in texts]
    pieces: list[str] = []
    of_sentence: list[int] = []
    of_text: list[int] = []
    said: list[int] = []
    for i, (text, found) in enumerate(zip(texts, spans, strict=True)):
        if not found:
            continue
        said.append(i)
        of_text.append(len(pieces))
        for a, b in found:
            of_sentence.append(len(pieces))
            pieces.extend(text[c:d] for c, d in clauses(text, a, b))
    return _Cut(spans, pieces, np.array(of_sentence, np.int64), np.array(of_text, np.int64), said)


def _clauses(cut: _Cut, tones: Floats, sentences: range) -> list[list[tuple[str, float]]]:
    """For each of these sentences, its clauses with their tones."""
    ends = [*cut.of_sentence.tolist(), len(cut.pieces)]
    values = (tones[:, POSITIVE] - tones[:, NEGATIVE])[ends[sentences.start] : ends[sentences.stop]].tolist()
    pieces = list(zip(cut.pieces[ends[sentences.start] : ends[sentences.stop]], values, strict=True))
    return [pieces[ends[n] - ends[sentences.start] : ends[n + 1] - ends[sentences.start]] for n in sentences]


def _judged(said: Said, tones: Floats, named: npt.NDArray[np.bool_], cut: float, values: Floats) -> Iterator[Judgement]:
    """Rows of probabilities as judgements. values: toward each topic (texts × topics), or of each text."""
    best, intents, emotions = tones.argmax(1).tolist(), said.intents.argmax(1).tolist(), said.emotions.argmax(1).tolist()
    causes, flags = _labels(said.causes >= cut, CAUSES), _labels(said.flags >= cut, FLAGS)
    topics = _topics(said.topics, named, values)
    for row, shares in enumerate(np.round(tones.astype(np.float64), 4).tolist()):
        value = round(shares[POSITIVE] - shares[NEGATIVE], 4)
        tone, rest = TONES[best[row]], (INTENTS[intents[row]], causes[row], flags[row], EMOTIONS[emotions[row]])
        yield Judgement(value, tone, tuple(shares), topics[row], *rest, shares[best[row]])


def _topics(likely: Floats, named: npt.NDArray[np.bool_], values: Floats) -> list[tuple[TopicTone, ...]]:
    found: list[list[Any]] = [[] for _ in range(len(likely))]
    for row, topic in np.argwhere(named).tolist():
        value = values[row] if values.ndim == 1 else values[row, topic]
        found[row].append(TopicTone(TOPICS[topic], round(float(likely[row, topic]), 4), round(float(value), 4)))
    return [tuple(sorted(f, key=lambda t: -t.probability)[:MOST_TOPICS]) for f in found]


def _labels(named: npt.NDArray[np.bool_], names: Sequence[str]) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = [()] * len(named)
    for row, which in np.argwhere(named).tolist():
        found[row] = (*found[row], names[which])
    return found


def _refined(now: Judgement, before: Judgement) -> tuple[TopicTone, ...]:
    """The topics, and those that words give away; each with the tone of its clauses where the fast path heard it too, moved as the whole text is: its

    vector knows how the text is meant, the clauses how its topics differ.
    """
    heard = moved(before.topics, before.value, now.value)
    known = {t.topic: t.value for t in heard}
    return still([replace(t, value=known.get(t.topic, t.value)) for t in now.topics], heard, MOST_TOPICS)


__all__ = ["Reader", "Settings"]
