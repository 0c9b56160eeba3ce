"""One import of one source: batches of raw rows in, rows of the target table out, and all that could not be taken in, with its reason."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gensvar.contracts.contract import Contract, Moment
from gensvar.contracts.events import EVENTS
from gensvar.contracts.feedback import FEEDBACK
from gensvar.contracts.measures import Measures
from gensvar.contracts.parties import PARTIES
from gensvar.contracts.rows import Batch, Keys, Received
from gensvar.contracts.table import MOMENT
from gensvar.hub.answers import LONGEST_WORD, answers
from gensvar.hub.aside import Aside, shown
from gensvar.hub.happenings import events, parties
from gensvar.hub.moments import Times, times
from gensvar.hub.people import Register, people
from gensvar.hub.records import LONGEST_RECORD, Repeats, is_long, named, units
from gensvar.hub.shared import ORIGINAL, Rows, constant, dimensions, hexes, kinds, languages, maps, moment_array, no_rows, others
from gensvar.hub.sheet import Index, Mask, Sheet
from gensvar.kit.errors import BadInput, nearest
from gensvar.kit.ids import record_keys
from gensvar.text.redact import PLAIN, Redactor

SPECS = {"feedback": FEEDBACK, "events": EVENTS, "parties": PARTIES}
BAD_VALUES = frozenset(
    {"bad_score", "off_scale", "unknown_measure", "bad_time", "too_long", "bad_value", "missing_item", "missing_name", "missing_party"}
    | {"bad_email", "bad_phone", "bad_external"}
)
MEANT = {"email": "e-mail address", "phone": "phone number", "external": "id"}


@dataclass(frozen=True, slots=True)
class First:
    """rows: indices of the batch that are taken in; repeated: how many said the same as an earlier one."""

    rows: Index
    records: list[str]
    keys16: list[bytes]
    repeated: int


@dataclass(slots=True)
class Intake:
    """One import: remembers the records it has seen, so that a repeat is no contradiction and a contradiction no repeat.

    redactor: what is taken out of words before they go further.
    """

    contract: Contract
    measures: Measures
    secret: bytes
    redactor: Redactor = PLAIN
    _repeats: Repeats = field(default_factory=Repeats)
    _register: Register | None = None

    def __post_init__(self) -> None:
        self.measures = self.measures.with_(self.contract.measures)
        region = self.contract.party.region if self.contract.party else None
        self._register = Register(self.secret, region)
        self.redactor = replace(self.redactor, region=region)

    def receive(self, batch: Batch, now: datetime) -> Received:
        """What the contract makes of the batch. Raises BadInput where the contract refuses what it finds; then nothing of the batch is taken in.

        A row with the same content as an earlier one of the import is counted in `repeated` and left out.
        """
        sheet, aside = _sheet(batch, self.contract), Aside(self.contract.source, batch, _refused(self.contract))
        _check_columns(sheet, self.contract)
        records = self._records(sheet, aside)
        at, created, good = _moments(sheet, self.contract, aside, now)
        good &= np.array([r is not None for r in records], dtype=bool) & _short(sheet, self.contract, aside, good)
        first = self._first(sheet, records, np.flatnonzero(good), aside)
        rows = _rows(sheet.take(first.rows), self.contract, first, at, now, self.redactor)
        return self._received(rows, first, created, records, aside)

    def remember(self, batch: Batch) -> None:
        """Sees a batch that an earlier run of this import took in, so that what follows is numbered and compared as if there had been no break."""
        sheet = _sheet(batch, self.contract)
        aside = Aside(self.contract.source, batch)
        records = self._records(sheet, aside)
        good = np.array([r is not None for r in records], dtype=bool)
        self._first(sheet, records, np.flatnonzero(good), aside)

    def _records(self, sheet: Sheet, aside: Aside) -> list[str | None]:
        if not self.contract.record:
            return list(self._repeats.numbered(sheet.content()))
        records = named(sheet, self.contract, self.secret)
        missing = [i for i, r in enumerate(records) if r is None]
        if missing and self.contract.surprises.missing_record == "accept":
            made = self._repeats.numbered(sheet.take(np.array(missing, dtype=np.int64)).content())
            for i, record in zip(missing, made, strict=True):
                records[i] = record
            return records
        column = " and ".join(self.contract.record)
        aside.add(missing, "missing_record", f"The row has no record id in {column}", self.contract.record[0])
        long = [i for i, r in enumerate(records) if r is not None and len(r) > LONGEST_RECORD]
        aside.add(long, "too_long", f"The record id is longer than {LONGEST_RECORD} characters", self.contract.record[0])
        for i in long:
            records[i] = None
        return records

    def _first(self, sheet: Sheet, records: Sequence[str | None], good: Index, aside: Aside) -> First:
        """The rows to take in; what contradicts an earlier row is set aside, what repeats one is counted."""
        ids = [str(records[i]) for i in good]
        keys = record_keys(self.contract.source, ids)
        if not self.contract.record:
            return First(good, ids, keys, 0)
        smaller = sheet.take(good)
        last = self.contract.surprises.duplicate_record == "last"
        keep, against = self._repeats.sort_out(units(smaller, self.contract, ids, keys), smaller.content(), last_wins=last)
        said = "The record came earlier in this import with other content"
        aside.add(good[against].tolist(), "duplicate_record", said, self.contract.record[0])
        if keep.all():
            return First(good, ids, keys, 0)
        kept = np.flatnonzero(keep).tolist()
        return First(good[keep], [ids[i] for i in kept], [keys[i] for i in kept], len(ids) - len(kept) - len(against))

    def _received(self, rows: Rows, first: First, created: Times | None, records: Sequence[str | None], aside: Aside) -> Received:
        register = self._register or Register(self.secret)
        keys = _keys(rows, register, aside)
        made, originals = split_off(_target(rows, self.measures, keys, aside), ORIGINAL)
        return Received(
            source=self.contract.source,
            target=self.contract.target,
            table=made,
            records=first.records,
            keys16=first.keys16,
            created_ms=_created_ms(created, rows.index),
            people=keys,
            contacts=register.handed_on(),
            set_aside=aside.all(records),
            whole=not is_long(self.contract),
            read=aside.batch.rows.num_rows + len(aside.batch.faults),
            repeated=first.repeated,
            originals=originals,
        )


def fresh(intake: Intake) -> Intake:
    """The same import before it has seen anything."""
    return Intake(intake.contract, intake.measures, intake.secret, intake.redactor)


def split_off(made: pa.Table, name: str) -> tuple[pa.Table, pa.ChunkedArray | None]:
    """(the table without this column, the column); None where the table has none of that name."""
    return (made.drop_columns([name]), made[name]) if name in made.column_names else (made, None)


def receive(batch: Batch, contract: Contract, measures: Measures, secret: bytes, now: datetime) -> Received:
    """What a contract makes of one batch that stands alone; an import of several batches is one `Intake`."""
    return Intake(contract, measures, secret).receive(batch, now)


def _sheet(batch: Batch, contract: Contract) -> Sheet:
    """The batch without the columns that the contract ignores: they are neither kept nor part of what makes two rows differ."""
    ignored = [name for name in contract.ignore if name in batch.rows.column_names]
    return Sheet(batch.rows.drop_columns(ignored) if ignored else batch.rows)


def _refused(contract: Contract) -> frozenset[str]:
    surprises = contract.surprises
    refused = BAD_VALUES if surprises.bad_value == "refuse" else frozenset()
    refused |= {"missing_record"} if surprises.missing_record == "refuse" else set()
    return refused | ({"duplicate_record"} if surprises.duplicate_record == "refuse" else set())


def _check_columns(sheet: Sheet, contract: Contract) -> None:
    known = contract.columns()
    missing, new = sorted(known - sheet.names - frozenset(contract.ignore)), sorted(sheet.names - known)
    faults = []
    if contract.surprises.missing_column == "refuse":
        faults += [_no_column(name, sheet) for name in missing]
    if contract.surprises.new_column == "refuse":
        faults += [f"column {name!r} is not in the contract" for name in new]
    if faults:
        raise BadInput(
            f"The columns are not those of the contract of source {contract.source!r}",
            faults=faults,
            do="Correct the file, or the contract (surprises says what it accepts); a file of another kind belongs to another source: --source NAME.",
        )


def _no_column(name: str, sheet: Sheet) -> str:
    guess = nearest(name, sheet.names)
    return f"no column {name!r}" + (f"; did you mean {guess!r}?" if guess else "")


def _moments(sheet: Sheet, contract: Contract, aside: Aside, now: datetime) -> tuple[Times, Times | None, Mask]:
    """(when each row happened, its immutable moment, which rows have good times). Without `at`, `created` says when; without both, now."""
    created = times(sheet, contract.created) if contract.created else None
    at = times(sheet, contract.at) if contract.at else created
    good = np.ones(len(sheet), dtype=bool)
    if contract.created and created:
        good &= ~_bad_times(sheet, contract.created, created, created.given & ~created.ok, aside)
    if at is None:
        us = round(now.timestamp() * 1_000_000)
        return Times(np.full(len(sheet), us, dtype=np.int64), good.copy(), good.copy()), created, good
    stated = contract.at or contract.created
    if stated:
        good &= ~_bad_times(sheet, stated, at, ~at.ok & good, aside)
    return at, created, good


def _bad_times(sheet: Sheet, moment: Moment, found: Times, bad: Mask, aside: Aside) -> Mask:
    column = moment.column or ""

    def say(row: int) -> str:
        if not found.given[row]:
            return "The row says no time"
        said = shown(sheet.text(column)[row].as_py() if column else moment.always)
        return f"{said} is no time between 1970 and 2100, read as {moment.order} in {moment.zone}"

    aside.add(np.flatnonzero(bad).tolist(), "bad_time", say, column)
    return bad


def _short(sheet: Sheet, contract: Contract, aside: Aside, good: Mask) -> Mask:
    """Whether each row's words are short enough to be words; texts of answers have a limit of their own."""
    texts = {c for a in contract.answers for c in (a.text, a.score, a.item.column, a.choice.column if a.choice else None) if c}
    fits = np.ones(len(sheet), dtype=bool)
    for name in sheet.rows.column_names:
        if name in texts or not _may_be_long(sheet.rows.schema.field(name).type):
            continue
        long = pc.fill_null(pc.greater(pc.utf8_length(sheet.text(name)), LONGEST_WORD), False).to_numpy(zero_copy_only=False)
        if long.any():
            aside.add(np.flatnonzero(long & good & fits).tolist(), "too_long", f"The value is longer than {LONGEST_WORD:,} characters", name)
            fits &= ~long
    return fits


def _may_be_long(kind: pa.DataType) -> bool:
    return not (pa.types.is_primitive(kind) or pa.types.is_null(kind))


def _rows(sheet: Sheet, contract: Contract, first: First, at: Times, now: datetime, redactor: Redactor) -> Rows:
    kept, count = first.rows, len(first.rows)
    kind, local = kinds(sheet, contract.kind, redactor)
    language, no_language = languages(sheet, contract.language)
    attrs = others(sheet, contract, redactor)
    if no_language.null_count < count:
        attrs["unread.language"] = no_language
    columns = {
        "source": constant(contract.source, count),
        "record": pa.array(first.records, pa.string()),
        "response": hexes(first.keys16),
        "occurred_at": moment_array(Times(at.us[kept], at.given[kept], at.ok[kept])),
        "received_at": pa.repeat(pa.scalar(now, MOMENT), count),
        "audience": constant(contract.audience, count),
        "kind": kind,
        "local_kind": local,
        "language": language,
        "attrs": maps(attrs, count),
        "contract": constant(contract.key, count),
        **dimensions(sheet, contract),
    }
    return Rows(sheet, contract, kept, columns, attrs, redactor)


def _keys(rows: Rows, register: Register, aside: Aside) -> Keys:
    def complain(kind: str, column: str, bad: Sequence[int]) -> None:
        what = MEANT[kind]
        said = f"The value in {column} is no {what}; the row went in without it"
        aside.add(rows.index[list(bad)].tolist(), f"bad_{kind}", said, column)

    return people(rows.sheet, rows.contract, register, rows.columns["market"], complain)


def _target(rows: Rows, measures: Measures, keys: Keys, aside: Aside) -> pa.Table:
    contract = rows.contract
    if not len(rows):
        return no_rows(SPECS[contract.target])
    if contract.event and contract.target == "events":
        return events(rows, contract.event, aside)
    if contract.person and contract.target == "parties":
        return parties(rows, contract.person, keys, aside)
    return answers(rows, measures, aside)


def _created_ms(created: Times | None, kept: Index) -> list[int | None]:
    if created is None:
        return [None] * len(kept)
    ms, ok = (created.us[kept] // 1_000).tolist(), created.ok[kept].tolist()
    return [m if fine else None for m, fine in zip(ms, ok, strict=True)]
