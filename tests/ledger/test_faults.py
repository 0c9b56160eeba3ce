"""Faults: processes killed, disks full, files cut off in the middle."""

import asyncio
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gensvar.kit.errors import StorageFull
from gensvar.ledger import Ledger
from tests.ledgers import SECRET, HandClock

pytestmark = pytest.mark.faults

SENDER = """
import os, sys, threading
from gensvar.kit.clock import SystemClock
from gensvar.ledger import Ledger

ledger = Ledger.open(sys.argv[1], bytes.fromhex(sys.argv[2]), SystemClock())

def send(thread):
    n = 0
    while True:
        body = f"{sys.argv[3]} {thread} {n}".encode()
        ledger.inbox.submit("feedback", "shop", body + b" " * (n % 7) * 500, 1).result()
        os.write(1, body + b"\\n")
        n += 1

for thread in range(4):
    threading.Thread(target=send, args=(thread,), daemon=True).start()
threading.Event().wait()
"""


def kill_in_the_middle(url: str, run: int, after_s: float) -> list[str]:
    """What a process that was killed with SIGKILL had been told is on disk."""
    sender = subprocess.Popen([sys.executable, "-c", SENDER, url, SECRET.hex(), str(run)], stdout=subprocess.PIPE)
    assert sender.stdout is not None
    first = sender.stdout.readline()
    time.sleep(after_s)
    os.kill(sender.pid, signal.SIGKILL)
    rest = sender.stdout.read()
    sender.wait()
    sender.stdout.close()
    return [line.decode() for line in (first + rest).split(b"\n")[:-1]]


def test_every_acknowledged_entry_outlives_a_killed_process_exactly_once(ledger_url: str, ledger_clock: HandClock) -> None:
    Ledger.open(ledger_url, SECRET, ledger_clock).close()
    chance = random.Random(7)
    told = [line for run in range(3) for line in kill_in_the_middle(ledger_url, run, chance.uniform(0.02, 0.3))]
    opened = Ledger.open(ledger_url, SECRET, ledger_clock)
    bodies = [entry.body.decode().rstrip() for entry in opened.inbox.take(1_000_000, "flow", 60)]
    opened.close()
    assert len(told) > 50
    assert len(bodies) == len(set(bodies))
    assert set(told) <= set(bodies)


@contextmanager
def full_disk(ledger: Ledger) -> Iterator[None]:
    """SQLite: no page more than there are. PostgreSQL: the server says what it says when a disk is full."""
    if ledger._db.lite:
        database = ledger._db.engine
        with database.connect() as conn:
            pages = conn.exec_driver_sql("PRAGMA page_count").scalar_one()
        from sqlalchemy import event

        def narrow(connection: sqlite3.Connection, *_: object) -> None:
            connection.execute(f"PRAGMA max_page_count={pages}")

        ledger._db.close()
        event.listen(database, "connect", narrow)
        yield
        event.remove(database, "connect", narrow)
        ledger._db.close()
        return
    with ledger._db.write() as conn:
        conn.exec_driver_sql(
            "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$"
        )
        conn.exec_driver_sql("CREATE TRIGGER full_disk AFTER INSERT ON inbox FOR EACH STATEMENT EXECUTE FUNCTION full_disk()")
    yield
    with ledger._db.write() as conn:
        conn.exec_driver_sql("DROP TRIGGER full_disk ON inbox")


def test_a_full_disk_is_told_to_exactly_those_who_wait_and_leaves_nothing(ledger: Ledger) -> None:
    kept = [ledger.inbox.submit("feedback", "shop", b"before", 1).result(10)]

    async def send() -> list[int | BaseException]:
        return await asyncio.gather(*(ledger.inbox.accept("feedback", "shop", b"x" * 9000, 1) for _ in range(50)), return_exceptions=True)

    with full_disk(ledger):
        outcomes = asyncio.run(send())
        assert all(isinstance(outcome, StorageFull) for outcome in outcomes)
        assert isinstance(outcomes[0], StorageFull)
        assert (outcomes[0].status, "nothing was half-written" in str(outcomes[0])) == (507, True)
        with pytest.raises(StorageFull):
            ledger.inbox.submit("feedback", "shop", b"x" * 9000, 1).result(10)
        assert ledger.inbox.backlog().entries == 1
    kept.append(ledger.inbox.submit("feedback", "shop", b"after", 1).result(10))
    assert [(e.id, e.body) for e in ledger.inbox.take(10, "flow", 60)] == list(zip(kept, [b"before", b"after"], strict=True))


def test_a_power_cut_leaves_a_whole_ledger(tmp_path: Path, ledger_clock: HandClock) -> None:
    """The file and its log as a power cut would leave them: copied while being written, the log cut off at any byte."""
    opened = Ledger.open(f"sqlite:///{tmp_path / 'ledger.db'}", SECRET, ledger_clock)
    chance = random.Random(11)
    for cut in range(8):
        told = [opened.inbox.submit("feedback", "shop", f"{cut} {n}".encode() * 200, 1).result(10) for n in range(20)]
        folder = tmp_path / f"cut{cut}"
        folder.mkdir()
        shutil.copy(tmp_path / "ledger.db", folder / "ledger.db")
        shutil.copy(tmp_path / "ledger.db-wal", folder / "ledger.db-wal")
        later = [opened.inbox.submit("feedback", "shop", b"later" * 500, 1) for _ in range(20)]
        for future in later:
            future.result(10)
        log = (tmp_path / "ledger.db-wal").read_bytes()
        stood = (folder / "ledger.db-wal").stat().st_size
        (folder / "ledger.db-wal").write_bytes(log[: chance.randint(stood, len(log))])
        after = Ledger.open(f"sqlite:///{folder / 'ledger.db'}", SECRET, ledger_clock)
        ids = [entry.id for entry in after.inbox.take(100_000, "flow", 60)]
        assert set(told) <= set(ids)
        assert ids == list(range(1, len(ids) + 1))
        with after._db.read() as conn:
            assert conn.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
        after.close()
    opened.close()


def test_a_writer_that_fails_goes_on_with_the_next(ledger: Ledger) -> None:
    with pytest.raises(Exception, match=r"(?i)null|constraint|integrity"):
        ledger.inbox.submit("feedback", None, b"x", 1).result(10)  # type: ignore[arg-type]
    assert ledger.inbox.submit("feedback", "shop", b"x", 1).result(10) > 0
    assert ledger.inbox.backlog().entries == 1
