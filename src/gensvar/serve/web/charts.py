"""Charts as data: pure functions from an answer to a Vega-Lite spec. A spec names marks, never colours; `palette.chart_theme` gives those."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from gensvar.measure.answer import Answer, Estimate, Group, TooFew
from gensvar.serve.web.figures import bounds, chart_locale, figure, interval, suffix_of, times_of
from gensvar.serve.web.noted import Mark
from gensvar.serve.web.words import Words

Spec = dict[str, Any]
SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
ROW_HEIGHT, LEAST_SPAN, NOTE_HEIGHT = 30, 0.12, 16
LABEL_PX, LABEL_WIDTH = 130, 20  # the widest name of a row in pixels, and in letters before it is broken in two
SHARED = ("$schema", "width", "autosize", "config")
DIGITS = 6


def _spec(description: str, language: str, height: int, **rest: Any) -> Spec:
    return {
        "$schema": SCHEMA,
        "description": description,
        "width": "container",
        "height": height,
        "autosize": {"type": "fit", "contains": "padding"},
        "padding": {"left": 2, "right": 2, "top": 6, "bottom": 2},
        "config": {"locale": chart_locale(language)},
        **rest,
    }


def packed(spec: Spec) -> Spec:
    """The spec as a page carries it: each row once, layers naming them by number, without what all specs of a page share (`shared`)."""
    rows: dict[str, int] = {}
    kept: list[Mapping[str, Any]] = []
    layers = []
    for layer in spec["layer"]:
        places = []
        for row in layer["data"]["values"]:
            name = repr(row)
            if name not in rows:
                rows[name] = len(kept)
                kept.append(row)
            places.append(rows[name])
        layers.append({**layer, "data": places})
    return {"rows": kept, "spec": {k: v for k, v in spec.items() if k not in SHARED} | {"layer": layers}}


def shared(language: str) -> Spec:
    """What every spec of a page in this language has alike."""
    return {k: v for k, v in _spec("", language, 0).items() if k in SHARED}


def _layer(values: Sequence[Mapping[str, Any]], mark: Spec, encoding: Spec) -> Spec:
    return {"data": {"values": list(values)}, "mark": mark | {"aria": False}, "encoding": encoding}


def named_axis(limit: int = LABEL_PX) -> Spec:
    """An axis of names, one to a row, none wider than this many pixels; a name in `two_lines` stands in the middle of its row too."""
    return {
        "grid": False, "domain": False, "ticks": False, "labelLimit": limit, "labelFontSize": 13, "labelLineHeight": 14,
        "labelExpr": r"split(datum.label, '\n')",
        "labelBaseline": {"condition": {"test": r"indexof(datum.label, '\n') >= 0", "value": "bottom"}, "value": "middle"},
    }  # fmt: skip


def two_lines(name: str, width: int = LABEL_WIDTH) -> str:
    """A name that is too wide for its axis, broken in two: cut off, it would lose its end, and what tells names apart often stands there.

    >>> two_lines("feature use: invoice, 3 times"), two_lines("Delivery")
    ('feature use:\\ninvoice, 3 times', 'Delivery')
    """
    if len(name) <= width or " " not in name:
        return name
    breaks = [at for at, letter in enumerate(name) if letter == " "]
    middle = min(breaks, key=lambda at: max(at, len(name) - at - 1))
    return f"{name[:middle]}\n{name[middle + 1 :]}"


def _label_axis(suffix: str) -> Spec:
    shown = "replace(datum.label, '-', '−')"
    return {"tickCount": 4, "title": None, "labelExpr": f"{shown} + '{suffix}'" if suffix else shown}


def domain(groups: Iterable[Group]) -> tuple[float, float] | None:
    """The common scale for these groups, in shown units: what their intervals span, opened a little, inside what the measure can be."""
    spans = [(v.low, v.high, g) for g in groups for v in (g.verdict, *(p.verdict for p in g.trend)) if isinstance(v, Estimate)]
    if not spans:
        return None
    measure = spans[0][2].measure
    times, (least, most) = times_of(measure), bounds(measure)
    low, high = min(s[0] for s in spans) * times, max(s[1] for s in spans) * times
    room = max((high - low) * 0.08, ((most - least) * LEAST_SPAN - (high - low)) / 2)
    return max(least, low - room), min(most, high + room)


def trend_chart(
    answer: Answer,
    language: str,
    key: Mapping[str, str | None] | None = None,
    span: tuple[float, float] | None = None,
    marks: Sequence[Mark] = (),
) -> Spec:
    """The trend of the whole (or of the group with this key) with its doubt as a band. A new version begins a new line, marked.

    A step with too few answers leaves a gap with a small ring at the foot; it is never drawn as a number. marks: what was noted, each a quiet
    rule whose label stands above the chart, where it hides no line.
    """
    groups = sorted((g for g in answer.groups if dict(g.key) == dict(key or {}) and g.trend), key=lambda g: g.measure.version)
    words = Words(language)
    rows = [row for group in groups for row in _trend_rows(group, language, words)]
    low, high = span or domain(groups) or (0.0, 1.0)
    drawn = [r for r in rows if r["value"] is not None]
    x = {"field": "start", "type": "temporal", "scale": {"type": "utc"}, "axis": _time_axis(rows), "title": None}
    suffix = suffix_of(groups[0].measure) if groups else ""
    y = {"field": "value", "type": "quantitative", "scale": {"domain": [low, high], "zero": False, "nice": False}, "axis": _label_axis(suffix)}
    ends = {"y": y | {"field": "low"}, "y2": {"field": "high"}}
    layers = [
        _layer(drawn, {"type": "area", "style": "doubt"}, ends | {"detail": {"field": "run"}}),
        *_note_layers(marks, rows),
        _layer(_lone(drawn), {"type": "rule", "style": "whisker"}, ends),
        _layer(drawn, {"type": "line", "style": "trace"}, {"y": y, "detail": {"field": "run"}}),
        _layer(drawn, {"type": "point", "filled": True, "style": "point"}, {"y": y, "tooltip": {"field": "says"}}),
        *_break_layers(groups, words),
        *_ring_layers(rows, low),
        _layer(drawn[-1:], {"type": "text", "style": "label", "align": "left", "dx": 9, "baseline": "middle"}, {"y": y, "text": {"field": "figure"}}),
    ]
    room = NOTE_HEIGHT * sum(mark.row is not None for mark in marks)
    spec = _spec(answer.sentence, language, 150 + room, encoding={"x": x}, layer=layers)
    return spec | {"padding": spec["padding"] | {"right": 44}}


def _note_layers(marks: Sequence[Mark], rows: Sequence[dict[str, Any]]) -> list[Spec]:
    """A rule in each step with a note; the labels in rows above the chart, towards its middle, so that none runs out of it."""
    starts = sorted({r["start"] for r in rows})
    said = [
        {"start": m.start.isoformat(), "says": "; ".join(n.says for n in m.notes), "label": m.label, "row": m.row}
        for m in marks
        if m.start.isoformat() in starts
    ]
    rules = [_layer(said, {"type": "rule", "style": "note"}, {"tooltip": {"field": "says"}})] if said else []
    return rules + [_note_label(one, starts) for one in said if one["row"] is not None]


def _note_label(said: dict[str, Any], starts: Sequence[str]) -> Spec:
    late = starts.index(said["start"]) * 2 >= len(starts)
    mark = {"type": "text", "style": "quiet", "align": "right" if late else "left", "baseline": "bottom", "dx": 2 if late else -2}
    return _layer([said], mark, {"y": {"value": -4 - NOTE_HEIGHT * said["row"]}, "text": {"field": "label"}, "tooltip": {"field": "says"}})


def _trend_rows(group: Group, language: str, words: Words) -> Iterator[dict[str, Any]]:
    """One row for each step. run: changes where a step without a number stands between, so that no line is drawn across it."""
    times, run, after_gap = times_of(group.measure), 0, False
    for point in group.trend:
        e = point.verdict
        base = {"start": point.start.isoformat(), "version": group.measure.version}
        if isinstance(e, Estimate):
            run, after_gap = run + after_gap, False
            shown = figure(group.measure, e, language)
            says = f"{words.day(point.start)}: {shown} ({interval(group.measure, e, language)}), n = {words.number(e.n)}"
            yield base | {
                "run": f"{group.measure.version}.{run}", **_ends(e, times),
                "figure": shown, "says": says,
            }  # fmt: skip
        else:
            after_gap = True
            yield base | {"value": None, "says": f"{words.day(point.start)}: {words.no_number(e)}"}


def _ends(e: Estimate, times: float) -> dict[str, float]:
    """The value and its interval, in shown units, to far below a pixel."""
    return {"value": round(e.value * times, DIGITS), "low": round(e.low * times, DIGITS), "high": round(e.high * times, DIGITS)}


def _lone(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Steps that stand alone between gaps: a band has no width there, so their doubt is drawn as a whisker."""
    return [only[0] for _, run in groupby(rows, key=lambda r: r["run"]) if len(only := list(run)) == 1]


def _time_axis(rows: Sequence[dict[str, Any]]) -> Spec:
    """At most seven ticks, on steps that the data has, the year under the first and each January."""
    starts = sorted({r["start"] for r in rows})
    every = max(1, -(-len(starts) // 7))
    first = starts[0] if starts else ""
    year = f"month(datum.value) == 0 || utcFormat(datum.value, '%Y-%m-%d') == '{first}'"
    month = "utcFormat(datum.value, '%b')"
    return {
        "values": starts[::every],
        "title": None,
        "labelExpr": f"{year} ? [{month}, utcFormat(datum.value, '%Y')] : {month}",
        "labelFlush": False,
    }


def _break_layers(groups: Sequence[Group], words: Words) -> list[Spec]:
    starts = [
        {"start": first.start.isoformat(), "says": words("new wording")}
        for g in groups[1:]
        if (first := next((p for p in g.trend if isinstance(p.verdict, Estimate)), None))
    ]
    if not starts:
        return []
    label = {"type": "text", "style": "quiet", "align": "left", "baseline": "top", "dx": 5}
    return [
        _layer(starts, {"type": "rule", "style": "break"}, {}),
        _layer(starts, label, {"y": {"value": 0}, "text": {"field": "says"}}),
    ]


def _ring_layers(rows: Sequence[dict[str, Any]], low: float) -> list[Spec]:
    known = {r["start"] for r in rows if r["value"] is not None}
    missing = {r["start"]: r | {"value": low} for r in rows if r["start"] not in known}
    if not missing:
        return []
    encoding = {"y": {"field": "value", "type": "quantitative"}, "tooltip": {"field": "says"}}
    return [_layer(list(missing.values()), {"type": "point", "style": "then"}, encoding)]


def groups_chart(answer: Answer, language: str) -> Spec:
    """One row for each group: a dot with its interval, the figure beside it, and a ring where it stood in the comparison.

    Blue and orange only where a change is visible (better, worse); a group without a number says why in its place.
    """
    words = Words(language)
    versioned = len({g.measure.key for g in answer.groups}) > 1
    rows = [_group_row(g, language, words, versioned=versioned) for g in answer.groups]
    numbers = [r for r in rows if "value" in r]
    low, high = domain(_with_then(answer.groups)) or (0.0, 1.0)
    suffix = suffix_of(answer.groups[0].measure) if answer.groups else ""
    scale = {"domain": [low, high], "zero": False, "nice": False}
    x = {"field": "value", "type": "quantitative", "scale": scale, "title": None, "axis": _label_axis(suffix)}
    layers = [
        _layer([{"group": r["group"]} for r in numbers], {"type": "rule", "style": "rail"}, {}),
        _layer([r for r in rows if "then" in r], {"type": "point", "style": "then"}, {"x": x | {"field": "then"}, "tooltip": {"field": "then_says"}}),
        *(layer for tone in ("none", "better", "worse") for layer in _tone_layers([r for r in numbers if r["tone"] == tone], tone, x)),
        _layer(
            [r for r in rows if "value" not in r],
            {"type": "text", "style": "quiet", "align": "left", "baseline": "middle"},
            {"x": {"value": 4}, "text": {"field": "says"}},
        ),
    ]
    y = {"field": "group", "type": "nominal", "sort": [r["group"] for r in rows], "title": None, "axis": named_axis()}
    spec = _spec(answer.sentence, language, max(1, len(rows)) * ROW_HEIGHT + 24, encoding={"y": y}, layer=layers)
    return spec | {"padding": spec["padding"] | {"right": 14}}


def _with_then(groups: Iterable[Group]) -> Iterator[Group]:
    for g in groups:
        yield g
        if g.change and isinstance(g.change.then, Estimate):
            yield Group(g.key, g.measure, g.change.then)


def _group_row(g: Group, language: str, words: Words, *, versioned: bool) -> dict[str, Any]:
    row: dict[str, Any] = {"group": words.group(g, versioned=versioned), "tone": words.tone(g)}
    if isinstance(g.verdict, Estimate):
        times, e = times_of(g.measure), g.verdict
        shown = figure(g.measure, e, language)
        row |= {**_ends(e, times), "figure": shown}
        row["says"] = f"{row['group']}: {shown} ({interval(g.measure, e, language)}), n = {words.number(e.n)}"
        if g.change and isinstance(g.change.then, Estimate):
            then = g.change.then
            row |= {"then": then.value * times, "then_says": words("before: {figure}", figure=figure(g.measure, then, language))}
    else:
        row["says"] = words.no_number(g.verdict)
        row["too_few"] = isinstance(g.verdict, TooFew)
    return row


def _tone_layers(rows: list[dict[str, Any]], tone: str, x: Spec) -> list[Spec]:
    if not rows:
        return []
    line, dot = (["whisker"], ["point"]) if tone == "none" else (["whisker", f"{tone}-line"], ["point", tone])
    label = {"type": "text", "style": "label", "align": "center", "baseline": "bottom", "dy": -6}
    return [
        _layer(rows, {"type": "rule", "style": line}, {"x": x | {"field": "low"}, "x2": {"field": "high"}}),
        _layer(rows, {"type": "point", "filled": True, "style": dot, "size": 70}, {"x": x, "tooltip": {"field": "says"}}),
        _layer(rows, label, {"x": x, "text": {"field": "figure"}}),
    ]
