"""The pages on a real house that holds the invented company, small: what they show is what the API answers, and what is uploaded arrives."""

import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from gensvar.house import House
from gensvar.serve.access import Access
from gensvar.serve.app import build_app
from tests.serve.conftest import owner
from tests.world import source

PAGES = (
    "/", "/?market=NO", "/?period=all", "/measures", "/measures/csat.delivery", "/measures/csat.delivery?by=product", "/measures/enps.pulse?by=unit",
    "/sources", "/sources/terminals", "/set-aside", "/set-aside?source=terminals&reason=off_scale",
)  # fmt: skip
BROWSER = {"accept": "text/html,application/xhtml+xml", "sec-fetch-site": "same-origin"}
HERE, WAIT_S = "http://127.0.0.1", 30.0
Client = TestClient[Litestar]


@pytest.fixture(scope="module")
def company(company_house: House) -> Iterator[Client]:
    access = Access(company_house.settings, company_house.ledger)
    with TestClient(build_app(company_house, access), base_url=HERE) as client:
        client.headers.update(owner(access))
        client.headers.update(BROWSER)
        yield client


def token_of(page: str) -> str:
    found = re.search(r'name="token" value="(\w+)"', page)
    assert found
    return found[1]


def settled(client: Client, address: str) -> dict[str, Any]:
    """The import's page as data, once it has ended."""
    for _ in range(int(WAIT_S / 0.1)):
        twin: dict[str, Any] = client.get(f"{address}.json").json()
        if twin["ended"]:
            return twin
        time.sleep(0.1)
    raise AssertionError(twin)


@pytest.mark.parametrize("address", PAGES)
def test_every_page_stands_and_so_does_its_twin(company: Client, address: str) -> None:
    path, mark, query = address.partition("?")
    page, twin = company.get(address), company.get(f"{path}.json{mark}{query}")
    assert (page.status_code, twin.status_code) == (200, 200)
    assert page.text.startswith("<!doctype html>") or "<!doctype html>" in page.text[:50]
    assert twin.json()


def test_pages_show_what_the_api_answers(company: Client) -> None:
    blocks = {b["id"]: b for room in company.get("/.json").json()["rooms"] for b in room["blocks"]}
    assert "csat.delivery" in blocks
    for name, block in blocks.items():
        asked = {"measure": name, "period": "last 3 months", "compare": "previous"}
        answer = company.get("/v1/answers", params=asked, headers={"accept": "application/json"}).json()
        newest = max(answer["groups"], key=lambda g: int(g["measure"].partition("@")[2]))
        assert block["verdict"]["n"].replace(",", "") == (str(newest["n"]) if newest["verdict"] == "estimate" else "")
        by_market = company.get("/v1/answers", params={**asked, "by": "market"}, headers={"accept": "application/json"}).json()
        shown = next(c for c in block["cuts"] if c["title"] == "By market")["table"]["rows"]
        assert [int(row[4].replace(",", "")) for row in shown if row[4] != "–"] == [g["n"] for g in by_market["groups"] if "n" in g]


def test_customers_come_first_and_employees_have_their_own_room(company: Client) -> None:
    rooms = company.get("/.json").json()["rooms"]
    assert [r["audience"] for r in rooms] == ["customer", "public", "employee"]
    assert company.get("/").text.index(">Customers</h2>") < company.get("/").text.index(">Employees</h2>")


def test_the_front_page_is_light_and_packed(company: Client) -> None:
    answer = company.get("/", headers={"accept-encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert int(answer.headers["content-length"]) < 40_000
    form = company.get("/sources", headers={"accept-encoding": "gzip"})
    assert form.headers["content-encoding"] == "gzip"
    assert token_of(form.text) != token_of(company.get("/sources").text), "what is packed tells nothing of a token that is masked anew each time"


def test_a_file_is_uploaded_looked_at_imported_and_receipted(company: Client) -> None:
    token = token_of(company.get("/sources").text)
    upload = source("calls").path
    with upload.open("rb") as file:
        draft = company.post("/drafts", data={"token": token, "source": "calls"}, files={"file": (upload.name, file)}, headers={"origin": HERE})
    assert draft.status_code == 200
    assert "/drafts/" in str(draft.url)
    twin = company.get(f"{draft.url.path}.json?{draft.url.query.decode()}").json()
    assert len(twin["preview"]) == 20
    contract = source("calls").contract_path.read_text("utf-8")
    sent = company.post(draft.url.path, data={"token": token, "yaml": contract, "do": "add"}, headers={"origin": HERE})
    assert "/imports/" in str(sent.url)
    ended = settled(company, sent.url.path)
    assert (ended["state"], ended["source"], ended["part"]) == ("done", "calls", 100)
    counts = dict(ended["receipt"]["counts"])
    assert int(counts["read"].replace(",", "")) == len(upload.read_bytes().splitlines()) - 1
    assert "calls" in company.get("/sources").text


def test_a_row_set_aside_is_repaired_and_goes_in(company: Client, company_house: House) -> None:
    first = company_house.ledger.set_aside.page("terminals", "off_scale", "open", 0, 1)[0]
    page = company.get(f"/set-aside/{first.id}").text
    assert "a score outside its scale" in page
    before = company.get("/set-aside.json").json()["total"]
    sent = {"token": token_of(page), "raw.score": "4", "do": "replay"}
    done = company.post(f"/set-aside/{first.id}", data=sent, headers={"origin": HERE})
    assert "1 row was taken in." in done.text
    assert company.get("/set-aside.json").json()["total"] == before - 1
    gone = company_house.ledger.set_aside.page("terminals", "off_scale", "open", 0, 1)[0].id
    done = company.post(f"/set-aside/{gone}", data={"token": token_of(page), "do": "discard"}, headers={"origin": HERE})
    assert "1 row was discarded." in done.text


@pytest.mark.parametrize("address", ["/nowhere", "/measures/csat.delivry", "/a/b/c"])
def test_a_browser_is_told_in_a_page_and_a_program_in_data(company: Client, address: str) -> None:
    page = company.get(address)
    assert page.status_code == 404
    assert page.headers["content-type"].startswith("text/html")
    assert '<html lang="' in page.text
    for other in (company.get(address, headers={"accept": "*/*"}), company.get("/v1/nowhere")):
        assert other.status_code == 404
        assert other.headers["content-type"].startswith("application/problem+json")


def test_what_nobody_foresaw_is_logged_and_told_with_its_number(
    company: Client, company_house: House, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(company_house.ledger.contracts), "all", lambda _: 1 / 0)
    page = company.get("/sources")
    assert page.status_code == 500
    number = re.search(r"in the log as (\w+)", page.text)
    assert number
    assert number[1] in caplog.text
    assert "ZeroDivisionError" in caplog.text
