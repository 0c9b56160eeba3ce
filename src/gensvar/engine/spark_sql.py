"""The statements that Spark is given. Where ends bound the ids, only files that may hold such ids are read."""

from collections.abc import Sequence
from datetime import date, timedelta

import pyarrow as pa

from gensvar.contracts import TableSpec
from gensvar.contracts.table import COUNT, DAY, LIST, MAP, MOMENT, NUMBER, TEXT, UUID
from gensvar.engine.compiling import ON_DAYS

TYPES: tuple[tuple[pa.DataType, str], ...] = (
    (UUID, "string"), (TEXT, "string"), (MOMENT, "timestamp"), (NUMBER, "double"), (COUNT, "bigint"), (DAY, "date"),
    (MAP, "map<string, string>"), (LIST, "array<string>"),
)  # fmt: skip
HEAD = 13  # of an id's text: its moment


def type_name(kind: pa.DataType) -> str:
    """Spark's name of a type that a contract uses."""
    return next(name for known, name in TYPES if known == kind)


def q(name: str) -> str:
    return f"`{name}`"


def names(spec: TableSpec, of: str = "") -> str:
    return ", ".join(of + q(n) for n in spec.names)


def columns(spec: TableSpec) -> str:
    return ", ".join(f"{q(c.name)} {type_name(c.type)}" for c in spec.columns)


def missing(spec: TableSpec, there: Sequence[str]) -> str:
    """No rows, with the columns that a table of an older version lacks."""
    return f"SELECT {', '.join(f'CAST(NULL AS {type_name(c.type)}) AS {q(c.name)}' for c in spec.columns if c.name not in there)} WHERE false"


def within(ends: tuple[str, str]) -> str:
    return f"t.id BETWEEN '{ends[0]}' AND '{ends[1]}'"


def known(spec: TableSpec, table: str, batch: str, ends: tuple[str, str]) -> str:
    """id, same: the rows of the batch that the table has already, and whether they say the same there."""
    loud = [c for c in spec.columns if c.name not in spec.quiet and c.name != "id"]
    same = " AND ".join(f"{_comparable('t', c.name, c.type)} <=> {_comparable('b', c.name, c.type)}" for c in loud)
    return f"SELECT t.id AS id, ({same}) AS same FROM {table} t JOIN {batch} b ON t.id = b.id WHERE {within(ends)}"


def _comparable(of: str, name: str, kind: pa.DataType) -> str:
    return f"map_entries({of}.{q(name)})" if kind == MAP else f"{of}.{q(name)}"


def typed(spec: TableSpec, rows: str) -> str:
    """The rows of a statement in the table's own types and order."""
    return f"SELECT {', '.join(f'CAST({q(c.name)} AS {type_name(c.type)}) AS {q(c.name)}' for c in spec.columns)} FROM ({rows})"


def merge(spec: TableSpec, table: str, batch: str, ends: tuple[str, str]) -> str:
    sets = ", ".join(f"{q(n)} = b.{q(n)}" for n in spec.names if n != "id")
    return f"""MERGE INTO {table} t USING {batch} b ON t.id = b.id AND {within(ends)}
WHEN MATCHED THEN UPDATE SET {sets} WHEN NOT MATCHED THEN INSERT ({names(spec)}) VALUES ({names(spec, "b.")})"""


def insert(spec: TableSpec, table: str, batch: str) -> str:
    return f"INSERT INTO {table} ({names(spec)}) SELECT {names(spec)} FROM {batch}"


def present(table: str, batch: str, ends: tuple[str, str]) -> str:
    return f"SELECT count(*) AS n FROM {table} t JOIN {batch} b ON t.id = b.id WHERE {within(ends)}"


def delete(table: str, batch: str, ends: tuple[str, str]) -> str:
    return f"MERGE INTO {table} t USING {batch} b ON t.id = b.id AND {within(ends)} WHEN MATCHED THEN DELETE"


def found(spec: TableSpec) -> str:
    """The columns by which rows are found again; null where the table has no such column."""
    kinds = (("id", "string"), ("source", "string"), ("record", "string"), ("item", "string"), ("occurred_at", "timestamp"))
    return ", ".join(f"t.{n}" if n in spec.names else f"CAST(NULL AS {kind}) AS {n}" for n, kind in kinds)


def between(spec: TableSpec, table: str, ranges: str, ends: tuple[str, str], *, one_moment: bool) -> str:
    """The rows within any of the ranges (id, last); where each range lies in one moment, found by a join that hashes it."""
    moment = f"substr(t.id, 1, {HEAD}) = substr(r.id, 1, {HEAD}) AND " if one_moment else ""
    return f"SELECT {found(spec)} FROM {table} t JOIN {ranges} r ON {moment}t.id >= r.id AND t.id <= r.last WHERE {within(ends)}"


def of_records(spec: TableSpec, table: str, wanted: str) -> str:
    return f"SELECT {found(spec)} FROM {table} t JOIN {wanted} w ON t.source = w.source AND t.record = w.record"


def days(spec: TableSpec, table: str, batch: str, ends: tuple[str, str]) -> str:
    return f"SELECT DISTINCT to_date(t.{q(spec.time)}) AS day FROM {table} t JOIN {batch} b ON t.id = b.id WHERE {within(ends)}"


def repoint(table: str, column: str, moves: str) -> str:
    return f"MERGE INTO {table} t USING {moves} m ON t.{q(column)} = m.old WHEN MATCHED THEN UPDATE SET {q(column)} = m.new"


def of_days(spec: TableSpec, feedback: str, counted: str, days: Sequence[date]) -> str:
    """The rows of a cube's statement for these days, with ends that let the server skip files."""
    on = ", ".join(f"date'{d}'" for d in days)
    ends = f"occurred_at >= timestamp'{days[0]} 00:00:00+00:00' AND occurred_at < timestamp'{days[-1] + timedelta(days=1)} 00:00:00+00:00'"
    touched = f"SELECT * FROM {feedback} WHERE {ends} AND to_date(occurred_at) IN ({on})"
    return f"WITH {ON_DAYS} AS ({touched}) SELECT {names(spec)} FROM ({counted}) WHERE day IN ({on})"


def per_day(spec: TableSpec, table: str) -> str:
    return f"SELECT to_date({q(spec.time)}) AS day, count(*) AS n FROM {table} GROUP BY to_date({q(spec.time)}) ORDER BY day"


def on_days(spec: TableSpec, table: str, first: date, last: date) -> str:
    return f"SELECT {names(spec)} FROM {table} WHERE to_date({q(spec.time)}) BETWEEN date'{first}' AND date'{last}'"
