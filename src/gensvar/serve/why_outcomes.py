"""What the operations on words × tone × outcome take and give."""

from typing import Any

import msgspec

from gensvar.serve.desk import HouseDesk
from gensvar.serve.desks import why_outcomes


class OutcomeOf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """outcome: left, renewed, bought, contacted_support or completed_goal. kind: topic, theme, phrase or word; tone: negative, neutral or positive;
    empty for all. q: only those whose name holds this.
    """

    outcome: str = "left"
    kind: str = ""
    tone: str = ""
    q: str = ""


def of_topics(desk: HouseDesk, p: OutcomeOf) -> dict[str, Any]:
    """Topics alone, for those who may not read what people wrote."""
    return _found(desk, p, words=False)


def of_words(desk: HouseDesk, p: OutcomeOf) -> dict[str, Any]:
    """Topics, themes, phrases and words."""
    return _found(desk, p, words=True)


def _found(desk: HouseDesk, p: OutcomeOf, *, words: bool) -> dict[str, Any]:
    """state: told; scope where the caller sees a part of the house; not_yet; why, with what was missing. Associations reported first."""
    told = why_outcomes.told(desk, p.outcome, words=words)
    if told.looked is None:
        return {"state": told.state, "outcome": p.outcome}
    chosen = why_outcomes.chosen(told.looked, p.kind, p.tone, p.q)
    plain: dict[str, Any] = msgspec.to_builtins(told.looked)
    found = {"associations": msgspec.to_builtins(chosen), "hidden": told.hidden, "made_at": told.made_at}
    return {"state": told.state, **plain, **found}
