"""Events and feedback as one stream: who, when and which step in one sortable number, what was said in another. All as engine expressions.

A place in the stream is `TICKS` × milliseconds since 1970 + a code: rows of one moment stand in the order of their codes, on every engine alike.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from gensvar.contracts.measures import Measure
from gensvar.explain.journeys.definition import CONTACT_KINDS, Journey, Step, Who

TICK_BITS: Final = 10
TICKS: Final = 1 << TICK_BITS
BLOCKED: Final = 13
SAID, SUPPORT, ELSEWHERE = 512, 513, 514
"""Codes of what is no step: said in passing; said to support; said in another channel. Steps are 1 to 12, and being stopped is 13."""
ANCIENT: Final = datetime(2000, 1, 1, tzinfo=UTC)
ASKED_KINDS: Final = ("survey", "pulse")
MOST_COLLEAGUES: Final = 50
"""What an account says is taken to concern each of its people, where the speaker is none of them; not where they are more than this."""
HOUR_MS: Final = 3_600_000
SCALE: Final = 1000
NONE: Final = 2047
"""Tone, effort and ease are kept as thousandths, eleven bits each; NONE where nothing is said of it."""


@dataclass(frozen=True, slots=True)
class Span:
    """The period: from the moment `since`, included, to `now`; what is later is a clock ahead of time.

    known: until when events have come in, where that is sooner: what nobody can have seen yet did not fail to happen.
    """

    since: datetime
    now: datetime
    known: datetime | None = None

    @classmethod
    def days(cls, last: date, count: int, now: datetime | None = None) -> "Span":
        """The days up to and with `last`, and not beyond the moment `now`: an errand of an hour ago is not over because the day will be."""
        end = datetime(last.year, last.month, last.day, tzinfo=UTC) + timedelta(days=1)
        return cls(end - timedelta(days=count), end if now is None else min(end, now))

    @property
    def known_ms(self) -> int:
        """Until when it is known what was done."""
        return round(min(self.now, self.known or self.now).timestamp() * 1000)


def within_span(rows: ir.Table, span: Span) -> ir.Table:
    """The rows of the period; clocks that were never set, and those ahead of time, are left out (`strays` counts them)."""
    return rows.filter(rows.occurred_at >= max(span.since, ANCIENT), rows.occurred_at < span.now)


def walker(rows: ir.Table, who: Who) -> ir.Value:
    """Whose row it is."""
    if who == "session":
        return rows.session if "session" in rows.columns else ibis.null("string")
    first, second = (rows.party, rows.account) if who == "party" else (rows.account, rows.party)
    return ibis.coalesce(first, second)


@ibis.udf.scalar.builtin(signature=((dt.Timestamp("UTC"),), dt.int64))  # type: ignore[untyped-decorator]
def unix_micros(at: ir.TimestampValue) -> ir.IntegerValue:
    """Microseconds since 1970; each engine has it under this name or another, and it is put in its words when it is compiled."""


def milliseconds(at: ir.TimestampValue) -> ir.IntegerValue:
    """Milliseconds since 1970, those begun not counted: an engine that is asked for milliseconds or seconds may round them, and break the order.

    Made of seconds and what is over, it would look into a calendar three times for each row.
    """
    return unix_micros(at) // 1000


def moment(p: ir.IntegerValue) -> ir.IntegerValue:
    """The milliseconds of a place in the stream."""
    return p >> TICK_BITS


def code_at(p: ir.IntegerValue) -> ir.IntegerValue:
    """The code of a place in the stream."""
    return p & (TICKS - 1)


def fits(rows: ir.Table, step: Step) -> ir.BooleanValue:
    """Whether a row is this step."""
    asked = {"name": step.event, "step": step.step, "touchpoint": step.touchpoint, "kind": step.kind}
    tests = [rows[column] == value for column, value in asked.items() if value and column in rows.columns]
    return tests[0] if len(tests) == 1 else ibis.and_(*tests)


def step_rows(events: ir.Table, feedback: ir.Table, journey: Journey, span: Span) -> ir.Table:
    """The rows that are steps: who, key, p, channel, session, market, segment, said (null); those of nobody have no who."""
    parts = [_coded(rows, journey, name, span) for name, rows in (("events", events), ("feedback", feedback)) if _steps_in(journey, name)]
    return parts[0] if len(parts) == 1 else ibis.union(*parts)


def _steps_in(journey: Journey, table: str) -> list[tuple[Step, int]]:
    numbered = [*((s, i) for i, s in enumerate(journey.steps, 1)), *((s, BLOCKED) for s in journey.blocked)]
    return [(step, code) for step, code in numbered if step.table == table]


def _coded(rows: ir.Table, journey: Journey, table: str, span: Span) -> ir.Table:
    mine = _steps_in(journey, table)
    names = sorted({s.event or s.kind for s, _ in mine})
    column = "name" if table == "events" else "kind"
    narrowed = rows.filter(rows[column].isin(names)) if all(names) else rows
    seen = within_span(narrowed, span)
    coded = seen.mutate(code=ibis.cases(*((fits(seen, step), code) for step, code in mine)))
    return streamed(coded.filter(coded.code.notnull()), coded.code, journey.who, ibis.null("int64"))


def streamed(rows: ir.Table, code: ir.IntegerValue, who: Who, said: ir.IntegerValue) -> ir.Table:
    """Rows as they stand in a stream. key: the account, or whoever it is where there is none: what joins a caller to an app's user."""
    mine = walker(rows, who)
    key = mine if who == "session" else ibis.coalesce(rows.account, rows.party)
    return rows.select(
        who=mine, key=key, p=(milliseconds(rows.occurred_at) << TICK_BITS) + code.cast("int64"), channel=rows.channel,
        session=rows.session if "session" in rows.columns else ibis.null("string"), market=rows.market, segment=rows.segment, said=said.cast("int64"),
    )  # fmt: skip


def voiced(feedback: ir.Table, protected: Iterable[str], measures: Sequence[Measure]) -> ir.Table:
    """`feedback` of audiences that are not protected, with `said`: tone, effort, ease and goal in one number."""
    kept = feedback.filter(feedback.audience.notin(sorted(protected)))
    return kept.mutate(said=packed_voice(kept, measures))


def packed_voice(feedback: ir.Table, measures: Sequence[Measure]) -> ir.IntegerValue:
    """tone + 1000, effort, effort by answers (thousandths; NONE where not said), and the goal (0 no, 1 yes, 3 not said), in 35 bits."""
    tone = ibis.coalesce((feedback.sentiment * SCALE).round().cast("int64") + SCALE, NONE)
    effort = ibis.coalesce((feedback.effort * SCALE).round().cast("int64"), NONE)
    return ((tone * 2048 + effort) * 2048 + _eased(feedback, measures)) * 4 + _goal(feedback, measures)


def _eased(feedback: ir.Table, measures: Sequence[Measure]) -> ir.IntegerValue:
    asked = [m for m in measures if m.metric.startswith("ces")]
    if not asked:
        return ibis.literal(NONE, "int64")
    shares = [(feedback.measure == m.key, ((_part(feedback.score, m)) * SCALE).round().cast("int64")) for m in asked]
    return ibis.coalesce(ibis.cases(*shares), NONE)


def _part(score: ir.FloatingValue, measure: Measure) -> ir.FloatingValue:
    """Effort, 0…1, from a score on the measure's scale: where more is better, the question is about ease."""
    width = measure.high - measure.low
    part = (measure.high - score) / width if measure.better == "up" else (score - measure.low) / width
    return ibis.greatest(ibis.least(part, 1.0), 0.0)


def _goal(feedback: ir.Table, measures: Sequence[Measure]) -> ir.IntegerValue:
    asked = [m for m in measures if m.metric == "gcr"]
    if not asked:
        return ibis.literal(3, "int64")
    said = [(feedback.measure == m.key, (feedback.score >= m.high).ifelse(1, 0).cast("int64")) for m in asked]
    return ibis.coalesce(ibis.cases(*said), 3)


def walkers(events: ir.Table, feedback: ir.Table, journey: Journey, span: Span) -> ir.Table:
    """who and key of everybody who has a row of the journey's events or kinds: those whose voice may concern it."""
    parts = []
    for table, column, rows in (("events", "name", events), ("feedback", "kind", feedback)):
        mine = [s for s, _ in _steps_in(journey, table)]
        names = sorted({s.event or s.kind for s in mine})
        seen = within_span(rows.filter(rows[column].isin(names)) if all(names) else rows, span)
        if mine:
            parts.append(seen.select(who=walker(seen, journey.who), key=ibis.coalesce(seen.account, seen.party)))
    found = parts[0] if len(parts) == 1 else ibis.union(*parts)
    return found.filter(found.who.notnull()).distinct()


def said_rows(voices: ir.Table, walking: ir.Table, journey: Journey, span: Span) -> ir.Table:
    """What was said, as rows of the stream: of the speaker where she walks the journey; else, of each of few colleagues at her account who do."""
    kind = voices.kind
    code = ibis.cases((kind.isin(CONTACT_KINDS), SUPPORT), (kind.isin(ASKED_KINDS), SAID), else_=ELSEWHERE)
    rows = within_span(voices, span)
    rows = streamed(rows, code, journey.who, rows.said)
    own = rows.semi_join(walking, "who")
    return ibis.union(own, _of_colleagues(rows.anti_join(walking, "who"), walking, rows.columns))


def _of_colleagues(rows: ir.Table, walking: ir.Table, columns: Sequence[str]) -> ir.Table:
    few = walking.group_by("key").agg(many=walking.who.count())
    near = walking.semi_join(few.filter(few.many <= MOST_COLLEAGUES), "key").select(walks="who", of="key")
    joined = rows.inner_join(near, rows.key == near.of)
    return joined.mutate(who=joined.walks).select(*columns)
