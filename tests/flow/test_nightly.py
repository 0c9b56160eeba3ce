"""What is looked for by itself: when it is time, and that one fault hinders none of the others."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gensvar.explaining.nightly import KIND, Nightly, Told, due, look
from gensvar.house import House, open_house
from gensvar.kit.errors import BadInput
from gensvar.kit.settings import read_settings
from tests.ledgers import HandClock


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def house(tmp_path: Path, clock: HandClock) -> Any:
    with open_house(read_settings({"data": str(tmp_path / "house"), "memory_mb": "256"}, env={}), clock) as opened:
        opened.engine.bump()
        yield opened


def found(_: House, __: Told) -> Mapping[str, Any]:
    return {"found": 3}


def nothing(_: House, __: Told) -> Mapping[str, Any]:
    return {"why": "too_few"}


def go_on(_: Mapping[str, Any]) -> bool:
    return True


FOUND, NOTHING = Nightly("found", found), Nightly("nothing", nothing)


def names(works: list[Nightly]) -> list[str]:
    return [work.name for work in works]


def test_what_never_ran_is_due_at_once_and_then_once_a_night(house: House, clock: HandClock) -> None:
    assert names(due(house, [FOUND])) == ["found"]
    assert look(house, [FOUND], go_on) == {"found": {"found": 3}}
    assert due(house, [FOUND]) == []
    clock.at = datetime(2026, 10, 2, 0, 30, tzinfo=UTC)
    assert due(house, [FOUND]) == [], "half past two in Stockholm"
    clock.at = datetime(2026, 10, 2, 1, 30, tzinfo=UTC)
    assert names(due(house, [FOUND])) == ["found"]


def test_what_could_not_be_done_is_tried_again_once_the_hub_has_moved(house: House, clock: HandClock) -> None:
    look(house, [NOTHING], go_on)
    clock.at = datetime(2026, 10, 1, 13, tzinfo=UTC)
    assert due(house, [NOTHING]) == []
    house.engine.bump()
    assert names(due(house, [NOTHING])) == ["nothing"]


def test_one_fault_hinders_none_of_the_others(house: House) -> None:
    def refuses(_: House, __: Told) -> Mapping[str, Any]:
        raise BadInput("Nothing can be told", do="Add a measure.")

    def breaks(_: House, __: Told) -> Mapping[str, Any]:
        raise ZeroDivisionError

    done = look(house, [Nightly("refuses", refuses), Nightly("breaks", breaks), FOUND], go_on)
    assert (done["refuses"]["why"], done["breaks"], done["found"]) == ("refused", {"why": "failed"}, {"found": 3})
    assert set(house.ledger.findings.all(KIND)) == {"refuses", "breaks", "found"}


def test_the_next_is_not_begun_once_it_is_told_to_stop(house: House) -> None:
    told: list[Mapping[str, Any]] = []

    def once(progress: Mapping[str, Any]) -> bool:
        told.append(progress)
        return len(told) < 2

    assert set(look(house, [FOUND, NOTHING], once)) == {"found"}
    assert told == [{"name": "found", "done": 0, "of": 2}, {"name": "nothing", "done": 1, "of": 2}]


def test_what_is_told_to_stop_midway_is_due_again(house: House) -> None:
    def half(_: House, told: Told) -> Mapping[str, Any]:
        return {"found": 1 if told({"half": True}) else 0}

    works = [Nightly("half", half), FOUND]
    assert look(house, works, lambda progress: "half" not in progress) == {}
    assert names(due(house, works)) == ["half", "found"]
