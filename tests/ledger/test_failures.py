"""What databases say, in our words; and rows among many keys."""

import errno
import sqlite3
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import select

from gensvar.kit.errors import StorageFull, Unavailable
from gensvar.ledger import Ledger
from gensvar.ledger.among import chunks, rows_among
from gensvar.ledger.failures import in_our_words, said
from gensvar.ledger.tables import SET_ASIDE
from gensvar.ledger.upkeep import Upkeep
from tests.ledgers import SECRET, HandClock


def lite(code: int) -> sqlite3.OperationalError:
    failed = sqlite3.OperationalError("what sqlite says")
    failed.sqlite_errorcode = code
    return failed


@pytest.mark.parametrize(
    ("failed", "ours"),
    [
        (lite(13), StorageFull), (lite(4874), StorageFull), (lite(1034), StorageFull), (lite(5), Unavailable), (lite(261), Unavailable),
        (lite(8), Unavailable), (lite(10), Unavailable), (lite(14), Unavailable), (lite(1), None), (lite(19), None),
        (OSError(errno.ENOSPC, "no space"), StorageFull), (OSError(errno.EIO, "broken"), None),
        (psycopg.errors.DiskFull(), StorageFull), (psycopg.errors.AdminShutdown(), Unavailable), (psycopg.OperationalError(), Unavailable),
        (psycopg.errors.LockNotAvailable(), Unavailable), (psycopg.errors.SerializationFailure(), Unavailable),
        (psycopg.errors.UniqueViolation(), None), (psycopg.errors.UndefinedTable(), None), (ValueError("ours"), None), (None, None),
    ],
)  # fmt: skip
def test_each_failure_has_its_error(failed: BaseException | None, ours: type[Exception] | None) -> None:
    assert type(said(failed, "at x")) is (ours or type(None))


def fall(failed: Exception) -> None:
    with in_our_words("at x"):
        raise failed


@pytest.mark.parametrize("failed", [lite(1), OSError(errno.EIO, "broken"), KeyError("x")])
def test_what_is_not_known_passes(failed: Exception) -> None:
    with pytest.raises(type(failed)):
        fall(failed)


def held_elsewhere(path: Path) -> sqlite3.Connection:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    return other


def test_another_process_that_holds_the_file_is_waited_for_and_then_told(
    tmp_path: Path, ledger_clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gensvar.ledger.connect.PRAGMAS", ("journal_mode=WAL", "busy_timeout=50"))
    opened = Ledger.open(f"sqlite:///{tmp_path / 'ledger.db'}", SECRET, ledger_clock)
    other = held_elsewhere(tmp_path / "ledger.db")
    with pytest.raises(Unavailable, match="locked"):
        opened.audit.append("anna", "did", "it")
    other.execute("ROLLBACK")
    other.close()
    assert opened.audit.append("anna", "did", "it") == 1
    opened.close()


@pytest.mark.parametrize("n", [0, 1, 99, 101, 999, 1000, 1001, 2500])
def test_rows_among_any_number_of_keys(ledger: Ledger, n: int) -> None:
    with ledger._db.read() as conn:
        assert list(rows_among(conn, select(SET_ASIDE.c.id), SET_ASIDE.c.id, range(n))) == []
    assert [len(part) for part in chunks(range(n))] == [1000] * (n // 1000) + ([n % 1000] if n % 1000 else [])


def test_the_log_is_folded_and_cut_in_the_background(tmp_path: Path, ledger_clock: HandClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gensvar.ledger.upkeep.EMPTY_FROM_BYTES", 1 << 20)
    monkeypatch.setattr("gensvar.ledger.upkeep.FOLD_FROM_BYTES", 1 << 19)
    opened = Ledger.open(f"sqlite:///{tmp_path / 'ledger.db'}", SECRET, ledger_clock)
    opened.inbox.submit("feedback", "shop", b"x" * (2 << 20), 1).result(10)
    log = tmp_path / "ledger.db-wal"
    assert log.stat().st_size > 2 << 20
    upkeep = Upkeep(opened._db, opened.seen.tidy)
    upkeep._tend()
    assert log.stat().st_size == 0
    assert (tmp_path / "ledger.db").stat().st_size > 2 << 20
    upkeep.close()
    opened.close()
