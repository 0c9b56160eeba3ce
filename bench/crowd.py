"""Fifty people read at once, signed in, of five roles and scopes, a page every five seconds each, while signals come in: how long a page takes."""

import http.client
import random
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from bench.house import Server, body, opened, served
from gensvar.kit.scope import Scope
from gensvar.serve.access import cookie_name

READERS, EVERY_S = 50, 5.0
SIGNALS_A_SECOND = 20
PAGES = (
    "/", "/", "/?market=NO", "/measures", "/measures/csat.delivery", "/measures/csat.support?by=market", "/measures/nps.brand?by=channel",
    "/measures/csat.delivery?market=SE&by=channel", "/measures/csat.delivery?by=segment&period=last+12+months", "/compare/csat.delivery",
    "/voices",
)  # fmt: skip
SCOPES = (
    ("analyst", Scope()),
    ("viewer", Scope()),
    ("contributor", Scope({"market": frozenset({"NO"})})),
    ("contributor", Scope({"market": frozenset({"SE", "FI"})})),
    ("viewer", Scope({"channel": frozenset({"app", "web"})})),
)


@dataclass(frozen=True, slots=True)
class Reader:
    """One who is signed in, and the dice that say which page she opens next."""

    cookie: str
    dice: random.Random


def crowded(data: Path, seconds: float) -> list[float]:
    """Seconds that each page took, whoever opened it; the first view of every page among them."""
    readers = _signed_in(data)
    took: list[float] = []
    with served(data) as server:
        until = time.monotonic() + seconds
        threads = [threading.Thread(target=_reads, args=(server, reader, until, took)) for reader in readers]
        threads.append(threading.Thread(target=_sends, args=(server, until)))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(took) >= READERS, "everybody has read something"
    return took


def _signed_in(data: Path) -> list[Reader]:
    made = []
    with opened(data) as house:
        for i in range(READERS):
            role, scope = SCOPES[i % len(SCOPES)]
            email = f"reader{i}@example.org"
            member = house.ledger.members.by_email(email) or house.ledger.members.add(email, f"Reader {i}", role, scope.as_json())
            token = house.ledger.sessions.start(member.id, "password", "bench")
            made.append(Reader(f"{cookie_name(house.settings)}={token}", random.Random(i)))
    return made


def _reads(server: Server, reader: Reader, until: float, took: list[float]) -> None:
    time.sleep(reader.dice.uniform(0, min(EVERY_S, (until - time.monotonic()) / 2)))
    while time.monotonic() < until:
        took.append(_page(server, reader.dice.choice(PAGES), reader.cookie))
        time.sleep(reader.dice.expovariate(1 / EVERY_S))


def _page(server: Server, path: str, cookie: str) -> float:
    start = time.perf_counter()
    link = http.client.HTTPConnection(server.host, server.port, timeout=60)
    link.request("GET", path, headers={"cookie": cookie, "accept": "text/html", "accept-encoding": "gzip"})
    response = link.getresponse()
    said = response.read()
    link.close()
    assert response.status in {200, 403}, (path, response.status, said[:500])
    return time.perf_counter() - start


def _sends(server: Server, until: float) -> None:
    """Signals, so that the hub keeps moving and no page stays as it was made."""
    link, first = http.client.HTTPConnection(server.host, server.port, timeout=60), 0
    while time.monotonic() < until:
        link.request("POST", "/v1/feedback", body=body(first, SIGNALS_A_SECOND), headers=server.headers)
        link.getresponse().read()
        first += SIGNALS_A_SECOND
        time.sleep(1)
    link.close()
