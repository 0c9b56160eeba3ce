"""Journeys through the other doors: as data, on the command line, from Python; and what people declare."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any, cast

import msgspec
import pytest
from litestar.testing import TestClient
from rich.console import Console

from gensvar import flow
from gensvar.explain.journeys import KIND, LIST, MAP, Fates, found_json
from gensvar.explain.journeys.infer import Heard
from gensvar.explaining import journeys as core
from gensvar.house import House, open_house
from gensvar.kit.clock import At
from gensvar.kit.errors import BadInput, ContractError, NotFound
from gensvar.kit.scope import Scope, whole
from gensvar.kit.settings import read_settings
from gensvar.ledger.audit import Wanted
from gensvar.measure import Period
from gensvar.serve import show_journeys
from gensvar.serve.access import Access
from gensvar.serve.app import build_app
from gensvar.serve.desk import HouseDesk
from gensvar.serve.desks import why_journeys
from gensvar.serve.desks.why_journeys import Asking, covered, covered_map, declared, features, one, standing
from gensvar.serve.front import Hub
from gensvar.serve.operations import BY_NAME, parsed
from gensvar.serve.why_journeys import journey_file, journey_yaml
from tests.explain.journeys.messy import BUY, Log
from tests.explaining.firms import INTRANET
from tests.houses import NOW, signed_in
from tests.serve.conftest import HERE
from tests.serve.web.journeying import JOURNEYS
from tests.serve.web.journeying import MAP as SAMPLE

BOOKING = """
key: booking
name: Booking
steps:
  - {name: Search, event: search}
  - {name: Booked, event: booked}
blocked:
  - {name: Sold out, event: sold_out}
window_hours: 48
"""


@pytest.fixture
def found(small_house: House) -> House:
    small_house.ledger.findings.keep(KIND, LIST, found_json(JOURNEYS))
    small_house.ledger.findings.keep(KIND, MAP, found_json(SAMPLE))
    return small_house


@pytest.fixture
def client(found: House) -> Iterator["TestClient[Any]"]:
    with TestClient(build_app(found, Access(found.settings, found.ledger)), base_url=HERE) as made:
        yield made


def call(house: House, operation: str, scope: Scope | None = None, /, **given: Any) -> Any:
    entry = BY_NAME[operation]
    return entry.run(HouseDesk(house, scope or whole(), "anna"), parsed(entry.params, given))


def shown(show: Any, value: Any) -> str:
    console = Console(width=150, file=StringIO())
    show(msgspec.json.decode(msgspec.json.encode(value)), console)
    return cast("StringIO", console.file).getvalue()


def test_one_journey_is_the_same_through_every_door(found: House, client: "TestClient[Any]") -> None:
    by_hub = Hub(found).journey("payment")
    by_http = client.get("/v1/journey", params={"journey": "payment"}, headers=signed_in(found, "analyst")).json()
    assert by_http["fates"] == found_json(by_hub)["fates"]
    assert by_http["friction"][0]["step"] == "Confirm"
    assert call(found, "journey", journey="payment")["steps"][1]["name"] == "Confirm"
    with pytest.raises(NotFound, match="No journey 'paymnt'"):
        Hub(found).journey("paymnt")


def test_the_command_line_says_where_it_chafes(found: House) -> None:
    listed = shown(show_journeys.journeys, call(found, "journeys"))
    assert "410 (300–540)" in listed
    assert "not told: Gift card, too few" in listed
    one = shown(show_journeys.journey, call(found, "journey", journey="payment"))
    assert "Payment: 81% (78–83) finish" in one
    assert "▼ channel android, Confirm: 76% (72–79), against 98% (96–99)" in one
    assert "does not prove" in one


def test_before_anything_was_looked_for_it_says_how(small_house: House) -> None:
    assert "gensvar why look" in shown(show_journeys.journeys, call(small_house, "journeys"))
    assert Hub(small_house).journeys().why == "never"


def test_what_is_declared_is_kept_with_its_owner_and_taken_away_again(found: House, tmp_path: Path) -> None:
    file = tmp_path / "booking.yaml"
    file.write_text(BOOKING, "utf-8")
    made = call(found, "declare_journey", **journey_file(file))
    assert (made["declared"], made["owner"], made["window_hours"]) == (True, "anna", 48)
    assert [j.key for j in declared(HouseDesk(found, whole()))] == ["booking"]
    assert "Search → Booked" in shown(show_journeys.declared, made)
    assert call(found, "undeclare_journey", key="booking") == {"removed": "booking"}
    with pytest.raises(NotFound, match="was declared"):
        call(found, "undeclare_journey", key="booking")
    assert [d.did for d in found.ledger.audit.page(Wanted(), limit=2)] == ["remove journey", "declare journey"]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"steps": [{"name": "Only", "event": "one"}]}, "a journey has 2 to 12"),
        ({"key": "Not This!"}, "its key stands in addresses"),
        ({"pause_minutes": 1e9}, "pause_minutes"),
        ({"who": "nobody"}, "who"),
    ],
)
def test_a_journey_that_cannot_be_is_refused_with_its_faults(found: House, change: dict[str, Any], fault: str) -> None:
    with pytest.raises(ContractError) as refused:
        call(found, "declare_journey", **{**journey_yaml(BOOKING), **change})
    assert fault in " ".join(refused.value.faults)
    assert declared(HouseDesk(found, whole())) == ()


@pytest.mark.parametrize("text", ["- just\n- a list", "key: [", ""])
def test_what_is_no_document_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        journey_yaml(text)


def test_only_whoever_may_settle_definitions_declares(found: House, client: "TestClient[Any]") -> None:
    _, reads = found.ledger.keys.create("reads", {"read"}, None)
    given = {"key": "x", "name": "X", "steps": [{"name": "A", "event": "a"}, {"name": "B", "event": "b"}]}
    assert client.post("/v1/journeys", json=given, headers={"authorization": f"Bearer {reads}"}).status_code == 403
    _, admin = found.ledger.keys.create("admin", {"admin"}, None)
    assert client.post("/v1/journeys", json=given, headers={"authorization": f"Bearer {admin}"}).status_code < 300


def test_a_split_with_a_part_of_few_is_not_told_at_all() -> None:
    few = covered(JOURNEYS, 25)
    assert few.journeys[0].fates == Fates(), "20 turned to another channel"
    assert [f.step for f in few.friction] == ["Confirm", "Choose"]
    assert [f.step for f in covered(JOURNEYS, 100).friction] == ["Confirm"]
    assert covered(JOURNEYS, 1) is JOURNEYS
    assert all(n.parties >= 500 for n in covered_map(SAMPLE, 500).nodes)
    assert all(k.parties >= 500 for k in covered_map(SAMPLE, 500).links)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A shop whose Norwegian customers all finish, and whose Swedish ones are stopped every other time; they call then."""
    settings = read_settings({"data": str(tmp_path_factory.mktemp("shop") / "house"), "memory_mb": "512", "port": "0"}, env={})
    with open_house(settings, At("2026-03-20T12:00:00")) as house:
        log = Log()
        for who in range(160):
            market, at = ("NO", "SE")[who % 2], datetime(2026, 2, 1 + who % 20, 9, tzinfo=UTC)
            for minutes, step in enumerate(("basket", "address", "pay")):
                log.event(who, at + timedelta(minutes=minutes), "checkout", step, market=market)
            stopped = market == "SE" and who % 4 == 1
            log.event(who, at + timedelta(minutes=5), "refused" if stopped else "paid", market=market)
            if stopped:
                log.said(who, at + timedelta(minutes=30), market=market)
        log.event(1, datetime(2026, 3, 19, 9, tzinfo=UTC), "page_view")  # events come in still
        log.into(house.engine)
        flow.recount(house)
        core.declare(house, BUY, "anna")
        yield house


def test_each_reader_counts_her_own_customers_and_nobody_elses(shop: House) -> None:
    norway = standing(HouseDesk(shop, Scope({"market": frozenset({"NO"})})), Asking(), drawn=True)
    told = one(norway.found or JOURNEYS, "buy")
    assert (told.counted.errands, told.fates.finished, told.fates.lost) == (80, 80, 0)
    assert all(n.parties <= 80 for n in (norway.map or SAMPLE).nodes)
    sweden = standing(HouseDesk(shop, whole()), Asking({"market": ("SE",)})).found or JOURNEYS
    told = one(sweden, "buy")
    assert (told.counted.errands, told.fates.finished, told.fates.support) == (80, 40, 40)
    assert (sweden.friction[0].step, sweden.friction[0].customers) == ("pay", 40)


def test_a_period_and_a_day_are_asked_of_the_same_journey(shop: House) -> None:
    desk = HouseDesk(shop, whole())
    asked = Asking(period=Period(date(2026, 2, 1), date(2026, 2, 10)), day=date(2026, 2, 6))
    found = one(standing(desk, asked).found or JOURNEYS, "buy")
    assert found.counted.errands == 80
    assert {c.by for c in found.compared} >= {"before_after", "market"}
    assert "checkout:basket" in features(desk)


def test_events_that_stopped_coming_are_no_customers_who_left(small_house: House) -> None:
    """Half began ten days before the last event came, and half on its day: of these nobody knows, however long ago that is."""
    log, last = Log(), NOW.now() - timedelta(days=60)
    for who in range(40):
        log.event(who, last - timedelta(days=10 * (who % 2)), "checkout", "basket")
    log.into(small_house.engine)
    found, _ = core.one(core.source(small_house), BUY, Heard())
    assert (found.fates.left, found.fates.unknown) == (20, 20)


def test_what_a_source_about_employees_tells_is_counted_nowhere(small_house: House) -> None:
    log, at = Log(), datetime(2026, 2, 1, tzinfo=UTC)
    for who in range(20):
        log.event(who, at, "checkout", "basket")
        log.event(who, at, "read", source="intranet")
    log.into(small_house.engine)
    assert features(HouseDesk(small_house, whole())) == ("checkout:basket", "read")
    flow.add_source(small_house, INTRANET, "test")
    assert features(HouseDesk(small_house, whole())) == ("checkout:basket",)
    given = core.source(small_house)
    assert {r["source"] for r in given.rows(given.events)} == {"shop"}


def test_too_much_to_wait_for_is_said_and_not_counted(shop: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(why_journeys, "MOST_ROWS", 10)
    seen = standing(HouseDesk(shop, whole()), Asking({"market": ("NO",)}))
    assert (seen.why, seen.rows, seen.most, seen.found) == ("too_much", 320, 10, None)


def test_whoever_waits_no_longer_is_told_and_finds_it_later(shop: House) -> None:
    desk, asked = HouseDesk(shop, whole()), Asking({"market": ("NO",), "channel": ("web",)})
    assert standing(desk, asked, wait_s=0.0).why == "counting"
    assert one(standing(desk, asked).found or JOURNEYS, "buy").counted.errands == 80, "it was counted meanwhile"


def test_what_was_found_over_the_whole_is_not_for_a_reader_of_a_part(found: House) -> None:
    desk = HouseDesk(found, Scope({"market": frozenset({"NO"})}))
    seen = standing(desk, Asking())
    assert seen.made_at is None
    assert seen.found is None or all(j.counted.errands == 0 for j in seen.found.journeys)
