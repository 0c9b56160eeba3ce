"""The audit chain and attempts to bend it."""

import threading

import pytest

from gensvar.ledger import Ledger
from tests.ledgers import OTHER_SECRET, SECRET, HandClock


def fill(ledger: Ledger, n: int = 5) -> None:
    for number in range(n):
        ledger.audit.append("anna", "contract added", f"shop@{number}", {"n": number, "å": [1, None]})


def test_rows_come_back_in_order(ledger: Ledger, ledger_clock: HandClock) -> None:
    assert ledger.audit.verify() is None
    assert ledger.audit.append("anna", "key made", "widget") == 1
    ledger_clock.forward(1)
    assert ledger.audit.append("bo\x00", "party erased", "p1", {"contacts": 2}) == 2
    first, second = ledger.audit.rows()
    assert (first.who, first.did, first.what, first.detail) == ("anna", "key made", "widget", {})
    assert (second.who, second.detail, second.at) == ("bo␀", {"contacts": 2}, ledger_clock.now())
    assert [d.id for d in ledger.audit.rows(after=1)] == [2]
    assert [d.id for d in ledger.audit.rows(limit=1)] == [1]
    assert ledger.audit.verify() is None


@pytest.mark.parametrize(
    ("sql", "broken"),
    [
        ("UPDATE audit SET who = 'bo' WHERE id = 3", 3),
        ("UPDATE audit SET detail = '{}' WHERE id = 1", 1),
        ("UPDATE audit SET at = at + 1 WHERE id = 5", 5),
        ("DELETE FROM audit WHERE id = 2", 2),
        ("DELETE FROM audit WHERE id = 1", 1),
        ("DELETE FROM audit WHERE id = 5", 5),
        ("DELETE FROM audit", 1),
        ("UPDATE audit SET id = id + 100 WHERE id = 5", 5),
        ("INSERT INTO audit SELECT 6, at, who, did, what, detail, hash FROM audit WHERE id = 5", 6),
        ("DELETE FROM about WHERE name = 'audit_head'", 6),
    ],
)
def test_bending_shows(ledger: Ledger, sql: str, broken: int) -> None:
    fill(ledger)
    with ledger._db.write() as conn:
        conn.exec_driver_sql(sql)
    assert ledger.audit.verify() == broken


def test_who_lacks_the_secret_cannot_forge_a_chain(ledger: Ledger, ledger_url: str, ledger_clock: HandClock) -> None:
    fill(ledger)
    from gensvar.ledger.audit import Audit

    forger = Audit(ledger._db, ledger_clock.now, OTHER_SECRET)
    forger.append("bo", "nothing happened", "here")
    assert ledger.audit.verify() == 6


def test_long_chains_are_walked_page_by_page(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gensvar.ledger.audit.PAGE", 4)
    fill(ledger, 13)
    assert ledger.audit.verify() is None


def test_many_hands_write_one_chain(ledger: Ledger, ledger_url: str, ledger_clock: HandClock) -> None:
    other = Ledger.open(ledger_url, SECRET, ledger_clock)
    threads = [threading.Thread(target=fill, args=(ledger if n % 2 else other, 10)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [deed.id for deed in ledger.audit.rows()] == list(range(1, 61))
    assert ledger.audit.verify() is None
    other.close()
