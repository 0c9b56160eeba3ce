"""A session with a Spark Connect server: tables of ours that it can read, statements, and its errors in our words."""

import socket
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from itertools import count
from typing import Any
from urllib.parse import urlsplit

import pyarrow as pa

from gensvar.kit.errors import SettingsError, StorageFull, Unavailable

CLIENT = tuple(f"pyspark.sql.connect.{part}" for part in ("session", "dataframe", "functions", "udf", "udtf", "catalog", "conversion", "streaming"))


def _load_client() -> None:
    """PySpark takes a program without a file (python -c, a test worker) for its own doctests and ends it, so it is shown one while it loads."""
    main = sys.modules["__main__"]
    nameless = not hasattr(main, "__file__")
    if nameless:
        main.__file__ = "gensvar"
    try:
        for part in CLIENT:
            import_module(part)
    finally:
        if nameless:
            del main.__file__


try:
    _load_client()
    import grpc
    from pyspark.errors import PySparkException
    from pyspark.sql.connect.session import SparkSession
    from pyspark.sql.pandas.types import from_arrow_schema
except ImportError as missing:
    raise Unavailable(f"Spark needs a part that is not installed ({missing.name})", do="Install it: pip install 'gensvar[spark]'.") from missing

__all__ = ["PySparkException", "Session", "conflicted", "from_arrow_schema", "listed", "told"]

FULL = ("no space left", "disk quota")
GONE = ("statuscode.unavailable", "failed to connect", "session_not_found", "session_closed", "invalid_handle")
ANSWER_S = 5.0  # an address that has not answered by then is taken to be wrong
PORT = 15002


@contextmanager
def told() -> Iterator[None]:
    """Errors of the server, where they are about the disk or the connection."""
    try:
        yield
    except (PySparkException, grpc.RpcError, ValueError) as wrong:
        said = str(wrong).casefold()
        if any(sign in said for sign in FULL):
            raise StorageFull("No room left to write", where="the hub's warehouse", do="Free some space; what was committed is safe.") from wrong
        if any(sign in said for sign in GONE) or "closed channel" in said:
            raise Unavailable("The Spark Connect server does not answer", do="See whether it runs, then try again.") from wrong
        raise


def conflicted(wrong: PySparkException) -> bool:
    """Whether a commit failed only because somebody else's came first."""
    said = str(wrong).casefold()
    return "failed to commit transaction" in said or "concurrent" in said


class Session:
    """One session. Statements may be run from several threads at once."""

    def __init__(self, address: str) -> None:
        _reachable(address)
        with told():
            self.spark = SparkSession.builder.remote(address).create()
            self.spark.conf.set("spark.sql.session.timeZone", "UTC")
        self._numbers = count()

    def sql(self, statement: str) -> pa.Table:
        """The rows that a statement answers with."""
        with told():
            return self.spark.sql(statement).toArrow()

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        return [tuple(row.values()) for row in self.sql(statement).to_pylist()]

    @contextmanager
    def holding(self, tables: Mapping[str, pa.Table]) -> Iterator[None]:
        """These Arrow tables as views by their names."""
        with told():
            for name, rows in tables.items():
                schema = None if rows.num_rows else from_arrow_schema(rows.schema)
                self.spark.createDataFrame(rows, schema).createOrReplaceTempView(name)
        try:
            yield
        finally:
            with told():
                for name in tables:
                    self.spark.catalog.dropTempView(name)

    @contextmanager
    def batch(self, rows: pa.Table) -> Iterator[str]:
        """An Arrow table as a view by a name that no other thread uses."""
        name = f"batch_{next(self._numbers)}"
        with self.holding({name: rows}):
            yield name

    def write(self, statement: str, path: str, mode: str, options: Mapping[str, str]) -> None:
        """The rows of a statement into the Delta table at this path, in one commit."""
        with told():
            self.spark.sql(statement).write.format("delta").mode(mode).options(**options).save(path)

    def close(self) -> None:
        self.spark.stop()


def _reachable(address: str) -> None:
    """The client would try for ten minutes; a person who mistyped an address should know in seconds."""
    at = urlsplit(address)
    if at.scheme != "sc" or not at.hostname:
        raise SettingsError(f"{address!r} is not the address of a Spark Connect server", do="Write it as sc://host:15002.")
    try:
        socket.create_connection((at.hostname, at.port or PORT), ANSWER_S).close()
    except OSError as wrong:
        raise Unavailable(
            f"No Spark Connect server answers at {at.hostname}:{at.port or PORT} ({wrong})", do="Start it, or correct GENSVAR_HUB."
        ) from wrong


def listed(days: Sequence[Any]) -> str:
    """Days as SQL.

    >>> from datetime import date
    >>> listed([date(2026, 1, 2)])
    "date'2026-01-02'"
    """
    return ", ".join(f"date'{day.isoformat()}'" for day in days)
