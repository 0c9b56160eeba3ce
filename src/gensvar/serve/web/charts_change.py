"""The chart of a decomposition as data: from what it was to what it is, step by step, each with its doubt. The spec names marks, never colours."""

from collections.abc import Mapping, Sequence
from typing import Any

from gensvar.serve.web.charts import ROW_HEIGHT, Spec, named_axis, shared, two_lines
from gensvar.serve.web.words import Words

MARGIN, BAR = 0.08, 12
Rows = Sequence[Mapping[str, Any]]


def steps_chart(rows: Rows, words: Words, title: str, suffix: str, least: float) -> Spec:
    """One row for each step, from the top down: bars that begin where the one before ended, whiskers at their ends; first and last are dots.

    rows: name, tone (better, worse, none), start, end, low, high (all on the measure's own scale), figure, says; ends (true for first and last).
    Blue and orange only where a step is visible. least: the least that the scale covers.
    """
    low, high = min(min(r["start"], r["low"]) for r in rows), max(max(r["start"], r["high"]) for r in rows)
    room = max((high - low) * MARGIN, (least - (high - low)) / 2)
    shown = "replace(datum.label, '-', '−')"
    axis = {"tickCount": 4, "title": None, "labelExpr": f"{shown} + '{suffix}'" if suffix else shown}
    x = {"field": "end", "type": "quantitative", "title": None, "scale": {"domain": [low - room, high + room], "nice": False}, "axis": axis}
    rows = [{**r, "name": two_lines(r["name"])} for r in rows]
    y = {"field": "name", "type": "nominal", "sort": [r["name"] for r in rows], "title": None, "axis": named_axis()}
    bars, dots = [r for r in rows if not r["ends"]], [r for r in rows if r["ends"]]
    layers = [
        _layer([{"at": rows[0]["end"]}], {"type": "rule", "style": "break"}, {"x": x | {"field": "at"}}),
        *(one for tone in ("none", "better", "worse") for one in _bars([r for r in bars if r["tone"] == tone], tone, x, y)),
        _layer(rows, {"type": "rule", "style": "whisker"}, {"y": y, "x": x | {"field": "low"}, "x2": {"field": "high"}}),
        _layer(dots, {"type": "point", "filled": True, "style": "point", "size": 70}, {"y": y, "x": x, "tooltip": {"field": "says"}}),
        _layer([{**r, "at": max(r["start"], r["high"])} for r in rows], _label(), {"y": y, "x": x | {"field": "at"}, "text": {"field": "figure"}}),
    ]
    height = len(rows) * ROW_HEIGHT + 24
    return shared(words.language) | {
        "description": title,
        "height": height,
        "padding": {"left": 2, "right": 40, "top": 6, "bottom": 2},
        "layer": layers,
    }


def _bars(rows: Rows, tone: str, x: Spec, y: Spec) -> list[Spec]:
    if not rows:
        return []
    mark = {"type": "bar", "size": BAR, "style": ["doubt" if tone == "none" else tone]}
    return [_layer(rows, mark, {"y": y, "x": x | {"field": "start"}, "x2": {"field": "end"}, "tooltip": {"field": "says"}})]


def _label() -> Spec:
    return {"type": "text", "style": "label", "align": "left", "baseline": "middle", "dx": 7}


def _layer(values: Rows, mark: Spec, encoding: Spec) -> Spec:
    return {"data": {"values": list(values)}, "mark": mark | {"aria": False}, "encoding": encoding}
