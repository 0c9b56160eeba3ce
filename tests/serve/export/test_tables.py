"""Tables as files: what is written is read back the same; text stays text."""

import csv
import io
import zipfile
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from gensvar.kit.errors import TooLarge
from gensvar.serve.export import as_csv, as_parquet, as_xlsx
from gensvar.serve.export.tables import FORM, MOST_CHARACTERS, MOST_ROWS, about_parquet, sheet_name

HOSTILE = ("=1+1", "+SUM(A1)", "-2+3", "@cmd", "\t=1", "\r=1", '=HYPERLINK("http://x","y")', "http://example.org", "1e5", "007", "å, ä; ö", 'a"b\nc')
TABLE = pa.table(
    {
        "name": ["Øst", None, "=1+1"],
        "n": [1200, 0, None],
        "value": [0.7251, -5.5, None],
        "day": [date(2026, 10, 1), None, date(1850, 1, 1)],
        "at": pa.array([datetime(2026, 10, 1, 12, 30, tzinfo=UTC), None, None], pa.timestamp("us", tz="UTC")),
        "kept": [True, False, None],
    }
)


def read_csv(body: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(body.decode("utf-8"), newline="")))


def read_xlsx(body: bytes, sheet: int = 0) -> list[list[Any]]:
    rows: list[list[Any]] = CalamineWorkbook.from_filelike(io.BytesIO(body)).get_sheet_by_index(sheet).to_python()
    return rows


def insides(body: bytes, name: str) -> str:
    return zipfile.ZipFile(io.BytesIO(body)).read(name).decode()


def test_csv_is_read_back() -> None:
    head, *rows = read_csv(as_csv(TABLE))
    assert head == TABLE.column_names
    assert rows[0] == ["Øst", "1200", "0.7251", "2026-10-01", "2026-10-01T12:30:00+00:00", "True"]
    assert rows[1] == ["", "0", "-5.5", "", "", "False"]
    assert rows[2][:3] == ["'=1+1", "", ""]


def test_csv_has_plain_lines_and_a_mark_only_where_asked() -> None:
    assert as_csv(TABLE).startswith(b"name,n,value")
    assert as_csv(TABLE).count(b"\r\n") == 4
    assert as_csv(TABLE, mark=True) == b"\xef\xbb\xbf" + as_csv(TABLE)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_in_csv_begins_as_a_formula(text: str) -> None:
    [[head], [cell]] = read_csv(as_csv(pa.table({text: [text]})))
    assert cell.removeprefix("'") == text
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert head == cell, "a column's name is guarded too"


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=5), st.lists(st.floats(allow_nan=False), max_size=5))
def test_any_text_and_number_comes_back_from_csv(texts: list[str], numbers: list[float]) -> None:
    rows = [(t, n) for t in texts for n in numbers]
    found = read_csv(
        as_csv(pa.table({"t": [t for t, _ in rows], "n": [n for _, n in rows]}, schema=pa.schema({"t": pa.string(), "n": pa.float64()})))
    )
    assert [(t.removeprefix("'") if t[:2] in {"'=", "'+", "'-", "'@", "'\t", "'\r"} else t, float(n)) for t, n in found[1:]] == rows


def test_xlsx_is_read_back_in_its_kinds() -> None:
    head, *rows = read_xlsx(as_xlsx({"numbers": TABLE}))
    assert head == TABLE.column_names
    assert rows[0] == ["Øst", 1200, 0.7251, date(2026, 10, 1), datetime(2026, 10, 1, 12, 30), True]  # noqa: DTZ001 (as a sheet has it)
    assert rows[1] == ["", 0, -5.5, "", "", False]
    assert rows[2][:4] == ["=1+1", "", "", "1850-01-01"], "days before 1900 stay text: a sheet has none"


@pytest.mark.parametrize("text", HOSTILE)
def test_text_in_xlsx_is_text(text: str) -> None:
    body = as_xlsx({"s": pa.table({"t": [text]})})
    assert read_xlsx(body)[1] == [text]
    sheet = insides(body, "xl/worksheets/sheet1.xml")
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet


def test_xlsx_shows_numbers_as_their_column_says() -> None:
    shares = pa.table([pa.array([0.5])], schema=pa.schema([pa.field("v", pa.float64(), metadata={FORM: b"0.0%"})]))
    assert "0.0%" in insides(as_xlsx({"s": shares}), "xl/styles.xml")
    assert 'state="frozen"' in insides(as_xlsx({"s": shares}), "xl/worksheets/sheet1.xml")
    assert read_xlsx(as_xlsx({"s": shares}))[1] == [0.5]


def test_what_is_no_number_leaves_the_cell_empty() -> None:
    odd = pa.table({"a": ["x", "y", "z"], "v": [float("nan"), float("inf"), 1.0]})
    assert read_xlsx(as_xlsx({"s": odd}))[1:] == [["x", ""], ["y", ""], ["z", 1.0]]


def test_long_text_and_long_tables_in_xlsx() -> None:
    [_, [cell]] = read_xlsx(as_xlsx({"s": pa.table({"t": ["å" * 40_000]})}))
    assert len(cell) == MOST_CHARACTERS
    assert cell.endswith("å…")
    with pytest.raises(TooLarge, match="1,048,576 rows"):
        as_xlsx({"s": pa.table({"n": pa.nulls(MOST_ROWS + 1, pa.int8())})})


def test_sheets_are_named_as_a_workbook_allows() -> None:
    one = pa.table({"a": [1]})
    names = ["Svar", "svar", "a/b\\c[d]:e*f?", "'quoted'", "", "x" * 40, "x" * 40]
    taken: set[str] = set()
    found = [sheet_name(n, taken) for n in names]
    assert found == ["Svar", "svar 2", "a b c d e f", "quoted", "Sheet", "x" * 31, "x" * 29 + " 2"]
    assert CalamineWorkbook.from_filelike(io.BytesIO(as_xlsx(dict.fromkeys(found, one)))).sheet_names == found


def test_the_same_table_is_the_same_bytes() -> None:
    assert as_xlsx({"s": TABLE}) == as_xlsx({"s": TABLE})
    assert as_parquet(TABLE, {"q": 1}) == as_parquet(TABLE, {"q": 1})


@pytest.mark.parametrize("about", [{}, {"question": {"by": "market"}, "notes": ["å “=”"]}])
def test_parquet_is_read_back_with_what_it_is(about: Mapping[str, Any]) -> None:
    found = pq.read_table(io.BytesIO(as_parquet(TABLE, about)))
    assert found.replace_schema_metadata(None).equals(TABLE)
    assert about_parquet(found.schema) == about
    assert about_parquet(TABLE.schema) == {}


def test_an_empty_table_has_its_header() -> None:
    none = TABLE.slice(0, 0)
    assert read_csv(as_csv(none)) == [TABLE.column_names]
    assert read_xlsx(as_xlsx({"s": none})) == [TABLE.column_names]
    assert pq.read_table(io.BytesIO(as_parquet(none, {}))).num_rows == 0
