"""Start/stop counting: beside a slow count of every person and month, its laws, and the same whole numbers on every engine."""

from collections import Counter
from collections.abc import Sequence
from random import Random

import numpy as np
import pyarrow as pa
from evals.simulated_outcomes import people
from hypothesis import given, settings
from hypothesis import strategies as st

from gensvar.engine import Engine
from gensvar.explain.outcomes import exposure
from gensvar.explain.outcomes.counting import SPARSE, Grid, _one_by_one, at_risk, cells, median_wait, per_term, stretches
from tests.explain.outcomes.counted import memory, run, taken

MONTHS, WINDOW = 10, 3
KINDS = {"unit": pa.int32(), "month": pa.int32(), "term": pa.int32()}
LIFE = {"unit": pa.int32(), "stratum": pa.int32(), "enter": pa.int32(), "leave": pa.int32(), "ended": pa.bool_(), "value": pa.float64()}


def table(kinds: dict[str, pa.DataType], rows: Sequence[tuple[object, ...]]) -> pa.Table:
    return pa.table({name: pa.array([r[i] for r in rows], kind) for i, (name, kind) in enumerate(kinds.items())})


units = st.integers(0, 11)
said_rows = st.lists(st.tuples(units, st.integers(0, MONTHS - 1), st.integers(0, 1)), min_size=1, max_size=60)
life_rows = st.lists(
    st.tuples(st.integers(0, 1), st.integers(0, 4), st.integers(0, MONTHS - 1), st.booleans()), min_size=12, max_size=12
).map(lambda rows: [(i, *row, 10.0) for i, row in enumerate(rows)])  # fmt: skip
met_rows = st.lists(st.tuples(units, st.integers(0, MONTHS - 1)), max_size=12)


def slowly(said: list[tuple[int, int, int]], lives: list[tuple[int, ...]]) -> tuple[Counter[tuple[int, int, int]], Counter[tuple[int, int, int]]]:
    """(at risk, events) by term, stratum, month: each person and each month by itself."""
    risk: Counter[tuple[int, int, int]] = Counter()
    events: Counter[tuple[int, int, int]] = Counter()
    for unit, stratum, enter, leave, ended, _ in lives:
        for term in (0, 1):
            months = {m for u, m, t in said if u == unit and t == term}
            for now in range(enter, leave + 1):
                if any(now - WINDOW <= m < now for m in months):
                    risk[term, stratum, now] += 1
                    events[term, stratum, now] += bool(ended and now == leave)
    return risk, events


@settings(max_examples=8, deadline=None)
@given(said_rows, life_rows)
def test_it_counts_as_one_would_by_hand(said: list[tuple[int, int, int]], lives: list[tuple[int, ...]]) -> None:
    rows = stretches(run(exposure.counts(exposure.exposures(memory(table(KINDS, said)), memory(table(LIFE, lives)), WINDOW))))
    risk, events = at_risk(rows, 2, Grid(2, 2, MONTHS, WINDOW))
    by_hand = slowly(said, lives)
    for made, wanted in zip((risk, events), by_hand, strict=True):
        cells = made.reshape(2, 2, MONTHS)
        assert {(int(t), int(s), int(m)): int(cells[t, s, m]) for t, s, m in zip(*np.nonzero(cells), strict=True)} == dict(+wanted)


@settings(max_examples=5, deadline=None)
@given(said_rows, life_rows, st.randoms(use_true_random=False))
def test_order_and_repeats_and_texts_after_the_outcome_change_nothing(
    said: list[tuple[int, int, int]], lives: list[tuple[int, ...]], random: Random
) -> None:
    too_late = [(unit, month, 0) for unit, _, _, leave, _, _ in lives for month in range(leave, MONTHS)]
    shuffled = [*said, *said, *too_late]
    random.shuffle(shuffled)
    one, other = (exposure.counts(exposure.exposures(memory(table(KINDS, s)), memory(table(LIFE, lives)), WINDOW)) for s in (said, shuffled))
    assert run(one.order_by(*exposure.KEYS)).select([*exposure.KEYS, "n"]) == run(other.order_by(*exposure.KEYS)).select([*exposure.KEYS, "n"])


@settings(max_examples=5, deadline=None)
@given(said_rows, life_rows, met_rows)
def test_where_the_outcome_comes_again_time_ends_at_the_next(
    said: list[tuple[int, int, int]], lives: list[tuple[int, ...]], met: list[tuple[int, int]]
) -> None:
    """By hand: exposed in a month if the latest mention lies within the window before it and no outcome between."""
    came = sorted(set(met))
    turned = exposure.turns(memory(table(KINDS, said)), memory(table(LIFE, lives)), memory(table({"unit": pa.int32(), "month": pa.int32()}, came)))
    rows = stretches(run(exposure.counts(exposure.exposures(memory(table(KINDS, said)), turned, WINDOW))))
    risk, events = at_risk(rows, 2, Grid(2, 2 * exposure.BANDS, MONTHS, WINDOW))
    by_hand: Counter[tuple[int, int]] = Counter()
    ends: Counter[tuple[int, int]] = Counter()
    for unit, _, enter, leave, _, _ in lives:
        when = {m for u, m in came if u == unit}
        for term in (0, 1):
            for now in range(enter, leave + 1):
                latest = [m for u, m, t in said if u == unit and t == term and now - WINDOW <= m < now and not any(m < w < now for w in when)]
                by_hand[term, now] += bool(latest)
                ends[term, now] += bool(latest) and now in when
    for made, wanted in ((risk, by_hand), (events, ends)):
        cells = made.reshape(2, 2 * exposure.BANDS, MONTHS).sum(1)
        assert {(int(t), int(m)): int(cells[t, m]) for t, m in zip(*np.nonzero(cells), strict=True)} == dict(+wanted)


def test_the_count_that_is_cut_at_every_text_has_the_same_people_at_risk() -> None:
    """Strata by how much somebody writes split the cells and change no sum."""
    made = taken(people(2_000, 30, 1))
    mentions, lives, moments = memory(made.mentions), memory(made.lives), memory(made.moments)
    plain = stretches(run(exposure.counts(exposure.exposures(mentions, lives, 6))))
    finer = stretches(run(exposure.counts(exposure.by_activity(mentions, moments, lives, 6))))
    grid = made.grid()
    risk, events = at_risk(plain, grid.terms, grid)
    risk_again, events_again = at_risk(finer, grid.terms, Grid(grid.terms, grid.strata * exposure.WROTE, grid.months, 6))

    def joined(cells: np.ndarray) -> np.ndarray:
        return np.asarray(cells.reshape(grid.terms, grid.strata, exposure.WROTE, grid.months).sum(2).reshape(grid.terms, -1))

    assert (joined(risk_again) == risk).all()
    assert (joined(events_again) == events).all()


def test_few_stretches_and_many_are_counted_alike() -> None:
    made = taken(people(1_000, 30, 2))
    rows, grid = stretches(run(exposure.counts(exposure.exposures(memory(made.mentions), memory(made.lives), 6)))), made.grid()
    assert int(rows.waits.sum()) * SPARSE > grid.terms * grid.strata * grid.months, "as they are, there are many"
    for one, other in zip(cells(rows, grid.terms, grid), _one_by_one(rows, grid), strict=True):
        assert (one == other).all()


def test_halves_add_up_and_value_is_that_of_each_once() -> None:
    made = taken(people(2_000, 30, 1))
    mentions, lives = memory(made.mentions), memory(made.lives)
    tests = (lives.first_half, ~lives.first_half)
    halves = stretches(*(run(exposure.counts(exposure.exposures(mentions, lives.filter(test), 6))) for test in tests))
    grid = made.grid()
    whole = stretches(run(exposure.counts(exposure.exposures(mentions, lives, 6))))
    for one, other in zip(at_risk(whole, grid.terms, grid), at_risk(halves, grid.terms, grid), strict=True):
        assert (one == other).all()
    parties, value, waits = per_term(whole, grid.terms, 6)
    any_negative = 3 * len(made.terms)
    assert 0 < parties[any_negative] < 2_000
    assert value[any_negative] < sum(made.lives["value"].to_pylist())
    assert waits[any_negative].sum() == whole.n[whole.event & (whole.term == any_negative)].sum()
    assert median_wait([0, 0, 4]) == 2.5


def test_every_engine_counts_the_same(engine: Engine) -> None:
    made = taken(people(300, 20, 4))
    mentions, lives, moments = memory(made.mentions), memory(made.lives), memory(made.moments)
    again = exposure.turns(moments, lives, memory(made.moments.slice(0, 100)))
    for exposed in (
        exposure.exposures(mentions, lives, 6),
        exposure.exposures(mentions, again, 6),
        exposure.by_activity(mentions, moments, lives, 6),
    ):
        counted = exposure.counts(exposed).order_by(*exposure.KEYS)
        here, beside = engine.run(counted), run(counted)
        for name in (*exposure.KEYS, "n", "parties"):
            assert here[name].to_pylist() == beside[name].to_pylist()
        assert np.allclose(here["value"].to_numpy(), beside["value"].to_numpy())
