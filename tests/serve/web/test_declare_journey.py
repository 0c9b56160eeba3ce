"""The form that declares a journey: what it may be made of, what it would count, what is wrong with it and where, and whose right it is."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import msgspec
import pytest
from rich.console import Console

from gensvar import flow
from gensvar.explain.journeys import Journey
from gensvar.house import House, open_house
from gensvar.kit.clock import At
from gensvar.kit.scope import Scope, whole
from gensvar.kit.settings import read_settings
from gensvar.serve import show_journeys
from gensvar.serve.desk import HouseDesk
from gensvar.serve.desks import journey_marks
from gensvar.serve.desks.journey_marks import Mark
from gensvar.serve.desks.why_journeys import declared
from gensvar.serve.operations import BY_NAME, parsed
from gensvar.serve.web.journey_draft import Draft, Line, Wrong, draft_from, draft_of, journey_of
from gensvar.serve.web.words import Words
from tests.explain.journeys.messy import Log
from tests.explaining.firms import INTRANET
from tests.serve.web.journeying import PAYMENT
from tests.serve.web.visitors import Site, Visitor, site_of

W = Words("en")
MARKS = (Mark("search"), Mark("pay", "choose"), Mark("paid"), Mark(kind="call", touchpoint="invoice"), Mark("blocked"))
TIMES = {"window_hours": "48", "pause_minutes": "30", "support_hours": "24"}
GOOD = Draft(
    "buying", "Buying", steps=(Line("1", "search"), Line("2", "pay: choose", "Chosen", "checkout"), Line("3", "paid")),
    stops=(Line("", "feedback: call, invoice"),),
)  # fmt: skip
BOOKING = {
    "name": "Booking", "key": "", "who": "party", **TIMES, "step-1-place": "2", "step-1-mark": "booked", "step-1-name": "Booked",
    "step-2-place": "1", "step-2-mark": "search: rooms", "step-3-place": "3", "stop-1-mark": "sold_out",
}  # fmt: skip


# ── what the fields say ──


def test_what_was_sent_is_read_in_the_order_of_its_places() -> None:
    draft = draft_from(BOOKING)
    assert (draft.key, draft.name) == ("booking", "Booking")
    assert [(s.place, s.mark, s.name) for s in draft.steps] == [("1", "search: rooms", ""), ("2", "booked", "Booked")]
    assert [s.mark for s in draft.stops] == ["sold_out"]


def test_the_form_of_a_journey_says_that_journey() -> None:
    known = [journey_marks.mark_of(s) for s in (*PAYMENT.steps, *PAYMENT.blocked)]
    assert journey_of(draft_of(PAYMENT), known, ["payment"], W) == PAYMENT


def test_a_step_is_called_as_what_tells_it_where_it_has_no_name_of_its_own() -> None:
    made = journey_of(GOOD, MARKS, (), W)
    assert isinstance(made, Journey)
    assert [(s.name, s.event, s.step) for s in made.steps] == [("search", "search", ""), ("Chosen", "pay", "choose"), ("paid", "paid", "")]
    assert (made.touchpoints, made.blocked[0].kind, made.blocked[0].touchpoint) == ({"Chosen": "checkout"}, "call", "invoice")


def faults(**change: Any) -> dict[str, str]:
    found = journey_of(replace(GOOD, **change), MARKS, ("taken",), W)
    assert isinstance(found, tuple)
    return {fault.field: fault.says for fault in found}


@pytest.mark.parametrize(
    ("change", "field", "says"),
    [
        ({"name": ""}, "name", "Write what the journey is called"),
        ({"key": "Not this"}, "key", "small letters"),
        ({"key": "taken"}, "key", "taken is declared already"),
        ({"who": "planet"}, "who", "whose errands"),
        ({"steps": GOOD.steps[:1]}, "step-2-mark", "at least two steps"),
        ({"steps": (Line("1", "serch"), *GOOD.steps[1:])}, "step-1-mark", "Step 1: nothing that has come in is called serch. Did you mean search?"),
        ({"steps": (Line("1", "zzzzzz"), *GOOD.steps[1:])}, "step-1-mark", "The list below says what has"),
        ({"steps": (Line("1", "", "A name"), *GOOD.steps[1:])}, "step-1-mark", "Step 1: choose what tells it"),
        ({"steps": (*GOOD.steps, Line("4", "paid"))}, "step-4-mark", "paid tells Step 3 already"),
        ({"steps": (*GOOD.steps[:2], Line("3", "paid", "Chosen"))}, "step-3-name", "Step 2 is called Chosen already"),
        ({"stops": (Line("", "paid"),)}, "stop-1-mark", "paid tells Step 3 already"),
        ({"times": {**TIMES, "window_hours": "soon"}}, "window_hours", "write a number from 0.01 to 87,840"),
        ({"times": {**TIMES, "support_hours": "nan"}}, "support_hours", "write a number"),
        ({"times": {**TIMES, "window_hours": "1", "pause_minutes": "90"}}, "pause_minutes", "longer than the errand may take"),
    ],
)
def test_each_fault_stands_at_its_field_with_what_was_perhaps_meant(change: dict[str, Any], field: str, says: str) -> None:
    found = faults(**change)
    assert list(found) == [field]
    assert says in found[field]


def test_all_faults_are_told_at_once() -> None:
    assert set(faults(name="", steps=(), times={})) == {"name", "step-1-mark", "window_hours", "pause_minutes", "support_hours"}
    assert Wrong("name", "Write what the journey is called.") in journey_of(Draft(), MARKS, (), W)  # type: ignore[operator]


# ── the page, and the other doors ──


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A hotel: of eighty guests that search, forty book and ten find it sold out; a Norwegian event that few saw; and an intranet."""
    settings = read_settings({"data": str(tmp_path_factory.mktemp("hotel") / "house"), "memory_mb": "512", "port": "0"}, env={})
    with open_house(settings, At("2026-03-20T12:00:00")) as made:
        log, at = Log(), datetime(2026, 2, 1, 9, tzinfo=UTC)
        for who in range(80):
            log.event(who, at, "search", "rooms")
            if who < 50:
                log.event(who, at + timedelta(minutes=5), "booked" if who < 40 else "sold_out")
            log.event(who, at, "read_news", source="intranet")
            log.said(who, at + timedelta(hours=1), "call", touchpoint="desk")
        for who in range(3):
            log.event(who, at, "fjord", market="NO")
        log.event(1, datetime(2026, 3, 19, 9, tzinfo=UTC), "page_view")  # events come in still
        flow.add_source(made, INTRANET, "test")
        log.into(made.engine)
        flow.recount(made)
        yield made


@pytest.fixture(scope="module")
def site(house: House) -> Iterator[Site]:
    with site_of(house) as made:
        yield made


@pytest.fixture
def owner(site: Site) -> Visitor:
    return site.visitor("owner")


def test_steps_are_chosen_from_what_came_in_within_the_readers_part_and_never_from_protected_sources(house: House) -> None:
    all_of = journey_marks.seen(HouseDesk(house, whole()))
    often = {m.text: m.rows for m in all_of.marks}
    assert often == {
        "search": 80, "search: rooms": 80, "booked": 40, "sold_out": 10, "fjord": 3, "page_view": 1, "feedback: call": 80, "feedback: call, desk": 80,
    }  # fmt: skip
    assert all_of.touchpoints == ("desk",)
    sweden = journey_marks.seen(HouseDesk(house, Scope({"market": frozenset({"SE"})})))
    assert "fjord" not in {m.text for m in sweden.marks}
    many = journey_marks.seen(HouseDesk(house, Scope(least={"customer": 20})))
    assert {m.text for m in many.marks if m.event} == {"search", "search: rooms", "booked"}


def test_the_form_shows_what_it_would_count_before_anything_is_kept(house: House, owner: Visitor) -> None:
    page = owner.page("/declare-journey")
    assert '<option value="search: rooms">seen 80 times</option>' in page
    shown = owner.post("/declare-journey", page, **BOOKING, do="preview")
    assert shown.status_code == 200, shown.text
    assert "It would count 80 errands, of 80 customers." in shown.text
    assert 'value="search: rooms"' in shown.text, "what was chosen still stands in the form"
    assert declared(HouseDesk(house, whole())) == ()


def test_a_journey_is_saved_changed_and_removed_without_a_script(house: House, owner: Visitor) -> None:
    to, desk = "/declare-journey", HouseDesk(house, whole())
    assert owner.send(to, to, **BOOKING, do="save") == (303, "/journeys#declared")
    (made,) = declared(desk)
    assert ([s.name for s in made.steps], made.window_hours, made.declared) == (["rooms", "Booked"], 48.0, True)
    listed = owner.page("/journeys")
    assert "rooms → Booked" in listed
    assert "counted so from the next look on" in listed

    assert owner.send(to, to, **BOOKING, do="save")[0] == 422, "a second one of the same name in addresses"
    page = owner.page("/declare-journey?key=booking")
    assert "Change Booking" in page
    changed = {**BOOKING, "name": "Booking a room", "key": "booking", "fixed": "1", "window_hours": "24"}
    assert owner.post(to, page, **changed, do="save").status_code == 303
    assert [(j.key, j.name, j.window_hours) for j in declared(desk)] == [("booking", "Booking a room", 24.0)]

    assert owner.send("/undeclare-journey", "/declare-journey?key=booking", key="booking") == (303, "/journeys#declared")
    assert declared(desk) == ()
    assert owner.send("/undeclare-journey", to, key="booking")[0] == 404


def test_what_is_wrong_is_said_on_the_form_and_nothing_is_kept(house: House, owner: Visitor) -> None:
    page = owner.page("/declare-journey")
    shown = owner.post("/declare-journey", page, **{**BOOKING, "step-1-mark": "boked", "pause_minutes": "-1"}, do="save")
    assert shown.status_code == 422
    assert "2 things are not right yet" in shown.text
    assert '<a href="#step-2-mark">Step 2: nothing that has come in is called boked. Did you mean booked?</a>' in shown.text
    assert shown.text.count('aria-invalid="true"') == 2
    assert declared(HouseDesk(house, whole())) == ()


def test_nobody_walks_it_and_room_for_more_are_answers_too(owner: Visitor) -> None:
    page = owner.page("/declare-journey")
    nobody = {**BOOKING, "step-2-mark": "fjord", "step-1-mark": "feedback: call, desk", "who": "session"}
    assert "Nobody is seen to take this journey." in owner.post("/declare-journey", page, **nobody, do="preview").text
    more = owner.post("/declare-journey", page, **{**BOOKING, **{f"step-{n}-name": f"s{n}" for n in range(1, 5)}}, do="more")
    assert more.status_code == 200
    assert "Step 6" in more.text
    assert "aria-invalid" not in more.text


def test_what_it_would_count_is_told_at_every_door(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = [{"name": "Search", "event": "search"}, {"name": "Booked", "event": "booked"}]
    given = {"key": "booking", "name": "Booking", "steps": steps}
    operation = BY_NAME["preview_journey"]
    told = msgspec.to_builtins(operation.run(HouseDesk(house, whole()), parsed(operation.params, given)))
    assert (told["counted"]["errands"], told["fates"]["straight"]) == (80, 40)
    console = Console(file=StringIO(), width=120)
    show_journeys.journey(told, console)
    assert "Booking: 50% (" in console.file.getvalue()  # type: ignore[attr-defined]
    few = operation.run(HouseDesk(house, Scope(least={"customer": 200})), parsed(operation.params, given))
    assert few["why"] == "too_few"
    monkeypatch.setattr(journey_marks, "MOST_ROWS", 0)
    much = operation.run(HouseDesk(house, whole()), parsed(operation.params, {**given, "name": "More"}))
    assert (much["why"], much["most"]) == ("too_much", 0)
    assert declared(HouseDesk(house, whole())) == ()


def test_a_name_in_the_address_that_is_nearly_right_is_told(owner: Visitor) -> None:
    assert owner.get("/declare-journey?key=nothing") != ""
    assert owner.answers[-1] == 404
    owner.get("/declare-journey?kye=booking")
    assert owner.answers[-1] == 422


def test_only_whoever_may_settle_definitions_finds_the_form(site: Site) -> None:
    analyst = site.visitor("analyst")
    analyst.get("/declare-journey")
    assert analyst.answers[-1] == 403
    assert "/declare-journey" not in analyst.page("/journeys")
    assert analyst.send("/declare-journey", "/account", **BOOKING, do="save")[0] == 403
    assert analyst.twin("/journeys")["declared"] == []
