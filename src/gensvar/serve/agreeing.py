"""What the operations on annotations and definitions take and give."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from gensvar import flow
from gensvar.contracts import Measure
from gensvar.contracts.measures_yaml import read_measures
from gensvar.kit.errors import BadInput
from gensvar.ledger import Annotation, Proposal
from gensvar.measure.parse import parse_where
from gensvar.serve.desk import HouseDesk
from gensvar.serve.desks import annotations, definitions

Numbered = Annotated[int, Meta(ge=1, le=2**63 - 1)]


class All(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Takes nothing."""


class Annotate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """day: on which it happened, as 2026-10-31. text: what, in a few words. measure: for one measure; empty: for all. where: market=NO;channel=app;
    empty: everywhere.
    """

    day: str
    text: str
    measure: str = ""
    where: str = ""


class OfNumber(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """id: of the annotation."""

    id: Numbered


class Propose(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """yaml: one definition, as `define` takes it; its version is the one after the last, whatever it says. why: what gets better."""

    yaml: str
    why: str


class Settle(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """id: of the proposal. how: approve or decline. reason: needed to decline."""

    id: Numbered
    how: Literal["approve", "decline"]
    reason: str = ""


def standing(desk: HouseDesk, _: All) -> Sequence[Annotation]:
    """The annotations within the caller's scope, by day."""
    return annotations.standing(desk.house, desk.scope)


def annotate(desk: HouseDesk, p: Annotate) -> Any:
    """The new annotation's number."""
    return {"id": annotations.add(desk.house, desk.scope, desk.who, p.day, p.text, p.measure, parse_where(p.where))}


def unannotate(desk: HouseDesk, p: OfNumber) -> Any:
    """One's own annotation, taken off the charts; an administrator uses the pages for another's."""
    annotations.remove(desk.house, desk.scope, desk.who, p.id, anybodys=False)
    return {"removed": p.id}


def in_force(desk: HouseDesk, _: All) -> Any:
    """Every version of every measure with the sources that ask it."""
    asked_by = definitions.feeds(flow.contracts(desk.house).values())
    return [{"definition": m, "asked_by": asked_by.get(m.key, ())} for m in desk.measures()]


def proposals(desk: HouseDesk, _: All) -> Sequence[Proposal]:
    """Every proposal with what became of it, newest first."""
    return desk.house.ledger.proposals.all()


def propose(desk: HouseDesk, p: Propose) -> Any:
    """The new proposal's number. BadInput unless the text holds one definition."""
    made = read_measures(p.yaml)
    if len(made) != 1:
        raise BadInput(f"A proposal is about one definition, and here are {len(made)}", do="Send each by itself.")
    return {"id": definitions.propose(desk.house, desk.who, made[0], p.why)}


def settle(desk: HouseDesk, p: Settle) -> Measure | Proposal:
    """The version that is in force now, or the proposal that was declined."""
    deed = definitions.approve if p.how == "approve" else definitions.decline
    return deed(desk.house, desk.who, p.id, p.reason)
