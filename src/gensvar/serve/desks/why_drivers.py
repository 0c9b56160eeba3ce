"""What a reader may see of drivers: studied within her scope when she asks, made once for each state of the hub."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import msgspec

from gensvar.explain.drivers import Event, Found, Names, Rated, Refused, Study, Together, found_json, told
from gensvar.explain.drivers.tell import Told
from gensvar.explaining.drivers import EVENT, Sight, earlier, find, study_of
from gensvar.kit.errors import BadInput
from gensvar.kit.language import Translator, phrase, translator
from gensvar.kit.names import plain_name
from gensvar.measure import Period
from gensvar.measure.parse import parse_list, parse_period, parse_where
from gensvar.measure.say import DIMENSION_NAMES, place_of, value_name
from gensvar.serve.desk import HouseDesk
from gensvar.serve.web.topic_words import topic_name
from gensvar.serve.web.words import Words

PERIOD: Final = "last 12 months"
WITHIN: Final = 183
COMPARED: Final = ("", "previous", "year before")


class Ask(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """outcome: csat.overall, or event:churn; empty for the one that most answered. drivers: measures, topics, events, topic:delivery, event:login,
    dimension:market, comma between; empty for the ratings given in the same responses. where: market=NO,SE. period: 2026, last 12 months …
    by: a dimension. compare: previous, year before or nothing. within: days after, for an event. language: sv, nb, da, fi, en.
    """

    outcome: str = ""
    drivers: str = ""
    where: str = ""
    period: str = PERIOD
    by: str = ""
    compare: str = ""
    within: int = WITHIN
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Studied:
    """outcome: what it was asked as; empty where nothing can be studied. study: what was counted; then: the time that it is held against."""

    outcome: str
    study: Study
    then: Study | None
    found: Found


def outcomes(desk: HouseDesk, period: Period | None) -> tuple[str, ...]:
    """The measures that have drivers, those of most answers first."""
    return known(desk, period).outcomes


def known(desk: HouseDesk, period: Period | None) -> Together:
    """What was rated together, within the scope."""
    return desk.kept(("together", period), lambda: Sight(desk.house, desk.scope).together(period))


def studied(desk: HouseDesk, asked: Ask) -> Studied | None:
    """What goes with the outcome; None where no outcome is named and none has drivers. BadInput for what cannot be understood."""
    if asked.compare not in COMPARED:
        raise BadInput(f"The comparison {asked.compare!r} cannot be read", do="Compare with: previous, year before, or nothing.")
    period = parse_period(asked.period, desk.today()) if asked.period.strip() else None
    together = known(desk, period)
    outcome = asked.outcome or next(iter(together.outcomes), "")
    if not outcome:
        return None
    sight = Sight(desk.house, desk.scope)
    study = study_of(sight, outcome, parse_list(asked.drivers), parse_where(asked.where), period, asked.by, asked.within, together)
    then = earlier(study, asked.compare)
    found = desk.kept(("drivers", study, then), lambda: find(sight, study, then))
    return Studied(outcome, study, then, _unless_protected(desk, outcome, found))


def _unless_protected(desk: HouseDesk, outcome: str, found: Found) -> Found:
    """Nobody who may be counted answered it: whether that is since those who did are protected."""
    whole = found.whole
    if not isinstance(whole, Refused) or whole.why not in {"no_outcome", "no_drivers"}:
        return found
    by = desk.audiences().get(outcome.partition("@")[0])
    return replace(found, whole=replace(whole, why="protected")) if by in desk.house.settings.anonymous.names else found


def names_of(desk: HouseDesk, study: Study, language: str) -> Names:
    """What the reader calls the outcome and every driver."""
    measures, words = desk.measures(), Words(language)
    return Names(
        outcome_name(desk, study.outcome, words),
        {d.name: measures.get(d.name).title(language) if d.rated else driver_name(desk, d.kind, d.name, words) for d in study.drivers},
    )


def outcome_name(desk: HouseDesk, outcome: Rated | Event, words: Words) -> str:
    if isinstance(outcome, Event):
        return event_title(outcome.name, outcome.days, words)
    return desk.measures().get(outcome.key).title(words.language)


def event_title(name: str, days: int, words: Words) -> str:
    """What may happen, and in how many days after the answers."""
    return words("{event} within {days} days", event=event_name(name), days=words.number(days))


def place(dimension: str, value: str | None, t: Translator) -> str:
    """Where in a sentence one value of a dimension stands: ' in Norway'."""
    return place_of([value_name(dimension, value, t)], [dimension], t)


def driver_name(desk: HouseDesk, kind: str, name: str, words: Words) -> str:
    """A driver that was not rated: what is written of a topic, how often something happened, or a value of a dimension."""
    if kind == "topic":
        return words(TOPIC, topic=topic_name(desk.house.ledger.taxonomies.current(), name, words))
    if kind == "behaviour":
        return words(DONE, event=event_name(name))
    dimension, _, value = name.partition("=")
    t = translator(words.language)
    return f"{t(DIMENSION_NAMES[dimension])}: {value_name(dimension, value, t)}"


TOPIC: Final = phrase("{topic}, as written of")
DONE: Final = phrase("{event}, how often")


def event_name(name: str) -> str:
    """An event as its source calls it, with its step.

    >>> event_name("feature_use.invoice")
    'feature use: invoice'
    """
    return ": ".join(plain_name(part.replace("_", " ")) for part in name.split(".", 1))


def sentences(desk: HouseDesk, one: Studied, language: str) -> Told:
    """All that is said of it."""
    return told(one.found, one.study, names_of(desk, one.study, language), translator(language))


def answered(desk: HouseDesk, asked: Ask) -> dict[str, Any]:
    """The study as plain JSON types: its sentences, and the numbers behind them."""
    one = studied(desk, asked)
    if one is None:
        return {"outcome": "", "sentence": translator(asked.language)(NO_OUTCOME), "found": None}
    names, said = names_of(desk, one.study, asked.language), sentences(desk, one, asked.language)
    return {
        "outcome": one.outcome, "named": names.outcome, "sentence": said.sentence, "said": msgspec.to_builtins(said),
        "names": dict(names.drivers), "period": _days(one.study), "compared": _days(one.then) if one.then else None,
        "found": found_json(one.found),
    }  # fmt: skip


NO_OUTCOME: Final = phrase("Nothing can be studied yet: no survey asks for a whole and its parts in the same answers.")


def _days(study: Study) -> Mapping[str, str] | None:
    return None if study.first is None else {"first": str(study.first), "last": str(study.last)}


def event_outcomes(desk: HouseDesk) -> Iterator[str]:
    """What may happen to a party and be an outcome: renewals and ends, where the house has them."""
    names = desk.kept(("happens",), lambda: Sight(desk.house, desk.scope).happens())
    yield from (EVENT + name for name in ("renewal", "churn", "cancellation") if name in names)
