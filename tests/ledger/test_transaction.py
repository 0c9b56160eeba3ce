"""Several calls that commit as one, from several threads."""

import threading
from datetime import date

import pytest
from sqlalchemy.exc import SQLAlchemyError

from gensvar.contracts.rows import SetAside
from gensvar.kit.errors import GensvarError
from gensvar.ledger import Ledger

DAY = date(2026, 10, 1)
ROW = SetAside("shop", "bad", "it is bad", "{}")


class FellError(Exception):
    """What goes wrong in the middle."""


def begun(ledger: Ledger) -> tuple[int, int]:
    entry = ledger.inbox.submit("feedback", "shop", b"{}", 1).result(10)
    ledger.inbox.take(10, "flow", 60)
    ledger.days.mark([DAY])
    return entry, ledger.imports.start("shop", "f.csv", "a" * 64, "shop@1").id


def settle(ledger: Ledger, entry: int, number: int) -> None:
    ledger.days.clear([DAY])
    ledger.inbox.done([entry], "flow")
    ledger.imports.advance(number, 10, {"accepted": 10})
    ledger.set_aside.add([ROW], "f.csv")
    ledger.audit.append("flow", "settled", "shop")


def settle_and_fall(ledger: Ledger, entry: int, number: int) -> None:
    with ledger.transaction():
        settle(ledger, entry, number)
        raise FellError


def mark_and_fall(ledger: Ledger) -> None:
    with ledger.transaction():
        with ledger.transaction():
            ledger.days.mark([DAY])
        raise FellError


def test_all_of_it(ledger: Ledger) -> None:
    entry, number = begun(ledger)
    with ledger.transaction():
        settle(ledger, entry, number)
        assert ledger.days.dirty() == frozenset()
    assert (ledger.inbox.backlog().entries, ledger.imports.get(number).position, len(ledger.set_aside.page())) == (0, 10, 1)


def test_or_nothing_of_it(ledger: Ledger) -> None:
    entry, number = begun(ledger)
    with pytest.raises(FellError):
        settle_and_fall(ledger, entry, number)
    assert ledger.days.dirty() == {DAY}
    assert (ledger.inbox.backlog().entries, ledger.imports.get(number).position, ledger.set_aside.page()) == (1, 0, [])
    assert ledger.audit.rows() == []
    assert ledger.audit.verify() is None


def test_one_inside_another_is_a_part_of_it(ledger: Ledger) -> None:
    with pytest.raises(FellError):
        mark_and_fall(ledger)
    assert ledger.days.dirty() == frozenset()


def test_other_threads_read_what_stood_before_and_are_not_held_up(ledger: Ledger) -> None:
    seen: list[object] = []
    with ledger.transaction():
        ledger.days.mark([DAY])
        reader = threading.Thread(target=lambda: seen.append(ledger.days.dirty()))
        reader.start()
        reader.join(10)
        assert seen == [frozenset()]
    assert ledger.days.dirty() == {DAY}


def test_other_threads_write_after_it_or_beside_it(ledger: Ledger) -> None:
    with ledger.transaction():
        ledger.days.mark([DAY])
        waiting = [ledger.inbox.submit("feedback", "shop", b"x", 1) for _ in range(50)]
    assert len({future.result(10) for future in waiting}) == 50


def test_flow_pages_and_inbox_at_once(ledger: Ledger) -> None:
    """Writers of every part beside each other: nobody meets a busy database, nothing is lost."""
    failed: list[BaseException] = []

    def work(step: int) -> None:
        try:
            for n in range(15):
                with ledger.transaction():
                    ledger.set_aside.add([SetAside("shop", "bad", "m", f"{step} {n}")], "f")
                    ledger.days.mark([date(2026, 1, 1 + n)])
                ledger.set_aside.counts()
                ledger.inbox.submit("feedback", f"s{step}", b"x", 1).result(20)
        except (GensvarError, SQLAlchemyError) as fault:
            failed.append(fault)

    threads = [threading.Thread(target=work, args=(step,)) for step in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert ledger.set_aside.counts() == {"shop": {"bad": 90}}
    assert ledger.inbox.backlog().entries == 90
    assert len(ledger.days.dirty()) == 15
