"""Numbers and moments as a reader reads them: in her locale, with no more digits than the interval deserves."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_datetime, get_month_names
from babel.numbers import get_decimal_symbol, get_group_symbol

from gensvar.contracts import Measure
from gensvar.kit.language import NARROW, translator
from gensvar.measure.answer import Estimate
from gensvar.measure.metrics import metric_of
from gensvar.measure.say import digits_of, estimate_text, number_text

DASH = re.compile(r"(?<=[\d%])([–…])(?=[\d−])")
TIMES = {"share": 100.0, "points": 1.0, "scale": 1.0}


def times_of(measure: Measure) -> float:
    """From an answer's unit to the one that is shown: shares are shown in per cent."""
    return TIMES[metric_of(measure).unit]


def suffix_of(measure: Measure) -> str:
    """What follows a number on an axis."""
    return f"{NARROW}%" if metric_of(measure).unit == "share" else ""


def bounds(measure: Measure) -> tuple[float, float]:
    """The least and greatest number it can show."""
    times = times_of(measure)
    low, high = metric_of(measure).range(measure)
    return low * times, high * times


def figure(measure: Measure, e: Estimate, language: str) -> str:
    """The value alone, as 72 % or 4.3, with the decimals that its interval deserves."""
    return number_text(e.value, measure, translator(language), digits_of(e, metric_of(measure).unit))


def interval(measure: Measure, e: Estimate, language: str) -> str:
    """The interval alone, as 68–76."""
    return estimate_text(e, measure, translator(language)).partition("(")[2].rstrip(")")


def moment(when: datetime, language: str, zone: str) -> str:
    """A UTC moment on the reader's own clock."""
    return format_datetime(when, format="d MMM y HH:mm", tzinfo=ZoneInfo(zone), locale=language)


def chart_locale(language: str) -> dict[str, object]:
    """Number and month words for the axes, in Vega's form."""
    short, full = (get_month_names(width, locale=language) for width in ("abbreviated", "wide"))
    return {
        "number": {"decimal": get_decimal_symbol(language), "thousands": get_group_symbol(language), "grouping": [3], "currency": ["", ""]},
        "time": {
            "dateTime": "%x %X", "date": "%Y-%m-%d", "time": "%H:%M", "periods": ["", ""], "days": [""] * 7, "shortDays": [""] * 7,
            "months": [full[m] for m in range(1, 13)], "shortMonths": [short[m].rstrip(".") for m in range(1, 13)],
        },
    }  # fmt: skip


def kept(text: str) -> str:
    """The text with its intervals and signed numbers kept on one line: a word joiner on each side of a dash between digits."""
    return DASH.sub("\u2060\\1\u2060", text)
