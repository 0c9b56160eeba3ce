"""Charts are data: valid Vega-Lite, without colours of their own, and never a number where there is none."""

import json
from datetime import date
from typing import Any

import altair as alt
import pytest
import vl_convert
from hypothesis import given, settings
from hypothesis import strategies as st

from gensvar.measure import Answer, Change, Estimate, Group, Hidden, Point, Question, TooFew
from gensvar.serve.web.charts import domain, groups_chart, trend_chart
from gensvar.serve.web.charts_dots import dots_chart
from gensvar.serve.web.palette import chart_theme
from gensvar.serve.web.words import Words
from tests.serve.web.desk import DELIVERY, EFFORT, NPS, SUPPORT1, SUPPORT2

MEASURES = (DELIVERY, NPS, EFFORT)
LANGUAGES = ("sv", "nb", "da", "fi", "en")
RANGES = {"csat": (0.0, 1.0), "nps": (-100.0, 100.0), "ces5": (1.0, 5.0)}


def estimate(value: float, half: float = 0.04, n: int = 200) -> Estimate:
    return Estimate(value, value - half, value + half, n)


def answer(*groups: Group) -> Answer:
    return Answer(Question("csat.delivery"), groups, "Delivery fell in Norway.")


def trend(*verdicts: Any, measure: Any = DELIVERY, first: int = 1) -> Group:
    points = tuple(Point(date(2026, first + i, 1), v) for i, v in enumerate(verdicts))
    return Group({}, measure, verdicts[-1], points)


def values_of(spec: dict[str, Any], mark: str) -> list[list[dict[str, Any]]]:
    return [layer["data"]["values"] for layer in spec["layer"] if layer["mark"]["type"] == mark]


@st.composite
def verdicts(draw: st.DrawFn, metric: str) -> Any:
    low, high = RANGES[metric]
    kind = draw(st.sampled_from(["estimate", "few", "hidden"]))
    if kind == "few":
        return TooFew(draw(st.integers(0, 29)), 30)
    if kind == "hidden":
        return Hidden("small_group")
    a, b, c = sorted(draw(st.lists(st.floats(low, high), min_size=3, max_size=3)))
    return Estimate(b, a, c, draw(st.integers(30, 10**6)))


@st.composite
def grouped(draw: st.DrawFn) -> Answer:
    measure = draw(st.sampled_from(MEASURES))
    names = draw(st.lists(st.one_of(st.none(), st.text(min_size=1, max_size=12)), unique=True, max_size=6))
    groups = tuple(
        Group(
            {"segment": name},
            measure,
            draw(verdicts(measure.metric)),
            tuple(Point(date(2026, m, 1), draw(verdicts(measure.metric))) for m in range(1, draw(st.integers(1, 5)))),
            Change(draw(st.sampled_from(["rose", "fell", "no visible change", "cannot tell"])), draw(verdicts(measure.metric))),
        )
        for name in names
    )
    return answer(*groups)


@settings(deadline=None, max_examples=40)  # the schema check is slow, not the chart
@given(asked=grouped(), language=st.sampled_from(LANGUAGES))
def test_every_chart_is_valid_and_carries_no_colour(asked: Answer, language: str) -> None:
    key = asked.groups[0].key if asked.groups else None
    for spec in (groups_chart(asked, language), trend_chart(asked, language, key)):
        alt.LayerChart.from_dict(spec, validate=True)
        assert spec["config"].keys() == {"locale"}
        assert all(not {"color", "fill", "stroke"} & {*layer["mark"], *layer["encoding"]} for layer in spec["layer"])
        json.dumps(spec, allow_nan=False)


@given(asked=grouped())
def test_every_number_lies_on_the_drawn_scale(asked: Answer) -> None:
    span = domain(asked.groups)
    drawn = [v for g in asked.groups for v in (g.verdict, *(p.verdict for p in g.trend)) if isinstance(v, Estimate)]
    assert (span is None) == (not drawn)
    if span:
        times = 100 if asked.groups[0].measure.metric == "csat" else 1
        assert span[0] < span[1]
        assert all(span[0] - 1e-9 <= v.low * times and v.high * times <= span[1] + 1e-9 for v in drawn)


def test_a_step_without_a_number_leaves_a_gap_and_a_ring() -> None:
    spec = trend_chart(answer(trend(estimate(0.7), TooFew(3, 30), estimate(0.8), estimate(0.9))), "en")
    (line,) = values_of(spec, "line")
    assert [(r["start"], r["run"]) for r in line] == [("2026-01-01", "1.0"), ("2026-03-01", "1.1"), ("2026-04-01", "1.1")]
    rings = values_of(spec, "point")[-1]
    assert [r["start"] for r in rings] == ["2026-02-01"]
    assert "3 answers" in rings[0]["says"]
    (lone,) = values_of(spec, "rule")
    assert [r["start"] for r in lone] == ["2026-01-01"]


def test_two_versions_are_two_lines_with_a_mark_where_the_second_begins() -> None:
    old = trend(estimate(0.7), estimate(0.7), TooFew(0, 30), measure=SUPPORT1)
    new = trend(TooFew(0, 30), TooFew(2, 30), estimate(0.8), measure=SUPPORT2)
    spec = trend_chart(answer(new, old), "sv")
    (line,) = values_of(spec, "line")
    assert {r["run"].split(".")[0] for r in line} == {"1", "2"}
    assert ["2026-03-01"] in [[r["start"] for r in rows] for rows in values_of(spec, "rule")]
    assert all(rows[-1]["start"] != "2026-02-01" for rows in values_of(spec, "point")), "the old line has a number there"


def test_groups_show_a_colour_only_where_a_change_is_visible() -> None:
    then = estimate(0.7)
    asked = answer(
        Group({"market": "NO"}, DELIVERY, estimate(0.6), change=Change("fell", then)),
        Group({"market": "SE"}, DELIVERY, estimate(0.7), change=Change("cannot tell", then)),
        Group({"market": "DK"}, DELIVERY, TooFew(12, 30), change=Change("cannot tell", then)),
        Group({"market": None}, DELIVERY, Hidden("small_group")),
    )
    spec = groups_chart(asked, "en")
    tones = {
        row["group"]: layer["mark"]["style"]
        for layer in spec["layer"]
        if layer["mark"]["type"] == "point"
        for row in layer["data"]["values"]
        if row.get("value")
    }
    assert tones == {"Norway": ["point", "worse"], "Sweden": ["point"]}
    words = next(rows for layer in spec["layer"] if layer["mark"].get("style") == "quiet" for rows in [layer["data"]["values"]])
    assert [r["says"] for r in words] == ["12 answers; 30 are needed", "hidden: too few people to stay unknown"]


def test_names_that_are_alike_to_their_end_are_told_apart() -> None:
    names = ["feature use: invoice, 3 times", "feature use: invoice, 14 d", "Delivery"]
    rows = [{"group": name, "tone": "none", "value": 1.0, "low": 0.0, "high": 2.0, "figure": "+1", "says": name} for name in names]
    spec = dots_chart(rows, Words("en"), "apart")
    alt.LayerChart.from_dict(spec, validate=True)
    assert spec["layer"][1]["encoding"]["y"]["sort"] == ["feature use:\ninvoice, 3 times", "feature use:\ninvoice, 14 d", "Delivery"]
    svg = vl_convert.vegalite_to_svg({**spec, "width": 600}, config=chart_theme("light"))
    assert svg.count(">feature use:</tspan>") == 2, "two lines where one would be cut"


def test_less_effort_is_better() -> None:
    asked = answer(Group({"market": "NO"}, EFFORT, estimate(2.0), change=Change("fell", estimate(3.0))))
    assert any(layer["mark"].get("style") == ["point", "better"] for layer in groups_chart(asked, "en")["layer"])


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_house_theme_draws_them(mode: str) -> None:
    spec = trend_chart(answer(trend(estimate(0.7), estimate(0.75), measure=DELIVERY)), "sv") | {"width": 300}
    svg = vl_convert.vegalite_to_svg(spec, config=chart_theme(mode))
    assert chart_theme(mode)["style"]["doubt"]["fill"] in svg
    assert "75\N{NO-BREAK SPACE}%" in svg
    assert ">feb<" in svg, "months in the reader's language"


def test_the_trend_is_exactly_this() -> None:
    spec = trend_chart(answer(trend(estimate(0.72), estimate(0.78))), "en")
    layers = [(layer["mark"]["type"], layer["mark"]["style"]) for layer in spec["layer"]]
    assert layers == [("area", "doubt"), ("rule", "whisker"), ("line", "trace"), ("point", "point"), ("text", "label")]
    assert spec["description"] == "Delivery fell in Norway."
    assert spec["layer"][2]["data"]["values"][0] == {
        "start": "2026-01-01", "version": 1, "run": "1.0", "value": 72.0, "low": 68.0, "high": 76.0, "figure": "72\N{NO-BREAK SPACE}%",
        "says": "Jan 1, 2026: 72\N{NO-BREAK SPACE}% (68–76), n = 200",
    }  # fmt: skip
    assert spec["layer"][4]["data"]["values"][0]["figure"] == "78\N{NO-BREAK SPACE}%"
