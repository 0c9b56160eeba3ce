"""Backups of the ledger: every table as Parquet, with the revision of its schema; a backup of SQLite restores into PostgreSQL and back."""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import Connection, MetaData, Table, select, text
from sqlalchemy.types import BigInteger, Boolean, Date, Integer, LargeBinary

from gensvar.kit.errors import Conflict, NotFound, Unreadable
from gensvar.ledger.connect import Database
from gensvar.ledger.migrations import empty, migrate, revision
from gensvar.ledger.tables import SEEN, SEEN_LATELY

ROWS = 10_000
FOLDER, MANIFEST = "ledger", "ledger.json"
VERSION_TABLE = "alembic_version"


def write_backup(conn: Connection, folder: Path) -> None:
    """Writes `ledger` in the folder, whole or not at all; Conflict where there is one already."""
    target, partial = folder / FOLDER, folder / f".{FOLDER}.partial"
    if target.exists():
        raise Conflict("There is a backup already", where=str(target), do="Choose another folder.")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    counts = {table.name: _write(conn, table, partial) for table in _tables(conn)}
    (partial / MANIFEST).write_text(json.dumps({"revision": revision(conn), "rows": counts}, indent=1), "utf-8")
    for written in (*partial.iterdir(), partial):
        _flush(written)
    partial.rename(target)
    _flush(folder)


def read_backup(database: Database, conn: Connection, folder: Path) -> None:
    """Makes a ledger of this release from `ledger` in the folder, in the connection's transaction."""
    source = folder / FOLDER
    if not (source / MANIFEST).is_file():
        raise NotFound("No backup of a ledger", where=str(source))
    if not empty(conn):
        raise Conflict("There is a ledger already", where=database.where, do="Restore to an empty place.")
    said = json.loads((source / MANIFEST).read_text("utf-8"))
    migrate(conn, said["revision"])
    for table in _tables(conn):
        found = _read(conn, table, source / f"{table.name}.parquet") if table.name in said["rows"] else 0
        if found != said["rows"].get(table.name, 0):
            raise Unreadable(f"The backup is not whole: {table.name} has {found} rows of {said['rows'][table.name]}", where=str(source))
        if not database.lite:
            _count_on(conn, table)
    migrate(conn)
    conn.execute(SEEN.insert().from_select(["key", "moment_ms"], select(SEEN_LATELY)))
    conn.execute(SEEN_LATELY.delete())


def _tables(conn: Connection) -> list[Table]:
    """The tables as they stand in the database, whatever its revision."""
    there = MetaData()
    there.reflect(conn)
    return [table for table in there.sorted_tables if table.name != VERSION_TABLE]


def _write(conn: Connection, table: Table, folder: Path) -> int:
    schema = pa.schema([(column.name, _type(column.type)) for column in table.columns])
    count = 0
    with pq.ParquetWriter(folder / f"{table.name}.parquet", schema, compression="zstd") as writer:
        rows = conn.execute(select(table).execution_options(yield_per=ROWS))
        for part in rows.mappings().partitions(ROWS):
            writer.write_table(pa.Table.from_pylist([{k: _plain(v) for k, v in row.items()} for row in part], schema))
            count += len(part)
    return count


def _read(conn: Connection, table: Table, path: Path) -> int:
    count = 0
    try:
        for rows in _batches(table, path):
            conn.execute(table.insert(), rows)
            count += len(rows)
    except (pa.ArrowException, OSError) as broken:
        raise Unreadable(f"The backup of {table.name} cannot be read", where=str(path), do="Restore from another backup.") from broken
    return count


def _batches(table: Table, path: Path) -> Iterator[list[dict[str, Any]]]:
    as_json = {column.name for column in table.columns if _is_json(column.type)}
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(ROWS):
            rows = batch.to_pylist()
            if rows:
                yield [{k: json.loads(v) if k in as_json and v is not None else v for k, v in row.items()} for row in rows]


def _count_on(conn: Connection, table: Table) -> None:
    """PostgreSQL goes on counting after the last number that the backup holds."""
    sequence = conn.scalar(text("SELECT pg_get_serial_sequence(:name, 'id')"), {"name": table.name}) if "id" in table.c else None
    if sequence is not None:
        conn.execute(text(f"SELECT setval('{sequence}', (SELECT coalesce(max(id), 0) + 1 FROM {table.name}), false)"))


def _type(kind: Any) -> pa.DataType:
    simple = ((Boolean, pa.bool_()), (BigInteger | Integer, pa.int64()), (LargeBinary, pa.binary()), (Date, pa.date32()))
    return next((arrow for sql, arrow in simple if isinstance(kind, sql)), pa.string())


def _is_json(kind: Any) -> bool:
    return str(kind).upper() in {"JSON", "JSONB"}


def _plain(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, dict | list) else value


def _flush(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
