"""The fonts that exported pictures and reports are drawn with: the pages' own, as TrueType (tools/fonts.py makes them)."""

from base64 import b64encode
from functools import lru_cache
from pathlib import Path

from gensvar.serve.web.assets import FOLDER as PAGES
from gensvar.serve.web.palette import FIGURE_FONT, TEXT_FONT

FOLDER = Path(__file__).parent / "fonts"
SANS, SERIF = "Gensvar Sans", "Gensvar Serif"
FIGURES, TEXT = f"{SANS}, {FIGURE_FONT}", f"{SERIF}, {TEXT_FONT}"
CARRIED = (("Source Sans 3", "200 900", "source-sans-3.woff2"), ("Source Serif 4", "600", "source-serif-4-600.woff2"))


@lru_cache(maxsize=1)
def carried() -> str:
    """CSS by which a picture carries its fonts along, so that it looks alike where they are not installed."""

    def face(family: str, weight: str, file: str) -> str:
        data = b64encode((PAGES / "vendor" / file).read_bytes()).decode()
        return f'@font-face{{font-family:"{family}";font-weight:{weight};src:url(data:font/woff2;base64,{data}) format("woff2")}}'

    return "".join(face(*one) for one in CARRIED)


def with_figures(svg: str) -> str:
    """A chart that names our own font alone, made to name the pages' own and its kin after it."""
    return svg.replace(f'font-family="{SANS}"', f'font-family="{FIGURES}"')
