"""Counting for impact: scored answers whose comment was read → sums by block of people, stratum, topic × tone and pairs of them."""

from collections.abc import Sequence
from typing import Any, Final

import ibis

from gensvar.contracts import Measure
from gensvar.measure.cube import bin_expression, by_scale
from gensvar.measure.histogram import Histogram
from gensvar.measure.metrics import metric_of
from gensvar.text.labels import MILD

HEX, BLOCKS = "0123456789abcdef", 32
ADJUST: Final = ("market", "segment")
WHOLE: Final = ""  # stands for every answer, beside the topics


def counted(scored: ibis.Table, written: ibis.Table, measure: Measure, topics: Sequence[str], adjust: Sequence[str] = ADJUST) -> ibis.Table:
    """Rows block, *adjust, a, b, n, total: answers with both a and b, and Σ value of them; a ≤ b, each a topic with the sign of its tone, or ''.

    scored: rows of `feedback` with a score of the measure; written: rows whose text was read. Both only what may be counted. An answer counts once
    for each response, with the mean of its scores; it counts if a text of the same response was read. A topic spoken of twice has its mean tone.
    adjust: dimensions, given where a is '', else null. Blocks are by who answered, and by the answer itself where nobody knows who did.
    """
    answers = _answers(scored, measure, adjust).semi_join(written.select("response").distinct(), "response")
    said = _said(written, topics).semi_join(answers, "response")
    marked = ibis.union(said, answers.select("response", term=ibis.literal(WHOLE)))
    one = marked.select("response", a="term")
    pairs = one.inner_join(marked.select("response", b="term"), "response").filter(lambda t: t.a <= t.b)
    both = pairs.inner_join(answers, "response")
    strata = {name: ibis.ifelse(both.a == WHOLE, both[name], ibis.null("string")) for name in adjust}
    return both.group_by("block", "a", "b", **strata).agg(n=both.count(), total=both.value.sum())


def _answers(scored: ibis.Table, measure: Measure, adjust: Sequence[str]) -> ibis.Table:
    """One row for each response: its block, its value in the unit of the metric, and the dimensions held equal."""
    valued = scored.mutate(value=_value(scored, measure), who=ibis.coalesce(scored.party.cast("string"), scored.response))
    rows = valued.filter(valued.value.notnull(), valued.response.notnull())
    each = rows.group_by("response").agg(value=rows.value.mean(), who=rows.who.min(), **{name: rows[name].min() for name in adjust})
    return each.mutate(block=_block(each.who)).drop("who")


def _block(who: Any) -> Any:
    """0…31 by the last two figures of an id, which are of a hash."""
    places = [ibis.literal(HEX).find(who.lower().right(2).substr(at, 1)) for at in (0, 1)]
    first, second = (ibis.greatest(place, 0) for place in places)
    return (first * 2 + (second / 8).floor()).cast("int64")


def _value(rows: ibis.Table, measure: Measure) -> Any:
    """What one answer adds to the mean that the metric is: 0 or 1 of a share, −100…100 of a balance, else its score; null off the scale."""
    place = bin_expression(rows, by_scale([measure]))
    metric = metric_of(measure)
    if metric.unit == "scale":
        return ibis.ifelse(place.notnull(), rows.score, None)
    worth = [metric.read(Histogram(1, 0.0, 0.0, tuple(int(at == i) for at in range(11))), measure).value for i in range(measure.points)]
    return ibis.cases(*((place == i, ibis.literal(round(v), "int32")) for i, v in enumerate(worth))).cast("float64")


def _said(written: ibis.Table, topics: Sequence[str]) -> ibis.Table:
    """response, term: each topic that a response speaks of, with the sign of its mean tone."""
    parted = written.select("response", said=written.tones.unnest())
    toned = parted.select("response", topic=parted.said.split("=")[0], tone=parted.said.split("=")[1].cast("float64"))
    wanted = toned.filter(toned.topic.isin(list(topics)))
    each = wanted.group_by("response", "topic").agg(tone=wanted.tone.mean())
    sign = ibis.cases((each.tone < -MILD, "-"), (each.tone > MILD, "+"), else_="0")
    return each.select("response", term=each.topic + sign)
