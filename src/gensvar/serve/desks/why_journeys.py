"""Journeys as a reader may see them: as last found over the whole house, or counted now within her scope and her question."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final, Literal

import ibis
import ibis.expr.types as ir

from gensvar.explain.journeys import (
    KIND,
    LIST,
    MAP,
    Fates,
    Journey,
    JourneyFound,
    JourneysFound,
    Node,
    Number,
    Refused,
    StepFound,
    TouchpointMap,
    Voice,
    journey_from,
    journeys_from,
    map_from,
)
from gensvar.explain.journeys.groups import Asked
from gensvar.explain.journeys.rows import Span, within_span
from gensvar.explaining import journeys as core
from gensvar.explaining.protected import seen_events
from gensvar.hub.within import within
from gensvar.kit.errors import ContractError, NotFound, nearest
from gensvar.measure import Period
from gensvar.serve.desk import HouseDesk

Why = Literal["", "never", "too_much", "counting"]
AUDIENCE: Final = "customer"
OF_CUSTOMERS: Final = ("market", "segment")
HIDDEN: Final = "hidden"
MOST_FEATURES: Final = 60
MOST_ROWS: Final = 5_000_000
PATIENCE_S: Final = 4.0
MOST_NAME: Final = 200
KEY: Final = re.compile(r"[a-z0-9_]{1,64}")


@dataclass(frozen=True, slots=True)
class Asking:
    """where: dimension → values. period: None for all. feature: an event whose users are set beside the others. day: before and after it."""

    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    period: Period | None = None
    feature: str = ""
    day: date | None = None

    @property
    def plain(self) -> bool:
        """Whether the whole is asked for, as it was last found."""
        return not (self.where or self.period or self.feature or self.day)

    @property
    def key(self) -> tuple[object, ...]:
        return (tuple(sorted(self.where.items())), self.period, self.feature, self.day)


@dataclass(frozen=True, slots=True)
class Standing:
    """found, map: None where why says so: never looked for, too_much to wait for (rows of most), counting. made_at: None where counted now."""

    found: JourneysFound | None = None
    map: TouchpointMap | None = None
    made_at: datetime | None = None
    why: Why = ""
    rows: int = 0
    most: int = 0


def standing(desk: HouseDesk, asking: Asking, wait_s: float | None = None, *, drawn: bool = False) -> Standing:
    """What was last found where the whole is asked for by a reader who sees it; else what is counted for her now, once for each state of the hub.

    wait_s: no longer than that; the counting goes on, and whoever asks again finds it. drawn: with the map.
    """
    whole = asking.plain and not desk.scope.rows
    found = last(desk) if whole else _counted(desk, asking, wait_s, drawn=drawn)
    least = desk.scope.smallest_group(AUDIENCE)
    return replace(found, found=found.found and covered(found.found, least), map=found.map and covered_map(found.map, least))


def _counted(desk: HouseDesk, asking: Asking, wait_s: float | None, *, drawn: bool) -> Standing:
    found = Standing(why="counting")
    try:
        found = desk.kept(("journeys", asking.key), lambda: _journeys(desk, asking), wait_s)
        if drawn and not found.why:
            found = replace(found, map=desk.kept(("journeys map", asking.key), lambda: core.counted_map(source(desk, asking)), wait_s))
    except TimeoutError:
        return replace(found, why="counting")
    return found


def _journeys(desk: HouseDesk, asking: Asking) -> Standing:
    """Every journey, counted; not where that is more than can be waited for."""
    house, given = desk.house, source(desk, asking)
    rows = int(house.engine.run(within_span(given.events, given.span).count()).column(0)[0].as_py())
    if rows > MOST_ROWS:
        return Standing(why="too_much", rows=rows, most=MOST_ROWS)
    journeys, refused = _which(desk, given)
    asked = Asked(asking.feature, asking.day) if asking.feature or asking.day else None
    return Standing(core.counted_journeys(given, journeys, refused, asked), rows=rows)


def _which(desk: HouseDesk, given: core.Source) -> tuple[Sequence[Journey], Sequence[Refused]]:
    """The journeys of the last look, for a reader who sees it, so that a part is counted as the whole is; else those that her part shows."""
    seen = last(desk).found
    if seen is not None and seen.journeys:
        return [j.journey for j in seen.journeys], ()
    return core.journeys_of(desk.house, given)


def source(desk: HouseDesk, asking: Asking) -> core.Source:
    """What the reader may see of what she asks for.

    What is asked of channel, product and the like limits what was done; what was said, and to whom, is kept, since it tells where people turned.
    """
    engine = desk.house.engine
    events = _where(seen_events(desk.house, desk.scope), asking.where)
    said = _where(within(engine.table("feedback"), desk.scope), {d: v for d, v in asking.where.items() if d in OF_CUSTOMERS})
    return core.within_source(desk.house, events, said, _span(asking.period, desk))


def _where(rows: ir.Table, where: Mapping[str, tuple[str, ...]]) -> ir.Table:
    """The rows with one of these values in each dimension; '' means missing."""
    tests = [rows[name].fill_null("").isin(values) for name, values in sorted(where.items())]
    return rows.filter(*tests) if tests else rows


def _span(period: Period | None, desk: HouseDesk) -> Span:
    """The period asked for, or as long as is looked over each night; what lies ahead is not in it."""
    last = desk.today() if period is None else min(period.last, desk.today())
    return core.span_of(desk.house, last, core.DAYS if period is None else max(1, (last - period.first).days + 1))


def last(desk: HouseDesk) -> Standing:
    """What was last found over the whole house; nothing for a reader of a part of it."""
    findings = desk.house.ledger.findings
    listed, drawn = findings.latest(KIND, LIST), findings.latest(KIND, MAP)
    if desk.scope.rows or (listed is None and drawn is None):
        return Standing(why="never")
    return Standing(
        journeys_from(listed.body) if listed else None,
        map_from(drawn.body) if drawn else None,
        listed.made_at if listed else drawn.made_at if drawn else None,
    )


def features(desk: HouseDesk) -> tuple[str, ...]:
    """What people do that may be a feature: names of events, each with its steps, most often done first."""

    def make() -> tuple[str, ...]:
        events = seen_events(desk.house, desk.scope)
        named = events.mutate(feature=events.step.notnull().ifelse(events.name + ":" + events.step, events.name))
        often = named.group_by("feature").agg(n=ibis._.count(), people=ibis._.party.nunique())
        often = often.filter(often.people >= desk.scope.smallest_group(AUDIENCE)).order_by(often.n.desc(), often.feature).limit(MOST_FEATURES)
        return tuple(desk.house.engine.run(often)["feature"].to_pylist())

    return desk.kept(("features",), make)


def one(found: JourneysFound, key: str) -> JourneyFound:
    """NotFound with the nearest where there is none."""
    for journey in found.journeys:
        if journey.journey.key == key:
            return journey
    known = [j.journey.key for j in found.journeys]
    raise NotFound(f"No journey {key!r}", nearest=nearest(key, known), do="The page Journeys lists them.")


# ── what people have declared ──


def declared(desk: HouseDesk) -> tuple[Journey, ...]:
    """Every journey that somebody declared, by key."""
    return core.declared(desk.house)


def declare(desk: HouseDesk, plain: Mapping[str, Any]) -> Journey:
    """The journey as it is counted from the next look on. ContractError with every fault at once."""
    made = journey_from(plain)
    if not KEY.fullmatch(made.key):
        do = "Write it in small letters, digits and _, as payment_step."
        raise ContractError(f"Journey {made.key[:MOST_NAME]!r} cannot be used", faults=["its key stands in addresses"], do=do)
    named = {"its name": made.name, **{f"step {at}": step.name for at, step in enumerate((*made.steps, *made.blocked), 1)}}
    if long := [f"{what} has {len(name):,} characters" for what, name in named.items() if len(name) > MOST_NAME]:
        raise ContractError(f"Journey {made.key!r} cannot be used", faults=long, do=f"Write names of {MOST_NAME} characters at most.")
    kept = core.declare(desk.house, made, desk.who)
    desk.noted("declare journey", f"journey {made.key}", steps=[s.name for s in made.steps])
    return kept


def undeclare(desk: HouseDesk, key: str) -> bool:
    """Whether there was one of this key; it is taken back now."""
    if key not in {j.key for j in core.declared(desk.house)}:
        return False
    core.withdraw(desk.house, key, desk.who)
    desk.noted("remove journey", f"journey {key}")
    return True


# ── what so few people stand behind that it is not told ──


def covered(found: JourneysFound, least: int) -> JourneysFound:
    """Without numbers about fewer than so many people."""
    if least <= 1:
        return found
    friction = tuple(f for f in found.friction if f.customers >= least)
    return replace(found, journeys=tuple(_journey(j, least) for j in found.journeys if j.counted.parties >= least), friction=friction)


def covered_map(found: TouchpointMap, least: int) -> TouchpointMap:
    """Without touchpoints and moves of fewer than so many people."""
    if least <= 1:
        return found
    nodes = tuple(_node(n, least) for n in found.nodes if n.parties >= least)
    links = tuple(k for k in found.links if k.parties >= least)
    return replace(found, nodes=nodes, links=links)


def _node(n: Node, least: int) -> Node:
    return replace(n, fates=_fates(n.fates, least), voice=_voice(n.voice, least))


def _journey(j: JourneyFound, least: int) -> JourneyFound:
    return replace(
        j,
        steps=tuple(_step(s, least) for s in j.steps if s.parties >= least),
        fates=_fates(j.fates, least),
        paths=tuple(p for p in j.paths if p.errands >= least),
        compared=tuple(c for c in j.compared if min(c.here.n, c.there.n) >= least),
    )


def _step(s: StepFound, least: int) -> StepFound:
    return replace(s, ended=_fates(s.ended, least), voice=_voice(s.voice, least), stopped=s.stopped if s.stopped >= least else 0)


def _fates(f: Fates, least: int) -> Fates:
    """A split with a part of so few is not told at all: the rest would tell it."""
    parts = (f.straight, f.returned, f.channel, f.support, f.left, f.unknown)
    return Fates() if any(0 < n < least for n in parts) else f


def _voice(v: Voice, least: int) -> Voice:
    if v.parties >= least:
        return v
    nothing = Number(None, None, None, 0, HIDDEN)
    return Voice(0, 0, nothing, nothing, nothing, nothing, nothing)
