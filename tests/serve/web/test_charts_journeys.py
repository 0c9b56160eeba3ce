"""Charts of journeys are data: valid Vega-Lite without colours of their own, and what was lost is seen at once."""

import json
from typing import Any

import altair as alt
import pytest
import vl_convert

from gensvar.explain.journeys import TouchpointMap
from gensvar.serve.web.blocks import Drawn
from gensvar.serve.web.charts_journeys import Bar, Dot, Part, dots_chart, steps_chart
from gensvar.serve.web.journey_views import (
    compared_drawn,
    fates_drawn,
    friction_drawn,
    journey_flow,
    journey_steps,
    map_bars,
    map_flow,
    map_tones,
)
from gensvar.serve.web.palette import chart_theme
from gensvar.serve.web.words import Words
from tests.serve.web.journeying import COMPARED, FATES, FOUND, FRICTION, MAP, RARE


def drawings(w: Words) -> list[Drawn]:
    tones = map_tones(MAP, w)
    assert tones is not None
    names = {"payment": "Payment"}
    return [
        map_flow(MAP, w), map_bars(MAP, w), tones, journey_flow(FOUND, w), journey_steps(FOUND, w), fates_drawn(FATES, "fates", w),
        friction_drawn(FRICTION, names, "friction", w, one=False), compared_drawn(COMPARED, "compared", w),
    ]  # fmt: skip


def rows_of(spec: dict[str, Any], mark: str, style: str = "") -> list[dict[str, Any]]:
    return [
        row
        for layer in spec["layer"]
        if layer["mark"]["type"] == mark and (not style or style in layer["mark"]["style"])
        for row in layer["data"]["values"]
    ]


@pytest.mark.parametrize("language", ["en", "fi"])
def test_every_chart_is_valid_and_carries_no_colour(language: str) -> None:
    for drawn in drawings(Words(language)):
        assert drawn.spec is not None, drawn.title
        alt.LayerChart.from_dict(drawn.spec, validate=True)
        assert all(not {"color", "fill", "stroke"} & {*layer["mark"], *layer["encoding"]} for layer in drawn.spec["layer"])
        json.dumps(drawn.spec, allow_nan=False)
        assert drawn.table.rows
        assert all(len(row) == len(drawn.table.head) for row in drawn.table.rows), drawn.title


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_house_theme_draws_what_was_lost_in_its_one_colour(mode: str) -> None:
    drawn = journey_flow(FOUND, Words("en"))
    svg = vl_convert.vegalite_to_svg({**(drawn.spec or {}), "width": 900}, config=chart_theme(mode))
    assert chart_theme(mode)["style"]["worse"]["fill"] in svg
    assert chart_theme(mode)["style"]["doubt"]["fill"] in svg
    assert "stop after Choose" in svg


def test_as_much_leaves_a_step_as_came_to_it() -> None:
    spec = journey_flow(FOUND, Words("en")).spec
    assert spec is not None
    widths = {row["id"]: row["y2"] - row["y"] for row in rows_of(spec, "area")}
    came = {step.name: step.came for step in FOUND.steps}
    per_errand = widths["step 0→step 1"] / came["Confirm"]
    assert widths["step 1→step 2"] / per_errand == pytest.approx(came["Paid"], rel=0.01)
    assert widths["step 0→lost 0"] / per_errand == pytest.approx(FOUND.steps[0].ended.lost, rel=0.02)
    told = FOUND.steps[1].ended
    for fate, n in (("left", told.left), ("support", told.support), ("channel", told.channel)):
        assert widths[f"step 1→{fate} 1"] / per_errand == pytest.approx(n, rel=0.02), "the worst step is cut into what became of them"


def test_what_was_lost_lies_where_the_bar_ends() -> None:
    spec = journey_steps(FOUND, Words("en")).spec
    assert spec is not None
    lost = rows_of(spec, "bar", "worse")
    assert [row["says"] for row in lost] == ["40 stop after Choose", "150 stop after Confirm"]
    assert [round(row["x2"] - row["x"], 1) for row in lost] == [4.0, 15.2]


def test_too_few_is_said_and_never_drawn() -> None:
    w = Words("en")
    steps = journey_steps(RARE, w)
    assert steps.spec is None
    assert steps.why == "Too few errands have ended to say how many come to each step."
    assert steps.table.rows[0][0] == "Asked"
    assert map_flow(TouchpointMap((), (), MAP.counted), w).spec is None
    assert map_bars(TouchpointMap((), (), MAP.counted), w).spec is None
    assert friction_drawn((), {}, "friction", w, one=True).why == "No step loses more than the others."


def test_a_step_without_a_number_says_why_in_its_place() -> None:
    spec = steps_chart([Bar("Choose", (Part("on", 0, 90, "x"),), "90 %", "x", 90, 88, 92), Bar("Rare", (), "too few", "too few")], "t", "en")
    assert [row["figure"] for row in rows_of(spec, "text", "label")] == ["90 %", "too few"]
    assert len(rows_of(spec, "rule", "whisker")) == 1
    dots = dots_chart([Dot("A", "5", "five", 5, 4, 6), Dot("B", "too few", "too few")], "t", "en")
    assert len(rows_of(dots, "point")) == 1


def test_moves_backwards_stand_in_the_table_and_not_among_the_ribbons() -> None:
    drawn = map_flow(MAP, Words("en"))
    assert drawn.spec is not None
    assert "pay:confirm→login" not in {row["id"] for row in rows_of(drawn.spec, "area")}
    assert any(row[:2] == ("Confirm", "Login") and row[6] == "200" for row in drawn.table.rows)
    assert [row["name"] for row in rows_of(drawn.spec, "rule", "worse-line")] == ["Confirm"], "colour where it is proved that many stop"
