"""Proposals: a version as somebody would have it, and what became of it."""

import pytest

from gensvar.contracts import Measure
from gensvar.kit.errors import Conflict, NotFound
from gensvar.ledger import Ledger
from tests.ledgers import HandClock

SECOND = Measure(id="csat.delivery", version=2, metric="csat", low=1, high=5, wording={"en": "How was the delivery?"})


def test_a_proposal_comes_back_as_it_was_made(ledger: Ledger, ledger_clock: HandClock) -> None:
    number = ledger.proposals.add(SECOND, "plainer words", "bo")
    found = ledger.proposals.get(number)
    assert (found.definition, found.why, found.by, found.made_at) == (SECOND, "plainer words", "bo", ledger_clock.now())
    assert (found.state, found.settled_by, found.settled_at, found.reason) == ("open", "", None, "")


def test_it_is_settled_once(ledger: Ledger, ledger_clock: HandClock) -> None:
    number = ledger.proposals.add(SECOND, "plainer words", "bo")
    ledger_clock.forward(60)
    ledger.proposals.settle(number, "declined", "anna", "the trend would break")
    found = ledger.proposals.get(number)
    assert (found.state, found.settled_by, found.settled_at, found.reason) == ("declined", "anna", ledger_clock.now(), "the trend would break")
    with pytest.raises(Conflict, match="settled already"):
        ledger.proposals.settle(number, "approved", "bo", "")
    assert ledger.proposals.get(number).state == "declined"
    for act in (lambda: ledger.proposals.get(number + 1), lambda: ledger.proposals.settle(number + 1, "approved", "bo", "")):
        with pytest.raises(NotFound):
            act()


def test_they_are_listed_newest_first(ledger: Ledger) -> None:
    first = ledger.proposals.add(SECOND, "", "bo")
    other = ledger.proposals.add(Measure(id="nps", version=2, metric="nps", low=0, high=10), "", "bo")
    second = ledger.proposals.add(SECOND, "", "anna")
    assert [p.id for p in ledger.proposals.all()] == [second, other, first]
    assert [p.id for p in ledger.proposals.all("csat.delivery")] == [second, first]
