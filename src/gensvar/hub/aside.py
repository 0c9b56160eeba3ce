"""What cannot be taken in as it is: collected row by row, with the reason and the row itself, so that a person can repair and replay it."""

import json
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from gensvar.contracts.rows import Batch, SetAside
from gensvar.hub.sheet import as_text
from gensvar.kit.errors import BadInput
from gensvar.text.redact import redact

LONGEST_CELL = 1_000_000
SHOWN = 60


def shown(value: str | None) -> str:
    """A value as a message may show it: short, without what points at a person."""
    text = redact(value or "")
    return repr(text if len(text) <= SHOWN else text[: SHOWN - 1] + "…")


@dataclass(frozen=True, slots=True)
class Noted:
    row: int
    reason: str
    message: str
    field: str = ""
    item: str = ""


@dataclass(slots=True)
class Aside:
    """The rows and answers of one batch that were set aside. refuse: reasons that stop the import instead."""

    source: str
    batch: Batch
    refuse: frozenset[str] = frozenset()
    noted: list[Noted] = field(default_factory=list)

    def add(self, rows: Iterable[int], reason: str, message: Callable[[int], str] | str, column: str = "", item: str = "") -> None:
        """Notes these rows of the batch. message: the sentence, or how to say it of a row. Raises BadInput where the contract refuses."""
        for row in rows:
            said = message if isinstance(message, str) else message(row)
            if reason in self.refuse:
                raise BadInput(
                    said,
                    where=f"source {self.source!r}, line {self.batch.lines[row]}" + (f", column {column!r}" if column else ""),
                    do="Correct the row, or let the contract set such rows aside (surprises).",
                )
            self.noted.append(Noted(int(row), reason, said, column, item))

    def all(self, records: Sequence[str | None]) -> tuple[SetAside, ...]:
        """Every note with its row, in the order of the file; what could not even be read as a row comes first."""
        unread = [SetAside(self.source, f.reason, f.message, f.raw, line=f.line) for f in self.batch.faults]
        raw = raw_rows(self.batch.rows, sorted({n.row for n in self.noted}))
        ordered = sorted(self.noted, key=lambda n: n.row)
        return (*unread, *(self._one(n, raw[n.row], records[n.row] or "") for n in ordered))

    def _one(self, n: Noted, raw: str, record: str) -> SetAside:
        return SetAside(self.source, n.reason, n.message, raw, record, n.item, n.field, int(self.batch.lines[n.row]))


def raw_rows(rows: pa.Table, wanted: Sequence[int]) -> dict[int, str]:
    """Row → the row as JSON, as the source gave it. A cell beyond a million characters is cut, and says so."""
    if not wanted:
        return {}
    picked = rows.take(pa.array(wanted, pa.int64()))
    names = rows.column_names
    columns = [_plain(picked.column(i)) for i in range(len(names))]
    return {
        row: json.dumps(dict(zip(names, (_cell(c[i]) for c in columns), strict=True)), ensure_ascii=False, default=str)
        for i, row in enumerate(wanted)
    }


def _plain(column: pa.ChunkedArray) -> list[object]:
    try:
        values: list[object] = column.to_pylist()
    except (UnicodeDecodeError, ValueError, OverflowError):
        values = as_text(pa.concat_arrays(column.chunks)).to_pylist()
    return values


def _cell(value: object) -> object:
    if isinstance(value, str) and len(value) > LONGEST_CELL:
        return f"{value[:LONGEST_CELL]}… [{len(value) - LONGEST_CELL:,} characters cut]"
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value
