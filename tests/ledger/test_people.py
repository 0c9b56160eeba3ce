"""People and what they merge into."""

from datetime import UTC, datetime, timedelta

import pytest

from gensvar.contracts.rows import Contact
from gensvar.kit.errors import BadInput
from gensvar.kit.ids import record_key
from gensvar.ledger import Ledger, NewKey

DAY = datetime(2026, 5, 1, tzinfo=UTC)
ANNA, BO, CECILIA = (record_key("party", name) for name in ("anna", "bo", "cecilia"))


def key(name: str) -> bytes:
    return record_key("key", name)


def new(name: str, party: bytes, kind: str = "email", namespace: str = "", days: int = 0) -> NewKey:
    return NewKey(key(name), kind, namespace, party, DAY + timedelta(days=days))


def test_known_keys_say_whose_they_are(ledger: Ledger) -> None:
    assert ledger.people.save([new("a@x", ANNA), new("b@x", BO)]) == {}
    assert ledger.people.lookup([key("a@x"), key("b@x"), key("nobody")]) == {key("a@x"): ANNA, key("b@x"): BO}
    assert ledger.people.lookup([]) == {}


def test_a_key_that_belongs_to_somebody_stays_there_and_says_so(ledger: Ledger) -> None:
    ledger.people.save([new("a@x", ANNA)])
    assert ledger.people.save([new("a@x", BO), new("b@x", BO)]) == {key("a@x"): ANNA}
    assert ledger.people.lookup([key("a@x"), key("b@x")]) == {key("a@x"): ANNA, key("b@x"): BO}
    assert ledger.people.save([]) == {}


def test_externals_by_namespace_and_the_earlier_one_counts(ledger: Ledger) -> None:
    ledger.people.save([
        new("crm 2", ANNA, "external", "crm", days=2), new("crm 1", ANNA, "external", "crm", days=1),
        new("shop 1", ANNA, "external", "shop"), new("a@x", ANNA), new("crm 9", BO, "external", "crm"),
    ])  # fmt: skip
    assert ledger.people.externals([ANNA, CECILIA]) == {ANNA: {"crm": key("crm 1"), "shop": key("shop 1")}}
    assert ledger.people.externals([]) == {}


def test_merging_moves_keys_and_contacts_and_earlier_merges(ledger: Ledger) -> None:
    ledger.people.save([new("a@x", ANNA), new("b@x", BO), new("c@x", CECILIA)])
    ledger.contacts.seal({ANNA: [Contact(key("a@x"), "email", "a@x")], BO: [Contact(key("b@x"), "email", "b@x")]})
    ledger.people.merge(ANNA, BO, "same phone")
    ledger.people.merge(BO, CECILIA, "same external id")
    assert set(ledger.people.lookup([key("a@x"), key("b@x"), key("c@x")]).values()) == {CECILIA}
    assert [ledger.people.canonical(party) for party in (ANNA, BO, CECILIA)] == [CECILIA] * 3
    assert ledger.people.merges() == {ANNA: CECILIA, BO: CECILIA}
    assert {c.value for c in ledger.contacts.open(CECILIA)} == {"a@x", "b@x"}


def test_a_merge_into_somebody_merged_goes_to_whom_that_is_today(ledger: Ledger) -> None:
    ledger.people.save([new("a@x", ANNA)])
    ledger.people.merge(BO, CECILIA, "same email")
    ledger.people.merge(ANNA, BO, "same email")
    assert ledger.people.lookup([key("a@x")]) == {key("a@x"): CECILIA}


def test_a_merge_in_a_circle_is_refused(ledger: Ledger) -> None:
    ledger.people.merge(ANNA, BO, "same email")
    with pytest.raises(BadInput, match="other way round"):
        ledger.people.merge(BO, ANNA, "same email")
    with pytest.raises(BadInput, match="itself"):
        ledger.people.merge(BO, BO, "same email")


def test_ten_thousand_keys_at_once(ledger: Ledger) -> None:
    many = [new(str(n), record_key("party", str(n))) for n in range(10_001)]
    assert ledger.people.save(many) == {}
    assert ledger.people.lookup([n.key for n in many]) == {n.key: n.party for n in many}
