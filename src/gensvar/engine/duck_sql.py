"""The statements that DuckDB is given, made from the tables' own columns. In each, $1 and $2 bound the ids, so that it reads little."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

import pyarrow as pa

from gensvar.contracts import TABLES, TableSpec
from gensvar.contracts.table import COUNT, DAY, LIST, MAP, MOMENT, NUMBER, TEXT, UUID
from gensvar.engine.compiling import ON_DAYS

WITHIN = "t.id BETWEEN $1::UUID AND $2::UUID"
TYPES: tuple[tuple[pa.DataType, str], ...] = (
    (UUID, "UUID"), (TEXT, "VARCHAR"), (MOMENT, "TIMESTAMPTZ"), (NUMBER, "DOUBLE"), (COUNT, "BIGINT"), (DAY, "DATE"),
    (MAP, "MAP(VARCHAR, VARCHAR)"), (LIST, "VARCHAR[]"),
)  # fmt: skip


def type_name(kind: pa.DataType) -> str:
    """DuckDB's name of a type that a contract uses."""
    return next(name for known, name in TYPES if known == kind)


def tables(there: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """What makes every table as the contracts describe it, from what is there now: tables that are missing, then columns that are."""
    yield "CREATE TABLE IF NOT EXISTS hub_state (name VARCHAR, value BIGINT)"
    yield "INSERT INTO hub_state SELECT 'epoch', 0 WHERE NOT EXISTS (FROM hub_state WHERE name = 'epoch')"
    for spec in TABLES.values():
        yield f"CREATE TABLE IF NOT EXISTS {spec.name} ({', '.join(f'{_q(c.name)} {type_name(c.type)}' for c in spec.columns)})"
        for c in spec.columns:
            if c.name not in there.get(spec.name, spec.names):
                yield f"ALTER TABLE {spec.name} ADD COLUMN {_q(c.name)} {type_name(c.type)}"


def _q(name: str) -> str:
    return f'"{name}"'


def known(spec: TableSpec) -> str:
    """The ids of `batch` that the table has already."""
    return f"SELECT t.id FROM {spec.name} t WHERE {WITHIN} AND t.id IN (SELECT id FROM batch)"


def names(spec: TableSpec) -> str:
    return ", ".join(_q(n) for n in spec.names)


def insert_days(spec: TableSpec, counted: str) -> str:
    """Puts the rows of a cube's statement into it, for the days in `replaced`; $1 and $2 are the first and the last of them."""
    return f"""INSERT INTO {spec.name} BY NAME WITH {ON_DAYS} AS (
    FROM feedback WHERE occurred_at >= $1::DATE::TIMESTAMPTZ AND occurred_at < ($2::DATE + 1)::TIMESTAMPTZ
    AND occurred_at::DATE IN (SELECT day FROM replaced)
) SELECT {names(spec)} FROM ({counted}) WHERE day IN (SELECT day FROM replaced)"""


@cache
def insert(spec: TableSpec, *, beside_known: bool) -> str:
    """Puts the rows of `batch` into the table, all of them or those that are not among `known`."""
    columns = names(spec)
    return f"INSERT INTO {spec.name} ({columns}) SELECT {columns} FROM batch" + (
        " WHERE id NOT IN (SELECT id::UUID FROM known)" if beside_known else ""
    )


@cache
def update(spec: TableSpec) -> str:
    """Gives the rows of the table that `batch` has otherwise the batch's values; answers with how many they were."""
    loud = [_q(n) for n in spec.names if n not in spec.quiet and n != "id"]
    return f"""UPDATE {spec.name} t SET {", ".join(f"{_q(n)} = b.{_q(n)}" for n in spec.names if n != "id")} FROM batch b
WHERE t.id = b.id AND {WITHIN} AND ({" OR ".join(f"t.{n} IS DISTINCT FROM b.{n}" for n in loud)})"""


def delete(spec: TableSpec) -> str:
    """Takes the ids of `batch` out of the table; answers with how many were there."""
    return f"DELETE FROM {spec.name} t WHERE {WITHIN} AND t.id IN (SELECT id FROM batch)"


def found(spec: TableSpec) -> str:
    """The columns by which rows are found again; null where the table has no such column."""
    kinds = (("id", "UUID"), ("source", "VARCHAR"), ("record", "VARCHAR"), ("item", "VARCHAR"), ("occurred_at", "TIMESTAMPTZ"))
    return ", ".join(f"t.{n}" if n in spec.names else f"NULL::{kind} AS {n}" for n, kind in kinds)


def repoint(references: Mapping[TableSpec, tuple[str, ...]]) -> Iterator[str]:
    """Follows `moves` (old, new) in each column that holds a party, and takes out the old parties."""
    for spec, columns in references.items():
        for c in columns:
            yield f"UPDATE {spec.name} t SET {c} = m.new::UUID FROM moves m WHERE t.{c} = m.old::UUID"
    yield "DELETE FROM parties WHERE id IN (SELECT old::UUID FROM moves)"
