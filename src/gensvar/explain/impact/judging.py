"""Judging impact: sums → what each topic, in each tone, adds to the score; what the usual arithmetic says beside it."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from gensvar.contracts import Measure
from gensvar.explain.impact.columns import Columns, columns_of
from gensvar.explain.impact.found import Effect, Impact, Toned, Topic, Verdict
from gensvar.explain.impact.sums import Counted
from gensvar.measure.answer import TooFew
from gensvar.measure.metrics import metric_of
from gensvar.stats import adjusted
from gensvar.stats.impact import LEAST_BLOCKS, Found, Impacts, Numbers, Sums, found, impacts, left_out, nearness

LEAST_ANSWERS: Final = 100
LEAST: Final = 30  # answers that speak of a topic; below this its limits are nothing to go by
SURE: Final = 0.05
SAME: Final = 0.95  # correlation from which two topics cannot be told apart
MATTERS: Final = 0.2  # of the change that matters in the measure as a whole: what one topic must add to be worth a look


def judged(counted: Counted, measure: Measure, unread: int, adjust: Sequence[str], group: int = 1) -> Impact | TooFew:
    """The whole score as baseline and topics, the one that takes most from it first. group: the fewest answers that a number may be of.

    TooFew under 100 answers with a read comment, or where fewer than ten blocks of people answer.
    """
    sums, floor = counted.sums, max(LEAST, group)
    n = int(sums.n.sum())
    if n < LEAST_ANSWERS or sums.blocks < LEAST_BLOCKS:
        return TooFew(n, LEAST_ANSWERS)
    columns = columns_of(counted, floor)
    folded = sums.at(columns.fold())
    made = impacts(folded)
    topics = _topics(columns, folded, made, MATTERS * metric_of(measure).change_that_matters(measure))
    few = tuple(f for f in columns.few if f.n >= group)
    return Impact(
        measure=measure.key, n=n, unread=unread, score=float(made.mean[0]), baseline=_effect(found(made.baseline)), topics=topics,
        rarer=_effect(found(made.parts[:, -1])) if columns.few else None, few=few, least=floor, twice=_twice(topics),
        adjust=tuple(adjust), strata=counted.strata, blocks=sums.blocks,
    )  # fmt: skip


def _topics(columns: Columns, sums: Sums, made: Impacts, matters: float) -> tuple[Topic, ...]:
    """Each with its verdict over all topics and tones that are told."""
    of = [columns.of(topic) for topic in columns.topics]
    wholes = [found(made.parts[:, places].sum(axis=1)) for places in of]
    tones = [found(made.parts[:, at]) for at in range(len(columns.columns))]
    tested = [f.p for f in (*wholes, *tones)]
    q = adjusted(tested) if tested else []
    beside = _beside(columns, sums)
    told = (
        _topic(name, places, (whole, q[at]), columns, sums, made, [(tones[i], q[len(wholes) + i]) for i in places], beside.get(name, ""), matters)
        for at, (name, places, whole) in enumerate(zip(columns.topics, of, wholes, strict=True))
    )
    return tuple(sorted(told, key=lambda t: (t.part.value, t.id)))


def _topic(
    name: str, places: Sequence[int], judged: tuple[Found, float], columns: Columns, sums: Sums, made: Impacts, tones: Sequence[tuple[Found, float]],
    beside: str, matters: float,
) -> Topic:  # fmt: skip
    whole, q = judged
    n = sums.x[:, :, places].sum()
    toned = tuple(
        Toned(tone, int(sums.x[:, :, at].sum()), _effect(f), _effect(found(made.slope[:, at])), f.p, q_of, _verdict(f, q_of, matters))
        for at, (f, q_of) in zip(places, tones, strict=True)
        if (tone := columns.columns[at].tone) is not None
    )
    return Topic(
        id=name, n=int(n), share=float(n / sums.n.sum()), part=_effect(whole), p=whole.p, q=q, verdict=_verdict(whole, q, matters),
        left_out=_left_out(sums, places), tones=toned, beside=beside,
    )  # fmt: skip


def _left_out(sums: Sums, places: Sequence[int]) -> float | None:
    n, holding = float(sums.n.sum()), float(sums.x[:, :, places].sum())
    return left_out(n, float(sums.y.sum()), holding, float(sums.xy[:, :, places].sum())) if holding < n else None


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


def _verdict(f: Found, q: float, matters: float) -> Verdict:
    if q < SURE:
        return "lowers" if f.value < 0 else "lifts"
    return "none" if -matters < f.low and f.high < matters else "unknown"


def _effect(f: Found) -> Effect:
    return Effect(f.value, f.low, f.high)
