"""What a decomposition of a change answers: who answered, and what they said, in parts that add up; or why there is none."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from gensvar.contracts.measures import Measure
from gensvar.measure.answer import Change, Verdict
from gensvar.measure.metrics import metric_of
from gensvar.measure.parse import question_address
from gensvar.measure.plain import change_json, verdict_json
from gensvar.measure.question import Question

Why = Literal["", "protected", "versions", "scope", "few", "nothing"]
"""protected: only such people answered; versions: another definition before; few: too few answers on a side; nothing: nothing to compare with."""
Side = Literal["", "came", "went"]
OTHERS = "\0others"
"""Stands for the values that are too rare to be shown, and for answers that state none."""


@dataclass(frozen=True, slots=True)
class Part:
    """So much of the change, in the metric's unit, with its 95 % interval; q: adjusted over all parts that are told together."""

    value: float
    low: float
    high: float
    q: float

    @property
    def visible(self) -> bool:
        return self.q < 0.05


@dataclass(frozen=True, slots=True)
class CellPart:
    """One value of the leading dimension (OTHERS for those pooled), or one topic in one tone.

    level: what its answers said, all dimensions held; mix: how large a part of the answers it was, by this dimension alone.
    share_now, share_then: of the answers, 0…1; side: came or went, where it has answers on one side only.
    """

    name: str
    now: Verdict
    then: Verdict
    share_now: float
    share_then: float
    mix: Part
    level: Part
    side: Side = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Alone:
    """One dimension by itself: mix and level add up to the whole change. cells: how many of its values are told apart."""

    dimension: str
    cells: int
    mix: Part
    level: Part


@dataclass(frozen=True, slots=True)
class Spoken:
    """The change by what is spoken of: mix is how often each topic is, in each tone; level how those score who speak of it.

    why: few or protected, where it cannot be told. n: responses with a score on both sides; read: how many of them hold a text that was read.
    """

    mix: Part | None = None
    level: Part | None = None
    cells: tuple[CellPart, ...] = ()
    why: Why = ""
    n: tuple[int, int] = (0, 0)
    read: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Decomposed:
    """change: of the whole, total: as a part. mix, level: add up to it. who: the mix shared out over the dimensions; cells: the level over the values
    of `lead`. alone: each dimension by itself. joint: cells of all dimensions together; pooled: share of the answers in those too small to be told
    apart. least: answers that a cell must have on each side. elsewhere: answers to other versions, on either side; protected: whether such people
    answered too. Neither are in these numbers.
    """

    question: Question
    measure: Measure
    now: Verdict
    change: Change | None = None
    total: Part | None = None
    why: Why = ""
    lead: str = ""
    dims: tuple[str, ...] = ()
    mix: Part | None = None
    level: Part | None = None
    who: Mapping[str, Part] = field(default_factory=dict)
    cells: tuple[CellPart, ...] = ()
    alone: tuple[Alone, ...] = ()
    joint: int = 0
    pooled: float = 0.0
    least: int = 0
    elsewhere: int = 0
    protected: bool = False
    sentence: str = ""
    notes: tuple[str, ...] = ()
    language: str = "en"
    epoch: int = 0
    source: str = ""


def decomposed_json(d: Decomposed) -> dict[str, Any]:
    """All of it as plain JSON types; every number in the metric's unit, with its interval."""
    return {
        "sentence": d.sentence,
        "language": d.language,
        "question": question_address(d.question),
        "measure": d.measure.key,
        "unit": metric_of(d.measure).unit,
        "now": verdict_json(d.now),
        "change": None if d.change is None else change_json(d.change),
        "why": d.why,
        "lead": d.lead,
        "dimensions": list(d.dims),
        "who_answered": part_json(d.mix),
        "what_they_said": part_json(d.level),
        "who_answered_by_dimension": {name: part_json(p) for name, p in d.who.items()},
        "cells": [cell_json(c) for c in d.cells],
        "each_alone": [
            {"dimension": a.dimension, "cells": a.cells, "who_answered": part_json(a.mix), "what_they_said": part_json(a.level)} for a in d.alone
        ],
        "cells_told_apart": d.joint,
        "share_pooled": d.pooled,
        "answers_to_other_versions": d.elsewhere,
        "notes": list(d.notes),
        "epoch": d.epoch,
    }


def spoken_json(s: Spoken) -> dict[str, Any]:
    """What is spoken of, likewise."""
    return {
        "why": s.why,
        "responses": list(s.n),
        "read": list(s.read),
        "how_often": part_json(s.mix),
        "how_they_score": part_json(s.level),
        "topics": [{**cell_json(c), "tone": c.tone} for c in s.cells],
    }


def part_json(p: Part | None) -> dict[str, float] | None:
    return None if p is None else {"value": p.value, "low": p.low, "high": p.high, "q": p.q}


def cell_json(c: CellPart) -> dict[str, Any]:
    return {
        "name": None if c.name == OTHERS else c.name,
        "pooled": c.name == OTHERS,
        "now": verdict_json(c.now),
        "then": verdict_json(c.then),
        "share_now": c.share_now,
        "share_then": c.share_then,
        "who_answered": part_json(c.mix),
        "what_they_said": part_json(c.level),
        "one_side": c.side,
    }
