"""Which scores of a measure are good and which are bad, to look for the voices behind them. Numbers themselves are never made from this."""

from typing import Literal

from gensvar.contracts.measures import Measure

Mood = Literal["good", "middle", "bad"]
MOODS: tuple[Mood, ...] = ("good", "middle", "bad")
FAR = 0.4  # of the scale, from either end
CUTS = {"nps": (6.0, 9.0), "enps": (6.0, 9.0), "gcr": (0.0, 2.0), "ces7": (3.0, 5.0)}


def edges(measure: Measure) -> tuple[float, float]:
    """(the highest score of the low end, the lowest score of the high end). Between them lies the middle.

    NPS: 0–6 and 9–10 (Reichheld 2003). Else the cut where there is one, and two fifths of the scale from each end.
    """
    if measure.metric in CUTS and (measure.cut is None or measure.metric in {"nps", "enps"}):
        return CUTS[measure.metric]
    reach = FAR * (measure.high - measure.low)
    low, high = measure.low + reach, measure.high - reach
    if measure.cut is not None and measure.better == "up":
        high = measure.cut
    elif measure.metric == "csat":
        high = measure.high - measure.step
    return min(low, high - measure.step / 2), high


def bounds(measure: Measure, mood: Mood) -> tuple[float, float]:
    """The least and greatest score of this mood, neither of which need be on the scale; the middle leaves out its ends."""
    low, high = edges(measure)
    if mood == "middle":
        small = measure.step / 1000
        return low + small, high - small
    upper = (mood == "good") == (measure.better == "up")
    return (high, measure.high) if upper else (measure.low, low)


def mood_of(measure: Measure, score: float) -> Mood:
    """Good, bad or between.

    >>> nps = Measure(id="nps", version=1, metric="nps", low=0, high=10)
    >>> [mood_of(nps, s) for s in (6, 7, 9)]
    ['bad', 'middle', 'good']
    """
    low, high = edges(measure)
    if score >= high:
        return "good" if measure.better == "up" else "bad"
    if score <= low:
        return "bad" if measure.better == "up" else "good"
    return "middle"
