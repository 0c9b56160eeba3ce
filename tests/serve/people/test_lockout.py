"""Lockout: waits that grow, a pause after ten, a thousand wrong tries refused and told in the audit; and the way out of it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gensvar.serve.people.lockout import ACCOUNT, ADDRESS, WINDOW, Limits
from tests.serve.people.conftest import GOOD, OTHER, Place, said

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
AGES = st.lists(st.integers(0, 3600).map(lambda s: NOON - timedelta(seconds=s)), max_size=30).map(sorted)


@given(gaps=st.lists(st.integers(0, 400), max_size=60), limits=st.sampled_from([ACCOUNT, ADDRESS, Limits(1, 2)]))
def test_no_more_than_the_limit_are_ever_heard_in_a_quarter(gaps: list[int], limits: Limits) -> None:
    heard: list[datetime] = []
    now = NOON
    for gap in gaps:
        now += timedelta(seconds=gap)
        wait = limits.wait(heard, now)
        assert timedelta() <= wait <= WINDOW
        if not wait:
            heard.append(now)
        assert len([at for at in heard if now - WINDOW < at]) <= limits.locked


@given(before=AGES, later=st.integers(0, 7200))
def test_a_wait_runs_down_and_ends(before: list[datetime], later: int) -> None:
    wait = ACCOUNT.wait(before, NOON)
    assert ACCOUNT.wait(before, NOON + timedelta(seconds=later)) <= max(timedelta(), wait - timedelta(seconds=later))
    assert ACCOUNT.wait(before, NOON + WINDOW) == timedelta()


def wrong(place: Place, times: int, email: str = "anna@example.org") -> list[int]:
    browser = place.browser()
    token = browser.token("/login")
    return [browser.post("/login", token=token, email=email, password=OTHER).status_code for _ in range(times)]


def test_after_five_waits_grow_and_after_ten_there_is_a_pause(place: Place) -> None:
    place.member()
    waits = []
    for _ in range(10):
        while wrong(place, 1) == [429]:
            place.clock.forward(1)
            waits.append(1)
    assert sum(waits) == 5 + 10 + 20 + 40 + 80
    browser = place.browser()
    sent = browser.signed_in("anna@example.org")
    assert sent.status_code == 429
    assert "Wait 15 min" in said(sent)
    place.clock.forward(15 * 60 - 1)
    assert browser.signed_in("anna@example.org").status_code == 429
    place.clock.forward(1)
    assert browser.signed_in("anna@example.org").status_code == 303


def test_the_right_password_forgets_the_wrong_ones(place: Place) -> None:
    place.member()
    for _ in range(5):
        assert wrong(place, 4) == [401] * 4
        assert place.browser().signed_in("anna@example.org").status_code == 303


def test_a_thousand_wrong_tries_are_refused_and_told_in_few_rows(place: Place) -> None:
    place.member()
    place.passwords.worked = 0
    statuses = wrong(place, 1000)
    assert set(statuses) == {401, 429}
    assert statuses.count(401) == 5 == place.passwords.worked
    told = [(d.who, d.did, d.what, dict(d.detail)) for d in place.house.ledger.audit.rows(limit=100)]
    assert len(told) <= 6
    assert (told[0][:2], told[0][3]) == (("nobody", "be slowed down"), {"wrong_tries": 5})
    assert [detail["tries"] for _, did, _, detail in told if did == "be refused unheard"] == [1, 10, 100]
    assert OTHER not in str(told)
    place.clock.forward(900)
    place.browser().signed_in("anna@example.org")
    assert [d.detail["tries"] for d in place.house.ledger.audit.rows(limit=100) if d.detail.get("until")] == [995]


def test_a_thousand_addresses_from_one_machine_are_refused_too(place: Place) -> None:
    browser = place.browser()
    token, statuses = browser.token("/login"), []
    for n in range(60):
        statuses.append(browser.post("/login", token=token, email=f"guess{n}@example.org", password=OTHER).status_code)
        place.clock.forward(1)
    assert statuses[:25] == [401] * 25
    assert statuses.count(429) > 25


def test_unknown_accounts_are_locked_alike(place: Place) -> None:
    place.member()
    assert wrong(place, 8, "anna@example.org") == wrong(place, 8, "nobody@example.org")


def test_others_are_not_locked_out(place: Place) -> None:
    place.member()
    place.member("bo")
    wrong(place, 12)
    assert place.browser().signed_in("bo@example.org").status_code == 303


def test_a_reset_link_lets_her_in_at_once(place: Place) -> None:
    anna = place.member()
    wrong(place, 20)
    token = place.house.ledger.links.make("reset", anna.id, "Bo")
    browser = place.browser()
    assert browser.post(f"/welcome/{token}", on=f"/welcome/{token}", password=OTHER).status_code == 303
    assert browser.who() == anna.email
    assert place.browser().signed_in(anna.email, OTHER).status_code == 303
    assert place.browser().signed_in(anna.email, GOOD).status_code == 401


@pytest.mark.parametrize(("trusted", "sent", "seen"), [
    ("", "203.0.113.7", None), ("127.0.0.0/8,::1", "203.0.113.7", "203.0.113.7"), ("127.0.0.0/8", "10.0.0.9, 203.0.113.7", "203.0.113.7"),
    ("127.0.0.0/8, 203.0.113.0/24", "198.51.100.2, 203.0.113.7", "198.51.100.2"), ("127.0.0.0/8", "<script>", "<script>"),
])  # fmt: skip
def test_only_a_trusted_proxy_tells_where_somebody_is(place_with: Callable[..., Place], trusted: str, sent: str, seen: str | None) -> None:
    from types import SimpleNamespace

    from gensvar.serve.web.entrance import client_address

    place = place_with(proxies=trusted)
    request = SimpleNamespace(client=SimpleNamespace(host="127.0.0.1"), headers={"x-forwarded-for": sent})
    visit = SimpleNamespace(request=request, house=place.house)
    assert client_address(visit) == (seen or "127.0.0.1")  # type: ignore[arg-type]
