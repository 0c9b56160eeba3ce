"""The house's colours, declared once: the style sheet's custom properties and the charts' theme are both made from this table."""

from typing import Any

TEXT_FONT = "'Source Serif 4', Charter, Georgia, serif"
FIGURE_FONT = "'Source Sans 3', 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"

LIGHT = {
    "paper": "#fbfaf7",
    "sheet": "#ffffff",
    "ink": "#1b2126",
    "ink-2": "#545d66",
    "line": "#dcd9d1",
    "field": "#848b92",
    "accent": "#0b5a8a",
    "accent-ink": "#ffffff",
    "better": "#0b63a8",
    "worse": "#a8480a",
    "doubt": "#d9e3ea",
    "hover": "#f1efe9",
    "trace": "#2d3a45",
}
DARK = {
    "paper": "#14181b",
    "sheet": "#1a1f23",
    "ink": "#e9e7e2",
    "ink-2": "#a4acb3",
    "line": "#333a40",
    "field": "#7d868e",
    "accent": "#7cc0ee",
    "accent-ink": "#10171c",
    "better": "#74b8f0",
    "worse": "#f2a065",
    "doubt": "#2c3d4a",
    "hover": "#21272c",
    "trace": "#d3d9de",
}
SEGMENTS_LIGHT = ("#0b63a8", "#a8480a", "#4a6b2a", "#7a4a9c", "#00747c", "#96305e", "#6d5a12", "#48566a")
SEGMENTS_DARK = ("#74b8f0", "#f2a065", "#a5cc7d", "#c7a3e6", "#66c9cf", "#ee94bb", "#d9c05e", "#b1bfd2")
MODES = {"light": (LIGHT, SEGMENTS_LIGHT), "dark": (DARK, SEGMENTS_DARK)}

TEXT_PAIRS = (
    ("ink", "paper"), ("ink", "sheet"), ("ink", "hover"), ("ink", "doubt"),
    ("ink-2", "paper"), ("ink-2", "sheet"), ("ink-2", "hover"),
    ("accent", "paper"), ("accent", "sheet"), ("accent", "hover"), ("accent-ink", "accent"),
    ("better", "paper"), ("better", "sheet"), ("worse", "paper"), ("worse", "sheet"),
)  # fmt: skip
SHAPE_PAIRS = (("field", "sheet"), ("field", "paper"), ("trace", "doubt"), ("trace", "sheet"), ("better", "doubt"), ("worse", "doubt"))


def _declared(colours: dict[str, str], segments: tuple[str, ...]) -> str:
    names = colours | {f"segment-{i}": colour for i, colour in enumerate(segments, 1)}
    return "".join(f"--{name}:{colour};" for name, colour in names.items())


def style_sheet() -> str:
    """The custom properties as CSS: light, then dark where the reader prefers it, then light again on paper."""
    light, dark = _declared(*MODES["light"]), _declared(*MODES["dark"])
    fonts = f"--text:{TEXT_FONT};--figures:{FIGURE_FONT};"
    return (
        f":root{{color-scheme:light dark;{fonts}{light}}}"
        f"@media (prefers-color-scheme:dark){{:root{{{dark}}}}}"
        f"@media print{{:root{{color-scheme:light;{light}}}}}\n"
    )


def _marks(c: dict[str, str]) -> dict[str, Any]:
    """Named marks that the chart specs refer to, so that a spec carries no colour of its own."""
    return {
        "doubt": {"color": c["doubt"], "fill": c["doubt"], "fillOpacity": 1},
        "trace": {"color": c["trace"], "stroke": c["trace"], "strokeWidth": 2, "strokeCap": "round", "strokeJoin": "round"},
        "point": {"color": c["trace"], "fill": c["trace"], "stroke": c["sheet"], "strokeWidth": 1.5, "size": 44, "opacity": 1},
        "whisker": {"color": c["trace"], "stroke": c["trace"], "strokeWidth": 2, "strokeCap": "round"},
        "better": {"color": c["better"], "fill": c["better"]},
        "worse": {"color": c["worse"], "fill": c["worse"]},
        "better-line": {"color": c["better"], "stroke": c["better"]},
        "worse-line": {"color": c["worse"], "stroke": c["worse"]},
        "then": {"color": c["ink-2"], "stroke": c["ink-2"], "strokeWidth": 1.5, "size": 40, "opacity": 1},
        "break": {"color": c["ink-2"], "stroke": c["ink-2"], "strokeDash": [3, 3], "strokeWidth": 1},
        "note": {"color": c["field"], "stroke": c["field"], "strokeWidth": 1},
        "label": {"color": c["ink"], "fill": c["ink"], "font": FIGURE_FONT, "fontSize": 13, "fontWeight": 600},
        "quiet": {"color": c["ink-2"], "fill": c["ink-2"], "font": FIGURE_FONT, "fontSize": 12},
        "halo": {"color": c["paper"], "fill": c["paper"], "stroke": c["paper"], "strokeWidth": 4, "strokeJoin": "round"},
        "rail": {"color": c["line"], "stroke": c["line"], "strokeWidth": 1},
    }


def chart_theme(mode: str) -> dict[str, Any]:
    """The Vega-Lite config for light or dark; what the specs of `charts` are drawn with, on a page, in mail and in export."""
    c, segments = MODES[mode]
    return {
        "background": "transparent",
        "font": FIGURE_FONT,
        "aria": False,
        "view": {"stroke": None},
        "style": _marks(c),
        "range": {"category": list(segments)},
        "axis": {
            "aria": False, "labelColor": c["ink-2"], "labelFontSize": 12, "labelPadding": 6, "titleColor": c["ink-2"], "titleFontSize": 12,
            "titleFontWeight": "normal", "gridColor": c["line"], "gridWidth": 1, "domain": False, "ticks": False,
        },
        "axisX": {"grid": False, "domain": True, "domainColor": c["field"], "ticks": True, "tickColor": c["field"], "tickSize": 4},
        "legend": {"disable": True},
    }  # fmt: skip
