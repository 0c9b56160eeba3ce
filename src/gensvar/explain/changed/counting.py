"""Weekly counts as table expressions: of the cubes where they have what is asked, else of feedback and events. The same on every engine."""

from collections.abc import Sequence
from functools import reduce
from typing import Any, Final

import ibis
from ibis import Table

from gensvar.contracts.daily import COUNT_COLUMNS
from gensvar.measure.cube import Scales, bin_expression

BLOCKED: Final = ("block", "fail", "error", "abandon", "declin", "timeout")
"""What the name of an event says that stopped somebody at a step."""


def by_week(cube: Table, *keys: str) -> Table:
    """The cube's counts per UTC week (its Monday), measure and keys. n: rows; the other columns as in the cube."""
    sums: dict[str, Any] = {column.name: cube[column.name].sum() for column in COUNT_COLUMNS}
    return cube.filter(cube.measure != "").group_by(week=cube.day.truncate("W"), measure=cube.measure, **{k: cube[k] for k in keys}).agg(**sums)


def rows_by_week(cube: Table, *keys: str) -> Table:
    """Rows of `feedback` per week and keys, as `n`; cube: without the lines of tone."""
    return cube.group_by(week=cube.day.truncate("W"), **{k: cube[k] for k in keys}).agg(n=cube.n.sum())


def quality_by_week(feedback: Table, scales: Scales) -> Table:
    """Per week and source: rows; texts, and those no model has read; scores of a measure, and those that are off its scale."""
    written = feedback.text.notnull() & (feedback.text != "")
    scored = feedback.score.notnull() & feedback.measure.notnull()
    rows = feedback.mutate(written=written, unread=written & feedback.sentiment.isnull(), scored=scored, place=bin_expression(feedback, scales))
    return rows.group_by(week=rows.occurred_at.date().truncate("W"), source=rows.source).agg(
        n=rows.count(),
        texts=rows.count(where=rows.written),
        unread=rows.count(where=rows.unread),
        scored=rows.count(where=rows.scored),
        off=rows.count(where=rows.scored & rows.place.isnull()),
    )


def friction_by_week(events: Table) -> Table:
    """Per week and step: visits (a session, else a person in that week) that reached it, and those that were stopped there."""
    named = events.filter(events.step.notnull() & (events.step != ""))
    stopped = reduce(lambda a, b: a | b, (named.name.lower().contains(word) for word in BLOCKED))
    who = ibis.coalesce(named.session, named.party.cast("string"), named.record)
    visits = (
        named.mutate(week=named.occurred_at.date().truncate("W"), who=who, stopped=stopped.cast("int8"))
        .group_by("week", "step", "who")
        .agg(stopped=ibis._.stopped.max())
    )
    return visits.group_by("week", "step").agg(n=visits.count(), stopped=visits.stopped.sum())


def theme_weeks(feedback: Table, members: Table) -> Table:
    """Per week and theme: texts. members: two columns, theme and text (an id)."""
    rows = feedback.select(text_id=feedback.id.cast("string"), week=feedback.occurred_at.date().truncate("W"))
    joined = members.join(rows, members.text == rows.text_id)
    return joined.group_by("week", "theme").agg(n=joined.count())


def open_to_all(rows: Table, protected: Sequence[str]) -> Table:
    """Without the audiences that are never counted from rows."""
    return rows.filter(rows.audience.notin(sorted(protected))) if protected else rows
