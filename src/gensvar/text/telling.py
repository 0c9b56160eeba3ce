"""telling: sub-topics that a word gives away. Reads: texts. Writes: nothing. Promises: only words that nearly always mean it.

A model knows what it has seen often. Of some sub-topics the corpus has a few texts in each language, while one word leaves no doubt: whoever writes
“webhook” writes of how programs talk to each other. Of the corpus' texts with such a word at least four in five have the topic; a test holds that.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from gensvar.text.labels import top
from gensvar.text.reading import Judgement, Reading, TopicTone

VERSION: Final = "2"
CERTAIN: Final = 1.0  # the probability of a topic that a word gives away

# How the words begin; with = before it, the whole word.
WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "features.integration": (
        "integration", "integrasjon", "integraatio", "integracion", "integración", "integraç", "intégration", "integratie", "schnittstelle",
        "rajapin", "=api", "=apis", "api-", "apiet", "api:", "webhook", "=synka", "=synkar", "=synkas", "=synkat", "=synken", "synkning",
        "=synkes", "synkron", "=sync", "=syncs", "syncing", "=synced", "synchroni", "sincroniz", "koppla ihop", "koppling till", "koppling mot",
        "kopplingen till", "kopplingen mot", "kobling til", "kobling mot", "koblingen til", "koblingen mot", "koblinga til", "koblinga mot",
    ),
    "returns.warranty": (
        "=garanti", "=garantin", "=garantie", "=garantien", "garantiefall", "garantiezeit", "garantieanspr", "garantitid", "garantibevi", "garantía",
        "garantia", "warranty", "warranties", "=takuu", "takuun", "takuuseen", "takuusta", "takuuta", "takuuai", "takuukorj",
    ),
    "safety.privacy": ("gdpr", "rgpd", "dataskydd", "personuppgift", "personopplys", "personoplys", "tietosuoja", "datenschutz", "privacy"),
}  # fmt: skip


def by_words(reading: Reading, clauses: Sequence[Sequence[tuple[str, float]]], most: int) -> Reading:
    """The reading with the topics that words of the text give away, each in the tone of the clauses where they stand.

    clauses: for each sentence of the reading, its clauses and their tones, −1…1. most: topics of a text.
    """
    said = [_said(each) for each in clauses]
    sentences = tuple(replace(s, judged=_with(s.judged, found, most)) for s, found in zip(reading.sentences, said, strict=True))
    return replace(reading, whole=_with(reading.whole, _said([one for each in clauses for one in each]), most), sentences=sentences)


def _said(clauses: Sequence[tuple[str, float]]) -> dict[str, float]:
    """The sub-topics that words of these clauses give away, each with the mean tone of its clauses."""
    tones: dict[str, list[float]] = {}
    for words, tone in clauses:
        for name in given_away(words):
            tones.setdefault(name, []).append(tone)
    return {name: sum(values) / len(values) for name, values in tones.items()}


def still(topics: Sequence[TopicTone], before: Sequence[TopicTone], most: int) -> tuple[TopicTone, ...]:
    """What another model found, with what words had given away before it."""
    certain = [t for t in before if t.probability == CERTAIN and t.topic in WORDS]
    return _joined(certain, topics, most) if certain else tuple(topics)


def given_away(text: str) -> tuple[str, ...]:
    """The sub-topics that a word of the text gives away.

    >>> given_away("Synkroniseringen stopper hver nat, og garantien er udløbet."), given_away("A sink, a capital")
    (('features.integration', 'returns.warranty'), ())
    """
    plain = unicodedata.normalize("NFC", text).casefold()
    if not _ANY.search(plain):  # as of nearly every text
        return ()
    return tuple(name for name, pattern in _PATTERNS.items() if pattern.search(plain))


def _with(judged: Judgement, tones: Mapping[str, float], most: int) -> Judgement:
    new = [TopicTone(name, CERTAIN, round(value, 4)) for name, value in tones.items()]
    return replace(judged, topics=_joined(new, judged.topics, most)) if new else judged


def _joined(certain: Sequence[TopicTone], others: Sequence[TopicTone], most: int) -> tuple[TopicTone, ...]:
    """The certain ones first; a topic that is a part of another stands for it."""
    there = {t.topic for t in certain} | {top(t.topic) for t in certain}
    return (*certain, *(t for t in others if t.topic not in there))[:most]


def _pattern(words: Sequence[str]) -> re.Pattern[str]:
    return re.compile(r"(?<![^\W_])(?:" + "|".join(map(_one, words)) + ")")


def _one(word: str) -> str:
    return re.escape(word.lstrip("=")).replace(r"\ ", r"\s+") + (r"(?![^\W_])" if word.startswith("=") else "")


_PATTERNS: Final = {name: _pattern(words) for name, words in WORDS.items()}
_ANY: Final = _pattern([word for words in WORDS.values() for word in words])
