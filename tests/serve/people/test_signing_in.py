"""Signing in and out by password: what lets somebody in, and what does not."""

from collections.abc import Callable

import pytest

from gensvar.serve.web.entrance import browser_of, own_path
from tests.serve.people.conftest import GOOD, OTHER, Place, said


def test_somebody_signs_in_and_out(place: Place) -> None:
    anna = place.member()
    browser = place.browser()
    assert browser.who() is None
    sent = browser.signed_in("ANNA@Example.org")
    assert (sent.status_code, sent.headers["location"], browser.who()) == (303, "/", anna.email)
    assert browser.post("/logout", on="/account").headers["location"] == "/login?left=1"
    assert browser.who() is None
    assert "You have left" in said(browser.get("/login?left=1"))
    assert [did for _, did, _ in place.deeds()] == ["sign in", "sign out"]


@pytest.mark.parametrize(("email", "password"), [
    ("anna@example.org", OTHER), ("nobody@example.org", GOOD), ("", ""), ("anna@example.org", ""), ("anna@example.org", GOOD + " "),
    ("anna@example.org", "x" * 10_000), ("x" * 10_000 + "@example.org", GOOD), ("' OR 1=1 --", "' OR 1=1 --"), ("anna@example.org\x00", GOOD),
    ("anna@example.org", GOOD.upper()), ("🙂@example.org", GOOD), ("anna@example.org", "\u0000"),
])  # fmt: skip
def test_what_is_wrong_lets_nobody_in(place: Place, email: str, password: str) -> None:
    place.member()
    browser = place.browser()
    sent = browser.signed_in(email, password)
    assert (sent.status_code, browser.who(), browser.session()) == (401, None, None)
    assert "Address or password is wrong" in said(sent)


def test_who_is_unknown_is_answered_like_who_is_known(place: Place) -> None:
    place.member()
    place.member("cecilia")
    place.house.ledger.members.disable(place.house.ledger.members.by_email("cecilia@example.org").id)  # type: ignore[union-attr]
    place.house.ledger.members.add("invited@example.org", "Invited", "viewer", {})
    answers, work = set(), []
    for email in ("anna@example.org", "nobody@example.org", "cecilia@example.org", "invited@example.org"):
        before, browser = place.passwords.worked, place.browser()
        sent = browser.signed_in(email, OTHER)
        answers.add((sent.status_code, said(sent), len(sent.text.replace(email, ""))))
        work.append(place.passwords.worked - before)
    assert len(answers) == 1
    assert work == [1, 1, 1, 1]


def test_a_session_is_new_at_each_sign_in(place: Place) -> None:
    """No fixation: what stood in the cookie before is worth nothing afterwards."""
    place.member()
    browser = place.browser()
    browser.cookies.set("gensvar", "planted-by-somebody-else", domain="127.0.0.1")
    browser.signed_in("anna@example.org")
    first = browser.session()
    assert first not in {None, "planted-by-somebody-else"}
    browser.signed_in("anna@example.org")
    second = browser.session()
    assert second not in {None, first}
    assert place.house.ledger.sessions.find(str(first)) is None
    assert place.house.ledger.sessions.find("planted-by-somebody-else") is None


def test_the_cookie_is_the_browsers_alone(place: Place) -> None:
    place.member()
    sent = place.browser().signed_in("anna@example.org")
    cookie = next(c for c in sent.headers.get_list("set-cookie") if c.startswith("gensvar="))
    assert {"HttpOnly", "Path=/", "SameSite=lax"} <= set(cookie.split("; "))
    assert "Secure" not in cookie
    assert "Domain" not in cookie


def test_with_tls_the_cookie_is_bound_to_the_host(place_with: Callable[..., Place]) -> None:
    place = place_with("https://gensvar.example.org", public_url="https://gensvar.example.org")
    place.member()
    browser = place.browser()
    sent = browser.signed_in("anna@example.org")
    cookie = next(c for c in sent.headers.get_list("set-cookie") if "gensvar=" in c)
    assert cookie.startswith("__Host-gensvar=")
    assert {"HttpOnly", "Path=/", "SameSite=lax", "Secure"} <= set(cookie.split("; "))
    assert browser.who() == "anna@example.org"


def test_a_stolen_cookie_is_worthless_after_leaving(place: Place) -> None:
    browser = place.came_in(place.member())
    stolen = browser.session()
    browser.post("/logout", on="/account")
    thief = place.browser()
    thief.cookies.set("gensvar", str(stolen), domain="127.0.0.1")
    assert thief.who() is None


def test_a_stolen_cookie_is_worthless_once_she_is_disabled(place: Place) -> None:
    anna, admin = place.member(), place.member("bo", "administrator")
    browser = place.came_in(anna)
    assert place.came_in(admin).post(f"/people/{anna.id}/disable", on="/people").status_code == 303
    assert browser.who() is None
    assert browser.signed_in(anna.email).status_code == 401


def test_a_session_ends_by_itself(place: Place) -> None:
    browser = place.came_in(place.member())
    place.clock.forward(8 * 3600 - 1)
    assert browser.who() is not None
    place.clock.forward(8 * 3600)
    assert browser.who() is None
    assert browser.get("/account").headers["location"] == "/login?next=%2Faccount"


def test_both_limits_are_settings(place_with: Callable[..., Place]) -> None:
    place = place_with(session_idle_hours=1, session_days=1)
    browser = place.came_in(place.member())
    for _ in range(30):
        place.clock.forward(3000)
        last = browser.who()
    assert last is None
    again = place.came_in(place.house.ledger.members.all()[0])
    place.clock.forward(3600)
    assert again.who() is None


@pytest.mark.parametrize("where", ["/measures", "/measures?by=market&period=2026-Q3", "/voices?q=%22leverans%22", "/people/7"])
def test_she_comes_back_to_where_she_wanted(place: Place, where: str) -> None:
    place.member()
    browser = place.browser()
    assert browser.signed_in("anna@example.org", next=where).headers["location"] == where


@pytest.mark.parametrize("where", [
    "https://evil.example", "//evil.example", "/\\evil.example", "/\\/evil.example", "\\\\evil.example", "///evil.example", "http:evil.example",
    "javascript:alert(1)", "/%0d%0a\r\nSet-Cookie: a=1", "/a\r\nLocation: https://evil.example", "/\t/evil.example", " /evil", "evil.example", "",
    "/login", "/login?next=/", "/logout", "/welcome/abc", "/\x00", "/" + "a" * 3000, "/\u2028", "//[", "/ /evil.example",
])  # fmt: skip
def test_nobody_is_sent_elsewhere(place: Place, where: str) -> None:
    place.member()
    browser = place.browser()
    sent = browser.signed_in("anna@example.org", next=where)
    to = sent.headers["location"]
    assert sent.status_code == 303
    assert to == "/" or (to.startswith("/") and not to.startswith(("//", "/\\")) and to.isascii() and not {"\r", "\n"} & set(to))
    assert not [c for c in sent.headers.get_list("set-cookie") if c.startswith("a=1")]


def test_the_form_forgets_where_it_must_not_lead(place: Place) -> None:
    page = place.browser().get("/login?next=https://evil.example").text
    assert 'name="next" value=""' in page
    assert 'name="next" value="/measures"' in place.browser().get("/login?next=/measures").text


def test_only_own_pages_are_own() -> None:
    assert own_path("/åäö") == "/%C3%A5%C3%A4%C3%B6"
    assert own_path("/a?b=c%20d") == "/a?b=c%20d"
    assert own_path("/a b") == ""


@pytest.mark.parametrize("headers", [
    {"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"origin": "https://evil.example"}, {"origin": "null"},
    {"sec-fetch-site": "cross-site", "origin": "http://127.0.0.1"},
])  # fmt: skip
@pytest.mark.parametrize("path", ["/login", "/logout", "/login/guest", "/login/second", "/account", "/account/password", "/people", "/api-keys"])
def test_a_form_of_another_site_does_nothing(place: Place, headers: dict[str, str], path: str) -> None:
    browser = place.came_in(place.member("bo", "administrator"))
    before = len(place.deeds())
    assert browser.post(path, on="/account", headers=headers, email="x@example.org", name="X", role="viewer").status_code == 403
    assert len(place.deeds()) == before
    assert browser.who() == "bo@example.org"


@pytest.mark.parametrize("token", ["", "0" * 128, "x", "é" * 128])
@pytest.mark.parametrize("path", ["/login", "/logout", "/account/password", "/people", "/api-keys"])
def test_a_form_without_its_token_does_nothing(place: Place, token: str, path: str) -> None:
    browser = place.came_in(place.member("bo", "administrator"))
    sent = browser.post(path, token=token, email="x@example.org", role="viewer", name="X")
    assert sent.status_code == 403
    assert browser.who() == "bo@example.org"


def test_a_token_of_another_session_does_nothing(place: Place) -> None:
    admin, other = place.came_in(place.member("bo", "administrator")), place.came_in(place.member("cecilia", "administrator"))
    foreign = other.token("/account")
    assert foreign
    sent = admin.post("/people", token=foreign, email="x@example.org", role="viewer")
    assert sent.status_code == 403
    assert place.house.ledger.members.by_email("x@example.org") is None


def test_a_visitors_token_does_not_outlive_signing_in(place: Place) -> None:
    """What was written into the sign-in page before is worth nothing in the session that follows."""
    place.member("bo", "administrator")
    browser = place.browser()
    before = browser.token("/login")
    assert before
    browser.signed_in("bo@example.org")
    sent = browser.post("/people", token=before, email="x@example.org", role="viewer")
    assert sent.status_code == 403


def test_no_twin_tells_a_token(place: Place) -> None:
    admin = place.came_in(place.member("bo", "administrator"))
    token = str(admin.session())
    for path in ("/account.json", "/people.json", "/api-keys.json", "/login.json"):
        told = admin.get(path, accept="application/json")
        assert told.status_code == 200, path
        assert token not in told.text
        assert "gsv_" not in told.text


def test_a_page_with_a_secret_or_a_form_stays_as_it_was_loaded(place: Place) -> None:
    """Otherwise the picture would change while somebody takes it into her phone."""
    admin = place.came_in(place.member("bo", "administrator"))
    for path in ("/account", "/account/second", "/people", "/people/1", "/api-keys", "/login"):
        assert "data-live" not in admin.get(path).text, path


def test_pages_of_accounts_are_kept_by_nothing_between(place: Place) -> None:
    admin = place.came_in(place.member("bo", "administrator"))
    for path in ("/account", "/people", "/api-keys", "/login"):
        headers = admin.get(path).headers
        assert "private" in headers["cache-control"]
        assert headers["x-frame-options"] == "DENY"
        assert "unsafe" not in headers["content-security-policy"]


@pytest.mark.parametrize(("agent", "browser"), [
    ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
    ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605 Version/19.0 Mobile/15E148 Safari/604.1", "Safari, iPhone"),
    ("Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", "Chrome, Android"),
    ("", ""), ("<script>alert(1)</script>", ""), ("x" * 100_000, ""),
])  # fmt: skip
def test_a_browser_is_called_by_its_name(agent: str, browser: str) -> None:
    assert browser_of(agent) == browser
