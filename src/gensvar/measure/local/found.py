"""What a search for local patterns answers: each pattern with its numbers and the sentence that a person reads."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from gensvar.contracts.measures import Measure
from gensvar.measure.answer import Change, Estimate, Verdict
from gensvar.measure.metrics import metric_of
from gensvar.measure.parse import question_address
from gensvar.measure.plain import change_json, verdict_json
from gensvar.measure.question import Question

Way = Literal["rose", "fell", "held", "higher", "lower"]
Why = Literal["", "protected", "versions", "scope"]


@dataclass(frozen=True, slots=True)
class Gap:
    """How differently the cell moved (or lies): the cell's less the rest's, with its 95 % interval. q: adjusted over all that was tested."""

    value: float
    low: float
    high: float
    q: float


@dataclass(frozen=True, slots=True)
class Pattern:
    """One cell that differs. way: what it did itself; held: the rest moved and it did not follow. within: the pattern that it lies inside.

    now, then: the cell; rest_now, rest_then: all others, or the others of `within`. hides: whether the total shows no change, or the other one.
    """

    key: Mapping[str, str]
    way: Way
    gap: Gap
    now: Verdict
    rest_now: Verdict
    then: Verdict | None = None
    rest_then: Verdict | None = None
    within: Mapping[str, str] = field(default_factory=dict)
    share: float = 0.0
    hides: bool = False
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Patterns:
    """patterns: surest first. measure: the version that was searched. total: the whole with its change. tested, cut: cells compared, and left out.

    why: why nothing was searched, in a word; empty where it was.
    """

    question: Question
    measure: Measure
    patterns: tuple[Pattern, ...]
    dims: tuple[str, ...]
    now: Verdict
    total: Change | None = None
    tested: int = 0
    cut: int = 0
    why: Why = ""
    sentence: str = ""
    notes: tuple[str, ...] = ()
    language: str = "en"
    epoch: int = 0


def patterns_json(found: Patterns) -> dict[str, Any]:
    """All of it as plain JSON types."""
    return {
        "sentence": found.sentence,
        "language": found.language,
        "question": question_address(found.question),
        "measure": found.measure.key,
        "unit": metric_of(found.measure).unit,
        "dimensions": list(found.dims),
        "whole": {**verdict_json(found.now), "change": None if found.total is None else change_json(found.total)},
        "patterns": [pattern_json(p) for p in found.patterns],
        "tested": found.tested,
        "left_out": found.cut,
        "why": found.why,
        "notes": list(found.notes),
        "epoch": found.epoch,
    }


def pattern_json(p: Pattern) -> dict[str, Any]:
    """One pattern; numbers are in the metric's unit and never without their interval and n."""
    return {
        "key": dict(p.key),
        "way": p.way,
        "hidden_by_the_total": p.hides,
        "within": dict(p.within),
        "share_of_answers": p.share,
        "gap": {"value": p.gap.value, "low": p.gap.low, "high": p.gap.high, "q": p.gap.q},
        **{name: None if v is None else verdict_json(v) for name, v in
           (("now", p.now), ("then", p.then), ("rest_now", p.rest_now), ("rest_then", p.rest_then))},
        "sentence": p.sentence,
    }  # fmt: skip


def known(*verdicts: Verdict | None) -> bool:
    """Whether all of them are numbers."""
    return all(isinstance(v, Estimate) for v in verdicts)
