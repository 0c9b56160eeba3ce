"""Dirty days."""

from datetime import date

from gensvar.ledger import Ledger

MONDAY, TUESDAY = date(2026, 10, 5), date(2026, 10, 6)


def test_marked_days_stay_until_they_are_cleared(ledger: Ledger) -> None:
    ledger.days.mark([TUESDAY, MONDAY, MONDAY])
    ledger.days.mark([TUESDAY])
    assert ledger.days.dirty() == {MONDAY, TUESDAY}
    ledger.days.clear([MONDAY])
    assert ledger.days.dirty() == {TUESDAY}


def test_nothing_to_mark_or_clear_is_no_fault(ledger: Ledger) -> None:
    ledger.days.mark([])
    ledger.days.clear([])
    assert ledger.days.dirty() == frozenset()


def test_years_at_the_ends_of_the_calendar_are_days_too(ledger: Ledger) -> None:
    ends = {date(1, 1, 1), date(9999, 12, 31)}
    ledger.days.mark(ends)
    assert ledger.days.dirty() == ends
