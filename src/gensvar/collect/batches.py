"""Rows of text cells to Arrow batches: rows that no table can hold become faults; a resumed import skips what it had."""

from collections.abc import Iterable, Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from gensvar.collect.encoding import LONE, readable
from gensvar.contracts.rows import Batch, Fault

MOST_CELLS, MOST_CHARACTERS = 2_000_000, 1 << 26


def batch_of(names: Sequence[str], rows: list[list[str]], lines: list[int], faults: Sequence[Fault] = ()) -> Batch:
    """Text rows as one batch. A row with bytes that are not text, or with a null, is a fault."""
    arrays = _arrays(len(names), rows)
    broken = [i for i, row in enumerate(rows) if _fault(row, 0)] if arrays is None or _any_null(arrays) else []
    if broken:
        found = [f for i in broken if (f := _fault(rows[i], lines[i]))]
        gone = frozenset(broken)
        rows = [row for i, row in enumerate(rows) if i not in gone]
        lines = [line for i, line in enumerate(lines) if i not in gone]
        faults = sorted((*faults, *found), key=lambda f: f.line)
        arrays = _arrays(len(names), rows)
    return Batch(pa.table(arrays or [], names=list(names)), lines, tuple(faults))


def in_batches(pieces: Iterable[Batch], most: int) -> Iterator[Batch]:
    """The same rows in batches of `most`, or fewer where they are long; each fault in the batch whose rows it stands among."""
    held: list[Batch] = []
    rows = size = 0
    for piece in pieces:
        held.append(piece)
        rows, size = rows + piece.rows.num_rows, size + piece.rows.nbytes
        while rows >= most or size > MOST_CHARACTERS:
            whole = _joined(held)
            yield _part(whole, 0, most)
            rest = _part(whole, most, rows)
            held, rows, size = ([rest] if rows > most else []), max(0, rows - most), rest.rows.nbytes if rows > most else 0
    if held:
        yield _joined(held)


def _joined(pieces: Sequence[Batch]) -> Batch:
    lines = [line for piece in pieces for line in piece.lines]
    return Batch(pa.concat_tables([piece.rows for piece in pieces]), lines, tuple(fault for piece in pieces for fault in piece.faults))


def _part(batch: Batch, first: int, after: int) -> Batch:
    """The rows from one to another, with the faults from where they begin to where the next begin; the last part has all that are left."""
    lines, count = batch.lines, batch.rows.num_rows
    low = lines[first] if 0 < first < count else 0
    faults = batch.faults if after >= count and not first else [f for f in batch.faults if f.line > low and (after >= count or f.line < lines[after])]
    return Batch(batch.rows.slice(first, after - first), lines[first:after], tuple(faults))


def _arrays(width: int, rows: list[list[str]]) -> list[pa.Array] | None:
    """One text array for each column, or None where a cell cannot be written as UTF-8."""
    if not rows:
        return [pa.array([], pa.string()) for _ in range(width)]
    try:
        return [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]
    except UnicodeEncodeError:
        return None


def _any_null(arrays: list[pa.Array]) -> bool:
    return any(b"\0" in data for a in arrays if (data := _data(a)))


def _data(array: pa.Array) -> memoryview | bytes:
    buffer = array.buffers()[2] if len(array) else None
    return buffer.to_pybytes() if buffer is not None else b""


def _fault(row: Sequence[str], line: int) -> Fault | None:
    text = "\x1f".join(row)
    if LONE.search(text):
        return Fault(line, "bad_encoding", "The row has bytes that are not text in the file's encoding.", readable(" | ".join(row)))
    if "\0" in text:
        return Fault(line, "null_byte", "The row has a null byte.", readable(" | ".join(row)))
    return None


def skipping(batches: Iterable[Batch], skip: int) -> Iterator[Batch]:
    """The batches without their first `skip` rows and the faults that stand before them."""
    for batch in batches:
        n = batch.rows.num_rows
        if skip >= n > 0 or (skip > 0 and n == 0):
            skip -= n
        elif skip > 0:
            last = batch.lines[skip - 1]
            yield Batch(batch.rows.slice(skip), batch.lines[skip:], tuple(f for f in batch.faults if f.line > last))
            skip = 0
        else:
            yield batch


def as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """The column as text, as the source would have written it."""
    return pc.cast(column, pa.string())
