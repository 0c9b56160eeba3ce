"""JSON and JSON Lines: nested objects as columns, bad items told, good ones read."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gensvar.collect import json_files, look
from gensvar.collect.json_files import flat
from tests.collect.files import faults_in, lines_in, put, rows_in, taken

DEEP = "[" * 100_000 + "]" * 100_000


def test_an_array_of_objects(tmp_path: Path) -> None:
    path = put(tmp_path, "a.json", '[\n {"id": 1, "who": {"name": "Åsa"}, "tags": ["a", "b"]},\n\n {"id": 2.50, "ok": true, "none": null}\n]')
    batches = taken(path)
    assert rows_in(batches) == [
        {"id": "1", "who.name": "Åsa", "tags": '["a", "b"]', "ok": None, "none": None},
        {"id": "2.5", "who.name": None, "tags": None, "ok": "true", "none": None},
    ]
    assert lines_in(batches) == [2, 4]


def test_an_object_that_holds_one_array(tmp_path: Path) -> None:
    path = put(tmp_path, "a.json", '{"total": 2, "page": {"n": 1}, "responses": [{"id": 1}, {"id": 2}, 7]}')
    batches = taken(path)
    assert [r["id"] for r in rows_in(batches)] == ["1", "2"]
    assert [f.reason for f in faults_in(batches)] == ["not_an_object"]


def test_a_single_object_is_one_row_and_an_empty_list_is_none(tmp_path: Path) -> None:
    assert rows_in(taken(put(tmp_path, "a.json", '{"id": 1, "text": "hej"}'))) == [{"id": "1", "text": "hej"}]
    assert rows_in(taken(put(tmp_path, "b.json", '{"responses": []}'))) == []
    assert rows_in(taken(put(tmp_path, "c.json", "[]"))) == []


BAD_LINES = [
    ("half an object", '{"id": 3, "te', "broken_json"),
    ("no JSON", "id=3", "broken_json"),
    ("single quotes", "{'id': 3}", "broken_json"),
    ("a trailing comma", '{"id": 3,}', "broken_json"),
    ("two objects", '{"id": 3} {"id": 4}', "broken_json"),
    ("a list", "[1, 2]", "not_an_object"),
    ("a number", "7", "not_an_object"),
    ("a word", '"hej"', "not_an_object"),
    ("null", "null", "not_an_object"),
    ("nested too deep", DEEP, "broken_json"),
    ("an object nested too deep", '{"a":' * 60_000 + "1" + "}" * 60_000, "broken_json"),
    ("a null byte in a text", '{"id": "3\\u0000"}', "null_byte"),
    ("half a character", '{"id": "\\ud800"}', "bad_encoding"),
    ("a number of 5,000 digits", '{"id": ' + "9" * 5_000 + "}", "broken_json"),
]


@pytest.mark.parametrize(("what", "line", "reason"), BAD_LINES, ids=[b[0] for b in BAD_LINES])
def test_a_bad_line_is_told_and_the_next_is_read(tmp_path: Path, what: str, line: str, reason: str) -> None:
    path = put(tmp_path, "a.jsonl", '{"id": 1}\n\n{"id": 2}\n' + line + '\n{"id": 5}\n')
    batches = taken(path)
    assert [r["id"] for r in rows_in(batches)] == ["1", "2", "5"]
    assert [(f.line, f.reason) for f in faults_in(batches)] == [(4, reason)]
    assert lines_in(batches) == [1, 3, 5]


BAD_ITEMS = [
    ("cut in an object", '[{"id": 1}, {"id": 2}, {"id"', ["1", "2"], "broken_json"),
    ("cut after a comma", '[{"id": 1}, {"id": 2},', ["1", "2"], "broken_json"),
    ("cut after an object", '[{"id": 1}, {"id": 2}', ["1", "2"], "broken_json"),
    ("a number among objects", '[{"id": 1}, 7, {"id": 2}]', ["1", "2"], "not_an_object"),
    ("no JSON in the middle", '[{"id": 1}, {"id": 2}, {id: 3}, {"id": 4}]', ["1", "2"], "broken_json"),
    ("too deep in the middle", '[{"id": 1}, {"id": 2}, {"a": ' + DEEP + "}]", ["1", "2"], "broken_json"),
    ("a null byte", '[{"id": 1}, {"id": "\\u0000"}, {"id": 2}]', ["1", "2"], "null_byte"),
]


@pytest.mark.parametrize(("what", "text", "ids", "reason"), BAD_ITEMS, ids=[b[0] for b in BAD_ITEMS])
def test_what_was_good_in_an_array_is_read_and_the_rest_is_told(tmp_path: Path, what: str, text: str, ids: list[str], reason: str) -> None:
    batches = taken(put(tmp_path, "a.json", text))
    assert [r["id"] for r in rows_in(batches)] == ids
    assert [f.reason for f in faults_in(batches)] == [reason]


def test_bytes_that_are_no_text_break_their_object_only(tmp_path: Path) -> None:
    whole = '{"id": 1, "text": "åäö åäö"}\n'.encode()
    batches = taken(put(tmp_path, "a.jsonl", whole + b'{"id": 2, "text": "\xff"}\n' + whole))
    assert [r["id"] for r in rows_in(batches)] == ["1", "1"]
    assert [f.reason for f in faults_in(batches)] == ["bad_encoding"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_json_in_other_encodings(tmp_path: Path, encoding: str) -> None:
    assert rows_in(taken(put(tmp_path, "a.json", '[{"text": "smörgås på ön"}]'.encode(encoding)))) == [{"text": "smörgås på ön"}]


def test_columns_that_turn_up_late_come_with_their_batch(tmp_path: Path) -> None:
    path = put(tmp_path, "a.jsonl", '{"a": 1}\n' * 1_500 + '{"a": 1, "late": 2}\n')
    assert look(path).names == ("a",)
    assert [b.rows.column_names for b in taken(path, batch_rows=1_000)] == [["a"], ["a", "late"]]


def test_an_array_longer_than_what_is_read_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_files, "CHUNK", 64)
    items = [{"id": i, "text": "ord " * (i % 40)} for i in range(300)]
    batches = taken(put(tmp_path, "a.json", json.dumps(items, indent=1)))
    assert [r["id"] for r in rows_in(batches)] == [str(i) for i in range(300)]
    assert lines_in(batches) == [2 + 4 * i for i in range(300)]


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**9), 10**9)
    | st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=10)
)


@settings(max_examples=60, deadline=None)
@given(
    items=st.lists(st.dictionaries(st.sampled_from("abcde"), SCALARS, min_size=1), min_size=1, max_size=8), lined=st.booleans(), ascii_=st.booleans()
)
def test_what_is_written_is_read(tmp_path_factory: pytest.TempPathFactory, items: list[dict[str, object]], lined: bool, ascii_: bool) -> None:
    text = "\n".join(json.dumps(i, ensure_ascii=ascii_) for i in items) if lined else json.dumps(items, ensure_ascii=ascii_)
    batches = taken(put(tmp_path_factory.mktemp("json"), "a.jsonl" if lined else "a.json", text))
    wanted = [{k: v if v is None or isinstance(v, str) else json.dumps(v) for k, v in i.items()} for i in items]
    assert [{k: v for k, v in r.items() if v is not None} for r in rows_in(batches)] == [
        {k: v for k, v in w.items() if v is not None} for w in wanted
    ]


def test_what_is_nested_below_six_levels_stays_json() -> None:
    item: dict[str, object] = {"x": 1}
    for _ in range(8):
        item = {"n": item}
    assert flat(item) == {"n.n.n.n.n.n": '{"n": {"n": {"x": 1}}}'}
