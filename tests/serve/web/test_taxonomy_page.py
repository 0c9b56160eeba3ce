"""The editor of topics: a change is shown on a sample, put in force where it is sent again, and can be gone back from."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from litestar.testing import TestClient

from gensvar import flow
from gensvar.house import House
from gensvar.serve.access import Access
from gensvar.serve.app import build_app
from tests.houses import csv, signed_in
from tests.serve.conftest import HERE

PAGE = {"accept": "text/html"}
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
EXAMPLES = "Lång kö i kassan\nStod 20 minuter i kö\nlånga köer hela tiden\nalldeles för få kassor öppna, lång kö"


@dataclass(frozen=True)
class Owner:
    house: House
    client: TestClient[Any]
    headers: dict[str, str]

    def page(self, address: str) -> str:
        found = self.client.get(address, headers={**self.headers, **PAGE})
        assert found.status_code == 200, found.text
        return found.text

    def send(self, page: str, **values: str) -> Any:
        token = dict(HIDDEN.findall(page))["token"]
        return self.client.post("/taxonomy/change", data={"token": token, **values}, headers={**self.headers, **PAGE}, follow_redirects=False)


@pytest.fixture(scope="module")
def opened(long_house: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, TestClient[Any]]]:
    words = ("Alldeles lång kö i kassan", "Maten var god", "Bra")
    rows = [f"{i},2026-09-{1 + i % 28:02d}T10:00:00,p{i}@x.se,SE,{1 + i % 5},{words[i % 3]} nummer {i}" for i in range(60)]
    flow.import_file(long_house, csv(tmp_path_factory.mktemp("rows"), *rows), "survey")
    with TestClient(build_app(long_house, Access(long_house.settings, long_house.ledger)), base_url=HERE) as client:
        yield long_house, client


@pytest.fixture
def owner(opened: tuple[House, TestClient[Any]]) -> Owner:
    house, client = opened
    client.cookies.clear()
    return Owner(house, client, signed_in(house, "owner"))


def test_a_topic_is_shown_on_a_sample_put_in_force_renamed_and_undone(owner: Owner) -> None:
    topics = owner.house.ledger.taxonomies
    page = owner.page("/taxonomy")
    shown = owner.send(page, op="add", name="Queues", examples=EXAMPLES, terms="", parent="", about="customers")
    assert shown.status_code == 200, shown.text
    assert "20 of 60 texts would move." in shown.text
    assert "Queues: 20 more, 0 fewer" in shown.text
    assert topics.current().version == 0, "nothing is changed by looking"

    fields = {**dict(HIDDEN.findall(shown.text)), "do": "apply"}
    assert fields["base"] == "0"
    applied = owner.client.post("/taxonomy/change", data=fields, headers=owner.headers, follow_redirects=False)
    assert (applied.status_code, applied.headers["location"]) == (303, "/taxonomy")
    assert topics.current().topics["queues"].name == {"en": "Queues"}
    assert "added queues" in owner.page("/taxonomy")

    again = owner.client.post("/taxonomy/change", data=fields, headers={**owner.headers, **PAGE}, follow_redirects=False)
    assert again.status_code == 409, "sent twice, it is done once"

    renamed = owner.send(owner.page("/taxonomy/queues"), op="rename", topic="queues", name="Lines")
    assert renamed.headers["location"] == "/taxonomy/queues"
    assert "Lines" in owner.page("/taxonomy/queues")

    back = owner.send(owner.page("/taxonomy"), op="undo", version="0", do="apply")
    assert back.status_code == 303
    assert topics.current().topics["queues"].removed
    assert [s.did for s in topics.history()] == ["undo to version 0", "rename queues", "add queues"]


def test_a_change_that_nobody_knows_is_refused_in_words(owner: Owner) -> None:
    wrong = owner.send(owner.page("/taxonomy"), op="ad")
    assert wrong.status_code == 422
    assert "No change" in wrong.text
    assert "add" in wrong.text


def test_who_may_not_change_topics_does_not_reach_the_forms(opened: tuple[House, TestClient[Any]]) -> None:
    house, client = opened
    client.cookies.clear()
    headers = {**signed_in(house, "analyst"), **PAGE}
    assert client.get("/taxonomy", headers=headers).status_code == 403
    assert client.get("/topics", headers=headers).status_code == 200
