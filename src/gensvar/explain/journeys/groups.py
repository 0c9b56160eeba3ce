"""Errands set apart by what their party had used before, or by the day on which they began. Engine expressions."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import ibis
import ibis.expr.types as ir

from gensvar.explain.journeys.definition import Journey
from gensvar.explain.journeys.rows import milliseconds, walker


@dataclass(frozen=True, slots=True)
class Asked:
    """feature: an event's name, or name:step; those who had used it when an errand began are set beside the others. day: after it beside before."""

    feature: str = ""
    day: date | None = None


def beside(errands: ir.Table, events: ir.Table, journey: Journey, asked: Asked) -> ir.Table:
    """The errands with `feature` (1: used before) and `after` (1: begun that day or later), as far as they are asked for."""
    found = _used(errands, events, journey, asked.feature) if asked.feature else errands
    if asked.day is None:
        return found
    start = round(datetime(asked.day.year, asked.day.month, asked.day.day, tzinfo=UTC).timestamp() * 1000)
    return found.mutate(after=(found["first"] >= start).ifelse(1, 0))


def _used(errands: ir.Table, events: ir.Table, journey: Journey, feature: str) -> ir.Table:
    """Use counts from when it happened on: whoever comes to use it later was not a user yet."""
    name, _, step = feature.partition(":")
    mine = events.filter(events.name == name, *([events.step == step] if step else []))
    first = mine.select(user=walker(mine, journey.who), at=milliseconds(mine.occurred_at)).group_by("user").agg(used=ibis._.at.min())
    joined = errands.left_join(first, errands.who == first.user)
    return joined.mutate(feature=(joined.used < joined["first"]).fill_null(False).ifelse(1, 0)).drop("user", "used")
