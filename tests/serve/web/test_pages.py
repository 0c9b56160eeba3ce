"""Every page: what it shows, its twin, its headers, its languages, and how it fails."""

import json
import re

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from gensvar.serve.web.guard import HEADERS
from gensvar.serve.web.words import LANGUAGES
from tests.serve.web.desk import FakeDesk

PAGES = (
    "/", "/?market=NO&period=last+12+months&against=year+before", "/measures", "/measures/csat.delivery", "/measures/csat.support?by=market",
    "/measures/csat.price?by=market&market=FI", "/sources", "/sources/helpdesk", "/set-aside", "/set-aside?source=helpdesk&reason=off_scale",
    "/set-aside?state=discarded", "/set-aside/1",
)  # fmt: skip


def twin_of(address: str) -> str:
    path, mark, query = address.partition("?")
    return f"{path}.json{mark}{query}"


@pytest.mark.parametrize("address", PAGES)
def test_every_page_stands_and_has_its_twin(reader: TestClient[Litestar], address: str) -> None:
    page, twin = reader.get(address), reader.get(twin_of(address))
    assert (page.status_code, twin.status_code) == (200, 200)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert twin.headers["content-type"].startswith("application/json")
    assert twin.json() not in (None, {})
    assert twin_of(address).partition("?")[0] in page.text
    for answer in (page, twin):
        assert {k: answer.headers[k] for k in HEADERS} == HEADERS


@pytest.mark.parametrize("address", PAGES)
def test_no_page_holds_a_style_or_a_script_of_its_own(reader: TestClient[Litestar], address: str) -> None:
    text = reader.get(address).text
    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", text)
    scripts = re.findall(r"<script([^>]*)>", text)
    assert all("src=" in s or 'type="application/json"' in s for s in scripts)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_in_every_language(reader: TestClient[Litestar], language: str) -> None:
    for address in PAGES:
        answer = reader.get(address, headers={"accept-language": f"{language}-XX, xx;q=0.1"})
        assert f'<html lang="{language}">' in answer.text
        assert answer.headers["content-language"] == language
    reader.cookies.clear()


def test_the_address_beats_the_cookie_beats_the_browser(client: TestClient[Litestar]) -> None:
    assert '<html lang="en">' in client.get("/sources", headers={"accept-language": "zz, *;q=0.3"}).text
    assert '<html lang="nb">' in client.get("/sources", headers={"accept-language": "no-NO,no;q=0.9,sv;q=0.1"}).text
    assert '<html lang="fi">' in client.get("/sources?lang=fi", headers={"accept-language": "sv"}).text
    assert '<html lang="fi">' in client.get("/sources", headers={"accept-language": "sv"}).text, "remembered"
    assert '<html lang="en">' in client.get("/sources?lang=xx", headers={"accept-language": "da", "cookie": "gensvar_language=en"}).text


def test_overview_says_what_changed_and_shows_it(reader: TestClient[Litestar]) -> None:
    page, twin = reader.get("/").text, reader.get("/.json").json()
    assert twin["headline"] == "One thing has changed."
    first = twin["news"][0]
    assert (first["mark"], first["tone"], first["href"]) == ("fell", "worse", "/measures/csat.delivery?by=market")
    assert first["sentence"].startswith("Delivery fell in Norway: 60\N{NO-BREAK SPACE}% (54–66)")
    assert twin["rooms"][0]["blocks"][0]["id"] == "csat.delivery"
    assert twin["quiet"] == ["Stars for the app"]
    assert (twin["silent"], twin["set_aside"]) == (["returns"], 68)
    assert page.count('class="chart"') == 15
    embedded = [json.loads(s) for s in re.findall(r'<script type="application/json">(.*?)</script>', page)]
    charts = [one for one in embedded if "rows" in one]
    assert len(charts) == 15
    assert all(at < len(one["rows"]) for one in charts for layer in one["spec"]["layer"] for at in layer["data"])


def test_overview_is_made_once_for_each_state_of_the_hub(client: TestClient[Litestar], desk: FakeDesk) -> None:
    client.get("/")
    asked = len(desk.asked)
    client.get("/")
    assert len(desk.asked) == asked > 0
    client.get("/?market=NO")
    assert len(desk.asked) > asked


def test_an_empty_house_shows_the_first_steps(empty: TestClient[Litestar]) -> None:
    page = empty.get("/").text
    assert "Nothing has come in yet." in page
    assert 'href="/sources"' in page
    assert empty.get("/.json").json()["state"] == "empty"
    assert "No source has been added yet." in empty.get("/sources").text
    assert "Nothing is set aside." in empty.get("/set-aside").text
    assert "No measure has been defined yet." in empty.get("/measures").text


def test_a_measure_by_market_has_table_trends_and_reasons(reader: TestClient[Litestar]) -> None:
    twin = reader.get("/measures/csat.delivery.json?by=market").json()
    assert twin["sentence"].startswith("Delivery: fell in Norway")
    assert [row[0] for row in twin["groups"]["table"]["rows"]] == ["Sweden", "Norway", "Denmark", "Finland"]
    assert len(twin["trends"]) == 4
    assert {f["term"] for f in twin["know"]} >= {"What was asked", "Definition", "Answers", "Method", "Comparisons", "Rows"}
    domains = {tuple(t["spec"]["layer"][2]["encoding"]["y"]["scale"]["domain"]) for t in twin["trends"]}
    assert len(domains) == 1, "small charts beside each other share one scale"


def test_too_few_answers_say_how_many_it_takes(reader: TestClient[Litestar]) -> None:
    twin = reader.get("/measures/csat.price.json?market=FI").json()
    assert twin["verdict"]["why"] == "9 answers; 30 are needed"
    assert twin["trends"][0]["spec"] is None
    assert "Too few answers in each part" in reader.get("/measures/csat.price?market=FI").text


@pytest.mark.parametrize(
    ("address", "status", "says"),
    [
        ("/measures/csat.deliver", 404, 'href="/measures/csat.delivery"'),
        ("/measures/csat.delivery?market=XX", 404, "No market"),
        ("/?markt=NO", 422, "<b>market</b>"),
        ("/measures/nps?period=sometime", 422, "sometime"),
        ("/sources/helpdsk", 404, 'href="/sources/helpdesk"'),
        ("/set-aside/99", 404, "The Set-aside page lists them."),
        ("/set-aside/none", 404, "Rows are numbered"),
        ("/set-aside?state=opne", 422, "<b>open</b>"),
        ("/imports/none", 404, "No job"),
        ("/drafts/" + "0" * 32, 404, "Upload it again"),
        ("/source", 404, 'href="/sources"'),
    ],
)
def test_a_problem_says_what_nearest_and_what_to_do(reader: TestClient[Litestar], address: str, status: int, says: str) -> None:
    page = reader.get(address)
    assert page.status_code == status
    assert says in page.text
    assert page.headers["content-security-policy"] == HEADERS["Content-Security-Policy"]
    problem = reader.get(address, headers={"accept": "application/json"})
    assert problem.headers["content-type"].startswith("application/problem+json")
    assert (problem.json()["status"], problem.status_code) == (status, status)


def test_what_people_wrote_can_never_become_the_page(client: TestClient[Litestar], desk: FakeDesk) -> None:
    page = client.get("/set-aside/1").text
    assert "&lt;b&gt;åäö&lt;/b&gt; &lt;/script&gt;" in page
    evil = '"><script>alert(1)</script>'
    assert "<script>alert" not in client.get("/set-aside", params={"source": evil, "reason": evil}).text
    assert "<script>alert" not in client.get("/measures/nps", params={"market": evil}).text
    assert "<script>alert" not in client.get(f"/measures/{evil}").text
