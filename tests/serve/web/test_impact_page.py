"""Impact of topics on pages, by API and in Python: one sum at every door, designed states, and nothing beyond a reader's scope."""

from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from litestar.testing import TestClient
from rich.console import Console

from gensvar.contracts.tone import TONE
from gensvar.explain.impact import Impact
from gensvar.explaining.impact import run
from gensvar.house import House, open_house
from gensvar.kit.clock import At
from gensvar.kit.errors import BadInput
from gensvar.kit.scope import Scope
from gensvar.kit.settings import read_settings
from gensvar.measure import Hidden
from gensvar.serve import show_why, why_impact
from gensvar.serve.access import Access
from gensvar.serve.app import build_app
from gensvar.serve.front import Hub
from tests.explain.impact.answers import CSAT, NPS, rows_of
from tests.explaining.test_impact import shop
from tests.houses import signed_in
from tests.serve.conftest import HERE


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    settings = read_settings({"data": str(tmp_path_factory.mktemp("impact")), "memory_mb": "512", "port": "0", "today": "2026-10-15"}, env={})
    with open_house(settings, At("2026-10-15T12:00:00")) as made:
        made.ledger.measures.add([CSAT, NPS], "test")
        made.engine.merge("feedback", rows_of(shop()))
        made.engine.bump()
        run(made, lambda _: True)
        yield made


@pytest.fixture(scope="module")
def client(house: House) -> Iterator["TestClient[Any]"]:
    with TestClient(build_app(house, Access(house.settings, house.ledger)), base_url=HERE) as made:
        yield made


def test_the_page_says_what_goes_with_the_loss_and_adds_up(house: House, client: "TestClient[Any]") -> None:
    who = signed_in(house)
    page = client.get("/why/impact/csat.delivery.json", headers=who).json()
    assert page["sentence"].startswith("CSAT for delivery: Delivery goes with the largest loss, −10")
    assert [line["id"] for line in page["lines"]] == ["delivery"]
    assert page["lines"][0]["tone"] == "worse"
    assert page["lines"][0]["tones"][0].startswith("An answer that speaks ill of it goes with −4")
    assert page["lines"][0]["voices"] == ""
    assert "Returns (10)" in page["few"]
    assert [s["whole"] for s in page["sums"]] == [False] * 4 + [True]
    assert ["(" in s["figure"] for s in page["sums"]] == [True, False, False, True, False], "what has an interval is shown with it"
    assert "shared out as here" in page["usual"]
    shown = client.get("/why/impact/csat.delivery", headers=who)
    assert shown.status_code == 200
    assert "It adds up to the score" in shown.text
    assert "cause" in shown.text


def test_who_may_read_voices_is_led_to_them(house: House, client: "TestClient[Any]") -> None:
    page = client.get("/why/impact/csat.delivery.json?market=NO", headers=signed_in(house, "administrator")).json()
    assert page["lines"][0]["voices"] == "/voices?topic=delivery&measure=csat.delivery&market=NO&period=last+12+months"
    assert client.get(page["lines"][0]["voices"], headers=signed_in(house, "administrator")).status_code == 200


def test_every_measure_is_listed_and_the_room_leads_here(house: House, client: "TestClient[Any]") -> None:
    who = signed_in(house)
    listed = client.get("/why/impact.json", headers=who).json()
    assert [[(m["id"], m["seen"]) for m in group["measures"]] for group in listed["groups"]] == [[("csat.delivery", True)], [("nps", False)]]
    parts = {p["href"]: p for p in client.get("/why.json", headers=who).json()["parts"]}
    assert parts["/why/impact"]["lead"] == [listed["groups"][0]["measures"][0]["says"]]


def test_too_few_is_a_state_of_its_own(house: House, client: "TestClient[Any]") -> None:
    page = client.get("/why/impact/nps.json", headers=signed_in(house)).json()
    assert page["state"] == "too_few"
    assert page["sentence"] == "NPS: cannot tell yet. 0 answers have a comment that was read, and 100 are needed."
    assert client.get("/why/impact/nps", headers=signed_in(house)).status_code == 200


def test_a_narrow_reader_counts_her_part_and_sees_no_finding_of_the_whole(house: House, client: "TestClient[Any]") -> None:
    who = signed_in(house, "viewer", Scope({"market": frozenset({"NO"})}))
    listed = client.get("/why/impact.json", headers=who).json()
    assert not listed["whole"]
    assert [group["title"] for group in listed["groups"]] == ["Every measure"]
    assert not any(m["says"] for m in listed["groups"][0]["measures"])
    mine = client.get("/v1/why/impact?measure=csat.delivery", headers=who).json()
    whole = client.get("/v1/why/impact?measure=csat.delivery&where=market%3DNO", headers=signed_in(house)).json()
    assert mine == whole
    assert mine["state"] == "told"


def test_a_reader_of_larger_groups_is_told_nothing_of_a_smaller_one(house: House, client: "TestClient[Any]") -> None:
    who = signed_in(house, "viewer", Scope(least={"customer": 5000}))
    listed = client.get("/why/impact.json", headers=who).json()
    assert not listed["whole"]
    page = client.get("/why/impact/csat.delivery.json", headers=who).json()
    assert page["state"] == "hidden"
    assert page["sentence"] == "What goes with CSAT for delivery is hidden: so few people answered that they would not stay unknown."


def test_every_door_gives_the_same(house: House, client: "TestClient[Any]") -> None:
    found = Hub(house).impact("csat.delivery")
    assert isinstance(found, Impact)
    told = client.get("/v1/why/impact?measure=csat.delivery", headers=signed_in(house)).json()
    assert told["score"] == pytest.approx(found.score)
    assert [t["id"] for t in told["topics"]] == [t.id for t in found.topics]
    console = Console(record=True, width=160, file=StringIO())
    show_why.impact(told, console)
    text = console.export_text()
    assert "delivery" in text
    assert "goes with less" in text
    show_why.impact(why_impact.found(Hub(house).desk, why_impact.ImpactOf("nps")), console)
    assert "100 are needed" in console.export_text()


def test_what_cannot_be_meant_is_refused(house: House) -> None:
    hub = Hub(house)
    with pytest.raises(BadInput, match="dimension 'markt'"):
        hub.impact("csat.delivery", where="markt=NO")
    house.ledger.measures.add([TONE], "test")
    with pytest.raises(BadInput, match="tone of texts"):
        hub.impact("tone")


def test_protected_people_have_a_state_of_their_own(house: House, client: "TestClient[Any]") -> None:
    house.engine.merge("feedback", rows_of(shop(n=150, seed=3, audience="employee"), NPS))
    house.engine.bump()
    assert Hub(house).impact("nps") == Hidden("protected")
    page = client.get("/why/impact/nps.json?period=all", headers=signed_in(house)).json()
    assert page["state"] == "hidden"
    assert page["sentence"] == "NPS: only people who are protected answer this, and they are never counted comment by comment."
