"""API items: good bodies whole, bad ones item by item; rows of canonical items and of mapped ones."""

import json
from typing import Any

import pytest

from gensvar.contracts import Measures
from gensvar.hub import decode, receive_items
from gensvar.kit.errors import BadInput, TooLarge
from gensvar.kit.ids import record_key, row_ids
from tests.hub.sources import NOW, SECRET, contract, good

ITEM: dict[str, Any] = {"source": "helpdesk", "record": "1", "item": "rating", "occurred_at": "2026-10-31T10:00:00Z", "text": "Tack"}
EVENT: dict[str, Any] = {"source": "helpdesk", "record": "1", "occurred_at": "2026-10-31T10:00:00Z", "name": "order", "value": 3}
KNOWN = {"helpdesk": contract()}


def body(*items: Any) -> bytes:
    return json.dumps(list(items)).encode()


def item(number: int, **changes: Any) -> dict[str, Any]:
    return {**ITEM, "record": str(number), **changes}


BAD_ITEMS: list[tuple[Any, str]] = [
    (5, "Expected `object`"),
    ([], "Expected `object`"),
    (None, "Expected `object`"),
    ({}, "source"),
    (item(2, source=""), "length >= 1"),
    (item(2, source=7), "Expected `str`"),
    (item(2, record=""), "`record` must be given"),
    (item(2, record="  "), "`record` must be given"),
    (item(2, record=2), "Expected `str`"),
    (item(2, record="x" * 501), "length <= 500"),
    (item(2, item=""), "`item` must be given"),
    (item(2, occurred_at=None), "`occurred_at` must be given"),
    (item(2, occurred_at="2026-10-31T10:00:00"), "timezone"),
    (item(2, occurred_at="2026-10-31"), "Invalid"),
    (item(2, occurred_at="2026-02-30T10:00:00Z"), "Invalid"),
    (item(2, occurred_at="0000-01-01T00:00:00Z"), "Invalid"),
    (item(2, occurred_at=1790000000), "Expected `datetime | null`"),
    (item(2, text=None), "at least one of"),
    (item(2, text=4), "Expected `str | null`"),
    (item(2, text="x" * 100_001), "length <= 100000"),
    (item(2, score=4), "needs a `measure`"),
    (item(2, score="4", measure="csat.support@2"), "Expected `float | null`"),
    (item(2, score=True, measure="csat.support@2"), "Expected `float | null`"),
    (item(2, score=[4], measure="csat.support@2"), "Expected `float | null`"),
    (item(2, audience="aliens"), "Invalid enum value"),
    (item(2, scroe=4), "did you mean 'score'"),
    (item(2, party={"mail": "a@b.se"}), "unknown field `mail`"),
    (item(2, party="kim"), "Expected"),
    (item(2, attrs={"a": {"b": 1}}), "Expected"),
    (item(2, attrs=[1]), "Expected"),
    (item(1), "came earlier in this request"),
    ({"source": "helpdesk", "row": {}}, "no columns"),
    ({"source": "helpdesk", "row": [1]}, "Expected"),
    ({"source": "helpdesk", "row": {"a": 1}, "text": "x"}, "cannot be given beside it"),
    ({"source": "helpdesk", "row": {"a": json.loads("[" * 20 + "]" * 20)}}, "levels deep"),
]


@pytest.mark.parametrize(("bad", "why"), BAD_ITEMS)
def test_a_bad_item_is_named_and_its_neighbours_are_taken(bad: Any, why: str) -> None:
    got = decode(body(item(1), bad, item(3)))
    assert [i.record for i in got.items] == ["1", "3"]
    assert len(got.problems) == 1
    assert got.problems[0][0] == 1
    assert why in got.problems[0][1]
    assert list(got.places) == [0, 2]


@pytest.mark.parametrize(
    "broken", [b"", b" ", b"[", b"{", b"nul", b"\xff\xfe", b"[{}", b"{}{}", b"[1,]", b"NaN", b"'a'", b"[" * 100_000, b'{"a":' * 50_000]
)
def test_a_body_that_is_no_json_is_refused(broken: bytes) -> None:
    with pytest.raises(BadInput, match="not JSON"):
        decode(broken)


def test_one_object_is_a_body_too() -> None:
    got = decode(json.dumps(ITEM).encode())
    assert len(got.items) == 1
    assert got.ids() == [row_ids([record_key("helpdesk", "1")], ["rating"], [0])[0][6:].hex()]
    assert decode(json.dumps(5).encode()).problems[0][0] == 0


def test_a_thousand_items_fit_and_no_more() -> None:
    assert len(decode(body(*(item(i) for i in range(1_000)))).items) == 1_000
    with pytest.raises(TooLarge):
        decode(body(*(item(i) for i in range(1_001))))


def test_items_can_be_refused_afterwards() -> None:
    got = decode(body(item(1), item(2), 5)).refusing(lambda i: "not today" if i.record == "1" else None)
    assert [i.record for i in got.items] == ["2"]
    assert got.problems[0] == (0, "not today")
    assert [place for place, _ in got.problems] == [0, 2]


@pytest.mark.parametrize(
    ("written", "kept"),
    [('"half \\ud800 pair"', "half \ufffd pair"), ('"nul\\u0000l"', "null"), ('"\\ud83d\\ude00"', "\U0001f600"), ('"back\\\\ud800"', "back\\ud800")],
)
def test_odd_characters_never_cost_the_text(written: str, kept: str) -> None:
    raw = json.dumps(ITEM).replace('"Tack"', written).encode()
    row = receive_items(decode(raw).items, KNOWN, Measures(), SECRET, NOW)[0].table.to_pylist()[0]
    assert row["text"] == kept


SET_ASIDE = [
    ({"score": 9, "measure": "csat.support@2"}, "off_scale"),
    ({"score": 3.5, "measure": "csat.support@2"}, "off_scale"),
    ({"score": 3, "measure": "csat.suport@2"}, "unknown_measure"),
    ({"occurred_at": "1969-12-31T23:59:59Z"}, "bad_time"),
    ({"occurred_at": "2101-01-01T00:00:00Z"}, "bad_time"),
    ({"occurred_at": "9999-12-31T23:59:59Z"}, "bad_time"),
]


@pytest.mark.parametrize(("broken", "reason"), SET_ASIDE)
def test_an_item_that_only_the_definitions_can_judge_is_set_aside(broken: dict[str, Any], reason: str) -> None:
    decoded = decode(body(item(1), item(2, **broken), item(3)))
    got = receive_items(decoded.items, KNOWN, Measures(), SECRET, NOW)[0]
    assert [s.reason for s in got.set_aside] == [reason]
    assert got.table["record"].to_pylist() == ["1", "3"]
    assert decode(got.set_aside[0].raw.encode()).items[0] == decoded.items[1]


def test_a_canonical_item_replaces_only_itself_and_its_person_is_hashed() -> None:
    full = item(1, kind="Problem", market="se", attrs={"plan": 2}, party={"email": "Kim@example.org", "name": "Kim"}, account={"external": "c"})
    got = receive_items(decode(body(full)).items, KNOWN, Measures(), SECRET, NOW)[0]
    row = got.table.to_pylist()[0]
    assert (got.whole, got.source, got.target) == (False, "helpdesk", "feedback")
    assert (row["kind"], row["local_kind"], row["market"], dict(row["attrs"])) == ("complaint", "Problem", "SE", {"plan": "2"})
    assert {c.kind for c in got.contacts} == {"email", "external", "name"}
    assert got.people.email[0]
    assert got.people.account[0]
    assert "kim" not in str(row).lower()


def test_events_and_rows_go_their_own_ways() -> None:
    events = receive_items(decode(body(EVENT), "events").items, KNOWN, Measures(), SECRET, NOW)
    assert [(g.target, g.table["value"].to_pylist()) for g in events] == [("events", [3.0])]
    rows = body(
        {"source": "helpdesk", "row": good(1)}, {"source": "helpdesk", "row": good(1, stars=2)}, {"source": "helpdesk", "row": {"ticket": "x"}}
    )
    got = receive_items(decode(rows).items, KNOWN, Measures(), SECRET, NOW)[0]
    assert got.whole
    assert {(r["item"], r["score"]) for r in got.table.to_pylist() if r["score"]} == {("rating", 2.0), ("nps", 9.0)}
    assert [s.reason for s in got.set_aside] == ["bad_time"]
    assert decode(got.set_aside[0].raw.encode()).items[0].row == {"ticket": "x"}


def test_what_a_contract_refuses_concerns_one_row_of_a_request() -> None:
    strict = {"helpdesk": contract("surprises: {bad_value: refuse, new_column: refuse}")}
    rows = body(*({"source": "helpdesk", "row": r} for r in (good(1), good(2, stars="x"), good(3, extra="y"))))
    got = receive_items(decode(rows).items, strict, Measures(), SECRET, NOW)[0]
    assert [s.reason for s in got.set_aside] == ["refused"] * 2 or got.records == ["t1"]
    assert got.records == ["t1"]


def test_rows_of_a_source_without_a_contract_are_set_aside() -> None:
    got = receive_items(decode(body({"source": "new", "row": {"a": 1}})).items, {}, Measures(), SECRET, NOW)[0]
    assert [s.reason for s in got.set_aside] == ["no_contract"]
