"""Everything that explains, under attack: planted names and texts, what cannot be meant, readers of a little. Nothing breaks, nothing shows."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from litestar.testing import TestClient

from gensvar import flow
from gensvar.explaining.nightly import look
from gensvar.house import House, open_house
from gensvar.kit.clock import At
from gensvar.kit.errors import GensvarError
from gensvar.kit.scope import Scope, whole
from gensvar.kit.settings import read_settings
from gensvar.serve.access import Access
from gensvar.serve.app import build_app
from gensvar.serve.desk import HouseDesk
from gensvar.serve.front import Hub
from gensvar.serve.nightly import NIGHTLY
from gensvar.serve.operations import BY_NAME, parsed
from tests.explain.drivers.responses import OVERALL, PARTS, drawn, feedback
from tests.explain.journeys.messy import Log
from tests.houses import signed_in
from tests.serve.conftest import HERE

SCRIPT, FORMULA = "<script>alert(1)</script>", '=HYPERLINK("http://evil.example","x")'
BACKWARDS, SQL = "\u202egnp.exe", "'; DROP TABLE events; --"
PLANTED = (SCRIPT, FORMULA, "x" * 10_000, BACKWARDS, "a.b", "{name} %s {0}", SQL, "<b>", "a&amp;b")
AT = datetime(2026, 8, 20, 9, tzinfo=UTC)
PAGES = (
    "/why", "/why/drivers", "/why/drivers?drivers=events", "/why/features?use=30&after=30", "/why/onboarding", "/journeys",
    "/journeys?market=NO",
    "/changed", "/assumptions", "/why/outcomes", "/why/impact", "/why/change", "/why/employees",
)  # fmt: skip


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """People who do what is called by planted names, and say planted texts; looked at by night."""
    settings = read_settings({"data": str(tmp_path_factory.mktemp("attacked") / "house"), "memory_mb": "512", "port": "0"}, env={})
    with open_house(settings, At("2026-10-15T12:00:00")) as made:
        made.ledger.measures.add([OVERALL, *PARTS], "test")
        made.engine.merge("feedback", feedback(drawn(1, 160)))
        log = Log()
        for who in range(40):
            for at, name in enumerate(PLANTED):
                log.event(who, AT + timedelta(days=who % 20, minutes=at), name, name if at % 2 else None, market=("SE", "NO")[who % 2])
                log.said(who, AT + timedelta(days=who % 20, hours=1), text=f"{name} usch, sen leverans igen", sentiment=-0.5, language="sv",
                         topics=["delivery"], tones=["delivery=-0.6"], market=("SE", "NO")[who % 2], touchpoint=name)  # fmt: skip
        log.event(0, AT + timedelta(days=50), "paid", market="SE")
        log.into(made.engine)
        flow.recount(made)
        found = look(made, NIGHTLY, lambda _: True)
        assert not {name: told for name, told in found.items() if told.get("why") in {"failed", "refused"}}
        yield made


@pytest.fixture(scope="module")
def client(house: House) -> Iterator["TestClient[Any]"]:
    with TestClient(build_app(house, Access(house.settings, house.ledger)), base_url=HERE, raise_server_exceptions=False) as made:
        yield made


@pytest.mark.parametrize("address", PAGES)
def test_what_is_planted_is_shown_as_text_or_not_at_all(house: House, client: "TestClient[Any]", address: str) -> None:
    page = client.get(address, headers=signed_in(house, "administrator"))
    assert page.status_code == 200, page.text[:500]
    assert SCRIPT not in page.text
    assert len(page.text) < 300_000, "a name of ten thousand letters is shortened where it stands in lists"
    path, _, query = address.partition("?")
    twin = client.get(f"{path}.json" + (f"?{query}" if query else ""), headers=signed_in(house, "administrator"))
    assert twin.status_code == 200
    twin.json()


@pytest.mark.parametrize("scope", [Scope({"market": frozenset({"NO"})}), Scope(free_text=False), Scope({"channel": frozenset({"fax"})}),
                                   Scope(least={"customer": 30}), Scope({"market": frozenset({""})}), Scope({"segment": frozenset()}),
                                   Scope({"audience": frozenset({"customer"})})])  # fmt: skip
def test_readers_of_a_little_are_told_of_no_more(house: House, client: "TestClient[Any]", scope: Scope) -> None:
    headers = signed_in(house, "analyst", scope)
    for address in PAGES:
        page = client.get(address, headers=headers)
        assert page.status_code in {200, 404, 422}, f"{address}: {page.text[:300]}"
        if not scope.free_text or scope.rows.get("channel"):
            assert "usch" not in page.text
    for operation in ("drivers", "changed", "journeys", "impact", "onboarding", "features", "units", "outcomes", "assumptions"):
        asked = {"measure": OVERALL.id} if operation == "impact" else {}
        answer = client.get(BY_NAME[operation].path, params=asked, headers=headers)
        assert answer.status_code in {200, 404, 422}, f"{operation}: {answer.text[:300]}"


M = OVERALL.id
HUGE = "9" * 400
LEVEL: Mapping[str, Any] = {"text": "x", "form": "level", "measure": M}
SHORT: Mapping[str, Any] = {"key": "x", "name": "X", "steps": [{"name": "A", "event": "a"}, {"name": "B", "event": "b"}]}
QUESTIONS: tuple[tuple[str, Mapping[str, Any]], ...] = (
    ("drivers", {"outcome": "csat.overal"}), ("drivers", {"outcome": "event:nope"}), ("drivers", {"period": "2026-13"}),
    ("drivers", {"by": "colour"}),
    ("drivers", {"where": "colour=red"}), ("drivers", {"where": "market"}), ("drivers", {"compare": "never"}), ("drivers", {"language": "xx"}),
    ("drivers", {"outcome": "event:paid", "within": 0}), ("drivers", {"outcome": "event:paid", "within": HUGE}), ("drivers", {"within": "NaN"}),
    ("drivers", {"drivers": "topic:delivry"}), ("drivers", {"drivers": "event:"}), ("drivers", {"drivers": "dimension:"}),
    ("drivers", {"drivers": "x\x00y"}),
    ("why_change", {"measure": "csat.overal"}), ("why_change", {"measure": M, "period": "2026-13"}), ("why_change", {"measure": M, "by": "colour"}),
    ("why_change", {"measure": M, "compare": "never"}), ("why_change", {"measure": M, "where": "x"}),
    ("why_change", {"measure": M, "topics": "maybe"}),
    ("why_change", {"measure": M, "language": "xx"}), ("why_change", {"measure": M, "period": "0001"}), ("why_change", {"measure": M, "compare": ""}),
    ("impact", {"measure": "csat.overal"}), ("impact", {"measure": M, "where": "colour=red"}), ("impact", {"measure": M, "period": "soon"}),
    ("onboarding", {"window": -1}), ("onboarding", {"window": "NaN"}), ("onboarding", {"window": 1}), ("onboarding", {"within": HUGE}),
    ("onboarding", {"success": "nope"}), ("onboarding", {"window": 200}), ("onboarding", {"sucess": "paid"}),
    ("features", {"use": 0}), ("features", {"after": -1}), ("features", {"use": "NaN"}), ("features", {"use": 10**12}),
    ("features", {"use": 5, "after": 5, "feature": "nope/x"}),
    ("features", {"measure": "nope"}), ("units", {"dimension": "colour"}), ("units", {"employees": "nope"}), ("units", {"customers": "nope"}),
    ("journeys", {"where": "colour=red"}), ("journeys", {"where": "="}), ("journeys", {"period": "2026-99"}), ("journey", {"journey": "nope"}),
    ("journey", {"journey": "", "day": "2026-02-30"}), ("journey", {"journey": "x", "day": "0001-01-01"}),
    ("journey", {"journey": "x", "where": "colour=red"}),
    ("outcomes", {"outcome": "gone"}), ("outcomes", {"kind": "words"}), ("outcomes", {"tone": "angry"}), ("outcomes", {"outcome": SCRIPT}),
    ("assume", {**LEVEL}), ("assume", {"text": "x", "form": "level", "measure": "nope", "where": "market=NO"}),
    ("assume", {"text": "x" * 10_000, "form": "level", "measure": M, "where": "market=NO"}), ("assume", {"text": " ", "form": "level", "measure": M}),
    ("assume", {"text": "x", "form": "levle", "measure": M}), ("assume", {**LEVEL, "form": "change", "day": "2026-02-30"}),
    ("assume", {**LEVEL, "form": "change", "day": "0001-01-01"}), ("assume", {**LEVEL, "form": "change", "day": "9999-12-31"}),
    ("assume", {**LEVEL, "form": "change"}), ("assume", {"text": "x", "form": "first", "measure": M, "driver": M}),
    ("assume", {**LEVEL, "form": "outcome", "topic": "delivry", "outcome": "left"}),
    ("assume", {**LEVEL, "form": "outcome", "topic": "delivery", "outcome": "gone"}),
    ("assume", {**LEVEL, "where": "colour=red"}), ("assume", {**LEVEL, "where": "market=NO", "every_days": 0}),
    ("assume", {**LEVEL, "where": "market=NO", "every_days": HUGE}),
    ("assume", {**LEVEL, "where": "market=NO", "other": "market=NO"}),
    ("unassume", {"id": 0}), ("unassume", {"id": 999}), ("unassume", {"id": 10**30}), ("unassume", {"id": "x"}),
    ("declare_journey", {**SHORT, "steps": []}), ("declare_journey", {**SHORT, "steps": [{"name": f"s{i}", "event": "e"} for i in range(200)]}),
    ("declare_journey", {**SHORT, "steps": [{"name": "A", "event": "a"}, {"name": "A", "event": "a"}]}),
    ("declare_journey", {**SHORT, "window_hours": float("nan")}),
    ("declare_journey", {**SHORT, "pause_minutes": float("inf")}),
    ("declare_journey", {**SHORT, "window_hours": -1}),
    ("declare_journey", {**SHORT, "steps": [{"name": "A"}, {"name": "B", "event": "b"}]}),
    ("declare_journey", {**SHORT, "key": "../x"}),
    ("declare_journey", {**SHORT, "name": "X" * 10_000}),
    ("undeclare_journey", {"key": "nope"}),
)  # fmt: skip


@pytest.mark.parametrize(("operation", "given"), QUESTIONS, ids=[f"{name}-{n}" for n, (name, _) in enumerate(QUESTIONS)])
def test_what_cannot_be_meant_is_refused_and_says_what_to_do(
    house: House, client: "TestClient[Any]", operation: str, given: Mapping[str, Any]
) -> None:
    entry = BY_NAME[operation]
    with pytest.raises(GensvarError) as refused:
        entry.run(HouseDesk(house, whole(), "anna"), parsed(entry.params, given))
    assert 20 < len(str(refused.value)) < 4_000, "what, where, the nearest, what to do; and no more"
    _, key = house.ledger.keys.create("attack", {"admin"}, None)
    headers = {"authorization": f"Bearer {key}"}
    if any(isinstance(v, float) for v in given.values()):
        return  # JSON has no such numbers
    way: dict[str, Any] = {"params": given} if entry.method == "GET" else {"json": given}
    answer = client.request(entry.method, entry.path, headers=headers, **way)
    assert 400 <= answer.status_code < 500, answer.text[:300]
    assert answer.json()["detail"]


@pytest.mark.parametrize(
    ("address", "say"),
    [
        ("/why/drivers?outcome=nope", "nope"), ("/why/drivers?within=NaN", "within"), ("/why/change/nope", "nope"),
        ("/why/impact/nope", "nope"),
        ("/why/onboarding?window=-1", "window"), ("/why/onboarding?success=nope", "nope"), ("/why/features?use=1e9", "use"),
        ("/why/employees?dimension=colour", "colour"), ("/journeys?where_colour=red", "colour"), ("/journeys?period=2026-99", "2026-99"),
        ("/journeys/nope", "nope"), ("/assumptions/999", "999"), ("/assumptions/x", "x"), ("/why/outcomes?outcome=gone", "gone"),
        ("/why/outcomes/left/negative/topic:nope", "association"), ("/why/impact/csat.overall?period=2026-13", "2026-13"),
    ],
)  # fmt: skip
def test_pages_refuse_in_words(house: House, client: "TestClient[Any]", address: str, say: str) -> None:
    page = client.get(address, headers=signed_in(house, "administrator"))
    assert 400 <= page.status_code < 500, f"{page.status_code}: {page.text[:300]}"
    assert say in re.sub(r"<[^>]+>", " ", page.text)


def test_a_period_that_has_not_come_holds_nothing_and_says_so(house: House, client: "TestClient[Any]") -> None:
    headers = signed_in(house, "administrator")
    for operation, more in (("drivers", {"outcome": M}), ("why_change", {"measure": M}), ("impact", {"measure": M}), ("journeys", {})):
        answer = client.get(BY_NAME[operation].path, params={**more, "period": "2031-Q1"}, headers=headers)
        assert answer.status_code in {200, 422}, f"{operation}: {answer.text[:300]}"
    assert client.get("/journeys?period=2031-Q1", headers=headers).status_code in {200, 422}


def test_python_refuses_alike(house: House) -> None:
    hub = Hub(house)
    for ask in (
        lambda: hub.drivers("csat.overal"), lambda: hub.why_change("csat.overal"), lambda: hub.impact("csat.overal"),
        lambda: hub.onboarding("nope"), lambda: hub.features(use=0), lambda: hub.units("nope"), lambda: hub.journey("nope"),
        lambda: hub.outcomes("gone"), lambda: hub.assume("x", "levle"), lambda: hub.journeys(where="colour=red"),
    ):  # fmt: skip
        with pytest.raises(GensvarError):
            ask()
