"""What the API accepted reaches the hub once: repeats, updates, deletions, bad items, crashes in between."""

from typing import Any

import msgspec
import pytest

from gensvar import flow
from gensvar.house import House
from gensvar.kit.errors import StorageFull
from tests.flow.test_import import numbers, rows

AT = "2026-09-10T08:00:00Z"


def send(house: House, *items: dict[str, Any], op: str = "feedback") -> None:
    house.ledger.inbox.submit(op, "", msgspec.json.encode(list(items)), len(items)).result(timeout=10)  # type: ignore[arg-type]


def drained(house: House) -> int:
    n = 0
    while taken := flow.drain(house, "test"):
        n += taken
    flow.recount(house)
    return n


def item(record: str, score: float = 5, **more: Any) -> dict[str, Any]:
    return {"source": "survey", "record": record, "item": "rating", "measure": "csat.delivery@1", "score": score, "occurred_at": AT, **more}


def test_accepted_items_reach_the_numbers_once(house: House) -> None:
    send(house, item("a"), item("b", 2, market="NO"))
    send(house, item("a"))
    assert drained(house) == 3
    assert len(rows(house)) == 2
    assert numbers(house).groups[0].verdict.n == 2  # type: ignore[union-attr]
    assert house.ledger.inbox.backlog().entries == 0


def test_an_update_replaces_the_item_and_moves_its_day(house: House) -> None:
    send(house, item("a"), item("b"))
    drained(house)
    send(house, item("a", 1, occurred_at="2026-08-01T00:00:00Z"))
    drained(house)
    assert sorted((r["record"], r["score"]) for r in rows(house)) == [("a", 1.0), ("b", 5.0)]
    assert numbers(house, period="2026-08").groups[0].verdict.n == 1  # type: ignore[union-attr]
    assert numbers(house, period="2026-09").groups[0].verdict.n == 1  # type: ignore[union-attr]


def test_a_crash_between_hub_and_acknowledgement_changes_nothing(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    send(house, item("a"), item("b", party={"email": "kim@example.com"}))
    with monkeypatch.context() as patch:
        patch.setattr(house.ledger.inbox, "done", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt()))
        with pytest.raises(KeyboardInterrupt):
            flow.drain(house, "test")
    before = sorted(str(r) for r in rows(house))
    drained(house)
    assert sorted(str(r) for r in rows(house)) == before
    assert len(rows(house)) == 2


def test_a_deletion_is_a_signal_too(house: House) -> None:
    send(house, item("a"), item("b"))
    house.ledger.inbox.submit("delete", "survey", msgspec.json.encode([{"source": "survey", "record": "a"}]), 1).result(timeout=10)
    drained(house)
    assert [r["record"] for r in rows(house)] == ["b"]
    send(house, item("a", 3))
    drained(house)
    assert sorted((r["record"], r["score"]) for r in rows(house)) == [("a", 3.0), ("b", 5.0)]


def test_an_item_off_the_scale_is_set_aside_and_can_be_repaired(house: House) -> None:
    send(house, item("a", 99), item("b"))
    drained(house)
    (aside,) = house.ledger.set_aside.page()
    assert aside.row.reason == "off_scale"
    made = flow.replay(house, [aside.id], {**flow.raw_of(aside.row), "score": 4})
    assert made.accepted == 1
    assert len(rows(house)) == 2


def test_raw_rows_are_mapped_by_the_contract(house: House) -> None:
    raw = {"id": "7", "answered": "2026-09-01T10:00", "mail": "x@example.com", "country": "FI", "stars": "4", "comment": "Hyvä"}
    send(house, {"source": "survey", "row": raw})
    drained(house)
    assert {(r["record"], r["item"], r["market"]) for r in rows(house)} == {("7", "rating", "FI"), ("7", "why", "FI")}


def test_events_go_their_own_way(house: House) -> None:
    send(house, {"source": "survey", "record": "e1", "name": "renewal", "occurred_at": AT, "value": 12.5, "party": {"external": "42"}}, op="events")
    drained(house)
    (event,) = rows(house, "events")
    assert (event["name"], event["value"]) == ("renewal", 12.5)
    assert len(rows(house, "parties")) == 1


def test_what_nobody_foresaw_costs_only_its_own_item(small_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    take_in = flow.take_in

    def breaks(house: House, received: Any, now: Any) -> flow.Receipt:
        if "poison" in received.records:
            raise ZeroDivisionError
        return take_in(house, received, now)

    monkeypatch.setattr(flow, "take_in", breaks)
    send(small_house, item("a"), item("poison"), item("b"))
    drained(small_house)
    assert sorted(str(r["record"]) for r in rows(small_house)) == ["a", "b"]
    (aside,) = small_house.ledger.set_aside.page()
    assert (aside.row.reason, aside.row.record) == ("unforeseen", "poison")
    monkeypatch.undo()
    assert flow.replay(small_house, [aside.id]).accepted == 1


def test_an_error_that_may_pass_gives_everything_back(small_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise StorageFull("The disk is full")

    send(small_house, item("a"))
    send(small_house, item("b"))
    with monkeypatch.context() as patch:
        patch.setattr(flow, "take_in", full)
        with pytest.raises(StorageFull):
            flow.drain(small_house, "test")
    assert drained(small_house) == 2
    assert sorted(str(r["record"]) for r in rows(small_house)) == ["a", "b"]
