"""Remarks on the quality of data, and what a member has put away."""

import pytest

from gensvar.kit.errors import NotFound
from gensvar.ledger import Ledger


def test_remarks_stand_until_they_are_removed(ledger: Ledger) -> None:
    first = ledger.remarks.add("csat.delivery", "Norway was not asked in July", "anna")
    second = ledger.remarks.add("csat.delivery", "Only app users since September", "bo")
    ledger.remarks.add("nps", "Something else", "bo")
    assert [(r.id, r.text, r.by) for r in ledger.remarks.standing("csat.delivery")] == [
        (first, "Norway was not asked in July", "anna"),
        (second, "Only app users since September", "bo"),
    ]
    assert ledger.remarks.remove(first) == "csat.delivery"
    assert [r.id for r in ledger.remarks.standing("csat.delivery")] == [second]
    with pytest.raises(NotFound):
        ledger.remarks.remove(first)


def test_what_is_put_away_is_put_away_for_one_member(ledger: Ledger) -> None:
    ledger.put_away.add(1, "steps")
    ledger.put_away.add(1, "steps")
    assert ledger.put_away.of(1) == {"steps"}
    assert ledger.put_away.of(2) == frozenset()
