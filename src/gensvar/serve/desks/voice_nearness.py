"""Voices in the order of how well they fit: by words, by meaning, or both fused. Everything that decides the order is within the reader's scope."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Literal
from uuid import UUID

import ibis
import numpy as np
from numpy.typing import NDArray

from gensvar.contracts import Measures
from gensvar.house import House
from gensvar.index.meaning import Near
from gensvar.kit.errors import GensvarError, NotFound
from gensvar.kit.settings import Settings
from gensvar.serve.desks import voice_rows
from gensvar.serve.desks.voice_query import VoiceQuery
from gensvar.serve.desks.voice_search import Having, among, having
from gensvar.serve.encoding import Encoding
from gensvar.text.compact import unpacked
from gensvar.text.keys import key_of
from gensvar.text.near_words import nearest_words
from gensvar.text.search import Term
from gensvar.text.stems import bare, fit

MOST_RANKED, MOST_READ = 500, 2_000
FIRST_LOOK, FARTHEST = 800, 12_800
FLAT = 60  # ranks count as 1 / (60 + rank), so that no single list decides (Cormack, Clarke and Büttcher 2009, SIGIR, 758)
MOST_TRIED = 3
PATIENCE_S = 4.0  # a reader waits so long for the encoder; one that is not running takes as long to begin as reading a gigabyte does
Encode = Callable[[Sequence[str]], Sequence[bytes]]
Unmeant = Literal["none", "starting", "failed"]
Meant = Literal["", "whole", "partly"] | Unmeant
Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Ranked:
    """ids, the best first. cut: there were more than could be put in order. meant: whether meaning had a say: of every text, some or none.

    starting: none, since the encoder had not begun in time; failed: none, since it cannot be had.
    """

    ids: tuple[str, ...]
    cut: bool
    meant: Meant


def ranked(house: House, rows: ibis.Table, query: VoiceQuery, measures: Measures, worded: Having, encode: Encode | None = None) -> Ranked:
    """The voices that fit best, at most 500: reciprocal ranks of those that have the words and of those that are near in meaning, added up."""
    lists: list[list[str]] = []
    there: list[dict[str, Any]] = []
    cut = False
    asked = _vector(house, rows, query, encode)
    vector = None if isinstance(asked, str) else asked
    if query.terms and (query.by != "meaning" or vector is None) and not query.like:
        there = _with_words(house, rows, query, measures, worded)
        cut = len(there) > MOST_READ
        lists.append(_by_words(there, query.terms))
    if vector is not None:
        near = _near(house, rows, query, measures, vector) if query.by_meaning else _nearer(house, there, vector)
        lists.append(near)
        cut = cut or (query.by_meaning and len(near) >= MOST_RANKED)
    found = fused(lists)
    return Ranked(tuple(_in_time(house, rows, found[:MOST_RANKED], query)), cut or len(found) > MOST_RANKED, _meant(house, asked))


def fused(lists: Iterable[Sequence[str]]) -> list[str]:
    """Every name of the lists, the one with the largest sum of reciprocal ranks first.

    >>> fused([["a", "b", "c"], ["c", "a", "d"]])
    ['a', 'c', 'b', 'd']
    """
    points: dict[str, float] = {}
    for names in lists:
        for rank, name in enumerate(names, 1):
            points[name] = points.get(name, 0.0) + 1 / (FLAT + rank)
    return sorted(points, key=lambda name: -points[name])


# ── by words ──


def _with_words(house: House, rows: ibis.Table, query: VoiceQuery, measures: Measures, worded: Having) -> list[dict[str, Any]]:
    """The newest rows that have the words, with their texts."""
    newest = voice_rows.page(voice_rows.found(rows, query, measures, worded), "newest", None, MOST_READ + 1)
    texts = rows.semi_join(newest, "id").select("id", "occurred_at", "text", "language")
    found: list[dict[str, Any]] = house.engine.run(texts.order_by(ibis.desc("occurred_at"), ibis.desc("id"))).to_pylist()
    return found


def _by_words(there: Iterable[Mapping[str, Any]], terms: Sequence[Term]) -> list[str]:
    """By how well each text fits the words; equal ones stay newest first."""
    wanted = tuple(t for t in terms if not t.without)
    scored = [(fit(row["text"], row["language"], wanted), row["id"]) for row in there]
    return [row for _, row in sorted(scored, key=lambda pair: -pair[0])]


def _nearer(house: House, there: Sequence[Mapping[str, Any]], vector: Vector) -> list[str]:
    """Of these rows, those whose texts have a vector, the nearest first."""
    keys = {row["id"]: key_of(row["text"]) for row in there}
    stored = house.ledger.vectors.get(list(keys.values()), house.understanding().encoder)
    named = [(row, stored[key]) for row, key in keys.items() if key in stored]
    cosines = unpacked([v for _, v in named]) @ vector if named else np.zeros(0, np.float32)
    return [named[at][0] for at in np.argsort(-cosines, kind="stable")]


# ── by meaning ──


@cache
def encoding(settings: Settings) -> Encoding:
    """What makes vectors of what is searched for: a process of its own, so that no search waits for texts that are read in the background."""
    return Encoding(settings, nice=0, patience_s=PATIENCE_S)


def _vector(house: House, rows: ibis.Table, query: VoiceQuery, encode: Encode | None) -> Vector | Unmeant:
    """Of what is asked for; none where the house has no vectors to compare it with; else why it cannot be made now."""
    model = house.understanding().encoder
    if not model or house.index.meaning.model != model or not house.index.meaning.rows:
        return "none"
    text = _text_of(house, rows, query.like) if query.like else query.said
    stored = house.ledger.vectors.get([key_of(text)], model) if query.like else {}
    try:
        packed = list(stored.values()) or list((encode or encoding(house.settings).encode)([text]))
    except TimeoutError:
        return "starting"
    except GensvarError:
        return "failed"
    vector: Vector = unpacked(packed)[0]
    return vector


def _text_of(house: House, rows: ibis.Table, row: str) -> str:
    """What a voice says. NotFound, in the words of every voice that is not there, where it is not the reader's to see."""
    found = house.engine.run(voice_rows.by_ids(rows, [row]).select("text")).to_pylist()
    if not found or not found[0]["text"]:
        raise NotFound("There is no such voice, or it is not yours to see", do="The Voices page lists those that are.")
    return str(found[0]["text"])


def _near(house: House, rows: ibis.Table, query: VoiceQuery, measures: Measures, vector: Vector) -> list[str]:
    """The nearest rows that fulfil the filters, nearest first. Looks farther where few of the nearest are the reader's to see."""
    plain, look = replace(query, terms=(), sort="newest", texts=True), FIRST_LOOK
    while True:
        near = house.index.meaning.nearest(vector, look)
        found = _rows_of(house, rows, plain, measures, near)
        if len(found) >= MOST_RANKED or len(near) < look or look >= FARTHEST:
            return [row for row in found if row != query.like][:MOST_RANKED]
        look *= 4


def _rows_of(house: House, rows: ibis.Table, query: VoiceQuery, measures: Measures, near: Sequence[Near]) -> list[str]:
    """The rows with these texts, in their order; of one text, the newest first."""
    cosines = {row: n.cosine for n, ids in _ids(house, near) for row in ids}
    if not cosines:
        return []
    named = Having(lambda table: among(table, list(cosines)))
    there = house.engine.run(voice_rows.page(voice_rows.found(rows, query, measures, named), "newest", None, len(cosines)))
    return sorted(there["id"].to_pylist(), key=lambda row: -cosines[UUID(row).bytes])


def _ids(house: House, near: Sequence[Near]) -> list[tuple[Near, list[bytes]]]:
    ids = house.index.words.having([n.key for n in near])
    return [(n, ids[n.key]) for n in near if n.key in ids]


def _meant(house: House, asked: Vector | Unmeant) -> Meant:
    if isinstance(asked, str):
        return asked
    return "whole" if house.index.meaning.rows >= house.index.words.texts else "partly"


def _in_time(house: House, rows: ibis.Table, ids: Sequence[str], query: VoiceQuery) -> Sequence[str]:
    """The ids as they are for the best first; else by time."""
    if query.sort == "best" or not ids:
        return ids
    named = among(rows, [UUID(i).bytes for i in ids]).select("id", "occurred_at", mark=ibis.null("int64"))
    ordered: list[str] = house.engine.run(voice_rows.page(named, query.sort, None, len(ids)))["id"].to_pylist()
    return ordered


# ── a word that nobody said ──


def suggested(house: House, rows: ibis.Table, query: VoiceQuery, measures: Measures) -> str:
    """The search with the first word that finds nothing changed to the nearest that does, among what the reader may see; empty for none."""
    if not house.index.there or house.index.behind(house.engine.epoch()) is None:
        return ""
    for term in query.terms:
        word = bare(term)
        if word and not term.without and not _any(house, rows, query, measures, Term((word,))):
            for other in nearest_words(word, house.index.words.beginning(word[0]))[:MOST_TRIED]:
                if _any(house, rows, query, measures, Term((other,))):
                    return query.said.replace(term.words[0], other)
    return ""


def _any(house: House, rows: ibis.Table, query: VoiceQuery, measures: Measures, term: Term) -> bool:
    """Whether any row that the filters let through has the word."""
    one = replace(query, terms=(term,), sort="newest", after=None)
    there = voice_rows.found(rows, one, measures, having(house, one.terms)).limit(1)
    return bool(house.engine.run(there).num_rows)
