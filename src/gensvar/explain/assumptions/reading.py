"""What an assumption in somebody's own words may be about: names found in it, and the form that it seems to have. Always hers to confirm."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from gensvar.explain.assumptions.form import Form, Way
from gensvar.text.stems import tokens

LEAST_LETTERS: Final = 4
INFLECTED: Final = 2  # letters at a word's end that its forms may change
HIGHER: Final = (
    "higher better more above rises rose improved improves increased happier högre bättre mer fler steg stiger ökade ökar nöjdare høyere bedre flere "
    "økte øker fornøyde højere mere steget øgede tilfredse korkeampi parempi enemmän nousi nousee parani"
)
LOWER: Final = (
    "lower worse less below falls fell dropped decreased declined unhappier lägre sämre mindre färre föll faller sjönk sjunker minskade lavere "
    "dårligere verre falt sank færre faldt ringere matalampi alempi huonompi vähemmän laski laskee heikkeni putosi"
)
WAYS: Final[Mapping[Way, frozenset[str]]] = {"higher": frozenset(HIGHER.split()), "lower": frozenset(LOWER.split())}
OUTCOME_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "left": ("leave", "leaving", "left", "churn", "cancel", "lämna", "säger upp", "slutar", "avsluta", "forlater", "slutter", "sier opp", "forlader",
             "opsiger", "siger op", "lähte", "poistu", "irtisano"),
    "renewed": ("renew", "förnya", "fornye", "forny", "uusi sopimu", "uusivat"),
    "bought": ("buy", "purchase", "köper", "kjøper", "køber", "ostavat", "ostaa"),
    "contacted_support": ("contact support", "call us", "ringer", "kontaktar", "kontakter", "soittavat", "ottavat yhteyttä"),
    "completed_goal": ("complete", "slutför", "fullfører", "gennemfører", "suorittavat"),
}  # fmt: skip
FIRST_WORDS: Final = ("matters most", "most important", "drives", "viktigast", "betyder mest", "avgör", "viktigst", "avgjør", "vigtigst", "afgør",
                      "tärkein", "merkitsee eniten", "ratkaisee")  # fmt: skip
CHANGE_WORDS: Final = ("after", "since", "efter", "sedan", "etter", "siden", "jälkeen", "alkaen")
MONTHS: Final = (
    ("jan", "tammiku"), ("feb", "helmiku"), ("mar", "maalisku"), ("apr", "huhtiku"), ("may", "maj", "mai", "toukoku"), ("jun", "kesäku"),
    ("jul", "heinäku"), ("aug", "eloku"), ("sep", "syysku"), ("oct", "okt", "lokaku"), ("nov", "marrasku"), ("dec", "des", "jouluku"),
)  # fmt: skip
DAY: Final = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
YEAR: Final = re.compile(r"\b(20\d{2})\b")


@dataclass(frozen=True, slots=True)
class Named:
    """Something with a name in the house. kind: measure, topic or a dimension; id: of the measure or topic, or the dimension's value.

    names: all it is called, in every language.
    """

    kind: str
    id: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Guess:
    """What a text seems to say. measures, topics: the likeliest first; where: dimension → values named. The others: '' or None where not."""

    form: Form | None = None
    measures: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    way: Way | None = None
    outcome: str = ""
    day: date | None = None


def guessed(text: str, named: Iterable[Named]) -> Guess:
    """What the words of a text point at, in any of the five languages. Nothing is decided here: it is what a form is filled in with, to be looked at.

    >>> guessed("Priset är varför de lämnar oss i Finland", [Named("topic", "price", ("Pris",)), Named("market", "FI", ("Finland", "Suomi"))])
    Guess(form='outcome', measures=(), topics=('price',), where={'market': ('FI',)}, way=None, outcome='left', day=None)
    """
    said = tokens(text)
    found = sorted(((score(said, one), one) for one in named), key=lambda pair: (-pair[0], pair[1].id))
    there = [one for points, one in found if points > 0]
    where: dict[str, tuple[str, ...]] = {}
    for one in there:
        if one.kind not in {"measure", "topic"}:
            where[one.kind] = (*where.get(one.kind, ()), one.id)
    day, outcome = day_in(text), outcome_in(text)
    measures, topics = (tuple(one.id for one in there if one.kind == kind) for kind in ("measure", "topic"))
    return Guess(_form(text, day, outcome, measures), measures, topics, where, way_in(said), outcome, day)


def score(said: list[str], one: Named) -> float:
    """How much of one of its names stands in the text: letters of the words found ÷ letters of all its words; 0 where the likeliest name has none."""
    return max((_part(said, tokens(name)) for name in one.names), default=0.0)


def _part(said: list[str], name: list[str]) -> float:
    long = [word for word in name if len(word) >= LEAST_LETTERS] or name
    if not long:
        return 0.0
    return sum(len(word) for word in long if any(_same(word, other) for other in said)) / sum(map(len, long))


def _same(word: str, other: str) -> bool:
    """Whether two words are one, but for how they end.

    >>> _same("leveransen", "leverans"), _same("suomi", "suomessa"), _same("se", "sen")
    (True, True, False)
    """
    shared = max(LEAST_LETTERS, min(len(word), len(other)) - INFLECTED)
    return word == other or (min(len(word), len(other)) >= LEAST_LETTERS and word[:shared] == other[:shared])


def way_in(said: list[str]) -> Way | None:
    """Higher or lower, where words of one of the two stand in the text and none of the other."""
    there = [way for way, words in WAYS.items() if words & set(said)]
    return there[0] if len(there) == 1 else None


def outcome_in(text: str) -> str:
    """The outcome that the text speaks of; empty where none."""
    low = text.casefold()
    return next((name for name, words in OUTCOME_WORDS.items() if any(word in low for word in words)), "")


def day_in(text: str) -> date | None:
    """The day that is named, as 2026-08-03; else the first of a month that is named with its year."""
    written = DAY.search(text)
    try:
        if written:
            return date(*map(int, written.groups()))
        year = YEAR.search(text)
        return date(int(year[1]), month, 1) if year and (month := _month(tokens(text))) else None
    except ValueError:
        return None


def _month(said: list[str]) -> int:
    return next((at for at, starts in enumerate(MONTHS, 1) if any(w.startswith(s) and not w.isdigit() for w in said for s in starts)), 0)


def _form(text: str, day: date | None, outcome: str, measures: tuple[str, ...]) -> Form | None:
    low = text.casefold()
    if any(word in low for word in FIRST_WORDS):
        return "first"
    if outcome:
        return "outcome"
    if day is not None and any(word in low for word in CHANGE_WORDS):
        return "change"
    return "level" if measures else None
