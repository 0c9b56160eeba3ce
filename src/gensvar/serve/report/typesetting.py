"""A report set as PDF (PDF/UA-1: tagged, titled, its language said), or as pictures of its pages. The template is handed data, never markup."""

import re
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec

from gensvar.serve.apart import DRAWING
from gensvar.serve.export.drawing import UNSEEN, svg_of
from gensvar.serve.export.fonts import FOLDER
from gensvar.serve.report.content import Report
from gensvar.serve.web.figures import kept
from gensvar.serve.web.palette import LIGHT

TEMPLATE = Path(__file__).with_name("report.typ")
ROOT = str(TEMPLATE.parent)  # else it looks for the folder that this process began in, which may be gone
ACCESSIBLE, NO_GLYPH = "ua-1", "could not be displayed"
TOGETHER = re.compile(r"(?<=[\d%]) (?=%|\([\d−+])")  # a number, its per cent sign and its interval stay on one line
CHART_WIDTH = 330  # pixels, of which the page has 4 to 3 points


def pdf_of(report: Report) -> bytes:
    """The report as PDF, set apart. The same report gives the same bytes."""
    return DRAWING.run(typeset, _data(report), report.made)


def typeset(data: Mapping[str, str], made: date) -> bytes:
    """The data as PDF, set in this very process.

    Where it holds a sign that no font here has, the PDF is tagged as well but cannot claim PDF/UA-1, which wants every sign seen.
    """
    import typst

    try:
        return _set(data, made, [ACCESSIBLE])
    except typst.TypstError as wrong:
        if NO_GLYPH not in str(wrong):
            raise RuntimeError(str(wrong)) from None  # the engine's own error cannot travel between processes
        return _set(data, made, [])


def _set(data: Mapping[str, str], made: date, standards: list[Any]) -> bytes:
    import typst

    at = datetime.combine(made, time(), UTC)
    return bytes(
        typst.compile(
            TEMPLATE.read_bytes(), root=ROOT, font_paths=_fonts(), sys_inputs=dict(data), format="pdf", pdf_standards=standards, timestamp=at
        )
    )


def pages_of(report: Report, ppi: float = 96) -> list[bytes]:
    """Each page as PNG."""
    import typst

    compiler = typst.Compiler(TEMPLATE.read_bytes(), font_paths=_fonts(), sys_inputs=_data(report))
    found = compiler.compile(format="png", ppi=ppi)
    return [bytes(page) for page in found] if isinstance(found, list) else [bytes(found or b"")]


@lru_cache(maxsize=1)
def _fonts() -> Any:
    """Ours first; the machine's own only for signs that ours lack."""
    import typst

    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=True, font_paths=[str(FOLDER)])


def _data(report: Report) -> dict[str, str]:
    """Everything that the template sets, as JSON: texts stay texts, whatever they hold."""
    value = {name: part for name, part in asdict(report).items() if name != "changed"}
    value["changed"] = [asdict(f) | {"chart": svg_of(f.chart, CHART_WIDTH) if f.chart else None} for f in report.changed]
    value["made"] = [report.made.year, report.made.month, report.made.day]
    value["colours"] = {name: LIGHT[name] for name in ("ink", "ink-2", "line", "better", "worse", "accent", "hover")}
    return {"report": msgspec.json.encode(_seen(value)).decode()}


def _seen(value: Any) -> Any:
    """The same value, its texts without signs that cannot be seen, its numbers never broken between two lines."""
    if isinstance(value, str):
        return value if value.startswith("<svg") else TOGETHER.sub("\u00a0", kept(UNSEEN.sub(" ", value)))
    if isinstance(value, dict):
        return {k: _seen(v) for k, v in value.items()}
    return [_seen(v) for v in value] if isinstance(value, list | tuple) else value
