"""Assumptions in the ledger: written, read, closed; none is ever lost."""

import pytest

from gensvar.kit.errors import NotFound
from gensvar.ledger import Ledger

TEST = {"form": "level", "measure": "csat", "where": {"market": ["NO"]}, "matters": 0.05}


def test_what_was_written_stands_until_it_is_closed_and_stays_after(ledger: Ledger) -> None:
    first = ledger.assumptions.add("Norway is less content", TEST, "anna", 91)
    second = ledger.assumptions.add("Finland too", TEST, "bert", 30)
    assert [a.id for a in ledger.assumptions.standing()] == [second, first]
    one = ledger.assumptions.get(first)
    assert (one.text, one.test, one.by, one.every_days, one.removed_at) == ("Norway is less content", TEST, "anna", 91, None)
    ledger.assumptions.close(first)
    assert [a.id for a in ledger.assumptions.standing()] == [second]
    assert ledger.assumptions.get(first).removed_at is not None
    assert [a.id for a in ledger.assumptions.all()] == [second, first]


def test_what_is_not_there_cannot_be_read_and_what_is_closed_not_closed_again(ledger: Ledger) -> None:
    with pytest.raises(NotFound, match="7"):
        ledger.assumptions.get(7)
    number = ledger.assumptions.add("x", TEST, "anna", 91)
    ledger.assumptions.close(number)
    with pytest.raises(NotFound, match="stands"):
        ledger.assumptions.close(number)
