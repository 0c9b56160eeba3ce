"""The hand that looks for reasons: waits until the hub stands still, but not for ever; does it once; and says what met a fault."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from litestar.testing import TestClient

from gensvar.explaining.nightly import Nightly, Told, look
from gensvar.house import House, open_house
from gensvar.kit.errors import BadInput
from gensvar.kit.scope import Scope
from gensvar.kit.settings import read_settings
from gensvar.serve.access import Access
from gensvar.serve.app import build_app
from gensvar.serve.nightly import LOOKING, PATIENCE_S, REST_S, Looking
from gensvar.serve.working import begin
from tests.houses import signed_in
from tests.serve.conftest import HERE


def found(_: House, __: Told) -> Mapping[str, Any]:
    return {"found": 3}


def test_it_waits_for_rest_and_not_for_ever(tmp_path: Path) -> None:
    with open_house(read_settings({"data": str(tmp_path / "house"), "memory_mb": "256"}, env={})) as house:
        looking = Looking(house, "test", lambda: False, [Nightly("found", found)])
        assert not looking._patiently(0.0, is_due=True)
        assert not looking._patiently(REST_S - 1, is_due=True)
        assert looking._patiently(REST_S, is_due=True)
        for second in range(int(REST_S), int(PATIENCE_S), 10):
            house.engine.bump()
            assert not looking._patiently(float(second), is_due=True), "something comes in all the time"
        house.engine.bump()
        assert looking._patiently(PATIENCE_S, is_due=True)
        assert not looking._patiently(PATIENCE_S, is_due=False)


def breaks(_: House, __: Told) -> Mapping[str, Any]:
    raise ZeroDivisionError


def refuses(_: House, __: Told) -> Mapping[str, Any]:
    raise BadInput("The outcome go_live is gone", do="Name another.")


def test_what_met_a_fault_is_told_where_it_would_stand_and_hinders_nothing(small_house: House) -> None:
    look(small_house, [Nightly("journeys", breaks), Nightly("impact", refuses), Nightly("features", found)], lambda _: True)
    with TestClient(build_app(small_house, Access(small_house.settings, small_house.ledger)), base_url=HERE) as client:
        page = client.get("/why.json", headers=signed_in(small_house, "analyst")).json()
        told = {part["href"]: part["trouble"] for part in page["parts"] if part["trouble"]}
        assert set(told) == {"/journeys", "/why/impact"}
        assert "our fault" in told["/journeys"]
        assert "go_live" not in str(page), "what it says may name what this reader should not see: it is in the log"
        assert told["/why/impact"] in client.get("/why", headers=signed_in(small_house, "analyst")).text
        part = client.get("/why.json", headers=signed_in(small_house, "analyst", Scope({"market": frozenset({"NO"})}))).json()
        assert not any(one["trouble"] for one in part["parts"])


def test_two_processes_do_it_once_and_one_that_stops_leaves_the_rest(small_house: House) -> None:
    done: list[str] = []
    leaving = False

    def work(name: str, *, last: bool = False) -> Nightly:
        def run(_: House, told: Told) -> Mapping[str, Any]:
            nonlocal leaving
            done.append(name)
            leaving = last
            return {"found": 1}

        return Nightly(name, run)

    small_house.engine.bump()
    works = [work("a", last=True), work("b")]
    begin(small_house, LOOKING)
    Looking(small_house, "one", lambda: leaving, works).step()
    assert done == ["a"], "it was told to leave in between"
    leaving = False
    other = Looking(small_house, "other", lambda: False, works)
    other.step()
    other.step()
    Looking(small_house, "third", lambda: False, works).step()
    assert done == ["a", "b"]
    begin(small_house, LOOKING)
    assert small_house.ledger.jobs.claim("one that is slow", 600, [LOOKING.kind])
    other.step()
    assert done == ["a", "b"], "another process has it"
