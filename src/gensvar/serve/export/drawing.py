"""Drawing: from a chart's specification to SVG and PNG, with the house's theme and fonts. Opens no address.

The engine holds the interpreter while it draws (about 50 ms a chart on an idle machine), and faults in it can end a process: it works apart.
"""

import re
from functools import lru_cache
from typing import Any

import msgspec

from gensvar.serve.apart import DRAWING
from gensvar.serve.export.fonts import FOLDER, SANS
from gensvar.serve.web.charts import Spec
from gensvar.serve.web.palette import FIGURE_FONT, chart_theme

SHARP = 2.0  # pixels of a PNG for each of the drawing's: clear on a dense screen and in print
UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
BEYOND = re.compile("[\U00010000-\U0010ffff]")
NOWHERE: list[str] = []  # the addresses from which data may be loaded


@lru_cache(maxsize=1)
def _engine() -> Any:
    """The drawing engine, knowing our fonts; loaded when the first picture is drawn (about half a second, 80 MB)."""
    import vl_convert

    vl_convert.register_font_directory(str(FOLDER))
    return vl_convert


@lru_cache(maxsize=4)
def theme(mode: str) -> dict[str, Any]:
    """The pages' own theme, light or dark, in the font that the engine has, named alone: it cannot measure text set in a list of families."""
    drawn: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(chart_theme(mode)).replace(FIGURE_FONT.encode(), SANS.encode()))
    return drawn


def svg_of(spec: Spec, width: int, mode: str = "light") -> str:
    """The chart, this many pixels wide, on a transparent ground. The same spec gives the same text.

    Signs that XML cannot hold are left out first: the engine would end its process over one of them. Where it fails over a sign beyond the
    basic plane, which it halves when it shortens a label, that sign becomes �.
    """
    plain = seen({**spec, "width": width})
    try:
        return DRAWING.run(draw, plain, mode)
    except ValueError:
        simpler = seen(plain, BEYOND, "\ufffd")
        if simpler == plain:
            raise
        return DRAWING.run(draw, simpler, mode)


def draw(spec: Spec, mode: str) -> str:
    """The chart as SVG, drawn in this very process."""
    drawn: str = _engine().vegalite_to_svg(spec, config=theme(mode), allowed_base_urls=NOWHERE)
    return drawn


def seen(value: Any, signs: re.Pattern[str] = UNSEEN, instead: str = " ") -> Any:
    """The same value, its texts without these signs: those that cannot be seen."""
    if isinstance(value, str):
        return signs.sub(instead, value)
    if isinstance(value, dict):
        return {k: seen(v, signs, instead) for k, v in value.items()}
    return [seen(v, signs, instead) for v in value] if isinstance(value, list | tuple) else value


def png_of(svg: str) -> bytes:
    """A drawing as pixels, twice as many each way as its own unit."""
    return DRAWING.run(paint, svg)


def paint(svg: str) -> bytes:
    """The same, painted in this very process."""
    drawn: bytes = _engine().svg_to_png(svg, scale=SHARP)
    return drawn
