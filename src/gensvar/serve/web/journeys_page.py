"""Journeys: what people do from the first contact to loyalty, where they get stuck, and every journey; and one of them step by step."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final, cast

from gensvar.explain.journeys import Counted, Friction, JourneyFound, JourneysFound, Refused
from gensvar.serve.desks import why_journeys as desk
from gensvar.serve.desks.why_journeys import Standing
from gensvar.serve.web.asked import Choice
from gensvar.serve.web.blocks import Drawn, Fact
from gensvar.serve.web.journey_page import one_page
from gensvar.serve.web.journey_views import friction_drawn, journey_steps, map_bars, map_flow, map_tones
from gensvar.serve.web.journey_words import chafes, headline, lasting, readable, refusal, sure
from gensvar.serve.web.journeys_asked import MORE, Stuck, Wanted, choices, know, made_of, more_choices, standing, stuck_of, wanted, why_of
from gensvar.serve.web.render import View
from gensvar.serve.web.visit import Page, Visit
from gensvar.serve.web.words import Words

WORST: Final = 8


@dataclass(frozen=True, slots=True)
class Card:
    """One journey on the list. facts: what is told beside the chart."""

    key: str
    title: str
    sentence: str
    href: str
    facts: tuple[str, ...]
    steps: Drawn


@dataclass(frozen=True, slots=True)
class DeclaredView:
    """A journey that somebody declared. waits: until it is counted as it now is; empty where it is."""

    name: str
    steps: str
    by: str
    waits: str
    href: str


@dataclass(frozen=True, slots=True)
class JourneysPage:
    """why: a sentence where there is nothing to show. flow, bars, tones: the map; stuck: where it chafes most, over all journeys."""

    sentence: str
    lead: str
    why: str
    under_way: bool
    made: str
    choices: tuple[Choice, ...]
    more_choices: tuple[Choice, ...]
    more_chosen: bool
    friction: Drawn | None
    stuck: tuple[Stuck, ...]
    flow: Drawn | None
    bars: Drawn | None
    tones: Drawn | None
    cards: tuple[Card, ...]
    refused: tuple[str, ...]
    know: tuple[Fact, ...]
    address: str
    may_declare: bool
    declared: tuple[DeclaredView, ...]


def journeys(visit: Visit) -> View:
    """The map and every journey."""
    want = wanted(visit.query)
    return View("journeys.html", _list(visit, want, standing(visit, want, drawn=True)), "journeys")


def _list(visit: Visit, want: Wanted, seen: Standing) -> JourneysPage:
    w, found = visit.words, seen.found or JourneysFound((), ())
    names = {j.journey.key: j.journey.name for j in found.journeys}
    worst = [f for f in found.friction if f.customers][:WORST]
    return JourneysPage(
        sentence=_list_sentence(found, worst, names, w) if seen.found else w("What people do, from the first contact to loyalty"),
        lead=_list_lead(found, w),
        why=why_of(seen, w),
        under_way=seen.why == "counting",
        made=made_of(seen, visit),
        choices=tuple(choices(visit, want)),
        more_choices=more_choices(visit, want),
        more_chosen=any(d in want.asked.where for d in MORE),
        friction=friction_drawn(worst, names, w("Where it chafes most: customers lost × how hard it is"), w, one=False) if worst else None,
        stuck=tuple(stuck_of(f, names, found, visit, want) for f in worst[:3]),
        flow=map_flow(seen.map, w) if seen.map else None,
        bars=map_bars(seen.map, w) if seen.map else None,
        tones=map_tones(seen.map, w) if seen.map else None,
        cards=tuple(_card(j, found.friction, visit, want) for j in found.journeys),
        refused=tuple(refusal(r, w) for r in _refusals(seen)),
        know=tuple(know(seen.map.counted if seen.map else _first(found), None, w)),
        address=want.href("/journeys"),
        may_declare=visit.may("definitions.change"),
        declared=tuple(_declared(found, visit)) if visit.may("definitions.change") else (),
    )


def _declared(found: JourneysFound, visit: Visit) -> Iterator[DeclaredView]:
    """For those who may change them."""
    w, counted = visit.words, {j.journey.key: j.journey.declared for j in found.journeys}
    for j in desk.declared(cast("Any", visit.desk)):
        by = w("declared by {owner}", owner=j.owner)
        waits = "" if counted.get(j.key) else w("counted so from the next look on")
        yield DeclaredView(j.name, " → ".join(s.name for s in j.steps), by, waits, f"/declare-journey?key={j.key}")


def _refusals(seen: Standing) -> Iterator[Refused]:
    return chain(seen.map.refused if seen.map else (), seen.found.refused if seen.found else ())


def _first(found: JourneysFound) -> Counted | None:
    return found.journeys[0].counted if found.journeys else None


def _list_sentence(found: JourneysFound, worst: Sequence[Friction], names: Mapping[str, str], w: Words) -> str:
    if not found.journeys:
        return w("No journey is seen in what people do")
    if not worst:
        return w("Nobody is seen to get stuck anywhere more than elsewhere")
    f = worst[0]
    if f.rank_low == f.rank_high:
        return w("Customers get stuck most at {step} in {journey}", step=f.step, journey=names.get(f.journey, f.journey))
    return w("Customers seem to get stuck most at {step} in {journey}", step=f.step, journey=names.get(f.journey, f.journey))


def _list_lead(found: JourneysFound, w: Words) -> str:
    n = sum(j.counted.errands for j in found.journeys)
    if not n:
        return ""
    lost = sum(j.fates.lost for j in found.journeys)
    return w("{n} errands were followed; {lost} of those that are over were not finished.", n=w.number(n), lost=w.number(lost))


def _card(j: JourneyFound, friction: Sequence[Friction], visit: Visit, want: Wanted) -> Card:
    w = visit.words
    facts = (
        w.many("one errand", "{n} errands", j.counted.errands),
        w.many("one customer", "{n} customers", j.counted.parties),
        w("half are done within {time}", time=lasting(j.seconds, w)) if j.seconds is not None else "",
        w("{share} over more than one channel", share=sure(j.channels, w)) if j.channels.value is not None else "",
        w("{share} with a pause", share=sure(j.pauses, w)) if j.pauses.value is not None else "",
    )
    return Card(
        j.journey.key,
        j.journey.name,
        headline(j, _worst(j, friction), w),
        want.href(f"/journeys/{j.journey.key}"),
        tuple(f for f in facts if f),
        journey_steps(j, w),
    )


def _worst(j: JourneyFound, friction: Sequence[Friction]) -> Friction | None:
    return next((f for f in friction if f.journey == j.journey.key), None)


def journey(visit: Visit) -> View:
    """One journey. NotFound with the nearest where there is none."""
    want, key = wanted(visit.query), visit.named("journey")
    seen = standing(visit, want)
    if seen.found is None and seen.why in {"counting", "too_much"}:
        return View("journeys.html", _list(visit, want, seen), "journeys")
    found = desk.one(seen.found or JourneysFound((), ()), key)
    return View("journey.html", one_page(visit, want, seen, found), "journeys")


def lead(visit: Visit) -> tuple[str, ...]:
    """Today’s answer, from what was last found."""
    kept = desk.last(cast("Any", visit.desk)).found
    found = kept and readable(kept)
    if found is None or not found.journeys:
        return ()
    names = {j.journey.key: j.journey.name for j in found.journeys}
    worst = [f for f in found.friction if f.customers]
    return (
        _list_sentence(found, worst, names, visit.words) + ".",
        *(chafes(f, names.get(f.journey, f.journey), visit.words) for f in worst[:1]),
    )


PAGES = (
    Page("/journeys", "answers", journeys, "/journeys"),
    Page("/journeys/{journey:str}", "answers", journey),
)
FORMS = ()
