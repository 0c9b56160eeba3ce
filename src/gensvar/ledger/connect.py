"""The database behind the ledger: how it is opened, read and written, and what several threads may do at once."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.pool import PoolProxiedConnection

from gensvar.kit.errors import SettingsError
from gensvar.ledger.failures import in_our_words
from gensvar.ledger.line import Line

BUSY_MS = 10_000
LOCKS = {name: 0x6765_0001 + n for n, name in enumerate(("migrate", "inbox", "take", "audit", "members", "attempts", "taxonomies"))}
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    f"busy_timeout={BUSY_MS}",
    "foreign_keys=ON",
    "secure_delete=FAST",
    "temp_store=MEMORY",
    "cache_size=-32768",
    "wal_autocheckpoint=131072",
    "journal_size_limit=67108864",
)


class Database:
    """One SQLite file or PostgreSQL database. In a process all writes to SQLite wait in one line, so that none meets a busy file.

    commits: on SQLite, how often this process has written; what was read since it last changed still stands.
    """

    def __init__(self, url: str) -> None:
        self.url = _known(url)
        self.where = f"at {self.url.render_as_string(hide_password=True)}"
        self.lite = self.url.get_backend_name() == "sqlite"
        self.engine = _sqlite_engine(self.url) if self.lite else _postgres_engine(self.url)
        self._writes = self.engine.execution_options(gensvar_writes=True)
        self._line = Line()
        self._mine = threading.local()
        self._straight: PoolProxiedConnection | None = None
        self.commits = 0

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees one moment of the ledger; inside this thread's transaction, the transaction's own."""
        held: Connection | None = getattr(self._mine, "connection", None)
        if held is not None:
            yield held
            return
        with in_our_words(self.where), self.engine.connect() as conn:
            yield conn

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A connection whose work is on disk when the block ends, or not at all; inside this thread's transaction, a part of that."""
        held: Connection | None = getattr(self._mine, "connection", None)
        if held is not None:
            yield held
            return
        with in_our_words(self.where), self.alone():
            with self._writes.begin() as conn:
                self._mine.connection = conn
                try:
                    yield conn
                finally:
                    self._mine.connection = None
            self.commits += 1

    @contextmanager
    def write_straight(self) -> Iterator[sqlite3.Connection]:
        """On SQLite: the same, on the driver's own connection, for what happens thousands of times a second. Not inside a transaction."""
        with in_our_words(self.where), self.alone():
            if self._straight is None:
                self._straight = self.engine.raw_connection()
            driver = self._straight.driver_connection
            assert isinstance(driver, sqlite3.Connection)  # noqa: S101 SQLite has no other
            driver.execute("BEGIN IMMEDIATE")
            try:
                yield driver
                driver.execute("COMMIT")
            except BaseException:
                if driver.in_transaction:
                    driver.execute("ROLLBACK")
                raise
            self.commits += 1

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A connection to which nothing changes while it reads, however long that takes."""
        level = {} if self.lite else {"isolation_level": "REPEATABLE READ"}
        with in_our_words(self.where), self.engine.connect().execution_options(**level) as conn:
            yield conn

    @contextmanager
    def alone(self) -> Iterator[None]:
        """On SQLite: no other thread of this process writes meanwhile. PostgreSQL needs no such line."""
        if not self.lite:
            yield
            return
        with self._line:
            yield

    def lock(self, conn: Connection, name: str) -> None:
        """Until this transaction ends no other process does what the name stands for. On SQLite a write transaction says that already."""
        if not self.lite:
            conn.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": LOCKS[name]})

    def insert(self, table: Table) -> "sqlite.Insert | postgresql.Insert":
        """An insert that can say what happens to a row that is there already."""
        return sqlite.insert(table) if self.lite else postgresql.insert(table)

    def close(self) -> None:
        """Gives every connection back to the system; SQLite then folds its log into the file."""
        if self._straight is not None:
            self._straight.close()
            self._straight = None
        self.engine.dispose()


def _known(url: str) -> URL:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database not in {None, "", ":memory:"}:
        return parsed.set(drivername="sqlite+pysqlite")
    if parsed.get_backend_name() in {"postgresql", "postgres"}:
        return parsed.set(drivername="postgresql+psycopg")
    raise SettingsError(
        f"The ledger cannot live at {parsed.render_as_string(hide_password=True)!r}",
        where="in the setting `ledger`",
        do="Leave it empty for SQLite, or give postgresql+psycopg://user@host/database.",
    )


def _sqlite_engine(url: URL) -> Engine:
    engine = create_engine(
        url,
        pool_size=8,
        max_overflow=32,
        pool_use_lifo=True,
        connect_args={"check_same_thread": False, "timeout": BUSY_MS / 1000, "cached_statements": 256},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(conn: Connection) -> None:
    conn.exec_driver_sql("BEGIN IMMEDIATE" if conn.get_execution_options().get("gensvar_writes") else "BEGIN")


def _postgres_engine(url: URL) -> Engine:
    options = "-c synchronous_commit=on -c timezone=UTC -c lock_timeout=30000 -c idle_in_transaction_session_timeout=600000"
    return create_engine(url, pool_size=8, max_overflow=32, pool_pre_ping=True, connect_args={"options": options, "application_name": "gensvar"})


class Part:
    """What every part of the ledger is given: the database, and the clock as a function."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._db, self._now = database, now
