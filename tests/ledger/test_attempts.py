"""Attempts to sign in."""

import threading
from collections.abc import Sequence
from datetime import datetime, timedelta

from gensvar.ledger import Ledger
from tests.ledgers import HandClock

NONE = timedelta()


def three_at_most(before: Sequence[datetime], _: datetime) -> timedelta:
    return timedelta(minutes=1) if len(before) >= 3 else NONE


def test_attempts_are_counted_until_the_rule_says_wait(ledger: Ledger, ledger_clock: HandClock) -> None:
    anna = ledger.attempts.mark("account", "anna@example.org")
    assert [ledger.attempts.take({anna: three_at_most}) for _ in range(3)] == [{}, {}, {}]
    assert ledger.attempts.take({anna: three_at_most}) == {anna: timedelta(minutes=1)}
    assert ledger.attempts.of(anna) == [ledger_clock.now()] * 3
    ledger.attempts.forget(anna)
    assert ledger.attempts.take({anna: three_at_most}) == {}


def test_where_one_must_wait_none_is_counted(ledger: Ledger) -> None:
    anna, address = ledger.attempts.mark("account", "anna"), ledger.attempts.mark("address", "192.0.2.1")
    for _ in range(3):
        ledger.attempts.take({anna: three_at_most})
    assert set(ledger.attempts.take({anna: three_at_most, address: three_at_most})) == {anna}
    assert ledger.attempts.of(address) == []


def test_marks_differ_by_kind_and_value(ledger: Ledger) -> None:
    marks = {ledger.attempts.mark(kind, value) for kind in ("account", "address") for value in ("a", "b", "", "\ud800")}
    assert len(marks) == 8
    assert ledger.attempts.mark("account", "a") in marks


def test_they_are_forgotten_after_a_day(ledger: Ledger, ledger_clock: HandClock) -> None:
    anna = ledger.attempts.mark("account", "anna")
    ledger.attempts.take({anna: three_at_most})
    ledger_clock.forward(24 * 3600)
    assert ledger.attempts.of(anna) == []


def test_many_at_once_are_no_more_than_many_in_a_row(ledger: Ledger) -> None:
    anna, ready, found = ledger.attempts.mark("account", "anna"), threading.Barrier(10), []

    def take() -> None:
        ready.wait()
        found.append(ledger.attempts.take({anna: three_at_most}))

    all_of_them = [threading.Thread(target=take) for _ in range(10)]
    for one in all_of_them:
        one.start()
    for one in all_of_them:
        one.join()
    assert found.count({}) == 3 == len(ledger.attempts.of(anna))


def test_a_right_one_is_taken_back(ledger: Ledger, ledger_clock: HandClock) -> None:
    anna, bo = ledger.attempts.mark("account", "anna"), ledger.attempts.mark("account", "bo")
    first = ledger_clock.now()
    ledger.attempts.take({anna: three_at_most, bo: three_at_most})
    ledger_clock.forward(1)
    ledger.attempts.take({anna: three_at_most})
    ledger.attempts.take_back(anna)
    assert (ledger.attempts.of(anna), ledger.attempts.of(bo)) == ([first], [first])
    for _ in range(2):
        ledger.attempts.take_back(anna)
    assert (ledger.attempts.of(anna), ledger.attempts.of(bo)) == ([], [first])
