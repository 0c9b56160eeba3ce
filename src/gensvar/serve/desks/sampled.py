"""Texts of a selection of voices: all of them, or, of very many, always the same ones. Reads: feedback within the scope, vectors. Writes: nothing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache

import pyarrow as pa

from gensvar.contracts import DIMENSIONS
from gensvar.house import House
from gensvar.kit.errors import NotAllowed
from gensvar.kit.scope import Scope
from gensvar.serve.desks import voice_rows
from gensvar.serve.desks.voice_query import VoiceQuery
from gensvar.serve.desks.voice_search import having
from gensvar.serve.desks.voices import counted, protected
from gensvar.stats import Mean, Scale, Share
from gensvar.text.compact import unpacked
from gensvar.text.keys import key_of
from gensvar.text.labels import MILD
from gensvar.text.summary import Said

COLUMNS = ("id", "text", "language", "sentiment", "tones", "topics", "occurred_at", *DIMENSIONS)
TONE_SCALE = Scale(-1.0, 1.0, 0.01)
LEAST_TONES = 5
DRAW = 12  # last figures of a row's id: a hash of where it came from, so that those with the lowest are drawn by lot, and by the same lot each time


@dataclass(frozen=True, slots=True)
class Heard:
    """One text that was drawn. about: its sub-topics, or its topics where it has none, each with its tone's sign; dims: those that are stated."""

    id: str
    text: str
    language: str | None
    tone: float | None
    about: frozenset[str]
    topics: tuple[str, ...]
    at: datetime
    dims: Mapping[str, str]

    @property
    def day(self) -> date:
        return self.at.date()


@dataclass(frozen=True, slots=True)
class Part:
    """k of n with its 95 % interval, as shares."""

    k: int
    n: int
    share: float
    low: float
    high: float

    @classmethod
    def of(cls, k: int, n: int) -> "Part":
        """Wilson's interval; n ≥ 1."""
        found = Share(k, n).interval()
        return cls(k, n, found.value, found.low, found.high)


@dataclass(frozen=True, slots=True)
class Tone:
    """Mean tone of n texts, −1…1, with its 95 % interval."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Drawn:
    """total: how many texts the selection has; about: it is an estimate. heard: those that were drawn, in the order of the lot."""

    total: int
    about: bool
    heard: tuple[Heard, ...]

    @property
    def whole(self) -> bool:
        return len(self.heard) >= self.total


def drawn(house: House, scope: Scope, query: VoiceQuery, most: int) -> Drawn:
    """At most so many texts of the selection. NotAllowed without the right to read text."""
    table = _by_lot(house, scope, query, most, COLUMNS)
    total, about = _total(house, scope, query, most, table.num_rows)
    return Drawn(total, about, _all_heard(table))


def heard(house: House, scope: Scope, query: VoiceQuery, most: int) -> tuple[Heard, ...]:
    """The same texts, where nobody asks how many more there are."""
    return _all_heard(_by_lot(house, scope, query, most, COLUMNS))


def _all_heard(table: pa.Table) -> tuple[Heard, ...]:
    return tuple(map(_heard, *(table[name].to_pylist() for name in COLUMNS)))


def tone_drawn(house: House, scope: Scope, query: VoiceQuery, most: int) -> tuple[int, Tone | None]:
    """How many texts the selection has, and the tone of at most so many of them."""
    table = _by_lot(house, scope, query, most, ("sentiment",))
    total, _ = _total(house, scope, query, most, table.num_rows)
    return total, tone_among(table["sentiment"].to_pylist())


def of_texts(query: VoiceQuery) -> VoiceQuery:
    """The same selection, of texts alone, and whatever was asked of their order."""
    return replace(query, texts=True, sort="newest", after=None, limit=1, by="words", like="")


def _by_lot(house: House, scope: Scope, query: VoiceQuery, most: int, columns: Sequence[str]) -> pa.Table:
    """These columns of at most so many texts, in the order of the lot."""
    if not scope.free_text:
        raise NotAllowed("What people wrote is not yours to read", do="Ask whoever decides over rights for the right to read text.")
    wanted = of_texts(query)
    rows = voice_rows.seen(house.engine.table("feedback"), scope, protected(house))
    chosen = voice_rows.chosen(rows, wanted, house.ledger.measures.all(), having(house, wanted.terms))
    lot = chosen.mutate(lot=chosen.id.cast("string").right(DRAW))
    return house.engine.run(lot.order_by("lot", "id").limit(most).select(*columns))


def _total(house: House, scope: Scope, query: VoiceQuery, most: int, found: int) -> tuple[int, bool]:
    """How many texts the selection has, of which so many were found, and whether that is an estimate."""
    if found < most:
        return found, False
    total, about = counted(house, scope, of_texts(query))
    return max(total, found), about


def _heard(
    id_: str, text: str, language: str | None, tone: float | None, tones: Sequence[str] | None, topics: Sequence[str] | None, at: datetime,
    *dims: str | None,
) -> Heard:  # fmt: skip
    named = tuple(topics or ())
    about = frozenset(_about(tones or (), named))
    return Heard(str(id_), text, language, tone, about, named, at, {d: value for d, value in zip(DIMENSIONS, dims, strict=True) if value})


def _about(tones: Sequence[str], topics: tuple[str, ...]) -> Iterator[str]:
    """Each subject with the sign of its tone; a topic gives way to its sub-topics."""
    values = dict(one.rsplit("=", 1) for one in tones)
    for topic in _narrowest(topics):
        value = float(values.get(topic, 0.0))
        yield topic + ("0" if abs(value) <= MILD else "+" if value > 0 else "-")


@lru_cache(maxsize=4096)
def _narrowest(topics: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(topic for topic in topics if not any(other.startswith(f"{topic}.") for other in topics))


def said_of(house: House, heard: tuple[Heard, ...]) -> tuple[Said, ...]:
    """The texts with their vectors, where the house has some."""
    model, keys = house.understanding().encoder, [key_of(one.text) for one in heard]
    kept = house.ledger.vectors.get(keys, model) if model else {}
    there = [i for i, key in enumerate(keys) if key in kept]
    vectors = dict(zip(there, unpacked([kept[keys[i]] for i in there]), strict=True))
    return tuple(Said(one.text, one.language, one.tone, one.about, vectors.get(i)) for i, one in enumerate(heard))


def tone_of(heard: tuple[Heard, ...]) -> Tone | None:
    """The mean tone of those that were read; None for fewer than five."""
    return tone_among(one.tone for one in heard)


def tone_among(tones: Iterable[float | None]) -> Tone | None:
    """The same of tones alone."""
    values = [tone for tone in tones if tone is not None]
    if len(values) < LEAST_TONES:
        return None
    found = Mean(len(values), sum(values), sum(v * v for v in values), TONE_SCALE).interval()
    return Tone(found.value, found.low, found.high, len(values))
