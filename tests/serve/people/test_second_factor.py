"""The second factor: turning it on, signing in with it, clocks that differ, codes that are used, and the phone that is lost."""

import re

import pyotp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gensvar.ledger import Member
from gensvar.serve.people import totp
from tests.serve.people.conftest import GOOD, OTHER, Browser, Place, said

STEP_S = 30


def code(secret: str, place: Place, steps: int = 0) -> str:
    return pyotp.TOTP(secret).at(int(place.clock.now().timestamp()) + steps * STEP_S)


def turned_on(place: Place, browser: Browser) -> tuple[str, list[str]]:
    """The secret and the recovery codes of whoever is signed in here."""
    secret = re.search(r'name="secret" value="(\w+)"', browser.get("/account/second").text)
    assert secret is not None
    shown = browser.post("/account/second", on="/account", secret=secret[1], code=code(secret[1], place), old=GOOD)
    assert shown.status_code == 200, said(shown)
    assert shown.headers["cache-control"] == "no-store"
    codes = re.findall(r"\b(?:[a-z2-7]{4}-){5}[a-z2-7]{4}\b", shown.text)
    place.clock.forward(2 * STEP_S)
    return secret[1], codes


@pytest.fixture
def anna(place: Place) -> Member:
    return place.member()


def half_in(place: Place, password: str = GOOD) -> Browser:
    browser = place.browser()
    sent = browser.signed_in("anna@example.org", password, next="/measures")
    assert (sent.status_code, sent.headers["location"]) == (303, "/login/second?next=%2Fmeasures")
    assert browser.who() is None
    return browser


def test_it_is_turned_on_and_asked_for(place: Place, anna: Member) -> None:
    other = place.came_in(anna)
    browser = place.came_in(anna)
    secret, codes = turned_on(place, browser)
    assert (len(codes), len(set(codes)), browser.who(), other.who()) == (10, 10, anna.email, None)
    new = half_in(place)
    assert "Now the code from your phone" in said(new.get("/login/second"))
    sent = new.post("/login/second", on="/login/second", code=code(secret, place), next="/measures")
    assert (sent.status_code, sent.headers["location"], new.who()) == (303, "/measures", anna.email)


@pytest.mark.parametrize(("steps", "right"), [(-2, False), (-1, True), (0, True), (1, True), (2, False), (1000, False)])
def test_clocks_may_differ_by_one_step(place: Place, anna: Member, steps: int, right: bool) -> None:
    secret, _ = turned_on(place, place.came_in(anna))
    browser = half_in(place)
    sent = browser.post("/login/second", on="/login/second", code=code(secret, place, steps))
    assert (browser.who() is not None) is right
    assert right or "make sure that your phone’s clock is right" in said(sent)


def test_a_code_is_used_once(place: Place, anna: Member) -> None:
    secret, _ = turned_on(place, place.came_in(anna))
    used = code(secret, place)
    for expected in (303, 401):
        browser = half_in(place)
        assert browser.post("/login/second", on="/login/second", code=used).status_code == expected
    browser = half_in(place)
    assert browser.post("/login/second", on="/login/second", code=code(secret, place, -1)).status_code == 401
    assert browser.post("/login/second", on="/login/second", code=code(secret, place, 1)).status_code == 303


def test_a_recovery_code_is_used_once_however_it_is_typed(place: Place, anna: Member) -> None:
    _, codes = turned_on(place, place.came_in(anna))
    browser = half_in(place)
    assert browser.post("/login/second", on="/login/second", code=codes[0].upper().replace("-", " ")).status_code == 303
    assert "9 recovery codes are left" in said(browser.get("/account"))
    assert half_in(place).post("/login/second", on="/login", code=codes[0]).status_code == 401


@pytest.mark.parametrize("wrong", ["", "000000", "12345", "1234567", "abcdef", "１２３４５６", "x" * 10_000, "aaaa-aaaa-aaaa-aaaa-aaaa-aaaa", "\x00"])
def test_what_is_no_code_lets_nobody_in(place: Place, anna: Member, wrong: str) -> None:
    turned_on(place, place.came_in(anna))
    browser = half_in(place)
    assert browser.post("/login/second", on="/login/second", code=wrong).status_code == 401
    assert browser.who() is None


def test_codes_cannot_be_guessed_in_a_row(place: Place, anna: Member) -> None:
    secret, _ = turned_on(place, place.came_in(anna))
    browser = half_in(place)
    token = browser.token("/login/second")
    statuses = [browser.post("/login/second", token=token, code=f"{n:06}").status_code for n in range(100)]
    assert statuses.count(401) == 5
    assert set(statuses) == {401, 429}
    assert browser.post("/login/second", token=token, code=code(secret, place)).status_code == 429


def test_half_in_ends_after_five_minutes_and_with_the_password(place: Place, anna: Member) -> None:
    secret, _ = turned_on(place, place.came_in(anna))
    late, changed = half_in(place), half_in(place)
    place.house.ledger.members.set_password(anna.id, place.ways.passwords.hash(OTHER))
    assert changed.post("/login/second", on="/login", code=code(secret, place)).headers["location"] == "/login"
    place.house.ledger.members.set_password(anna.id, place.ways.passwords.hash(GOOD))
    late = half_in(place)
    place.clock.forward(300)
    assert late.post("/login/second", on="/login", code=code(secret, place)).headers["location"] == "/login"
    assert late.who() is None


def test_the_second_half_alone_opens_nothing(place: Place, anna: Member) -> None:
    secret, _ = turned_on(place, place.came_in(anna))
    browser = place.browser()
    assert browser.post("/login/second", on="/login", code=code(secret, place)).headers["location"] == "/login"
    browser.cookies.set("gensvar_second", "AAAA" * 30, domain="127.0.0.1")
    assert browser.post("/login/second", on="/login", code=code(secret, place)).headers["location"] == "/login"
    assert browser.who() is None


def test_a_reset_link_does_not_pass_the_second_factor(place: Place, anna: Member) -> None:
    secret, _ = turned_on(place, place.came_in(anna))
    link = place.house.ledger.links.make("reset", anna.id, "Bo")
    browser = place.browser()
    assert browser.post(f"/welcome/{link}", on=f"/welcome/{link}", password=OTHER).headers["location"] == "/login/second"
    assert browser.who() is None
    assert browser.post("/login/second", on="/login/second", code=code(secret, place)).status_code == 303
    assert browser.who() == anna.email


def test_turning_it_on_and_off_takes_the_password(place: Place, anna: Member) -> None:
    browser = place.came_in(anna)
    secret = totp.new_secret()
    assert browser.post("/account/second", on="/account", secret=secret, code=code(secret, place), old=OTHER).status_code == 422
    assert browser.post("/account/second", on="/account", secret=secret, code="000000", old=GOOD).status_code == 422
    assert browser.post("/account/second", on="/account", secret="planted", code="000000", old=GOOD).headers["location"] == "/account/second"
    assert place.house.ledger.members.get(anna.id).has_totp is False
    turned_on(place, browser)
    assert "not your password" in said(browser.post("/account/second/off", on="/account", old=OTHER))
    assert place.house.ledger.members.get(anna.id).has_totp
    assert browser.post("/account/second/off", on="/account", old=GOOD).status_code == 303
    assert place.house.ledger.members.get(anna.id).has_totp is False
    assert place.came_in(anna).who() == anna.email


def test_an_administrator_turns_it_off_for_who_has_lost_everything(place: Place, anna: Member) -> None:
    browser = place.came_in(anna)
    turned_on(place, browser)
    admin = place.came_in(place.member("bo", "administrator"))
    assert admin.post(f"/people/{anna.id}/second", on="/people").status_code == 303
    assert browser.who() is None
    assert place.came_in(anna).who() == anna.email
    assert ("bo@example.org", "turn off a second factor", f"member {anna.id}") in place.deeds()


def test_the_picture_has_attributes_alone() -> None:
    picture = totp.picture(totp.address(totp.new_secret(), "anna+x@example.org"))
    assert picture.startswith("<svg")
    assert "style" not in picture
    assert "<script" not in picture
    assert 'viewBox="' in picture


@settings(deadline=None)
@given(step=st.integers(50_000_000, 70_000_000), off=st.integers(-4, 4))
def test_a_code_belongs_to_its_step_and_its_neighbours(step: int, off: int) -> None:
    from datetime import UTC, datetime

    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    found = totp.step_of(secret, pyotp.TOTP(secret).generate_otp(step), datetime.fromtimestamp((step + off) * STEP_S + 3, UTC))
    assert found is None or abs(found - (step + off)) <= 1
    assert abs(off) > 1 or found is not None


@settings(deadline=None)
@given(code=st.text(max_size=40))
def test_typed_codes_are_brought_to_one_form(code: str) -> None:
    assert totp.as_kept(totp.as_kept(code)) == totp.as_kept(code)
    assert totp.as_kept(code.upper()) == totp.as_kept(code) or not code.isascii()


def test_new_secrets_and_codes_are_long() -> None:
    assert totp.is_secret(totp.new_secret())
    assert not totp.is_secret("short")
    assert all(len(c.replace("-", "")) * 5 >= 112 for c in totp.recovery_codes())
