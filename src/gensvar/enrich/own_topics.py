"""Topics of a house's own, found in what is read: by vectors where a text has one, else by words. They are learnt in a second from their examples."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

import numpy as np

from gensvar.contracts.topics import Taxonomy
from gensvar.text.compact import unpacked
from gensvar.text.few_shot import LEAST_POOL, FewShot, few_shot, space_of
from gensvar.text.few_words import FewWords, corpus, few_words
from gensvar.text.keys import key_of
from gensvar.text.learning import Floats
from gensvar.text.reading import Reading, TopicTone

BACKGROUND: Final = 1_200  # texts of the corpus that an own topic is told apart from
POOL: Final = 3_000
Recipe = tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]
NOTHING: Final[tuple[TopicTone, ...]] = ()


@dataclass(frozen=True, slots=True, eq=False)
class OwnTopics:
    """words: for texts without a vector; seen: for those with one, None until the examples have vectors. Picklable."""

    words: FewWords | None = None
    seen: FewShot | None = None

    @property
    def version(self) -> str:
        """What a text that the encoder saw is marked with, while the examples have not been seen by it; so it is read again afterwards."""
        return "+examples" if self.words is not None and self.words.owner and self.seen is None else ""

    def by_words(self, readings: Sequence[Reading], texts: Sequence[str]) -> list[Reading]:
        """The readings with the topics that the words of the texts tell of."""
        if self.words is None or not readings:
            return list(readings)
        return _with(readings, self.words.names, self.words.probabilities(texts))

    def by_vectors(self, readings: Sequence[Reading], texts: Sequence[str], vectors: Floats) -> list[Reading]:
        """The same by what the encoder saw of the texts; words that always mean a topic still do."""
        if self.seen is None or self.words is None or not readings:
            return self.by_words(readings, texts)
        terms = replace(self.words, cuts=(2.0,) * len(self.words.names))
        return _with(_with(readings, self.seen.names, self.seen.probabilities(vectors)), terms.names, terms.probabilities(texts))


def _with(readings: Sequence[Reading], names: Sequence[str], probabilities: Floats) -> list[Reading]:
    found = list(readings)
    for at in np.flatnonzero((probabilities >= 0.5).any(axis=1)).tolist():
        if found[at].said:
            found[at] = _one(found[at], names, probabilities[at])
    return found


def _one(reading: Reading, names: Sequence[str], row: Floats) -> Reading:
    """A topic that was not found yet has the tone of the whole text."""
    whole = reading.whole
    there = {one.topic for one in whole.topics}
    new = [TopicTone(name, float(p), whole.value) for name, p in zip(names, row.tolist(), strict=True) if p >= 0.5 and name not in there]
    return replace(reading, whole=replace(whole, topics=(*whole.topics, *new)))


# ── learning them ────────────────────────────────────────────────────────────────────────────────────────────────────


def recipe_of(taxonomy: Taxonomy) -> Recipe:
    """All that the models depend on."""
    return tuple((t.id, t.examples, t.terms) for t in taxonomy.own)


def texts_of(recipe: Recipe) -> tuple[str, ...]:
    """Every text whose vector is needed: the examples, and the background."""
    return (*dict.fromkeys(text for _, examples, _ in recipe for text in examples), *background())


@lru_cache(maxsize=1)
def background() -> tuple[str, ...]:
    """Texts of the corpus, spread over its languages."""
    texts = corpus()
    step = max(1, len(texts) // BACKGROUND)
    return tuple(dict.fromkeys(texts[::step]))


@lru_cache(maxsize=8)
def by_words(recipe: Recipe) -> FewWords:
    """The models of the fast path. Made once for each taxonomy."""
    return few_words({name: examples for name, examples, _ in recipe}, {name: terms for name, _, terms in recipe})


def by_vectors(recipe: Recipe, vectors: Mapping[bytes, bytes], pool: Sequence[bytes]) -> FewShot | None:
    """The models over vectors; None where one of an example is missing, or there is nothing to tell it apart from.

    pool: vectors of the house's own texts, packed; they are the background while the corpus has no vectors yet.
    """
    shown = {name: [vectors.get(key_of(text)) for text in examples] for name, examples, _ in recipe if examples}
    behind = [found for text in background() if (found := vectors.get(key_of(text))) is not None]
    behind = behind if len(behind) >= BACKGROUND // 2 else list(pool)
    if not shown or len(behind) < LEAST_POOL or any(one is None for mine in shown.values() for one in mine):
        return None
    others = unpacked(behind)
    examples = {name: unpacked([one for one in mine if one is not None]) for name, mine in shown.items()}
    house = len(pool) >= LEAST_POOL
    return few_shot(examples, others, space_of(unpacked(list(pool)) if house else others, draw=house))
