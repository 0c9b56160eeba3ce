"""Judging impact: sums → what each topic, in each tone, adds to the score; what the usual arithmetic says beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from gensvar.contracts import Measure
from gensvar.explain.impact.columns import Columns, columns_of
from gensvar.explain.impact.found import Effect, Impact, Toned, Topic, Verdict
from gensvar.explain.impact.sums import Counted
from gensvar.measure.answer import Hidden, TooFew
from gensvar.measure.metrics import metric_of
from gensvar.stats import adjusted
from gensvar.stats.impact import LEAST_BLOCKS, Impacts, Numbers, Sums, impacts, left_out, nearness
from gensvar.stats.jackknife import Replicated

LEAST_ANSWERS: Final = 100
LEAST: Final = 30  # answers that speak of a topic; below this its limits are nothing to go by
SURE: Final = 0.05
SAME: Final = 0.95  # correlation from which two topics cannot be told apart
MATTERS: Final = 0.2  # of the change that matters in the measure as a whole: what one topic must add to be worth a look


@dataclass(frozen=True, slots=True)
class Seen:
    """The part of a topic or of one of its tones, and what may be said of it among all that are tested."""

    part: Effect
    p: float
    q: float
    verdict: Verdict


def judged(counted: Counted, measure: Measure, unread: int, adjust: Sequence[str], group: int = 1) -> Impact | TooFew | Hidden:
    """The whole score as baseline and topics, the one that takes most from it first. group: the fewest answers that a number may be of.

    TooFew under 100 answers with a read comment, or where fewer than ten blocks of people answer; Hidden where they are fewer than may be told of.
    """
    n = int(counted.sums.n.sum())
    if 0 < n < group:
        return Hidden("small_group")
    if n < LEAST_ANSWERS or counted.sums.blocks < LEAST_BLOCKS:
        return TooFew(n, LEAST_ANSWERS)
    floor = max(LEAST, group)
    columns = columns_of(counted, floor, group)
    folded = counted.sums.at(columns.fold())
    made = impacts(folded)
    matters = MATTERS * metric_of(measure).change_that_matters(measure)
    topics = _topics(columns, counted, made, _beside(columns, folded), matters)
    few = tuple(f for f in columns.few if f.n >= group)
    return Impact(
        measure=measure.key, n=n, unread=unread, score=float(made.mean[0]), baseline=_effects(Replicated.of(made.baseline[:, None]))[0],
        topics=topics, rarer=_effects(Replicated.of(made.parts[:, -1:]))[0] if columns.rest else None, few=few, least=floor, twice=_twice(topics),
        adjust=tuple(adjust), strata=counted.strata, blocks=counted.sums.blocks,
    )  # fmt: skip


def _topics(columns: Columns, counted: Counted, made: Impacts, beside: Mapping[str, str], matters: float) -> tuple[Topic, ...]:
    """Each with its verdict over all topics and tones that are told."""
    if not columns.topics:
        return ()
    wholes = Replicated.of(np.stack([made.parts[:, columns.of(topic)].sum(axis=1) for topic in columns.topics], axis=1))
    tones, slopes = Replicated.of(made.parts[:, :-1]), _effects(Replicated.of(made.slope[:, :-1]))
    parts, p = [*_effects(wholes), *_effects(tones)], [float(each) for each in (*wholes.p(), *tones.p())]
    seen = [Seen(part, each, q, _verdict(part, q, matters)) for part, each, q in zip(parts, p, adjusted(p), strict=True)]
    toned = [
        Toned(c.tone, counted.answers(c.terms), one.part, each, one.p, one.q, one.verdict) if c.tone else None
        for c, one, each in zip(columns.columns, seen[len(columns.topics) :], slopes, strict=True)
    ]
    told = (
        _topic(name, one, counted, tuple(t for at in columns.of(name) if (t := toned[at])), beside.get(name, ""))
        for name, one in zip(columns.topics, seen, strict=False)
    )
    return tuple(sorted(told, key=lambda t: (t.part.value, t.id)))


def _topic(name: str, seen: Seen, counted: Counted, toned: tuple[Toned, ...], beside: str) -> Topic:
    """n and what leaving out says are of all answers that speak of it, in whatever tone."""
    terms = counted.of(name)
    n, answers = counted.answers(terms), float(counted.sums.n.sum())
    return Topic(name, n, n / answers, seen.part, seen.p, seen.q, seen.verdict, _left_out(counted.sums, n, terms), toned, beside)


def _left_out(sums: Sums, holding: int, terms: Sequence[int]) -> float | None:
    n = float(sums.n.sum())
    return left_out(n, float(sums.y.sum()), holding, float(sums.xy[:, :, list(terms)].sum())) if holding < n else None


def _twice(topics: Sequence[Topic]) -> float | None:
    beside = [t.left_out for t in topics]
    known = [value for value in beside if value is not None]
    return sum(known) - sum(t.part.value for t in topics) if known and len(known) == len(beside) else None


def _beside(columns: Columns, sums: Sums) -> dict[str, str]:
    """Topic → the other topic that it is nearly always spoken of together with."""
    weights = np.zeros((len(columns.columns) + 1, len(columns.topics)))
    for at, topic in enumerate(columns.topics):
        weights[columns.of(topic), at] = 1.0
    near: Numbers = nearness(sums.at(weights)) - np.eye(len(columns.topics))
    if len(columns.topics) < 2:
        return {}
    return {topic: columns.topics[int(near[at].argmax())] for at, topic in enumerate(columns.topics) if near[at].max() >= SAME}


def _verdict(part: Effect, q: float, matters: float) -> Verdict:
    if q < SURE:
        return "lowers" if part.value < 0 else "lifts"
    return "none" if -matters < part.low and part.high < matters else "unknown"


def _effects(found: Replicated) -> list[Effect]:
    low, high = found.limits()
    return [Effect(float(v), float(a), float(b)) for v, a, b in zip(found.value, low, high, strict=True)]
