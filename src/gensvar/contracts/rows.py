"""What passes between the rooms on the way in: batches of raw rows, what became of them, and what was set aside and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Fault:
    """A piece of the input that could not even be read as a row. line: 1-based, in the file; raw: what stood there, at most 10,000 characters."""

    line: int
    reason: str
    message: str
    raw: str


@dataclass(frozen=True, slots=True)
class Batch:
    """Raw rows as the source gave them: one Arrow column per source column, text where the file has no types.

    lines: 1-based line or row number in the source, one for each row, int64. faults: what could not be read as a row.
    """

    rows: pa.Table
    lines: Sequence[int]
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Header:
    """What a source says of one of its columns. name: unique; label: the question in words;

    labels: coded value → its words; missing: codes that mean no answer.
    """

    name: str
    label: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    missing: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class SetAside:
    """A row, or one answer of it, that could not be taken in as it is. raw: the row as the source gave it, JSON, to repair and replay.

    reason: a short code (bad_score, off_scale, bad_time, missing_record …); message: a sentence; field: the source's column.
    """

    source: str
    reason: str
    message: str
    raw: str
    record: str = ""
    item: str = ""
    field: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Contact:
    """A plain contact detail on its way to the ledger, where it is encrypted. key: the identity key it belongs to."""

    key: bytes
    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Keys:
    """The identity keys that each row names, 16 bytes or null, aligned with the rows of `Received.records`.

    Strongest first: external, email, phone.
    """

    external: Sequence[bytes | None]
    email: Sequence[bytes | None]
    phone: Sequence[bytes | None]
    account: Sequence[bytes | None]
    namespace: str = ""


@dataclass(frozen=True, slots=True)
class NewKey:
    """kind: email, phone, external or party. namespace: where an external id holds; empty for the others."""

    key: bytes
    kind: str
    namespace: str
    party: bytes
    first_seen: datetime


@dataclass(frozen=True, slots=True)
class Received:
    """What a contract made of a batch. `table` is feedback, events or parties without id, party and account, which need what the ledger remembers.

    table: rows in the target's schema plus `_row` (int64: index into records); records: the source's record ids; keys16: their `kit.ids.record_key`;
    created_ms: the record's own immutable moment (ms) or null; whole: whether a record's earlier rows that are not named again go away.
    read: raw rows read; repeated: rows left out since they said the same as an earlier one of the import. originals: beside each row of `table` its
    text as it was written, where redaction took something out; null elsewhere.
    """

    target: str
    table: pa.Table
    records: Sequence[str]
    keys16: Sequence[bytes]
    created_ms: Sequence[int | None]
    people: Keys
    contacts: tuple[Contact, ...] = ()
    set_aside: tuple[SetAside, ...] = ()
    whole: bool = True
    source: str = ""
    read: int = 0
    repeated: int = 0
    originals: pa.ChunkedArray | None = None
