"""Dots with whiskers about a line, one row for each thing compared: what moves a number, and by how much. Specs name marks, never colours."""

from collections.abc import Mapping, Sequence
from math import exp, log
from typing import Any

from gensvar.serve.web.charts import ROW_HEIGHT, Spec, named_axis, shared, two_lines
from gensvar.serve.web.words import Words

MARGIN, LEAST_SPAN = 0.12, 1.0
LEAST_TIMES = 0.25  # of a factor, as a logarithm: a scale of ratios spans at least this much each way
Rows = Sequence[Mapping[str, Any]]


def dots_chart(rows: Rows, words: Words, title: str, *, ratios: bool = False, span: float = LEAST_SPAN) -> Spec:
    """One row for each group: a dot with its interval about a dashed line, the figure above it.

    rows: group, tone (better, worse, none), value, low, high, figure, says. The line stands where nothing differs: at 0, or at 1 for ratios, which
    stand on a logarithmic scale. span: the least that the scale covers.
    """
    ends = [end for r in rows for end in (r["low"], r["high"])]
    x = {"field": "value", "type": "quantitative", "title": None, **(_ratio_scale(ends) if ratios else _scale(ends, span))}
    rows = [{**r, "group": two_lines(r["group"])} for r in rows]
    y = {"field": "group", "type": "nominal", "sort": [r["group"] for r in rows], "title": None, "axis": named_axis()}
    layers = [
        layer([{"value": 1 if ratios else 0}], {"type": "rule", "style": "break"}, {"x": x, "y": None}),
        *(one for tone in ("none", "better", "worse") for one in _toned([r for r in rows if r["tone"] == tone], tone, x, y)),
    ]
    return shared(words.language) | {
        "description": title,
        "height": max(1, len(rows)) * ROW_HEIGHT + 24,
        "padding": {"left": 2, "right": 14, "top": 6, "bottom": 2},
        "layer": layers,
    }


def _scale(ends: Sequence[float], span: float) -> Spec:
    low, high = min([0.0, *ends]), max([0.0, *ends])
    room = max((high - low) * MARGIN, (span - (high - low)) / 2)
    axis = {"tickCount": 4, "title": None, "labelExpr": "replace(datum.label, '-', '−')"}
    return {"scale": {"domain": [low - room, high + room], "nice": False}, "axis": axis}


def _ratio_scale(ends: Sequence[float]) -> Spec:
    logs = [log(end) for end in ends if end > 0]
    low, high = min([-LEAST_TIMES, *logs]), max([LEAST_TIMES, *logs])
    room = (high - low) * MARGIN
    axis = {"values": [v for v in (0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4, 6, 10) if low - room <= log(v) <= high + room], "title": None}
    return {"scale": {"type": "log", "domain": [exp(low - room), exp(high + room)], "nice": False}, "axis": axis}


def _toned(rows: Rows, tone: str, x: Spec, y: Spec) -> list[Spec]:
    if not rows:
        return []
    line, dot = (["whisker"], ["point"]) if tone == "none" else (["whisker", f"{tone}-line"], ["point", tone])
    label = {"type": "text", "style": "label", "align": "center", "baseline": "bottom", "dy": -6}
    return [
        layer(rows, {"type": "rule", "style": line}, {"y": y, "x": x | {"field": "low"}, "x2": {"field": "high"}}),
        layer(rows, {"type": "point", "filled": True, "style": dot, "size": 70}, {"y": y, "x": x, "tooltip": {"field": "says"}}),
        layer(rows, label, {"y": y, "x": x, "text": {"field": "figure"}}),
    ]


def layer(values: Rows, mark: Spec, encoding: Mapping[str, Spec | None]) -> Spec:
    """One layer of a chart, silent to those who hear the page, since the table says the same."""
    return {"data": {"values": list(values)}, "mark": mark | {"aria": False}, "encoding": {k: v for k, v in encoding.items() if v is not None}}
