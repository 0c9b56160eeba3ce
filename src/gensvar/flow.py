"""The rooms composed in order: the product on one page.

collect → contract (accept · set aside) → redact → read → resolve → merge by id → recount the touched days → a new epoch → acknowledge;
and once a month has ended, what protected audiences said in it is released in blocks.
Every step can be repeated: ids are deterministic, so what a crash interrupts is done again and changes nothing that was done already.
"""

import json
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, time
from functools import lru_cache, partial
from hashlib import blake2b, file_digest
from itertools import groupby
from pathlib import Path
from typing import Any, Literal, get_args
from uuid import UUID

import ibis
import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from gensvar import collect, identity, reading, redaction
from gensvar.contracts import CUBES, Contract, Measures
from gensvar.contracts.contract_yaml import read_contract, write_contract
from gensvar.contracts.rows import Batch, Received, SetAside
from gensvar.contracts.tone import TONE
from gensvar.house import House
from gensvar.hub import Intake, Item, completed, days_of, decode, ids_of, receive_items
from gensvar.kit.errors import BadInput, Conflict, ContractError, GensvarError, NotFound, nearest
from gensvar.ledger import Entry, Kept, Release
from gensvar.ledger.releases import TEXT, What, known_by
from gensvar.measure import count, metric_of
from gensvar.measure.anonymous import ORDER, Answers, Released, blocks_of, least_writers, partition
from gensvar.measure.cube import bin_expression, by_scale, summed
from gensvar.measure.periods import plus_months

log = logging.getLogger("gensvar.flow")
API = "api"
REPLAY_AT_ONCE = 500
AT_ONCE = 10_000  # signals in one turn of the flow: a few tens of ms of work, so that pages never wait long behind it
LEASE_S = 60.0


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of what was sent. read: raw rows; empty: those of them that held no answer; set_aside: reason → how many.

    accepted, updated, unchanged, removed: rows of the hub, of which one raw row may make several.
    """

    read: int = 0
    accepted: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    empty: int = 0
    set_aside: Counter[str] = field(default_factory=Counter)

    def __add__(self, other: "Receipt") -> "Receipt":
        return Receipt(
            self.read + other.read,
            self.accepted + other.accepted,
            self.updated + other.updated,
            self.unchanged + other.unchanged,
            self.removed + other.removed,
            self.empty + other.empty,
            self.set_aside + other.set_aside,
        )

    @classmethod
    def of(cls, counts: Mapping[str, Any]) -> "Receipt":
        """What `as_json` wrote."""
        return cls(**{**counts, "set_aside": Counter(counts.get("set_aside", {}))}) if counts else cls()

    def as_json(self) -> dict[str, Any]:
        """Plain JSON types, in the order a person reads them."""
        return {
            "read": self.read,
            "accepted": self.accepted,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "removed": self.removed,
            "empty": self.empty,
            "set_aside": dict(self.set_aside.most_common()),
        }


Progress = Callable[[Receipt, int], bool]
"""Told after each batch: the receipt so far and the rows read; says whether to go on."""


def _always(_: Receipt, __: int) -> bool:
    return True


# ── one batch ────────────────────────────────────────────────────────────────────────────────────────────────────────


def take_in(house: House, received: Received, now: datetime) -> Receipt:
    """Puts what a contract made of a batch into the hub, and marks the days that it touches before it touches them. Repeating it changes nothing."""
    received = reading.understood(house, received)
    moments, known = house.ledger.seen.moments(received.keys16, received.created_ms, int(now.timestamp() * 1000))
    with house.turn:
        people = recognise(house, received, moments, now)
        rows = completed(received, moments, people.party, people.account)
        gone, left = _replaced(house, received, rows, known)
        if received.target == "feedback":
            house.ledger.days.mark(left | days_of(rows))
        merged = house.engine.merge(received.target, _described(house, rows) if received.target == "parties" else rows)
        removed = house.engine.delete(received.target, gone) if gone else 0
        house.ledger.originals.forget(gone)
        redaction.keep_originals(house, received, rows, known, now)
    reasons = Counter(s.reason for s in received.set_aside)
    return Receipt(received.read, merged.inserted, merged.updated, merged.unchanged + received.repeated, removed, _empty(received), reasons)


def _empty(received: Received) -> int:
    """Rows that went through without a fault and yet made no row of the hub: nobody had answered anything in them."""
    made = set(pc.unique(received.table["_row"]).to_pylist())
    if len(made) == len(received.records):
        return 0
    told = {s.record for s in received.set_aside}
    return sum(i not in made and record not in told for i, record in enumerate(received.records))


def _replaced(house: House, received: Received, rows: pa.Table, known: Sequence[bool]) -> tuple[list[bytes], frozenset[date]]:
    """Ids of a known record's earlier rows that it no longer has, and the days that its rows stand on now, before they move."""
    if received.target != "feedback" or not any(known):
        return [], frozenset()
    if not received.whole:
        return [], house.engine.days_of("feedback", ids_of(rows))
    there = house.engine.ids_of("feedback", received.source, [r for r, before in zip(received.records, known, strict=True) if before])
    return sorted(set(ids_of(there)) - set(ids_of(rows))), days_of(there)


# ── people ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def recognise(house: House, received: Received, moments: Sequence[int], now: datetime) -> identity.Resolution:
    """Who each record names, by exact keys; what is new about people is kept, evidence first, so that a crash in between is done again alike."""
    known = house.ledger.people.lookup(identity.all_keys(received.people))
    externals = house.ledger.people.externals(sorted(set(known.values())))
    found = identity.resolve(received, known, externals, moments, now)
    if found.mentions.num_rows:
        house.engine.merge("mentions", found.mentions)
    if found.parties.num_rows:
        house.engine.merge("parties", found.parties)
    if found.moves:
        house.engine.repoint(found.moves)
    with house.ledger.transaction():
        house.ledger.people.save(found.new_keys)
        for old, into in found.moves.items():
            house.ledger.people.merge(old, into, found.reasons[old])
        house.ledger.contacts.seal(found.contacts)
    return found


def _described(house: House, rows: pa.Table) -> pa.Table:
    """Parties with what was known of them already where this source is silent: one source never wipes out what another told."""
    parties = house.engine.table("parties")
    wanted = ibis.memtable(pa.table({"wanted": [str(UUID(bytes=i)) for i in ids_of(rows)]}))
    before = house.engine.run(parties.semi_join(wanted, parties.id.cast("string") == wanted.wanted))
    return identity.filled(rows, before)


# ── the inbox ────────────────────────────────────────────────────────────────────────────────────────────────────────


def drain(house: House, owner: str) -> int:
    """One turn: takes what waits in the inbox, oldest first, and acknowledges it once it is in the hub. The number of signals taken.

    An error that may pass (a full disk, a database away) gives everything back untouched, and is raised. One that nobody foresaw costs only the
    item that caused it: that is set aside.
    """
    entries = house.ledger.inbox.take(AT_ONCE, owner, LEASE_S)
    left = [e.id for e in entries]
    try:
        for op, run in groupby(entries, key=lambda e: e.op):
            batch = list(run)
            aside = _worked(house, op, batch)
            with house.ledger.transaction():
                house.ledger.set_aside.add(aside, API)
                house.ledger.inbox.done([e.id for e in batch])
            left = left[len(batch) :]
    except BaseException:
        house.ledger.inbox.release(left)
        raise
    return sum(e.count for e in entries)


def _worked(house: House, op: str, entries: Sequence[Entry]) -> list[SetAside]:
    """What was set aside of these entries; all else of them is in the hub."""
    if op == "delete":
        return _delete(house, entries)
    at, items = entries[0].received_at, [item for e in entries for item in decode(e.body, op).items]
    try:
        return _feed(house, items, at)
    except GensvarError:
        raise
    except Exception:
        log.exception("a batch of %d items met something unforeseen; they are tried one by one", len(items))
        return [aside for item in items for aside in _alone(house, item, at)]


def _feed(house: House, items: Sequence[Item], at: datetime) -> list[SetAside]:
    aside: list[SetAside] = []
    for received in receive_items(items, contracts(house), house.ledger.measures.all(), house.secret, at, redaction.redactor_of(house)):
        take_in(house, received, at)
        aside.extend(received.set_aside)
    return aside


def _alone(house: House, item: Item, at: datetime) -> list[SetAside]:
    try:
        return _feed(house, [item], at)
    except GensvarError:
        raise
    except Exception as fault:
        log.exception("an item of source %s met something unforeseen; it is set aside", item.source)
        said = f"Gensvar could not work on it ({type(fault).__name__}); that is our fault, and in the log"
        return [SetAside(item.source, "unforeseen", said, msgspec.json.encode(item).decode(), item.record)]


def _delete(house: House, entries: Sequence[Entry]) -> list[SetAside]:
    """Removes every row of the records named, in every table."""
    for entry in entries:
        for gone in msgspec.json.decode(entry.body):
            remove(house, gone["source"], [gone["record"]])
    return []


def remove(house: House, source: str, records: Sequence[str]) -> int:
    """How many rows of these records were there; now they are not, and nothing that was made of their texts is."""
    with house.turn:
        reading.forget(house, source, records)
        there = house.engine.ids_of("feedback", source, records)
        house.ledger.days.mark(days_of(there))
        removed = house.engine.delete("feedback", ids_of(there))
        house.ledger.originals.forget(ids_of(there))
        for other in ("events", "mentions"):
            removed += house.engine.delete(other, ids_of(house.engine.ids_of(other, source, records)))
    return removed


# ── the cubes ────────────────────────────────────────────────────────────────────────────────────────────────────────


def recount(house: House) -> bool:
    """Counts the touched days anew and moves to a new epoch; whether there was anything to count."""
    with house.turn:
        dirty = house.ledger.days.dirty()
        if not dirty:
            return False
        feedback, measures, table = house.engine.table("feedback"), house.ledger.measures.all(), house.engine.table
        for cube in CUBES:
            counted = summed(table(cube.of), cube) if cube.of else count(feedback, cube, measures)
            house.engine.replace_days(cube.name, counted, dirty)
        before = house.engine.epoch()
        house.index.touch(dirty, before, house.engine.bump())
        house.ledger.days.clear(dirty)
    return True


# ── protected audiences ──────────────────────────────────────────────────────────────────────────────────────────────


def released(house: House) -> Released:
    """What protected audiences may be answered from, as of now."""
    return house.ledger.releases.released(house.settings.anonymous)


def release(house: House) -> int:
    """Shows what has come in of protected audiences in months that have ended, in blocks; how many rows. The rest waits until it makes a block.

    What is released stays as it is, so that no answer ever moves by one person. Cheap where nothing is new. Releases that were made under
    another setting are made anew.
    """
    releases = house.ledger.releases
    with house.turn:
        gone = releases.keep(house.settings.anonymous)
        there, stored = _rows_by_month(house), releases.counts()
        known = stored | releases.looked
        due = {(audience, month) for (audience, key, month), n in there.items() if n != known.get((audience, key, month))}
        made = _release_months(house, sorted(due)) if due else 0
        releases.looked.update(there)
        if made or gone:
            house.engine.bump()
    return made


def release_anew(house: House) -> int:
    """Forgets every release and makes them anew from the rows that are there now; how many rows they hold.

    Whoever has seen the numbers before can compare: what changed in between may concern few people.
    """
    with house.turn:
        if house.ledger.releases.clear():
            house.engine.bump()
        return release(house)


def _rows_by_month(house: House) -> dict[tuple[str, str, date], int]:
    """Rows of protected audiences by audience, measure and month that has ended."""
    engine, smallest = house.engine.cubes(), min(CUBES, key=lambda cube: len(cube.by))
    cube = engine.table(smallest.name)
    rows = cube.filter(cube.audience.isin(sorted(house.settings.anonymous.names)), cube.day < house.today().replace(day=1))
    found = engine.run(rows.group_by("audience", "measure", month=rows.day.truncate("M")).agg(n=rows.n.sum()))
    columns = (found["audience"], found["measure"], found["month"].cast(pa.date32()), found["n"])
    return {(audience, measure, month): n for audience, measure, month, n in zip(*(c.to_pylist() for c in columns), strict=True)}


def _release_months(house: House, due: Sequence[tuple[str, date]]) -> int:
    """Releases what is new of these audiences and months, all measures and texts of a month together."""
    known = {what: house.ledger.releases.counted(what) for what in get_args(What)}
    total = 0
    for audience, month in due:
        made = list(_made(house, audience, month, known))
        with house.ledger.transaction():
            for one in made:
                house.ledger.releases.add(one)
        total += sum(len(one.ids) for one in made)
    house.ledger.releases.renew()
    return total


def _made(house: House, audience: str, month: date, known: Mapping[What, set[bytes]]) -> Iterator[Release]:
    """What can be released of one audience and month; its rows are noted as counted."""
    least, rows = house.settings.anonymous.least(audience), _rows_of_month(house, audience, month)
    scored = _without(rows.filter(pc.is_valid(rows["place"])), known["scores"])
    written = _without(rows.filter(pc.fill_null(pc.greater(rows["written"], 0), False)), known["text"])
    toned = _without(_with_tone(rows), known["tone"])
    parts: list[tuple[What, str, pa.Table, int]] = [("text", TEXT, written, least_writers(least)), ("tone", TONE.key, toned, least)]
    keys = sorted(set(scored["measure"].to_pylist()))
    parts.extend(("scores", key, scored.filter(pc.equal(scored["measure"], key)), least) for key in keys)
    for what, key, part, people in parts:
        one = _released(part, audience, key, month, people)
        if one.blocks:
            known[what].update(map(known_by, one.ids))
            yield one


def _with_tone(rows: pa.Table) -> pa.Table:
    """The rows whose text was understood, each with its tone for a score."""
    read = rows.filter(pc.is_valid(rows["tone"]))
    return read.set_column(read.column_names.index("score"), "score", read["tone"]).set_column(
        read.column_names.index("place"), "place", read["tone_place"]
    )


def _rows_of_month(house: House, audience: str, month: date) -> pa.Table:
    """The rows of a protected audience in one month; place: null where the score is on no scale; written: how much text there is."""
    feedback, ends = house.engine.table("feedback"), plus_months(month, 1)
    low, high = (datetime.combine(day, time(), UTC) for day in (month, ends))
    rows = feedback.filter(feedback.audience == audience, feedback.occurred_at >= low, feedback.occurred_at < high)
    placed = rows.mutate(place=bin_expression(rows, by_scale(house.ledger.measures.all())), asked=rows.measure, given=rows.score)
    toned = placed.mutate(measure=ibis.literal(TONE.key), score=placed.sentiment)
    placed = toned.mutate(tone_place=bin_expression(toned, by_scale([TONE]))).drop("measure", "score").rename(measure="asked", score="given")
    columns = dict.fromkeys(("id", "party", "response", "source", "record", "measure", "score", *ORDER))
    return house.engine.run(placed.select(*columns, "place", "tone_place", written=placed.text.length(), tone=placed.sentiment))


def _without(rows: pa.Table, counted: Set[bytes]) -> pa.Table:
    """The rows that have not been released yet."""
    return rows.filter(pa.array([known_by(UUID(i).bytes) not in counted for i in rows["id"].to_pylist()], pa.bool_()))


def _released(rows: pa.Table, audience: str, measure: str, month: date, least: int) -> Release:
    """The rows in blocks, with the ids of their rows block by block; nothing of them where they do not make one block."""
    answers = Answers.of(rows, text=measure == TEXT)
    parts = partition(answers, least)
    ids = tuple(answers.ids[at] for part in parts for at in part.tolist())
    return Release(audience, measure, month, least, ids, tuple(blocks_of(answers, parts, audience, measure, month, least)))


# ── files ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def import_file(house: House, path: Path, source: str, progress: Progress = _always) -> Receipt:
    """Takes a file in under its source's contract, batch by batch. Stopped or interrupted, the same call goes on where it was."""
    contract = contract_of(house, source)
    reading = collect.look(path, contract.reading).reading
    run = house.ledger.imports.start(source, str(path), fingerprint(path), contract.key)
    intake = Intake(contract, house.ledger.measures.all(), house.secret, redaction.redactor_of(house))
    receipt, at = Receipt.of(run.counts), 0
    state: Literal["done", "stopped", "failed"] = "failed"
    try:
        for batch in collect.read(path, reading):
            at += batch.rows.num_rows + len(batch.faults)
            if at <= run.position:
                intake.remember(batch)
                continue
            receipt += _one(house, intake, batch, run.id, receipt, at)
            if not progress(receipt, at):
                state = "stopped"
                break
        else:
            state = "done"
    finally:
        recount(house)
        house.ledger.imports.end(run.id, state, receipt.as_json())
    return receipt


def rows_about(house: House, path: Path, source: str) -> int | None:
    """About how many rows a file has for its source, without reading it through; None where that cannot be told."""
    return collect.look(path, contract_of(house, source).reading).rows_estimate


def _one(house: House, intake: Intake, batch: Batch, run: int, before: Receipt, position: int) -> Receipt:
    """One batch of a file: into the hub first, then what was set aside and how far it came, together."""
    now = house.clock.now()
    received = intake.receive(batch, now)
    made = take_in(house, received, now)
    with house.ledger.transaction():
        house.ledger.set_aside.add(received.set_aside, f"import {run}")
        house.ledger.imports.advance(run, position, (before + made).as_json())
    return made


def preview(house: House, path: Path, contract: Contract, rows: int) -> Received:
    """What a contract makes of a file's first rows; nothing is stored."""
    batch = next(iter(collect.read(path, collect.look(path, contract.reading).reading, batch_rows=rows)), None)
    if batch is None:
        raise BadInput("The file has no rows", where=str(path))
    return Intake(contract, house.ledger.measures.all(), house.secret, redaction.redactor_of(house)).receive(batch, house.clock.now())


def fingerprint(path: Path) -> str:
    """A hash of the file's content: the same file under another name is the same import."""
    with path.open("rb") as file:
        return str(file_digest(file, partial(blake2b, digest_size=16)).hexdigest())


# ── contracts ────────────────────────────────────────────────────────────────────────────────────────────────────────

parsed = lru_cache(maxsize=256)(read_contract)


def contract_of(house: House, source: str) -> Contract:
    """The contract in force for a source; NotFound with the nearest otherwise."""
    yaml = house.ledger.contracts.current(source)
    if yaml is None:
        known = [c.source for c in house.ledger.contracts.all()]
        raise NotFound(f"No source {source!r}", nearest=nearest(source, known), do="`gensvar sources suggest FILE` writes a first contract.")
    return parsed(yaml)


def contracts(house: House) -> dict[str, Contract]:
    """Every contract in force, by source."""
    return {kept.source: parsed(kept.yaml) for kept in house.ledger.contracts.all()}


def add_source(house: House, yaml: str, by: str) -> str:
    """Puts a contract in force, with the measures that it brings; the source's name. One that names a measure nobody has defined is refused."""
    contract = read_contract(yaml)
    known = house.ledger.measures.all().with_(contract.measures)
    named = {v for a in contract.answers if a.measure for v in (a.measure.always, *a.measure.words.values()) if v}
    faults = [
        f"no measure {m!r}" + (f"; did you mean {guess!r}?" if (guess := nearest(m, known.by_key)) else "") for m in sorted(named) if m not in known
    ]
    for m in contract.measures:
        faults.extend(metric_of(m).faults(m))
    if faults:
        raise ContractError("The contract names measures that cannot be used", faults=faults, do="Define them under `measures:`.")
    with house.ledger.transaction():
        house.ledger.measures.add(contract.measures, by)
        house.ledger.contracts.add(yaml, contract, by or contract.owner)
    return contract.source


def suggested(path: Path, source: str, owner: str, zone: str, known: Measures | None = None) -> tuple[str, list[dict[str, Any]]]:
    """A first contract for a file as YAML, and each guess: path, value, how sure (0…1) and because of what."""
    made = collect.suggest(path, source, owner, zone, known)
    notes = {line.path: f"{line.sure:.0%} sure: {line.because}" for line in made.lines}
    return write_contract(made.contract, notes), [asdict(line) for line in made.lines]


# ── set aside ────────────────────────────────────────────────────────────────────────────────────────────────────────


def raw_of(row: SetAside) -> dict[str, Any]:
    """The row's own values by column; a piece of input that was no row stands under `line`."""
    try:
        values = json.loads(row.raw)
    except ValueError:
        return {"line": row.raw}
    return values if isinstance(values, dict) else {"line": row.raw}


def open_ids(house: House, source: str | None, reason: str | None) -> list[int]:
    """The rows set aside that stand open, of this source and reason where given."""
    found: list[int] = []
    while rows := house.ledger.set_aside.page(source, reason, "open", found[-1] if found else 0, REPLAY_AT_ONCE):
        found.extend(r.id for r in rows)
    return found


def replay(house: House, rows: Sequence[int], repaired: Mapping[str, Any] | None = None) -> Receipt:
    """Sends rows through the flow again under the contract now in force. A row that goes in is settled; one that does not stays open, with why."""
    if repaired is not None and len(rows) != 1:
        raise BadInput("Repaired values belong to one row", do="Name one row, or leave the values out.")
    receipt = Receipt()
    for number in rows:
        receipt += _again(house, house.ledger.set_aside.get(number), repaired)
    recount(house)
    return receipt


def _again(house: House, kept: Kept, repaired: Mapping[str, Any] | None) -> Receipt:
    if kept.state != "open":
        raise Conflict(f"Row {kept.id} is {kept.state} already")
    values, now = dict(repaired) if repaired is not None else raw_of(kept.row), house.clock.now()
    if set(values) == {"line"}:
        raise BadInput(f"Row {kept.id} could not be read as a row", do="Give its values by column, repaired.")
    made = Receipt()
    for received in _received_again(house, kept, values, now):
        made += take_in(house, received, now)
    if not made.set_aside:
        house.ledger.set_aside.settle([kept.id], "replayed", "replay")
    return made


def _received_again(house: House, kept: Kept, values: Mapping[str, Any], now: datetime) -> Iterable[Received]:
    """The row as it came: an item of the API, or a row of a source."""
    if kept.origin == API:
        body = msgspec.json.encode(values)
        decoded = decode(body, "events" if "name" in values else "feedback")
        if decoded.problems:
            raise BadInput("The item cannot be taken in", faults=[m for _, m in decoded.problems])
        return receive_items(decoded.items, contracts(house), house.ledger.measures.all(), house.secret, now, redaction.redactor_of(house))
    contract = contract_of(house, kept.row.source)
    names = sorted(set(values) | contract.columns())
    row = pa.table({n: pa.array([None if values.get(n) is None else str(values[n])], pa.string()) for n in names})
    return [Intake(contract, house.ledger.measures.all(), house.secret, redaction.redactor_of(house)).receive(Batch(row, [kept.row.line]), now)]
