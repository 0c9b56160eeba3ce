"""API keys."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gensvar.kit.errors import BadInput, NotFound
from gensvar.ledger import Ledger
from tests.ledgers import SECRET, HandClock

DAY_S = 86_400


@contextmanager
def _again(url: str, clock: HandClock) -> Iterator[Ledger]:
    """The same ledger as another process sees it."""
    other = Ledger.open(url, SECRET, clock)
    yield other
    other.close()


def test_a_key_is_found_by_its_plain_text(ledger: Ledger, ledger_clock: HandClock) -> None:
    number, plain = ledger.keys.create("widget på sajten", {"ingest", "read"})
    assert plain.startswith("gsv_")
    for _ in range(2):
        found = ledger.keys.find(plain)
        assert found is not None
        assert (found.id, found.name, found.scopes, found.until) == (number, "widget på sajten", frozenset({"ingest", "read"}), None)


@pytest.mark.parametrize("wrong", ["", "gsv_", "gsv_åäö", "x" * 10_000, "\x00", "\ud800"])
def test_what_is_no_key_is_not_found(ledger: Ledger, wrong: str) -> None:
    _, plain = ledger.keys.create("a", {"read"})
    assert ledger.keys.find(wrong) is None
    assert ledger.keys.find(plain + wrong) is None or wrong == ""
    assert ledger.keys.find(plain[:-1]) is None


def test_a_key_ends_with_its_last_day(ledger: Ledger, ledger_clock: HandClock) -> None:
    _, plain = ledger.keys.create("a", {"read"}, days=2)
    ledger_clock.forward(2 * DAY_S - 1)
    assert ledger.keys.find(plain) is not None
    ledger_clock.forward(1)
    assert ledger.keys.find(plain) is None


def test_a_revoked_key_ends_at_once(ledger: Ledger, ledger_clock: HandClock) -> None:
    number, plain = ledger.keys.create("a", {"read"})
    assert ledger.keys.find(plain) is not None
    ledger.keys.revoke(number)
    assert ledger.keys.find(plain) is None
    assert [(k.id, k.revoked_at) for k in ledger.keys.all()] == [(number, ledger_clock.now())]
    with pytest.raises(NotFound, match="No key 99"):
        ledger.keys.revoke(99)


def test_another_process_notices_a_revoked_key(ledger: Ledger, ledger_url: str, ledger_clock: HandClock) -> None:
    number, plain = ledger.keys.create("a", {"read"})
    assert ledger.keys.find(plain) is not None
    other = Ledger.open(ledger_url, SECRET, ledger_clock)
    other.keys.revoke(number)
    other.close()
    ledger.keys._lately.seconds = 0.0
    assert ledger.keys.find(plain) is None


@pytest.mark.parametrize(("name", "scopes", "days"), [("a", {"write"}, None), ("a", set(), None), (" ", {"read"}, None), ("a", {"read"}, 0)])
def test_a_key_that_makes_no_sense_is_refused(ledger: Ledger, name: str, scopes: set[str], days: int | None) -> None:
    with pytest.raises(BadInput):
        ledger.keys.create(name, scopes, days)
    assert ledger.keys.all() == []


def test_a_misspelt_right_is_told_with_the_nearest(ledger: Ledger) -> None:
    with pytest.raises(BadInput, match="Did you mean 'ingest'"):
        ledger.keys.create("a", {"injest"})


def test_the_plain_key_is_never_on_the_disk(tmp_path: Path, ledger_clock: HandClock) -> None:
    opened = Ledger.open(f"sqlite:///{tmp_path / 'ledger.db'}", SECRET, ledger_clock)
    plain = [opened.keys.create("the widget", {"ingest"})[1] for _ in range(20)]
    on_disk = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"the widget" in on_disk
    assert not any(key.removeprefix("gsv_")[:12].encode() in on_disk for key in plain)
    assert len(set(plain)) == 20
    opened.close()


def test_only_so_many_keys_are_remembered(ledger: Ledger) -> None:
    ledger.keys._lately._most = 2
    plain = [ledger.keys.create(str(n), {"read"})[1] for n in range(5)]
    assert all(ledger.keys.find(key) is not None for key in plain)
    assert len(ledger.keys._lately) <= 2


def test_a_key_has_a_scope(ledger: Ledger) -> None:
    limited = {"rows": {"market": ["NO"]}, "free_text": False, "least": {}}
    _, plain = ledger.keys.create("a", {"read"}, scope=limited)
    _, whole = ledger.keys.create("b", {"read"})
    assert [found.scope for found in map(ledger.keys.find, (plain, whole)) if found] == [limited, {}]
    assert [key.scope for key in ledger.keys.all()] == [limited, {}]


def test_a_key_remembers_its_last_use(ledger: Ledger, ledger_url: str, ledger_clock: HandClock) -> None:
    _, used = ledger.keys.create("used", {"read"})
    ledger.keys.create("unused", {"read"})
    ledger_clock.forward(60)
    assert ledger.keys.find(used) is not None
    assert [key.used_at for key in ledger.keys.all()] == [ledger_clock.now(), None]
    ledger.keys.close()
    other = Ledger.open(ledger_url, SECRET, ledger_clock)
    assert [key.used_at for key in other.keys.all()] == [ledger_clock.now(), None]
    other.close()


def test_uses_are_written_once_a_minute_and_at_the_end(ledger: Ledger, ledger_url: str, ledger_clock: HandClock) -> None:
    ledger.keys._lately.seconds = 0.0
    _, plain = ledger.keys.create("a", {"read"})
    ledger.keys.find(plain)
    first = ledger_clock.now()
    assert ledger.keys._writer is not None
    ledger.keys._writer.join()
    ledger_clock.forward(3)
    ledger.keys.find(plain)
    with _again(ledger_url, ledger_clock) as other:
        assert other.keys.all()[0].used_at == first
    ledger.keys.close()
    with _again(ledger_url, ledger_clock) as other:
        assert other.keys.all()[0].used_at == ledger_clock.now()


def test_finding_waits_for_nobody_who_writes(tmp_path: Path, ledger_clock: HandClock) -> None:
    opened = Ledger.open(f"sqlite:///{tmp_path / 'ledger.db'}", SECRET, ledger_clock)
    _, plain = opened.keys.create("a", {"read"})
    held, done = threading.Event(), threading.Event()

    def write_for_long() -> None:
        with opened.transaction():
            held.set()
            done.wait(30)

    writer = threading.Thread(target=write_for_long)
    writer.start()
    held.wait(30)
    began = time.monotonic()
    assert opened.keys.find(plain) is not None
    waited = time.monotonic() - began
    assert opened.keys._writer is not None
    assert opened.keys._writer.is_alive()
    done.set()
    writer.join()
    opened.close()
    assert waited < 10  # it would have been 30
