"""CSV and its kin: every cell as written, exact lines, a broken row never takes its neighbours."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gensvar.collect import look, read
from gensvar.collect.delimited import escapes, find_delimiter
from gensvar.contracts.contract import Reading
from gensvar.kit.errors import Unreadable
from tests.collect.files import faults_in, lines_in, put, rows_in, taken

GOOD = "id,score,text\n1,5,fine\n2,4,ok\n"
BROKEN_ROWS = [
    ("too few cells", "3,1\n", "too_few_cells", 3),
    ("one cell", "lonely\n", "too_few_cells", 3),
    ("too many cells", "3,1,a,b\n", "too_many_cells", 3),
    ("far too many cells", "3,1" + ",x" * 5_000 + "\n", "too_many_cells", 3),
    ("unquoted comma", "3,1,good, but slow\n", "too_many_cells", 3),
    ("null byte", "3,1,a\0b\n", "null_byte", 3),
    ("null bytes only", "\0,\0,\0\n", "null_byte", 3),
    ("quotation that never ends", '3,1,"never\n', "broken_quote", 3),
    ("quotation in the first cell", '"3,1,never\n', "broken_quote", 3),
    ("quote after a space", '3,1, "a,b"\n', "too_many_cells", 3),
    ("another delimiter", "3;1;a\n", "too_few_cells", 3),
    ("tabs", "3\t1\ta\n", "too_few_cells", 3),
    ("a line of dashes", "------\n", "too_few_cells", 3),
    ("a footer", "Total: 2 answers\n", "too_few_cells", 3),
]


@pytest.mark.parametrize(("what", "row", "reason", "line"), BROKEN_ROWS, ids=[b[0] for b in BROKEN_ROWS])
def test_a_broken_row_is_told_with_its_line_and_its_neighbours_are_read(tmp_path: Path, what: str, row: str, reason: str, line: int) -> None:
    first, second = "1,5,fine\n", "2,4,ok\n5,5,last\n"
    batches = taken(put(tmp_path, "a.csv", "id,score,text\n" + first + row + second))
    assert [r["id"] for r in rows_in(batches)] == ["1", "2", "5"]
    assert [(f.reason, f.line) for f in faults_in(batches)] == [(reason, line)]
    assert lines_in(batches) == [2, 4, 5]
    assert faults_in(batches)[0].message.endswith(".")


@pytest.mark.parametrize(("what", "row", "reason", "line"), BROKEN_ROWS, ids=[b[0] for b in BROKEN_ROWS])
def test_a_broken_row_at_the_end_of_the_file_is_told_too(tmp_path: Path, what: str, row: str, reason: str, line: int) -> None:
    batches = taken(put(tmp_path, "a.csv", GOOD + row.rstrip("\n")))
    assert [r["id"] for r in rows_in(batches)] == ["1", "2"]
    assert [(f.reason, f.line) for f in faults_in(batches)] == [(reason, 4)]


def test_many_broken_rows_are_all_told(tmp_path: Path) -> None:
    text = "a,b\n" + "".join(f"{i},x\n" if i % 3 else f'"{i},never\n' for i in range(3_000))
    batches = taken(put(tmp_path, "a.csv", text))
    seen = sorted([*lines_in(batches), *(f.line for f in faults_in(batches))])
    assert seen == list(range(2, 3_002))
    assert {r["a"] for r in rows_in(batches)} == {str(i) for i in range(3_000) if i % 3}


def test_a_byte_that_is_no_text_breaks_its_row_only(tmp_path: Path) -> None:
    body = "id,text\n1,å\n2,ä\n3,ö\n".encode() + b"4,\xff\xfe\n" + "5,é\n6,ü\n7,ø\n8,æ\n".encode()
    batches = taken(put(tmp_path, "a.csv", body))
    assert [r["id"] for r in rows_in(batches)] == ["1", "2", "3", "5", "6", "7", "8"]
    assert [(f.reason, f.line) for f in faults_in(batches)] == [("bad_encoding", 5)]
    assert "udcff" in faults_in(batches)[0].raw


def test_a_cut_multibyte_letter_at_the_end_of_the_file(tmp_path: Path) -> None:
    batches = taken(put(tmp_path, "a.csv", "id,text\n1,åäö\n2,bra\n3,å".encode()[:-1]))
    assert [r["id"] for r in rows_in(batches)] == ["1", "2"]
    assert [f.reason for f in faults_in(batches)] == ["bad_encoding"]


ENDS = {"newline": "\n", "carriage return": "\r", "both": "\r\n"}


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^", "~"])
def test_any_delimiter_and_line_end(tmp_path: Path, delimiter: str, end: str) -> None:
    rows = [["id", "text", "score"], ["1", f"a{delimiter}b", "3"], ["2", f"one{end}two", "4"], ["3", 'say "hi"', "5"]]
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=end).writerows(rows)
    path = put(tmp_path, "a.csv", out.getvalue())
    assert look(path).reading.delimiter == delimiter
    batches = taken(path)
    assert [list(r.values()) for r in rows_in(batches)] == rows[1:]
    assert lines_in(batches) == [2, 3, 5]


ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "latin-1"]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_encoding_gives_the_same_cells(tmp_path: Path, encoding: str) -> None:
    rows = [("1", "Leveransen var sen, men pojken på cykeln var trevlig"), ("2", "Jättebra – tack så mycket för hjälpen".replace("–", "-"))]
    text = "id;kommentar\n" + "".join(f"{i};{t}\n" for i, t in rows)
    path = put(tmp_path, "a.csv", text.encode(encoding))
    assert [tuple(r.values()) for r in rows_in(taken(path))] == rows
    assert look(path).names == ("id", "kommentar")


def test_windows_quotes_and_euro_signs_are_read_as_windows_1252(tmp_path: Path) -> None:
    path = put(tmp_path, "a.csv", "id,text\n1,“great” – 5 € well spent\n2,it’s fine\n".encode("cp1252"))
    assert look(path).reading.encoding == "cp1252"
    assert rows_in(taken(path))[0]["text"] == "“great” – 5 € well spent"


def test_a_mark_beats_what_the_contract_says(tmp_path: Path) -> None:
    path = put(tmp_path, "a.csv", "id,text\n1,å\n".encode("utf-8-sig"))
    assert look(path, Reading(encoding="cp1252")).reading.encoding == "utf-8"
    assert look(path).names == ("id", "text")


CELLS = st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\t", exclude_characters="\ufeff"), max_size=12)
"""A file full of control characters is no text, and is refused: `test_no_bytes_whatever_crash_the_reader` gives such ones."""


@settings(max_examples=120, deadline=None)
@given(
    rows=st.integers(2, 5).flatmap(lambda w: st.lists(st.lists(CELLS, min_size=w, max_size=w), min_size=1, max_size=12)),
    delimiter=st.sampled_from(",;\t|"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_what_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], delimiter: str, encoding: str, quoting: int, end: str
) -> None:
    header = [f"name {i} of it" for i in range(len(rows[0]))]
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator=end).writerows([header, *rows])  # type: ignore[arg-type]
    path = put(tmp_path_factory.mktemp("round"), "a.csv", out.getvalue().encode(encoding))
    found = look(path, Reading(delimiter=delimiter, header_rows=1, format="csv"))
    batches = list(read(path, found.reading))
    assert faults_in(batches) == []
    assert [list(r.values()) for r in rows_in(batches)] == rows


@settings(max_examples=60, deadline=None)
@given(junk=st.binary(max_size=400))
def test_no_bytes_whatever_crash_the_reader(tmp_path_factory: pytest.TempPathFactory, junk: bytes) -> None:
    path = put(tmp_path_factory.mktemp("junk"), "a.csv", b"id,score\n1,5\n" + junk + b"\n2,4\n")
    try:
        batches = taken(path)
    except Unreadable:
        return
    assert all(b.rows.num_rows == len(b.lines) for b in batches)


@settings(max_examples=40, deadline=None)
@given(n=st.integers(0, 60), size=st.integers(1, 25), skip=st.integers(0, 70))
def test_a_resumed_import_reads_exactly_the_rest(tmp_path_factory: pytest.TempPathFactory, n: int, size: int, skip: int) -> None:
    text = "a,b\n" + "".join(f"{i},x\n" if i % 7 else f"{i},\0\n" if i % 2 else f"{i}\n" for i in range(n))
    path = put(tmp_path_factory.mktemp("resume"), "a.csv", text)
    reading = look(path).reading
    whole, rest = list(read(path, reading, size)), list(read(path, reading, size, skip=skip))
    assert rows_in(rest) == rows_in(whole)[skip:]
    assert lines_in(rest) == lines_in(whole)[skip:]
    assert {f.line for f in faults_in(rest)} <= {f.line for f in faults_in(whole)}
    if skip == 0:
        assert faults_in(rest) == faults_in(whole)


def test_batches_are_no_larger_than_asked(tmp_path: Path) -> None:
    path = put(tmp_path, "a.csv", "a,b\n" + "1,2\n" * 1_001)
    assert [b.rows.num_rows for b in taken(path, batch_rows=500)] == [500, 500, 1]


def test_wide_rows_make_small_batches(tmp_path: Path) -> None:
    width = 10_000
    path = put(tmp_path, "a.csv", ",".join(f"column number {i}" for i in range(width)) + "\n" + (",".join("1" * width) + "\n") * 450)
    batches = taken(path)
    assert len(look(path).headers) == width
    assert [b.rows.num_rows for b in batches] == [200, 200, 50]


def test_a_text_of_ten_megabytes_is_one_cell(tmp_path: Path) -> None:
    long = "långt " * 1_700_000
    batches = taken(put(tmp_path, "a.csv", f'id,text\n1,"{long}"\n2,short\n'))
    assert [len(r["text"]) for r in rows_in(batches)] == [len(long), 5]


def test_a_quotation_that_swallows_the_file_is_one_fault(tmp_path: Path) -> None:
    text = 'id,text\n1,a\n2,"oops\n' + "".join(f"{i},fine\n" for i in range(3, 2_000))
    batches = taken(put(tmp_path, "a.csv", text))
    assert [f.line for f in faults_in(batches)] == [3]
    assert len(rows_in(batches)) == 1_998


def test_a_runaway_quotation_is_stopped_before_it_fills_the_memory(tmp_path: Path) -> None:
    text = 'id,text\n"1,a\n' + "2,b\n" * 150_000
    batches = taken(put(tmp_path, "a.csv", text))
    assert [(f.line, f.reason) for f in faults_in(batches)] == [(2, "broken_quote")]
    assert sum(b.rows.num_rows for b in batches) == 150_000


CURIOUS = [
    ("blank lines", "a,b\n\n1,2\n\n\n3,4\n\n", [("1", "2"), ("3", "4")]),
    ("trailing commas", "a,b\n1,2,,\n3,4,\n", [("1", "2"), ("3", "4")]),
    ("spaces kept", "a,b\n 1 ,2 \n", [(" 1 ", "2 ")]),
    ("empty cells", "a,b\n,\n1,\n", [("", ""), ("1", "")]),
    ("emoji", "a,b\n1,🙂👍🏽\n", [("1", "🙂👍🏽")]),
    ("right to left", "a,b\n1,שלום עולם\n", [("1", "שלום עולם")]),
    ("doubled quotes", 'a,b\n1,"he said ""no"""\n', [("1", 'he said "no"')]),
    ("quote inside a word", 'a,b\n1,5" screen\n', [("1", '5" screen')]),
    ("excel's declared delimiter", "sep=;\na;b\n1;2\n", [("1", "2")]),
    ("no newline at the end", "a,b\n1,2", [("1", "2")]),
    ("only quoted", '"a","b"\n"1","2"\n', [("1", "2")]),
    ("other line separators", "a,b\n1,x\u2028y\x0bz\n", [("1", "x\u2028y\x0bz")]),
    ("formulas as they are", "a,b\n1,=SUM(A1)\n", [("1", "=SUM(A1)")]),
    ("control characters", "a,b\n1,x\x07y\n", [("1", "x\x07y")]),
    ("one column", "comment\ngood\nbad\n", [("good",), ("bad",)]),
    ("decimal commas", "a;b\n1,5;2,5\n3,5;4,5\n", [("1,5", "2,5"), ("3,5", "4,5")]),
    ("commas in a tab file", "name\tsaid\nx\ta, b, c\ny\td, e\n", [("x", "a, b, c"), ("y", "d, e")]),
]


@pytest.mark.parametrize(("what", "text", "rows"), CURIOUS, ids=[c[0] for c in CURIOUS])
def test_curious_but_whole_files_are_read_as_they_are(tmp_path: Path, what: str, text: str, rows: list[tuple[str, ...]]) -> None:
    batches = taken(put(tmp_path, "a.csv", text))
    assert [tuple(r.values()) for r in rows_in(batches)] == rows
    assert faults_in(batches) == []


def test_a_header_alone_has_no_rows(tmp_path: Path) -> None:
    path = put(tmp_path, "a.csv", "id,score\n")
    assert look(path).rows_estimate == 0
    assert taken(path) == []


def test_the_estimate_is_near_for_a_long_file(tmp_path: Path) -> None:
    path = put(tmp_path, "a.csv", "id,score\n" + "".join(f"{i:07},5\n" for i in range(60_000)))
    estimate = look(path).rows_estimate
    assert estimate is not None
    assert abs(estimate - 60_000) < 600


@pytest.mark.parametrize("delimiter", ["", '"', "\n", "ab"])
def test_an_impossible_delimiter_is_refused(tmp_path: Path, delimiter: str) -> None:
    path = put(tmp_path, "a.csv", GOOD)
    with pytest.raises(Unreadable, match="cannot be a delimiter"):
        look(path, Reading(delimiter=delimiter))


def test_backslash_escapes_are_known_by_their_look() -> None:
    assert escapes('a,b\n1,"say \\"hi\\" now"\n') == "\\"
    assert escapes('a,b\n1,"C:\\"\n') is None
    assert escapes('a,b\n1,"say ""hi"" \\"now"\n') is None


def test_backslash_escapes_are_read(tmp_path: Path) -> None:
    assert rows_in(taken(put(tmp_path, "a.csv", 'a,b\n1,"say \\"hi\\", you"\n')))[0]["b"] == 'say "hi", you'


def test_the_delimiter_is_a_comma_where_none_divides() -> None:
    assert find_delimiter("one word\nanother\n") == ","
