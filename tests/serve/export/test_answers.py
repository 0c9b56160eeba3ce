"""An answer as a table: every group and step has its row, a number has its interval, and what may not be shown has no number."""

import io
from datetime import date

import pyarrow.parquet as pq
import pytest

from gensvar.contracts import Measure
from gensvar.kit.errors import BadInput
from gensvar.measure import Answer, parse_question
from gensvar.measure.answer import Estimate, Group, Hidden, NotComparable, Point
from gensvar.measure.question import Question
from gensvar.serve.export import FORMS, Look, answer_file, answer_table, as_csv, as_xlsx, form_of, split_ending
from gensvar.serve.export.answers import COLUMNS, about, about_table
from gensvar.serve.export.files import file_name
from gensvar.serve.export.tables import about_parquet
from gensvar.serve.web.words import Words
from tests.serve.export.test_tables import read_csv, read_xlsx
from tests.serve.web.desk import TODAY, FakeDesk

TRIPLES = (("value", "low", "high"), ("before", "before_low", "before_high"), ("difference", "difference_low", "difference_high"))
PULSE = Measure(id="enps.pulse", version=1, metric="enps", low=0, high=10, name={"en": "Pulse"})


def asked(desk: FakeDesk, *words: str, language: str = "en") -> Answer:
    return desk.ask(parse_question(*words, today=TODAY), language)


@pytest.fixture(scope="module")
def by_market(reading_desk: FakeDesk) -> Answer:
    return asked(reading_desk, "csat.delivery", "market", "", "last 3 months", "month", "previous")


@pytest.fixture(scope="module")
def few(reading_desk: FakeDesk) -> Answer:
    return asked(reading_desk, "csat.price", "market", "", "last month", "", "previous")


def hidden() -> Answer:
    """Employees of two units; so few answered in the north that nobody may see how many."""
    few, many = Hidden("small_group"), Estimate(12.0, -3.0, 27.0, 60)
    groups = (
        Group({"unit": "south"}, PULSE, many, (Point(date(2026, 10, 1), many),), sentence="Pulse for south: 12 (−3…27), 60 answers."),
        Group({"unit": "north"}, PULSE, few, (Point(date(2026, 10, 1), few),), sentence="Pulse for north: too few answered to show it."),
    )
    return Answer(Question("enps.pulse", by=("unit",), grain="month"), groups, "Pulse", notes=("Groups in which few answered are not shown.",))


def test_each_group_and_each_step_has_a_row(by_market: Answer) -> None:
    rows = answer_table(by_market).to_pylist()
    wholes, steps = [r for r in rows if r["step"] is None], [r for r in rows if r["step"]]
    assert list(rows[0]) == ["market", *COLUMNS]
    assert {r["market"] for r in wholes} == {"SE", "NO", "DK", "FI"}
    assert len(steps) == 4 * 3
    assert [(r["value"], r["low"], r["high"], r["n"]) for r in wholes] == [
        (g.verdict.value, g.verdict.low, g.verdict.high, g.verdict.n) for g in by_market.groups if isinstance(g.verdict, Estimate)
    ]
    assert [r["sentence"] for r in wholes] == [g.sentence for g in by_market.groups]
    norway = next(r for r in wholes if r["market"] == "NO")
    assert norway["move"] == "fell"
    assert norway["difference"] == pytest.approx(norway["value"] - norway["before"])
    assert norway["q"] < 0.05


def test_no_number_stands_without_its_interval(by_market: Answer, few: Answer) -> None:
    for row in [*answer_table(by_market).to_pylist(), *answer_table(few).to_pylist(), *answer_table(hidden()).to_pylist()]:
        for value, low, high in TRIPLES:
            assert len({row[value] is None, row[low] is None, row[high] is None}) == 1
            assert row[value] is None or row[low] <= row[value] <= row[high]
        assert (row["value"] is not None) == (row["verdict"] == "estimate")


def test_too_few_says_so_and_how_many_it_takes(few: Answer) -> None:
    finland = next(r for r in answer_table(few).to_pylist() if r["market"] == "FI")
    assert (finland["verdict"], finland["value"], finland["n"], finland["least"]) == ("too_few", None, 3, 30)
    assert finland["more"] > 0


def test_what_is_hidden_has_no_number_at_all() -> None:
    rows = [r for r in answer_table(hidden()).to_pylist() if r["unit"] == "north"]
    assert [r["verdict"] for r in rows] == ["hidden", "hidden"]
    said = {"step", "measure", "version", "metric", "value_unit", "verdict", "sentence"}
    assert all(r[name] is None for r in rows for name in COLUMNS if name not in said)
    csv_rows = read_csv(as_csv(answer_table(hidden())))
    assert all("0" not in row[csv_rows[0].index("value")] for row in csv_rows if row[0] == "north")


def test_not_comparable_and_missing_values_are_said() -> None:
    groups = (Group({"market": None}, PULSE, NotComparable("another_version")), Group({"market": "SE"}, PULSE, Hidden("scope")))
    rows = answer_table(Answer(Question("enps.pulse", by=("market",)), groups, "")).to_pylist()
    assert [(r["market"], r["verdict"]) for r in rows] == [(None, "not_comparable"), ("SE", "hidden")]


@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet"])
def test_every_form_is_read_back_as_the_table(by_market: Answer, form: str) -> None:
    made = answer_file(by_market, FORMS[form], Words("en"))
    table = answer_table(by_market)
    if form == "parquet":
        found = pq.read_table(io.BytesIO(made.body))
        assert found.to_pylist() == table.to_pylist()
        assert about_parquet(found.schema) == about(by_market)
    else:
        head, *rows = read_csv(made.body) if form == "csv" else read_xlsx(made.body)
        at = head.index("value")
        assert head == table.column_names
        assert [float(row[at]) for row in rows] == table["value"].to_pylist()
        assert [row[head.index("sentence")] for row in rows] == [s or "" for s in table["sentence"].to_pylist()]


def test_the_question_and_the_notes_go_along(reading_desk: FakeDesk) -> None:
    answer = asked(reading_desk, "csat.support", "", "market=NO", "last 12 months", "", "", language="sv")
    known = about(answer)
    assert known["question"] == {"measure": "csat.support", "where": "market=NO", "period": "last 12 months"}
    assert known["notes"] == list(answer.notes) != []
    sheet = read_xlsx(answer_file(answer, FORMS["xlsx"], Words("sv")).body, 1)
    assert ["question.where", "market=NO"] in sheet
    assert ["notes", answer.notes[0]] in sheet
    assert about_table(answer).num_rows == len(sheet) - 1


def test_names_of_files_are_safe_and_tell_them_apart(by_market: Answer) -> None:
    made = answer_file(by_market, FORMS["csv"], Words("en"))
    assert made.name == "csat.delivery-by-market-month-2026-08-01_2026-10-31.csv"
    hostile = file_name(['x"; filename="evil.exe', "a\r\nSet-Cookie: a=b", "../../etc", "å" * 300], "csv")
    assert set(hostile) <= set("abcdefghijklmnopqrstuvwxyz0123456789._-")
    assert ".." not in hostile.replace("..-", "")
    assert len(hostile) < 130
    assert file_name(["…"], "png") == "gensvar.png"
    headers = made.headers()
    assert headers["Content-Disposition"] == f'attachment; filename="{made.name}"'
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_forms_are_found_by_name_or_the_nearest_is_named(by_market: Answer) -> None:
    assert form_of(".PNG") is FORMS["png"]
    with pytest.raises(BadInput, match=r"No form 'pgn'.*Did you mean 'png'"):
        form_of("pgn")
    with pytest.raises(BadInput, match=r"No mode 'drak'.*Did you mean 'dark'"):
        answer_file(by_market, FORMS["svg"], Words("en"), Look("drak"))
    assert split_ending("csat.delivery.csv") == ("csat.delivery", FORMS["csv"])
    assert split_ending("csat.delivery") == ("csat.delivery", None)
    assert split_ending(".csv") == (".csv", None)


def test_shares_are_shown_in_per_cent_only_where_all_are_shares(by_market: Answer, reading_desk: FakeDesk) -> None:
    effort = asked(reading_desk, "ces.payment", "", "", "last 3 months", "", "")
    formed = [f.name for f in answer_table(by_market).schema if f.metadata]
    assert set(formed) == {name for triple in TRIPLES for name in triple}
    assert not [f for f in answer_table(effort).schema if f.metadata]


def test_ten_thousand_groups_are_a_file_in_a_moment() -> None:
    groups = tuple(Group({"unit": f"Enhet {i}"}, PULSE, Estimate(10.0, 5.0, 15.0, 100), sentence=f"Enhet {i}: 10 (5–15).") for i in range(10_000))
    table = answer_table(Answer(Question("enps.pulse", by=("unit",)), groups, "…"))
    assert table.num_rows == 10_000
    assert 1_000_000 < len(as_csv(table)) < 3_000_000
    assert len(as_xlsx({"s": table})) < 3_000_000
