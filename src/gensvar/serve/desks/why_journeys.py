"""Journeys as a reader may see them: as last found over the whole house, or counted now within her scope and her question."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final, Literal

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
    StepFound,
    TouchpointMap,
    Voice,
    journey_from,
    journey_json,
    journeys_from,
    map_from,
)
from gensvar.kit.errors import ContractError, NotFound, nearest
from gensvar.measure import Period
from gensvar.serve.desk import HouseDesk

Why = Literal["", "never", "too_much"]
AUDIENCE: Final = "customer"
HIDDEN: Final = "hidden"
DECLARED: Final = "journey"
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
    """found, map: None where why says: never looked for, or too_much to count while somebody waits (rows of most). made_at: None for counted now."""

    found: JourneysFound | None = None
    map: TouchpointMap | None = None
    made_at: datetime | None = None
    why: Why = ""
    rows: int = 0
    most: int = 0


def standing(desk: HouseDesk, asking: Asking) -> Standing:
    """What was last found where the whole is asked for by a reader who sees it; else what is counted for her now, at most once for each state."""
    found = last(desk) if asking.plain else Standing(why="never")
    least = desk.scope.smallest_group(AUDIENCE)
    return replace(found, found=found.found and covered(found.found, least), map=found.map and covered_map(found.map, least))


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
    return tuple(journey_from(finding.body) for _, finding in sorted(desk.house.ledger.findings.all(DECLARED).items()))


def declare(desk: HouseDesk, plain: Mapping[str, Any]) -> Journey:
    """The journey as it is counted from the next look on. ContractError with every fault at once."""
    made = journey_from({**plain, "declared": True, "owner": desk.who})
    if not KEY.fullmatch(made.key):
        do = "Write it in small letters, digits and _, as payment_step."
        raise ContractError(f"Journey {made.key!r} cannot be used", faults=["its key stands in addresses"], do=do)
    desk.house.ledger.findings.keep(DECLARED, made.key, journey_json(made))
    desk.noted("declare journey", f"journey {made.key}", steps=[s.name for s in made.steps])
    return made


def undeclare(desk: HouseDesk, key: str) -> bool:
    """Whether there was one of this key; it is gone now."""
    if desk.house.ledger.findings.latest(DECLARED, key) is None:
        return False
    desk.house.ledger.findings.forget(DECLARED, key)
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
