"""What a question is answered with: for each group a verdict, and the sentence that a person reads. Too few answers is an answer too."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from gensvar.contracts.measures import Measure
from gensvar.measure.question import Question

Move = Literal["rose", "fell", "no visible change", "cannot tell"]


@dataclass(frozen=True, slots=True)
class Estimate:
    """value with its 95 % interval low…high, in the metric's unit; n answers behind it."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class TooFew:
    """n answers, where least are needed before a number would mean something."""

    n: int
    least: int


@dataclass(frozen=True, slots=True)
class Hidden:
    """May not be shown to this reader; why in a word: small_group, scope."""

    why: str


@dataclass(frozen=True, slots=True)
class NotComparable:
    """Two things that must not be drawn or compared as one; why in a word: another_version, another_scale."""

    why: str


Verdict = Estimate | TooFew | Hidden | NotComparable


@dataclass(frozen=True, slots=True)
class Change:
    """The difference to the comparison, with its 95 % interval, in the metric's unit. p: two-sided; q: adjusted for all comparisons of this answer.

    more: about how many further answers a change that matters would take to be seen; 0 when it could be seen now.
    """

    move: Move
    then: Verdict
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    q: float | None = None
    more: int = 0


@dataclass(frozen=True, slots=True)
class Point:
    """One step of a trend: the first day of the day, week, month, quarter or year, and the verdict for it."""

    start: date
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Group:
    """One group of the answer. key: dimension → value (None where missing), empty for the whole; measure: the version the numbers belong to."""

    key: Mapping[str, str | None]
    measure: Measure
    verdict: Verdict
    trend: tuple[Point, ...] = ()
    change: Change | None = None
    sentence: str = ""
    parts: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """groups: one for each combination of the question's dimensions and measure version, by n falling. sentence: the whole in one sentence.

    source: which table it was counted from; notes: what a careful reader should know (version break, data quality).
    """

    question: Question
    groups: tuple[Group, ...]
    sentence: str
    language: str = "en"
    epoch: int = 0
    source: str = "daily"
    notes: tuple[str, ...] = ()
