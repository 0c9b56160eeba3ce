"""Batches of rows on their way into a table: fitted to its columns, one row per id, in the order of their ids, cut where the ids leave wide gaps."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import ibis.expr.datatypes as dt
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gensvar.contracts import TABLES, TableSpec
from gensvar.contracts.table import MOMENT, TEXT, UUID
from gensvar.kit.errors import BadInput, NotFound, nearest

DAY_MS = 86_400_000
FOUND = pa.schema([("id", TEXT), ("source", TEXT), ("record", TEXT), ("item", TEXT), ("occurred_at", MOMENT)])
CROWD = 8  # a group of ids that is at least 1/8 of the batch gets bounds of its own


def spec_of(name: str) -> TableSpec:
    """The table of this name; NotFound with the nearest name."""
    if name not in TABLES:
        raise NotFound(f"No table {name!r} in the hub", nearest=nearest(name, TABLES), do=f"There are {', '.join(TABLES)}.")
    return TABLES[name]


def uuids(ids: Sequence[bytes]) -> pa.Array:
    """Ids of 16 bytes as an Arrow column of UUIDs."""
    return pa.ExtensionArray.from_storage(UUID, pa.array(ids, pa.binary(16)))


def uuid_text(raw: bytes) -> str:
    """An id as text.

    >>> uuid_text(bytes(16))
    '00000000-0000-0000-0000-000000000000'
    """
    h = raw.hex()
    return f"{h[:8]}-{h[8:12]}-{h[12:16]}-{h[16:20]}-{h[20:]}"


def with_text_ids(rows: pa.Table) -> pa.Table:
    """The rows with their ids as text, for engines that have no type for ids."""
    columns = [_texts(c.combine_chunks()) if c.type == UUID else c for c in rows.columns]
    return pa.table(dict(zip(rows.column_names, columns, strict=True)))


def _texts(ids: pa.Array) -> pa.Array:
    return pa.array([None if raw is None else uuid_text(raw) for raw in ids.storage.to_pylist()], pa.string())


def uuid_bytes(text: str) -> bytes:
    """The 16 bytes of an id given as text."""
    return bytes.fromhex(text.replace("-", ""))


def fitted(rows: pa.Table, spec: TableSpec) -> pa.Table:
    """The rows with exactly the table's columns, in its order and types. BadInput lists every fault at once."""
    faults = [f"no column {c!r} in {spec.name}" for c in rows.column_names if c not in spec.names]
    columns = []
    for c in spec.columns:
        try:
            column = _column(rows, c.name, c.type)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError, ValueError) as wrong:
            faults.append(f"{c.name} cannot be {c.type}: {wrong}")
            continue
        if c.required and column.null_count:
            faults.append(f"{c.name} must not be empty, but is in {column.null_count} rows")
        columns.append(column)
    if faults:
        raise BadInput(f"The rows do not fit the table {spec.name}", faults=faults)
    return pa.table(columns, schema=spec.schema)


def _column(rows: pa.Table, name: str, kind: pa.DataType) -> pa.Array:
    if name not in rows.column_names:
        return pa.nulls(rows.num_rows, kind)
    column = rows.column(name).combine_chunks()
    if kind == UUID and column.type != UUID:
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            column = pa.array([None if t is None else uuid_bytes(t) for t in column.to_pylist()], pa.binary(16))
        return pa.ExtensionArray.from_storage(UUID, column.cast(pa.binary(16)))
    return column if column.type == kind else column.cast(kind)


def _halves(ids: pa.Array) -> tuple[Any, Any]:
    """The ids as two columns of unsigned numbers, whose order is the order of the ids."""
    storage = ids.storage
    both = np.frombuffer(storage.buffers()[1], dtype=">u8")[2 * storage.offset : 2 * (storage.offset + len(storage))]
    return both[0::2].astype("u8"), both[1::2].astype("u8")


def newest(rows: pa.Table) -> pa.Table:
    """One row per id, the last one given, in the order of the ids. The id column must be in one piece."""
    if rows.num_rows == 0:
        return rows
    high, low = _halves(rows.column("id").combine_chunks())
    order = np.lexsort((low, high))
    again = (high[order][:-1] == high[order][1:]) & (low[order][:-1] == low[order][1:])
    kept = order[~np.append(again, False)]
    same = len(kept) == rows.num_rows and bool((kept[:-1] < kept[1:]).all())
    return rows if same else rows.take(pa.array(kept))


def spans(rows: pa.Table) -> Iterator[pa.Table]:
    """The rows of a sorted batch in parts that each lie close together in time, so that a merge bounded by a part's ids reads little.

    Crowds (at least an eighth of the batch, more than a day from others) stand alone; what is scattered between them is one part.
    """
    high, _ = _halves(rows.column("id").combine_chunks()) if rows.num_rows else (np.empty(0, "u8"), None)
    moments = (high >> np.uint64(16)).astype("i8")
    edges = np.flatnonzero(np.diff(moments) > DAY_MS) + 1
    starts, ends = np.append(0, edges), np.append(edges, rows.num_rows)
    crowds = (ends - starts) * CROWD >= rows.num_rows
    for start, end in zip(starts[crowds], ends[crowds], strict=True):
        if end > start:
            yield rows.slice(start, end - start)
    lone = [rows.slice(s, e - s) for s, e in zip(starts[~crowds], ends[~crowds], strict=True)]
    if lone:
        yield pa.concat_tables(lone).combine_chunks()


def bounds(rows: pa.Table, last: str = "id") -> tuple[str, str]:
    """The least and greatest id of a sorted batch, as text; last: the column whose last value is the greatest."""
    first, end = rows.column("id").combine_chunks().storage[0], rows.column(last).combine_chunks().storage[-1]
    return uuid_text(first.as_py()), uuid_text(end.as_py())


def by_id(ids: Sequence[bytes]) -> pa.Table:
    """These ids as a table of one column, sorted, each once."""
    return newest(pa.table({"id": uuids(ids)}))


def shown_type(kind: dt.DataType) -> pa.DataType:
    """The Arrow type in which a column of this Ibis type leaves an engine: ids are text, moments have microseconds."""
    if kind.is_uuid():
        return pa.string()
    if kind.is_timestamp():
        return pa.timestamp("us", tz=kind.timezone)
    if kind.is_array():
        return pa.list_(shown_type(kind.value_type))
    if kind.is_map():
        return pa.map_(shown_type(kind.key_type), shown_type(kind.value_type))
    if kind.is_struct():
        return pa.struct([pa.field(n, shown_type(t)) for n, t in kind.items()])
    return kind.to_pyarrow()


def shown_schema(schema: Any) -> pa.Schema:
    """The Arrow schema in which rows of this Ibis schema leave an engine, the same on every engine."""
    return pa.schema([pa.field(n, shown_type(t)) for n, t in schema.items()])


def shown(rows: pa.Table, schema: pa.Schema) -> pa.Table:
    """An engine's own rows in that schema, by the names of their columns."""
    columns = [_cast(rows.column(f.name), f.type) for f in schema]
    return pa.table(columns, schema=schema)


def _cast(column: pa.ChunkedArray, kind: pa.DataType) -> pa.ChunkedArray:
    return column if column.type == kind else pc.cast(column, kind, safe=not pa.types.is_timestamp(kind))


def final(moves: Mapping[bytes, bytes]) -> dict[bytes, bytes]:
    """Each old id with the id at the end of its chain of moves; BadInput when a chain leads back to its start."""
    ends = {}
    for old in moves:
        at, seen = old, {old}
        while at in moves:
            at = moves[at]
            if at in seen:
                raise BadInput("Parties cannot be merged in a circle", where=f"party {uuid_text(old)}")
            seen.add(at)
        ends[old] = at
    return ends


def references(spec: TableSpec) -> tuple[str, ...]:
    """The columns of a table that hold the id of a party."""
    return tuple(c.name for c in spec.columns if c.type == UUID and c.name != "id")


def joined(ranges: Sequence[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The same ids in ranges that are sorted and do not overlap.

    >>> joined([(b"c", b"d"), (b"a", b"b"), (b"b", b"c")])
    [(b'a', b'd')]
    """
    out: list[tuple[bytes, bytes]] = []
    for low, high in sorted(ranges):
        if out and low <= out[-1][1]:
            out[-1] = (out[-1][0], max(high, out[-1][1]))
        elif low <= high:
            out.append((low, high))
    return out
