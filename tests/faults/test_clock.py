"""Clocks that go backwards, years after 2038, zones that change: what was sent is there once, on the right day."""

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from gensvar import flow
from gensvar.house import House, open_house
from gensvar.kit.settings import read_settings
from tests.houses import HEADER, SURVEY
from tests.ledgers import HandClock

pytestmark = pytest.mark.faults
NOW = datetime(2026, 10, 15, 12, tzinfo=UTC)


@pytest.fixture
def clock() -> HandClock:
    return HandClock(NOW)


@pytest.fixture
def house(tmp_path: Path, clock: HandClock) -> Iterator[House]:
    with open_house(read_settings({"data": str(tmp_path / "data"), "memory_mb": "256"}, env={}), clock) as made:
        flow.add_source(made, SURVEY, "test")
        yield made


def send(house: House, *records: str, at: str = "2026-09-10T08:00:00Z", score: int = 5) -> None:
    items = [{"source": "survey", "record": r, "item": "rating", "measure": "csat.delivery@1", "score": score, "occurred_at": at} for r in records]
    house.ledger.inbox.submit("feedback", "", msgspec.json.encode(items), len(items)).result(10)


def flowed(house: House) -> list[tuple[str, float, str]]:
    while flow.drain(house, "test"):
        pass
    flow.recount(house)
    rows = house.engine.run(house.engine.table("feedback")).to_pylist()
    counted = house.engine.run(house.engine.table("daily")).to_pylist()
    assert sum(c["n"] for c in counted) == len(rows)
    return sorted((r["record"], r["score"], r["occurred_at"].date().isoformat()) for r in rows)


@pytest.mark.parametrize("back", [timedelta(seconds=1), timedelta(hours=1), timedelta(days=400), timedelta(days=365 * 50)])
def test_a_clock_that_goes_back_doubles_nothing(house: House, clock: HandClock, back: timedelta) -> None:
    send(house, "a", "b")
    key = house.ledger.keys.create("k", {"ingest"}, 1)[1]
    flowed(house)
    clock.at -= back
    send(house, "a", score=1)
    send(house, "c")
    assert flowed(house) == [("a", 1.0, "2026-09-10"), ("b", 5.0, "2026-09-10"), ("c", 5.0, "2026-09-10")]
    assert house.ledger.keys.find(key)
    clock.at += back
    send(house, "c", "b", score=2)
    assert flowed(house) == [("a", 1.0, "2026-09-10"), ("b", 2.0, "2026-09-10"), ("c", 2.0, "2026-09-10")]


@pytest.mark.parametrize("now", ["2038-01-19T03:14:08", "2040-02-29T23:59:59", "2099-12-31T23:59:59"])
def test_years_after_2038(house: House, clock: HandClock, now: str, tmp_path: Path) -> None:
    clock.at = datetime.fromisoformat(now).replace(tzinfo=UTC)
    send(house, "a", at=f"{now}Z")
    path = tmp_path / "survey.csv"
    path.write_text(HEADER + f"f,{now[:10]}T12:00,,SE,4,\n", "utf-8")
    assert flow.import_file(house, path, "survey").accepted == 1
    assert flowed(house) == [("a", 5.0, now[:10]), ("f", 4.0, now[:10])]
    job = house.ledger.jobs.add("import", {})
    claimed = house.ledger.jobs.claim("w", 60, ["import"])
    assert claimed
    assert claimed.id == job


@pytest.fixture
def zone() -> Iterator[None]:
    before = os.environ.get("TZ")
    yield
    os.environ.pop("TZ", None)
    if before is not None:
        os.environ["TZ"] = before
    time.tzset()


@pytest.mark.usefixtures("zone")
def test_the_machine_s_own_zone_moves_nothing(house: House, tmp_path: Path) -> None:
    path = tmp_path / "survey.csv"
    for name in ("UTC", "Pacific/Kiritimati", "America/St_Johns", "Asia/Kathmandu", "Nowhere/Land"):
        os.environ["TZ"] = name
        time.tzset()
        send(house, "a", at="2026-09-10T23:30:00Z")
        path.write_text(HEADER + "f,2026-09-11T00:30,,SE,4,\n", "utf-8")
        flow.import_file(house, path, "survey")
        assert flowed(house) == [("a", 5.0, "2026-09-10"), ("f", 4.0, "2026-09-10")], name


@pytest.mark.parametrize(
    ("written", "utc"), [("2026-10-25T01:59", "2026-10-24T23:59"), ("2026-10-25T03:00", "2026-10-25T02:00"), ("2026-03-29T03:00", "2026-03-29T01:00")]
)
def test_the_night_when_clocks_change(house: House, tmp_path: Path, written: str, utc: str) -> None:
    path = tmp_path / "survey.csv"
    path.write_text(HEADER + f"f,{written},,SE,4,\n", "utf-8")
    flow.import_file(house, path, "survey")
    (row,) = house.engine.run(house.engine.table("feedback")).to_pylist()
    assert row["occurred_at"].strftime("%Y-%m-%dT%H:%M") == utc
