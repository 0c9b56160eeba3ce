"""kill -9 of the real server at random moments under load: what it acknowledged is there exactly once, what it refused is not there.

FAULTS_KILLS in the environment says how often (default 50).
"""

import os
import random
import time
from pathlib import Path
from typing import Any

import pytest

from gensvar import flow
from tests.faults.holding import assert_true
from tests.faults.load import opened, prepared, under_load
from tests.faults.servers import Nursery, Running, served, wait_for
from tests.faults.truth import Sender, Truth

pytestmark = pytest.mark.faults
KILLS = int(os.environ.get("FAULTS_KILLS", "50"))
SENDERS = 3
LONGEST_LIFE_S = 0.6


def one_life(running: Running, key: str, senders: list[Sender], folder: Path, chance: random.Random) -> None:
    """A server under load until it is killed at a moment that nobody chose."""
    with under_load(running, key, senders, folder):
        time.sleep(chance.uniform(0.02, LONGEST_LIFE_S))
        running.kill()


def settled(running: Running, folder: Path) -> int:
    """Waits until nothing waits in the inbox and every import has ended. One that died five times running says so; all are then asked for again."""

    def jobs() -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = running.asked("GET", "/v1/jobs")[1]
        return found

    def idle() -> bool:
        waiting = running.asked("GET", "/v1/status")[1]["inbox"]["signals"]
        return not waiting and all(j["state"] in {"done", "failed"} for j in jobs())

    wait_for(idle, "the inbox to empty", 100.0)
    failed = [j for j in jobs() if j["state"] == "failed"]
    assert all(str(job["error"]).startswith("Begun 5 times") for job in failed), failed
    for path in sorted(folder.iterdir()) if failed else ():
        running.asked("POST", "/v1/imports", {"source": "survey", "path": str(path)})
    wait_for(idle, "the imports to end", 100.0)
    assert len([j for j in jobs() if j["state"] == "failed"]) == len(failed)
    return len(failed)


def test_what_was_acknowledged_is_there_exactly_once(tmp_path: Path, nursery: Nursery) -> None:
    data, folder = tmp_path / "data", tmp_path / "files"
    folder.mkdir()
    key, truth, chance = prepared(data), Truth(), random.Random(20)
    senders = [Sender(f"s{i}", truth, random.Random(i)) for i in range(SENDERS)]
    for _ in range(KILLS):
        one_life(served(nursery, data), key, senders, folder, chance)
    last = served(nursery, data)
    again = settled(last, folder)
    last.stop()
    with opened(data) as house:
        assert not flow.recount(house)
        assert_true(house, truth.may)
    assert truth.acknowledged > 20 * KILLS
    print(f"{KILLS} kills, {truth.acknowledged:,} acknowledged changes to {len(truth.may):,} records, {again} imports given up and asked for again")  # noqa: T201
