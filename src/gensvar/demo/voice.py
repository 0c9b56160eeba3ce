"""One language's way of saying things: sentences put together from hand-written pieces, by topic and tone."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

from gensvar.demo.dirt import touched

LANGUAGES = ("sv", "nb", "da", "fi", "en")
TONE = {-1: "bad", 0: "so", 1: "good"}
SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class About:
    """What a text says: a topic and its tone (−1, 0, 1), and perhaps a second one."""

    topic: str
    tone: int
    topic2: str = ""
    tone2: int = 0


@dataclass(frozen=True, slots=True)
class Voice:
    """pieces: the language's data file. clauses: topic → tone → main clauses, without capital or full stop."""

    language: str
    pieces: Mapping[str, Any]

    def say(self, rng: Random, about: About) -> str:
        """A comment beside a score: sometimes a word, mostly one to three sentences."""
        if not about.topic2 and rng.random() < 0.1:
            return touched(rng, self._one(rng, "short", about.tone), self.language, about.tone)
        return touched(rng, self._join(rng, self._body(rng, about)), self.language, about.tone)

    def write_in(self, rng: Random, about: About, sign: str = "") -> str:
        """A letter to support: greeting, what it is about, what is asked for, perhaps how to reach the writer."""
        asks = about.tone == 0 or rng.random() < 0.4 - 0.3 * about.tone
        parts = [rng.choice(self.pieces["letter"]["open"]), *(self._body(rng, about) if about.tone else [])]
        parts += [rng.choice(self.pieces["letter"]["context"])] if rng.random() < 0.5 else []
        parts += [rng.choice(self.pieces["topic"][about.topic]["ask"])] if asks else []
        parts += [self.pieces["letter"]["reach"][rng.randrange(len(self.pieces["letter"]["reach"]))].replace("{who}", sign)] if sign else []
        parts += [rng.choice(self.pieces["letter"]["close"])] if rng.random() < 0.6 else []
        return touched(rng, self._join(rng, parts), self.language, about.tone)

    def note(self, rng: Random, topic: str, tone: int) -> str:
        """What a colleague writes down after a call; a complaint (−1) is quoted."""
        call, clauses = self.pieces["call"], self.pieces["topic"][topic]
        parts = [rng.choice(call["open"]), rng.choice(clauses["note"])]
        parts += [rng.choice(call["quote"]).replace("{said}", rng.choice(clauses["bad"]))] if tone < 0 else []
        return touched(rng, self._join(rng, [*parts, rng.choice(call["close"])]), self.language, emoji=False)

    def work(self, rng: Random, topic: str, tone: int) -> str:
        """A comment by somebody who works here."""
        kind = TONE[tone or rng.choice([-1, 1])]
        parts = [self._clause(rng, self.pieces["work"][topic][kind])]
        parts += [self._clause(rng, self.pieces["work"][topic][kind])] if rng.random() < 0.35 else []
        parts += [rng.choice(self.pieces["work_close"])] if rng.random() < 0.4 else []
        return touched(rng, self._join(rng, list(dict.fromkeys(parts))), self.language, tone)

    def line(self, rng: Random, group: str, key: str) -> str:
        """One sentence of a plain list, as a reason for a return or for leaving."""
        return touched(rng, self._join(rng, [rng.choice(self.pieces[group][key])]), self.language)

    def subject(self, rng: Random, topic: str) -> str:
        """The heading of a letter or a review."""
        return self._fill(rng, rng.choice(self.pieces["topic"][topic]["head"]))

    def _body(self, rng: Random, about: About) -> list[str]:
        """Opening, what is said of the topic, and what is said of the other one."""
        parts = [self._one(rng, "open", about.tone)] if rng.random() < 0.35 else []
        parts += list(dict.fromkeys(self._clause(rng, self._said(rng, about.topic, about.tone)) for _ in range(2 if rng.random() < 0.4 else 1)))
        if about.topic2:
            word = self.pieces["but"] if about.tone * about.tone2 <= 0 else self.pieces["also"]
            parts[-1] += rng.choice(word) + self._clause(rng, self._said(rng, about.topic2, about.tone2))
        parts += [self._one(rng, "close", about.tone)] if rng.random() < 0.35 else []
        return parts

    def _said(self, rng: Random, topic: str, tone: int) -> list[str]:
        """The clauses to choose from: now and then irony instead of a complaint."""
        clauses = self.pieces["topic"][topic]
        if tone < 0 and rng.random() < 0.04:
            return list(clauses["irony"])
        return list(clauses[TONE[tone]])

    def aside(self, rng: Random) -> str:
        """A few words in this language inside another one's text."""
        return self._join(rng, [rng.choice(self.pieces["aside"])])

    def _clause(self, rng: Random, clauses: list[str]) -> str:
        return rng.choice(clauses)

    def _one(self, rng: Random, group: str, tone: int) -> str:
        found: str = rng.choice(self.pieces[group][TONE[tone]])
        return found

    def _join(self, rng: Random, parts: list[str]) -> str:
        """Sentences: slots filled, first letter capital, a full stop where no other mark ends them."""
        sentences = [self._fill(rng, p) for p in parts if p]
        return " ".join(s[:1].upper() + s[1:] + ("" if s[-1] in ".,:!?…)" or ord(s[-1]) > 0x2600 else ".") for s in sentences)

    def _fill(self, rng: Random, text: str) -> str:
        slots = self.pieces["slots"]
        return SLOT.sub(lambda m: rng.choice(slots[m[1]]), text) if "{" in text else text


@cache
def voice(language: str) -> Voice:
    """The voice of one of LANGUAGES."""
    return Voice(language, tomllib.loads(files("gensvar.demo").joinpath(f"texts/{language}.toml").read_text("utf-8")))


def fragments(language: str) -> Iterator[str]:
    """Every hand-written piece of a language."""
    yield from _strings(voice(language).pieces)


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)
