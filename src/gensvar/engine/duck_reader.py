"""Reading from DuckDB: each read on a cursor of its own, so that none waits for another or for a write."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from threading import Lock
from typing import Any

import duckdb
import ibis
import pyarrow as pa

from gensvar.contracts import TableSpec
from gensvar.engine import duck_sql
from gensvar.engine.compiling import Compiler
from gensvar.engine.mapping import BATCH_ROWS
from gensvar.engine.rows import FOUND, bounds, by_id, joined, shown, shown_schema, spans, uuids
from gensvar.kit.errors import InUse, StorageFull, Unavailable

FULL = ("no space left", "disk quota", "file too large", "max_temp_directory_size")


@contextmanager
def told(where: str = "the hub") -> Iterator[None]:
    """DuckDB's errors in our words, where they are about the disk, the lock or a hub that was closed."""
    try:
        yield
    except (duckdb.Error, OSError) as wrong:
        said = str(wrong).casefold()
        if any(sign in said for sign in FULL):
            raise StorageFull("No room left to write", where=where, do="Free some space; what was committed is safe.") from wrong
        if "could not set lock" in said or "conflicting lock" in said:
            raise InUse(f"Another process holds {where}", do="Stop it, or name another data folder with GENSVAR_DATA.") from wrong
        if isinstance(wrong, duckdb.ConnectionException):
            raise Unavailable("The hub is closed", do="Open it again.") from wrong
        raise


class DuckReader:
    """Cursors to read with, as many as there are threads reading, and one Ibis backend to compile with."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._con = con
        self._idle: list[duckdb.DuckDBPyConnection] = []
        self._cursors = Lock()
        self._ibis = ibis.duckdb.from_connection(con.cursor())
        self.compiler = Compiler(self._ibis, ids="uuid")

    def close(self) -> None:
        """Lets go of every cursor that nobody reads with."""
        with self._cursors:
            for cursor in (self._ibis.con, *self._idle):
                cursor.close()
            self._idle.clear()

    @contextmanager
    def cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor that nobody else uses meanwhile."""
        with told():
            with self._cursors:
                cursor = self._idle.pop() if self._idle else self._con.cursor()
            yield cursor
        with self._cursors:
            self._idle.append(cursor)

    @contextmanager
    def moment(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor that sees one moment of the hub, whatever is written meanwhile."""
        with self.cursor() as cursor:
            cursor.execute("BEGIN")
            try:
                yield cursor
            finally:
                cursor.execute("ROLLBACK")

    @contextmanager
    def _result(self, table: ibis.Table) -> Iterator[duckdb.DuckDBPyRelation]:
        sql, brought = self.compiler.compiled(table)
        with self.cursor() as cursor, holding(cursor, brought):
            yield cursor.sql(sql)

    def run(self, expr: ibis.Expr) -> pa.Table:
        table = expr.as_table()
        with self._result(table) as result:
            return shown(result.to_arrow_table(), shown_schema(table.schema()))

    @contextmanager
    def batches(self, expr: ibis.Expr) -> Iterator[Iterator[pa.RecordBatch]]:
        """The rows in batches, as they are read."""
        table = expr.as_table()
        schema = shown_schema(table.schema())
        with self._result(table) as result:
            reader = result.to_arrow_reader(BATCH_ROWS)
            yield (b for batch in reader for b in shown(pa.Table.from_batches([batch]), schema).combine_chunks().to_batches())

    def rows(self, sql: str) -> list[Any]:
        with self.cursor() as cursor:
            return list(cursor.execute(sql).fetchall())

    def _arrow(self, sql: str, params: Sequence[object] = (), **tables: pa.Table) -> pa.Table:
        with self.cursor() as cursor, holding(cursor, tables):
            return cursor.sql(sql, params=list(params)).to_arrow_table()

    def ids_between(self, spec: TableSpec, ranges: Sequence[tuple[bytes, bytes]]) -> pa.Table:
        """The rows found, each once, even where ranges overlap."""
        merged = joined(ranges)
        ends = pa.table({"id": uuids([low for low, _ in merged]), "last": uuids([high for _, high in merged])})
        sql = f"SELECT {duck_sql.found(spec)} FROM {spec.name} t ASOF JOIN ranges r ON t.id >= r.id WHERE t.id <= r.last AND {duck_sql.WITHIN}"
        parts = [self._arrow(sql, bounds(p, "last"), ranges=p) for p in spans(ends)]
        return pa.concat_tables([FOUND.empty_table(), *(p.cast(FOUND) for p in parts)])

    def ids_of(self, spec: TableSpec, source: str, records: Sequence[str]) -> pa.Table:
        wanted = pa.table({"record": pa.array(sorted(set(records)), pa.string())})
        sql = f"SELECT {duck_sql.found(spec)} FROM {spec.name} t WHERE t.source = $1 AND t.record IN (SELECT record FROM wanted)"
        return self._arrow(sql, (source,), wanted=wanted).cast(FOUND)

    def days_of(self, spec: TableSpec, ids: Sequence[bytes]) -> frozenset[date]:
        sql = f"SELECT DISTINCT t.{spec.time}::DATE AS day FROM {spec.name} t WHERE {duck_sql.WITHIN} AND t.id IN (SELECT id FROM batch)"
        parts = [self._arrow(sql, bounds(p), batch=p) for p in spans(by_id(ids))]
        return frozenset(day for p in parts for day in p.column("day").to_pylist() if day is not None)


@contextmanager
def holding(cursor: duckdb.DuckDBPyConnection, tables: Mapping[str, pa.Table]) -> Iterator[None]:
    """The cursor with these Arrow tables to read from."""
    for name, rows in tables.items():
        cursor.register(name, rows)
    try:
        yield
    finally:
        for name in tables:
            cursor.unregister(name)
