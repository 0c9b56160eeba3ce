"""Imports that are killed, stopped or abandoned, and two servers that want one folder."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from gensvar import flow
from gensvar.house import House
from tests.faults.load import opened, prepared
from tests.faults.servers import Nursery, announced, gone, served, wait_for
from tests.houses import HEADER

pytestmark = pytest.mark.faults
ROWS = 160_000


@pytest.fixture(scope="module")
def long_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of several batches, with one bad row in each ten thousand."""
    path = tmp_path_factory.mktemp("long") / "survey.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADER)
        file.writelines(f"{i},2026-09-{1 + i % 28:02d}T10:00,,SE,{99 if i % 10_000 == 7 else 1 + i % 5},\n" for i in range(ROWS))
    return path


def begun(data: Path) -> bool:
    """Whether the import has something in the hub: its file has grown."""
    return any((data / name).exists() and (data / name).stat().st_size > 2_000_000 for name in ("hub.duckdb", "hub.duckdb.wal"))


def assert_whole(house: House) -> None:
    table = house.engine.table("feedback")
    assert house.engine.run(table.count()).column(0)[0].as_py() == ROWS - ROWS // 10_000
    assert house.engine.run(table.record.nunique().as_table()).column(0)[0].as_py() == ROWS - ROWS // 10_000
    daily = house.engine.table("daily")
    assert house.engine.run(daily.n.sum().as_table()).column(0)[0].as_py() == ROWS - ROWS // 10_000
    assert house.ledger.set_aside.counts() == {"survey": {"off_scale": ROWS // 10_000}}


def test_an_import_that_is_killed_goes_on_where_it_was(nursery: Nursery, long_file: Path, tmp_path: Path) -> None:
    data, chance = tmp_path / "data", random.Random(9)
    prepared(data)
    words = ["import", str(long_file), "--source", "survey", "--data", str(data), "--json"]
    for _ in range(3):
        pid = nursery.born(words, tmp_path / "said.txt")
        wait_for(lambda: begun(data) or not Path(f"/proc/{pid}").exists(), "the import to begin")  # noqa: B023
        time.sleep(chance.uniform(0, 0.4))
        if Path(f"/proc/{pid}").exists():
            os.kill(pid, signal.SIGKILL)
        gone(pid)
    said = tmp_path / "last.txt"
    gone(nursery.born(words, said))
    receipt = json.loads(said.read_text("utf-8")[said.read_text("utf-8").index("{") :])
    assert receipt["read"] == ROWS
    assert receipt["accepted"] + receipt["unchanged"] + sum(receipt["set_aside"].values()) == ROWS
    with opened(data) as house:
        assert_whole(house)


def test_ctrl_c_stops_an_import_with_a_receipt_and_it_goes_on(nursery: Nursery, long_file: Path, tmp_path: Path) -> None:
    data, said = tmp_path / "data", tmp_path / "said.txt"
    prepared(data)
    words = ["import", str(long_file), "--source", "survey", "--data", str(data), "--json"]
    pid = nursery.born(words, said)
    wait_for(lambda: begun(data), "the import to begin")
    os.kill(pid, signal.SIGINT)
    gone(pid)
    receipt = json.loads(said.read_text("utf-8")[said.read_text("utf-8").index("{") :])
    assert 0 < receipt["read"] < ROWS
    assert receipt["accepted"] + sum(receipt["set_aside"].values()) == receipt["read"]
    with opened(data) as house:
        last = house.ledger.imports.last("survey")
        assert last
        assert last.state == "stopped"
        again = flow.import_file(house, long_file, "survey")
        assert (again.read, again.accepted) == (ROWS, ROWS - ROWS // 10_000)
        assert_whole(house)


def upload(nursery: Nursery, data: Path, long_file: Path) -> str:
    """A server that has begun to import an uploaded file; it is told to stop. The job's number."""
    running = served(nursery, data)
    _, said = running.asked("POST", "/v1/files?source=survey&name=survey.csv", long_file.read_bytes())
    wait_for(lambda: running.asked("GET", f"/v1/job?id={said['job']}")[1]["progress"].get("read", 0) > 0, "the import to begin")
    running.stop()
    return str(said["job"])


def test_a_server_that_is_stopped_goes_on_with_its_import_when_it_comes_back(nursery: Nursery, long_file: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    prepared(data)
    job = upload(nursery, data, long_file)
    running = served(nursery, data)
    wait_for(lambda: running.asked("GET", f"/v1/job?id={job}")[1]["state"] == "done", "the import to end")
    receipt = running.asked("GET", f"/v1/job?id={job}")[1]["receipt"]
    running.stop()
    assert receipt["read"] == ROWS
    assert list((data / "uploads").iterdir()) == []
    with opened(data) as house:
        assert_whole(house)


def test_a_second_server_refuses_and_a_dead_one_does_not_block(nursery: Nursery, tmp_path: Path) -> None:
    data, said = tmp_path / "data", tmp_path / "second.txt"
    prepared(data)
    first = served(nursery, data)
    second = subprocess.run(
        [sys.executable, "-m", "gensvar", "up", "--data", str(data), "--port", "0"],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert second.returncode == 4
    words = " ".join(second.stderr.split())
    assert f"process {first.pid}" in words
    assert f"http://127.0.0.1:{first.port}" in words
    assert announced(data, first.pid), "the first is unharmed"
    first.kill()
    third = served(nursery, data)
    assert third.asked("GET", "/v1/status")[0] == 200
    third.stop()
    assert not said.exists()


@pytest.mark.parametrize("left", ["", "{", '{"pid": 1}', '{"pid": 999999, "url": "http://127.0.0.1:1", "token": "x"}', "\x00" * 50])
def test_what_a_dead_process_left_in_the_lock_file_blocks_nobody(tmp_path: Path, left: str) -> None:
    data = tmp_path / "data"
    prepared(data)
    (data / "gensvar.lock").write_text(left, "utf-8")
    with opened(data) as house:
        assert house.ledger.contracts.current("survey")


def test_a_command_beside_a_command_is_told_to_wait(tmp_path: Path, run_cli: Callable[..., tuple[int, str]]) -> None:
    data = tmp_path / "data"
    prepared(data)
    with opened(data):
        code, said = run_cli("status", "--data", data)
    assert code == 4
    assert "holds this data folder" in said
