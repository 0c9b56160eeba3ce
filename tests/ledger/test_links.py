"""One-time links."""

import threading
from datetime import timedelta

import pytest

from gensvar.ledger import Ledger, Link, Member
from gensvar.ledger.links import LASTS, LinkKind
from tests.ledgers import HandClock


@pytest.fixture
def anna(ledger: Ledger) -> Member:
    return ledger.members.add("anna@example.org", "Anna", "viewer", {})


def test_a_link_is_used_once(ledger: Ledger, anna: Member, ledger_clock: HandClock) -> None:
    token = ledger.links.make("invite", anna.id, "Bo")
    now = ledger_clock.now()
    assert ledger.links.find(token) == Link("invite", anna.id, "Bo", now, now + timedelta(days=7))
    assert ledger.links.use(token) is not None
    assert (ledger.links.use(token), ledger.links.find(token)) == (None, None)


@pytest.mark.parametrize(("kind", "hours"), [("setup", 24), ("invite", 7 * 24), ("reset", 1)])
def test_a_link_ends(ledger: Ledger, anna: Member, ledger_clock: HandClock, kind: LinkKind, hours: int) -> None:
    assert timedelta(hours=hours) == LASTS[kind]
    token = ledger.links.make(kind, None if kind == "setup" else anna.id, "Bo")
    ledger_clock.forward(hours * 3600 - 1)
    assert ledger.links.find(token) is not None
    ledger_clock.forward(1)
    assert (ledger.links.find(token), ledger.links.use(token)) == (None, None)


def test_a_new_link_ends_the_one_before(ledger: Ledger, anna: Member) -> None:
    bo = ledger.members.add("bo@example.org", "Bo", "viewer", {})
    first, other, setup = ledger.links.make("invite", anna.id, "A"), ledger.links.make("invite", bo.id, "A"), ledger.links.make("setup", None, "A")
    second = ledger.links.make("reset", anna.id, "A")
    assert [ledger.links.find(token) is not None for token in (first, second, other, setup)] == [False, True, True, True]
    assert ledger.links.find(ledger.links.make("setup", None, "A")) is not None
    assert ledger.links.find(setup) is None


def test_of_many_at_once_one_gets_it(ledger: Ledger, anna: Member) -> None:
    token, ready, found = ledger.links.make("reset", anna.id, "Bo"), threading.Barrier(8), []

    def use() -> None:
        ready.wait()
        found.append(ledger.links.use(token))

    users = [threading.Thread(target=use) for _ in range(8)]
    for one in users:
        one.start()
    for one in users:
        one.join()
    assert sum(link is not None for link in found) == 1


def test_those_that_wait_are_known(ledger: Ledger, anna: Member) -> None:
    assert ledger.links.waiting() == {}
    token = ledger.links.make("invite", anna.id, "Bo")
    ledger.links.make("setup", None, "Bo")
    assert [(member, link.kind) for member, link in ledger.links.waiting().items()] == [(anna.id, "invite")]
    ledger.links.use(token)
    assert ledger.links.waiting() == {}


def test_a_link_can_be_withdrawn(ledger: Ledger, anna: Member) -> None:
    token, setup = ledger.links.make("invite", anna.id, "Bo"), ledger.links.make("setup", None, "Bo")
    assert ledger.links.withdraw(anna.id) == 1
    assert (ledger.links.find(token), ledger.links.find(setup) is not None) == (None, True)
    assert ledger.links.withdraw(None) == 1
    assert ledger.links.find(setup) is None


@pytest.mark.parametrize("wrong", ["", "x" * 5000, "\x00", "\ud800", "../../etc"])
def test_what_is_no_link_is_none(ledger: Ledger, wrong: str) -> None:
    assert (ledger.links.find(wrong), ledger.links.use(wrong)) == (None, None)
