"""What a database says when it fails, in the words of the house's error tree."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolEmpty

from gensvar.kit.errors import GensvarError, StorageFull, Unavailable

SQLITE_FULL, SQLITE_BUSY, SQLITE_LOCKED, SQLITE_READONLY, SQLITE_IOERR, SQLITE_CANTOPEN = 13, 5, 6, 8, 10, 14
SQLITE_IOERR_SHMSIZE, SQLITE_IOERR_FSYNC = 10 | 19 << 8, 10 | 4 << 8
PG_DISK_FULL = "53100"
PG_LATER = ("08", "40", "53", "55P03", "57")


@contextmanager
def in_our_words(where: str) -> Iterator[None]:
    """Lets the block run; a full disk becomes StorageFull, a database that cannot answer now Unavailable; other faults pass."""
    try:
        yield
    except DBAPIError as failed:
        raise said(failed.orig, where) or failed from failed
    except PoolEmpty as failed:
        raise Unavailable("The ledger has no free connection", where=where, do="Try again.") from failed
    except (sqlite3.Error, OSError) as failed:
        raise said(failed, where) or failed from failed


def said(failed: BaseException | None, where: str) -> GensvarError | None:
    """The house's error for what the driver raised, or None where it is a fault of the program."""
    if isinstance(failed, sqlite3.Error):
        return _sqlite(failed, where)
    if isinstance(failed, OSError):
        return _full(where) if failed.errno == errno.ENOSPC else None
    state = getattr(failed, "sqlstate", "absent")
    if state == PG_DISK_FULL:
        return _full(where)
    if state is None or str(state).startswith(PG_LATER):
        return Unavailable("The ledger's database does not answer", where=where, do="See that it runs, then try again.")
    return None


def _sqlite(failed: sqlite3.Error, where: str) -> GensvarError | None:
    code = getattr(failed, "sqlite_errorcode", 0) or 0
    if code & 0xFF == SQLITE_FULL or code in {SQLITE_IOERR_SHMSIZE, SQLITE_IOERR_FSYNC}:
        return _full(where)
    if code & 0xFF in {SQLITE_BUSY, SQLITE_LOCKED, SQLITE_READONLY, SQLITE_IOERR, SQLITE_CANTOPEN}:
        return Unavailable(f"The ledger cannot be used now: {failed}", where=where, do="See that the disk is whole and the folder writable.")
    return None


def _full(where: str) -> StorageFull:
    return StorageFull("The disk that holds the ledger is full", where=where, do="Free some space, then send again; nothing was half-written.")
