"""Compare and Teams on a real house: what the total hides is said, colour stands only where evidence does, protected people stay unknown."""

import re
from collections.abc import Iterator
from typing import Any

import altair as alt
import pytest
from litestar.testing import TestClient

from gensvar.house import House
from gensvar.kit.errors import BadInput
from gensvar.kit.scope import Scope
from gensvar.measure import answer_json, parse_question
from gensvar.serve.access import Access
from gensvar.serve.app import build_app
from gensvar.serve.web.charts import packed
from gensvar.serve.web.compare_page import Cut, read_cut
from gensvar.serve.web.words import LANGUAGES
from tests.houses import signed_in
from tests.serve.web.comparing import made

BROWSER = {"accept": "text/html,application/xhtml+xml", "sec-fetch-site": "same-origin"}
PERIOD = "period=2026-08-03..2026-11-01"
Client = TestClient[Any]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with made(tmp_path_factory.mktemp("compare")) as one:
        yield one


@pytest.fixture(scope="module")
def client(house: House) -> Iterator[Client]:
    access = Access(house.settings, house.ledger)
    with TestClient(build_app(house, access), base_url="http://127.0.0.1") as client:
        client.headers.update(BROWSER | {"authorization": f"Bearer {access.token}"})
        yield client


def twin(client: Client, address: str) -> dict[str, Any]:
    path, mark, query = address.partition("?")
    found = client.get(f"{path}.json{mark}{query}")
    assert found.status_code == 200, found.text
    plain: dict[str, Any] = found.json()
    return plain


def cells(table: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    names = [c["name"] for c in table["columns"]]
    return {(row["name"], name): cell for row in table["rows"] for name, cell in zip(names, row["cells"], strict=True)}


def test_what_the_total_hides_is_the_sentence_on_top(client: Client) -> None:
    page = twin(client, f"/compare/csat.delivery?{PERIOD}")
    assert page["sentence"].startswith("CSAT for delivery fell in Norway:")
    assert page["sentence"].endswith("The total does not show it.")
    assert (page["mark"], page["tone"]) == ("fell", "worse")
    assert page["patterns"][0]["gap"].startswith("−")
    assert "percentage points (" in page["patterns"][0]["gap"]
    assert "/measures/csat.delivery?market=NO" in page["patterns"][0]["href"]


def test_colour_only_where_a_verdict_stands(client: Client) -> None:
    (table,) = twin(client, f"/compare/csat.delivery?{PERIOD}")["tables"]
    found = cells(table)
    assert found["Norway", "All channels"]["tone"] == "worse"
    assert found["Norway", "All channels"]["mark"] == "fell"
    coloured = {place for place, cell in found.items() if cell["tone"] != "none"}
    assert all(found[place]["mark"] in {"rose", "fell"} for place in coloured)
    assert all(row in {"Norway", "Sweden"} for row, _ in coloured)
    assert found["Denmark", "web"]["state"] == "few"
    assert "30 are needed" in found["Denmark", "web"]["says"]


def test_cells_are_what_the_one_answer_says(client: Client, house: House) -> None:
    answers = client.get("/v1/answers", params={"measure": "csat.delivery", "by": "market,channel", "period": "2026-08-03..2026-11-01"}).json()
    (table,) = twin(client, f"/compare/csat.delivery?{PERIOD}")["tables"]
    counted = {(g["key"]["market"], g["key"]["channel"]): g.get("n") for g in answers["groups"]}
    assert cells(table)["Norway", "app"]["n"] == str(counted["NO", "app"])
    assert house.engine.epoch()


def test_against_the_rest_of_the_table(client: Client) -> None:
    page = twin(client, f"/compare/csat.delivery?{PERIOD}&against=rest&rows=channel&columns=market")
    (table,) = page["tables"]
    cell = cells(table)["All channels", "Norway"]
    assert (cell["mark_name"], cell["tone"]) == ("lower than the rest", "worse")
    assert cells(table)["All channels", "All markets"]["mark"] == "none"
    assert page["beside_rest"]


def test_a_third_dimension_has_a_table_for_each_value(client: Client) -> None:
    page = twin(client, f"/compare/csat.delivery?{PERIOD}&each=segment")
    assert sorted(t["title"] for t in page["tables"]) == ["large", "small"]
    assert all(t["caption"].endswith(t["title"]) for t in page["tables"])


def test_the_table_can_be_heard(client: Client) -> None:
    page = client.get(f"/compare/csat.delivery?{PERIOD}").text
    assert '<caption class="away">Markets by channel</caption>' in page
    assert re.search(r'<th scope="row">Norway</th>', page)
    assert page.count('<th scope="col"') >= 4
    assert 'aria-label="Markets by channel"' in page
    assert 'tabindex="0"' in page
    assert 'aria-label="fell"' in page
    assert "style=" not in page


def test_links_lead_to_the_same_filters_and_open(client: Client) -> None:
    (table,) = twin(client, f"/compare/csat.delivery?{PERIOD}")["tables"]
    cell = cells(table)["Norway", "app"]
    assert "market=NO" in cell["href"]
    assert "channel=app" in cell["href"]
    assert client.get(cell["href"]).status_code == 200
    assert client.get(cell["voices"]).status_code == 200


def test_who_may_not_read_voices_gets_no_link_to_them(client: Client, house: House) -> None:
    seen_by = signed_in(house, "viewer") | {"authorization": ""}
    page = client.get(f"/compare/csat.delivery.json?{PERIOD}", headers=seen_by).json()
    assert all(not cell["voices"] for cell in cells(page["tables"][0]).values())
    assert not page["patterns"][0]["voices"]


def test_only_what_is_within_the_scope(client: Client, house: House) -> None:
    seen_by = signed_in(house, "analyst", Scope({"market": frozenset({"SE", "FI"})})) | {"authorization": ""}
    page = client.get(f"/compare/csat.delivery.json?{PERIOD}", headers=seen_by).json()
    team = client.get(f"/teams/NO?dimension=market&{PERIOD}", headers=seen_by)
    assert {row["name"] for row in page["tables"][0]["rows"]} == {"Sweden", "Finland", "All markets"}
    assert "Norway" not in str(page["patterns"])
    assert team.status_code == 404


def test_protected_people_are_not_searched_nor_subtracted(client: Client) -> None:
    page = twin(client, f"/compare/pulse.mood?{PERIOD}&rows=unit&against=rest")
    assert page["patterns"] == []
    assert "protected" in page["searched"]
    assert all(cell["mark"] == "none" for cell in cells(page["tables"][0]).values())
    team = twin(client, f"/teams/North?{PERIOD}")
    block = next(b for b in team["blocks"] if b["id"] == "pulse.mood")
    assert "protected" in block["bears"]
    assert (block["share"], block["given"]) == ("", None)


def test_teams_side_by_side(client: Client) -> None:
    page = twin(client, f"/teams?dimension=market&{PERIOD}")
    assert page["sentence"] in {"One team differs from the rest.", "2 teams differ from the rest."}
    norway = next(row for row in page["table"]["rows"] if row["name"] == "Norway")
    assert norway["href"].startswith("/teams/NO?dimension=market")
    assert any(cell["mark_name"] == "lower than the rest" and cell["tone"] == "worse" for cell in norway["cells"])
    assert page["protected"] == ["Mood"]


def test_a_team_sees_what_must_be_strengthened_and_how_it_bears(client: Client) -> None:
    page = twin(client, f"/teams/NO?dimension=market&{PERIOD}")
    assert page["sentence"] == "Norway: something must be strengthened."
    assert {one["tone"] for one in page["strengthen"]} == {"worse"}
    assert page["works"] == []
    block = page["blocks"][0]
    assert block["bears"].startswith("The whole is lower with Norway than without: −")
    assert block["share"].replace("\N{NO-BREAK SPACE}", " ") == "31 % of the answers"
    assert [row[0] for row in block["given"]["table"]["rows"]] == ["Sweden", "Norway", "Finland", "Denmark"]


def test_charts_of_a_team_are_valid_and_carry_no_colour(client: Client) -> None:
    block = twin(client, f"/teams/NO?dimension=market&{PERIOD}")["blocks"][0]
    for spec in (block["trend"]["spec"], block["given"]["spec"]):
        alt.LayerChart.from_dict(spec, validate=True)
        assert all(not {"color", "fill", "stroke"} & {*layer["mark"], *layer["encoding"]} for layer in spec["layer"])
        assert packed(spec)["rows"]
    drawn = [layer["mark"]["type"] for layer in block["given"]["spec"]["layer"]]
    assert drawn.count("point") == drawn.count("text") >= 1
    assert drawn.count("rule") == drawn.count("point") + 1, "a dot never stands without its interval, and 0 is drawn"
    names = [r["name"] for layer in block["trend"]["spec"]["layer"] for r in layer["data"]["values"] if "name" in r]
    assert names == ["the rest"]


def test_a_name_with_signs_in_it_is_found(client: Client) -> None:
    page = twin(client, f"/teams?{PERIOD}")
    href = next(row["href"] for row in page["table"]["rows"] if row["name"] == "South & East")
    assert client.get(href).status_code == 200


@pytest.mark.parametrize(("address", "says"), [
    ("/teams/Nrth", "North"), ("/teams?dimension=untis", "unit"), ("/compare/csat.delivry", "csat.delivery"),
    ("/compare/csat.delivery?rows=markt", "market"), ("/compare/csat.delivery?columns=no", "Dimensions:"),
    ("/compare/csat.delivery?colums=market", "column"), ("/compare/csat.delivery?market=XX", "XX"),
])  # fmt: skip
def test_what_is_not_there_is_said_with_what_is_near(client: Client, address: str, says: str) -> None:
    page = client.get(address)
    assert page.status_code in {404, 422}
    assert says in page.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language(client: Client, language: str) -> None:
    for address in ("/compare", f"/compare/csat.delivery?{PERIOD}", "/teams", f"/teams/NO?dimension=market&{PERIOD}"):
        page = client.get(address, headers={"cookie": f"lang={language}"}, params=None)
        assert page.status_code == 200
    said = client.get(f"/v1/patterns?measure=csat.delivery&{PERIOD}&language={language}").json()
    assert said["patterns"][0]["key"] == {"market": "NO"}
    assert said["patterns"][0]["hidden_by_the_total"]
    assert language == "en" or "it went from" not in said["sentence"]


def test_cuts_that_an_address_asks_for() -> None:
    assert read_cut({}) == Cut(read_cut({}).asked)
    assert read_cut({"rows": "channel"}).columns == "market"
    assert read_cut({"rows": "market", "columns": "market"}).columns == "segment"
    assert read_cut({"each": "market"}).each == ""
    assert read_cut({"columns": ""}).columns == "segment"
    with pytest.raises(BadInput, match="No dimension 'markt'"):
        read_cut({"each": "markt"})


def test_the_three_doors_say_the_same(client: Client, house: House) -> None:
    from gensvar.serve.front import Hub

    hub = Hub(house)
    asked = {"measure": "csat.delivery", "period": "2026-08-03..2026-11-01"}
    found = client.get("/v1/patterns", params=asked).json()
    assert [dict(p.key) for p in hub.patterns(**asked).patterns] == [p["key"] for p in found["patterns"]]
    team = client.get("/v1/team", params={"team": "NO", "dimension": "market", "period": asked["period"]}).json()
    (bears,) = [b for b in hub.teams("market", period=asked["period"]) if b.measure.id == "csat.delivery"]
    own = next(b for b in bears.groups if b.key == {"market": "NO"})
    told = next(m for m in team["measures"] if m["own"]["question"]["measure"] == "csat.delivery")
    assert (told["bearing"]["bears"], told["bearing"]["value"]) == (own.bears, own.value)
    compared = client.get("/v1/compare", params=asked | {"compare": "rest"}).json()
    question = parse_question("csat.delivery", "market,channel", period=asked["period"], compare="rest", today=house.today())
    own_answer = answer_json(hub.desk.ask(question, "en"))
    assert compared["cells"] == own_answer | {"epoch": compared["cells"]["epoch"]}, "the hub may have moved on between the two"
    assert compared["whole"]["groups"][0]["n"] == sum(g.get("n", 0) for g in compared["rows"]["groups"])
