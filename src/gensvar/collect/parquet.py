"""Parquet files, row group by row group; one that cannot be read is a fault, and the next is read."""

import json
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from gensvar.collect.batches import MOST_CELLS
from gensvar.collect.names import unique
from gensvar.contracts.rows import Batch, Fault
from gensvar.kit.errors import Unreadable

BROKEN = (pa.ArrowException, OSError, ValueError)


def open_parquet(path: Path) -> pq.ParquetFile:
    try:
        return pq.ParquetFile(path)
    except BROKEN as broken:
        raise Unreadable(f"{path} is a broken Parquet file: {broken}", do="It was perhaps cut short on the way; copy it again.") from broken


def names_of(file: pq.ParquetFile) -> list[str]:
    return unique(file.schema_arrow.names)


def batches(path: Path, batch_rows: int) -> Iterator[Batch]:
    """Typed batches; nested values as JSON text. Lines are row numbers, from 1."""
    with open_parquet(path) as file:
        names = names_of(file)
        step, line = max(1, min(batch_rows, MOST_CELLS // max(1, len(names)))), 1
        for group in range(file.num_row_groups):
            n, done = file.metadata.row_group(group).num_rows, 0
            try:
                for part in file.iter_batches(step, row_groups=[group], use_threads=False):
                    rows = pa.table([_plain(c) for c in part.columns], names=names)
                    yield Batch(rows, range(line + done, line + done + part.num_rows))
                    done += part.num_rows
            except BROKEN as broken:
                message = f"Rows {line + done} to {line + n - 1} cannot be read: {str(broken)[:300]}"
                yield Batch(pa.table([pa.array([], pa.string()) for _ in names], names=names), [], (Fault(line + done, "corrupt", message, ""),))
            line += n


def _plain(column: pa.Array) -> pa.Array:
    """The column in a type that every room knows."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _plain(column.dictionary_decode())
    if pa.types.is_nested(kind):
        return pa.array([None if v is None else json.dumps(v, ensure_ascii=False, default=str) for v in column.to_pylist()], pa.string())
    if pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return column.cast(pa.string())
    if pa.types.is_decimal(kind):
        return column.cast(pa.float64())
    if pa.types.is_null(kind):
        return column.cast(pa.string())
    return _bytes(column) if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind) else column


def _bytes(column: pa.Array) -> pa.Array:
    """Bytes as the text that they spell, or in hexadecimal where they spell none."""
    try:
        return pc.cast(column.cast(pa.binary()), pa.string())
    except pa.ArrowInvalid:
        return pa.array([None if v is None else v.hex() for v in column.to_pylist()], pa.string())
