"""The DuckDB file: one connection that writes, a cursor for each read, and a fresh start after the disk was full under a checkpoint."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Event, RLock
from typing import Any, TypeAlias

import duckdb
import ibis
import pyarrow as pa

from gensvar.kit.errors import InUse, StorageFull, Unavailable

FULL = ("no space left", "disk quota", "file too large", "max_temp_directory_size")
TRIES, TRY_S = 50, 0.02
LOG = "64MB"  # a longer log makes a large import half again as fast, and a start after a crash a second longer
CONFIG = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",
    "checkpoint_threshold": LOG,
}
Con: TypeAlias = duckdb.DuckDBPyConnection


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


@contextmanager
def holding(con: Con, tables: Mapping[str, pa.Table]) -> Iterator[None]:
    """The connection with these Arrow tables to read from."""
    for name, rows in tables.items():
        con.register(name, rows)
    try:
        yield
    finally:
        for name in tables:
            con.unregister(name)


class DuckFile:
    """A file, or ":memory:". InUse when another process has it open.

    DuckDB refuses all work after a checkpoint that failed; the next read or write then opens the file anew, with all that was committed.
    """

    def __init__(self, path: str, memory_mb: int, threads: int) -> None:
        self._path = path
        self._config: dict[str, Any] = {**CONFIG, "memory_limit": f"{memory_mb}MB", "threads": str(threads)}
        self._writer, self._opening = RLock(), RLock()
        self._idle: list[Con] = []
        self._failed = self._closed = False
        self._con = self._connected()
        self.ibis = ibis.duckdb.from_connection(self._con.cursor())

    def _connected(self) -> Con:
        with told(self._path):
            con = duckdb.connect(self._path, config=self._config)
            con.execute("SET GLOBAL TimeZone = 'UTC'")
            return con

    @contextmanager
    def _watched(self) -> Iterator[None]:
        """Mends the connection if it has failed, and sees it fail."""
        with self._opening:
            if self._failed and not self._closed:
                self._let_go()
                self._con = self._connected()
                self.ibis.con, self._failed = self._con.cursor(), False
        with told():
            try:
                yield
            except duckdb.FatalException:
                self._failed = True
                raise

    @contextmanager
    def cursor(self) -> Iterator[Con]:
        """A cursor that nobody else uses meanwhile, on what is committed now."""
        with self._watched():
            with self._opening:
                cursor = self._idle.pop() if self._idle else self._con.cursor()
            yield cursor
            with self._opening:
                self._idle.append(cursor)

    @contextmanager
    def moment(self) -> Iterator[Con]:
        """A cursor that sees one moment of the hub, whatever is written meanwhile."""
        with self.cursor() as cursor:
            cursor.execute("BEGIN")
            try:
                yield cursor
            finally:
                _undo(cursor)

    @contextmanager
    def writing(self, **tables: pa.Table) -> Iterator[Con]:
        """The one connection that writes, in a transaction, with these Arrow tables to read from."""
        with self._writer, self._watched(), holding(self._con, tables):
            self._con.execute("BEGIN")
            try:
                yield self._con
                self._con.execute("COMMIT")
            except BaseException:
                _undo(self._con)
                raise

    def checkpoint(self) -> None:
        with self._writer, self._watched():
            self._con.execute("CHECKPOINT")

    def close(self) -> None:
        with self._writer, self._opening:
            self._closed = True
            self._let_go()

    def _let_go(self) -> None:
        for con in (self.ibis.con, *self._idle, self._con):
            _close(con)
        self._idle.clear()


def _close(con: Con) -> None:
    """Closes a connection. What somebody still asks of it is broken off first, since a busy connection refuses to be closed."""
    for _ in range(TRIES):
        try:
            con.interrupt()
            con.close()
        except duckdb.Error:
            Event().wait(TRY_S)
        else:
            return
    con.close()


def _undo(con: Con) -> None:
    try:
        con.execute("ROLLBACK")
    except duckdb.Error:
        return  # the commit itself failed, or the connection is gone: there is nothing left to undo
