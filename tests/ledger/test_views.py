"""Saved views: one's own, and those that others share."""

import pytest

from gensvar.kit.errors import NotFound
from gensvar.ledger import Ledger

ANNA, BO = 1, 2


def names(ledger: Ledger, member: int) -> list[str]:
    return [v.name for v in ledger.views.seen_by(member)]


def test_a_view_is_ones_own_until_it_is_shared(ledger: Ledger) -> None:
    number = ledger.views.add("Norway", "/measures/nps?market=NO", ANNA)
    assert names(ledger, ANNA) == ["Norway"]
    assert names(ledger, BO) == []
    ledger.views.share(number, ANNA, shared=True)
    (seen,) = ledger.views.seen_by(BO)
    assert (seen.address, seen.member, seen.shared, seen.owner) == ("/measures/nps?market=NO", ANNA, True, "")
    ledger.views.share(number, ANNA, shared=False)
    assert names(ledger, BO) == []


def test_they_are_listed_by_name(ledger: Ledger) -> None:
    ledger.views.add("Sweden", "/measures/nps?market=SE", ANNA)
    ledger.views.add("Denmark", "/measures/nps?market=DK", BO, shared=True)
    assert names(ledger, ANNA) == ["Denmark", "Sweden"]


def test_only_its_owner_changes_it(ledger: Ledger) -> None:
    number = ledger.views.add("Norway", "/measures/nps?market=NO", ANNA, shared=True)
    with pytest.raises(NotFound):
        ledger.views.rename(number, "Mine", BO)
    with pytest.raises(NotFound):
        ledger.views.share(number, BO, shared=False)
    with pytest.raises(NotFound):
        ledger.views.remove(number, BO)
    with pytest.raises(NotFound):
        ledger.views.remove(number + 1, ANNA)
    ledger.views.rename(number, "Norge", ANNA)
    assert names(ledger, BO) == ["Norge"]
    ledger.views.remove(number, ANNA)
    assert names(ledger, ANNA) == []


def test_a_shared_view_can_be_withdrawn_by_whoever_watches_over_them(ledger: Ledger) -> None:
    number = ledger.views.add("Norway", "/measures/nps?market=NO", ANNA, shared=True)
    ledger.views.withdraw(number)
    assert names(ledger, BO) == []
    assert names(ledger, ANNA) == ["Norway"]
    with pytest.raises(NotFound):
        ledger.views.withdraw(number)
