"""Counting for the change by topic: scored answers by what their response speaks of, in which tone, on each side of a question."""

from datetime import UTC, datetime, time
from typing import Any, Final

import ibis

from gensvar.contracts.measures import Measure
from gensvar.measure.cube import bin_expression, by_scale, counts
from gensvar.measure.periods import ONE_DAY
from gensvar.measure.plan import one_of
from gensvar.measure.resolve import Resolved, Side
from gensvar.text.labels import MILD

SILENT, BARE = "", "-"
"""Said by a response without a text that was read; and by one whose text names no topic."""
BETWEEN: Final = "|"


def spoken(rows: ibis.Table, asked: Resolved, measure: Measure) -> ibis.Table:
    """Rows this, said, and the fourteen counts: answers on one side (this, or that it is compared with) whose response says just these topics.

    rows: of `feedback` that may be counted. said: topics with the sign of their tone, as price-|support0, in no order; SILENT, or BARE. An answer
    is counted once, whatever its response speaks of; a topic that a response speaks of twice has its mean tone.
    """
    scored = _scored(rows, asked, measure)
    texts = rows.filter(rows.response.notnull(), rows.sentiment.notnull())
    texts = texts.semi_join(scored.select("response").distinct(), "response")
    said = _said(texts)
    joined = scored.left_join(said, scored.response == said.heard)
    named = joined.mutate(said=ibis.coalesce(joined.said, SILENT))
    return named.group_by("this", "said").agg(**counts(named))


def _scored(rows: ibis.Table, asked: Resolved, measure: Measure) -> ibis.Table:
    """The answers of the measure on either side, with their place on the scale."""
    placed = rows.mutate(place=bin_expression(rows, by_scale([measure])))
    sides = {"this": asked.this, "that": asked.that or asked.this}
    marked = placed.mutate(**{name: _inside(placed, side) for name, side in sides.items()})
    kept = marked.filter(marked.measure == measure.key, marked.place.notnull(), marked.this | marked.that)
    return kept.select("response", "score", "place", "this")


def _inside(rows: ibis.Table, side: Side) -> Any:
    """Whether a row belongs to a side; never null."""
    tests = [one_of(rows[name], values) for name, values in side.values]
    if side.period is not None:
        first, after = (datetime.combine(day, time(), UTC) for day in (side.period.first, side.period.last + ONE_DAY))
        tests += [rows.occurred_at >= first, rows.occurred_at < after]
    return ibis.and_(ibis.literal(True), *(test.fill_null(False) for test in tests))


def _said(texts: ibis.Table) -> ibis.Table:
    """heard (the response), said: what each response with a text that was read speaks of."""
    parted = texts.select("response", one=texts.tones.unnest())
    toned = parted.select("response", topic=parted.one.split("=")[0], tone=parted.one.split("=")[1].cast("float64"))
    each = toned.group_by("response", "topic").agg(tone=toned.tone.mean())
    sign = ibis.cases((each.tone < -MILD, "-"), (each.tone > MILD, "+"), else_="0")
    terms = each.select("response", term=each.topic + sign)
    listed = terms.group_by("response").agg(said=terms.term.group_concat(BETWEEN))
    bare = texts.select("response").distinct().mutate(said=ibis.literal(BARE)).anti_join(listed, "response")
    return ibis.union(listed, bare.select("response", "said")).rename(heard="response")
