"""Bodies and items over HTTP that no honest client sends: each is refused in words or set aside, and costs no neighbour."""

import gzip
import zlib
from typing import Any

import msgspec
import pytest

from tests.badinput.sending import AT, LEFT, between_neighbours, fine, good, reasons, records, sent
from tests.serve.conftest import Served

BIG = "å" * 10_000_000
REFUSED: dict[str, dict[str, Any]] = {
    "no source": {"source": ...},
    "empty source": {"source": ""},
    "number for source": {"source": 7},
    "null source": {"source": None},
    "long source": {"source": "s" * 65},
    "unknown source": {"source": "nobody"},
    "source with a newline": {"source": "survey\n"},
    "source in capitals": {"source": "SURVEY"},
    "source with a null": {"source": "survey\x00"},
    "source that looks alike": {"source": "ѕurvey"},
    "no record": {"record": ...},
    "empty record": {"record": ""},
    "blank record": {"record": "  \t "},
    "number for record": {"record": 12},
    "list for record": {"record": ["a"]},
    "long record": {"record": "r" * 100_000},
    "record of 10 MB": {"record": BIG},
    "no item": {"item": ...},
    "blank item": {"item": " "},
    "number for item": {"item": 1.5},
    "long item": {"item": "i" * 100_000},
    "no time": {"occurred_at": ...},
    "null time": {"occurred_at": None},
    "time as a word": {"occurred_at": "yesterday"},
    "time without a zone": {"occurred_at": "2026-09-10T08:00:00"},
    "day alone": {"occurred_at": "2026-09-10"},
    "dmy": {"occurred_at": "10/09/2026 08:00"},
    "mdy": {"occurred_at": "09/10/2026 08:00"},
    "ymd with slashes": {"occurred_at": "2026/09/10"},
    "dotted": {"occurred_at": "10.09.2026"},
    "Excel's day": {"occurred_at": 46275.5},
    "month 13": {"occurred_at": "2026-13-01T00:00:00Z"},
    "30 February": {"occurred_at": "2026-02-30T00:00:00Z"},
    "hour 25": {"occurred_at": "2026-09-10T25:00:00Z"},
    "year 0": {"occurred_at": "0000-01-01T00:00:00Z"},
    "year 10000": {"occurred_at": "10000-01-01T00:00:00Z"},
    "zone too far": {"occurred_at": "2026-09-10T08:00:00+99:00"},
    "time as an object": {"occurred_at": {"$date": AT}},
    "created without a zone": {"created_at": "2026-09-10T08:00:00"},
    "score as text": {"score": "5"},
    "comma score": {"score": "4,5"},
    "score as bool": {"score": True},
    "score as list": {"score": [5]},
    "score as object": {"score": {"value": 5}},
    "no answer at all": {"score": None},
    "score without a measure": {"measure": ...},
    "empty measure": {"measure": ""},
    "number for a measure": {"measure": 1},
    "text as a number": {"text": 5},
    "text of 10 MB": {"text": BIG},
    "text as a list": {"text": ["a", "b"]},
    "market as a list": {"market": ["SE"]},
    "audience unknown": {"audience": "martian"},
    "unknown field": {"scroe": 5},
    "field in capitals": {"Score": 5},
    "party as text": {"party": "a@b.se"},
    "party with more": {"party": {"email": "a@b.se", "ssn": "1"}},
    "party's e-mail as a number": {"party": {"email": 5}},
    "attrs as list": {"attrs": ["a"]},
    "attrs nested": {"attrs": {"a": {"b": 1}}},
    "attrs with a list": {"attrs": {"a": [1]}},
    "row beside fields": {"row": {"id": "1"}},
    "prototype": {"__proto__": {"admin": True}},
    "measure of 5,000 characters": {"measure": "m" * 5_000},
    "id of the hub": {"id": "0" * 32},
}
ASIDE: dict[str, tuple[dict[str, Any], set[str]]] = {
    "below the scale": ({"score": 0}, {"off_scale"}),
    "above the scale": ({"score": 6}, {"off_scale"}),
    "far above": ({"score": 1e308}, {"off_scale"}),
    "far below": ({"score": -1e308}, {"off_scale"}),
    "between the steps": ({"score": 4.5}, {"off_scale"}),
    "smallest": ({"score": 5e-324}, {"off_scale"}),
    "unknown measure": ({"measure": "csat.delivry@1"}, {"unknown_measure"}),
    "unknown version": ({"measure": "csat.delivery@9"}, {"unknown_measure"}),
    "version 0": ({"measure": "csat.delivery@0"}, {"unknown_measure"}),
    "measure with SQL": ({"measure": "x'; DROP TABLE feedback--"}, {"unknown_measure"}),
    "year 1": ({"occurred_at": "0001-01-01T00:00:00Z"}, {"bad_time"}),
    "1900": ({"occurred_at": "1900-01-01T00:00:00Z"}, {"bad_time"}),
    "year 9999": ({"occurred_at": "9999-12-31T23:59:59Z"}, {"bad_time"}),
    "1969": ({"occurred_at": "1969-12-31T23:59:59Z"}, {"bad_time"}),
    "2101": ({"occurred_at": "2101-06-01T00:00:00Z"}, {"bad_time"}),
    "the end of time in a zone": ({"occurred_at": "9999-12-31T23:59:59-12:00"}, {"bad_time"}),
    "the start of time in a zone": ({"occurred_at": "0001-01-01T00:00:00+12:00"}, {"bad_time"}),
}
TAKEN: dict[str, dict[str, Any]] = {
    "emoji": {"text": "👩‍👩‍👧‍👦🏳️‍🌈"},
    "right to left": {"text": "مرحبا \u202eabc\u202c שלום"},
    "control characters": {"text": "a\x01\x02\x1b[31mred\x7f"},
    "null byte in text": {"text": "a\x00b"},
    "null byte in record": {"record": "x\x00y"},
    "lone surrogate": {},
    "formula": {"text": '=HYPERLINK("http://x")'},
    "SQL in the record": {"record": "x'); DROP TABLE feedback; --"},
    "SQL in text": {"text": "'; DELETE FROM feedback; --"},
    "SQL in the market": {"market": "SE' OR '1'='1"},
    "SQL in attrs": {"attrs": {"a'); DROP TABLE daily; --": "'); --"}},
    "script in text": {"text": "<script>alert(1)</script>"},
    "script in the market": {"market": "<img src=x onerror=alert(1)>"},
    "path in the record": {"record": "../../etc/passwd"},
    "percent in the record": {"record": "%2e%2e%2f%00"},
    "newlines in the record": {"record": "a\r\nb: c"},
    "byte order mark": {"text": "\ufeffbra"},
    "combining marks": {"text": "Z" + "\u0300" * 3_000},
    "private use": {"text": "\ue000\U0010fffd"},
    "blank text": {"score": 4, "text": "   "},
    "template": {"text": "{{7331*7919}} ${7*7} <%= 7*7 %>"},
    "log forging": {"text": "ok\nERROR all is lost"},
    "big attrs": {"attrs": {f"k{i}": "v" for i in range(2_000)}},
    "attrs with an empty name": {"attrs": {"": "v"}},
    "attrs with bools": {"attrs": {"a": True, "b": None, "c": 1.5}},
    "bad e-mail": {"party": {"email": "not an address"}},
    "bad phone": {"party": {"phone": "call me"}},
    "empty party": {"party": {}},
    "e-mail of 4,000": {"party": {"email": "a" * 3_900 + "@example.com"}},
    "unknown language": {"language": "xx-Klingon"},
    "leap day": {"occurred_at": "2024-02-29T12:00:00Z"},
    "after 2038": {"occurred_at": "2038-01-19T03:14:08Z"},
    "odd zone": {"occurred_at": "2026-09-10T08:00:00+05:45"},
    "nanoseconds": {"occurred_at": "2026-09-10T08:00:00.123456789Z"},
    "created in the future": {"created_at": "2099-01-01T00:00:00Z"},
    "created before time": {"created_at": "0001-01-01T00:00:00Z"},
    "created at the end of time": {"created_at": "9999-12-31T23:59:59Z"},
    "created in 1960": {"created_at": "1960-01-01T00:00:00Z"},
    "kind with a tag": {"kind": "<b>complaint</b>"},
    "minus zero": {"score": -0.0, "measure": "csat.delivery@1"},
    "choice of 4,000": {"choice": "c" * 4_000},
    "text at the limit": {"text": "x" * 90_000},
}
BODIES: dict[str, tuple[bytes, set[int]]] = {
    "nothing": (b"", {422}),
    "spaces": (b"   ", {422}),
    "null": (b"null", {422}),
    "a number": (b"5", {422}),
    "a word": (b'"x"', {422}),
    "true": (b"true", {422}),
    "an empty list": (b"[]", {422}),
    "an empty object": (b"{}", {422}),
    "lists in lists": (b"[[],[[]]]", {422}),
    "nulls": (b"[null,null]", {422}),
    "deep lists": (b"[" * 200_000 + b"]" * 200_000, {422}),
    "deep objects": (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, {422}),
    "deep row": (b'{"source":"survey","row":' + b'{"a":' * 5_000 + b"1" + b"}" * 5_000 + b"}", {422}),
    "cut in the middle": (msgspec.json.encode([LEFT] * 3)[:-20], {422}),
    "two documents": (b"{}{}", {422}),
    "JSON Lines": (b"{}\n{}", {422}),
    "trailing comma": (b"[{},]", {422}),
    "single quotes": (b"{'source':'survey'}", {422}),
    "comments": (b"[/* x */]", {422}),
    "NaN": (b'{"score":NaN}', {422}),
    "Infinity": (b'{"score":-Infinity}', {422}),
    "1e999": (msgspec.json.encode(good()).replace(b'"score":5', b'"score":1e999'), {422}),
    "huge digits": (msgspec.json.encode(good()).replace(b'"score":5', b'"score":' + b"9" * 50_000), {422}),
    "octal": (b'{"score":05}', {422}),
    "hex": (b'{"score":0x5}', {422}),
    "UTF-16": ("[{}]".encode("utf-16"), {422}),
    "UTF-8 mark": (b"\xef\xbb\xbf[]", {422}),
    "Latin-1": ('{"text":"å"}'.encode("latin-1"), {422}),
    "overlong": (b'{"text":"\xc0\xaf"}', {422}),
    "gzip unsaid": (gzip.compress(b"[]"), {422}),
    "XML": (b"<?xml version='1.0'?><a/>", {422}),
    "entities": (b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>", {422}),
    "YAML": (b"source: survey", {422}),
    "form": (b"source=survey&score=5", {422}),
    "binary": (bytes(range(256)) * 40, {422}),
    "nulls as bytes": (b"\x00" * 1_000, {422}),
    "1,001 items": (msgspec.json.encode([good(record=str(i)) for i in range(1_001)]), {413, 422}),
    "100,000 nothings": (b"[" + b"{}," * 99_999 + b"{}]", {413, 422}),
    "40 MB": (b"[" + b" " * 40_000_000 + b"]", {413}),
}


@pytest.mark.parametrize("name", REFUSED)
def test_an_item_that_cannot_be_meant_is_refused_with_its_place(served: Served, name: str) -> None:
    raw = msgspec.json.encode(good(**REFUSED[name]))
    said = between_neighbours(served, raw)
    assert [p["index"] for p in said["problems"]] == [1]
    assert 8 < len(said["problems"][0]["detail"]) < 1_000
    assert len(records(served)) == 2
    alone = sent(served, raw)
    assert alone.status_code == 422
    assert fine(alone)["do"]


@pytest.mark.parametrize("name", ASIDE)
def test_an_item_that_does_not_fit_is_set_aside_with_its_reason(served: Served, name: str) -> None:
    changed, why = ASIDE[name]
    said = between_neighbours(served, msgspec.json.encode(good(**changed)))
    refused = [p["index"] for p in said.get("problems", [])]
    assert refused == [1] or reasons(served) == why
    assert len(records(served)) == 2


@pytest.mark.parametrize("name", TAKEN)
def test_an_item_that_only_looks_bad_is_taken_and_breaks_nothing(served: Served, name: str) -> None:
    raw = msgspec.json.encode(good(**TAKEN[name]))
    said = between_neighbours(served, raw if name != "lone surrogate" else raw[:-1] + b',"text":"a\\ud800b"}')
    taken = 3 - len(said.get("problems", []))
    asided = sum(c["rows"] for c in served.client.get("/v1/set-aside/counts").json())
    assert len(records(served)) + asided >= taken
    for path in ("/v1/answers?measure=csat.delivery&by=market", "/v1/records?source=survey&record=x", "/v1/set-aside", "/", "/set-aside", "/sources"):
        assert served.client.get(path).status_code == 200, path


@pytest.mark.parametrize("name", BODIES)
def test_a_body_that_is_no_list_of_items_is_refused(served: Served, name: str) -> None:
    body, allowed = BODIES[name]
    for path in ("/v1/feedback", "/v1/events"):
        response = sent(served, body, path)
        assert response.status_code in allowed, (path, response.text[:500])
        assert len(str(fine(response))) < 100_000
    assert served.house.ledger.inbox.backlog().entries == 0


def test_a_packed_body_is_read_or_refused_in_words(served: Served) -> None:
    for coding, body in (("gzip", gzip.compress(msgspec.json.encode(LEFT))), ("deflate", zlib.compress(b"x")), ("br", b"x"), ("gzip", b"\x1f\x8bno")):
        fine(sent(served, body, **{"content-encoding": coding}))
    bomb = gzip.compress(b"[" + b" " * 60_000_000 + b"]")
    assert fine(sent(served, bomb, **{"content-encoding": "gzip"}))["status"] in {413, 415, 422}
    served.flowed()
    assert {r["record"] for r in records(served)} <= {"left"}


@pytest.mark.parametrize(
    "kind",
    ["text/csv", "application/xml", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "a/b; c=" + "d" * 5_000, "\x7f", "json"],
)
def test_a_wrong_content_type_does_not_confuse(served: Served, kind: str) -> None:
    fine(sent(served, LEFT, **{"content-type": kind}))
    fine(sent(served, b"--x\r\n\r\n--x--", **{"content-type": kind}))


def test_the_same_record_twice_with_other_content(served: Served) -> None:
    """In one request the second is refused; in the next it replaces the first."""
    said = fine(sent(served, [LEFT, {**LEFT, "score": 2}]))
    assert [p["index"] for p in said["problems"]] == [1]
    fine(sent(served, {**LEFT, "score": 3}))
    served.flowed()
    assert [r["score"] for r in records(served)] == [3.0]


def test_twins_in_unicode_are_told_apart_or_joined_but_never_mixed(served: Served) -> None:
    fine(sent(served, [{**LEFT, "record": "cafe\u0301", "score": 1}, {**LEFT, "record": "café", "score": 5}]))
    served.flowed()
    first = sorted(str(r) for r in records(served))
    fine(sent(served, [{**LEFT, "record": "cafe\u0301", "score": 1}, {**LEFT, "record": "café", "score": 5}]))
    served.flowed()
    assert sorted(str(r) for r in records(served)) == first
    assert len(first) in {1, 2}


EVENTS: dict[str, dict[str, Any]] = {
    "no name": {"name": ...},
    "blank name": {"name": " "},
    "value as text": {"value": "12,50"},
    "value as bool": {"value": True},
    "no time": {"occurred_at": ...},
    "score in an event": {"score": 5},
    "text in an event": {"text": "x"},
    "no record": {"record": ...},
    "name of 5,000": {"name": "n" * 5_000},
    "session as a number": {"session": 5},
}


@pytest.mark.parametrize("name", EVENTS)
def test_a_bad_event_costs_no_neighbour(served: Served, name: str) -> None:
    event = {"source": "survey", "record": "e", "name": "renewal", "occurred_at": AT}
    bad = {k: v for k, v in {**event, **EVENTS[name], "record": EVENTS[name].get("record", "b")}.items() if v is not ...}
    said = fine(sent(served, [event, bad, {**event, "record": "f"}], "/v1/events"))
    assert [p["index"] for p in said["problems"]] == [1]
    served.flowed()
    assert {r["record"] for r in records(served, "events")} == {"e", "f"}
