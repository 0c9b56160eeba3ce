"""A power cut: the data folder as it stands at some moment, and with its logs cut off at any byte; it opens, is whole, and holds what was told."""

import os
import random
import shutil
import signal
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path

import msgspec
import pytest

from gensvar import flow
from gensvar.house import House
from gensvar.serve.jobs import Hands
from tests.faults.holding import assert_true
from tests.faults.load import opened, prepared, under_load
from tests.faults.servers import Nursery, Running, served, wait_for
from tests.faults.truth import ASIDE, Sender, State, Truth, item

pytestmark = pytest.mark.faults
CUTS = 4


def frozen_copy(running: Running, data: Path, to: Path, truth: Truth) -> dict[str, set[State]]:
    """Copies the folder while the server stands still; the states that each record may be in at that moment."""
    os.kill(running.pid, signal.SIGSTOP)
    wait_for(lambda: Path(f"/proc/{running.pid}/stat").read_text("ascii").rsplit(")", 1)[1].split()[0] == "T", "the server to stand still")
    shutil.copytree(data, to)
    with truth.lock:
        may = deepcopy(truth.may)
    os.kill(running.pid, signal.SIGCONT)
    return may


@pytest.fixture(scope="module")
def copies(nursery: Nursery, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Path, dict[str, set[State]]]]:
    """Folders as a power cut under load would leave them, and what each must hold."""
    folder = tmp_path_factory.mktemp("power")
    data, files = folder / "data", folder / "files"
    files.mkdir()
    key, truth, chance = prepared(data), Truth(), random.Random(5)
    running = served(nursery, data)
    made = []
    with under_load(running, key, [Sender(f"s{i}", truth, random.Random(i)) for i in range(2)], files):
        for cut in range(CUTS):
            wait_for(lambda: truth.acknowledged > 40, "some load")
            signal.sigtimedwait([], chance.uniform(0.05, 0.5))
            made.append((folder / f"cut{cut}", frozen_copy(running, data, folder / f"cut{cut}", truth)))
    running.kill()
    return made


def finished(house: House) -> None:
    """Everything that waits is worked through: imports begun, and the inbox."""
    hands = Hands(house)
    hands.start()
    wait_for(lambda: not house.ledger.inbox.backlog().entries and all(j.state == "done" for j in house.ledger.jobs.all()), "the flow")
    hands.stop()
    flow.recount(house)


def cut_off(path: Path, chance: random.Random, synced: int = 0) -> None:
    """The log ends at some byte, none of the first `synced`: those were on disk for sure."""
    if path.exists():
        os.truncate(path, chance.randint(min(synced, path.stat().st_size), path.stat().st_size))


def already_in_the_ledger(log: Path) -> int:
    """Bytes of SQLite's log whose pages a checkpoint may have written into the database file: it syncs them first, so no power cut takes them.

    Source: walformat.html of SQLite: nBackfillAttempted stands at byte 128 of the index, the size of a page at byte 8 of the log.
    """
    index = log.with_name("ledger.sqlite-shm")
    if not index.exists() or not log.exists() or not log.stat().st_size:
        return 0
    frames = struct.unpack_from("=I", index.read_bytes(), 128)[0]
    page = struct.unpack_from(">I", log.read_bytes(), 8)[0]
    return 32 + int(frames) * (24 + int(page))


def sent_again(house: House, may: dict[str, set[State]]) -> dict[str, set[State]]:
    """Every record is sent again, as a source would that cannot know what arrived; the states that they now must be in."""
    state = {record: next(iter(states - {ASIDE, None}), None) for record, states in may.items()}
    there = {record: one for record, one in state.items() if one}
    items = [item(record, one) for record, one in there.items()]
    for at in range(0, len(items), 1_000):
        part = items[at : at + 1_000]
        house.ledger.inbox.submit("feedback", "", msgspec.json.encode(part), len(part)).result(10)
    return {record: {there[record]} if record in there else states | {None} for record, states in may.items()}


@pytest.mark.parametrize("cut", range(CUTS))
def test_all_that_was_told_is_there_after_a_power_cut(copies: list[tuple[Path, dict[str, set[State]]]], cut: int, tmp_path: Path) -> None:
    data, may = copies[cut]
    whole = Path(shutil.copytree(data, tmp_path / "whole"))
    with opened(whole) as house:
        with house.ledger._db.read() as conn:
            assert conn.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
        finished(house)
        assert_true(house, may)


def ledger_log(data: Path) -> Path:
    return data / "ledger.sqlite-wal"


def hub_log(data: Path) -> Path:
    return data / "hub.duckdb.wal"


@contextmanager
def torn(data: Path, folder: Path, log: Callable[[Path], Path], cut: int) -> Iterator[House]:
    """The house of a copy whose log ends at some byte; its ledger is whole."""
    copy = Path(shutil.copytree(data, folder / "torn"))
    cut_off(log(copy), random.Random(cut), already_in_the_ledger(log(copy)) if log is ledger_log else 0)
    with opened(copy) as house:
        with house.ledger._db.read() as conn:
            assert conn.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
        yield house


def recovered(house: House, may: dict[str, set[State]]) -> dict[str, set[State]]:
    """All is worked through, sent again and worked through once more; the states that the records must now be in."""
    finished(house)
    must = sent_again(house, may)
    finished(house)
    return must


@pytest.mark.parametrize("cut", range(CUTS))
def test_a_torn_ledger_log_opens_and_works(copies: list[tuple[Path, dict[str, set[State]]]], cut: int, tmp_path: Path) -> None:
    """Cut at any byte behind the last checkpoint, the log loses commits that were on disk; yet the ledger opens, is whole, and the flow goes on.

    What the hub got meanwhile may then come twice, when it is sent again: the ledger no longer knows when it was first seen.
    """
    data, may = copies[cut]
    with torn(data, tmp_path, ledger_log, cut) as house:
        must = recovered(house, may)
        there = {r["record"] for r in house.engine.run(house.engine.table("feedback")).to_pylist()}
        assert {k for k, v in must.items() if len(v) == 1 and next(iter(v)) not in (ASIDE, None)} <= there


@pytest.mark.parametrize("cut", range(CUTS))
def test_a_torn_hub_log_opens_and_sending_again_makes_it_whole(copies: list[tuple[Path, dict[str, set[State]]]], cut: int, tmp_path: Path) -> None:
    data, may = copies[cut]
    with torn(data, tmp_path, hub_log, cut) as house:
        must = recovered(house, may)
        found = {k: v for k, v in must.items() if v != {None}}
        rows = house.engine.run(house.engine.table("feedback")).to_pylist()
        assert len({r["record"] for r in rows}) == len(rows)
        state = {r["record"]: (r["occurred_at"].date().isoformat(), r["score"]) for r in rows}
        assert not {k: (state.get(k), v) for k, v in found.items() if len(v) == 1 and next(iter(v)) not in (ASIDE, state.get(k))}
