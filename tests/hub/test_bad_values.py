"""Everything that goes wrong in an export: each kind of it is set aside with its reason, or read as the one thing it can mean; neighbours get in."""

from typing import Any

import pyarrow as pa
import pytest

from gensvar.kit.errors import BadInput
from tests.hub.sources import answers, good, reasons, received

DIGIT_BOMB = "9" * 400

BAD_SCORES = [
    "four", "4,5,6", "1.2.3", "--4", "4-", "+-4", "nan", "NaN", "-nan", "inf", "-inf", "Infinity", "1e400", DIGIT_BOMB, "0x4", "4_0", "1,234",
    "4/10", "3/0", "/5", "4//5", "4 5", "3-4", "3–4", "5+", "<4", ">4", "~4", "4?", "4!", "true", "false", "None", "null", "n/a", "-", "—", "#N/A",
    "#REF!", "=1+3", "=SUM(A1)", "@4", "four stars",  "☆☆☆☆☆", "4°", "½", "IV", "[4]", "{4}", '"4"', "a" * 10_000, "\U0001f600", "مرحبا",
    "4;5", "1e", "e5", ".", ",", "%", "€4", "4 kr", "2026-10-31", "12:30",
]  # fmt: skip
OFF_SCALE = ["★★★★★★★", "４５６７", "0", "6", "-1", "5.5", "3.5", "4,2", "100", "1e3", "1 000", "85%", "-0.5", "5.0001", "99999999999999999999"]
SCORES_READ = {
    "4": 4.0, " 4 ": 4.0, "4.0": 4.0, "4,0": 4.0, "4.": 4.0, "+4": 4.0, "\u00a04\u202f": 4.0, "４": 4.0, "٤": 4.0, "4/5": 4.0, "4 / 5": 4.0,
    "4 of 5": 4.0, "4 av 5": 4.0, "4 out of 5": 4.0, "5 - Very satisfied": 5.0, "1 = Not at all": 1.0, "2 (bad)": 2.0, "3. Neither": 3.0,
    "4 stars": 4.0, "★★★★☆": 4.0, "★★★": 3.0, "GREAT": 5.0, " awful ": 1.0, "4e0": 4.0, "\x004": 4.0, "4\x07": 4.0, "\ufeff4": 4.0, "04": 4.0,
}  # fmt: skip
BAD_TIMES = [
    None, "", "  ", "yesterday", "10/31/2026", "31/13/2026", "32/01/2026", "00/01/2026", "01/00/2026", "29/02/2025", "31/04/2026", "01/01/0000",
    "01/01/9999", "31/12/1969", "02/01/2101", "2026-10-31", "31/10", "10:00", "1761904800", "45961", "31/10/2026 24:00", "31/10/2026 10:60",
    "31/10/2026 10:00:60", "31/10/2026 13:00 pm", "31/10/2026 10:00 Mars/Base", "29/03/2026 02:30", "nan", "-1", "31//10//2026", "31/10/20266",
    "\U0001f4c5", "31/10/2026 10", "3१/10/2026x",
]  # fmt: skip
TIMES_READ = {
    "31/10/2026 10:00": "2026-10-31T09:00", "31.10.2026 10.00": "2026-10-31T09:00", "31-10-2026": "2026-10-30T23:00", "31/10/26": "2026-10-30T23:00",
    "01/07/2026 10:00": "2026-07-01T08:00", "31/10/2026 10:00:30.5": "2026-10-31T09:00", "31/10/2026 3:05 PM": "2026-10-31T14:05",
    "31/10/2026 12:00 am": "2026-10-30T23:00", "31/10/2026T10:00Z": "2026-10-31T10:00", "31/10/2026 10:00 +05:30": "2026-10-31T04:30",
    "31 oktober 2026 kl. 10.00": "2026-10-31T09:00", "31 Oct 2026": "2026-10-30T23:00", "Sat, 31 Oct 2026 10:00:00 +0100": "2026-10-31T09:00",
    "25/10/2026 02:30": "2026-10-25T00:30", "29/02/2024": "2024-02-28T23:00", "\u00a031/10/2026 10:00": "2026-10-31T09:00",
}  # fmt: skip


def with_neighbours(**broken: Any) -> list[dict[str, Any]]:
    return [good(1), good(2, **broken), good(3)]


def neighbours_in(got: Any) -> bool:
    return {("t1", "rating"), ("t3", "rating"), ("t1", "message"), ("t3", "nps")} <= answers(got).keys()


@pytest.mark.parametrize("score", BAD_SCORES)
def test_a_score_that_is_no_number_is_set_aside_alone(score: str) -> None:
    got = received(with_neighbours(stars=score))
    assert reasons(got) == {"bad_score"}
    assert ("t2", "rating") not in answers(got)
    assert ("t2", "message") in answers(got)
    assert ("t2", "nps") in answers(got)
    assert neighbours_in(got)


@pytest.mark.parametrize("score", OFF_SCALE)
def test_a_score_off_the_scale_is_set_aside_alone(score: str) -> None:
    got = received(with_neighbours(stars=score))
    assert reasons(got) == {"off_scale"}
    assert ("t2", "rating") not in answers(got)
    assert neighbours_in(got)


@pytest.mark.parametrize(("written", "meant"), SCORES_READ.items())
def test_a_score_that_can_mean_one_thing_is_read(written: str, meant: float) -> None:
    got = received(with_neighbours(stars=written))
    assert not got.set_aside
    assert answers(got)["t2", "rating"]["score"] == meant


@pytest.mark.parametrize("empty", [None, "", " ", "\t", "\u00a0", "\x00", "99", " 99 "])
def test_no_score_is_no_answer(empty: str | None) -> None:
    got = received(with_neighbours(stars=empty))
    assert not got.set_aside
    assert ("t2", "rating") not in answers(got)
    assert neighbours_in(got)


@pytest.mark.parametrize("time", BAD_TIMES)
def test_a_time_that_is_none_sets_its_row_aside(time: str | None) -> None:
    got = received(with_neighbours(created=time))
    assert reasons(got) == {"bad_time"}
    assert got.records == ["t1", "t3"]
    assert neighbours_in(got)


@pytest.mark.parametrize(("written", "meant"), TIMES_READ.items())
def test_a_time_is_read_in_the_contracts_order_and_zone(written: str, meant: str) -> None:
    got = received(with_neighbours(created=written))
    assert not got.set_aside
    assert answers(got)["t2", "rating"]["occurred_at"].isoformat().startswith(meant)


TYPED: list[tuple[str, Any, pa.DataType, str | None]] = [
    ("stars", True, pa.bool_(), "bad_score"),
    ("stars", float("inf"), pa.float64(), "bad_score"),
    ("stars", float("nan"), pa.float64(), None),
    ("stars", 4, pa.int8(), None),
    ("stars", 4.5, pa.float32(), "off_scale"),
    ("stars", 2**62, pa.int64(), "off_scale"),
    ("stars", {"value": 4}, pa.struct([("value", pa.int64())]), "bad_score"),
    ("stars", [4], pa.list_(pa.int64()), "bad_score"),
    ("stars", b"\xff\xfe", pa.binary(), "bad_score"),
    ("stars", b"4", pa.binary(), None),
    ("said", b"\xff broken \xfe", pa.binary(), None),
    ("said", 12.0, pa.float64(), None),
    ("ticket", 17, pa.int64(), None),
    ("ticket", 17.0, pa.float64(), None),
    ("country", None, pa.null(), None),
]


@pytest.mark.parametrize(("column", "value", "kind", "reason"), TYPED)
def test_columns_with_types_are_read_by_type(column: str, value: Any, kind: pa.DataType, reason: str | None) -> None:
    got = received([good(1, **{column: value})], types={column: kind})
    assert reasons(got) == ({reason} if reason else set())


def test_a_number_as_record_id_is_the_same_record_in_every_file() -> None:
    whole, broken = (received([good(1, ticket=v)], types={"ticket": t}) for v, t in ((17, pa.int64()), (17.0, pa.float64())))
    assert whole.records == broken.records == ["17"]
    assert whole.keys16 == broken.keys16


ROWS_ASIDE: list[tuple[dict[str, Any], str]] = [
    ({"ticket": None}, "missing_record"),
    ({"ticket": ""}, "missing_record"),
    ({"ticket": " \t "}, "missing_record"),
    ({"ticket": "\x00\x01"}, "missing_record"),
    ({"ticket": "x" * 501}, "too_long"),
    ({"country": "x" * 5_000}, "too_long"),
    ({"type": "x" * 5_000}, "too_long"),
    ({"mail": "x" * 5_000 + "@example.org"}, "too_long"),
    ({"said": "x" * 100_001}, "too_long"),
    ({"said": "x" * 10_000_000}, "too_long"),
    ({"said": "\u0628" * 100_001}, "too_long"),
    ({"mail": "no address"}, "bad_email"),
    ({"mail": "a@b"}, "bad_email"),
    ({"mail": "a@@b.se"}, "bad_email"),
    ({"mail": "a@" + "b" * 300 + ".se"}, "bad_email"),
    ({"tel": "12"}, "bad_phone"),
    ({"tel": "call me"}, "bad_phone"),
    ({"tel": "9" * 80}, "bad_phone"),
    ({"customer": "7" * 400}, "bad_external"),
]


@pytest.mark.parametrize(("broken", "reason"), ROWS_ASIDE)
def test_a_broken_row_never_costs_its_neighbours(broken: dict[str, Any], reason: str) -> None:
    got = received(with_neighbours(**broken))
    assert reasons(got) == {reason}
    assert neighbours_in(got)
    assert all(s.source == "helpdesk" and s.line == 3 and s.message and s.raw for s in got.set_aside)


KEPT_TEXTS = {
    "emoji \U0001f469\u200d\U0001f469\u200d\U0001f467 \U0001f600": "emoji \U0001f469\u200d\U0001f469\u200d\U0001f467 \U0001f600",
    "שלום עולם": "שלום עולם",
    "\u202bمرحبا بالعالم\u202c": "\u202bمرحبا بالعالم\u202c",
    "nul\x00l and bell\x07": "null and bell",
    "two\nlines\tand tab": "two\nlines\tand tab",
    "\ufeffmark in front": "mark in front",
    "c1 \x85\x9b control": "c1  control",
    '=HYPERLINK("http://x.example")': '=HYPERLINK("http://x.example")',
    "<script>alert(1)</script>": "<script>alert(1)</script>",
    "'; DROP TABLE feedback; --": "'; DROP TABLE feedback; --",
    "mail me at kim@example.org": "mail me at [e-mail]",
    "Z\u0351\u036ba\u0304\u0300lgo": "Z\u0351\u036ba\u0304\u0300lgo",
    "x" * 100_000: "x" * 100_000,
}


@pytest.mark.parametrize(("written", "kept"), KEPT_TEXTS.items(), ids=lambda t: repr(t[:12]))
def test_texts_are_kept_as_they_were_said(written: str, kept: str) -> None:
    got = received(with_neighbours(said=written))
    assert not got.set_aside
    assert answers(got)["t2", "message"]["text"] == kept


def test_ten_thousand_columns_get_in() -> None:
    wide = {f"column {i}": str(i) for i in range(10_000)}
    got = received([good(1, **wide)])
    assert not got.set_aside
    assert len(dict(answers(got)["t1", "rating"]["attrs"])) == 10_000


def test_a_bad_value_can_refuse_the_import() -> None:
    with pytest.raises(BadInput, match=r"line 3, column 'stars'"):
        received(with_neighbours(stars="four"), "surprises: {bad_value: refuse}")


def test_a_bad_value_can_be_accepted_and_noted() -> None:
    got = received(with_neighbours(stars="four kim@example.org"), "surprises: {bad_value: accept}")
    row = answers(got)["t2", "rating"]
    assert not got.set_aside
    assert row["score"] is None
    assert dict(row["attrs"]) == {"unread.stars": "four [e-mail]"}


def test_messages_show_no_personal_data() -> None:
    got = received([good(1, stars="kim@example.org", mail="not an address of kim", name="Kim Ek", tel="kims number")])
    told = " ".join(s.message for s in got.set_aside)
    assert "kim" not in told.lower()
    assert "kim" not in str(got.table.to_pylist()).lower()
