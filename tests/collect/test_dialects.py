"""The headers of survey tools come out unique, each with its question."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gensvar.collect import look
from gensvar.collect.dialects import find_top
from gensvar.collect.names import LONGEST, filled, joined, plain, tidy, unique
from gensvar.contracts.contract import Reading
from gensvar.kit.errors import Unreadable
from tests.collect.files import csv_of, lines_in, put, rows_in, taken, workbook

IMPORT_IDS = ['{"ImportId":"startDate","timeZone":"Europe/Oslo"}', '{"ImportId":"_recordId"}', '{"ImportId":"QID1"}', '{"ImportId":"QID2_TEXT"}']
QUALTRICS = [
    ["StartDate", "ResponseId", "Q1", "Q2"],
    ["Anfangsdatum", "Antwort-ID", "How satisfied\nare you?", "Why?"],
    IMPORT_IDS,
    ["2026-01-31 10:00:00", "R_1", "4", "Quick"],
    ["2026-01-31 11:00:00", "R_2", "2", "Slow"],
]


def test_qualtrics_has_three_header_rows(tmp_path: Path) -> None:
    path = put(tmp_path, "q.csv", csv_of(QUALTRICS[0], QUALTRICS[1:]))
    found = look(path)
    assert (found.reading.dialect, found.reading.header_rows) == ("qualtrics", 3)
    assert found.names == ("StartDate", "ResponseId", "Q1", "Q2")
    assert [h.label for h in found.headers] == ["Anfangsdatum (Europe/Oslo)", "Antwort-ID", "How satisfied are you?", "Why?"]
    assert [r["ResponseId"] for r in rows_in(taken(path))] == ["R_1", "R_2"]
    assert lines_in(taken(path)) == [5, 6]


def test_qualtrics_without_its_question_row(tmp_path: Path) -> None:
    path = put(tmp_path, "q.csv", csv_of(QUALTRICS[0], QUALTRICS[2:]))
    assert look(path).reading.header_rows == 2
    assert [r["Q1"] for r in rows_in(taken(path))] == ["4", "2"]


def test_the_older_qualtrics_export_takes_its_names_from_the_second_row(tmp_path: Path) -> None:
    top = [["V1", "V2", "V8", "Q1", ""], ["ResponseID", "ResponseSet", "StartDate", "How was it?", ""]]
    path = put(tmp_path, "q.csv", csv_of(top[0], [top[1], ["R_1", "Default", "2026-01-31 10:00:00", "5", ""]]))
    found = look(path)
    assert (found.reading.dialect, found.reading.header_rows) == ("qualtrics", 2)
    assert found.names == ("ResponseID", "ResponseSet", "StartDate", "Q1", "column_5")
    assert found.headers[3].label == "How was it?"


MONKEY = [
    ["Respondent ID", "Collector ID", "Which have you used?", "", "", "How likely are you to recommend us?", "Anything else?"],
    ["", "", "App", "Web", "Phone", "Response", "Open-Ended Response"],
    ["1001", "7", "App", "", "Phone", "9", "No"],
    ["1002", "7", "", "Web", "", "3", "More, please"],
]


def test_surveymonkey_has_two_header_rows_with_blanks(tmp_path: Path) -> None:
    found = look(put(tmp_path, "s.csv", csv_of(MONKEY[0], MONKEY[1:])))
    assert (found.reading.dialect, found.reading.header_rows) == ("surveymonkey", 2)
    assert found.names == (
        "Respondent ID", "Collector ID", "Which have you used? [App]", "Which have you used? [Web]", "Which have you used? [Phone]",
        "How likely are you to recommend us?", "Anything else?",
    )  # fmt: skip
    assert found.headers[2].label == "Which have you used? [App]"


def test_surveymonkey_that_lost_its_second_header_row(tmp_path: Path) -> None:
    found = look(put(tmp_path, "s.csv", csv_of(["RespondentID", *MONKEY[0][1:]], MONKEY[2:])))
    assert (found.reading.dialect, found.reading.header_rows) == ("surveymonkey", 1)
    assert found.names[2:5] == ("Which have you used? [App]", "Which have you used? [Web]", "Which have you used? [Phone]")


def test_a_matrix_without_its_options_is_numbered(tmp_path: Path) -> None:
    rows = [["1", "a", "b"], ["2", "b", "c"]]
    assert look(put(tmp_path, "s.csv", csv_of(["RespondentID", "Rate them", ""], rows))).names == ("RespondentID", "Rate them [1]", "Rate them [2]")


LIME = [
    ["Welchen Hintergrund haben Sie?", "", "", "Wie häufig?", ""],
    ["Informatik", "Elektrotechnik", "Sonstiges", "Bei der Arbeit", "Zu Hause"],
    ["Ja", "Nein", "", "häufig", "nie"],
]


def test_limesurvey_has_a_question_row_above_its_parts(tmp_path: Path) -> None:
    text = "\n".join(";".join(r) for r in LIME)
    path = put(tmp_path, "l.csv", text.encode("utf-8-sig"))
    found = look(path)
    assert (found.reading.dialect, found.reading.header_rows, found.reading.delimiter) == ("limesurvey", 2, ";")
    assert found.names[1] == "Welchen Hintergrund haben Sie? [Elektrotechnik]"


def test_the_workbook_twin_reads_the_same(tmp_path: Path) -> None:
    text = put(tmp_path, "l.csv", "\n".join(";".join(r) for r in LIME))
    book = workbook(tmp_path, {"Data": LIME})
    assert look(book).names == look(text).names
    assert [[c or "" for c in r.values()] for r in rows_in(taken(book))] == [list(r.values()) for r in rows_in(taken(text))]


def test_limesurvey_in_one_row_with_brackets(tmp_path: Path) -> None:
    found = look(put(tmp_path, "l.csv", csv_of(["Response ID", "Date submitted", "How was [the price]"], [["1", "2026-01-31", "4"]])))
    assert (found.reading.dialect, found.reading.header_rows) == ("limesurvey", 1)


def test_typeform_headers_lose_their_markup_and_stay_apart(tmp_path: Path) -> None:
    header = ["#", "<strong>Are you *really* happy?</strong>", "Other", "Other", "Tom &amp; Jerry", "Submit Date (UTC)"]
    found = look(put(tmp_path, "t.csv", csv_of(header, [["a1", "1", "x", "", "y", "2026-01-31 10:00"]])))
    assert found.reading.dialect == "typeform"
    assert found.names == ("#", "Are you really happy?", "Other", "Other (2)", "Tom & Jerry", "Submit Date (UTC)")


PLAIN = [
    ("one header row", [["id", "score"], ["1", "5"]], 1, ("id", "score")),
    ("no header", [["1", "5"], ["2", "4"]], 0, ("column_1", "column_2")),
    ("no header, dates", [["2026-01-31", "5"], ["2026-02-01", "4"]], 0, ("column_1", "column_2")),
    ("titles above", [["Report of January", "", ""], ["id", "score", "text"], ["1", "5", "a"]], 2, ("id", "score", "text")),
    ("a blank name", [["id", "", "text"], ["1", "5", "a"]], 1, ("id", "column_2", "text")),
    ("names twice", [["a", "a", "a (2)"], ["1", "5", "a"]], 1, ("a", "a (2)", "a (2) (2)")),
    ("blanks around", [["  id ", "the\nscore"], ["1", "5"]], 1, ("id", "the score")),
]


@pytest.mark.parametrize(("what", "rows", "depth", "names"), PLAIN, ids=[p[0] for p in PLAIN])
def test_plain_tables(what: str, rows: list[list[str]], depth: int, names: tuple[str, ...]) -> None:
    top = find_top(rows)
    assert (top.dialect, top.rows, tuple(h.name for h in top.headers)) == ("plain", depth, names)


def test_the_contract_settles_how_deep_the_header_is(tmp_path: Path) -> None:
    path = put(tmp_path, "a.csv", "made by us\nid,score\n1,5\n")
    assert look(path, Reading(header_rows=2)).names == ("id", "score")
    assert look(path, Reading(dialect="typeform", header_rows=2)).names == ("id", "score")


def test_no_rows_no_columns() -> None:
    with pytest.raises(Unreadable, match="no columns"):
        find_top([])


@given(st.lists(st.text(max_size=200)))
def test_names_are_unique_filled_and_short(names: list[str]) -> None:
    made = unique([tidy(n) for n in names])
    assert len(set(made)) == len(made) == len(names)
    assert all(made)
    assert all(len(n) <= LONGEST + 8 for n in made)


@given(st.text(max_size=300), st.text(max_size=300))
def test_a_joined_name_keeps_the_head_of_its_option(question: str, option: str) -> None:
    name = joined(plain(question), plain(option))
    assert "\n" not in name
    if plain(question) and plain(option) and plain(question) != plain(option):
        assert name.endswith("]")
        assert plain(option)[:50].rstrip() in name


def test_blank_cells_take_what_stands_to_their_left() -> None:
    assert filled(["", "a", "", "b", ""]) == ["", "a", "a", "b", "b"]
