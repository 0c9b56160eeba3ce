"""Reading from DuckDB: each read on a cursor of its own, so that none waits for another or for a write."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

import duckdb
import ibis
import pyarrow as pa

from gensvar.contracts import TableSpec
from gensvar.engine import duck_sql
from gensvar.engine.compiling import Compiler
from gensvar.engine.duck_file import DuckFile, holding
from gensvar.engine.mapping import BATCH_ROWS
from gensvar.engine.rows import FOUND, bounds, by_id, joined, shown, shown_schema, spans, uuids


class DuckReader:
    """What is asked of the hub's tables."""

    def __init__(self, file: DuckFile, there: Mapping[str, Sequence[str]]) -> None:
        self._file = file
        self.compiler = Compiler(file.ibis, "uuid", there)

    @contextmanager
    def _result(self, table: ibis.Table) -> Iterator[duckdb.DuckDBPyRelation]:
        sql, brought = self.compiler.compiled(table)
        with self._file.cursor() as cursor, holding(cursor, brought):
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
        with self._file.cursor() as cursor:
            return list(cursor.execute(sql).fetchall())

    def _arrow(self, sql: str, params: Sequence[object] = (), **tables: pa.Table) -> pa.Table:
        with self._file.cursor() as cursor, holding(cursor, tables):
            return cursor.sql(sql, params=list(params)).to_arrow_table()

    def ids_between(self, spec: TableSpec, ranges: Sequence[tuple[bytes, bytes]]) -> pa.Table:
        """The rows found, each once, even where ranges overlap."""
        apart = joined(ranges)
        ends = pa.table({"id": uuids([low for low, _ in apart]), "last": uuids([high for _, high in apart])})
        sql = f"""SELECT {duck_sql.found(spec)} FROM {spec.name} t ASOF JOIN ranges r ON t.id >= r.id
WHERE t.id <= r.last AND {duck_sql.WITHIN}"""
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
