"""Files as systems export them, and the definitions behind the scores."""

import json
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from python_calamine import CalamineWorkbook

from gensvar.demo.files import save_csv, save_excel, save_json, save_json_lines, save_parquet
from gensvar.demo.measures import measures, some
from gensvar.demo.voice import LANGUAGES
from gensvar.measure.metrics import metric_of

COLUMNS = {"id": ["1", "2"], "text": ['räksmörgås; "gott"', "två\nrader"], "score": [4, None]}


@pytest.mark.parametrize(("encoding", "start"), [("utf-8", b"id"), ("utf-8-sig", b"\xef\xbb\xbfid"), ("utf-16", b"\xff\xfe"), ("cp1252", b"id")])
def test_delimited_files_have_their_encoding(tmp_path: Path, encoding: str, start: bytes) -> None:
    path = save_csv(tmp_path / "a.csv", COLUMNS, delimiter=";", encoding=encoding)
    assert path.read_bytes().startswith(start)
    assert 'räksmörgås; ""gott""' in path.read_bytes().decode(encoding)


def test_header_rows_stand_under_the_names(tmp_path: Path) -> None:
    path = save_csv(tmp_path / "a.csv", {"a": [1], "b": [2]}, above=[["first", "second"], ["x", "y"]], newline="\n")
    assert path.read_text("utf-8") == "a,b\nfirst,second\nx,y\n1,2\n"


def test_json_lines_hold_one_object_a_line(tmp_path: Path) -> None:
    path = save_json_lines(tmp_path / "a.jsonl", COLUMNS)
    assert [json.loads(x)["score"] for x in path.read_text("utf-8").splitlines()] == [4, None]
    assert "räksmörgås" in path.read_text("utf-8")


def test_json_is_one_array(tmp_path: Path) -> None:
    assert len(json.loads(save_json(tmp_path / "a.json", COLUMNS).read_text("utf-8"))) == 2


def test_a_workbook_holds_dates_and_is_the_same_each_time(tmp_path: Path) -> None:
    columns = {"when": [datetime(2026, 1, 2, 3, 4)], "what": ["=1+1"], "n": [3]}  # noqa: DTZ001 (a workbook's dates have no zone)
    paths = [save_excel(tmp_path / name, columns, "Returer", frozenset({"when"})) for name in ("a.xlsx", "b.xlsx")]
    assert paths[0].read_bytes() == paths[1].read_bytes()
    book = CalamineWorkbook.from_path(str(paths[0]))
    assert book.sheet_names == ["Returer"]
    assert book.get_sheet_by_index(0).to_python()[1] == [columns["when"][0], "=1+1", 3.0]


def test_parquet_keeps_types_and_nulls(tmp_path: Path) -> None:
    table = pa.table({"a": pa.array([1, None]), "b": ["x", "y"]})
    assert pq.read_table(save_parquet(tmp_path / "a.parquet", table)).equals(table)


@pytest.mark.parametrize("key", list(measures()))
def test_every_measure_is_worded_in_five_languages(key: str) -> None:
    measure = measures()[key]
    assert set(measure.wording) == set(measure.name) == set(LANGUAGES)
    assert all(text.endswith((".", "?")) for text in measure.wording.values())
    assert measure.from_day is not None


@pytest.mark.parametrize("key", list(measures()))
def test_every_measure_can_carry_its_metric(key: str) -> None:
    assert metric_of(measures()[key]).name == measures()[key].metric


def test_the_delivery_question_has_two_versions_with_different_words() -> None:
    first, second = some("csat.delivery@1", "csat.delivery@2")
    assert first.from_day is not None
    assert second.from_day is not None
    assert first.from_day < second.from_day
    assert all(first.wording[lang] != second.wording[lang] for lang in LANGUAGES)
