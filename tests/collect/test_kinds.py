"""A file is what its content says; what cannot be read is refused with what, where and what to do."""

import gzip
import os
import struct
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gensvar.collect import look
from gensvar.contracts.contract import Reading
from gensvar.kit.errors import NotFound, TooLarge, Unreadable
from tests.collect.files import put, rows_in, taken, workbook, zipped

REFUSED = [
    ("nothing", b"", "empty"),
    ("blanks only", b" \n\t\r\n ", "empty"),
    ("a mark only", b"\xef\xbb\xbf", "empty"),
    ("a UTF-16 mark only", b"\xff\xfe", "empty"),
    ("nulls only", b"\0" * 500, "empty"),
    ("PDF", b"%PDF-1.7 hello", "a PDF"),
    ("PNG", b"\x89PNG\r\n\x1a\n1234", "picture"),
    ("JPEG", b"\xff\xd8\xff\xe0\0\x10JFIF", "picture"),
    ("GIF", b"GIF89a....", "picture"),
    ("gzip", gzip.compress(b"a,b\n1,2\n"), "gzip"),
    ("bzip2", b"BZh91AY&SY", "bzip2"),
    ("zstd", b"\x28\xb5\x2f\xfd1234", "zstd"),
    ("xz", b"\xfd7zXZ\0\0", "xz"),
    ("7-Zip", b"7z\xbc\xaf\x27\x1c", "7-Zip"),
    ("RAR", b"Rar!\x1a\x07", "RAR"),
    ("SQLite", b"SQLite format 3\0", "SQLite"),
    ("a program", b"\x7fELF\x02\x01\x01", "program"),
    ("a web page", b"<!DOCTYPE html><html><table><tr><td>1</td></tr></table></html>", "web page"),
    ("a table of HTML named xls", b"<table><tr><td>1</td></tr></table>", "web page"),
    ("XML", b"<?xml version='1.0'?><rows><row/></rows>", "web page or XML"),
    ("noise", bytes(range(256)) * 40, "neither text nor"),
    ("a cut zip", b"PK\x03\x04" + b"\0" * 60, "broken archive"),
    ("a cut Parquet file", b"PAR1" + b"\0" * 60, "broken Parquet"),
    ("a Parquet mark alone", b"PAR1PAR1", "broken Parquet"),
    ("a cut SPSS file", b"$FL2@(#) SPSS DATA FILE" + b"\0" * 50, "broken SPSS"),
    ("a cut compressed SPSS file", b"$FL3@(#) SPSS DATA FILE" + b"\0" * 50, "broken SPSS"),
    ("a cut portable file", b"ASCII SPSS PORT FILE" + b" " * 300, "broken SPSS"),
    ("a cut old Excel file", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "broken workbook"),
    ("an object cut short", b'{"rows": [{"a": 1}, {"a"', "not whole JSON"),
    ("an object of several lists", b'{"x": [{"a": 1}], "y": [{"b": 2}]}', "several lists"),
    ("an array of numbers", b"[[1, 2], [3, 4]]", "no JSON object"),
    ("lines of commas", b",,,\n,,,\n", "no rows"),
]


@pytest.mark.parametrize(("what", "content", "says"), REFUSED, ids=[r[0] for r in REFUSED])
@pytest.mark.parametrize("name", ["export.csv", "export.bin"])
def test_what_cannot_be_read_is_refused_by_its_content(tmp_path: Path, what: str, content: bytes, says: str, name: str) -> None:
    with pytest.raises(Unreadable, match=says) as refused:
        look(put(tmp_path, name, content))
    assert refused.value.do
    assert name in str(refused.value)


def test_a_folder_and_a_missing_file(tmp_path: Path) -> None:
    put(tmp_path, "answers.csv", "a,b\n1,2\n")
    with pytest.raises(Unreadable, match="is a folder"):
        look(tmp_path)
    with pytest.raises(NotFound) as missing:
        look(tmp_path / "answer.csv")
    assert missing.value.nearest == "answers.csv"
    with pytest.raises(NotFound):
        look(tmp_path / "no" / "such" / "folder.csv")


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    path = put(tmp_path, "a.csv", "a,b\n1,2\n")
    path.chmod(0)
    with pytest.raises(Unreadable, match="may not be read"):
        look(path)


def test_a_zip_that_is_no_workbook(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="not a workbook"):
        look(zipped(tmp_path, "a.xlsx", {"a.csv": b"1,2"}))


LYING = [
    ("csv named xlsx", "a.xlsx", b"a,b\n1,2\n", "csv"),
    ("csv named json", "a.json", b"a,b\n1,2\n", "csv"),
    ("json named csv", "a.csv", b'[{"a": 1, "b": 2}]', "json"),
    ("json lines named txt", "a.txt", b'{"a": 1, "b": 2}\n{"a": 1, "b": 2}\n', "jsonl"),
    ("one json line named jsonl", "a.jsonl", b'{"a": 1, "b": 2}\n', "jsonl"),
    ("an object over several lines", "a.jsonx", b'{\n "rows": [{"a": 1, "b": 2}]\n}', "json"),
    ("tabs named csv", "a.csv", b"a\tb\n1\t2\n", "csv"),
    ("no extension", "export", b"a;b\n1;2\n", "csv"),
]


@pytest.mark.parametrize(("what", "name", "content", "format_"), LYING, ids=[x[0] for x in LYING])
def test_an_extension_that_lies_is_seen_through(tmp_path: Path, what: str, name: str, content: bytes, format_: str) -> None:
    path = put(tmp_path, name, content)
    assert look(path).reading.format == format_
    assert list(rows_in(taken(path))[0].values()) == ["1", "2"]


def test_binary_files_under_other_names(tmp_path: Path) -> None:
    book = workbook(tmp_path, {"s": [["a", "b"], [1, 2]]}, "book.csv")
    assert look(book).reading.format == "xlsx"
    table = tmp_path / "table.csv"
    pq.write_table(pa.table({"a": [1], "b": [2]}), table)
    assert look(table).reading.format == "parquet"
    assert look(table, Reading(format="csv")).reading.format == "parquet"


def test_a_text_that_begins_with_a_bracket_is_text(tmp_path: Path) -> None:
    assert look(put(tmp_path, "a.csv", "[id],text\n1,a\n")).reading.format == "csv"


@pytest.mark.parametrize(("reading", "says", "nearest"), [
    (Reading(dialect="qualtrix"), "No dialect", "qualtrics"),
    (Reading(format="parket"), "No format", "parquet"),
    (Reading(encoding="utf-99"), "No encoding", None),
])  # fmt: skip
def test_a_contract_that_names_what_is_not_there(tmp_path: Path, reading: Reading, says: str, nearest: str | None) -> None:
    with pytest.raises(Unreadable, match=says) as refused:
        look(put(tmp_path, "a.csv", "a,b\n1,2\n"), reading)
    assert refused.value.nearest == nearest


def sheet_of(cells: bytes) -> dict[str, bytes]:
    return {"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": b"<worksheet><sheetData>" + cells + b"</sheetData></worksheet>"}


def test_a_workbook_that_unpacks_to_far_more_than_it_is(tmp_path: Path) -> None:
    bomb = zipped(tmp_path, "bomb.xlsx", {"xl/workbook.xml": b"<workbook/>", "xl/sharedStrings.xml": b"0" * (80 << 20)})
    with pytest.raises(TooLarge, match=r"unpacks to 80 MiB.*CSV"):
        look(bomb)


def test_a_sheet_whose_cells_lie_too_far_apart(tmp_path: Path) -> None:
    far = zipped(tmp_path, "far.xlsx", sheet_of(b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'))
    with pytest.raises(TooLarge, match="1048576 rows × 16384 columns"):
        look(far)


def test_a_sheet_of_opendocument_that_repeats_a_filled_cell(tmp_path: Path) -> None:
    row = b'<table:table-row table:number-rows-repeated="1048576">'
    cell = row + b'<table:table-cell table:number-columns-repeated="16384" office:value="1">1</table:table-cell>'
    path = zipped(tmp_path, "far.ods", {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": cell})
    with pytest.raises(TooLarge, match="repeats"):
        look(path)


def test_a_zip_whose_checksum_is_wrong(tmp_path: Path) -> None:
    path = workbook(tmp_path, {"s": [["a", "b"], [1, 2]]})
    content = bytearray(path.read_bytes())
    at = content.find(b"xl/worksheets/sheet1.xml") + len("xl/worksheets/sheet1.xml")
    content[at : at + 40] = struct.pack("40s", b"\xff" * 40)
    path.write_bytes(content)
    with pytest.raises(Unreadable, match="broken"):
        look(path)
