"""What is said at a place, as sums that add: from the one number that holds tone, effort, ease and goal. Engine expressions, and what they mean."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import ibis
import ibis.expr.types as ir

from gensvar.explain.journeys.found import Number, TopicSaid, Voice
from gensvar.explain.journeys.rows import NONE, SCALE, Span, within_span
from gensvar.stats import Share
from gensvar.stats.normal import t_of
from gensvar.text.labels import MILD

SUMS: Final = (
    "v_n", "v_tones", "v_tone", "v_tone2", "v_bad", "v_efforts", "v_effort", "v_effort2", "v_eases", "v_ease", "v_ease2", "v_goals",
    "v_goal",
)  # fmt: skip
BAD: Final = round(SCALE * (1 - MILD))
"""A tone below −MILD, in thousandths + 1000."""
LEAST: Final = 10
MOST_TOPICS: Final = 5


def spoken(said: ir.IntegerColumn, counts: ir.BooleanValue | None = None) -> dict[str, ir.IntegerScalar]:
    """The sums of `SUMS` for any group; thousandths. counts: which rows (those that say something, if not given)."""
    heard = said.notnull() if counts is None else counts & said.notnull()
    tone, effort, ease, goal = said // (2048 * 2048 * 4), said // (2048 * 4) % 2048, said // 4 % 2048, said % 4
    sums = {"v_n": heard.ifelse(1, 0), "v_bad": (heard & (tone < BAD)).ifelse(1, 0)}
    for name, value, less in (("tone", tone, SCALE), ("effort", effort, 0), ("ease", ease, 0)):
        there, plain = heard & (value != NONE), value - less
        sums |= {
            f"v_{name}s": there.ifelse(1, 0),
            f"v_{name}": ibis.cases((there, plain)),
            f"v_{name}2": ibis.cases((there, plain * plain)),
        }
    sums |= {"v_goals": (heard & (goal < 2)).ifelse(1, 0), "v_goal": (heard & (goal == 1)).ifelse(1, 0)}
    return {name: ibis.coalesce(sums[name].sum(), 0).cast("int64") for name in SUMS}


def by_touchpoint(voices: ir.Table, span: Span, most: int) -> ir.Table:
    """touchpoint, parties and the sums: of the touchpoints that most was said at."""
    seen = within_span(voices, span)
    rows = seen.filter(seen.touchpoint.notnull(), seen.touchpoint != "")
    people = ibis.coalesce(rows.party, rows.account).nunique().cast("int64")
    found = rows.group_by("touchpoint").agg(parties=people, **spoken(rows.said))
    return found.order_by(found.v_n.desc(), found.touchpoint).limit(most)


def topics_at(voices: ir.Table, span: Span, most: int) -> ir.Table:
    """touchpoint, topic, n and tone (thousandths, summed): what the texts there are about."""
    seen = within_span(voices, span)
    rows = seen.filter(seen.touchpoint.notnull(), seen.touchpoint != "", seen.tones.notnull()).select("touchpoint", "tones")
    parted = rows.mutate(said=rows.tones.unnest())
    read = parted.select(
        "touchpoint", topic=parted.said.split("=")[0], tone=(parted.said.split("=")[1].cast("float64") * SCALE).round().cast("int64")
    )
    found = read.group_by("touchpoint", "topic").agg(n=read.topic.count().cast("int64"), tone=read.tone.sum().cast("int64"))
    return found.order_by(found.n.desc(), found.touchpoint, found.topic).limit(most)


def mean_of(n: int, total: int, squares: int, low: float, high: float) -> Number:
    """A mean with the t interval of n values and two more at the ends of what is possible, so that equal values do not look certain.

    total, squares: in thousandths, summed. Refuses under LEAST.
    """
    if n < LEAST:
        return Number(None, None, None, n, "too_few", LEAST)
    value = total / n / SCALE
    ends, count = (low, high), n + 2
    mean = (total / SCALE + sum(ends)) / count
    spread = (squares / SCALE**2 + sum(e * e for e in ends)) / count - mean * mean
    half = t_of(0.95, count - 1) * (max(spread, 0.0) / (count - 1)) ** 0.5
    return Number(value, max(low, min(value, mean - half)), min(high, max(value, mean + half)), n)


def share_of(k: int, n: int, least: int = LEAST) -> Number:
    """k of n with Wilson's interval; too few under `least`."""
    if n < least:
        return Number(None, None, None, n, "too_few" if n else "nothing", least)
    found = Share(k, n).interval()
    return Number(found.value, found.low, found.high, n)


def voice_of(sums: Mapping[str, Any], parties: int, topics: Sequence[TopicSaid] = ()) -> Voice:
    """What the sums say, as numbers with intervals."""
    n = {name: int(sums.get(name) or 0) for name in SUMS}
    return Voice(
        rows=n["v_n"], parties=parties, sentiment=mean_of(n["v_tones"], n["v_tone"], n["v_tone2"], -1.0, 1.0),
        effort=mean_of(n["v_efforts"], n["v_effort"], n["v_effort2"], 0.0, 1.0), ease=mean_of(n["v_eases"], n["v_ease"], n["v_ease2"], 0.0, 1.0),
        negative=share_of(n["v_bad"], n["v_tones"]), stated=share_of(n["v_goal"], n["v_goals"]), topics=tuple(topics[:MOST_TOPICS]),
    )  # fmt: skip
