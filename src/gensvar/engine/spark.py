"""The hub on Spark Connect: Delta tables under one warehouse, each write one commit. One flow at a time may write."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from hashlib import blake2b
from pathlib import Path
from threading import RLock
from time import sleep
from typing import Any, Self, TypeVar

import ibis
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from gensvar.contracts import TABLES, TableSpec
from gensvar.engine import backup, spark_sql
from gensvar.engine.compiling import Compiler
from gensvar.engine.duck import DuckEngine
from gensvar.engine.protocol import Engine, Merged, Work
from gensvar.engine.rows import (
    FOUND,
    bounds,
    by_id,
    final,
    fitted,
    joined,
    newest,
    references,
    shown,
    shown_schema,
    spec_of,
    uuid_text,
    uuids,
    with_text_ids,
)
from gensvar.engine.spark_cubes import CubeCopy
from gensvar.engine.spark_session import PySparkException, Session, conflicted, from_arrow_schema, listed
from gensvar.kit.errors import Conflict
from gensvar.kit.settings import Settings

COMMIT_ROWS = 50_000  # rows that travel to the server in one message
SAVED_ROWS = 200_000  # rows of a backup in memory at once
STATE = "hub_state"
TRIES = 8
T = TypeVar("T")


class SparkEngine:
    """The engine protocol on Delta tables. A merge is atomic for each 50,000 rows of the batch, and repeating it is harmless.

    Writers in several processes would not see each other's new rows in time: the flow that writes holds a lease in the ledger.
    """

    name = "spark"

    def __init__(self, address: str, warehouse: str, memory_mb: int = 1024, threads: int = 2) -> None:
        self._session = Session(address)
        self._warehouse = warehouse.rstrip("/")
        self._database = "gensvar_" + blake2b(self._warehouse.encode(), digest_size=6).hexdigest()
        self._writer = RLock()
        there = self._make()
        self._compiler = Compiler(ibis.pyspark.connect(self._session.spark), "string", there, self._database)
        self._copy = CubeCopy(DuckEngine(":memory:", memory_mb, threads), self.run, self._compiler.table, self.epoch)

    @classmethod
    def open(cls, settings: Settings) -> Self:
        """The hub at `settings.hub`, with its tables in `settings.warehouse`."""
        warehouse = settings.warehouse or str((settings.data / "warehouse").absolute())
        return cls(settings.hub, warehouse, settings.memory_mb, settings.threads)

    def _make(self) -> dict[str, list[str]]:
        """Tables that are missing, and columns that are, as the contracts describe them; then the columns of each, as they are held."""
        self._session.sql(f"CREATE DATABASE IF NOT EXISTS {self._database}")
        found = {}
        for spec in TABLES.values():
            found[spec.name] = there = self._there(spec.name, spark_sql.columns(spec))
            if not set(spec.names).issubset(there):
                self._session.write(spark_sql.missing(spec, there), self._path(spec.name), "append", {"mergeSchema": "true"})
                found[spec.name] = self._there(spec.name, spark_sql.columns(spec))
        self._there(STATE, "value bigint")
        if not self._session.rows(f"SELECT value FROM {self._at(STATE)}"):
            self._session.sql(f"INSERT INTO {self._at(STATE)} VALUES (CAST(0 AS bigint))")
        return found

    def _there(self, name: str, columns: str) -> list[str]:
        """The columns of a table, which is made if the warehouse does not hold it, and known to this session from now on."""
        location, at = f"USING delta LOCATION '{self._path(name)}'", self._at(name)
        self._session.sql(f"DROP TABLE IF EXISTS {at}")
        try:
            self._session.sql(f"SELECT * FROM delta.`{self._path(name)}` LIMIT 0")
        except PySparkException:
            self._session.sql(f"CREATE TABLE {at} ({columns}) {location}")
        else:
            self._session.sql(f"CREATE TABLE {at} {location}")
        return list(self._session.sql(f"SELECT * FROM {at} LIMIT 0").column_names)

    def _path(self, name: str) -> str:
        return f"{self._warehouse}/{name}"

    def _at(self, name: str) -> str:
        return f"{self._database}.{name}"

    def table(self, name: str) -> ibis.Table:
        return self._compiler.table(spec_of(name).name)

    def run(self, expr: ibis.Expr) -> pa.Table:
        table = expr.as_table()
        sql, brought = self._compiler.compiled(table)
        with self._session.holding(brought):
            return shown(self._session.sql(sql), shown_schema(table.schema()))

    def merge(self, name: str, rows: pa.Table) -> Merged:
        spec = spec_of(name)
        with self._writer:
            done = [_again(partial(self._merge, spec, part)) for part in _parts(newest(fitted(rows, spec)))]
        inserted, updated = sum(i for i, _ in done), sum(u for _, u in done)
        return Merged(inserted, updated, rows.num_rows - inserted - updated)

    def _merge(self, spec: TableSpec, part: pa.Table) -> tuple[int, int]:
        """Rows inserted and updated. Counted beforehand, since not every server counts right; new rows alone are appended, which is much cheaper."""
        at, ends, rows = self._at(spec.name), bounds(part), with_text_ids(part)
        with self._session.batch(rows) as batch:
            known = self._session.sql(spark_sql.known(spec, at, batch, ends))
        same = known.filter(known.column("same")).column("id").cast(pa.string())
        news = rows.filter(pc.invert(pc.is_in(rows.column("id"), same)))
        inserted, updated = part.num_rows - known.num_rows, known.num_rows - len(same)
        if news.num_rows:
            with self._session.batch(news) as batch:
                self._session.sql(spark_sql.merge(spec, at, batch, ends) if updated else spark_sql.insert(spec, at, batch))
        return inserted, updated

    def delete(self, name: str, ids: Sequence[bytes]) -> int:
        at = self._at(spec_of(name).name)
        with self._writer:
            return sum(_again(partial(self._delete, at, part)) for part in _parts(by_id(ids)))

    def _delete(self, at: str, part: pa.Table) -> int:
        ends = bounds(part)
        with self._session.batch(with_text_ids(part)) as batch:
            n = int(self._session.rows(spark_sql.present(at, batch, ends))[0][0])
            if n:
                self._session.sql(spark_sql.delete(at, batch, ends))
            return n

    def ids_between(self, name: str, ranges: Sequence[tuple[bytes, bytes]]) -> pa.Table:
        spec, apart = spec_of(name), joined(ranges)
        short = [r for r in apart if r[0][:6] == r[1][:6]]
        long = [r for r in apart if r[0][:6] != r[1][:6]]
        found = [self._between(spec, part, one_moment=part is short) for part in (short, long) if part]
        return pa.concat_tables([FOUND.empty_table(), *found])

    def _between(self, spec: TableSpec, ranges: Sequence[tuple[bytes, bytes]], *, one_moment: bool) -> pa.Table:
        rows = pa.table({"id": uuids([low for low, _ in ranges]), "last": uuids([high for _, high in ranges])})
        with self._session.batch(with_text_ids(rows)) as batch:
            sql = spark_sql.between(spec, self._at(spec.name), batch, bounds(rows, "last"), one_moment=one_moment)
            return shown(self._session.sql(sql), FOUND)

    def ids_of(self, name: str, source: str, records: Sequence[str]) -> pa.Table:
        spec, wanted = spec_of(name), sorted(set(records))
        if not wanted:
            return FOUND.empty_table()
        with self._session.batch(pa.table({"source": [source] * len(wanted), "record": wanted})) as batch:
            return shown(self._session.sql(spark_sql.of_records(spec, self._at(name), batch)), FOUND)

    def days_of(self, name: str, ids: Sequence[bytes]) -> frozenset[date]:
        spec, days = spec_of(name), set[date]()
        for part in _parts(by_id(ids)):
            with self._session.batch(with_text_ids(part)) as batch:
                days.update(d for (d,) in self._session.rows(spark_sql.days(spec, self._at(name), batch, bounds(part))) if d is not None)
        return frozenset(days)

    def replace_days(self, name: str, counted: ibis.Table, days: frozenset[date] | None) -> None:
        spec = spec_of(name)
        if days is not None and not days:
            return
        sql, brought = self._compiler.compiled(counted) if days is None else self._compiler.on_days(counted)
        options = {}
        if days is not None:
            sql = spark_sql.of_days(spec, self._at("feedback"), sql, sorted(days))
            options = {"replaceWhere": f"day IN ({listed(sorted(days))})"}
        with self._writer, self._session.holding(brought):
            _again(lambda: self._session.write(spark_sql.typed(spec, sql), self._path(name), "overwrite", options))

    def repoint(self, moves: Mapping[bytes, bytes]) -> None:
        ends = final(moves)
        if not ends:
            return
        ids = pa.table({"old": [uuid_text(o) for o in ends], "new": [uuid_text(n) for n in ends.values()]})
        with self._writer, self._session.batch(ids) as batch:
            for spec in TABLES.values():
                for column in references(spec):
                    _again(partial(self._session.sql, spark_sql.repoint(self._at(spec.name), column, batch)))
            self.delete("parties", list(ends))

    def map_batches(self, expr: ibis.Expr, work: Work, schema: pa.Schema, workers: int = 1) -> pa.Table:  # noqa: ARG002  the cluster has its own number
        sql, brought = self._compiler.compiled(expr.as_table())
        with self._session.holding(brought):
            worked = self._session.spark.sql(sql).mapInArrow(_each(work), from_arrow_schema(schema))
            return shown(worked.toArrow(), schema)

    def epoch(self) -> int:
        return int(self._session.rows(f"SELECT max(value) FROM {self._at(STATE)}")[0][0])

    def bump(self) -> int:
        return self._epoch_after(0)

    def _epoch_after(self, at_least: int) -> int:
        with self._writer:
            _again(lambda: self._session.sql(f"UPDATE {self._at(STATE)} SET value = greatest(value, {at_least}) + 1"))
            return self._copy.stale(self.epoch())

    def cubes(self) -> Engine:
        return self._copy.fresh()

    def save(self, folder: Path) -> None:
        """Writers of this process wait meanwhile; Conflict when one of another process changed something."""
        with self._writer, backup.appearing(folder) as part:
            epoch = self.epoch()
            counts = {spec.name: self._save(spec, backup.file_of(part, spec)) for spec in TABLES.values()}
            backup.write_list(part, backup.Saved(epoch, counts))
            if self.epoch() != epoch:
                raise Conflict("The hub changed while it was saved", do="Save it again when the flow rests.")

    def _save(self, spec: TableSpec, file: Path) -> int:
        days = self._session.rows(spark_sql.per_day(spec, self._at(spec.name)))
        with pq.ParquetWriter(file, spec.schema, compression="zstd") as out:
            for first, last in _runs(days):
                out.write_table(fitted(self._session.sql(spark_sql.on_days(spec, self._at(spec.name), first, last)), spec))
        return sum(int(n) for _, n in days)

    def load(self, folder: Path) -> None:
        """Each table in one step; a crash between two of them leaves some as before, and loading again mends it."""
        saved = backup.read_list(folder)
        with self._writer:
            for spec in TABLES.values():
                self._load(spec, backup.file_of(folder, spec) if spec.name in saved.rows else None)
            self._epoch_after(saved.epoch)

    def _load(self, spec: TableSpec, file: Path | None) -> None:
        """The rows come to a table beside the old one first, since they do not fit in one message."""
        beside, mode = self._path(spec.name + "_loading"), "overwrite"
        for rows in _read(spec, file):
            with self._session.batch(with_text_ids(rows)) as batch:
                self._session.write(f"SELECT {spark_sql.names(spec)} FROM {batch}", beside, mode, {})
            mode = "append"
        self._session.write(spark_sql.typed(spec, f"SELECT * FROM delta.`{beside}`"), self._path(spec.name), "overwrite", {})

    def checkpoint(self) -> None:
        """Nothing: each commit is in its final place."""

    def close(self) -> None:
        with self._writer:
            self._copy.close()
            self._session.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _parts(batch: pa.Table) -> Iterator[pa.Table]:
    return (batch.slice(start, COMMIT_ROWS) for start in range(0, batch.num_rows, COMMIT_ROWS))


def _again(step: Callable[[], T]) -> T:
    """What the step returns, tried again while somebody else's commit came first."""
    for tried in range(1, TRIES):
        try:
            return step()
        except PySparkException as wrong:
            if not conflicted(wrong):
                raise
            sleep(0.01 * 2**tried)
    return step()


def _each(work: Work) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    return lambda batches: map(work, batches)


def _runs(days: Sequence[tuple[Any, ...]]) -> Iterator[tuple[date, date]]:
    """Runs of days that together hold few enough rows, as their first and last day."""
    run: list[date] = []
    held = 0
    for day, n in days:
        if run and held + n > SAVED_ROWS:
            yield run[0], run[-1]
            run, held = [], 0
        run.append(day)
        held += n
    if run:
        yield run[0], run[-1]


def _read(spec: TableSpec, file: Path | None) -> Iterator[pa.Table]:
    """The rows of a backup in messages; at least one, even without rows, so that the table comes to be."""
    yield spec.schema.empty_table()
    if file is not None:
        for batch in pq.ParquetFile(file).iter_batches(COMMIT_ROWS):
            yield fitted(pa.Table.from_batches([batch]), spec)
