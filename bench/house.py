"""A house to measure: its settings, its one source, its signals, and a server of it in a process of its own."""

import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType

import msgspec

from gensvar import flow
from gensvar.house import House, holder, open_house
from gensvar.kit.settings import read_settings

SOURCE, MEASURE = "survey", "csat.delivery@1"
START = datetime(2026, 9, 1, tzinfo=UTC)
CONTRACT = """
source: survey
version: 1
owner: bench
purpose: to measure how fast it goes
record: id
at: {column: answered, order: iso, zone: UTC}
kind: {always: survey}
dimensions: {market: country, channel: channel}
answers:
  - {item: rating, measure: csat.delivery@1, score: stars}
measures:
  - {id: csat.delivery, version: 1, metric: csat, low: 1, high: 5, cut: 4, owner: bench, name: {en: CSAT for delivery}}
  - {id: csat.support, version: 1, metric: csat, low: 1, high: 5, cut: 4, owner: bench, name: {en: CSAT for support}}
  - {id: nps.brand, version: 1, metric: nps, low: 0, high: 10, owner: bench, name: {en: NPS}}
"""
WITH_PEOPLE = CONTRACT.replace("dimensions:", "party: {email: mail}\ndimensions:", 1)
MARKETS, CHANNELS = ("SE", "NO", "DK", "FI", "DE", "NL"), ("web", "app", "mail", "phone", "store", "chat")


def environment(data: Path, **settings: str) -> dict[str, str]:
    """What the programs of a bench are started with. settings: those that are to be otherwise."""
    told = {"data": str(data), "port": "0", "rate": "10000000", "today": "2026-12-31", **settings}
    return os.environ | {f"GENSVAR_{name.upper()}": value for name, value in told.items()}


def opened(data: Path) -> House:
    return open_house(read_settings({"data": str(data), "port": "0"}, env=environment(data)))


def made(data: Path) -> None:
    """A new house with the one source."""
    with opened(data) as house:
        flow.add_source(house, CONTRACT, "bench")


def item(i: int) -> dict[str, object]:
    """The i-th signal."""
    at = START + timedelta(seconds=7 * i % 8_000_000)
    score, market, channel = float(1 + i * 7919 % 5), MARKETS[i % 6], CHANNELS[i // 6 % 6]
    return {
        "source": SOURCE, "record": f"r{i}", "item": "rating", "measure": MEASURE, "score": score, "occurred_at": at, "market": market,
        "channel": channel,
    }  # fmt: skip


def body(first: int, count: int) -> bytes:
    """The JSON of so many signals."""
    return msgspec.json.encode(item(first) if count == 1 else [item(i) for i in range(first, first + count)])


def gensvar(data: Path, *args: str) -> str:
    """What a command prints; fails where it fails."""
    done = subprocess.run([sys.executable, "-m", "gensvar", *args], env=environment(data), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@dataclass(frozen=True, slots=True)
class Server:
    """A server in its own process. started_s: from its start to its first page."""

    process: "subprocess.Popen[bytes]"
    host: str
    port: int
    key: str = ""
    started_s: float = 0.0

    @property
    def headers(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.key}", "content-type": "application/json"}

    def memory_mb(self) -> float:
        """Resident memory, now."""
        status = Path(f"/proc/{self.process.pid}/status").read_text("ascii")
        return int(status.split("VmRSS:")[1].split()[0]) / 1024


def wait_for(host: str, port: int, path: str, seconds: float = 120.0, headers: Mapping[str, str] = MappingProxyType({})) -> None:
    """Returns when a page has come."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with suppress(OSError):
            link = http.client.HTTPConnection(host, port, timeout=seconds)
            link.request("GET", path, headers=dict(headers))
            response = link.getresponse()
            response.read()
            link.close()
            assert response.status < 500, response.status
            return
        time.sleep(0.005)
    raise TimeoutError(f"{host}:{port} does not answer")


@contextmanager
def stopped(process: "subprocess.Popen[bytes]") -> Iterator[None]:
    """The process is over when the block is."""
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def served(data: Path, **settings: str) -> Iterator[Server]:
    """A running server of the house in this folder, which has given its first page, with a key to send and read."""
    key = str(json.loads(gensvar(data, "keys", "create", "bench", "--scope", "ingest", "--scope", "read", "--json"))["key"])
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "gensvar", "up"], env=environment(data, **settings), stdout=subprocess.DEVNULL)
    with stopped(process):
        port = int(_address(process, data).rsplit(":", 1)[1])
        wait_for("127.0.0.1", port, "/", headers={"authorization": f"Bearer {key}"})
        yield Server(process, "127.0.0.1", port, key, time.perf_counter() - start)


def _address(process: "subprocess.Popen[bytes]", data: Path) -> str:
    while process.poll() is None:
        facts = holder(data)
        if facts and "url" in facts:
            return str(facts["url"])
        time.sleep(0.005)
    raise RuntimeError("the server ended before it began")
