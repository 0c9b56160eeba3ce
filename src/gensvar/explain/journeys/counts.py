"""Errands → a small table of counts that add: one statement, so that the errands are made once. Engine expressions."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import ibis
import ibis.expr.types as ir

from gensvar.explain.journeys.definition import Journey
from gensvar.explain.journeys.errands import UNKNOWN
from gensvar.explain.journeys.rows import ANCIENT, Span, fits, milliseconds, moment, said_rows, step_rows, walker, walkers
from gensvar.explain.journeys.voices import SUMS

DIMENSIONS: Final = ("market", "segment", "channel")
MOST_PATHS, MOST_GROUPS = 40, 13
PER_OCTAVE: Final = 4
SHIFT: Final = 1e-7
"""No whole number of milliseconds below a century lies so near the edge of a bin, so that engines whose logarithms differ in the last bit agree."""


def counted(rows: ir.Table, journey: Journey) -> ir.Table:
    """what, g, i, j, b, n0 …: every count of a journey, long; `counts_of` reads it. rows: of `errands`, with `feature` and `after` where asked."""
    k = len(journey.steps)
    sides = [by for by in (*DIMENSIONS, "feature", "after") if by in rows.columns]
    folded, each = _folded(rows, k), _each(rows, k, sides)
    parts = [
        *_whole(folded, _heard(rows)), *_steps(folded, k), *_times(rows, k), _paths(rows), *_of_parties(each, k),
        *(_compared(each, k, by) for by in sides),
    ]  # fmt: skip
    wide = max(len([c for c in p.columns if c[0] == "n" and c[1:].isdigit()]) for p in parts)
    return ibis.union(*(_padded(p, wide) for p in parts))


def _padded(part: ir.Table, wide: int) -> ir.Table:
    there = set(part.columns)
    keys = {name: part[name].cast(kind) if name in there else ibis.null(kind) for name, kind in KEYS.items()}
    numbers = {f"n{at}": part[f"n{at}"].cast("int64") if f"n{at}" in there else ibis.null("int64") for at in range(wide)}
    return part.select(**keys, **numbers)


KEYS: Final[Mapping[str, str]] = {"what": "string", "g": "string", "i": "int64", "j": "int64", "b": "int64"}


def _numbers(values: Iterable[ir.Value]) -> dict[str, ir.Value]:
    return {f"n{at}": value for at, value in enumerate(values)}


def _bin(milliseconds: ir.IntegerValue) -> ir.IntegerValue:
    """Quarter octaves of the time + 1 ms: 0 is up to 0.2 ms; a year is 139."""
    return (((milliseconds + 1).cast("float64").ln() / ibis.literal(2.0).ln()) * PER_OCTAVE + SHIFT).floor().cast("int64")


def bin_seconds(at: float) -> float:
    """The time at this place among the bins, in seconds."""
    return float((2.0 ** (at / PER_OCTAVE) - 1) / 1000)


def _folded(rows: ir.Table, k: int) -> ir.Table:
    """Errands that ended alike in one row with their sums, so that what is asked of the whole is asked of hundreds of rows."""
    sums = {"n": rows.fate.count(), **{name: rows[name].sum() for name in ("paused", "sessions", "channels", "rows", *SUMS)}}
    steps = {f"{what}{i}": test.ifelse(1, 0).sum() for what, tests in _tests(rows, k).items() for i, test in enumerate(tests, 1)}
    return rows.group_by("far", "fate", "goal", "done", side=rows.stopped * 2 + rows.contacted).agg(**sums, **steps)


def _heard(rows: ir.Table) -> ir.Table:
    """far, people: how many said something soon after an errand that ended there."""
    heard = rows.filter(rows.v_n > 0).select("far", "who").distinct()
    return heard.group_by("far").agg(people=heard.who.count())


def _whole(folded: ir.Table, heard: ir.Table) -> list[ir.Table]:
    sums = [folded[name].sum() for name in ("n", "paused", "sessions", "channels", "rows")]
    fate = folded.group_by(i=folded.far, j=folded.fate, b=folded.side).agg(what=ibis.literal("fate"), **_numbers(sums))
    goal = folded.filter(folded.goal.notnull(), folded.fate != UNKNOWN)
    stated = goal.group_by(i=goal.goal, j=goal.done).agg(what=ibis.literal("goal"), n0=goal.n.sum())
    said = folded.left_join(heard, "far")
    people = ibis.coalesce(said.people.max(), 0)
    voice = said.group_by(i=said.far).agg(what=ibis.literal("voice"), **_numbers([people, *(said[name].sum() for name in SUMS)]))
    return [fate, stated, voice]


def _tests(rows: ir.Table, k: int) -> Mapping[str, Sequence[ir.BooleanValue]]:
    """Of each step: had, twice or more, in order with all before it, with contact."""
    had = [rows[f"h{i}"] > 0 for i in range(1, k + 1)]
    ordered = [had[0]]
    for i in range(2, k + 1):
        ordered.append(ordered[-1] & (rows[f"t{i}"] >= rows[f"t{i - 1}"]).fill_null(False))
    return {
        "had": had, "twice": [rows[f"h{i}"] > 1 for i in range(1, k + 1)], "ordered": ordered,
        "helped": [h & (rows.contacted == 1) for h in had],
    }  # fmt: skip


def _steps(folded: ir.Table, k: int) -> list[ir.Table]:
    return [
        folded.agg(what=ibis.literal(what), **_numbers(folded[f"{what}{i}"].sum() for i in range(1, k + 1)))
        for what in ("had", "twice", "ordered", "helped")
    ]


def _times(rows: ir.Table, k: int) -> list[ir.Table]:
    """How long: from each step to the next, and of the whole where it was finished."""
    parts = []
    for i in range(1, k):
        took = moment(rows[f"t{i + 1}"]) - moment(rows[f"t{i}"])
        gone = rows.filter(took >= 0).mutate(b=_bin(took))
        parts.append(gone.group_by("b").agg(what=ibis.literal("time"), i=ibis.literal(i), n0=gone.b.count()))
    done = rows.filter(rows.done == 1)
    done = done.mutate(b=_bin(done["last"] - done["first"]))
    return [*parts, done.group_by("b").agg(what=ibis.literal("time"), i=ibis.literal(0), n0=done.b.count())]


def _paths(rows: ir.Table) -> ir.Table:
    known = (rows.fate != UNKNOWN).ifelse(1, 0)
    took = _bin(rows["last"] - rows["first"])
    found = rows.group_by(b=rows.path).agg(
        what=ibis.literal("path"), **_numbers([rows.path.count(), known.sum(), (rows.done * known).sum(), (took * rows.done).sum(), rows.done.sum()])
    )
    return found.order_by(found.n0.desc(), found.b).limit(MOST_PATHS)


def _each(rows: ir.Table, k: int, sides: Sequence[str]) -> ir.Table:
    """One row for each party and side that its errands were on, with how often it came to each step and went on, and where it was lost."""
    known = (rows.fate != UNKNOWN).ifelse(1, 0)
    lost = {f"z{i}": ((rows.far == i) & (rows.done == 0)).ifelse(known, 0).max() for i in range(1, k + 1)}
    return rows.group_by("who", *sides).agg(**_came_and_went(rows, k), **lost)


def _of_parties(each: ir.Table, k: int) -> list[ir.Table]:
    """Moments of parties: how often each came to a step and went on, so that errands of one party are not taken for errands of many.

    parties: all of them; then those that came to each step, those that were lost at each, and Σ of a party's errands × those that came to each.
    """
    each = each.group_by("who").agg(**_summed(each, k), **{f"z{i}": each[f"z{i}"].max() for i in range(1, k + 1)})
    here = [(each[f"x{i}"] > 0).ifelse(1, 0).sum() for i in range(1, k + 1)]
    gone = [each[f"z{i}"].sum() for i in range(1, k + 1)]
    both = [(each.x0 * each[f"x{i}"]).sum() for i in range(1, k + 1)]
    people = each.agg(what=ibis.literal("parties"), **_numbers([each.count(), *here, *gone, *both]))
    return [each.agg(what=ibis.literal("moments"), **_numbers(_moments(each, k))), people]


def _compared(each: ir.Table, k: int, by: str) -> ir.Table:
    mine = each.filter(each[by].notnull())
    sided = mine.group_by("who", g=mine[by].cast("string")).agg(**_summed(mine, k))
    found = sided.group_by("g").agg(what=ibis.literal(by), b=sided.g.count(), **_numbers(_moments(sided, k)))
    return found.order_by(found.n0.desc(), found.g).limit(MOST_GROUPS)


def _summed(each: ir.Table, k: int) -> dict[str, ir.Value]:
    return {name: each[name].sum().cast("int64") for i in range(k + 1) for name in (f"x{i}", f"y{i}")}


def _came_and_went(rows: ir.Table, k: int) -> dict[str, ir.Value]:
    """x: errands that came to a step (0: any); y: those that went on from it (0: that were finished). Of those known."""
    known = rows.fate != UNKNOWN
    came = {f"x{i}": _times_true(known & (rows.far >= i)) for i in range(1, k + 1)}
    went = {f"y{i}": _times_true(known & (rows.far >= i) & ((rows.far > i) | (rows.done == 1))) for i in range(1, k + 1)}
    return {"x0": _times_true(known), "y0": _times_true(known & (rows.done == 1)), **came, **went}


def _times_true(test: ir.BooleanValue) -> ir.IntegerScalar:
    return ibis.cases((test, 1)).count()


def _moments(each: ir.Table, k: int) -> Sequence[ir.Value]:
    """Σx, Σy, Σx², Σxy, Σy² of each step, after one another; the whole first."""
    found = []
    for i in range(k + 1):
        x, y = each[f"x{i}"], each[f"y{i}"]
        found += [x.sum(), y.sum(), (x * x).sum(), (x * y).sum(), (y * y).sum()]
    return found


def strays(events: ir.Table, feedback: ir.Table, journey: Journey, span: Span) -> ir.Table:
    """rows, nobody, future, ancient, first, last: what of the journey's steps was counted and what was not; counts of rows."""
    parts = []
    for name, table in (("events", events), ("feedback", feedback)):
        mine = [s for s in (*journey.steps, *journey.blocked) if s.table == name]
        if mine:
            rows = table.filter(ibis.or_(*(fits(table, s) for s in mine))) if len(mine) > 1 else table.filter(fits(table, mine[0]))
            parts.append(rows.select(who=walker(rows, journey.who), at=rows.occurred_at))
    rows = parts[0] if len(parts) == 1 else ibis.union(*parts)
    return stray_counts(rows, span)


def stray_counts(rows: ir.Table, span: Span) -> ir.Table:
    """The same of any rows with who and at."""
    ancient, future = rows.at < ANCIENT, rows.at >= span.now
    sane = ~ancient & ~future & (rows.at >= span.since)
    tests = {"rows": sane, "nobody": sane & rows.who.isnull(), "future": future, "ancient": ancient}
    at = ibis.cases((sane, rows.at))
    return rows.agg(
        **{n: ibis.coalesce(t.ifelse(1, 0).sum(), 0).cast("int64") for n, t in tests.items()},
        first=milliseconds(at.min()),
        last=milliseconds(at.max()),
    )


def made(events: ir.Table, voices: ir.Table, journey: Journey, span: Span) -> ir.Table:
    """The stream of a journey: its steps, and what the same parties and their colleagues say. `errands` takes it."""
    steps = step_rows(events, voices, journey, span)
    walks = steps.filter(steps.who.notnull())
    if journey.who == "session":
        return walks
    return ibis.union(walks, said_rows(voices, walkers(events, voices, journey, span), journey, span))
