"""Themes: the list, one of them, what can be done with it, and that a reader of a part sees her part alone."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from litestar.testing import TestClient

from gensvar import flow, theming
from gensvar.house import House, open_house
from gensvar.kit.clock import At
from gensvar.kit.errors import Unavailable
from gensvar.kit.scope import Scope, whole
from gensvar.kit.settings import read_settings
from gensvar.ledger import Job
from gensvar.serve import finding
from gensvar.serve.access import Access
from gensvar.serve.app import build_app
from gensvar.serve.desk import HouseDesk
from gensvar.serve.desks.themes import LOOKING, look
from gensvar.serve.working import Told, ask, begin, work
from tests.flow.test_theming import TODAY, WORLD, fill, named
from tests.houses import SURVEY, signed_in
from tests.serve.conftest import HERE
from tests.serve.web.visitors import site_of

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
    finding.look_here(HouseDesk(house, whole()), lambda _: True)
    found = client.get("/v1/themes/search").json()
    assert (found["state"], found["result"]["before"], found["result"]["kept"]) == ("done", 4, 4)
    assert client.get("/v1/theme", params={"id": chat}).json()["name"] == "The robot"
    client.headers.pop("authorization")


def test_without_any_search_the_page_says_so(small_house: House) -> None:
    with TestClient(build_app(small_house, Access(small_house.settings, small_house.ledger)), base_url=HERE) as client:
        page = client.get("/themes.json", headers=signed_in(small_house, "administrator")).json()
        assert page["headline"] == "No themes have been looked for yet"
        theming.run(small_house)
        page = client.get("/themes.json", headers=signed_in(small_house, "administrator")).json()
        assert page["lead"] == ["0 texts were written in the last 26 weeks; themes need at least 200 different ones."]
        assert page["looked"].startswith("Last looked for: ")


def test_a_search_that_somebody_asks_for_is_seen_on_its_way_and_begun_once(house: House) -> None:
    with site_of(house) as site:
        owner, part = site.visitor("owner"), site.visitor("contributor", NORWAY)
        jobs = len(house.ledger.jobs.all())
        assert owner.send("/themes/search", "/themes") == (303, "/themes")
        assert owner.post("/themes/search", owner.page("/taxonomy")).status_code == 409
        assert len(house.ledger.jobs.all()) == jobs + 1
        page = owner.page("/themes")
        assert "The search for themes waits for its turn." in page
        assert "data-under-way" in page
        assert "Look for themes now" not in page
        seen: list[Any] = []

        def run(_: Job, told: Told) -> Mapping[str, Any]:
            def looked_at(how_far: Mapping[str, Any]) -> bool:
                go_on = told(how_far)
                seen.extend(who.twin("/themes")["search"] for who in (owner, part))
                return go_on

            return look(house, looked_at)

        assert work(house, "test", LOOKING, run)
        whole_house, a_part = seen
        assert (whole_house["title"], whole_house["says"]) == ("Themes are being looked for.", "360 texts are looked through.")
        assert whole_house["by"].startswith("Asked for by ")
        assert (a_part["state"], a_part["says"]) == ("running", "")
        done = owner.twin("/themes")
        assert (done["search"], done["may_ask"]) == (None, True)
        assert done["looked"].startswith("Last looked for: ")


def test_a_search_that_fails_says_what_failed_and_the_themes_stay(house: House) -> None:
    def broken(_: Job, told: Told) -> Mapping[str, Any]:
        raise Unavailable("The search for themes ended before it was done", do="It is made again later.")

    with site_of(house) as site:
        owner = site.visitor("owner")
        before = len(house.ledger.themes.all())
        begin(house, LOOKING)
        work(house, "test", LOOKING, broken)
        page = owner.twin("/themes")
        assert page["search"]["title"] == "The search for themes could not be finished; those that there are stay."
        assert page["search"]["error"] == "The search for themes ended before it was done. It is made again later."
        assert page["search"]["by"].startswith("Begun by Gensvar itself, ")
        assert (page["may_ask"], len(house.ledger.themes.all())) == (True, before)


def test_the_house_looks_by_itself_once_and_rests_after_a_fault(small_house: House) -> None:
    hand = finding.Finding(small_house, "test", lambda: False)
    hand.step()
    assert [(job.kind, job.state, job.args, job.result["why"]) for job in small_house.ledger.jobs.all()] == [
        (LOOKING.kind, "done", {"who": "gensvar"}, "too_few")
    ]
    assert LOOKING.did not in {row.did for row in small_house.ledger.audit.rows(limit=9)}, "nobody did it"
    hand.step()
    assert len(small_house.ledger.jobs.all()) == 1
    hand.close()


def test_a_search_that_is_told_to_stop_keeps_the_themes_and_tells_no_run(house: House) -> None:
    runs, themes = house.ledger.themes.runs(), house.ledger.themes.all()
    number = ask(house, "anna", LOOKING)
    house.ledger.jobs.claim("a process that died", 0, [LOOKING.kind])
    house.ledger.jobs.ask_stop(number)
    assert look(house, lambda _: False) == {}
    assert (house.ledger.themes.runs(), house.ledger.themes.all()) == (runs, themes)
    hand = finding.Finding(house, "test", lambda: False)
    hand.step()
    assert house.ledger.jobs.get(number).state == "stopped"
    hand.step()
    hand.close()
    assert house.ledger.jobs.latest(LOOKING.kind).id == number, "it is not begun again at once"  # type: ignore[union-attr]
