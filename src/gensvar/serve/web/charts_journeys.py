"""Charts of journeys as data: what flows from step to step, where it stops, and how each step is felt. Specs name marks, never colours."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from gensvar.kit.language import NARROW
from gensvar.serve.web.charts import Spec, shared
from gensvar.serve.web.sankey import Box, Flow, Layout, Node, Ribbon, layout

Kind = Literal["on", "stop", "back", "unknown", "goal"]
"""on: goes on; stop: it was lost; back: it came back later; unknown: not yet known; goal: the errand was done."""
STYLES: Mapping[Kind, tuple[str, float]] = {
    "on": ("doubt", 1.0),
    "goal": ("doubt", 1.0),
    "stop": ("worse", 0.5),
    "back": ("quiet", 0.3),
    "unknown": ("quiet", 0.16),
}
"""What a ribbon or a part of a bar is drawn as: its mark, and how thickly it is laid on. Colour is for what was lost alone."""
POINTS = 9
NODE_PX, BAR_PX, ROW_PX, BAR_TOP = 7, 16, 44, 0.68
FLOW_HEIGHT, LABEL_ROOM = 380, 0.82
Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Place:
    """A node as it is drawn. name, figure: its two lines; says: the whole of it, for whoever points at it."""

    id: str
    layer: int
    name: str
    figure: str
    says: str
    kind: Kind = "on"
    last: bool = False


@dataclass(frozen=True, slots=True)
class Stream:
    """A flow as it is drawn."""

    source: str
    target: str
    n: float
    says: str
    kind: Kind = "on"


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a bar, from low to high on its scale."""

    kind: Kind
    low: float
    high: float
    says: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One step as a bar. at: the value that the whisker low…high stands about; None where it may not be told, and figure then says why."""

    name: str
    parts: tuple[Part, ...]
    figure: str
    says: str
    at: float | None = None
    low: float = 0.0
    high: float = 0.0


@dataclass(frozen=True, slots=True)
class Dot:
    """One step as a dot with its interval. tone: better or worse where that is proved; n: how many stand behind it."""

    name: str
    figure: str
    says: str
    value: float | None = None
    low: float = 0.0
    high: float = 0.0
    n: float = 0.0
    tone: Literal["none", "better", "worse"] = "none"


def flow_chart(places: Sequence[Place], streams: Sequence[Stream], title: str, language: str) -> Spec:
    """What flows from step to step, as ribbons; names and figures stand beside the nodes. Empty without a flow."""
    made = layout([Node(p.id, p.layer, p.last) for p in places], [Flow(s.source, s.target, s.n) for s in streams], FLOW_HEIGHT, gap=46)
    kinds = {(s.source, s.target): s for s in streams}
    shown = [p for p in places if made.boxes[p.id].bottom > made.boxes[p.id].top]
    layers = [
        *_ribbon_layers(made.ribbons, kinds, {b.id: b.layer for b in made.boxes.values()}),
        *_node_layers(shown, made.boxes),
        *_name_layers(shown, made.boxes),
    ]
    return _spec(title, language, int(_used(made)) + 40, layers) | {"encoding": _flow_axes(made)}


def _used(made: Layout) -> float:
    return max((box.bottom for box in made.boxes.values()), default=0.0)


def _flow_axes(made: Layout) -> Spec:
    """Columns from left to right with room for the last one's names; pixels from the top downwards."""
    right = max((box.layer for box in made.boxes.values()), default=0) + LABEL_ROOM
    x = {"field": "x", "type": "quantitative", "axis": None, "scale": {"domain": [-0.02, right], "nice": False, "zero": False}}
    y = {"field": "y", "type": "quantitative", "axis": None, "scale": {"domain": [_used(made), -30], "nice": False, "zero": False}}
    return {"x": x, "y": y}


def _ribbon_layers(ribbons: Sequence[Ribbon], kinds: Mapping[tuple[str, str], Stream], columns: Mapping[str, int]) -> Iterator[Spec]:
    """Calm ones first, so that what was lost lies on top."""
    for kind, (style, opacity) in STYLES.items():
        rows = [row for r in ribbons if kinds[r.source, r.target].kind == kind for row in _ribbon(r, kinds[r.source, r.target].says, columns)]
        if rows:
            mark = {"type": "area", "style": style, "fillOpacity": opacity, "interpolate": "monotone"}
            yield _layer(rows, mark, {"y2": {"field": "y2"}, "detail": {"field": "id"}, "tooltip": {"field": "says"}})


def _ribbon(r: Ribbon, says: str, columns: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    """Points along both edges; the course is 3t² − 2t³, level at both ends."""
    start, end = columns[r.source], columns[r.target]
    for i in range(POINTS):
        t = i / (POINTS - 1)
        top = r.leaves + (r.arrives - r.leaves) * t * t * (3 - 2 * t)
        yield {
            "id": f"{r.source}→{r.target}",
            "x": round(start + (end - start) * t, 3),
            "y": round(top, 1),
            "y2": round(top + r.width, 1),
            "says": says,
        }


def _node_layers(places: Sequence[Place], boxes: Mapping[str, Box]) -> Iterator[Spec]:
    for lost, style in ((False, "whisker"), (True, "worse-line")):
        rows = [_node(p, boxes[p.id]) for p in places if (p.kind == "stop") is lost]
        if rows:
            mark = {"type": "rule", "style": style, "strokeWidth": NODE_PX, "strokeCap": "butt"}
            yield _layer(rows, mark, {"y2": {"field": "y2"}, "tooltip": {"field": "says"}})


def _node(p: Place, box: Box) -> dict[str, Any]:
    """At least two pixels high, so that no node is too small to be seen."""
    return {"x": box.layer, "y": round(box.top, 1), "y2": round(max(box.bottom, box.top + 2), 1), "name": p.name, "figure": p.figure, "says": p.says}


def _name_layers(places: Sequence[Place], boxes: Mapping[str, Box]) -> Iterator[Spec]:
    """Two lines above each node, from its left edge: clear of the ribbons that pass there, and no wider than their column or the picture."""
    rows = [_node(p, boxes[p.id]) for p in places]
    room = {"expr": f"{LABEL_ROOM} * width / {max((box.layer for box in boxes.values()), default=0) + LABEL_ROOM}"}
    text = {"type": "text", "align": "left", "baseline": "bottom", "dx": -NODE_PX / 2, "limit": room}
    for style, line, dy in (("quiet", "name", -18), ("label", "figure", -3)):
        yield _layer(rows, text | {"style": [style, "halo"], "dy": dy}, {"text": {"field": line}})
        yield _layer(rows, text | {"style": style, "dy": dy}, {"text": {"field": line}, "tooltip": {"field": "says"}})


def steps_chart(bars: Sequence[Bar], title: str, language: str) -> Spec:
    """One bar for each step, cut into what went on and what did not; the name stands above the bar, so that it fits the narrowest screen."""
    rows = [dict(_bar(b, at)) for at, b in enumerate(bars)]
    layers = [
        *_part_layers(bars),
        *_whiskers([row for row in rows if "low" in row]),
        _layer(rows, _line(-12, "quiet", "left"), {"x": {"value": 0}, "text": {"field": "name"}}),
        _layer(rows, _line(-12, "label", "right"), {"x": {"value": "width"}, "text": {"field": "figure"}, "tooltip": {"field": "says"}}),
    ]
    y = {"field": "y", "type": "quantitative", "axis": None, "scale": {"domain": [len(bars), 0], "nice": False, "zero": False}}
    x = {"field": "x", "type": "quantitative", "title": None, "scale": {"domain": [0, 100], "nice": False}, "axis": _percent_axis()}
    return _spec(title, language, max(1, len(bars)) * ROW_PX + 24, layers) | {"encoding": {"x": x, "y": y}}


def _part_layers(bars: Sequence[Bar]) -> Iterator[Spec]:
    for kind, (style, opacity) in STYLES.items():
        parts = [(at, p) for at, b in enumerate(bars) for p in b.parts if p.kind == kind and p.high > p.low]
        if parts:
            rows = [{"y": at + BAR_TOP, "x": round(p.low, 3), "x2": round(p.high, 3), "says": p.says} for at, p in parts]
            mark = {"type": "bar", "style": style, "fillOpacity": opacity, "size": BAR_PX}
            yield _layer(rows, mark, {"x2": {"field": "x2"}, "tooltip": {"field": "says"}})


def _bar(b: Bar, at: int) -> Iterator[tuple[str, Any]]:
    yield from {"y": at + BAR_TOP, "name": b.name, "figure": b.figure, "says": b.says}.items()
    if b.at is not None:
        yield from {"x": round(b.at, 3), "low": round(b.low, 3), "high": round(b.high, 3)}.items()


def _whiskers(rows: Rows) -> Iterator[Spec]:
    if rows:
        yield _layer(rows, {"type": "rule", "style": "whisker"}, {"x": {"field": "low"}, "x2": {"field": "high"}, "tooltip": {"field": "says"}})


def _line(dy: int, style: str, align: str) -> Spec:
    return {"type": "text", "style": style, "align": align, "baseline": "bottom", "dy": dy}


def _percent_axis() -> Spec:
    return {"values": [0, 25, 50, 75, 100], "title": None, "labelExpr": f"datum.label + '{NARROW}%'", "labelFlush": True}


def dots_chart(
    dots: Sequence[Dot], title: str, language: str, span: tuple[float, float] | None = None, *, zero: bool = True, suffix: str = ""
) -> Spec:
    """One row for each step: its name, a dot with its interval below it, and its figure at the right; fits the narrowest screen.

    span: the scale; where it is not given, from 0 (or, with zero=False, from the least end) to the greatest. suffix: what follows its numbers.
    """
    rows = [dict(_dot(d, at)) for at, d in enumerate(dots)]
    told = [row for row in rows if "x" in row]
    low, high = span or _span(told, zero=zero)
    layers = [
        _layer([{"y": row["y"]} for row in told], {"type": "rule", "style": "rail"}, {"x": {"value": 0}, "x2": {"value": "width"}}),
        *(layer for tone in ("none", "better", "worse") for layer in _dot_layers([row for row in told if row["tone"] == tone], tone)),
        _layer(rows, _line(-10, "quiet", "left"), {"x": {"value": 0}, "text": {"field": "name"}}),
        _layer(rows, _line(-10, "label", "right"), {"x": {"value": "width"}, "text": {"field": "figure"}, "tooltip": {"field": "says"}}),
    ]
    y = {"field": "y", "type": "quantitative", "axis": None, "scale": {"domain": [len(dots), 0], "nice": False, "zero": False}}
    x = {
        "field": "x",
        "type": "quantitative",
        "title": None,
        "scale": {"domain": [low, high], "nice": False, "zero": False},
        "axis": _plain_axis(suffix),
    }
    return _spec(title, language, max(1, len(dots)) * ROW_PX + 24, layers) | {"encoding": {"x": x, "y": y}}


def _plain_axis(suffix: str) -> Spec:
    shown = "replace(datum.label, '-', '−')"
    return {"tickCount": 4, "title": None, "labelExpr": f"{shown} + '{NARROW}{suffix}'" if suffix else shown, "labelFlush": True}


def _span(rows: Rows, *, zero: bool) -> tuple[float, float]:
    ends = [end for row in rows for end in (row["low"], row["high"])] + ([0.0] if zero else [])
    if not ends or min(ends) == max(ends):
        return 0.0, 1.0
    return min(ends), max(ends)


def _dot(d: Dot, at: int) -> Iterator[tuple[str, Any]]:
    yield from {"y": at + BAR_TOP, "name": d.name, "figure": d.figure, "says": d.says, "tone": d.tone}.items()
    if d.value is not None:
        yield from {"x": round(d.value, 4), "low": round(d.low, 4), "high": round(d.high, 4)}.items()


def _dot_layers(rows: Rows, tone: str) -> Iterable[Spec]:
    if not rows:
        return
    line, dot = (["whisker"], ["point"]) if tone == "none" else (["whisker", f"{tone}-line"], ["point", tone])
    yield _layer(rows, {"type": "rule", "style": line}, {"x": {"field": "low"}, "x2": {"field": "high"}})
    yield _layer(rows, {"type": "point", "filled": True, "style": dot, "size": 70}, {"tooltip": {"field": "says"}})


def _layer(values: Rows, mark: Spec, encoding: Spec) -> Spec:
    return {"data": {"values": list(values)}, "mark": mark | {"aria": False}, "encoding": encoding}


def _spec(title: str, language: str, height: int, layers: Sequence[Spec]) -> Spec:
    padding = {"left": 4, "right": 6, "top": 6, "bottom": 2}
    return shared(language) | {"description": title, "height": height, "padding": padding, "layer": list(layers)}
