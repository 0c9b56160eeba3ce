"""The page What changed: its lines and where they lead, what a reader of a part sees, how often it says itself to be wrong; and its other doors."""

from collections.abc import Iterator
from datetime import date
from io import StringIO
from typing import Any

import pytest
from litestar.testing import TestClient
from rich.console import Console

from gensvar.explain.changed import STATED, Feed, Key, Kind, Line, Seen
from gensvar.explaining.changed import NIGHTLY
from gensvar.house import House, open_house
from gensvar.kit.scope import Scope
from gensvar.kit.settings import read_settings
from gensvar.measure.answer import Estimate
from gensvar.serve import show_why
from gensvar.serve.access import Access
from gensvar.serve.app import build_app
from gensvar.serve.desk import HouseDesk
from gensvar.serve.desks import why_changed as desk
from gensvar.serve.front import Hub
from gensvar.serve.web.changed_page import spark, surprise
from gensvar.serve.web.moved_block import MOST, Moved, moved, moved_block
from gensvar.serve.web.pages import ForMany
from gensvar.serve.web.words import Words
from tests.explaining.weeks import shop
from tests.houses import NOW, signed_in
from tests.serve.conftest import HERE

DAY = date(2026, 9, 28)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    settings = read_settings({"data": str(tmp_path_factory.mktemp("changed")), "memory_mb": "512", "port": "0", "today": "2026-10-15"}, env={})
    with open_house(settings, NOW) as made:
        yield made


@pytest.fixture(scope="module")
def client(house: House) -> Iterator["TestClient[Any]"]:
    with TestClient(build_app(house, Access(house.settings, house.ledger)), base_url=HERE) as made:
        yield made


@pytest.fixture(scope="module")
def looked(house: House, client: "TestClient[Any]", tmp_path_factory: pytest.TempPathFactory) -> House:
    """The same house a year on, after a night; before that, it says that nothing has been looked at."""
    waiting = client.get("/changed.json", headers=signed_in(house)).json()
    assert (waiting["state"], waiting["headline"]) == ("waiting", "Nothing has been looked at yet.")
    assert client.get("/changed", headers=signed_in(house)).status_code == 200
    shop(house, tmp_path_factory.mktemp("files"))
    NIGHTLY.run(house, lambda _: True)
    return house


def test_each_line_says_from_what_to_what_since_when_and_leads_on(looked: House, client: "TestClient[Any]") -> None:
    page = client.get("/changed.json", headers=signed_in(looked, "administrator")).json()
    standing = next(s for s in page["sections"] if s["name"] == "now")
    line = next(x for x in standing["lines"] if "Norway" in x["says"])
    assert line["says"].startswith("CSAT for delivery fell in Norway: ")
    assert (line["mark"], line["tone"]) == ("fell", "worse")
    assert line["facts"][0].startswith("since the week of ")
    links = {x["text"]: x["href"] for x in line["links"]}
    assert links["The measure"].startswith("/measures/csat.delivery?market=NO&period=2026-")
    assert client.get(links["The measure"], headers=signed_in(looked)).status_code == 200
    assert client.get(links["The voices behind it"], headers=signed_in(looked, "administrator")).status_code == 200
    aside = next(x for x in standing["lines"] if "set aside" in x["says"])
    assert aside["tone"] == "worse"
    assert {x["text"] for x in aside["links"]} == {"The source", "What was set aside"}


def test_who_may_not_read_voices_is_not_led_to_them(looked: House, client: "TestClient[Any]") -> None:
    page = client.get("/changed.json", headers=signed_in(looked, "viewer")).json()
    assert "/voices" not in str(page["sections"])
    assert "/sources" not in str(page["sections"])


def test_a_reader_of_one_market_sees_what_moved_there_alone(looked: House, client: "TestClient[Any]") -> None:
    se = client.get("/changed.json", headers=signed_in(looked, scope=Scope({"market": frozenset({"SE"})}))).json()
    assert "You see what moved in your own part, counted from it alone." in se["lead"]
    assert "Norway" not in str(se)
    assert "fell" not in {x["mark"] for s in se["sections"] for x in s["lines"]}
    no = client.get("/changed.json", headers=signed_in(looked, scope=Scope({"market": frozenset({"NO"})}))).json()
    assert [x["says"].partition(":")[0] for s in no["sections"] for x in s["lines"] if x["mark"] == "fell"] == ["CSAT for delivery fell"]


def test_who_is_shown_groups_of_any_size_is_told_of_what_is_gone_and_others_of_no_few() -> None:
    e, none = Estimate(0.1, 0.05, 0.2, 40), Estimate(0.0, 0.0, 0.1, 0)
    gone = Line("topic", Key("topic", "price"), False, DAY, DAY, None, False, 1e-6, 1e-5, "share", e, none, e)
    made = Feed(DAY, DAY, (gone,), (), (Seen("topic", Key("topic", "price"), 0.1, 9.0),))
    assert desk.visible(made, Scope(), {"employee"}) == made
    few = desk.visible(made, Scope(least={"customer": 8}), {"employee"})
    assert (few.lines, few.seen) == ((), ())


def test_a_reader_of_a_part_is_not_kept_waiting(looked: House) -> None:
    finland = HouseDesk(looked, Scope({"market": frozenset({"FI"})}))
    assert desk.told(finland, 0.0).counting
    assert not desk.told(finland).counting


# ── on Home ──


@pytest.fixture
def home(looked: House) -> Iterator["TestClient[Any]"]:
    """A server that was started after the night."""
    with TestClient(build_app(looked, Access(looked.settings, looked.ledger)), base_url=HERE) as made:
        yield made


def test_home_tells_the_three_that_matter_most_with_their_proof(looked: House, home: "TestClient[Any]") -> None:
    told = home.get("/.json", headers=signed_in(looked, "administrator")).json()["moved"]
    assert told["headline"].startswith("Week by week, ")
    assert 1 <= len(told["lines"]) <= MOST
    fell = next(x for x in told["lines"] if x["says"].startswith("CSAT for delivery fell in Norway: "))
    assert fell["note"].startswith("The source survey had trouble at the time"), "so it stands below what nothing speaks against"
    assert "set aside" in told["lines"][0]["says"]
    text = home.get("/", headers={**signed_in(looked, "administrator"), "accept": "text/html"}).text
    assert "/measures/csat.delivery?market=NO&amp;period=2026-" in text
    assert 'href="/changed"' in text
    norway = home.get("/.json?market=NO", headers=signed_in(looked, "administrator")).json()
    assert norway["moved"] is None, "the feed is of the whole, and Home was asked for a part"


def test_home_counts_nothing_for_a_reader_of_a_part(looked: House, home: "TestClient[Any]") -> None:
    told = home.get("/.json", headers=signed_in(looked, scope=Scope({"market": frozenset({"SE"})}))).json()["moved"]
    assert told["lines"] == []
    assert told["headline"] == "What moved from week to week in your own part is counted when you open it."


def test_home_ranks_what_customers_say_before_what_came_in_and_doubts_a_source_in_trouble(looked: House) -> None:
    e = Estimate(0.1, 0.05, 0.2, 40)

    def line(kind: Kind, name: str, p: float, trouble: str = "") -> Line:
        return Line(kind, Key("source", name), True, DAY, DAY, None, False, p, p, "weekly", e, e, e, trouble=trouble)

    lines = (
        line("volume", "b", 1e-30),
        line("level", "a", 1e-3),
        line("level", "t", 1e-9, "crm"),
        line("topic", "c", 1e-4),
        line("level", "d", 1e-5),
    )
    made = Feed(DAY, DAY, lines, (), ())
    found = moved(lambda: made, Scope(), looked)
    assert ([x.key.name for x in found.lines], found.standing) == (["d", "a", "c"], 5)
    assert moved(lambda: None, Scope(), looked) == Moved("waiting")
    assert moved(lambda: Feed(DAY, DAY, (), (), ()), Scope(), looked) == Moved("told")


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (Moved("told"), "Week by week, nothing moves beyond chance."),
        (Moved("waiting"), "What moves from week to week has not been looked at yet; that is done each night."),
        (Moved("part"), "What moved from week to week in your own part is counted when you open it."),
    ],
)
def test_home_says_what_there_is_when_nothing_can_be_told(looked: House, found: Moved, says: str) -> None:
    teller = ForMany(Words("en"), HouseDesk(looked, Scope()), looked, frozenset())
    block = moved_block(found, teller)
    assert (block.headline, block.lines) == (says, ())
    assert block.more


# ── the page itself ──


def test_the_page_says_how_often_it_is_wrong_and_what_it_could_not_see(looked: House, client: "TestClient[Any]") -> None:
    page = client.get("/changed.json", headers=signed_in(looked)).json()
    assert len(page["rates"]["rows"]) == len(STATED)
    assert all(s.false <= 12 for s in STATED)
    assert ["CSAT for delivery", "Levels"] in [row[:2] for row in page["seen"]["rows"]]
    shown = client.get("/changed", headers=signed_in(looked)).text
    assert "How often this is wrong" in shown
    assert "What could not have been seen" in shown


def test_the_room_of_reasons_leads_here(looked: House, client: "TestClient[Any]") -> None:
    part = next(p for p in client.get("/why.json", headers=signed_in(looked)).json()["parts"] if p["href"] == "/changed")
    assert "change" in part["lead"][0]


def test_the_other_doors_tell_the_same(looked: House, client: "TestClient[Any]") -> None:
    told = client.get("/v1/why/changed", headers=signed_in(looked)).json()
    assert told["whole"] is True
    hub = Hub(looked).changed()
    assert hub is not None
    assert len(hub.lines) == len(told["feed"]["lines"])
    said = StringIO()
    show_why.changed(told, Console(file=said, width=200))
    assert "measure csat.delivery@1" in said.getvalue()
    show_why.changed({"feed": None}, Console(file=said, width=200))
    assert "Nothing has been looked at yet" in said.getvalue()


def test_how_surprising_is_said_in_round_numbers() -> None:
    w = Words("en")
    assert surprise(1 / 1234, w) == "by chance once in 1,200 weeks"
    assert surprise(0.2, w) == "by chance once in 5 weeks"
    assert surprise(1e-9, w) == "by chance less than once in a million weeks"


def test_a_small_line_leaves_out_weeks_of_which_nothing_is_known() -> None:
    assert spark((None, 1.0, None, 2.0)) == "32.0,20.0 96.0,2.0"
    assert spark((1.0,)) == ""
