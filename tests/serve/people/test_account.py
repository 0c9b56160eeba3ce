"""One's own account."""

import re
from typing import Any

import pytest

from gensvar.ledger import Member
from tests.serve.people.conftest import GOOD, OTHER, Browser, Place, said


@pytest.fixture
def anna(place: Place) -> Member:
    return place.member("anna", "contributor", rows={"market": ["NO"]}, free_text=False)


@pytest.fixture
def browser(place: Place, anna: Member) -> Browser:
    return place.came_in(anna)


def test_it_says_what_one_may_do_and_see(browser: Browser) -> None:
    page = said(browser.get("/account"))
    assert "Contributor." in page
    assert "read what people wrote" in page
    assert "invite people" not in page
    assert "Only market: Norway." in page
    assert "Not what people wrote." in page
    told = browser.get("/account.json", accept="application/json").json()
    assert (told["email"], told["role"], told["has_totp"]) == ("anna@example.org", "Contributor", False)


def test_name_language_and_zone(place: Place, browser: Browser, anna: Member) -> None:
    assert browser.post("/account", on="/account", name="Anna Berg", language="sv", zone="Europe/Helsinki").status_code == 303
    found = place.house.ledger.members.get(anna.id)
    assert (found.name, found.language, found.zone) == ("Anna Berg", "sv", "Europe/Helsinki")
    assert ("anna@example.org", "change own account", f"member {anna.id}") in place.deeds()


@pytest.mark.parametrize("wrong", [
    {"name": ""}, {"name": "x" * 121}, {"name": "A\r\nB"}, {"language": "xx"}, {"zone": "Europe/Nowhere"}, {"zone": "../../etc/passwd"},
    {"role": "administrator", "name": ""}, {"zone": "\x00"},
])  # fmt: skip
def test_nonsense_is_refused(place: Place, browser: Browser, anna: Member, wrong: dict[str, Any]) -> None:
    assert browser.post("/account", on="/account", **({"name": "Anna", "language": "", "zone": ""} | wrong)).status_code == 422
    assert place.house.ledger.members.get(anna.id) == place.house.ledger.members.get(anna.id)
    assert place.house.ledger.members.get(anna.id).role == "contributor"


def test_nobody_makes_herself_more_than_she_is(place: Place, browser: Browser, anna: Member) -> None:
    browser.post("/account", on="/account", name="Anna", language="", zone="", role="administrator", scope="{}", email="bo@example.org")
    found = place.house.ledger.members.get(anna.id)
    assert (found.role, found.scope["rows"], found.email) == ("contributor", {"market": ["NO"]}, "anna@example.org")


def test_a_new_password_signs_everybody_else_out(place: Place, browser: Browser, anna: Member) -> None:
    other, before = place.came_in(anna), browser.session()
    sent = browser.post("/account/password", on="/account", old=GOOD, password=OTHER)
    assert (sent.status_code, sent.headers["location"]) == (303, "/account?done=password")
    assert (browser.who(), other.who()) == (anna.email, None)
    assert browser.session() != before
    thief = place.browser()
    thief.cookies.set("gensvar", str(before), domain="127.0.0.1")
    assert thief.who() is None
    assert place.browser().signed_in(anna.email, GOOD).status_code == 401
    assert place.browser().signed_in(anna.email, OTHER).status_code == 303
    assert OTHER not in str(place.house.ledger.audit.rows())


@pytest.mark.parametrize(("old", "new", "says"), [
    (OTHER, OTHER, "not your password"), ("", OTHER, "not your password"), (GOOD, "short", "at least 12"), (GOOD, "password1234", "easily guessed"),
    (GOOD, "x" * 257, "at most 256"), (GOOD, "anna@example.org", "easily guessed"),
])  # fmt: skip
def test_a_password_is_not_changed_without_the_old_or_for_a_weak_one(place: Place, browser: Browser, old: str, new: str, says: str) -> None:
    sent = browser.post("/account/password", on="/account", old=old, password=new)
    assert sent.status_code == 422
    assert says in said(sent)
    assert place.browser().signed_in("anna@example.org", GOOD).status_code == 303


def test_an_open_browser_does_not_help_to_guess_the_password(place: Place, browser: Browser) -> None:
    for _ in range(8):
        last = browser.post("/account/password", on="/account", old="guess after guess", password=OTHER)
    assert "Too many wrong tries" in said(last)
    assert place.passwords.worked <= 8


def test_sessions_are_listed_and_ended(place: Place, browser: Browser, anna: Member) -> None:
    second, third = place.came_in(anna), place.came_in(anna)
    names = re.findall(r'name="session" value="([0-9a-f]{16})"', browser.get("/account").text)
    assert len(names) == 2
    assert browser.post("/account/sessions", on="/account", session=names[0]).headers["location"] == "/account?done=ended"
    assert [second.who(), third.who()].count(None) == 1
    browser.post("/account/sessions", on="/account", session="others")
    assert (second.who(), third.who(), browser.who()) == (None, None, anna.email)


def test_nobody_ends_the_session_of_another(place: Place, browser: Browser) -> None:
    bo = place.came_in(place.member("bo"))
    name = place.house.ledger.sessions.of(place.house.ledger.members.by_email("bo@example.org").id)[0].hash.hex()[:16]  # type: ignore[union-attr]
    browser.post("/account/sessions", on="/account", session=name)
    assert bo.who() == "bo@example.org"


def test_a_key_has_no_account(place: Place) -> None:
    _, plain = place.house.ledger.keys.create("a", {"admin"})
    sent = place.browser().get("/account", authorization=f"Bearer {plain}")
    assert sent.status_code == 403


def test_without_a_password_there_is_nothing_to_change(place: Place) -> None:
    anna = place.house.ledger.members.add("sso@example.org", "Sso", "viewer", {})
    token = place.house.ledger.sessions.start(anna.id, "single sign-on", "")
    browser = place.browser()
    browser.cookies.set("gensvar", token, domain="127.0.0.1")
    assert "Change your password" not in said(browser.get("/account"))
    assert browser.get("/account/second").status_code == 403
