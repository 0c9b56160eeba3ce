"""Guests: only in a demo, only on its own machine."""

from collections.abc import Callable

import pytest

from gensvar.demo.people import ADDRESSES, MARK, PEOPLE, settle
from gensvar.kit.rights import ROLES
from gensvar.kit.scope import Scope
from gensvar.serve.people import guests
from tests.serve.people.conftest import Place, said


@pytest.fixture
def demo(place_with: Callable[..., Place]) -> Callable[..., Place]:
    def opened(**settings: str) -> Place:
        place = place_with(**settings)
        settle(place.house)
        (place.house.settings.data / MARK).write_text("a demo", "utf-8")
        return place

    return opened


def test_one_comes_in_as_anybody_of_the_invented_company(demo: Callable[..., Place]) -> None:
    place = demo()
    assert [m.email for m in guests(place.house)] == list(ADDRESSES)
    page = said(place.browser().get("/login"))
    assert "Ylva Granath Administrator: looks after Gensvar" in page
    for member in guests(place.house):
        browser = place.browser()
        sent = browser.post("/login/guest", member=member.id, next="/account")
        assert (sent.status_code, sent.headers["location"], browser.who()) == (303, "/account", member.email)


def test_everybody_has_a_role_and_some_a_scope() -> None:
    assert {p.role for p in PEOPLE} == set(ROLES)
    assert sum(p.scope != Scope() for p in PEOPLE) >= 3
    assert all(a.isascii() and a.endswith("@kontovik.example") for a in ADDRESSES)


def test_they_are_settled_once(demo: Callable[..., Place]) -> None:
    place = demo()
    settle(place.house)
    assert place.house.ledger.members.count() == len(PEOPLE)
    assert not any(m.has_password for m in place.house.ledger.members.all())


@pytest.mark.parametrize("settings", [{"host": "0.0.0.0"}, {"host": "192.0.2.1"}, {"public_url": "https://gensvar.example.org"}])  # noqa: S104
def test_off_this_machine_there_are_none(demo: Callable[..., Place], settings: dict[str, str]) -> None:
    place = demo(**settings)
    assert guests(place.house) == ()
    browser = place.browser()
    assert "Come in as" not in said(browser.get("/login"))
    assert browser.post("/login/guest", member=1).status_code == 403
    assert browser.who() is None


def test_in_a_real_house_there_are_none(place: Place) -> None:
    settle(place.house)
    assert guests(place.house) == ()
    browser = place.browser()
    assert browser.post("/login/guest", member=place.house.ledger.members.all()[0].id).status_code == 403
    assert browser.who() is None


@pytest.mark.parametrize("member", ["", "0", "999", "x", "1 OR 1=1"])
def test_nobody_else_comes_in_as_a_guest(demo: Callable[..., Place], member: str) -> None:
    place = demo()
    real = place.member("anna", "administrator")
    place.house.ledger.members.disable(place.house.ledger.members.by_email(ADDRESSES[1]).id)  # type: ignore[union-attr]
    for wanted in (member, str(real.id), "2"):
        browser = place.browser()
        assert browser.post("/login/guest", member=wanted).status_code == 403
        assert browser.who() is None
