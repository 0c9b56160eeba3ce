"""What people ask for: suggestions, unmet needs and expectations, as the very sentences in which they say it, by topic."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from gensvar.house import House
from gensvar.kit.errors import BadInput, nearest
from gensvar.kit.scope import Scope
from gensvar.serve.desks.sampled import Drawn, Heard, Part, Tone, drawn, of_texts, tone_drawn, tone_of
from gensvar.serve.desks.voice_query import VoiceQuery
from gensvar.serve.desks.voices import counted, protected
from gensvar.text.labels import top
from gensvar.text.reading import Reading
from gensvar.text.sentences import sentences
from gensvar.text.summary import LEAST, Said, quoted, summary

MOST, MOST_SHOWN = 2_000, 4
MARKS: Final = ("suggestion", "need", "expectation")
SHORTEST: Final = 2  # words of a sentence that can ask for something


@dataclass(frozen=True, slots=True)
class Asked:
    """A sentence of a voice that asks for something, as it stands there; whole: the models did not say which sentence, so it is the whole text."""

    id: str
    text: str
    language: str
    day: date
    market: str
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Subject:
    """What is asked for about one topic; topic is empty where no topic was found. part: of all texts that ask."""

    topic: str
    part: Part
    tone: Tone | None
    asked: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Needs:
    """mark: suggestion, need or expectation. total: texts that have it; of: all texts of the selection; read: those that were read for this."""

    mark: str
    total: int
    of: int
    about: bool
    read: int
    subjects: tuple[Subject, ...]
    apart: tuple[str, ...]


def needs(house: House, scope: Scope, query: VoiceQuery, mark: str) -> Needs:
    """NotAllowed without the right to read text; BadInput for another mark."""
    if mark not in MARKS:
        raise BadInput(f"Nothing is asked for as {mark!r}", nearest=nearest(mark, MARKS), do=f"There are: {', '.join(MARKS)}.")
    found = drawn(house, scope, replace(query, where={**query.where, "reason": (f"mark.{mark}",)}), MOST)
    of, _ = counted(house, scope, of_texts(query))
    heard = found.heard
    readings: Sequence[Reading] = ()
    if heard:
        readings = house.understanding().readings([h.text for h in heard], [h.language for h in heard], {})[0]
    return needs_of(found, readings, mark, max(of, found.total), tuple(sorted(protected(house))))


def marked(house: House, scope: Scope, query: VoiceQuery, mark: str) -> tuple[Part | None, Tone | None]:
    """How many of the texts of a selection have a mark, and their tone; None of no texts."""
    total, tone = tone_drawn(house, scope, replace(query, where={**query.where, "reason": (f"mark.{mark}",)}), MOST)
    of = max(counted(house, scope, of_texts(query))[0], total)
    return (Part.of(total, of) if of else None), tone


def needs_of(found: Drawn, readings: Sequence[Reading], mark: str, of: int, apart: tuple[str, ...] = ()) -> Needs:
    """The same of texts that are at hand, each with what was understood of it."""
    by_topic: dict[str, list[tuple[Heard, Asked]]] = defaultdict(list)
    for heard, reading in zip(found.heard, readings, strict=True):
        asked, topic = _asked(heard, reading, mark)
        by_topic[topic].append((heard, asked))
    n = len(found.heard)
    subjects = [
        Subject(topic, Part.of(len(each), n), tone_of(tuple(h for h, _ in each)), _typical([a for _, a in each])) for topic, each in by_topic.items()
    ]
    return Needs(mark, found.total, of, found.about, n, tuple(sorted(subjects, key=lambda s: (s.topic == "", -s.part.k, s.topic))), apart)


def _asked(heard: Heard, reading: Reading, mark: str) -> tuple[Asked, str]:
    """The sentence that asks, and its topic: the first sentence with the mark; the only one; else the whole text."""
    flagged = next((s for s in reading.sentences if mark in s.judged.flags and len(heard.text[s.start : s.end].split()) >= SHORTEST), None)
    own = next((one.topic for one in flagged.judged.topics), "") if flagged else ""
    topic = own or next(iter(heard.topics), "")
    spans = sentences(heard.text)
    whole = flagged is None and len(spans) != 1
    start, end = (flagged.start, flagged.end) if flagged else spans[0] if len(spans) == 1 else (0, len(heard.text))
    made = Asked(heard.id, heard.text[start:end], heard.language or "", heard.day, heard.dims.get("market", ""), whole)
    return made, top(topic) if topic else ""


def _typical(asked: Sequence[Asked]) -> tuple[Asked, ...]:
    """Of many, those that stand for most; of few, the newest; each sentence once."""
    once = list({a.text.casefold(): a for a in sorted(asked, key=lambda a: (a.day, a.id))}.values())[::-1]
    if len(once) < LEAST:
        return tuple(once[:MOST_SHOWN])
    said = [Said(a.text, a.language) for a in once]
    chosen = [once[q.text] for part in summary(said, MOST_SHOWN).parts for q, _ in quoted(said, part)]
    rest = [a for a in once if a not in chosen]
    return tuple([*chosen, *rest][:MOST_SHOWN])
