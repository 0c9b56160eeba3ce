"""The question as it stands in the address: what was asked for, and the words of the sentence that change it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl, quote, unquote, urlencode

from gensvar.contracts import DIMENSIONS
from gensvar.kit.errors import BadInput, nearest
from gensvar.serve.web.words import BY_NAMES, Words

PERIODS = {
    "last month": "last month", "last 3 months": "last 3 months", "last quarter": "last quarter", "last 6 months": "last 6 months",
    "last 12 months": "last 12 months", "all": "all time",
}  # fmt: skip
AGAINST = {"previous": "the period before", "year before": "the year before", "none": "nothing"}
GRAIN_NAMES = {"day": "by day", "week": "by week", "month": "by month", "quarter": "by quarter", "year": "by year"}
KNOWN = frozenset({*DIMENSIONS, "period", "against", "by", "grain", "lang"})
MOST_OPTIONS = 200


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    text: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """One word of the sentence that can be changed. name: its key in the address; label: what it is, for those who hear the page."""

    name: str
    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """where: dimension → one or several values, comma between; against: as `compare` of a question; empty: none."""

    where: Mapping[str, str] = field(default_factory=dict)
    period: str = "last 3 months"
    against: str = "previous"
    by: str = ""
    grain: str = "month"

    @property
    def period_text(self) -> str:
        return "" if self.period == "all" else self.period

    @property
    def against_text(self) -> str:
        return "" if self.against == "none" or self.period == "all" else self.against

    @property
    def where_text(self) -> str:
        return ";".join(f"{d}={v}" for d, v in self.where.items())

    def query(self) -> str:
        """The part of an address after “?”, without what stands at its default."""
        plain = Asked()
        parts = {n: getattr(self, n) for n in ("period", "against", "by", "grain") if getattr(self, n) != getattr(plain, n)}
        text = urlencode({**self.where, **parts})
        return f"?{text}" if text else ""

    def cut_by(self, dimension: str) -> "Asked":
        return replace(self, by=dimension)


def read_asked(query: Mapping[str, str]) -> Asked:
    """What an address asks for. BadInput for a name that no page knows, with the nearest."""
    unknown = [name for name in query if name not in KNOWN]
    if unknown:
        raise BadInput(
            f"No filter {unknown[0]!r}",
            where="in the address",
            nearest=nearest(unknown[0], KNOWN),
            do=f"Filters: {', '.join(sorted(KNOWN))}.",
        )
    by = query.get("by", "")
    if by and by not in DIMENSIONS:
        raise BadInput(
            f"No dimension {by!r}",
            where="in the address",
            nearest=nearest(by, DIMENSIONS),
            do=f"Dimensions: {', '.join(DIMENSIONS)}.",
        )
    where = {d: query[d] for d in DIMENSIONS if query.get(d)}
    plain = Asked()
    return Asked(where, query.get("period") or plain.period, query.get("against") or plain.against, by, query.get("grain", "") or plain.grain)


def voices_href(asked: Asked, measure: str = "") -> str:
    """Where the voices behind a number are: the same filters and period, with the measure that the number is of."""
    query = {**asked.where, "measure": measure, "period": asked.period if asked.period != Asked().period else ""}
    text = urlencode({k: v for k, v in query.items() if v})
    return "/voices" + (f"?{text}" if text else "")


def behind(address: str) -> str:
    """The same for the address of a measure's page.

    >>> behind("/measures/csat.delivery?market=NO&by=channel")
    '/voices?market=NO&measure=csat.delivery'
    """
    path, _, query = address.partition("?")
    return voices_href(read_asked(dict(parse_qsl(query))), unquote(path.removeprefix("/measures/")))


def where_choice(dimension: str, values: Sequence[str], asked: Asked, words: Words) -> Choice:
    """All of a dimension, or one of its values; what the address holds is kept, even where the hub no longer has it."""
    now = asked.where.get(dimension, "")
    known = list(dict.fromkeys([*(escaped(v) for v in values[:MOST_OPTIONS]), *([now] if now else [])]))
    everything = Option("", words(ALL_OF[dimension]), not now)
    return Choice(dimension, words(dimension), (everything, *(Option(v, _named(dimension, v, words), v == now) for v in known)))


def escaped(value: str) -> str:
    """A value as it stands in a filter, where , ; = and % have meanings of their own."""
    return "".join(quote(c) if c in ",;=%" else c for c in value)


def _named(dimension: str, value: str, words: Words) -> str:
    return ", ".join(words.value(dimension, unquote(v)) for v in value.split(","))


ALL_OF = {
    "market": "all markets", "segment": "all segments", "channel": "all channels", "journey": "all journeys",
    "touchpoint": "all touchpoints", "product": "all products", "unit": "all units",
}  # fmt: skip


def fixed_choice(name: str, label: str, named: Mapping[str, str], now: str, words: Words) -> Choice:
    """One of a short list; an own period as 2026-Q3 is shown as it was asked for."""
    all_named = named if now in named else {**named, now: now}
    return Choice(name, words(label), tuple(Option(v, words(text), v == now) for v, text in all_named.items()))


def period_choices(asked: Asked, words: Words) -> tuple[Choice, Choice]:
    return (
        fixed_choice("period", "period", PERIODS, asked.period, words),
        fixed_choice("against", "compared with", AGAINST, asked.against, words),
    )


def by_choice(asked: Asked, words: Words) -> Choice:
    return fixed_choice("by", "cut by", {"": "as a whole", **{d: BY_NAMES[d] for d in DIMENSIONS}}, asked.by, words)


def grain_choice(asked: Asked, words: Words) -> Choice:
    return fixed_choice("grain", "step of the trend", GRAIN_NAMES, asked.grain, words)
