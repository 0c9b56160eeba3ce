"""Backups and what comes back from them."""

import threading
from datetime import date
from pathlib import Path

import pytest

from gensvar.contracts import Measure
from gensvar.contracts.rows import Contact, SetAside
from gensvar.kit.errors import Conflict, NotFound, Unavailable, Unreadable
from gensvar.kit.ids import record_key
from gensvar.ledger import Ledger
from tests.ledgers import OTHER_SECRET, SECRET, HandClock, Postgres

ANNA = record_key("party", "anna")
CONTACT = Contact(record_key("key", "a"), "email", "anna@exempel.se")


def fill(ledger: Ledger) -> str:
    """Something in every part; the plain API key."""
    for n in range(3):
        ledger.inbox.submit("feedback", "shop", f"body {n}".encode(), 1).result(10)
    ledger.inbox.take(1, "flow", 60)
    ledger.seen.moments([record_key("shop", str(n)) for n in range(50)], [None] * 50, 1234)
    ledger.measures.add([Measure(id="nps", version=1, metric="nps", low=0, high=10)], "anna")
    ledger.contacts.seal({ANNA: [CONTACT]})
    ledger.set_aside.add([SetAside("shop", "bad", "it is bad", '{"å": 1}')], "f")
    ledger.jobs.claim("w", 60, ["import"]) or ledger.jobs.add("import", {"path": "f", "deep": {"list": [1, None, "å"]}})
    ledger.imports.advance(ledger.imports.start("shop", "f", "a" * 64, "shop@1").id, 5, {"accepted": 5})
    ledger.days.mark([date(2026, 10, 1)])
    ledger.audit.append("anna", "filled", "it", {"n": 1})
    ledger.people.merge(record_key("party", "bo"), ANNA, "same email")
    return ledger.keys.create("widget", {"ingest"})[1]


def same(ledger: Ledger, plain: str) -> None:
    assert [e.body for e in ledger.inbox.take(10, "flow", 60)] == [b"body 1", b"body 2"]
    assert ledger.inbox.backlog().entries == 3
    assert ledger.seen.moments([record_key("shop", "7")], [None], 9999) == ([1234], [True])
    assert "nps@1" in ledger.measures.all()
    assert ledger.contacts.open(ANNA) == [CONTACT]
    assert [kept.row.raw for kept in ledger.set_aside.page()] == ['{"å": 1}']
    assert [job.args for job in ledger.jobs.all()] == [{"path": "f", "deep": {"list": [1, None, "å"]}}]
    assert ledger.imports.start("shop", "f", "a" * 64, "shop@1").position == 5
    assert ledger.days.dirty() == {date(2026, 10, 1)}
    assert ledger.people.canonical(record_key("party", "bo")) == ANNA
    assert ledger.audit.verify() is None
    found = ledger.keys.find(plain)
    assert found is not None
    assert found.name == "widget"


def goes_on(ledger: Ledger) -> None:
    """New rows get numbers after the old ones."""
    assert ledger.inbox.submit("feedback", "shop", b"new", 1).result(10) > 3
    assert ledger.jobs.add("import", {}) > 1
    assert ledger.audit.append("bo", "went on", "here") == 2
    assert ledger.audit.verify() is None


@pytest.mark.parametrize("to", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_a_backup_comes_back_whole_on_either_database(
    ledger: Ledger, ledger_clock: HandClock, tmp_path: Path, to: str, postgres_server: Postgres
) -> None:
    plain = fill(ledger)
    ledger.backup(tmp_path / "safe")
    url = f"sqlite:///{tmp_path / 'restored.db'}" if to == "sqlite" else postgres_server.url(postgres_server.bare())
    restored = Ledger.restore(tmp_path / "safe", url, SECRET, ledger_clock)
    same(restored, plain)
    goes_on(restored)
    restored.close()


def test_a_backup_is_of_one_moment_while_others_write(ledger: Ledger, ledger_clock: HandClock, tmp_path: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            with ledger.transaction():
                ledger.audit.append("anna", "wrote", "x")
                ledger.jobs.add("import", {})

    writer = threading.Thread(target=write)
    writer.start()
    while not ledger.audit.rows():
        stop.wait(0.01)
    ledger.backup(tmp_path / "safe")
    stop.set()
    writer.join()
    restored = Ledger.restore(tmp_path / "safe", f"sqlite:///{tmp_path / 'restored.db'}", SECRET, ledger_clock)
    assert restored.audit.verify() is None
    assert len(restored.audit.rows(limit=100_000)) == len(restored.jobs.all(limit=100_000)) > 0
    restored.close()


def test_a_backup_is_never_overwritten_nor_a_ledger(ledger: Ledger, ledger_url: str, ledger_clock: HandClock, tmp_path: Path) -> None:
    ledger.backup(tmp_path / "safe")
    with pytest.raises(Conflict, match="a backup already"):
        ledger.backup(tmp_path / "safe")
    with pytest.raises(Conflict, match="a ledger already"):
        Ledger.restore(tmp_path / "safe", ledger_url, SECRET, ledger_clock)
    ledger.ping()


def test_no_backup_or_another_secret_or_a_part_missing_restores_nothing(ledger: Ledger, ledger_clock: HandClock, tmp_path: Path) -> None:
    fill(ledger)
    ledger.backup(tmp_path / "safe")
    url = f"sqlite:///{tmp_path / 'restored.db'}"
    with pytest.raises(NotFound, match="No backup"):
        Ledger.restore(tmp_path / "nowhere", url, SECRET, ledger_clock)
    with pytest.raises(Unavailable, match="another secret"):
        Ledger.restore(tmp_path / "safe", url, OTHER_SECRET, ledger_clock)
    manifest = tmp_path / "safe" / "ledger" / "ledger.json"
    manifest.write_text(manifest.read_text().replace('"seen_lately": 5', '"seen_lately": 6').replace('"seen": 5', '"seen": 6'))
    with pytest.raises(Unreadable, match="not whole"):
        Ledger.restore(tmp_path / "safe", url, SECRET, ledger_clock)
    (tmp_path / "safe" / "ledger" / "audit.parquet").write_bytes(b"PAR1 no more")
    with pytest.raises(Unreadable, match="audit"):
        Ledger.restore(tmp_path / "safe", url, SECRET, ledger_clock)
    fresh = Ledger.open(url, SECRET, ledger_clock)
    assert fresh.audit.rows() == []
    fresh.close()


def test_no_plain_text_stands_in_a_backup(ledger: Ledger, tmp_path: Path) -> None:
    plain = fill(ledger)
    ledger.backup(tmp_path / "safe")
    written = b"".join(path.read_bytes() for path in (tmp_path / "safe" / "ledger").iterdir())
    assert not any(word in written for word in (b"anna@exempel", b"body 1", plain.encode()))
