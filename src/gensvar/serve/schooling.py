"""What the operations on text quality take and give: how rightly texts are read, texts to label, and teaching."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from gensvar.ledger import Job
from gensvar.serve.desk import HouseDesk
from gensvar.serve.desks import labelling, teaching, text_quality
from gensvar.serve.desks.labelling import Mode
from gensvar.serve.desks.teaching import TEACHING
from gensvar.serve.encoding import Encoding
from gensvar.serve.working import Asked, Told, ask, latest, work_here

BY_KEY = 0  # who labels by a key or by the command line is nobody's account
Short = Annotated[str, Meta(min_length=1, max_length=200)]


class Nothing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Takes nothing."""


class DrawOf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """mode: fair, by chance, to measure; unsure, the least certain first, to teach. most: how many texts."""

    mode: Literal["fair", "unsure"] = "fair"
    most: Annotated[int, Meta(ge=1, le=500)] = labelling.AT_ONCE


class Next(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """draw: its number. skip: how many texts to leave for later."""

    draw: Annotated[int, Meta(ge=0, le=2**63 - 1)]
    skip: Annotated[int, Meta(ge=0, le=10_000)] = 0


class Said(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """row: of the text, as the draw gave it. tone: negative, neutral, positive or mixed. topics, intent: where you like."""

    row: Short
    tone: Short
    topics: tuple[Short, ...] | None = None
    intent: Short | None = None


def how_right(desk: HouseDesk, _: Nothing) -> text_quality.Quality:
    """Everything that is known of how rightly texts are read."""
    return text_quality.quality(desk.house, desk.scope)


def drawn(desk: HouseDesk, p: DrawOf) -> dict[str, Any]:
    """A draw that is not finished, else a new one."""
    mode: Mode = p.mode
    found = labelling.own_draw(desk.house, BY_KEY, desk.who, mode) or labelling.draw(desk.house, desk.scope, desk.who, mode, p.most)
    return {"draw": found.id, "mode": found.mode, "texts": len(found.rows)}


def next_text(desk: HouseDesk, p: Next) -> dict[str, Any]:
    """The next text of a draw; without one where all are labelled."""
    turn = labelling.turn(desk.house, desk.scope, BY_KEY, labelling.draw_of(desk.house, p.draw), p.skip)
    if turn is None:
        return {"draw": p.draw, "left": 0}
    return {"draw": p.draw, "left": turn.left, "done": turn.done, "row": turn.row, "language": turn.language, "text": turn.text}


def said(desk: HouseDesk, p: Said) -> dict[str, Any]:
    """Keeps a label."""
    labelling.label(desk.house, desk.scope, BY_KEY, desk.who, p.row, p.tone, p.topics, p.intent)
    return {"row": p.row, "tone": p.tone}


def asked_to_teach(desk: HouseDesk, _: Nothing) -> dict[str, int]:
    """The job that teaches where there is something new to learn from."""
    return {"job": ask(desk.house, desk.who, TEACHING)}


def how_far(desk: HouseDesk, _: Nothing) -> Asked | None:
    """How the latest teaching is doing, and what came of each head."""
    return latest(desk.house, TEACHING)


def teach_here(desk: HouseDesk, beside: Told) -> Asked:
    """For a house that no server holds."""
    encoding = Encoding(desk.house.settings)

    def run(job: Job, told: Told) -> dict[str, Any]:
        return teaching.teach_asked(desk.house, str(job.args["who"]), encoding.encode if encoding.available else None, told)

    try:
        return work_here(desk.house, desk.who, TEACHING, run, beside)
    finally:
        encoding.close()
