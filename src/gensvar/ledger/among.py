"""Rows whose key is among many: one array on PostgreSQL, lists of one fixed length on SQLite, so that the statement is prepared once."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import ARRAY, Column, ColumnElement, Connection, Delete, Row, Select, Update, any_, bindparam

CHUNK = 1000


def chunks(items: Sequence[Any], size: int = CHUNK) -> Iterator[list[Any]]:
    """The items in lists of at most this length, in order."""
    rest = iter(items)
    while part := list(islice(rest, size)):
        yield part


def rows_among(conn: Connection, select: "Select[Any]", column: "Column[Any]", keys: Sequence[Any]) -> Iterator[Row[Any]]:
    """The rows of the select whose column is one of the keys, in no order."""
    for part in _parts(conn, keys):
        yield from conn.execute(select.where(_is_one_of(conn, column)), {"among": part}).all()


def lite_rows(conn: Connection, statement: str, keys: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
    """The rows of a statement of SQLite's own, in which {} stands for the keys, in no order; half the cost of saying it through SQLAlchemy."""
    for part in _parts(conn, keys):
        yield from conn.exec_driver_sql(statement.format(", ".join("?" * len(part))), tuple(part)).all()


def change_among(conn: Connection, change: Update | Delete, column: "Column[Any]", keys: Sequence[Any]) -> int:
    """Updates or deletes the rows whose column is one of the keys; how many there were."""
    return sum(conn.execute(change.where(_is_one_of(conn, column)), {"among": part}).rowcount for part in _parts(conn, keys))


def _parts(conn: Connection, keys: Sequence[Any]) -> Iterator[list[Any]]:
    if conn.dialect.name == "postgresql":
        yield from ([list(keys)] if keys else [])
        return
    for part in chunks(keys):
        yield part + part[-1:] * (CHUNK - len(part)) if len(part) > CHUNK // 10 else part


def _is_one_of(conn: Connection, column: "Column[Any]") -> ColumnElement[bool]:
    if conn.dialect.name == "postgresql":
        return column == any_(bindparam("among", type_=ARRAY(column.type)))
    return column.in_(bindparam("among", expanding=True))
