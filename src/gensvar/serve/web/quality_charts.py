"""Charts of text quality as data: how sure the reader was against how often it was right."""

from collections.abc import Sequence

from gensvar.serve.desks.text_quality import Bin
from gensvar.serve.web.charts import Spec, shared
from gensvar.serve.web.words import Words

HEIGHT = 200
DIGITS = 4


def calibration_chart(bins: Sequence[Bin], words: Words, title: str) -> Spec:
    """A dot with its interval for each part of the texts, about the line on which sure and right are the same. In per cent."""
    rows = [
        {
            "sure": round(100 * b.sure, DIGITS), "right": round(100 * b.right.value, DIGITS),
            "low": round(100 * b.right.low, DIGITS), "high": round(100 * b.right.high, DIGITS),
            "says": words("sure of {sure} %, right {right} % ({low}–{high}), {n} texts", sure=words.number(100 * b.sure),
                          right=words.number(100 * b.right.value), low=words.number(100 * b.right.low), high=words.number(100 * b.right.high),
                          n=words.number(b.n)),
        }
        for b in bins
    ]  # fmt: skip
    least = min([25.0, *(r["low"] for r in rows if isinstance(r["low"], float))])
    line = [{"sure": least, "right": least}, {"sure": 100.0, "right": 100.0}]
    scale = {"domain": [least, 100], "nice": False, "zero": False}
    axis = {"tickCount": 4, "labelExpr": "datum.label + ' %'"}
    x = {"field": "sure", "type": "quantitative", "scale": scale, "axis": axis | {"title": words("how sure the reader was")}}
    y = {"field": "right", "type": "quantitative", "scale": scale, "axis": axis | {"title": words("how often it was right")}}
    layers = [
        {"data": {"values": line}, "mark": {"type": "line", "style": "break", "aria": False}, "encoding": {"y": y}},
        {
            "data": {"values": rows}, "mark": {"type": "rule", "style": "whisker", "aria": False},
            "encoding": {"y": y | {"field": "low"}, "y2": {"field": "high"}},
        },
        {
            "data": {"values": rows}, "mark": {"type": "point", "filled": True, "style": "point", "aria": False},
            "encoding": {"y": y, "tooltip": {"field": "says"}},
        },
    ]  # fmt: skip
    padding = {"left": 2, "right": 8, "top": 6, "bottom": 2}
    return {**shared(words.language), "description": title, "height": HEIGHT, "padding": padding, "encoding": {"x": x}, "layer": layers}
