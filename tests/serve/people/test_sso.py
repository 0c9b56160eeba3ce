"""Single sign-on against a real provider, run beside the test in a process of its own on this machine."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.serve.people.conftest import Browser, Place, said

PEOPLE = (
    {"sub": "anna-1", "email": "Anna@Example.org", "email_verified": True, "name": "Anna Berg"},
    {"sub": "bo-2", "email": "bo@example.org", "email_verified": False, "name": "Bo"},
    {"sub": "cecilia-3", "name": "Cecilia"},
    {"sub": "other-4", "email": "anna@example.org", "email_verified": True, "name": "Somebody Else"},
    {"sub": "text-5", "email": "anna@example.org", "email_verified": "true", "name": "Text"},
)
WAIT_S = 60


def start(folder: Path) -> tuple[subprocess.Popen[bytes], str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    claims = [part for person in PEOPLE for part in ("--user-claims", json.dumps(person))]
    log = (folder / "provider.log").open("wb")
    process = subprocess.Popen([sys.executable, "-m", "oidc_provider_mock", "--port", str(port), *claims], stdout=log, stderr=log)
    log.close()
    address = f"http://127.0.0.1:{port}"
    for _ in range(WAIT_S * 10):
        try:
            httpx.get(address, trust_env=False)
        except httpx.TransportError:
            assert process.poll() is None, (folder / "provider.log").read_text()
            time.sleep(0.1)
        else:
            return process, address
    raise AssertionError((folder / "provider.log").read_text())


@pytest.fixture(scope="module")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    process, address = start(tmp_path_factory.mktemp("provider"))
    yield address
    process.terminate()
    process.wait()


@pytest.fixture
def sso(place_with: Callable[..., Place], issuer: str) -> Callable[..., Place]:
    """A house that signs in by this issuer, whose clock shows the issuer's time."""

    def opened(**settings: str) -> Place:
        place = place_with(oidc_issuer=issuer, oidc_client_id="gensvar", oidc_client_secret="secret of the house", **settings)
        place.clock.at = parsedate_to_datetime(httpx.get(issuer, trust_env=False).headers["date"])
        return place

    return opened


def over_there(browser: Browser, who: str, next_: str = "") -> str:
    """Goes to the issuer and signs in there as somebody; the address to which the issuer sends her back."""
    begun = browser.get("/login/sso" + (f"?next={next_}" if next_ else ""))
    assert begun.status_code == 303, said(begun)
    sent = httpx.post(begun.headers["location"], data={"sub": who}, trust_env=False, follow_redirects=False)
    assert sent.status_code == 302, sent.text
    return str(sent.headers["location"])


def path_of(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"


def test_an_invited_member_comes_in(sso: Callable[..., Place]) -> None:
    place = sso(oidc_name="Kontovik")
    anna = place.house.ledger.members.add("anna@example.org", "Anna", "analyst", {})
    browser = place.browser()
    assert "Sign in with Kontovik" in said(browser.get("/login"))
    back = over_there(browser, "anna-1", "/measures")
    assert back.startswith("http://127.0.0.1/login/sso/return?")
    sent = browser.get(path_of(back))
    assert (sent.status_code, sent.headers["location"], browser.who()) == (303, "/measures", anna.email)
    assert place.house.ledger.members.get(anna.id).has_sso
    assert ("anna@example.org", "sign in", f"member {anna.id}") in place.deeds()
    assert not browser.cookies.get("gensvar_sso")


def test_what_is_sent_over_is_what_the_standard_asks(sso: Callable[..., Place]) -> None:
    asked = parse_qs(urlsplit(sso().browser().get("/login/sso").headers["location"]).query)
    assert (asked["response_type"], asked["client_id"], asked["code_challenge_method"]) == (["code"], ["gensvar"], ["S256"])
    assert set(asked["scope"][0].split()) == {"openid", "email", "profile"}
    assert all(len(asked[name][0]) >= 43 for name in ("state", "nonce", "code_challenge"))
    assert asked["redirect_uri"] == ["http://127.0.0.1/login/sso/return"]
    assert "secret" not in str(asked)


def test_she_comes_back_to_the_public_address(sso: Callable[..., Place]) -> None:
    place = sso(public_url="https://gensvar.example.org")
    asked = parse_qs(urlsplit(place.browser().get("/login/sso").headers["location"]).query)
    assert asked["redirect_uri"] == ["https://gensvar.example.org/login/sso/return"]


def test_she_is_known_by_subject_even_where_her_address_changes(sso: Callable[..., Place], issuer: str) -> None:
    place = sso()
    anna = place.house.ledger.members.add("anna.before@example.org", "Anna", "viewer", {})
    place.house.ledger.members.link_subject(anna.id, f"{issuer} anna-1")
    browser = place.browser()
    browser.get(path_of(over_there(browser, "anna-1")))
    assert browser.who() == "anna.before@example.org"


def test_a_known_address_under_another_subject_stays_out(sso: Callable[..., Place]) -> None:
    """Who has taken over an address at the issuer does not take over the account here."""
    place = sso()
    place.house.ledger.members.add("anna@example.org", "Anna", "viewer", {})
    first, second = place.browser(), place.browser()
    first.get(path_of(over_there(first, "anna-1")))
    assert first.who() is not None
    refused = second.get(path_of(over_there(second, "other-4")))
    assert (refused.status_code, second.who()) == (401, None)


@pytest.mark.parametrize(("who", "says"), [
    ("bo-2", "does not vouch for your address"), ("cecilia-3", "does not vouch for your address"), ("text-5", "does not vouch for your address"),
    ("anna-1", "this house does not"), ("stranger", "does not vouch for your address"),
])  # fmt: skip
def test_who_is_not_vouched_for_or_not_invited_stays_out(sso: Callable[..., Place], who: str, says: str) -> None:
    place = sso()
    place.house.ledger.members.add("bo@example.org", "Bo", "administrator", {})
    browser = place.browser()
    sent = browser.get(path_of(over_there(browser, who)))
    assert (sent.status_code, browser.who()) == (401, None)
    assert says in said(sent)
    assert "be refused by single sign-on" in [did for _, did, _ in place.deeds()]
    assert place.house.ledger.members.count() == 1


def test_a_verified_newcomer_gets_the_role_of_the_settings(sso: Callable[..., Place]) -> None:
    place = sso(oidc_role="contributor")
    browser = place.browser()
    browser.get(path_of(over_there(browser, "anna-1")))
    assert browser.who() == "anna@example.org"
    new = place.house.ledger.members.by_email("anna@example.org")
    assert new is not None
    assert (new.role, new.name, new.has_password) == ("contributor", "Anna Berg", False)
    unverified = place.browser()
    assert unverified.get(path_of(over_there(unverified, "bo-2"))).status_code == 401
    assert place.house.ledger.members.count() == 1


def test_who_is_disabled_stays_out(sso: Callable[..., Place]) -> None:
    place = sso(oidc_role="viewer")
    anna = place.house.ledger.members.add("anna@example.org", "Anna", "viewer", {})
    place.house.ledger.members.disable(anna.id)
    browser = place.browser()
    sent = browser.get(path_of(over_there(browser, "anna-1")))
    assert (sent.status_code, browser.who()) == (401, None)
    assert "disabled" in said(sent)


def test_an_answer_is_used_once(sso: Callable[..., Place]) -> None:
    place = sso(oidc_role="viewer")
    browser = place.browser()
    back = path_of(over_there(browser, "anna-1"))
    kept = browser.cookies.get("gensvar_sso")
    assert browser.get(back).status_code == 303
    again = place.browser()
    again.cookies.set("gensvar_sso", str(kept), domain="127.0.0.1")
    sent = again.get(back)
    assert (sent.status_code, again.who()) == (401, None)
    assert "used already" in said(sent)


def test_an_answer_belongs_to_the_browser_that_began(sso: Callable[..., Place]) -> None:
    """Login CSRF: an attacker's own answer does not sign a victim in as the attacker."""
    place = sso(oidc_role="viewer")
    attacker, victim = place.browser(), place.browser()
    back = path_of(over_there(attacker, "anna-1"))
    sent = victim.get(back)
    assert (sent.status_code, victim.who()) == (401, None)
    assert "begun in this browser" in said(sent)
    victim.get("/login/sso")
    assert victim.get(back).status_code == 401


def test_a_code_put_into_another_sign_in_is_refused(sso: Callable[..., Place]) -> None:
    """The state is the victim's own, the code the attacker's: nonce and verifier do not fit."""
    place = sso(oidc_role="viewer")
    attacker, victim = place.browser(), place.browser()
    code = parse_qs(urlsplit(over_there(attacker, "anna-1")).query)["code"][0]
    state = parse_qs(urlsplit(victim.get("/login/sso").headers["location"]).query)["state"][0]
    sent = victim.get(f"/login/sso/return?code={code}&state={state}")
    assert (sent.status_code, victim.who()) == (401, None)


def test_nobody_fills_the_audit_with_made_up_answers(sso: Callable[..., Place]) -> None:
    place = sso()
    browser = place.browser()
    for n in range(50):
        browser.get(f"/login/sso/return?code=x&state={n}")
    told = [d for d in place.house.ledger.audit.rows(limit=100) if d.did == "be refused by single sign-on"]
    assert [d.detail["tries"] for d in told] == [1, 10]


@pytest.mark.parametrize("query", [
    "", "?code=x", "?state=x", "?code=x&state=x", "?error=access_denied", "?code=%00&state=%00", "?code=x&state=%C3%A9",
    "?error=access_denied&error_description=<script>alert(1)</script>",
])  # fmt: skip
def test_what_was_never_begun_lets_nobody_in(sso: Callable[..., Place], query: str) -> None:
    browser = sso(oidc_role="viewer").browser()
    sent = browser.get(f"/login/sso/return{query}")
    assert (sent.status_code, browser.who()) == (401, None)
    assert "<script>alert" not in sent.text


def test_who_is_refused_over_there_is_told(sso: Callable[..., Place]) -> None:
    browser = sso().browser()
    begun = browser.get("/login/sso").headers["location"]
    state = parse_qs(urlsplit(begun).query)["state"][0]
    assert "did not let you in" in said(browser.get(f"/login/sso/return?error=access_denied&state={state}"))


def test_a_sign_in_begun_long_ago_begins_again(sso: Callable[..., Place]) -> None:
    place = sso(oidc_role="viewer")
    browser = place.browser()
    back = path_of(over_there(browser, "anna-1"))
    place.clock.forward(600)
    assert browser.get(back).status_code == 401


@pytest.mark.parametrize(("seconds", "right"), [(-3600, False), (-120, False), (-30, True), (30, True), (7200, False)])
def test_clocks_that_differ_are_explained(sso: Callable[..., Place], seconds: int, right: bool) -> None:
    place = sso(oidc_role="viewer")
    browser = place.browser()
    place.clock.forward(seconds)
    sent = browser.get(path_of(over_there(browser, "anna-1")))
    assert (browser.who() is not None) is right
    assert right or "clocks of this server and of the sign-on service differ" in said(sent)


def test_where_nobody_answers_she_is_told(place_with: Callable[..., Place]) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        place = place_with(oidc_issuer=f"http://127.0.0.1:{closed.getsockname()[1]}", oidc_client_id="gensvar")
        sent = place.browser().get("/login/sso")
    assert sent.status_code == 401
    assert "does not answer as it should" in said(sent)


def test_without_an_issuer_there_is_no_such_way(place: Place) -> None:
    browser = place.browser()
    assert "Sign in with" not in said(browser.get("/login"))
    assert browser.get("/login/sso?next=https://evil.example").headers["location"] == "/login"
    assert browser.get("/login/sso/return?code=x&state=y").headers["location"] == "/login"
