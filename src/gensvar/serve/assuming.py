"""What the operations on assumptions take and give."""

import time
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from gensvar.explain.assumptions import EVERY_DAYS
from gensvar.measure.parse import parse_where
from gensvar.serve.desk import HouseDesk
from gensvar.serve.desks import why_assumptions
from gensvar.serve.nightly import ask_new

PATIENCE_S, POLL_S = 60.0, 0.2
Numbered = Annotated[int, Meta(ge=1, le=2**63 - 1)]


class All(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Takes nothing."""


class Assume(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """text: the assumption in words. form: level (measure is higher or lower in where than in other, or in the rest), change (measure is higher or
    lower after day than before), first (driver matters most for measure), outcome (those who speak ill of topic meet outcome more often).
    measure: csat.delivery. driver: the measure that is to matter most. topic: price. outcome: left, renewed, bought, contacted_support,
    completed_goal. where, other: market=NO;segment=food. way: higher or lower. day: 2026-08-03. every_days: until it is asked again.
    """

    text: str
    form: Literal["level", "change", "first", "outcome"]
    measure: str = ""
    driver: str = ""
    topic: str = ""
    outcome: str = ""
    where: str = ""
    other: str = ""
    way: Literal["higher", "lower"] = "higher"
    day: str = ""
    every_days: int = EVERY_DAYS


class OfNumber(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """id: of the assumption."""

    id: Numbered


def log(desk: HouseDesk, _: All) -> Sequence[why_assumptions.Told]:
    """Every assumption within the caller's scope, with what answers say of it."""
    return why_assumptions.told(desk)


def assume(desk: HouseDesk, p: Assume) -> why_assumptions.Told:
    """The new assumption; what answers say of it is there as soon as it has been asked, which a server does by itself."""
    given = {"measure": p.measure, "driver": p.driver, "topic": p.topic, "outcome": p.outcome, "way": p.way, "day": p.day}
    claim = why_assumptions.claim_of(p.form, given, parse_where(p.where), parse_where(p.other))
    return why_assumptions.one(desk, why_assumptions.write(desk, p.text, claim, p.every_days))


def asked_here(desk: HouseDesk, p: Assume) -> why_assumptions.Told:
    """The new assumption with what answers say of it, for a house that no server holds."""
    number = assume(desk, p).assumption.id
    ask_new(desk.house)
    return why_assumptions.one(desk, number)


def awaited(house: Any, made: Mapping[str, Any], patience_s: float = PATIENCE_S) -> Mapping[str, Any]:
    """The same assumption once it has been asked: here where no server holds the house, else by the server, which is waited for so long at most."""
    if house.url is None:
        ask_new(house.desk.house)
    until = time.monotonic() + patience_s
    while True:
        found: Mapping[str, Any] = next(t for t in house.call("assumptions") if t["assumption"]["id"] == made["assumption"]["id"])
        if not found["counting"] or time.monotonic() > until:
            return found
        time.sleep(POLL_S)


def unassume(desk: HouseDesk, p: OfNumber) -> Any:
    """One's own assumption, closed; an administrator uses the pages for another's."""
    why_assumptions.close(desk, p.id, anybodys=False)
    return {"closed": p.id}
