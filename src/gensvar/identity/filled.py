"""What several sources tell of one party, put together: a source that is silent wipes nothing out."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import pyarrow as pa

from gensvar.contracts.parties import PARTIES


def filled(rows: pa.Table, before: pa.Table) -> pa.Table:
    """The rows of `parties`, one for each party, with what was told earlier where they are silent; of two rows the later one's word counts.

    before: rows of the same parties as they stand; ids as UUID or as text.
    """
    told: dict[bytes, dict[str, Any]] = {}
    for row in (*_records(before), *_records(rows)):
        told[row["id"]] = _joined(told.get(row["id"], {}), row)
    wanted = list(dict.fromkeys(row["id"] for row in _records(rows)))
    return _table([told[party] for party in wanted])


def _records(table: pa.Table) -> list[dict[str, Any]]:
    known = [name for name in PARTIES.names if name in table.column_names]
    rows: list[dict[str, Any]] = table.select(known).to_pylist()
    for row in rows:
        row["id"], row["account"] = _bytes(row["id"]), _bytes(row.get("account"))
        row["attrs"] = dict(row["attrs"]) if row.get("attrs") else None
    return rows


def _bytes(id_: Any) -> bytes | None:
    if id_ is None or isinstance(id_, bytes):
        return id_
    return id_.bytes if isinstance(id_, UUID) else UUID(str(id_)).bytes


def _joined(earlier: Mapping[str, Any], later: Mapping[str, Any]) -> dict[str, Any]:
    joined = {**earlier, **{name: said for name, said in later.items() if said is not None}}
    attrs = {**(earlier.get("attrs") or {}), **(later.get("attrs") or {})}
    firsts = [m["first_seen"] for m in (earlier, later) if m.get("first_seen") is not None]
    return {**joined, "attrs": attrs or None, "first_seen": min(firsts) if firsts else None}


def _table(rows: list[dict[str, Any]]) -> pa.Table:
    schema = PARTIES.schema
    return pa.table([_column([row.get(f.name) for row in rows], f.type) for f in schema], schema=schema)


def _column(values: list[Any], kind: pa.DataType) -> pa.Array:
    if isinstance(kind, pa.UuidType):
        return pa.ExtensionArray.from_storage(kind, pa.array(values, pa.binary(16)))
    if pa.types.is_map(kind):
        return pa.array([None if v is None else sorted(v.items()) for v in values], kind)
    return pa.array(values, kind)
