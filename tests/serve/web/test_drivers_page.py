"""Drivers at every door: the sentence, the map, designed states, files of numbers, and nothing beyond a reader's scope."""

from collections.abc import Iterator
from dataclasses import replace
from io import StringIO
from typing import Any

import pytest
from litestar.testing import TestClient
from rich.console import Console

from gensvar.explain.drivers import Drivers
from gensvar.explaining.drivers import nightly
from gensvar.house import House, open_house
from gensvar.kit.clock import At
from gensvar.kit.errors import BadInput
from gensvar.kit.scope import Scope, whole
from gensvar.kit.settings import read_settings
from gensvar.serve import show_why
from gensvar.serve.access import Access
from gensvar.serve.app import build_app
from gensvar.serve.desk import HouseDesk
from gensvar.serve.desks.why_drivers import Ask, answered, event_outcomes, studied
from gensvar.serve.front import Hub
from tests.explain.drivers.responses import OVERALL, PARTS, drawn, feedback
from tests.houses import signed_in
from tests.serve.conftest import HERE


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    settings = read_settings({"data": str(tmp_path_factory.mktemp("drivers")), "memory_mb": "512", "port": "0", "today": "2026-12-15"}, env={})
    with open_house(settings, At("2026-12-15T12:00:00")) as made:
        made.ledger.measures.add([OVERALL, *PARTS], "test")
        staff = [replace(g, audience="employee", market="DK") for g in drawn(3, 150, start=5000)]
        made.engine.merge("feedback", feedback([*drawn(1, 260), *drawn(2, 260, (0.05, 0.1, 0.8), "NO", 1000), *staff]))
        made.engine.bump()
        nightly(made, lambda _: True)
        yield made


@pytest.fixture(scope="module")
def client(house: House) -> Iterator["TestClient[Any]"]:
    with TestClient(build_app(house, Access(house.settings, house.ledger)), base_url=HERE) as made:
        yield made


def test_the_page_says_what_matters_and_for_whom(house: House, client: "TestClient[Any]") -> None:
    page = client.get("/why/drivers.json?by=market", headers=signed_in(house)).json()
    assert page["state"] == "found"
    assert page["parts"][0]["sentence"].startswith("In ")
    assert any(line["sentence"].startswith("In Norway, app matters more than elsewhere: ") for line in page["differences"])
    assert [row[0] for row in page["weights"]["table"]["rows"]] == [row[0] for row in page["beside"]["rows"]]
    html = client.get("/why/drivers?by=market", headers=signed_in(house)).text
    assert "What matters most for" in html
    assert "They are not effects" in html


def test_a_chart_draws_doubt_and_names_no_colour(house: House, client: "TestClient[Any]") -> None:
    page = client.get("/why/drivers.json?market=NO", headers=signed_in(house)).json()
    for drawn_ in (page["weights"], page["priority"]):
        assert "#" not in str(drawn_["spec"])
        assert any(layer["mark"]["type"] == "rule" and "whisker" in str(layer["mark"]["style"]) for layer in drawn_["spec"]["layer"])
    placed = {name for place in page["places"] for name in place["drivers"]}
    assert placed == {"Delivery", "Price", "App"}


def test_too_few_is_a_state_that_says_how_many_more(house: House, client: "TestClient[Any]") -> None:
    page = client.get("/why/drivers.json?period=2020", headers=signed_in(house)).json()
    assert (page["state"], page["sentence"]) == ("none", "Nothing can be studied yet: no survey asks for a whole and its parts in the same answers.")
    few = client.get("/why/drivers.json?outcome=csat.overall&period=2020", headers=signed_in(house)).json()
    assert (few["state"], few["weights"], few["priority"]) == ("refused", None, None)


def test_an_unknown_filter_is_refused_with_the_nearest(house: House, client: "TestClient[Any]") -> None:
    answer = client.get("/why/drivers.json?outcom=csat.overall", headers=signed_in(house))
    assert answer.status_code == 422
    assert "outcome" in answer.text
    with pytest.raises(BadInput):
        studied(HouseDesk(house, whole()), Ask(compare="market=SE"))


def test_what_is_outside_is_neither_shown_nor_felt(house: House, client: "TestClient[Any]") -> None:
    swedish = Scope(rows={"market": frozenset({"SE"})})
    seen = client.get("/why/drivers.json?by=market", headers=signed_in(house, scope=swedish)).json()
    alone = client.get("/why/drivers.json?by=market&market=SE", headers=signed_in(house)).json()
    assert [p["name"] for p in seen["parts"]] == ["Sweden"]
    assert seen["weights"]["table"] == alone["weights"]["table"]
    assert "Norway" not in str(seen["choices"])


def test_what_the_night_found_is_told_only_to_who_sees_it_whole(house: House, client: "TestClient[Any]") -> None:
    def lead(scope: Scope | None) -> list[str]:
        parts = client.get("/why.json", headers=signed_in(house, scope=scope)).json()["parts"]
        return next(p["lead"] for p in parts if p["href"] == "/why/drivers")

    assert any("overall satisfaction" in line for line in lead(None))
    assert lead(Scope(rows={"market": frozenset({"SE"})})) == []
    assert lead(Scope(least={"customer": 400})) == []


def test_small_groups_are_hidden_from_who_may_not_see_them(house: House) -> None:
    careful = Scope(least={"customer": 400})
    one = studied(HouseDesk(house, careful), Ask(by="market"))
    assert one is not None
    assert isinstance(one.found.whole, Drivers)
    assert {p.why for p in one.found.parts if not isinstance(p, Drivers)} == {"small_group"}
    assert one.found.differences == ()


def test_protected_people_are_said_to_be_so(house: House) -> None:
    told = answered(HouseDesk(house, Scope(rows={"market": frozenset({"DK"})})), Ask(outcome="csat.overall"))
    assert told["found"]["whole"]["n"] == 0


def test_one_study_at_every_door(house: House, client: "TestClient[Any]") -> None:
    hub = Hub(house)
    found = hub.drivers(by="market")
    assert found is not None
    api = client.get("/v1/why/drivers?by=market", headers=signed_in(house)).json()
    assert api["found"]["whole"]["n"] == getattr(found.whole, "n", None)
    assert list(event_outcomes(hub.desk)) == []
    said = StringIO()
    show_why.drivers(api, Console(file=said, width=160))
    assert "together they explain" in said.getvalue()
    assert "In Norway, app matters most for overall satisfaction" in said.getvalue()


@pytest.mark.parametrize("language", ["sv", "nb", "da", "fi"])
def test_every_language_has_its_own_sentence(house: House, language: str) -> None:
    told = answered(HouseDesk(house, whole()), Ask(by="market", language=language))
    english = answered(HouseDesk(house, whole()), Ask(by="market"))
    assert told["sentence"] != english["sentence"]
    assert not set(told["said"]["parts"]) & set(english["said"]["parts"])
