"""API keys."""

from pathlib import Path

import pytest

from gensvar.kit.errors import BadInput, NotFound
from gensvar.ledger import Ledger, keys
from tests.ledgers import SECRET, HandClock

DAY_S = 86_400


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


def test_another_process_notices_a_revoked_key(ledger: Ledger, ledger_url: str, ledger_clock: HandClock, monkeypatch: pytest.MonkeyPatch) -> None:
    number, plain = ledger.keys.create("a", {"read"})
    assert ledger.keys.find(plain) is not None
    other = Ledger.open(ledger_url, SECRET, ledger_clock)
    other.keys.revoke(number)
    other.close()
    monkeypatch.setattr(keys, "REMEMBER_S", 0.0)
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


def test_only_so_many_keys_are_remembered(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "REMEMBER_KEYS", 2)
    plain = [ledger.keys.create(str(n), {"read"})[1] for n in range(5)]
    assert all(ledger.keys.find(key) is not None for key in plain)
    assert len(ledger.keys._remembered) <= 2
