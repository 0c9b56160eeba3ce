"""Differences as a reader sees them: signed, in the measure's unit, with their interval and no more digits than it deserves."""

from gensvar.contracts import Measure
from gensvar.kit.language import phrase, translator
from gensvar.measure.answer import Estimate
from gensvar.measure.metrics import metric_of
from gensvar.measure.say import digits_of
from gensvar.serve.web.figures import times_of
from gensvar.serve.web.words import Words

UNITS = {"share": phrase("{gap} percentage points"), "points": phrase("{gap} points"), "scale": phrase("{gap} on the scale")}


def signed(value: float, digits: int, words: Words) -> str:
    """With its sign, also where it is above 0.

    >>> signed(2.41, 1, Words("en")), signed(-3.0, 0, Words("en")), signed(0.01, 0, Words("en"))
    ('+2.4', '−3', '0')
    """
    return ("+" if round(value, digits) > 0 else "") + words.number(value, digits)


def gap_figure(measure: Measure, value: float, low: float, high: float, words: Words) -> str:
    """The difference alone: −15."""
    times = times_of(measure)
    return signed(value * times, digits_of(Estimate(value, low, high, 0), metric_of(measure).unit), words)


def gap_interval(measure: Measure, low: float, high: float, words: Words) -> str:
    """Its interval alone: −22…−8."""
    times, digits = times_of(measure), digits_of(Estimate(low, low, high, 0), metric_of(measure).unit)
    return "…".join(signed(end * times, digits, words) for end in (low, high))


def gap_text(measure: Measure, value: float, low: float, high: float, words: Words) -> str:
    """The difference with its unit and its interval: −15 percentage points (−22…−8)."""
    shown = words(UNITS[metric_of(measure).unit], gap=gap_figure(measure, value, low, high, words))
    return f"{shown} ({gap_interval(measure, low, high, words)})"


def unit_name(measure: Measure, words: Words) -> str:
    """What a difference is counted in, without a number: percentage points."""
    return words(UNITS[metric_of(measure).unit], gap="").strip()


def percent(share: float, words: Words) -> str:
    """25 %."""
    return translator(words.language).percent(share)
