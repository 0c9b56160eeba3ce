"""What the operations on voices and on the audit take and give."""

from typing import Any

import msgspec

from gensvar.serve.desk import HouseDesk
from gensvar.serve.desks import audit, summary, voices
from gensvar.serve.desks.voice_query import read_voices


class Voices(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """words: all of them, "an exact phrase", -not. where: market=NO,SE;kind=complaint. measure: voices behind its scores. score: good, middle, bad,
    4 or 1..2. period: last quarter … texts: only what was written. sort: best, newest, oldest, lowest, highest. after: `next` of the page
    before. limit: 1…500. by: how words are found: words, meaning, both. like: the id of a voice, for those nearest to it in meaning.
    """

    words: str = ""
    where: str = ""
    measure: str = ""
    score: str = ""
    period: str = ""
    texts: bool = True
    sort: str = ""
    after: str = ""
    limit: int = 25
    by: str = ""
    like: str = ""


class SummaryOf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """words, where, measure, score, period: as for /v1/voices. quotes: 1…12."""

    words: str = ""
    where: str = ""
    measure: str = ""
    score: str = ""
    period: str = ""
    quotes: int = 6


class VoiceOf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """id: of the voice, as the list gives it."""

    id: str


class Rows(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """who, did: exactly. since, until: days, as 2026-10-31, both included. text: anywhere in a row. before: `next` of the page before.
    limit: 1…500.
    """

    who: str = ""
    did: str = ""
    since: str = ""
    until: str = ""
    text: str = ""
    before: int | None = None
    limit: int = 50


def some_voices(desk: HouseDesk, p: Voices) -> voices.VoicePage:
    """A page of voices, for who may read them."""
    query = read_voices(
        p.words, p.where, p.measure, p.score, p.period, texts=p.texts, sort=p.sort, after=p.after, limit=p.limit, by=p.by, like=p.like,
        today=desk.today(),
    )  # fmt: skip
    return voices.voices(desk.house, desk.scope, query)


def voices_in_short(desk: HouseDesk, p: SummaryOf) -> summary.InShort:
    """A selection of voices in quotes that stand for many."""
    query = read_voices(p.words, p.where, p.measure, p.score, p.period, today=desk.today())
    return summary.in_short(desk.house, desk.scope, query, p.quotes)


def one_voice(desk: HouseDesk, p: VoiceOf) -> voices.Story:
    """One voice with its story."""
    return voices.voice(desk.house, desk.scope, p.id)


def audit_rows(desk: HouseDesk, p: Rows) -> audit.AuditPage:
    """A page of the audit, newest first."""
    what = audit.wanted(p.who, p.did, p.since, p.until, p.text, zone=desk.house.settings.zone)
    return audit.page(desk.house, what, p.before, p.limit)


def audit_check(desk: HouseDesk) -> dict[str, Any]:
    """Whether the chain is whole, and how many rows that are."""
    found = audit.check(desk.house, desk.who)
    return {"rows": found.rows, "whole": found.broken is None, "broken": found.broken}
