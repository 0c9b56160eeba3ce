"""People and keys: inviting, changing, disabling; who may, and what cannot be given away."""

import re
from typing import Any

import pytest

from gensvar.kit.rights import ROLES
from tests.serve.people.conftest import GOOD, Browser, Place, said

ALL = {f"limit.{name}": "all" for name in ("market", "unit", "product", "audience", "segment", "channel", "journey", "touchpoint")}


@pytest.fixture
def admin(place: Place) -> Browser:
    return place.came_in(place.member("ylva", "administrator"))


def sent(browser: Browser, path: str, on: str = "/people", **fields: Any) -> Any:
    return browser.post(path, on=on, **{name.replace(".", "__"): value for name, value in (ALL | {"free_text": "yes"} | fields).items()})


def link_of(page: Any) -> str:
    found = re.search(r'value="http://127\.0\.0\.1(/welcome/[\w-]+)"', page.text)
    assert found is not None, said(page)
    return found[1]


def test_somebody_is_invited_and_comes(place: Place, admin: Browser) -> None:
    shown = sent(
        admin, "/people", email="Ingrid@Example.org", name="Ingrid", role="contributor",
        limit__market="some", value__market="NO", more__unit="",
        limit__audience="some", value__audience=["customer", "partner"], least__customer="10",
    )  # fmt: skip
    assert shown.status_code == 200
    assert shown.headers["cache-control"] == "no-store"
    assert "sends no mail yet" in said(shown)
    ingrid = place.house.ledger.members.by_email("ingrid@example.org")
    assert ingrid is not None
    assert ingrid.scope == {"rows": {"audience": ["customer", "partner"], "market": ["NO"]}, "free_text": True, "least": {"customer": 10}}
    assert "invited" in said(admin.get("/people"))
    new = place.browser()
    path = link_of(shown)
    assert new.post(path, on=path, name="Ingrid Fossheim", password=GOOD).status_code == 303
    assert new.who() == "ingrid@example.org"
    page = said(new.get("/account"))
    assert "Customers: only groups of at least 10." in page
    assert path not in str(place.house.ledger.audit.rows())


def test_an_invitation_can_be_made_anew_and_the_first_one_ends(place: Place, admin: Browser) -> None:
    first = link_of(sent(admin, "/people", email="bo@example.org", role="viewer"))
    second = link_of(sent(admin, "/people", email="bo@example.org", role="analyst"))
    assert place.browser().get(first).status_code == 410
    assert place.browser().get(second).status_code == 200
    assert [m.role for m in place.house.ledger.members.all() if m.name == "bo"] == ["analyst"]


@pytest.mark.parametrize(("fields", "says"), [
    ({"email": "no address"}, "no e-mail address"), ({"email": "a@b@c.org"}, "no e-mail address"),
    ({"email": "a@example.org\r\nBcc: x@y.org"}, "no e-mail"),
    ({"email": ""}, "no e-mail address"), ({"role": "king"}, "No role"), ({"role": ""}, "No role"), ({"name": "A\x00B"}, "needs a name"),
    ({"email": "ylva@example.org"}, "here already"), ({"limit__market": "some"}, "market: choose 1 to"),
    ({"least__employee": "4"}, "smallest group of employee"),
    ({"least__customer": "-1"}, "smallest group"), ({"least__customer": "x"}, "smallest group"),
    ({"limit__market": "some", "more__market": " , ,"}, "market: choose"), ({"email": "x" * 250 + "@example.org"}, "no e-mail address"),
])  # fmt: skip
def test_what_makes_no_sense_is_refused_and_adds_nobody(place: Place, admin: Browser, fields: dict[str, str], says: str) -> None:
    answer = sent(admin, "/people", **({"email": "bo@example.org", "role": "viewer", "name": "Bo"} | fields))
    assert answer.status_code in {409, 422}
    assert says in said(answer)
    assert place.house.ledger.members.count() == 1


def test_a_dimension_limited_to_nothing_is_never_taken_for_all(place: Place, admin: Browser) -> None:
    bo = place.member("bo", rows={"market": ["NO"]})
    assert sent(admin, f"/people/{bo.id}", name="Bo", role="viewer", limit__market="some").status_code == 422
    assert place.house.ledger.members.get(bo.id).scope["rows"] == {"market": ["NO"]}


def test_role_and_scope_are_changed_and_hold_at_once(place: Place, admin: Browser) -> None:
    bo = place.member("bo")
    browser = place.came_in(bo)
    assert browser.get("/people").status_code == 403
    answer = sent(admin, f"/people/{bo.id}", name="Bo Ek", role="auditor", limit__unit="some", more__unit="Support, HR", free_text="")
    assert answer.headers["location"] == f"/people/{bo.id}?done=saved"
    found = place.house.ledger.members.get(bo.id)
    assert (found.name, found.role, found.scope["rows"], found.scope["free_text"]) == ("Bo Ek", "auditor", {"unit": ["HR", "Support"]}, False)
    place.access.forget(bo.id)
    assert browser.get("/people").status_code == 200
    page = admin.get(f"/people/{bo.id}").text
    assert re.search(r'name="value.unit" value="HR" checked', page)
    deed = next(d for d in place.house.ledger.audit.rows(limit=100) if d.did == "change a member")
    assert (deed.who, deed.detail["before"]["role"], deed.detail["after"]["role"]) == ("ylva@example.org", "viewer", "auditor")


def test_the_last_administrator_stays(place: Place, admin: Browser) -> None:
    ylva = place.house.ledger.members.by_email("ylva@example.org")
    assert ylva is not None
    assert sent(admin, f"/people/{ylva.id}/disable").status_code == 409
    assert sent(admin, f"/people/{ylva.id}", name="Ylva", role="viewer").status_code == 409
    assert admin.who() == "ylva@example.org"


def test_disabling_ending_and_enabling(place: Place, admin: Browser) -> None:
    bo = place.member("bo")
    browser = place.came_in(bo)
    sent(admin, f"/people/{bo.id}/sessions")
    assert browser.who() is None
    browser = place.came_in(bo)
    sent(admin, f"/people/{bo.id}/disable")
    assert browser.who() is None
    assert sent(admin, f"/people/{bo.id}/link").status_code == 409
    sent(admin, f"/people/{bo.id}/enable")
    assert place.came_in(bo).who() == bo.email
    assert [d for _, d, what in place.deeds() if what == f"member {bo.id}" and "member" in d] == ["disable a member", "enable a member"]


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"administrator"}))
@pytest.mark.parametrize(
    "path", ["/people", "/people/1", "/people/1/link", "/people/1/disable", "/people/1/sessions", "/api-keys", "/api-keys/1/revoke"]
)
def test_nobody_but_an_administrator_changes_anything(place: Place, role: str, path: str) -> None:
    place.member("ylva", "administrator")
    before = place.house.ledger.members.all()
    browser = place.came_in(place.member("bo", role))
    assert sent(browser, path, on="/account", email="x@example.org", name="X", role="administrator", kind="admin").status_code == 403
    assert len(place.house.ledger.members.all()) == len(before) + 1
    assert place.house.ledger.keys.all() == []


def test_nobody_gives_more_than_she_has(place: Place) -> None:
    limited = place.came_in(place.member("ylva", "administrator", rows={"market": ["NO", "SE"]}, free_text=False))
    whole = place.member("bo", "administrator")
    for fields in ({}, {"limit__market": "some", "value__market": ["NO", "FI"], "free_text": ""}, {"limit__market": "some", "value__market": "NO"}):
        assert sent(limited, "/people", email="x@example.org", role="viewer", **fields).status_code == 403
        assert sent(limited, "/api-keys", on="/api-keys", name="x", kind="read", **fields).status_code == 403
        assert sent(limited, f"/people/{whole.id}", name="Bo", role="administrator", **fields).status_code == 403
    narrow = {"limit__market": "some", "value__market": "NO", "free_text": ""}
    assert sent(limited, "/people", email="x@example.org", role="viewer", **narrow).status_code == 200
    assert sent(limited, "/api-keys", on="/api-keys", name="x", kind="read", **narrow).status_code == 200


@pytest.mark.parametrize("number", ["999", "0", "-1", "1.5", "abc", "%2e%2e", "1" * 40, "1;drop table members"])
def test_who_is_not_there_is_not_found(admin: Browser, number: str) -> None:
    assert admin.get(f"/people/{number}").status_code in {404, 400}
    assert sent(admin, f"/people/{number}/disable").status_code in {404, 400}


def test_the_list_says_who_may_what(place: Place, admin: Browser) -> None:
    place.member("bo", "viewer", rows={"market": ["NO"]}, free_text=False)
    page = said(admin.get("/people"))
    for words in ("2 people can sign in here", "bo@example.org", "Viewer", "Only market: Norway.", "Not what people wrote.", "never"):
        assert words in page
    told = admin.get("/people.json", accept="application/json").json()
    assert [p["email"] for p in told["people"]] == ["bo@example.org", "ylva@example.org"]
    assert "password" not in str(told).replace("passwords", "")


def test_an_auditor_sees_and_changes_nothing(place: Place) -> None:
    browser = place.came_in(place.member("aino", "auditor"))
    page = browser.get("/people")
    assert page.status_code == 200
    assert "Invite somebody" not in said(page)
    assert "Let her in" not in said(browser.get("/people/1")) or browser.get("/people/1").status_code == 404


# ── keys ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_key_is_shown_once_and_works(place: Place, admin: Browser) -> None:
    shown = sent(admin, "/api-keys", on="/api-keys", name="till", kind="read", days="2", limit__market="some", value__market="NO")
    found = re.search(r'value="(gsv_[\w-]+)"', shown.text)
    assert found is not None
    assert shown.headers["cache-control"] == "no-store"
    assert found[1] not in admin.get("/api-keys").text
    asked = place.browser().get("/v1/measures", authorization=f"Bearer {found[1]}", accept="application/json")
    assert asked.status_code == 200
    key = place.house.ledger.keys.all()[0]
    assert (key.scope["rows"], key.used_at is not None) == ({"market": ["NO"]}, True)
    assert "Only market: Norway." in said(admin.get("/api-keys"))
    assert found[1] not in str(place.house.ledger.audit.rows())
    place.clock.forward(2 * 86_400)
    place.access._keys.clear()
    assert place.browser().get("/v1/measures", authorization=f"Bearer {found[1]}", accept="application/json").status_code == 401


def test_a_revoked_key_opens_nothing(place: Place, admin: Browser) -> None:
    shown = sent(admin, "/api-keys", on="/api-keys", name="till", kind=["ingest", "read"])
    key, number = re.search(r'value="(gsv_[\w-]+)"', shown.text), place.house.ledger.keys.all()[0].id
    assert key is not None
    assert sent(admin, f"/api-keys/{number}/revoke", on="/api-keys").headers["location"] == "/api-keys?done=revoked"
    assert place.browser().get("/v1/measures", authorization=f"Bearer {key[1]}", accept="application/json").status_code == 401
    assert "revoked" in said(admin.get("/api-keys"))


@pytest.mark.parametrize("fields", [
    {"name": ""}, {"kind": "king"}, {"kind": ""}, {"days": "0"}, {"days": "-1"}, {"days": "9" * 9}, {"days": "soon"}, {"name": "x" * 121},
    {"limit__market": "some"},
])  # fmt: skip
def test_a_key_that_makes_no_sense_is_refused(place: Place, admin: Browser, fields: dict[str, str]) -> None:
    assert sent(admin, "/api-keys", on="/api-keys", **({"name": "till", "kind": "read"} | fields)).status_code == 422
    assert place.house.ledger.keys.all() == []
