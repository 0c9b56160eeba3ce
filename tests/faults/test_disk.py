"""A disk that is really full: what is refused is refused in words and leaves nothing behind, what was accepted is never lost, and space heals it."""

import os
import random
import subprocess
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import msgspec
import pytest
from litestar.testing import TestClient

from gensvar import flow
from gensvar.contracts.tone import TONE
from gensvar.house import House, open_house
from gensvar.kit.errors import StorageFull
from gensvar.kit.settings import Settings, read_settings
from gensvar.serve.access import Access
from gensvar.serve.app import build_app
from gensvar.serve.jobs import Hands
from tests.faults.servers import wait_for
from tests.houses import HEADER, SURVEY
from tests.serve.conftest import HERE, Served, owner

pytestmark = pytest.mark.faults
SIZE_MB = 48
AT = "2026-09-10T08:00:00Z"


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own with 48 MB: only the system's own administrator can make one."""
    place = tmp_path / "disk"
    place.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m", "tmpfs", str(place)], capture_output=True, check=False)
    if made.returncode:
        pytest.skip("needs the right to mount a file system; tests/ledger fills SQLite without it")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def settings_on(disk: Path) -> Settings:
    return read_settings({"data": str(disk / "data"), "memory_mb": "256", "port": "0"}, env={})


@pytest.fixture
def tight(disk: Path) -> Iterator[Served]:
    """A house on the small disk, behind its API."""
    with open_house(settings_on(disk)) as house:
        flow.add_source(house, SURVEY, "test")
        access = Access(house.settings, house.ledger)
        with TestClient(build_app(house, access), base_url=HERE) as client:
            client.headers.update(owner(access))
            yield Served(house, client, access)


@contextmanager
def full(disk: Path, left: int = 0) -> Iterator[None]:
    """The disk with this many bytes free, within a page."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        while (free := os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize) > left:
            file.write(b"\0" * min(free - left, 1 << 20))
    try:
        yield
    finally:
        ballast.unlink()


@contextmanager
def closing_later(opened: AbstractContextManager[None]) -> Iterator[None]:
    """The end of a context that was entered before."""
    try:
        yield
    finally:
        opened.__exit__(None, None, None)


def item(record: str, text: str = "") -> dict[str, object]:
    return {"source": "survey", "record": record, "item": "why", "text": text or "bra", "occurred_at": AT}


def post(served: Served, headers: dict[str, str], *records: str, text: str = "") -> int:
    body = [item(r, text) for r in records]
    response = served.client.post("/v1/feedback", json=body, headers=headers)
    if response.status_code == 507:
        said = response.json()
        assert response.headers["content-type"].startswith("application/problem+json")
        assert said["type"] == "urn:gensvar:problem:StorageFull"
        assert said["do"]
    return response.status_code


def records(house: House) -> list[str]:
    return sorted(r["record"] for r in house.engine.run(house.engine.table("feedback")).to_pylist())


def flowed(house: House) -> None:
    while flow.drain(house, "test"):
        pass
    flow.recount(house)


@pytest.mark.parametrize("left", [0, 4_096, 100_000, 1_000_000])
def test_a_full_disk_during_accept_is_told_and_leaves_nothing(tight: Served, disk: Path, left: int) -> None:
    headers, house = tight.key("ingest"), tight.house
    assert post(tight, headers, "before") == 202
    text = "".join(random.Random(1).choices("abcdefgh åäö", k=40_000))
    with full(disk, left):
        said = {f"r{i}": post(tight, headers, f"r{i}", text=text) for i in range(60)}
        assert set(said.values()) <= {202, 507}
        assert 507 in said.values()
        kept = [r for r, status in said.items() if status == 202]
        assert house.ledger.inbox.backlog().entries == 1 + len(kept)
        assert tight.client.get("/v1/status").status_code == 200
        assert tight.client.get("/").status_code == 200
    assert post(tight, headers, "after") == 202
    flowed(house)
    assert records(house) == sorted(["before", "after", *kept])


def test_a_full_disk_under_the_flow_loses_nothing_that_was_accepted(tight: Served, disk: Path) -> None:
    """The server's own hands meet the full disk, stay calm, and finish once there is room."""
    headers, house, hands = tight.key("ingest"), tight.house, Hands(tight.house)
    sent, chance = [f"r{i}" for i in range(2_000)], random.Random(3)
    with house.turn:
        hands.start()
        for at in range(0, len(sent), 200):
            assert post(tight, headers, *sent[at : at + 200], text="".join(chance.choices("abcdefgh åäö", k=500))) == 202
        fill = full(disk)
        fill.__enter__()
    with closing_later(fill):
        with pytest.raises(AssertionError, match="waited too long"):
            wait_for(lambda: not house.ledger.inbox.backlog().entries, "the flow, which has no room", 2.0)
        statuses = {post(tight, headers, f"late{i}") for i in range(20)}
        assert statuses <= {202, 507}
        assert tight.client.get("/v1/answers", params={"measure": "csat.delivery"}).status_code == 200
    assert post(tight, headers, "after") == 202
    wait_for(lambda: not house.ledger.inbox.backlog().entries, "the flow to finish", 30.0)
    hands.stop()
    flow.recount(house)
    found = records(house)
    assert len(found) == len(set(found))
    assert {*sent, "after"} <= set(found)


def test_a_full_disk_during_an_import_ends_with_a_reason_and_goes_on_later(tight: Served, disk: Path, tmp_path: Path) -> None:
    house, path = tight.house, tmp_path / "survey.csv"
    chance = random.Random(4)
    rows = (f"{i},2026-09-01T10:00,p{i}@example.com,SE,{1 + i % 5},{''.join(chance.choices('abcdefghå', k=60))}\n" for i in range(20_000))
    path.write_text(HEADER + "".join(rows), "utf-8")
    with full(disk, 300_000), pytest.raises(StorageFull) as told:
        flow.import_file(house, path, "survey")
    assert told.value.do
    receipt = flow.import_file(house, path, "survey")
    assert (receipt.read, receipt.accepted + receipt.unchanged) == (20_000, 40_000)
    assert len(records(house)) == 40_000
    flow.recount(house)
    cells = house.engine.run(house.engine.table("daily")).to_pylist()
    assert sum(c["n"] for c in cells if c["measure"] != TONE.key) == 40_000


def test_a_file_sent_to_a_full_disk_is_refused_and_not_kept(tight: Served, disk: Path) -> None:
    with full(disk):
        sent = tight.client.post("/v1/files", params={"source": "survey", "name": "a.csv"}, content=b"x" * 3_000_000)
        assert sent.status_code == 507, sent.text
        assert sent.json()["do"]
    assert list((tight.house.settings.data / "uploads").iterdir()) == []


def test_a_house_cannot_be_made_on_a_full_disk_and_says_so(disk: Path) -> None:
    with full(disk), pytest.raises(StorageFull) as told:
        open_house(settings_on(disk))
    assert told.value.exit_code == 7
    with open_house(settings_on(disk)) as house:
        assert records(house) == []


def test_a_backup_to_a_full_disk_leaves_no_half_of_one(tight: Served, disk: Path) -> None:
    assert post(tight, tight.key("ingest"), *(f"r{i}" for i in range(500)), text="x" * 2_000) == 202
    flowed(tight.house)
    with full(disk):
        said = tight.client.post("/v1/backups", json={"folder": str(disk / "kept")})
        assert said.status_code == 507, said.text
        assert not (disk / "kept").exists()
    again = tight.client.post("/v1/backups", json={"folder": str(disk / "kept")})
    assert again.status_code == 200, again.text
    assert msgspec.json.decode((disk / "kept" / "manifest.json").read_bytes())["files"]
