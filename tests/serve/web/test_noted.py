"""Annotations on a chart: gathered by step, labelled above the line, in the table and in the twin."""

from datetime import date
from typing import Any

import altair as alt
import vl_convert
from hypothesis import given
from hypothesis import strategies as st

from gensvar.measure import Estimate, Question, TooFew
from gensvar.measure.answer import Answer, Group, Point
from gensvar.serve.web.blocks import trend_view
from gensvar.serve.web.charts import trend_chart
from gensvar.serve.web.noted import LABELLED, LONGEST, Noted, gathered, in_step
from gensvar.serve.web.palette import chart_theme
from gensvar.serve.web.words import Words
from tests.serve.web.desk import DELIVERY

YEAR = [date(2026, m, 1) for m in range(1, 13)]


def noted(day: date, text: str = "New guides", number: int = 1, place: str = "") -> Noted:
    return Noted(number, day, text, place)


def answer(*verdicts: Any) -> Answer:
    points = tuple(Point(start, v) for start, v in zip(YEAR, verdicts, strict=False))
    return Answer(Question("csat.delivery", grain="month"), (Group({}, DELIVERY, verdicts[-1], points),), "Delivery.")


STEADY = answer(*(Estimate(0.7, 0.66, 0.74, 200) for _ in YEAR))


def test_notes_are_gathered_by_the_step_that_holds_their_day() -> None:
    marks = gathered([noted(date(2026, 6, 20), "b", 2), noted(date(2026, 6, 3), "a", 1), noted(date(2026, 9, 30), "c", 3)], YEAR, "month")
    assert [(m.start, [n.text for n in m.notes]) for m in marks] == [(date(2026, 6, 1), ["a", "b"]), (date(2026, 9, 1), ["c"])]
    assert [m.label for m in marks] == ["a +1", "c"]
    weeks = gathered([noted(date(2026, 6, 20))], [date(2026, 6, 8), date(2026, 6, 15)], "week")
    assert [m.start for m in weeks] == [date(2026, 6, 15)]


def test_notes_outside_the_time_of_the_chart_are_left_out() -> None:
    assert gathered([noted(date(2025, 12, 31)), noted(date(2027, 1, 1))], YEAR, "month") == ()
    assert gathered([noted(date(2026, 6, 1))], [], "month") == ()


def test_a_label_says_where_it_holds_and_is_cut_to_fit() -> None:
    (mark,) = gathered([noted(date(2026, 6, 1), "New guides for everybody who asked", place="Sweden")], YEAR, "month")
    assert mark.label.startswith("Sweden: New guides")
    assert mark.label.endswith("…")
    assert len(mark.label) <= LONGEST
    assert in_step([mark], date(2026, 6, 1)) == "Sweden: New guides for everybody who asked"
    assert in_step([mark], date(2026, 7, 1)) == ""


@given(days=st.lists(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=30))
def test_each_note_stands_once_and_the_latest_steps_have_labels_in_rows_of_their_own(days: list[date]) -> None:
    marks = gathered([noted(day, number=i) for i, day in enumerate(days)], YEAR, "month")
    assert sorted(n.id for m in marks for n in m.notes) == list(range(len(days)))
    rows = [m.row for m in marks if m.row is not None]
    assert sorted(rows) == list(range(min(LABELLED, len(marks))))
    assert [m.row for m in marks][-LABELLED:] == rows


def layers(spec: dict[str, Any], style: str) -> list[dict[str, Any]]:
    return [layer for layer in spec["layer"] if layer["mark"].get("style") == style]


def test_a_label_never_lies_on_the_line() -> None:
    marks = gathered([noted(date(2026, 3, 1), "a"), noted(date(2026, 6, 1), "b"), noted(date(2026, 11, 1), "c")], YEAR, "month")
    spec = trend_chart(STEADY, "en", marks=marks)
    alt.LayerChart.from_dict(spec, validate=True)
    labels = [layer for layer in layers(spec, "quiet") if "label" in layer["data"]["values"][0]]
    heights = [layer["encoding"]["y"]["value"] for layer in labels]
    assert all(height < 0 for height in heights), "above the plot, where no line is"
    assert len(set(heights)) == len(heights), "each in a row of its own"
    assert {layer["mark"]["align"] for layer in labels} == {"left", "right"}, "towards the middle"
    assert spec["height"] > trend_chart(STEADY, "en")["height"], "the plot keeps its height"
    assert len(layers(spec, "note")[0]["data"]["values"]) == 3


def test_a_chart_with_notes_can_be_drawn() -> None:
    marks = gathered([noted(date(2026, 12, 31), "<b>last</b> & “first”")], YEAR, "month")
    spec = trend_chart(STEADY, "sv", marks=marks)
    svg = vl_convert.vegalite_to_svg({**spec, "width": 300, "config": chart_theme("light") | spec["config"]})
    assert "&lt;b&gt;last" in svg
    assert "<b>" not in svg


def test_the_table_has_a_column_only_where_something_was_noted() -> None:
    words = Words("sv")
    bare, said = (trend_view(STEADY, words, "Trend", notes=notes) for notes in ((), (noted(date(2026, 6, 9), "Nya guider"),)))
    assert bare.table.head == ("från", "värde", "95 %-intervall", "svar")
    assert said.table.head[:2] == ("från", "vad som hände")
    assert (said.table.texts, said.table.rows[5][1], said.table.rows[4][1]) == (2, "Nya guider", "")
    assert [n.text for n in said.notes] == ["Nya guider"]
    assert bare.notes == ()


def test_notes_are_told_even_where_nothing_may_be_drawn() -> None:
    few = answer(*(TooFew(3, 30) for _ in YEAR))
    drawn = trend_view(few, Words("en"), "Trend", notes=[noted(date(2026, 6, 9))])
    assert drawn.spec is None
    assert [n.text for n in drawn.notes] == ["New guides"]
