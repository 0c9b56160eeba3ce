"""What one-time links open, and how often."""

from typing import Any

import pytest

from tests.serve.people.conftest import GOOD, OTHER, Place, said


def welcome(place: Place, token: str, **fields: Any) -> tuple[int, str, str | None]:
    """Sends the form behind a link in a fresh browser: status, what the page says, who is in."""
    browser = place.browser()
    sent = browser.post(f"/welcome/{token}", on=f"/welcome/{token}" if browser.get(f"/welcome/{token}").status_code == 200 else "/login", **fields)
    return sent.status_code, said(sent), browser.who()


def test_the_first_administrator_comes_in_once(place: Place) -> None:
    from gensvar.serve.desks import people

    way = people.setup(place.house)
    assert way is not None
    token = way.path.removeprefix("/welcome/")
    assert "You are the first one here" in said(place.browser().get(way.path))
    assert welcome(place, token, email="Anna@Example.org", name="Anna Berg", password=GOOD)[::2] == (303, "anna@example.org")
    anna = place.house.ledger.members.by_email("anna@example.org")
    assert anna is not None
    assert (anna.role, anna.name) == ("administrator", "Anna Berg")
    assert welcome(place, token, email="mallory@example.org", name="M", password=GOOD)[::2] == (410, None)
    assert people.setup(place.house) is None
    assert place.house.ledger.members.count() == 1


def test_a_first_link_left_over_makes_no_second_administrator(place: Place) -> None:
    token = place.house.ledger.links.make("setup", None, "this machine")
    place.member("anna", "administrator")
    assert welcome(place, token, email="mallory@example.org", name="M", password=GOOD)[::2] == (410, None)
    assert place.house.ledger.members.count() == 1


def test_without_members_the_sign_in_page_says_what_to_do(place: Place) -> None:
    assert "the link that was printed where Gensvar was started" in said(place.browser().get("/login"))


def test_an_invitation_is_accepted_once(place: Place) -> None:
    bo = place.house.ledger.members.add("bo@example.org", "bo", "viewer", {})
    token = place.house.ledger.links.make("invite", bo.id, "Anna")
    for _ in range(3):
        assert place.browser().get(f"/welcome/{token}").status_code == 200
    assert welcome(place, token, name="Bo Ek", password=GOOD)[::2] == (303, "bo@example.org")
    assert place.house.ledger.members.get(bo.id).name == "Bo Ek"
    status, says, who = welcome(place, token, name="Mallory", password=OTHER)
    assert (status, who) == (410, None)
    assert "has been used" in says
    assert place.browser().signed_in("bo@example.org", GOOD).status_code == 303


@pytest.mark.parametrize(("kind", "hours"), [("setup", 24), ("invite", 168), ("reset", 1)])
def test_a_link_past_its_time_opens_nothing(place: Place, kind: str, hours: int) -> None:
    member = None if kind == "setup" else place.member().id
    token = place.house.ledger.links.make(kind, member, "Anna")  # type: ignore[arg-type]
    place.clock.forward(hours * 3600)
    assert welcome(place, token, email="x@example.org", name="X", password=OTHER)[::2] == (410, None)
    assert place.browser().signed_in("anna@example.org", OTHER).status_code == 401


def test_a_reset_ends_every_session(place: Place) -> None:
    anna = place.member()
    before = place.came_in(anna)
    token = place.house.ledger.links.make("reset", anna.id, "Bo")
    assert before.who() is not None
    assert welcome(place, token, password=OTHER)[::2] == (303, anna.email)
    assert before.who() is None
    assert place.browser().signed_in(anna.email, GOOD).status_code == 401


def test_what_is_wrong_is_said_at_once_and_uses_nothing_up(place: Place) -> None:
    token = place.house.ledger.links.make("setup", None, "this machine")
    status, says, who = welcome(place, token, email="no address", name=" ", password="short")
    assert (status, who) == (422, None)
    for part in ("no e-mail address", "A person needs a name", "at least 12 characters"):
        assert part in says
    assert welcome(place, token, email="a@example.org", name="A\r\nSet-Cookie: x=1", password=GOOD)[0] == 422
    assert welcome(place, token, email="a@example.org\r\nBcc: b@example.org", name="A", password=GOOD)[0] == 422
    assert welcome(place, token, email="a@example.org", name="Anna", password=GOOD)[0] == 303


@pytest.mark.parametrize("token", ["x", "%00", "a" * 3000, "..%2f..%2fetc", "<script>alert(1)</script>", "é", "abc.json"])
def test_what_is_no_link_opens_nothing(place: Place, token: str) -> None:
    sent = place.browser().get(f"/welcome/{token}")
    assert sent.status_code in {400, 404, 410}
    assert "<script>alert" not in sent.text


def test_a_name_is_text_wherever_it_stands(place: Place) -> None:
    bo = place.house.ledger.members.add("bo@example.org", "<img src=x onerror=alert(1)>", "viewer", {})
    token = place.house.ledger.links.make("invite", bo.id, "Anna")
    admin = place.came_in(place.member("anna", "administrator"))
    pages = [place.browser().get(f"/welcome/{token}"), admin.get("/people"), admin.get(f"/people/{bo.id}")]
    for page in pages:
        assert page.status_code == 200
        assert "<img src=x" not in page.text
        assert "&lt;img src=x" in page.text


def test_the_page_behind_a_link_is_kept_by_nobody(place: Place) -> None:
    token = place.house.ledger.links.make("setup", None, "this machine")
    sent = place.browser().get(f"/welcome/{token}")
    assert sent.headers["cache-control"] == "no-store"
    assert sent.headers["referrer-policy"] == "same-origin"


def test_accepting_is_in_the_audit_without_the_link(place: Place) -> None:
    bo = place.house.ledger.members.add("bo@example.org", "Bo", "viewer", {})
    token = place.house.ledger.links.make("invite", bo.id, "anna@example.org")
    welcome(place, token, name="Bo", password=GOOD)
    assert place.deeds()[:2] == [("bo@example.org", "accept an invitation", f"member {bo.id}"), ("bo@example.org", "sign in", f"member {bo.id}")]
    assert token not in str(place.house.ledger.audit.rows())
    assert GOOD not in str(place.house.ledger.audit.rows())
