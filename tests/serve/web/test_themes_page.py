"""Themes: the list, one of them, what can be done with it, and that a reader of a part sees her part alone."""

from collections.abc import Iterator
from typing import Any

import pytest
from litestar.testing import TestClient

from gensvar import flow, theming
from gensvar.house import House, open_house
from gensvar.kit.clock import At
from gensvar.kit.scope import Scope
from gensvar.kit.settings import read_settings
from gensvar.serve.access import Access
from gensvar.serve.app import build_app
from tests.flow.test_theming import TODAY, WORLD, fill, named
from tests.houses import SURVEY, signed_in
from tests.serve.conftest import HERE

NORWAY = Scope({"market": frozenset({"NO"})})


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("themes-page")
    settings = read_settings({"data": str(folder / "house"), "memory_mb": "512", "port": "0", "today": TODAY.isoformat()}, env={})
    with open_house(settings, At("2026-10-15T12:00:00")) as made:
        flow.add_source(made, SURVEY, "test")
        fill(made, folder, WORLD)
        theming.run(made)
        yield made


@pytest.fixture(scope="module")
def client(house: House) -> Iterator["TestClient[Any]"]:
    with TestClient(build_app(house, Access(house.settings, house.ledger)), base_url=HERE) as made:
        yield made


def test_what_is_new_stands_first_with_its_verdict_words_and_quotes(house: House, client: "TestClient[Any]") -> None:
    who = signed_in(house, "administrator")
    page = client.get("/themes.json", headers=who).json()
    assert page["headline"] == "One theme is new or growing"
    assert page["sections"][0]["name"] == "moving"
    (card,) = page["sections"][0]["cards"]
    assert card["id"] == named(house)["lockers"]
    assert card["says"].startswith("New: 41")
    assert "% %" not in card["says"]
    assert len(card["quotes"]) == 3
    shown = client.get("/themes", headers=who)
    assert shown.status_code == 200
    assert f'href="/themes/{card["id"]}"' in shown.text
    one = client.get(f"/themes/{card['id']}.json", headers=who).json()
    assert one["trend"]["spec"]
    assert len(one["card"]["quotes"]) == 15


def test_a_reader_of_a_part_sees_its_texts_counted_and_no_verdict_of_the_whole(house: House, client: "TestClient[Any]") -> None:
    who = signed_in(house, "contributor", NORWAY)
    page = client.get("/themes.json", headers=who).json()
    cards = [c for s in page["sections"] for c in s["cards"]]
    assert len(cards) == 4
    assert all(c["says"] == "" and "said in 30 texts" in c["facts"] and "Sweden" not in " ".join(c["facts"]) for c in cards)
    nowhere = client.get("/themes.json", headers=signed_in(house, "contributor", Scope({"market": frozenset({"DK"})}))).json()
    assert nowhere["sections"] == []
    other = signed_in(house, "contributor", Scope({"market": frozenset({"DK"})}))
    assert client.get(f"/themes/{named(house)['chat']}", headers=other).status_code == 404


def test_who_may_not_read_text_sees_no_theme(house: House, client: "TestClient[Any]") -> None:
    assert client.get("/themes", headers=signed_in(house, "contributor", Scope(free_text=False))).status_code == 403
    assert client.get("/themes", headers=signed_in(house, "viewer")).status_code == 403


def test_a_theme_is_named_put_away_and_made_a_topic(house: House, client: "TestClient[Any]") -> None:
    _, key = house.ledger.keys.create("test", {"admin"}, None)
    client.headers.update({"authorization": f"Bearer {key}"})
    chat, colour = named(house)["chat"], named(house)["colour"]
    assert client.post("/v1/themes/name", json={"id": chat, "name": "  The   robot "}).json()["name"] == "The robot"
    assert client.post("/v1/themes/name", json={"id": chat, "name": "x" * 61}).status_code == 422
    assert client.post("/v1/themes/hide", json={"id": colour}).json()["hidden"] is True
    made = client.post("/v1/themes/topic", json={"id": chat, "name": "Chat robot"}).json()["topic"]
    topic = house.ledger.taxonomies.current().get(made)
    assert len(topic.examples) == 15
    listed = {t["id"]: t for t in client.get("/v1/themes").json()["told"]}
    assert (listed[chat]["topic"], listed[colour]["hidden"]) == (made, True)
    found = client.post("/v1/themes", json={}).json()
    assert (found["before"], found["kept"]) == (4, 4)
    assert client.get("/v1/theme", params={"id": chat}).json()["name"] == "The robot"
    client.headers.pop("authorization")


def test_without_any_search_the_page_says_so(small_house: House) -> None:
    with TestClient(build_app(small_house, Access(small_house.settings, small_house.ledger)), base_url=HERE) as client:
        page = client.get("/themes.json", headers=signed_in(small_house, "administrator")).json()
        assert page["headline"] == "No themes have been looked for yet"
        theming.run(small_house)
        page = client.get("/themes.json", headers=signed_in(small_house, "administrator")).json()
        assert page["lead"] == ["0 texts were written in the last 26 weeks; themes need at least 200 different ones."]
