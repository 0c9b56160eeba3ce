"""Rows with what only the ledger could tell: the id, from the record's remembered moment, and the party and account."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import pyarrow as pa
import pyarrow.compute as pc

from gensvar.contracts import TABLES
from gensvar.contracts.rows import Received
from gensvar.kit.ids import row_ids

MICROSECONDS = 1000


def completed(received: Received, moments: Sequence[int], party: Sequence[bytes | None], account: Sequence[bytes | None]) -> pa.Table:
    """The rows in the target's own schema. moments (ms), party and account: one for each record of `received`, in order."""
    schema = TABLES[received.target].schema
    at = received.table["_row"].combine_chunks()
    columns = {name: received.table[name] for name in received.table.column_names if name in schema.names}
    columns["account"] = pa.array(account, pa.binary(16)).take(at)
    mine = pa.array(party, pa.binary(16)).take(at)
    if received.target == "parties":
        ids = pc.coalesce(mine, columns["account"])
        of = pc.if_else(pc.is_valid(mine), columns["account"], None)
        columns |= {"id": ids, "account": of, "first_seen": pa.array([first_seen_us(p) for p in ids.to_pylist()], pa.int64())}
    else:
        columns |= {"id": pa.array(_ids(received, moments, at.to_pylist()), pa.binary(16)), "party": mine}
    return pa.table([_typed(columns[f.name], f.type) if f.name in columns else pa.nulls(len(at), f.type) for f in schema], schema=schema)


def _ids(received: Received, moments: Sequence[int], at: Sequence[int]) -> list[bytes]:
    items = received.table["item"].to_pylist() if received.target == "feedback" else [""] * len(at)
    return row_ids([received.keys16[i] for i in at], items, [moments[i] for i in at])


def first_seen_us(party: bytes) -> int:
    """The moment (µs since 1970) that a party's id was minted from."""
    return int.from_bytes(party[:6], "big") * MICROSECONDS


def _typed(column: pa.Array | pa.ChunkedArray, wanted: pa.DataType) -> pa.Array:
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if whole.type == wanted:
        return whole
    return pa.ExtensionArray.from_storage(wanted, whole) if isinstance(wanted, pa.UuidType) else whole.cast(wanted)


def ids_of(rows: pa.Table) -> list[bytes]:
    """The ids of rows as 16 bytes, whether the table holds them as UUID or, as an engine gives them, as text."""
    column = rows["id"].combine_chunks()
    return [UUID(i).bytes for i in column.to_pylist()] if pa.types.is_string(column.type) else column.storage.to_pylist()


def days_of(rows: pa.Table) -> frozenset[date]:
    """The UTC days that feedback rows stand on."""
    return frozenset(pc.unique(rows["occurred_at"].cast(pa.timestamp("us")).cast(pa.date32())).to_pylist())
