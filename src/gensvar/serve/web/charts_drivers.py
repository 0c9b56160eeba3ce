"""Charts of drivers as data: how much each weighs, and the priority map, doubt drawn in both directions. Specs name marks, never colours."""

from collections.abc import Mapping, Sequence
from typing import Any

from gensvar.explain.drivers import Drivers, Weight
from gensvar.serve.web.charts import ROW_HEIGHT, Spec, named_axis, shared, two_lines
from gensvar.serve.web.words import Tone, Words

MARGIN = 0.1
MAP_HEIGHT = 360
TONES: Mapping[str, Tone] = {"mend": "worse", "keep": "better"}
Rows = Sequence[Mapping[str, Any]]


def weights_chart(one: Drivers, names: Mapping[str, str], words: Words, title: str) -> Spec:
    """One row for each driver, the heaviest first: a dot with its interval and figure, a ring where Johnson's weight lies, an even share dashed."""
    rows = [row | {"group": two_lines(row["group"])} for row in (weight_row(w, names, words) for w in one.weights)]
    x = {
        "field": "value", "type": "quantitative", "title": None,
        "scale": {"domain": [0, max(r["high"] for r in rows) * (1 + MARGIN)], "nice": False}, "axis": {"tickCount": 4, "title": None},
    }  # fmt: skip
    y = {"field": "group", "type": "nominal", "sort": [r["group"] for r in rows], "title": None, "axis": named_axis()}
    even = {"value": 100 / len(rows), "says": words("an even share")}
    layers = [
        _layer([even], {"type": "rule", "style": "break"}, {"x": x, "tooltip": {"field": "says"}}),
        _layer(rows, {"type": "rule", "style": "whisker"}, {"y": y, "x": x | {"field": "low"}, "x2": {"field": "high"}}),
        _layer(rows, {"type": "point", "style": "then"}, {"y": y, "x": x | {"field": "other"}, "tooltip": {"field": "other_says"}}),
        _layer(rows, {"type": "point", "filled": True, "style": "point", "size": 70}, {"y": y, "x": x, "tooltip": {"field": "says"}}),
        _layer(
            rows, {"type": "text", "style": "label", "align": "center", "baseline": "bottom", "dy": -6}, {"y": y, "x": x, "text": {"field": "figure"}}
        ),
    ]
    return shared(words.language) | {
        "description": title, "height": len(rows) * ROW_HEIGHT + 24, "padding": {"left": 2, "right": 14, "top": 6, "bottom": 2}, "layer": layers,
    }  # fmt: skip


def weight_row(w: Weight, names: Mapping[str, str], words: Words) -> dict[str, Any]:
    """A driver's weight in per cent, as a chart and those who point at it have it."""
    name = names.get(w.name, w.name)
    figure, limits = words.number(100 * w.share.value), f"{words.number(100 * w.share.low)}–{words.number(100 * w.share.high)}"
    return {
        "group": name, "value": round(100 * w.share.value, 4), "low": round(100 * w.share.low, 4), "high": round(100 * w.share.high, 4),
        "figure": figure, "says": f"{name}: {figure} ({limits})", "other": round(100 * w.johnson.value, 4),
        "other_says": words("by relative weights: {figure}", figure=words.number(100 * w.johnson.value)),
    }  # fmt: skip


def map_chart(one: Drivers, names: Mapping[str, str], words: Words, title: str) -> Spec:
    """Every rated driver by how it is doing (across) and how much it weighs (up), each with both intervals.

    Colour only where both intervals allow a place: what matters more and lies below the rest, what matters more and lies above. Dashed: the mean
    of the drivers, and an even share.
    """
    rows = [_map_row(w, names, words) for w in one.weights if w.performance is not None]
    x = _axis("across", [r["left"] for r in rows], [r["right"] for r in rows], words("how it is doing, per cent of its scale"), floor=None)
    y = _axis("up", [0.0], [r["high"] for r in rows], words("how much it weighs, per cent"), floor=0.0)
    centre = {"across": sum(r["across"] for r in rows) / len(rows), "up": 100 / len(one.weights)}
    layers = [
        _layer([centre], {"type": "rule", "style": "break"}, {"x": x}),
        _layer([centre], {"type": "rule", "style": "break"}, {"y": y}),
        *(each for tone in ("none", "better", "worse") for each in _points([r for r in rows if r["tone"] == tone], tone, x, y)),
    ]
    return shared(words.language) | {
        "description": title, "height": MAP_HEIGHT, "padding": {"left": 2, "right": 14, "top": 10, "bottom": 2}, "layer": layers,
    }  # fmt: skip


def _map_row(w: Weight, names: Mapping[str, str], words: Words) -> dict[str, Any]:
    row = weight_row(w, names, words)
    done = w.performance.mean if w.performance else w.share
    told = f"{words.number(100 * done.value)} ({words.number(100 * done.low)}–{words.number(100 * done.high)})"
    says = words("{driver}: weighs {weight}, doing {performance}", driver=row["group"], weight=row["says"].partition(": ")[2], performance=told)
    return {
        "name": row["group"], "up": row["value"], "low": row["low"], "high": row["high"], "across": round(100 * done.value, 4),
        "left": round(100 * done.low, 4), "right": round(100 * done.high, 4), "tone": TONES.get(w.quadrant, "none"), "says": says,
    }  # fmt: skip


def _axis(field: str, lows: Sequence[float], highs: Sequence[float], title: str, floor: float | None) -> Spec:
    low, high = min(lows), max(highs)
    room = max((high - low) * 2 * MARGIN, 1.0)
    start = low - room if floor is None else floor
    return {
        "field": field, "type": "quantitative", "scale": {"domain": [start, high + room], "nice": False},
        "axis": {"tickCount": 4, "title": title, "grid": False, "domain": True},
    }  # fmt: skip


def _points(rows: Rows, tone: str, x: Spec, y: Spec) -> list[Spec]:
    if not rows:
        return []
    line, dot = (["whisker"], ["point"]) if tone == "none" else (["whisker", f"{tone}-line"], ["point", tone])
    label = {"type": "text", "style": "label", "align": "left", "baseline": "bottom", "dx": 7, "dy": -5}
    return [
        _layer(rows, {"type": "rule", "style": line}, {"x": x | {"field": "left"}, "x2": {"field": "right"}, "y": y}),
        _layer(rows, {"type": "rule", "style": line}, {"x": x, "y": y | {"field": "low"}, "y2": {"field": "high"}}),
        _layer(rows, {"type": "point", "filled": True, "style": dot, "size": 70}, {"x": x, "y": y, "tooltip": {"field": "says"}}),
        _layer(rows, label, {"x": x, "y": y, "text": {"field": "name"}}),
    ]


def _layer(values: Rows, mark: Spec, encoding: Spec) -> Spec:
    return {"data": {"values": list(values)}, "mark": mark | {"aria": False}, "encoding": encoding}
