"""The audit chain and attempts to bend it."""

import threading
from datetime import timedelta

import pytest

from gensvar.ledger import Ledger
from gensvar.ledger.audit import Checked, Done, Wanted
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


def test_many_deeds_are_written_together_and_keep_their_own_moments(ledger: Ledger, ledger_clock: HandClock) -> None:
    fill(ledger, 2)
    earlier = ledger_clock.now() - timedelta(seconds=1)
    deeds = [Done("anna", "see", "/", {"market": "NO"}, earlier), Done("bo\x00", "see", "/voices")]
    assert ledger.audit.append_many(deeds) == 4
    assert ledger.audit.append_many([]) == 4
    third, fourth = ledger.audit.rows(after=2)
    assert (third.at, third.who, third.what, third.detail) == (earlier, "anna", "/", {"market": "NO"})
    assert (fourth.at, fourth.who, fourth.detail) == (ledger_clock.now(), "bo␀", {})
    assert ledger.audit.check() == Checked(4, None)
    assert ledger.audit.append("anna", "see", "/") == 5
    assert ledger.audit.verify() is None


def test_many_deeds_are_written_all_or_none(ledger: Ledger) -> None:
    fill(ledger, 1)
    loops: dict[str, object] = {}
    loops["self"] = loops
    with pytest.raises(ValueError, match="Circular"):
        ledger.audit.append_many([Done("anna", "see", "/"), Done("anna", "see", "/", loops)])
    assert ledger.audit.check() == Checked(1, None)
    with pytest.raises(ValueError, match="Circular"), ledger.transaction():
        ledger.audit.append_many([Done("anna", "see", "/")] * 3) and ledger.audit.append("anna", "see", "/", loops)
    assert ledger.audit.check() == Checked(1, None)


@pytest.mark.parametrize(
    ("sql", "rows", "broken"),
    [
        ("UPDATE audit SET what = 'x' WHERE id = 7", 7, 7),
        ("DELETE FROM audit WHERE id = 7", 7, 7),
        ("INSERT INTO audit SELECT 13, at, who, did, what, detail, hash FROM audit WHERE id = 12", 13, 13),
        ("UPDATE audit SET what = (SELECT a.what FROM audit a WHERE a.id = 13 - audit.id) WHERE id IN (6, 7)", 6, 6),
        ("UPDATE audit SET id = CASE id WHEN 3 THEN -4 ELSE -3 END WHERE id IN (3, 4); UPDATE audit SET id = -id WHERE id < 0", 3, 3),
        ("DELETE FROM audit WHERE id > 9", 9, 10),
        ("DELETE FROM audit", 0, 1),
    ],
)
def test_a_check_says_how_far_it_came(ledger: Ledger, sql: str, rows: int, broken: int) -> None:
    """Changed, taken out, put in, two swapped, the end cut off, all of it gone."""
    ledger.audit.append_many([Done("anna", "see", f"/{n}") for n in range(12)])
    with ledger._db.write() as conn:
        for statement in sql.split("; "):
            conn.exec_driver_sql(statement)
    assert ledger.audit.check() == Checked(rows, broken)


def test_rows_are_found_newest_first(ledger: Ledger, ledger_clock: HandClock) -> None:
    start = ledger_clock.now()
    for n in range(6):
        ledger.audit.append("anna" if n % 2 else "Bo Åkesson", "see" if n < 4 else "change", f"/p{n}", {"market": "Skåne", "n": n, "50%": "a_b"})
        ledger_clock.forward(60)

    def found(before: int | None = None, limit: int = 100, **wanted: object) -> list[int]:
        return [d.id for d in ledger.audit.page(Wanted(**wanted), before, limit)]  # type: ignore[arg-type]

    assert found() == [6, 5, 4, 3, 2, 1]
    assert found(limit=2) == [6, 5]
    assert found(before=5, limit=2) == [4, 3]
    assert found(who="anna") == [6, 4, 2]
    assert found(who="ann") == []
    assert found(did="change", who="anna") == [6]
    assert found(since=start + timedelta(seconds=120), until=start + timedelta(seconds=240)) == [4, 3]
    assert found(text="/P3") == [4]
    assert found(text="Åkesson") == found(text="bo Åkesson") == [5, 3, 1]
    assert found(text="Skåne") == [6, 5, 4, 3, 2, 1]
    assert found(text="50%") == [6, 5, 4, 3, 2, 1]
    assert found(text="%") == [6, 5, 4, 3, 2, 1]
    assert found(text="axb") == found(text="' OR 1=1") == []
    assert ledger.audit.kinds() == ["change", "see"]


def test_it_is_checked_while_others_write(ledger: Ledger) -> None:
    """The end is sealed in the same moment as the rows are read, so that a row that comes meanwhile is no sign of tampering."""
    fill(ledger, 3)
    stop = threading.Event()

    def writing() -> None:
        while not stop.is_set():
            ledger.audit.append_many([Done("anna", "see", "/")] * 3)

    writer = threading.Thread(target=writing)
    writer.start()
    try:
        checks = [ledger.audit.check() for _ in range(40)]
    finally:
        stop.set()
        writer.join()
    assert {c.broken for c in checks} == {None}
    assert checks[-1].rows > checks[0].rows
