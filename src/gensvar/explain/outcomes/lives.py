"""How long each unit is there, what is held equal, and when the outcome came: as expressions over `parties`, `events` and `feedback`."""

from collections.abc import Sequence
from datetime import date

import ibis
from ibis import Table
from ibis import _ as row

from gensvar.explain.outcomes.registry import Outcome
from gensvar.explain.outcomes.said import months, with_unit

HALVES = "02468ace"  # last figures of an id, which is a hash, of the first half


def happened(outcome: Outcome, events: Table, feedback: Table, parties: Table, left_out: Sequence[str], first: date) -> Table:
    """unit, month: when the outcome came to a unit, once a month at most; also before the first month and after the last."""
    said = events.filter(events.name.isin(list(outcome.events))).select("party", "account", "occurred_at")
    found = [with_unit(said, parties).select("unit", month=months(row.occurred_at, first))]
    if outcome.kinds:
        wrote = feedback.filter(feedback.kind.isin(list(outcome.kinds)), feedback.audience.notin(list(left_out)))
        known = with_unit(wrote.select("party", "account", "occurred_at"), parties)
        found.append(known.select("unit", month=months(row.occurred_at, first)))
    if outcome.ended:
        over = parties.filter(parties.ended_at.notnull())
        found.append(over.select(unit=over.id, month=months(over.ended_at, first)))
    return ibis.union(*found, distinct=True) if len(found) > 1 else found[0].distinct()


def units(said: Table, parties: Table, gone: Table, first: date, last: int) -> Table:
    """One row for each unit with a text: unit, account (or a person), first_half, segment, product, cohort, enter, leave, ended, value, faulty.

    gone: unit, month of leaving, whatever the outcome. enter, leave: the first and last month at risk; ended: it left in `leave`, which is ≤ last.
    faulty: it ended before it began, so that its time cannot be told.
    """
    wrote = said.select("unit").distinct()
    left = gone.group_by("unit").aggregate(went=row.month.min())
    known = wrote.left_join(parties.drop("unit"), wrote.unit == parties.id).left_join(left, wrote.unit == left.unit)
    whole = known.select(
        unit=wrote.unit, account=(parties.kind == "account").fill_null(False), value=parties.value,
        segment=parties.segment.fill_null(""), product=parties["product"].fill_null(""), since=months(parties.started_at, first), went=left.went,
    )  # fmt: skip
    placed = whole.mutate(
        first_half=whole.unit.cast("string").right(1).isin(list(HALVES)),
        enter=ibis.greatest(ibis.coalesce(whole.since, 0), 0).cast("int32"),
        ended=(whole.went <= last).fill_null(False),
        faulty=(whole.went < whole.since).fill_null(False),
    )
    return placed.mutate(leave=ibis.ifelse(placed.ended, placed.went, last).cast("int32"), cohort=cohort(placed.since)).drop("went")


def cohort(since: ibis.Value) -> ibis.Value:
    """Tenure, as the half-year in which the relation began: within a calendar month, those of one cohort have been there equally long.

    −1, −2, −3: up to one year before the first month, up to three, longer; −9: unknown.
    """
    return ibis.cases((since.isnull(), -9), (since < -36, -3), (since < -12, -2), (since < 0, -1), else_=since // 6).cast("int32")
