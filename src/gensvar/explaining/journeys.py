"""Journeys of the house: found in its events or declared, counted by its engine, judged, and kept each night."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from math import ceil
from typing import Any, Final

import ibis.expr.types as ir

from gensvar.contracts.measures import Measure
from gensvar.engine import Engine
from gensvar.explain.journeys import (
    KIND,
    LIST,
    MAP,
    Journey,
    JourneyFound,
    JourneysFound,
    Refused,
    TouchpointMap,
    found_json,
    journey_from,
    journey_json,
)
from gensvar.explain.journeys.counts import counted, made, strays
from gensvar.explain.journeys.definition import Who
from gensvar.explain.journeys.errands import errands
from gensvar.explain.journeys.friction import friction, places
from gensvar.explain.journeys.groups import Asked, beside
from gensvar.explain.journeys.infer import Counts, Heard, journey_found
from gensvar.explain.journeys.map_infer import map_found
from gensvar.explain.journeys.rows import Span, voiced
from gensvar.explain.journeys.suggest import ends, found_journeys, leading, names, order, with_steps
from gensvar.explain.journeys.touchpoints import everybody, moves, named_events, named_feedback, planned, sittings
from gensvar.explain.journeys.voices import by_touchpoint, topics_at
from gensvar.explaining.known import known
from gensvar.explaining.nightly import Nightly, Told
from gensvar.explaining.protected import open_events
from gensvar.house import House

DAYS: Final = 365
DECLARED: Final = "journeys.declared"
MOST_TOUCHPOINTS, MOST_TOPICS = 200, 2000


@dataclass(frozen=True, slots=True)
class Source:
    """What journeys are counted from: an engine, and its tables as far as whoever asks may see them. voices: of `voiced`."""

    engine: Engine
    events: ir.Table
    voices: ir.Table
    span: Span

    def rows(self, table: ir.Table) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.engine.run(table).to_pylist()
        return found

    @property
    def days(self) -> int:
        """How many were counted, the last of them begun."""
        return max(1, ceil((self.span.now - self.span.since) / timedelta(days=1)))


def source(house: House, days: int = DAYS) -> Source:
    """The whole house's, without protected audiences."""
    return within_source(house, open_events(house), house.engine.table("feedback"), span_of(house, house.today(), days))


def span_of(house: House, last: date, days: int) -> Span:
    """So many days up to and with `last`, as far as they are over and events have come in."""
    _, until = known(house)
    return replace(Span.days(last, days, house.clock.now()), known=datetime.fromtimestamp(until, UTC))


def within_source(house: House, events: ir.Table, feedback: ir.Table, span: Span) -> Source:
    """Tables that somebody may see, those of protected audiences left out."""
    return Source(house.engine, events, voiced(feedback, house.settings.anonymous.names, measures_of(house)), span)


def measures_of(house: House) -> Sequence[Measure]:
    return tuple(house.ledger.measures.all())


# ── which journeys ──


def declared(house: House) -> tuple[Journey, ...]:
    """Journeys that a data owner has declared, as they are now; an entry that was taken back is not there."""
    kept = house.ledger.findings.all(DECLARED)
    return tuple(journey_from(f.body["journey"]) for _, f in sorted(kept.items()) if f.body.get("journey"))


def declare(house: House, journey: Journey, by: str) -> Journey:
    """Keeps a journey under its key; what it was before stays in the history."""
    kept = replace(journey, declared=True, owner=journey.owner or by)
    house.ledger.findings.keep(DECLARED, kept.key, {"journey": journey_json(kept), "by": by})
    return kept


def withdraw(house: House, key: str, by: str) -> None:
    """Takes a declared journey back; one that the data shows comes back as it was found."""
    house.ledger.findings.keep(DECLARED, key, {"journey": None, "by": by})


def suggested(given: Source) -> tuple[tuple[Journey, ...], tuple[Refused, ...]]:
    """Journeys that the data shows, and what cannot be one."""
    rows = given.rows(names(given.events, given.span))
    touchpoints = [r["touchpoint"] for r in given.rows(by_touchpoint(given.voices, given.span, MOST_TOUCHPOINTS))]
    stepped = {name: given.rows(order(given.events, name, steps, given.span)) for name, steps in with_steps(rows).items() if len(steps) <= 11}
    leads = {end: given.rows(leading(given.events, end, given.span)) for end in ends(rows)}
    found, refused = found_journeys(rows, stepped, leads, touchpoints)
    return tuple(found), tuple(refused)


def journeys_of(house: House, given: Source) -> tuple[tuple[Journey, ...], tuple[Refused, ...]]:
    """The declared ones, and those found whose key nobody declared."""
    own = declared(house)
    found, refused = suggested(given)
    keys = {j.key for j in own}
    return (*own, *(j for j in found if j.key not in keys)), tuple(r for r in refused if r.what not in keys)


# ── what is found of them ──


def counted_journeys(given: Source, journeys: Sequence[Journey], refused: Sequence[Refused] = (), asked: Asked | None = None) -> JourneysFound:
    """Each journey counted and judged, and friction over all of them. asked: users of a feature beside others, days after one beside before."""
    heard = heard_of(given)
    told = [one(given, journey, heard, asked) for journey in journeys]
    chafing = [place for found, counts in told for place in places(found, counts.moments(), counts.lost())]
    return JourneysFound(tuple(found for found, _ in told), friction(chafing), tuple(refused))


def heard_of(given: Source) -> Heard:
    """What is said at each touchpoint."""
    sums = given.rows(by_touchpoint(given.voices, given.span, MOST_TOUCHPOINTS))
    return Heard.of(sums, given.rows(topics_at(given.voices, given.span, MOST_TOPICS)))


def one(given: Source, journey: Journey, heard: Heard, asked: Asked | None = None) -> tuple[JourneyFound, Counts]:
    """One journey, with its counts."""
    walked = errands(made(given.events, given.voices, journey, given.span), journey, given.span)
    rows = given.rows(counted(beside(walked, given.events, journey, asked) if asked else walked, journey))
    (stray,) = given.rows(strays(given.events, given.voices, journey, given.span))
    return journey_found(journey, rows, stray, heard, given.days), Counts.of(rows, journey)


def counted_map(given: Source, heard: Heard | None = None) -> TouchpointMap:
    """The touchpoint map, counted and judged."""
    happened = given.rows(named_events(given.events, given.span))
    said = given.rows(named_feedback(given.voices, given.span))
    plan = planned(happened, said, _walkers(given))
    (stray,) = given.rows(everybody(given.events, given.voices, plan, given.span))
    counts = (sittings(given.events, plan, given.span), moves(given.events, given.voices, plan, given.span)) if plan.places else ()
    rows = [row for table in counts for row in given.rows(table)]
    return map_found(plan, rows, [*happened, *said], heard or heard_of(given), stray)


def _walkers(given: Source) -> Who:
    """By account where events name accounts, else by person."""
    named = given.rows(given.events.filter(given.events.account.notnull()).limit(1).select("account"))
    return "account" if named else "party"


def look(house: House, told: Told) -> Mapping[str, Any]:
    """Looks over the whole house, and keeps the map and the journeys. `why` is no_events where there are none."""
    given = source(house)
    journeys, refused = journeys_of(house, given)
    if not told({"name": "journeys", "done": 0, "of": len(journeys) + 1}):
        return {}
    found = counted_journeys(given, journeys, refused)
    house.ledger.findings.keep(KIND, LIST, found_json(found))
    if not told({"name": "journeys", "done": len(journeys), "of": len(journeys) + 1}):
        return {}
    drawn = counted_map(given)
    house.ledger.findings.keep(KIND, MAP, found_json(drawn))
    if not drawn.nodes:
        return {"why": "no_events"}
    return {"journeys": len(found.journeys), "friction": len(found.friction), "touchpoints": len(drawn.nodes)}


NIGHTLY: Final = Nightly("journeys", look)
