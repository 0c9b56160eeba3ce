"""What every engine promises, whatever it is made of."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol, Self

import ibis
import pyarrow as pa

Work = Callable[[pa.RecordBatch], pa.RecordBatch]


@dataclass(frozen=True, slots=True)
class Merged:
    """What became of a batch, in rows; the three add to the rows given, where a row overtaken by a later one of the same id is unchanged."""

    inserted: int
    updated: int
    unchanged: int


class Engine(Protocol):
    """Tables are those of `contracts.TABLES`. Errors: NotFound (no such table), StorageFull, BadInput (rows that do not fit the table)."""

    name: str

    def table(self, name: str) -> ibis.Table:
        """The table as an expression. Id columns are uuid on DuckDB and string on Spark; `run` returns both as lower-case text."""
        ...

    def run(self, expr: ibis.Expr) -> pa.Table:
        """The rows of any expression; a value is a table of one column. Safe from several threads; never waits for a merge. Moments in UTC."""
        ...

    def merge(self, name: str, rows: pa.Table) -> Merged:
        """Rows by `id`: new ones in, changed ones replaced, the last of several with one id wins. Durable when it returns.

        rows: columns of the table, in any order; a column left out is null. A row whose columns other than the quiet ones are equal is unchanged.
        """
        ...

    def delete(self, name: str, ids: Sequence[bytes]) -> int:
        """How many of these rows were there; now they are not. Durable when it returns."""
        ...

    def ids_between(self, name: str, ranges: Sequence[tuple[bytes, bytes]]) -> pa.Table:
        """id, source, record, item, occurred_at of the rows whose id is within any of the ranges, ends included.

        A column that the table does not have is null.
        """
        ...

    def ids_of(self, name: str, source: str, records: Sequence[str]) -> pa.Table:
        """The same columns for the rows of these records of a source; reads the whole table."""
        ...

    def days_of(self, name: str, ids: Sequence[bytes]) -> frozenset[date]:
        """The UTC days on which these rows now stand."""
        ...

    def replace_days(self, name: str, counted: ibis.Table, days: frozenset[date] | None) -> None:
        """The rows of a cube on these UTC days (None: on all) become those of the expression, which counts `feedback` by day. Atomic.

        With days, the expression is given only the rows of `feedback` on them; its statement is compiled once, whatever the days.

        A crash leaves the old rows or the new ones, never a mix. So that a crash before it is harmless too, the flow keeps the days as dirty
        in the ledger until this has returned, and counts them again after a start.
        """
        ...

    def repoint(self, moves: Mapping[bytes, bytes]) -> None:
        """Parties that were found to be one: each row that holds an old id holds the new one, and the old row of `parties` is gone."""
        ...

    def map_batches(self, expr: ibis.Expr, work: Work, schema: pa.Schema, workers: int = 1) -> pa.Table:
        """What `work` makes of the rows, batch by batch, as a table of this schema; workers > 1 are processes, so `work` must be picklable."""
        ...

    def epoch(self) -> int:
        """A number that grows whenever what was counted may have changed; kept in the hub."""
        ...

    def bump(self) -> int:
        """The next epoch, durable when it returns."""
        ...

    def cubes(self) -> "Engine":
        """Where pages read the cubes: an engine whose answers take milliseconds, as of the present epoch."""
        ...

    def save(self, folder: Path) -> None:
        """A backup of every table as Parquet, from one moment, in a folder that appears whole or not at all."""
        ...

    def load(self, folder: Path) -> None:
        """Every table becomes what the backup holds, in one step; the epoch moves on. Unreadable when the backup is damaged or does not fit."""
        ...

    def checkpoint(self) -> None:
        """Writes what is still only in the log to its final place; nothing depends on it but the time of the next start."""
        ...

    def close(self) -> None:
        """Lets go of the hub, so that another process may open it. Doing so twice is harmless."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...
