"""Assumptions from words to a question, its answer, and its end; who may write, see and close which; and the other doors."""

from collections.abc import Iterator
from dataclasses import replace
from io import StringIO
from typing import Any

import pytest
from litestar.testing import TestClient
from rich.console import Console

from gensvar.explain.assumptions import Claim
from gensvar.explaining.assumptions import NIGHTLY
from gensvar.house import House, open_house
from gensvar.kit.clock import At
from gensvar.kit.errors import BadInput, NotAllowed, NotFound
from gensvar.kit.scope import Scope, whole
from gensvar.kit.settings import read_settings
from gensvar.serve import assuming, show_why
from gensvar.serve.access import Access
from gensvar.serve.app import build_app
from gensvar.serve.desk import HouseDesk
from gensvar.serve.desks import why_assumptions as desk
from gensvar.serve.front import Hub
from gensvar.serve.nightly import ask_new
from tests.explaining.weeks import shop
from tests.houses import NOW, signed_in
from tests.serve.conftest import HERE

NORWAY = Scope({"market": frozenset({"NO"})})
AUGUST = NOW.now().date().replace(month=8, day=3)
FELL = Claim(form="change", measure="csat.delivery", where={"market": ("NO",)}, way="lower", day=AUGUST)
SWEDEN = Claim(form="level", measure="csat.delivery", where={"market": ("NO",)}, other={"market": ("SE",)}, way="lower")
LOWER = Claim(form="level", measure="csat.delivery", where={"market": ("NO",)}, way="lower")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    settings = read_settings({"data": str(tmp_path_factory.mktemp("assumed")), "memory_mb": "512", "port": "0", "today": "2026-10-15"}, env={})
    with open_house(settings, NOW) as made:
        shop(made, tmp_path_factory.mktemp("files"))
        yield made


@pytest.fixture(scope="module")
def client(house: House) -> Iterator["TestClient[Any]"]:
    with TestClient(build_app(house, Access(house.settings, house.ledger)), base_url=HERE) as made:
        yield made


@pytest.fixture(autouse=True)
def forgotten(house: House) -> Iterator[None]:
    """Each test has a log of its own: those before are closed."""
    yield
    for one in house.ledger.assumptions.standing():
        house.ledger.assumptions.close(one.id)


def of(house: House, scope: Scope | None = None, who: str = "anna") -> HouseDesk:
    return HouseDesk(house, scope or whole(), who)


def asked(house: House, text: str, claim: Claim, reader: HouseDesk | None = None) -> int:
    """Written down, and asked as a hand of the server does."""
    number = desk.write(reader or of(house), text, claim)
    ask_new(house)
    return number


def test_words_become_a_form_a_question_and_an_answer(house: House, client: "TestClient[Any]") -> None:
    who = signed_in(house, "administrator")
    form = client.get("/assumptions/new.json?text=CSAT for delivery is lower in Norway", headers=who).json()
    assert form["form"] == "level"
    chosen = {f["name"]: next((o["value"] for o in f["options"] if o["chosen"]), "") for f in form["fields"]}
    assert chosen | {"measure": "csat.delivery", "way": "lower", "where_market": "NO"} == chosen
    assert "Found in your words: CSAT for delivery, Norway." in form["understood"]
    page = client.get("/assumptions/new?text=CSAT for delivery is lower in Norway", headers=who).text
    token = page.partition('name="token" value="')[2].partition('"')[0]
    sent = client.post("/assumptions", data={"token": token, "text": form["text"], "form": "level", **chosen}, headers=who, follow_redirects=False)
    assert sent.status_code == 303
    one = client.get(sent.headers["location"] + ".json", headers=who).json()
    assert (one["view"]["says"], one["view"]["tag"], one["view"]["counting"]) == ("", "being asked", True)
    assert "data-under-way" in client.get(sent.headers["location"], headers=who).text
    assert client.get("/assumptions.json", headers=who).json()["headline"] == "No assumption can be told yet."
    ask_new(house)
    one = client.get(sent.headers["location"] + ".json", headers=who).json()
    assert (one["view"]["says"], one["view"]["counting"]) == ("confirmed", False)
    assert one["view"]["question"] == "Is CSAT for delivery lower in Norway than for the rest?"
    assert one["view"]["evidence"][0].startswith("CSAT for delivery in Norway is ")
    assert "leaves out a difference of 5 percentage points" in one["view"]["terms"][1]
    assert len(one["history"]) == 1
    assert client.get(sent.headers["location"], headers=who).status_code == 200
    closed = client.post(sent.headers["location"] + "/close", data={"token": token}, headers=who, follow_redirects=False)
    assert closed.status_code == 303
    listed = client.get("/assumptions.json", headers=who).json()
    assert [a["closed"] for a in listed["closed"]].count(True) >= 1
    assert listed["standing"] == []


def test_a_change_after_a_day_and_what_is_assumed_wrongly(house: House) -> None:
    change = asked(house, "It fell in Norway in August", FELL)
    wrong = asked(house, "Norway is happiest", Claim(form="level", measure="csat.delivery", where={"market": ("NO",)}, way="higher"))
    assert desk.one(of(house), change).says == "confirmed"
    assert desk.one(of(house), wrong).says == "challenged"


def test_what_matters_most_and_why_they_leave_refuse_where_nothing_is_known(house: House) -> None:
    outcome = asked(house, "Price is why they leave", Claim(form="outcome", topic="price", outcome="left"))
    found = desk.one(of(house), outcome)
    assert found.says == "cannot_tell"
    assert found.evidence is not None
    assert found.evidence.why in {"too_few", "no_outcome"}
    with pytest.raises(NotFound):
        desk.write(of(house), "x", Claim(form="outcome", topic="prise", outcome="left"))
    with pytest.raises(NotFound):
        desk.write(of(house), "x", Claim(form="outcome", topic="price", outcome="gone"))
    with pytest.raises(BadInput):
        desk.write(of(house), " ", LOWER)
    with pytest.raises(BadInput):
        desk.write(of(house), "x", LOWER, every_days=1)


def test_it_is_asked_again_each_quarter_and_every_answer_is_kept(house: House) -> None:
    number = asked(house, "Norway is less content", LOWER)
    assert NIGHTLY.run(house, lambda _: True) == {"asked": 0}
    later = replace(house, clock=At("2027-02-01T12:00:00"))
    assert NIGHTLY.run(later, lambda _: True)["asked"] == 1
    assert len(desk.one(of(house), number).history) == 2
    assert NIGHTLY.run(later, lambda _: False) == {"asked": 0}


def test_a_reader_of_one_market_writes_sees_and_is_answered_of_her_own(house: House, client: "TestClient[Any]") -> None:
    everywhere = asked(house, "Norway is less content than Sweden", SWEDEN)
    mine = of(house, NORWAY, "kari")
    assert everywhere not in [t.assumption.id for t in desk.told(mine)]
    with pytest.raises(NotFound):
        desk.one(mine, everywhere)
    with pytest.raises(NotAllowed):
        desk.write(mine, "Sweden is", Claim(form="level", measure="csat.delivery", where={"market": ("SE",)}, way="lower"))
    number = desk.write(mine, "It fell", Claim(form="change", measure="csat.delivery", way="lower", day=AUGUST))
    told = desk.one(mine, number)
    assert told.claim.where == {"market": ("NO",)}
    assert told.says == "confirmed"
    assert told.history == ()
    page = client.get(f"/assumptions/{everywhere}.json", headers=signed_in(house, "analyst", NORWAY))
    assert page.status_code == 404


def test_a_reader_of_larger_groups_is_shown_no_smaller_ones(house: House) -> None:
    numbers = [asked(house, "Norway is less content", LOWER), asked(house, "It fell", FELL)]
    for number in numbers:
        found = desk.one(of(house, Scope(least={"customer": 100_000})), number)
        assert found.evidence is not None
        assert (found.says, found.evidence.now, found.evidence.gap, found.evidence.n, found.history) == ("cannot_tell", None, None, 0, ())
        assert desk.one(of(house, Scope(least={"customer": 50})), number).says == "confirmed"


def test_several_places_are_one_group_beside_the_rest(house: House) -> None:
    """Norway, where it fell, and Sweden together, beside Denmark alone: not the first of them beside the other two."""
    both = Claim(form="level", measure="csat.delivery", where={"market": ("NO", "SE")}, way="lower")
    together = desk.one(of(house), asked(house, "We two are less content than Denmark", both)).evidence
    named = replace(both, other={"market": ("DK",)})
    assert together is not None
    assert together == desk.one(of(house), asked(house, "The same, said otherwise", named)).evidence
    assert together.gap is not None


def test_a_reader_of_a_part_is_not_kept_waiting(house: House) -> None:
    asked(house, "It fell", replace(FELL, where={}))
    seen = of(house, Scope({"market": frozenset({"DK"})}))
    assert [t.counting for t in desk.told(seen, 0.0) if t.assumption.removed_at is None] == [True]
    assert not any(t.counting for t in desk.told(seen))


def test_who_may_only_look_neither_writes_nor_closes(house: House, client: "TestClient[Any]") -> None:
    number = asked(house, "Norway is less content", LOWER)
    viewer = signed_in(house, "viewer")
    assert client.get("/assumptions.json", headers=viewer).json()["may_write"] is False
    assert client.get("/assumptions/new", headers=viewer).status_code == 403
    with pytest.raises(NotAllowed):
        desk.close(of(house, who="bert"), number, anybodys=False)
    desk.close(of(house, who="bert"), number, anybodys=True)


def test_the_log_warns_of_collecting_confirmation(house: House, client: "TestClient[Any]") -> None:
    for market in ("NO", "NO", "NO"):
        asked(house, f"{market} is less content", Claim(form="level", measure="csat.delivery", where={"market": (market,)}, way="lower"))
    page = client.get("/assumptions.json", headers=signed_in(house)).json()
    assert page["headline"] == "3 assumptions hold so far."
    assert any("would surprise you" in line for line in page["lead"])
    notes = page["standing"][0]["notes"]
    assert any("other ways" in note for note in notes)
    assert any("puts it to the test" in note for note in notes)


def test_the_other_doors_do_the_same(house: House, client: "TestClient[Any]") -> None:
    sent = assuming.Assume("Norway is less content", "level", measure="csat.delivery", where="market=NO", way="lower")
    made = assuming.asked_here(of(house), sent)
    assert made.says == "confirmed"
    found = client.get("/v1/why/assumptions", headers=signed_in(house)).json()
    assert found[0]["assumption"]["id"] == made.assumption.id
    assert next(t.says for t in Hub(house).assumptions()) == "confirmed"
    said = StringIO()
    show_why.assumptions(found, Console(file=said, width=160))
    assert "confirmed: “Norway is less content”" in said.getvalue()
    show_why.assumptions([], Console(file=said, width=160))
    assert "Nobody has written down" in said.getvalue()
    assert assuming.unassume(of(house), assuming.OfNumber(made.assumption.id)) == {"closed": made.assumption.id}
    with pytest.raises(BadInput, match="day"):
        assuming.assume(of(house), assuming.Assume("x", "change", measure="csat.delivery", day="yesterday"))
