"""What is found of impact: a score as a baseline and what each topic goes with, as values that pages show and the ledger keeps."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

import msgspec

KIND: Final = "impact"  # of the findings in the ledger; the key is the measure's id

Tone = Literal["negative", "neutral", "positive"]
Verdict = Literal["lowers", "lifts", "none", "unknown"]
"""lowers, lifts: seen over everything tested, as what goes with a lower or higher score, never as a cause. none: what would matter would have been
seen. unknown: cannot be told yet."""


@dataclass(frozen=True, slots=True)
class Effect:
    """In the unit of the metric (share 0…1, points, scale), with its 95 % limits."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Toned:
    """A topic spoken of in one tone. n: answers. part: of the score; each: what one such answer goes with, others held equal. p, q as in `Topic`."""

    tone: Tone
    n: int
    part: Effect
    each: Effect
    p: float
    q: float
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic. n: answers that speak of it; share: of all. part: of the score: what goes with its tones, of which each has enough answers.

    p: two-sided; q: adjusted for every topic and tone. left_out: the usual arithmetic, score less score without these answers.
    beside: a topic that it is so often spoken of together with that the two cannot be told apart; empty otherwise.
    """

    id: str
    n: int
    share: float
    part: Effect
    p: float
    q: float
    verdict: Verdict
    left_out: float | None
    tones: tuple[Toned, ...] = ()
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Few:
    """A topic that too few speak of for a number of its own; it counts among the rarer ones. n: answers."""

    id: str
    n: int


@dataclass(frozen=True, slots=True)
class Impact:
    """score = baseline + Σ part of topics + rarer, exactly. n: answers whose comment was read; unread: those without, which are left out.

    baseline: the score where no topic is spoken of, who answers held as it is. rarer: topics and tones that too few speak in, together, or None.
    twice: Σ left_out less Σ part of the topics: what leaving out counts more than once, or blames on the wrong one; None where it cannot be done.
    measure: the version, as csat.delivery@2. strata: how many of `adjust` were held equal. blocks: of people, behind the limits.
    """

    measure: str
    n: int
    unread: int
    score: float
    baseline: Effect
    topics: tuple[Topic, ...]
    rarer: Effect | None
    few: tuple[Few, ...]
    least: int
    twice: float | None
    adjust: tuple[str, ...]
    strata: int
    blocks: int


def found_json(found: Impact) -> dict[str, Any]:
    """The body that the ledger keeps, of plain JSON types."""
    made: dict[str, Any] = msgspec.to_builtins(found)
    return made


def of_json(body: Mapping[str, Any]) -> Impact:
    """What `found_json` was given; values that a later release added are left out."""
    return msgspec.convert(body, Impact)
