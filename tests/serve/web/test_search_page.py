"""Search: what the reader may see, and nothing else; without JavaScript too."""

from collections.abc import Iterator
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from gensvar.house import House
from gensvar.kit.scope import Scope
from gensvar.serve.access import Access
from gensvar.serve.app import build_app
from tests.houses import signed_in

HERE = "http://127.0.0.1"
Client = TestClient[Litestar]


@pytest.fixture(scope="module")
def company(company_house: House) -> Iterator[Client]:
    app = build_app(company_house, Access(company_house.settings, company_house.ledger))
    with TestClient(app, base_url=HERE) as client:
        yield client  # type: ignore[misc]


def found(client: Client, headers: dict[str, str], q: str) -> dict[str, list[dict[str, Any]]]:
    answer = client.get("/search.json", params={"q": q}, headers=headers)
    assert answer.status_code == 200
    return {group["title"]: group["items"] for group in answer.json()["groups"]}


def test_pages_measures_places_and_words_are_found(company: Client, company_house: House) -> None:
    admin = signed_in(company_house, "administrator")
    assert found(company, admin, "norway")["Places, channels and groups"] == [
        {"title": "Norway", "says": "everything in this market", "href": "/?market=NO"}
    ]
    assert found(company, admin, "set asi")["Pages"][0]["href"] == "/set-aside"
    assert found(company, admin, "deliv")["Measures"][0]["href"].startswith("/measures/csat.delivery")
    assert found(company, admin, "late & slow")["What people wrote"][0]["href"] == "/voices?q=late+%26+slow"


def test_every_place_that_search_leads_to_is_there(company: Client, company_house: House) -> None:
    admin = signed_in(company_house, "administrator") | {"accept": "text/html"}
    for q in ("", "a", "e", "o", "support", "web", "admin"):
        for items in found(company, admin, q).values():
            for item in items:
                assert company.get(item["href"], headers=admin).status_code == 200, item


def test_a_viewer_finds_no_people_no_voices_and_no_rooms_that_are_closed(company: Client, company_house: House) -> None:
    viewer = signed_in(company_house, "viewer")
    assert "People" not in found(company, viewer, "administrator")
    assert "What people wrote" not in found(company, viewer, "late")
    assert "Pages" not in found(company, viewer, "set aside")
    assert {item["href"] for item in found(company, viewer, "")["Pages"]}.isdisjoint({"/sources", "/people", "/audit", "/settings"})


def test_an_auditor_finds_people_and_no_answers(company: Client, company_house: House) -> None:
    auditor = signed_in(company_house, "auditor")
    assert found(company, auditor, "auditor")["People"]
    assert {"Measures", "Places, channels and groups", "Saved views"}.isdisjoint(found(company, auditor, "norway"))


def test_places_outside_the_scope_are_not_found(company: Client, company_house: House) -> None:
    sweden = signed_in(company_house, "analyst", Scope({"market": frozenset({"SE"})}))
    assert "Places, channels and groups" not in found(company, sweden, "norway")
    assert found(company, sweden, "sweden")["Places, channels and groups"]


def test_saved_views_are_found_by_who_may_see_them(company: Client, company_house: House) -> None:
    mine, other = signed_in(company_house, "analyst"), signed_in(company_house, "analyst")
    member = sorted(company_house.ledger.members.all(), key=lambda m: m.id)[-2]
    company_house.ledger.views.add("Winter delays", "/?market=FI", member.id)
    assert found(company, mine, "winter")["Saved views"] == [{"title": "Winter delays", "says": "saved view", "href": "/?market=FI"}]
    assert "Saved views" not in found(company, other, "winter")


def test_the_page_stands_without_scripts_and_escapes_what_was_typed(company: Client, company_house: House) -> None:
    viewer = signed_in(company_house, "viewer") | {"accept": "text/html"}
    page = company.get("/search", params={"q": '"><script>alert(1)</script>'}, headers=viewer).text
    assert "<script>alert" not in page
    assert "Nothing was found." in page
    assert 'action="/search"' in page
    long = company.get("/search.json", params={"q": "x" * 5000}, headers=viewer).json()
    assert len(long["q"]) == 200


def test_nobody_searches_without_signing_in(company: Client) -> None:
    assert company.get("/search.json", params={"q": "norway"}).status_code == 401
    away = company.get("/search", params={"q": "norway"}, headers={"accept": "text/html"}, follow_redirects=False)
    assert (away.status_code, away.headers["location"]) == (303, "/login?next=%2Fsearch%3Fq%3Dnorway")
