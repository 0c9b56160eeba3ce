"""Annotations: what happened on a day, kept even when it no longer stands."""

from datetime import date

import pytest

from gensvar.kit.errors import NotFound
from gensvar.ledger import Ledger
from tests.ledgers import HandClock

GUIDES = date(2026, 6, 1)


def test_an_annotation_comes_back_as_it_was_written(ledger: Ledger, ledger_clock: HandClock) -> None:
    number = ledger.annotations.add(GUIDES, "New guides", "csat.support", {"market": ("SE", "NO"), "channel": ()}, "anna")
    found = ledger.annotations.get(number)
    assert (found.day, found.text, found.measure, found.by, found.added_at) == (GUIDES, "New guides", "csat.support", "anna", ledger_clock.now())
    assert found.where == {"market": ("SE", "NO")}
    assert found.removed_at is None


def test_they_stand_by_day_and_a_removed_one_stays_in_the_history(ledger: Ledger, ledger_clock: HandClock) -> None:
    late = ledger.annotations.add(date(2026, 9, 1), "Autumn sale", "", {}, "bo")
    early = ledger.annotations.add(GUIDES, "New guides", "", {}, "anna")
    assert [a.id for a in ledger.annotations.standing()] == [early, late]
    ledger_clock.forward(60)
    ledger.annotations.remove(early)
    assert [a.id for a in ledger.annotations.standing()] == [late]
    assert [(a.id, a.removed_at) for a in ledger.annotations.history()] == [(early, ledger_clock.now()), (late, None)]


def test_what_does_not_stand_cannot_be_removed_or_read(ledger: Ledger) -> None:
    number = ledger.annotations.add(GUIDES, "New guides", "", {}, "anna")
    ledger.annotations.remove(number)
    for act in (ledger.annotations.remove, ledger.annotations.get):
        with pytest.raises(NotFound, match=f"No annotation {number}"):
            act(number)


def test_text_that_no_database_can_hold_is_kept_as_near_as_can_be(ledger: Ledger) -> None:
    number = ledger.annotations.add(GUIDES, "a\x00b'; DROP TABLE annotations; --", "", {}, "anna")
    assert ledger.annotations.get(number).text == "a␀b'; DROP TABLE annotations; --"
