"""Why did it change, on a real house: the planted fall is said and drawn, refusals are designed, and pages that show a change lead here."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import altair as alt
import pytest
from litestar.testing import TestClient

from gensvar.house import House
from gensvar.kit.scope import Scope
from gensvar.measure import Question
from gensvar.serve.access import Access
from gensvar.serve.app import build_app
from gensvar.serve.front import Hub
from gensvar.serve.web.change_views import steps_drawn
from gensvar.serve.web.charts import packed
from gensvar.serve.web.words import LANGUAGES, Words
from tests.explain.change.asked import BEFORE, NOW, OCTOBER, PREVIOUS, asked, stars
from tests.houses import signed_in
from tests.measure.hub import Hub as SmallHub
from tests.serve.web.comparing import made

BROWSER = {"accept": "text/html,application/xhtml+xml", "sec-fetch-site": "same-origin"}
PERIOD = "period=2026-08-03..2026-11-01"
PAGE = f"/why/change/csat.delivery?{PERIOD}"
Client = TestClient[Any]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with made(tmp_path_factory.mktemp("change")) as one:
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


def test_the_page_says_what_moved_and_draws_it_step_by_step(client: Client) -> None:
    page = twin(client, PAGE)
    assert page["why"] == ""
    assert "Answers in Norway lowered it" in page["sentence"]
    assert "Answers in Sweden raised it" in page["sentence"]
    rows = page["drawn"]["spec"]["layer"]
    bars = [r for layer in rows if layer["mark"]["type"] == "bar" for r in layer["data"]["values"]]
    tones = {r["name"]: r["tone"] for r in bars}
    assert tones["Norway"] == "worse"
    assert tones["Sweden"] == "better"
    assert tones["who: market"] == "none"
    alt.Chart.from_dict(page["drawn"]["spec"], validate=True)
    assert packed(page["drawn"]["spec"])["rows"]


def test_the_steps_lead_from_before_to_now(client: Client) -> None:
    spec = twin(client, PAGE)["drawn"]["spec"]
    [whiskers] = [layer["data"]["values"] for layer in spec["layer"] if layer["mark"].get("style") == "whisker"]
    before, *steps, now = whiskers
    assert steps[0]["start"] == pytest.approx(before["end"], abs=1e-5)
    for one, after in pairwise(steps):
        assert one["end"] == pytest.approx(after["start"], abs=1e-5)
    assert steps[-1]["end"] == pytest.approx(now["end"], abs=1e-4)


def test_the_same_in_every_language_and_without_a_script(client: Client) -> None:
    for language in LANGUAGES:
        text = client.get(PAGE, headers={"accept-language": language}).text
        assert "{gap}" not in text
        assert "<script>" not in text
    assert "hänger ihop med" in client.get(f"{PAGE}&market=NO", headers={"accept-language": "sv"}).text


def test_the_total_hides_the_two_markets_and_compare_is_near(client: Client) -> None:
    local = twin(client, PAGE)["local"]
    assert [f["mark"] for f in local["findings"]] == ["fell", "rose"]
    assert "False discoveries are held at 5" in " ".join(local["notes"])
    assert local["href"].startswith("/compare/csat.delivery?")
    assert client.get(local["href"]).status_code == 200


def test_two_groups_are_held_against_one_another(client: Client) -> None:
    page = twin(client, f"{PAGE}&market=NO&against=market%3DSE")
    assert "is lower in Norway than for Sweden" in page["sentence"]
    assert page["local"] is None
    against = next(c for c in page["choices"] if c["name"] == "against")
    assert {"market=SE", "market=FI"} <= {o["value"] for o in against["options"]}
    assert any(o["chosen"] and o["value"] == "market=SE" for o in against["options"])
    told = [page["drawn"]["title"], *page["drawn"]["table"]["head"], *(fact["text"] for fact in page["know"])]
    assert "From one group to the other, step by step" in told
    assert not [text for text in told if text in {"before", "now"} or text.endswith(" before")], "nothing came before the other"


@pytest.mark.parametrize(
    ("address", "why", "says"),
    [
        ("/why/change/csat.delivery?against=none", "nothing", "Choose a period"),
        ("/why/change/csat.delivery?period=all", "nothing", "Choose a period"),
        ("/why/change/pulse.mood", "protected", "protected"),
        (f"{PAGE}&market=DK", "few", "cannot tell yet"),
    ],
)
def test_what_cannot_be_told_is_a_page_that_says_so(client: Client, address: str, why: str, says: str) -> None:
    page = twin(client, address)
    assert page["why"] == why
    assert says in page["sentence"]
    assert page["drawn"] is None
    assert client.get(address).status_code == 200


def test_one_who_sees_sweden_alone_is_told_of_sweden_alone(house: House) -> None:
    access = Access(house.settings, house.ledger)
    with TestClient(build_app(house, access), base_url="http://127.0.0.1") as client:
        client.headers.update(BROWSER | signed_in(house, "viewer", Scope(rows={"market": frozenset({"SE"})})))
        page = twin(client, f"{PAGE}&by=unit")
        assert "Norway" not in str(page)
        assert page["why"] == ""


def test_measure_and_compare_lead_here(client: Client) -> None:
    assert f'href="/why/change/csat.delivery?{PERIOD}' in client.get(f"/measures/csat.delivery?{PERIOD}").text
    assert f'href="/why/change/csat.delivery?{PERIOD}' in client.get(f"/compare/csat.delivery?{PERIOD}").text
    listed = twin(client, "/why/change")["measures"]
    assert "/why/change/csat.delivery" in [m["href"] for m in listed]


def said_of_change(client: Client) -> str:
    """What stands under Why did it change in the room of reasons."""
    (line,) = next(p["lead"] for p in twin(client, "/why")["parts"] if p["href"] == "/why/change")
    return str(line)


def test_the_room_of_reasons_says_what_moved_most_or_that_nothing_did_as_a_whole(client: Client, house: House) -> None:
    assert said_of_change(client).startswith("No measure has visibly changed as a whole in the last three months.")
    with TestClient(build_app(house, Access(house.settings, house.ledger)), base_url="http://127.0.0.1") as norwegian:
        norwegian.headers.update(BROWSER | signed_in(house, "viewer", Scope(rows={"market": frozenset({"NO"})})))
        assert "CSAT for delivery fell" in said_of_change(norwegian)


def test_the_same_by_api_and_from_python(client: Client, house: House) -> None:
    asked = {"measure": "csat.delivery", "period": "2026-08-03..2026-11-01"}
    found = client.get("/v1/why/change", params=asked).json()
    told = Hub(house).why_change(**asked)
    assert found["sentence"] == told.sentence
    parts = [c["what_they_said"]["value"] for c in found["cells"]] + [found["who_answered"]["value"]]
    assert sum(parts) == pytest.approx(found["change"]["difference"])
    assert found["spoken_of"]["why"] == "few"


def test_what_is_only_added_up_is_drawn_without_an_interval() -> None:
    """Fourteen markets are more than are drawn: the three smallest steps are one, of which no doubt is known."""
    rows = [r for at in range(14) for day, good in ((NOW, 12 + at % 5), (BEFORE, 16)) for r in stars(good, 20, day, market=f"M{at:02}")]
    found = asked(SmallHub(rows), Question("csat.delivery", ("market",), period=OCTOBER, compare=PREVIOUS))
    layers = steps_drawn(found, Words("en")).spec["layer"]
    said = {r["name"]: r["says"] for layer in layers if layer["mark"]["type"] == "bar" for r in layer["data"]["values"]}
    assert "…" in said["M00"]
    assert "(" not in said["3 others"]
