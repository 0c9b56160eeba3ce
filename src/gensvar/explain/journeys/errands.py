"""A stream of steps → errands: one row for each time that somebody set out, whatever the order, the pauses and the channels. Engine expressions.

An errand begins with a party's first row, after a silence longer than the window, or, once the last step was taken, with the first step or after
a pause. So a double, a late row of the same errand, and a return next day in another session and on another device stay in it.
"""

from typing import Final

import ibis
import ibis.expr.types as ir

from gensvar.explain.journeys.definition import Journey
from gensvar.explain.journeys.rows import BLOCKED, HOUR_MS, SAID, SUPPORT, Span, code_at, moment
from gensvar.explain.journeys.voices import spoken

LONGEST: Final = 12
"""Turns of a path that are told apart, four bits each, so that a double holds them; a longer one is pooled with all that are."""
STRAIGHT, RETURNED, CHANNEL, CONTACTED, LEFT, UNKNOWN = range(6)
SEVERAL: Final = "+"
"""The channel of an errand that went through several."""


def errands(stream: ir.Table, journey: Journey, span: Span) -> ir.Table:
    """who, first and last (ms), far, done, fate …: one row for each errand. stream: steps and what was said, those of nobody left out."""
    return _fated(_grouped(_numbered(stream, journey), journey), journey, span)


def _numbered(stream: ir.Table, journey: Journey) -> ir.Table:
    """The stream with the number of the errand and of the turn, doubles of a step left out."""
    told = _beside_before(stream, len(journey.steps))
    gap = moment(told.p) - moment(told.before)
    window_ms, pause_ms = round(journey.window_hours * HOUR_MS), round(journey.pause_minutes * 60_000)
    is_step, double = told.code < SAID, told.p == told.before
    over = ((told.mark & 1) == 1) & ((told.code == 1) | (gap > pause_ms))
    new = is_step & (told.before.isnull() | (~double & ((gap > window_ms) | over.fill_null(False))))
    marked = told.mutate(new=new.fill_null(True).ifelse(1, 0), gap=gap, double=(is_step & double).fill_null(False))
    turned = (marked.new == 1) | (is_step & (told.code != code_at(told.before)))
    paused = (marked.new == 0) & is_step & (gap > pause_ms)
    marked = marked.mutate(turn=turned.fill_null(False).ifelse(1, 0), paused=paused.fill_null(False).ifelse(1, 0))
    so_far = ibis.window(group_by="who", order_by="p", preceding=None, following=0)
    counted = marked.mutate(
        errand=ibis.cases((marked.new == 1, 1)).count().over(so_far), turns=ibis.cases((marked.turn == 1, 1)).count().over(so_far)
    )
    return counted.filter(counted.errand > 0, ~counted.double)


def _beside_before(stream: ir.Table, last: int) -> ir.Table:
    """Each row with the step before it (`before`), and whether the errand's end or its beginning was seen last (`mark`: odd is its end)."""
    code = code_at(stream.p)
    earlier = ibis.window(group_by="who", order_by="p", preceding=(None, 1))
    step = ibis.cases((code < SAID, stream.p))
    ends = ibis.cases((code == last, stream.p * 2 + 1), (code == 1, stream.p * 2))
    return stream.mutate(code=code, before=step.max().over(earlier), mark=ends.max().over(earlier))


def _grouped(rows: ir.Table, journey: Journey) -> ir.Table:
    """One row for each errand, from its rows."""
    support_ms, steps = round(journey.support_hours * HOUR_MS), range(1, len(journey.steps) + 1)
    is_step, soon = rows.code < SAID, (rows.code >= SAID) & (rows.gap <= support_ms)
    place = _power(rows.turns % LONGEST)
    step_at = ibis.cases((is_step, rows.p))
    goal = ibis.cases((soon & (rows.said % 4 < 2), rows.said % 4))
    wide = {f"t{i}": ibis.cases((rows.code == i, rows.p)).min() for i in steps} | {f"h{i}": _count(rows.code == i) for i in steps}
    return rows.group_by("who", "errand").agg(
        first=moment(step_at.min()), last=moment(step_at.max()),
        far=ibis.coalesce(ibis.cases((rows.code < BLOCKED, rows.code)).max(), 1),
        stopped=_any(rows.code == BLOCKED), paused=rows.paused.max(), contacted=_any(soon & (rows.code == SUPPORT)),
        elsewhere=_any(soon & (rows.code > SUPPORT)), low=ibis.cases((is_step, rows.channel)).min(), high=ibis.cases((is_step, rows.channel)).max(),
        sitting=ibis.cases((is_step, rows.session)).min(), sat=ibis.cases((is_step, rows.session)).max(),
        market=ibis.cases((is_step, rows.market)).max(), segment=ibis.cases((is_step, rows.segment)).max(),
        turned=ibis.cases((is_step, rows.turns)).min(), turns=ibis.cases((is_step, rows.turns)).max(),
        code=ibis.cases(((rows.turn == 1), rows.code.cast("int64") * place)).sum(),
        goal=goal.max(), rows=_count(is_step), **wide, **spoken(rows.said, soon),
    )  # fmt: skip


def _count(test: ir.BooleanValue) -> ir.IntegerScalar:
    return ibis.cases((test, 1)).count()


def _any(test: ir.BooleanValue) -> ir.IntegerScalar:
    return ibis.coalesce(ibis.cases((test, 1)).max(), 0)


def _fated(rows: ir.Table, journey: Journey, span: Span) -> ir.Table:
    """The errands with their fate, path, channel and place in time."""
    end, window_ms = len(journey.steps), round(journey.window_hours * HOUR_MS)
    done = (rows[f"h{end}"] > 0).ifelse(1, 0)
    broken = (rows.paused == 1) | (rows.stopped == 1)
    fate = ibis.cases(
        ((done == 1) & ~broken, STRAIGHT), (done == 1, RETURNED), (rows["last"] > span.known_ms - window_ms, UNKNOWN),
        (rows.contacted == 1, CONTACTED), (rows.elsewhere == 1, CHANNEL), else_=LEFT,
    )  # fmt: skip
    return rows.mutate(
        done=done, fate=fate, path=_path(rows),
        channel=ibis.cases((rows.low == rows.high, rows.low), (rows.low != rows.high, SEVERAL)),
        channels=(rows.low != rows.high).fill_null(False).ifelse(1, 0),
        sessions=(rows.sitting != rows.sat).fill_null(False).ifelse(1, 0),
    )  # fmt: skip


def _path(rows: ir.Table) -> ir.IntegerValue:
    """The codes of the turns, the first in the lowest four bits; −1 where there are too many to tell apart.

    `code` holds them turned around by the place where the errand began among the party's turns, so that one pass over the rows is enough.
    """
    at = rows.turned % LONGEST
    low, high = _power(at), at.cases(*((i, 16 ** (LONGEST - i)) for i in range(LONGEST)))
    turned_back = rows.code // low + rows.code % low * high
    return (rows.turns - rows.turned >= LONGEST).ifelse(ibis.literal(-1, "int64"), turned_back).cast("int64")


def _power(at: ir.IntegerValue) -> ir.IntegerValue:
    return at.cases(*((i, 16**i) for i in range(LONGEST)))
