"""Voices: what people wrote, row by row, within the reader's scope. Protected audiences are never shown as rows here."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import ibis
import pyarrow as pa

from gensvar import flow
from gensvar.contracts import DIMENSIONS
from gensvar.house import House
from gensvar.hub.within import within
from gensvar.kit.errors import NotAllowed, NotFound, TooLarge, Unavailable
from gensvar.kit.scope import Scope
from gensvar.measure import Period
from gensvar.measure.cube import once
from gensvar.measure.moods import Mood, mood_of
from gensvar.measure.plan import smallest_cube
from gensvar.serve.desks import voice_rows
from gensvar.serve.desks.voice_nearness import Encode, Meant, Ranked, ranked, suggested
from gensvar.serve.desks.voice_query import Place, VoiceQuery, placed
from gensvar.serve.desks.voice_search import Having, How, having

EXACT, EXACT_WORDS = 3_000_000, 1_000_000  # rows that are counted one by one within a page's time; beyond, days spread over the period
SLICES = 8
NOT_BY_TIME = datetime(2000, 1, 1, tzinfo=UTC)
MOMENT = timedelta(days=1)  # answers of one response that lie farther apart were not given at one moment
MOST_OTHERS, MOST_TABLE = 20, 200_000
TABLE = ("id", "source", "record", "item", "occurred_at", "audience", "kind", "measure", "score", "choice", "text", "language", *DIMENSIONS)


@dataclass(frozen=True, slots=True)
class Score:
    """A score given at the same moment. measure: its key, as csat.delivery@2. low, high: of its scale. mood: None where the measure is unknown."""

    measure: str
    value: float
    low: float | None = None
    high: float | None = None
    mood: Mood | None = None


@dataclass(frozen=True, slots=True)
class Voice:
    """One utterance. dims: the shared dimensions that are stated. scores: of the same response, its own first."""

    id: str
    occurred_at: datetime
    source: str
    audience: str
    kind: str
    local_kind: str | None
    text: str | None
    choice: str | None
    language: str | None
    dims: Mapping[str, str]
    scores: tuple[Score, ...]


@dataclass(frozen=True, slots=True)
class Searched:
    """how: by stems, or only as written. meant: whether what texts mean had a say: of all, of some or of none. nearest: what was perhaps meant.

    starting, failed: of none, since the encoder had not begun in time, or cannot be had.
    cut: only the best are listed, there are more.
    """

    how: How = ""
    meant: Meant = ""
    nearest: str = ""
    cut: bool = False


@dataclass(frozen=True, slots=True)
class VoicePage:
    """total: how many voices there are in all; about: it is an estimate. next: where the next page begins, or empty."""

    voices: tuple[Voice, ...]
    total: int
    about: bool
    next: str
    searched: Searched = Searched()


@dataclass(frozen=True, slots=True)
class Agreement:
    """The contract that mapped a row. now: the version in force, where that is another."""

    source: str
    version: int
    owner: str
    purpose: str
    now: int | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """One voice with all that was said at the same moment, and by the same party at others. attrs: what else the source told."""

    voice: Voice
    record: str
    item: str
    received_at: datetime
    attrs: Mapping[str, str]
    agreement: Agreement | None
    parts: tuple[Voice, ...]
    others: tuple[Voice, ...]


def protected(house: House) -> frozenset[str]:
    """The audiences of whom no single answer is ever shown."""
    return house.settings.anonymous.names


def voices(house: House, scope: Scope, query: VoiceQuery, encode: Encode | None = None) -> VoicePage:
    """A page of voices. NotAllowed for a search by words without the right to read text; NotFound for an unknown measure.

    encode: what makes a vector of what is searched for, where not the house's own.
    """
    rows = _rows(house, scope, query)
    measures = house.ledger.measures.all()
    worded = having(house, query.terms)
    if query.sort == "best" or query.by_meaning:
        return _best(house, rows, query, worded, ranked(house, rows, query, measures, worded, encode))
    wanted = voice_rows.found(rows, query, measures, worded)
    keys = house.engine.run(voice_rows.page(wanted, query.sort, query.after, query.limit + 1)).to_pylist()
    shown, more = keys[: query.limit], len(keys) > query.limit
    last = Place(shown[-1]["occurred_at"], shown[-1]["id"], shown[-1]["mark"]) if more else None
    total, about = (len(shown), False) if not more and query.after is None else _total(house, scope, query, rows, worded)
    nearest = suggested(house, rows, query, measures) if query.terms and not shown and query.after is None else ""
    return VoicePage(
        _in_full(house, rows, [k["id"] for k in shown]), max(total, len(keys)), about, placed(last), Searched(worded.how, nearest=nearest)
    )


def _best(house: House, rows: ibis.Table, query: VoiceQuery, worded: Having, found: Ranked) -> VoicePage:
    """A page of those that fit best. A place in that list is how many stand before it."""
    start = (query.after.mark or 0) if query.after else 0
    end = start + query.limit
    shown = found.ids[start:end]
    last = Place(NOT_BY_TIME, str(UUID(int=0)), end) if end < len(found.ids) else None
    nearest = suggested(house, rows, query, house.ledger.measures.all()) if query.terms and not found.ids else ""
    searched = Searched(worded.how, found.meant, nearest, found.cut)
    return VoicePage(_in_full(house, rows, shown), len(found.ids), found.cut, placed(last), searched)


def read_by_encoder(house: House) -> tuple[int, int]:
    """How many texts the encoder in force has read, and of how many, about."""
    model = house.understanding().encoder
    return house.ledger.vectors.count(model) if model else 0, house.index.words.texts


def _rows(house: House, scope: Scope, query: VoiceQuery) -> ibis.Table:
    if (query.terms or query.by_meaning) and not scope.free_text:
        raise NotAllowed("What people wrote is not yours to search", do="Ask whoever decides over rights for the right to read text.")
    return voice_rows.seen(house.engine.table("feedback"), scope, protected(house))


def _in_full(house: House, rows: ibis.Table, ids: Sequence[str]) -> tuple[Voice, ...]:
    """The voices with these ids, in their order, each with the scores of its moment."""
    if not ids:
        return ()
    found = {r["id"]: r for r in house.engine.run(voice_rows.by_ids(rows, ids)).to_pylist()}
    beside = _scores(house, rows, list(found.values()))
    return tuple(_voice(found[i], beside[i]) for i in ids if i in found)


def _scores(house: House, rows: ibis.Table, voices: Sequence[Mapping[str, Any]]) -> dict[str, tuple[Score, ...]]:
    """id → the scores of its response that were given at the same moment, its own first."""
    moments = [v["occurred_at"] for v in voices]
    near = rows.filter(
        rows.occurred_at >= min(moments) - MOMENT,
        rows.occurred_at <= max(moments) + MOMENT,
        rows.response.isin(sorted({v["response"] for v in voices})),
        rows.score.notnull(),
        rows.measure.notnull(),
    )
    given: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in house.engine.run(near.select("id", "response", "occurred_at", "measure", "score")).to_pylist():
        given[row["response"]].append(row)
    measures = house.ledger.measures.all().by_key
    found = {}
    for voice in voices:
        there = [g for g in given[voice["response"]] if abs(g["occurred_at"] - voice["occurred_at"]) <= MOMENT]
        found[voice["id"]] = tuple(_score(g, measures) for g in sorted(there, key=lambda g: (g["id"] != voice["id"], g["measure"], g["id"])))
    return found


def _score(given: Mapping[str, Any], measures: Mapping[str, Any]) -> Score:
    m = measures.get(given["measure"])
    value = given["score"]
    return Score(m.key, value, m.low, m.high, mood_of(m, value)) if m else Score(given["measure"], value)


def _voice(row: Mapping[str, Any], scores: tuple[Score, ...]) -> Voice:
    dims = {d: row[d] for d in DIMENSIONS if row[d]}
    return Voice(
        row["id"], row["occurred_at"], row["source"], row["audience"], row["kind"], row["local_kind"], row["text"], row["choice"], row["language"],
        dims, scores,
    )  # fmt: skip


# ── how many ──


def counted(house: House, scope: Scope, query: VoiceQuery) -> tuple[int, bool]:
    """How many voices are asked for, and whether that is an estimate, without any of them."""
    rows, worded = _rows(house, scope, query), having(house, query.terms)
    total, about = _total(house, scope, query, rows, worded)
    if not about:
        return total, about
    few = house.engine.run(voice_rows.found(rows, query, house.ledger.measures.all(), worded).limit(2)).num_rows
    return (few, False) if few < 2 else (max(total, few), about)


def _total(house: House, scope: Scope, query: VoiceQuery, rows: ibis.Table, worded: Having) -> tuple[int, bool]:
    """How many voices there are, and whether that is an estimate: where there are too many rows to count all, some days are counted."""
    if worded.few:
        return _count(house, voice_rows.found(rows, query, house.ledger.measures.all(), worded)), False
    hard = bool(query.terms or query.measure or query.score)
    most = EXACT_WORDS if hard else EXACT
    days = _rows_by_day(house, scope, query.period, rows)
    all_rows = sum(days.values())
    if all_rows <= most:
        return _count(house, voice_rows.found(rows, query, house.ledger.measures.all(), worded)), False
    slices = list(_slices(days, most // 2))
    some = rows.filter(*voice_rows.during(rows, *slices))
    counted = _count(house, voice_rows.found(some, query, house.ledger.measures.all(), worded))
    looked_at = sum(n for day, n in days.items() if any(s.first <= day <= s.last for s in slices))
    return _rounded(counted * all_rows / looked_at), True


def _rows_by_day(house: House, scope: Scope, period: Period | None, rows: ibis.Table) -> dict[date, int]:
    """The rows that may be seen on each day: from a cube where one has the scope's dimensions, since rows outside must not move even an estimate."""
    cube = smallest_cube({*scope.rows, "audience"})
    if cube is not None:
        engine = house.engine.cubes()
        t = within(once(engine.table(cube.name)), scope)
        counted = t.filter(t.audience.isin(voice_rows.shown_audiences(scope, protected(house)))).group_by("day").agg(n=t.n.sum())
        found = engine.run(counted)
    else:
        found = house.engine.run(rows.group_by(day=rows.occurred_at.date()).agg(n=rows.count()))
    days: dict[date, int] = {r["day"]: r["n"] for r in sorted(found.to_pylist(), key=lambda r: r["day"])}
    return days if period is None else {day: n for day, n in days.items() if period.first <= day <= period.last}


def _slices(days: Mapping[date, int], most: int) -> Iterator[Period]:
    """Runs of whole days, evenly spread over the rows, that together hold about this many of them."""
    names, counts = list(days), list(days.values())
    share, all_rows = most / SLICES, sum(counts)
    starts = [(i + 0.5) / SLICES * all_rows - share / 2 for i in range(SLICES)]
    held = first = 0.0
    run: list[date] = []
    for day, n in zip(names, counts, strict=True):
        if run or (starts and held + n > starts[0]):
            first = first if run else held
            run.append(day)
        held += n
        if run and held - first >= share:
            yield Period(run[0], run[-1])
            run = []
            starts = [s for s in starts if s >= held]
    if run:
        yield Period(run[0], run[-1])


def _count(house: House, wanted: ibis.Table) -> int:
    return int(house.engine.run(wanted.count().name("n"))["n"][0].as_py())


def _rounded(estimate: float) -> int:
    """Two figures of it.

    >>> _rounded(48_213.0)
    48000
    """
    whole = round(estimate)
    return int(round(whole, 2 - len(str(whole)))) if whole > 99 else whole


# ── one voice ──


def voice(house: House, scope: Scope, id_: str) -> Story:
    """One voice with its story. NotFound, always in the same words, where there is none or it is not the reader's to see."""
    rows = voice_rows.seen(house.engine.table("feedback"), scope, protected(house))
    row = _row(house, rows, id_)
    whole = [r for r in _of_response(house, rows, row) if r["id"] != row["id"]]
    beside = _scores(house, rows, [row, *whole])
    attrs = dict(row["attrs"] or ())
    return Story(
        _voice(row, beside[row["id"]]), row["record"], row["item"], row["received_at"], attrs, _agreement(house, row["contract"]),
        tuple(_voice(r, tuple(s for s in beside[r["id"]][:1] if r["score"] is not None)) for r in whole), _others(house, rows, row),
    )  # fmt: skip


def _row(house: House, rows: ibis.Table, id_: str) -> dict[str, Any]:
    try:
        wanted = str(UUID(id_))
    except ValueError:
        wanted = ""
    found = house.engine.run(voice_rows.by_ids(rows, [wanted])).to_pylist() if wanted else []
    if not found:
        raise NotFound("There is no such voice, or it is not yours to see", do="The Voices page lists those that are.")
    one: dict[str, Any] = found[0]
    return one


def _of_response(house: House, rows: ibis.Table, row: Mapping[str, Any]) -> list[dict[str, Any]]:
    same = rows.filter(rows.response == row["response"]).order_by("occurred_at", "id").limit(MOST_TABLE)
    found: list[dict[str, Any]] = house.engine.run(same).to_pylist()
    return found


def _others(house: House, rows: ibis.Table, row: Mapping[str, Any]) -> tuple[Voice, ...]:
    """What the same party wrote at other moments, newest first."""
    if row["party"] is None:
        return ()
    party = ibis.literal(row["party"], rows.party.type())
    theirs = rows.filter(rows.party == party, rows.text.notnull(), rows.response != row["response"])
    keys = house.engine.run(theirs.order_by(ibis.desc("occurred_at"), ibis.desc("id")).limit(MOST_OTHERS).select("id"))
    return _in_full(house, rows, keys["id"].to_pylist())


def _agreement(house: House, contract: str) -> Agreement | None:
    """Who answered for the source under the version that mapped the row; None where the ledger no longer has it."""
    source, _, number = contract.rpartition("@")
    kept = [k for k in house.ledger.contracts.history(source) if str(k.version) == number]
    if not kept:
        return None
    agreed = flow.parsed(kept[0].yaml)
    now = next((k.version for k in house.ledger.contracts.all() if k.source == source), None)
    return Agreement(source, agreed.version, agreed.owner, agreed.purpose, None if now == agreed.version else now)


# ── a table to take along ──


def voices_table(house: House, scope: Scope, query: VoiceQuery) -> pa.Table:
    """Every voice that was asked for, in its order, as a table: TABLE's columns and `scores` of the same moment. TooLarge above 200,000 rows."""
    rows = _rows(house, scope, query)
    wanted = _listed(house, rows, query)
    ids = house.engine.run(wanted)["id"].to_pylist()
    if len(ids) > MOST_TABLE:
        raise TooLarge(f"More than {MOST_TABLE:,} voices are too many for one file", do="Narrow the filters, or the period.")
    theirs = rows.semi_join(wanted, "id")
    found = house.engine.run(theirs.select("response", *TABLE))
    beside = _written_scores(house, rows, theirs, found)
    place = {row: at for at, row in enumerate(ids)}
    kept = sorted((i for i, row in enumerate(found["id"].to_pylist()) if row in place), key=lambda i: place[found["id"][i].as_py()])
    table = found.append_column("scores", pa.array(beside, pa.string())).drop_columns(["response"])
    return table.take(pa.array(kept, pa.int64()))


def _listed(house: House, rows: ibis.Table, query: VoiceQuery) -> ibis.Table:
    """The ids that were asked for, in their order; those that are found by their meaning as they stand in the list."""
    measures, worded = house.ledger.measures.all(), having(house, query.terms)
    if query.sort != "best" and not query.by_meaning:
        return voice_rows.page(voice_rows.found(rows, query, measures, worded), query.sort, None, MOST_TABLE + 1)
    found = ranked(house, rows, query, measures, worded)
    if query.by_meaning and found.meant in {"starting", "failed"}:
        raise Unavailable("The encoder, which reads meaning, cannot be had just now", do="Try again in a moment, or search by words.")
    ids = found.ids
    places = pa.table({"id": pa.array(ids, pa.string()), "place": pa.array(range(len(ids)), pa.int64())})
    named = ibis.memtable(places)
    return named.mutate(id=named.id.cast(rows.id.type())).order_by("place").select("id")


def _written_scores(house: House, rows: ibis.Table, theirs: ibis.Table, found: pa.Table) -> list[str | None]:
    """For each row found, the scores of its moment as text: csat.delivery@1=4; nps@1=9."""
    scored = rows.filter(rows.score.notnull(), rows.measure.notnull()).semi_join(theirs.select("response").distinct(), "response")
    given: dict[str, list[tuple[datetime, str]]] = defaultdict(list)
    for row in house.engine.run(scored.select("response", "occurred_at", "measure", "score").order_by("measure", "occurred_at", "score")).to_pylist():
        given[row["response"]].append((row["occurred_at"], f"{row['measure']}={row['score']:g}"))
    pairs = zip(found["response"].to_pylist(), found["occurred_at"].to_pylist(), strict=True)
    return ["; ".join(text for then, text in given[response] if abs(then - at) <= MOMENT) or None for response, at in pairs]
