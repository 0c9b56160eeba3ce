"""What the operations on assumptions take and give."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from gensvar.explain.assumptions import EVERY_DAYS
from gensvar.measure.parse import parse_where
from gensvar.serve.desk import HouseDesk
from gensvar.serve.desks import why_assumptions

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


def assume(desk: HouseDesk, p: Assume) -> Any:
    """The new assumption as it was answered at once."""
    given = {"measure": p.measure, "driver": p.driver, "topic": p.topic, "outcome": p.outcome, "way": p.way, "day": p.day}
    claim = why_assumptions.claim_of(p.form, given, parse_where(p.where), parse_where(p.other))
    return why_assumptions.one(desk, why_assumptions.write(desk, p.text, claim, p.every_days))


def unassume(desk: HouseDesk, p: OfNumber) -> Any:
    """One's own assumption, closed; an administrator uses the pages for another's."""
    why_assumptions.close(desk, p.id, anybodys=False)
    return {"closed": p.id}
