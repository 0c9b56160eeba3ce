"""Workbooks, Parquet and SPSS: types as the file has them, labels with their columns, what is broken is told."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat
import pytest

from gensvar.collect import look, read
from gensvar.collect.excel import cell_text
from gensvar.contracts.contract import Reading
from gensvar.kit.errors import NotFound, Unreadable
from tests.collect.files import faults_in, lines_in, rows_in, taken, workbook

when = datetime.fromisoformat


def test_a_column_of_a_workbook_has_the_one_type_of_its_cells(tmp_path: Path) -> None:
    at = when("2026-01-31T10:30")
    rows = [["id", "score", "part", "yes", "at", "mixed"], [1, 5, 2.5, True, at, "a"], [2, None, 3, False, at, 7], [3, 4, None, True, None, at]]
    path = workbook(tmp_path, {"Answers": rows})
    batch = taken(path)[0]
    types = {n: str(t) for n, t in zip(batch.rows.column_names, batch.rows.schema.types, strict=True)}
    assert types == {"id": "int64", "score": "int64", "part": "double", "yes": "bool", "at": "timestamp[us]", "mixed": "string"}
    assert batch.rows["at"].to_pylist() == [at, at, None]
    assert batch.rows["mixed"].to_pylist() == ["a", "7", "2026-01-31 10:30:00"]
    assert list(batch.lines) == [2, 3, 4]


def test_blank_rows_are_left_out_and_row_numbers_stay(tmp_path: Path) -> None:
    path = workbook(tmp_path, {"s": [[], [], ["id", "score"], [1, 5], [], [2, 4]]})
    assert lines_in(taken(path)) == [4, 6]
    assert look(path).names == ("id", "score")


def test_the_sheet_with_most_rows_is_read_unless_one_is_named(tmp_path: Path) -> None:
    path = workbook(tmp_path, {"Notes": [["Read me"]], "Data": [["id", "score"], [1, 5], [2, 4]], "Other": [["a", "b"], [9, 9]]})
    assert look(path).reading.sheet == "Data"
    assert rows_in(taken(path, Reading(sheet="Other"))) == [{"a": 9, "b": 9}]
    with pytest.raises(NotFound) as missing:
        look(path, Reading(sheet="Dat"))
    assert missing.value.nearest == "Data"


def test_an_empty_workbook_and_one_with_a_header_alone(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="empty"):
        look(workbook(tmp_path, {"s": []}))
    assert taken(workbook(tmp_path, {"s": [["id", "score"]]})) == []


def test_a_workbook_comes_in_batches_and_resumes(tmp_path: Path) -> None:
    path = workbook(tmp_path, {"s": [["id", "b"], *([i, "x"] for i in range(25))]})
    assert [b.rows.num_rows for b in taken(path, batch_rows=10)] == [10, 10, 5]
    assert [r["id"] for r in rows_in(taken(path, batch_rows=10, skip=12))] == list(range(12, 25))


@pytest.mark.parametrize(
    ("cell", "text"), [(3.0, "3"), (3.5, "3.5"), (True, "true"), (None, ""), (date(2026, 1, 31), "2026-01-31"), (1e300, "1e+300")]
)
def test_a_cell_as_text(cell: object, text: str) -> None:
    assert cell_text(cell) == text


def parquet(folder: Path, table: pa.Table, **how: object) -> Path:
    path = folder / "a.parquet"
    pq.write_table(table, path, **how)
    return path


def test_parquet_keeps_its_types_and_writes_the_nested_as_json(tmp_path: Path) -> None:
    table = pa.table({
        "n": pa.array([1, None], pa.int32()),
        "text": pa.array(["å", None], pa.large_string()),
        "code": pa.array(["a", "b"]).dictionary_encode(),
        "list": pa.array([[1, 2], None]),
        "struct": pa.array([{"x": "ö"}, None]),
        "bytes": pa.array([b"ok", b"\xff\x00"]),
        "plainly": pa.array([b"ok", b"fine"]),
        "money": pa.array([Decimal("1.50"), None]),
        "at": pa.array([when("2026-01-31"), None], pa.timestamp("ns", tz="UTC")),
        "nothing": pa.nulls(2),
    })  # fmt: skip
    batch = taken(parquet(tmp_path, table))[0]
    first = batch.rows.slice(0, 1).to_pylist()[0]
    assert (first["n"], first["text"], first["code"], first["list"], first["struct"]) == (1, "å", "a", "[1, 2]", '{"x": "ö"}')
    assert batch.rows["bytes"].to_pylist() == ["6f6b", "ff00"]
    assert batch.rows["plainly"].to_pylist() == ["ok", "fine"]
    assert first["money"] == 1.5
    assert batch.rows["nothing"].to_pylist() == [None, None]
    assert list(batch.lines) == [1, 2]


def test_parquet_with_a_broken_part_gives_the_others(tmp_path: Path) -> None:
    table = pa.table({"id": [f"record {i * 7919}" for i in range(3_000)]})
    path = parquet(tmp_path, table, row_group_size=1_000, compression="gzip", use_dictionary=False)
    start = pq.ParquetFile(path).metadata.row_group(1).column(0).data_page_offset
    content = bytearray(path.read_bytes())
    content[start + 40 : start + 400] = b"\x55" * 360
    path.write_bytes(content)
    batches = taken(path)
    assert [(f.line, f.reason) for f in faults_in(batches)] == [(1_001, "corrupt")]
    assert lines_in(batches) == [*range(1, 1_001), *range(2_001, 3_001)]


def test_parquet_cut_short_cannot_be_read(tmp_path: Path) -> None:
    path = parquet(tmp_path, pa.table({"a": list(range(1_000))}))
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(Unreadable, match="cut short"):
        look(path)


def test_parquet_names_come_out_unique_and_empty_tables_are_fine(tmp_path: Path) -> None:
    assert look(parquet(tmp_path, pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["a", "a"]))).names == ("a", "a (2)")
    empty = parquet(tmp_path, pa.table({"a": pa.array([], pa.int64())}))
    assert look(empty).rows_estimate == 0
    assert rows_in(taken(empty)) == []


def test_parquet_resumes_in_the_middle(tmp_path: Path) -> None:
    path = parquet(tmp_path, pa.table({"a": list(range(100))}), row_group_size=30)
    rest = list(read(path, look(path).reading, 20, skip=45))
    assert [r["a"] for r in rows_in(rest)] == list(range(45, 100))
    assert lines_in(rest) == list(range(46, 101))


def spss(folder: Path, suffix: str = ".sav") -> Path:
    frame = pd.DataFrame({
        "id": [1.0, 2.0, 3.0],
        "happy": [1.0, 5.0, 99.0],
        "said": ["bra", "daligt", ""],
        "at": [when("2026-01-31T10:00"), when("2026-02-01"), None],
        "weight": [0.5, 1.25, None],
    })  # fmt: skip
    path = folder / f"a{suffix}"
    labels = ["Record", "How happy are you?", "Why?", "When", "Weight"]
    values = {"happy": {1: "Not at all", 5: "Very", 99: "No answer"}}
    if suffix == ".por":
        pyreadstat.write_por(frame.drop(columns="at"), str(path), column_labels=[*labels[:3], labels[4]])
    else:
        pyreadstat.write_sav(
            frame, str(path), column_labels=labels, variable_value_labels=values, missing_ranges={"happy": [99]}, compress=suffix == ".zsav"
        )
    return path


@pytest.mark.parametrize("suffix", [".sav", ".zsav"])
def test_spss_keeps_questions_labels_and_missing_codes(tmp_path: Path, suffix: str) -> None:
    path = spss(tmp_path, suffix)
    found = look(path)
    happy = found.headers[1]
    assert (found.reading.format, found.rows_estimate) == (suffix[1:], 3)
    assert (happy.label, dict(happy.labels)["5"], happy.missing) == ("How happy are you?", "Very", frozenset({"99"}))
    batch = taken(path)[0]
    assert batch.rows["happy"].to_pylist() == [1, 5, 99]
    assert batch.rows["happy"].type == pa.int64()
    assert batch.rows["weight"].to_pylist() == [0.5, 1.25, None]
    assert batch.rows["said"].to_pylist() == ["bra", "daligt", None]
    assert batch.rows["at"].to_pylist()[0] == when("2026-01-31T10:00")
    assert list(batch.lines) == [1, 2, 3]


def test_spss_portable_files(tmp_path: Path) -> None:
    path = spss(tmp_path, ".por")
    assert look(path).reading.format == "por"
    assert [r["ID"] for r in rows_in(taken(path))] == [1, 2, 3]


def test_spss_comes_in_batches_and_resumes(tmp_path: Path) -> None:
    path = tmp_path / "a.sav"
    pyreadstat.write_sav(pd.DataFrame({"n": [float(i) for i in range(25)]}), str(path))
    assert [b.rows.num_rows for b in taken(path, batch_rows=10)] == [10, 10, 5]
    assert [r["n"] for r in rows_in(taken(path, batch_rows=10, skip=20))] == [20, 21, 22, 23, 24]
