"""What the pages of onboarding, feature value, employees and customers share: numbers of shares, dots with whiskers, days to choose."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from gensvar.explaining.part import least_of
from gensvar.kit.errors import BadInput, nearest
from gensvar.kit.language import phrase, translator
from gensvar.serve.web.asked import Choice, Option
from gensvar.serve.web.figures import moment
from gensvar.serve.web.gaps import percent, signed
from gensvar.serve.web.visit import Visit
from gensvar.serve.web.words import Mark, Tone, Words

HIDDEN: Mapping[str, tuple[str, str]] = {
    "scope": (
        phrase("This cannot be counted from your part alone."),
        phrase(
            "Your view is limited by what one customer has several of, as channels: what she does and what becomes of her stand on both sides of it. "
            "Somebody who sees all can show you the page."
        ),
    ),
    "small_group": (
        phrase("Asked this way, it could show people among so few that they would not stay unknown."),
        phrase("Held beside what is shown already, it would tell of the few who make the difference. Without any choice the page is open to you."),
    ),
}
ASSOCIATION = phrase("It is association: it says where to look, not what causes what.")
DAYS = phrase("{n} days")
MARKS: Mapping[str, Mark] = {
    "more": "rose", "less": "fell", "no_difference": "same", "cannot_tell": "unknown", "together": "rose", "against": "fell", "no_visible": "same"
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a list: a mark, a sentence, and what stands below it."""

    mark: Mark
    mark_name: str
    tone: Tone
    sentence: str
    small: str = ""
    href: str = ""


def hidden(why: str, w: Words) -> tuple[str, tuple[str, ...]]:
    """That it is not shown, and why."""
    sentence, reason = HIDDEN[why]
    return w(sentence), (w(reason),)


def of_part(visit: Visit, unmarked: int) -> Iterator[str]:
    """For a reader of a part, that it is counted from hers; unmarked: kinds of rows that are left out."""
    if visit.scope.rows:
        yield visit.words("Counted from the customers of your part alone.")
    if unmarked:
        yield visit.words.many(
            "One kind of event or feedback is left out, since much of it is not marked as your part’s.",
            "{n} kinds of events or feedback are left out, since much of them is not marked as your part’s.",
            unmarked,
        )


def may_choose(visit: Visit) -> bool:
    """Whether she may ask in other ways: not where two answers, held beside each other, would show fewer people than she may see."""
    return least_of(visit.house, visit.scope) <= 1


def points(value: float, w: Words, digits: int = 0) -> str:
    """A difference of shares in percentage points, signed: +17."""
    return signed(100 * value, digits, w)


def points_text(value: float, low: float, high: float, w: Words) -> str:
    """+17 percentage points (+8…+25)."""
    digits = 1 if high - low < 0.04 else 0
    shown = w("{gap} percentage points", gap=points(value, w, digits))
    return f"{shown} ({points(low, w, digits)}…{points(high, w, digits)})"


def limits(low: float | None, high: float | None, w: Words, digits: int = 0) -> str:
    """Limits of a difference of shares; a dash where there are none."""
    return "–" if low is None or high is None else f"{points(low, w, digits)}…{points(high, w, digits)}"


def small(p: float | None, w: Words) -> str:
    """A p or q value: 0.03, or below 0.001; a dash where there is none."""
    if p is None:
        return "–"
    return "< " + w.number(0.001, 3) if p < 0.001 else w.number(p, 3 if p < 0.1 else 2)


def share(k: int, n: int, w: Words) -> str:
    """k of n in per cent; a dash of nobody."""
    return percent(k / n, w) if n else "–"


def days_choice(name: str, label: str, given: Sequence[int], now: int, w: Words) -> Choice:
    """A number of days to choose; one that was asked for by hand is kept."""
    options = sorted({*given, now})
    return Choice(name, w(label), tuple(Option(str(d), w(DAYS, n=w.number(d)), d == now) for d in options))


def read_days(query: Mapping[str, str], name: str, default: int) -> int:
    """A number of days in an address. BadInput where it is none."""
    text = query.get(name) or str(default)
    if not text.isascii() or not text.isdigit() or len(text) > 5:
        raise BadInput(f"{name} {text!r} is no number of days", where="in the address", do="Give whole days, as 30.")
    return int(text)


def checked(query: Mapping[str, str], known: Sequence[str]) -> Mapping[str, str]:
    """BadInput for a name that the page does not know, with the nearest."""
    for name in query:
        if name not in {*known, "lang"}:
            raise BadInput(f"No filter {name!r}", where="in the address", nearest=nearest(name, known), do=f"Filters: {', '.join(known)}.")
    return query


def looked_at(made_at: datetime | None, visit: Visit) -> str:
    """When it was found, where it was not worked out just now."""
    if made_at is None:
        return visit.words("Worked out when you asked.")
    return visit.words("Found {when}; looked for again each night.", when=moment(made_at, visit.words.language, visit.reader.zone))


def capital(text: str) -> str:
    """With a capital letter."""
    return text[:1].upper() + text[1:]


def listed(names: Sequence[str], w: Words) -> str:
    """a, b and c, as the reader's language joins them."""
    from babel.lists import format_list

    return format_list(list(names), locale=translator(w.language).locale)
