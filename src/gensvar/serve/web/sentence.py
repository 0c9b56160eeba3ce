"""A question as a sentence: “CSAT for delivery, in Norway, last quarter, against the same quarter last year”."""

from collections.abc import Iterator
from urllib.parse import unquote

from babel.lists import format_list

from gensvar.contracts import DIMENSIONS, Measure
from gensvar.kit.language import phrase
from gensvar.serve.web.asked import GRAIN_NAMES, PERIODS, Asked
from gensvar.serve.web.words import BY_NAMES, Words

BEFORE = {
    "last month": phrase("against the month before"),
    "last quarter": phrase("against the quarter before"),
    "last 12 months": phrase("against the 12 months before"),
}
YEAR_BEFORE = {"last month": phrase("against the same month last year"), "last quarter": phrase("against the same quarter last year")}


def sentence_of(asked: Asked, measure: Measure | None, words: Words) -> str:
    """The question in the reader's language, most important first; measure: None where the page shows all of them.

    It is the default name of a saved view, and the title of the page.
    """
    subject = measure.title(words.language) if measure else words("Everything")
    return ", ".join([subject, *_parts(asked, words)])


def place_of(asked: Asked, words: Words) -> str:
    """The filters alone, as “in Norway, channel app”; empty where nothing is filtered."""
    return ", ".join(_place(d, asked.where[d], words) for d in DIMENSIONS if d in asked.where)


def _parts(asked: Asked, words: Words) -> Iterator[str]:
    for dimension in DIMENSIONS:
        if dimension in asked.where:
            yield _place(dimension, asked.where[dimension], words)
    if asked.by:
        yield words(BY_NAMES[asked.by])
    yield words(PERIODS[asked.period]) if asked.period in PERIODS else asked.period
    if asked.against_text:
        yield _against(asked, words)
    if asked.grain != Asked().grain and asked.grain in GRAIN_NAMES:
        yield words("trend {step}", step=words(GRAIN_NAMES[asked.grain]))


def _place(dimension: str, values: str, words: Words) -> str:
    """in Norway and Sweden; channel app."""
    named = format_list([words.value(dimension, unquote(v)) for v in values.split(",")], locale=words.language)
    if dimension == "market":
        return words("in {places}", places=named)
    return words("{dimension} {values}", dimension=words(dimension), values=named)


def _against(asked: Asked, words: Words) -> str:
    match asked.against:
        case "previous":
            return words(BEFORE.get(asked.period, "against the period before"))
        case "year before":
            return words(YEAR_BEFORE.get(asked.period, "against the same period last year"))
        case other:
            name, sign, values = other.partition("=")
            shown = _place(name, values, words) if sign and name in DIMENSIONS else other
            return words("against {other}", other=shown)
