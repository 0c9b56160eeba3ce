"""Drafts of what is said, and who leaves."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gensvar.demo import days
from gensvar.demo.dice import Dice, Ints
from gensvar.demo.draft import (
    INTEGRATION,
    SILENT,
    Draft,
    chance_of,
    complains_of,
    in_time,
    nudged,
    occasions,
    rated,
    rated_evenly,
    talk,
    tones,
)
from gensvar.demo.fate import RATIO, STAYS, WINDOW_DAYS, complaints, exposed, hazards, leaving, staying
from gensvar.demo.town import SMALL_N, settle

TOWN = settle(Dice(7), 0.3)


def drafted(count: int = 500) -> Draft:
    rng = Dice(3).numbers("drafted")
    draft = occasions(TOWN, rng, count)
    n = len(draft)
    return talk(rng, draft, rng.integers(0, 10, n), rng.integers(-1, 2, n), rng.random(n) < 0.8)


def test_occasions_come_in_time_order_and_only_from_customers() -> None:
    draft = drafted()
    moments = draft.day * 86_400 + draft.second
    assert (np.diff(moments) >= 0).all()
    assert (TOWN.started[TOWN.account_of[draft.person]] <= draft.day).all()


def test_two_drafts_together_are_in_time_order() -> None:
    both = drafted(100).and_(drafted(200))
    assert (np.diff(both.day * 86_400 + both.second) >= 0).all()
    assert set(both.columns) == {"topic", "tone", "topic2", "tone2"}


def test_taking_rows_takes_every_column() -> None:
    draft = drafted()
    some = draft.take(draft["tone"] < 0)
    assert len(some) == (draft["tone"] < 0).sum() == len(some["topic"])
    assert (some["tone"] == -1).all()


def test_a_second_subject_is_another_one_and_needs_a_first() -> None:
    draft = drafted(3000)
    two = draft["topic2"] != SILENT
    assert 0.15 < two.mean() < 0.35
    assert (draft["topic2"] != draft["topic"])[two].all()
    assert (draft["topic"][two] != SILENT).all()
    assert (draft["tone2"] != 0).all()


def test_complaints_count_first_and_second_subjects() -> None:
    empty: Ints = np.zeros(4, np.int64)
    draft = Draft(empty, empty, empty, {
        "topic": np.array([INTEGRATION, INTEGRATION, 0, SILENT]), "tone": np.array([-1, 1, 1, -1]),
        "topic2": np.array([SILENT, 1, INTEGRATION, SILENT]), "tone2": np.array([1, -1, -1, -1]),
    })  # fmt: skip
    assert complains_of(draft, INTEGRATION).tolist() == [True, False, True, False]


@given(st.integers(0, 10), st.floats(0.1, 3))
def test_scores_stay_on_their_scale(mean: int, spread: float) -> None:
    found = rated(Dice(1).numbers("rated"), float(mean), spread, 200, 0, 10)
    assert found.min() >= 0
    assert found.max() <= 10


def test_even_scores_have_the_same_mean_in_every_cell() -> None:
    cell = np.repeat(np.arange(4), 500)
    found = rated_evenly(Dice(1).numbers("even"), np.full(2000, 3.7), 1.05, cell)
    means = [found[cell == c].mean() for c in range(4)]
    assert max(means) - min(means) < 0.06


def test_cells_too_small_to_even_out_are_left_to_chance() -> None:
    found = rated_evenly(Dice(1).numbers("even"), np.full(3, 3.0), 1.0, np.arange(3))
    assert len(found) == 3


@pytest.mark.parametrize("lift", [0.1, 0.25, 0.3])
def test_a_lift_is_the_lift_that_was_asked_for(lift: float) -> None:
    rng = Dice(5).numbers("lift")
    score = rated(rng, 3.7, 1.0, 50_000)
    raised = nudged(rng, score, np.full(50_000, chance_of(score, lift)), 1)
    assert raised.mean() - score.mean() == pytest.approx(lift, abs=0.01)


def test_without_scores_there_is_no_chance() -> None:
    assert chance_of(np.empty(0, np.int64), 0.3) == 0.0


def test_tones_follow_scores_but_for_a_few() -> None:
    score = np.repeat([2, 7, 10], 2000)
    tone = tones(Dice(1).numbers("tones"), score, 6, 9)
    assert [tone[score == s].mean() for s in (2, 7, 10)] == pytest.approx([-0.92, 0.0, 0.92], abs=0.03)


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 86_399)), min_size=1, max_size=20))
def test_in_time_sorts(moments: list[tuple[int, int]]) -> None:
    day, second = (np.array(x) for x in zip(*moments, strict=True))
    order = in_time(day, second)
    assert [moments[i] for i in order.tolist()] == sorted(moments)


@given(st.integers(0, days.COUNT - 1))
def test_exposure_begins_the_day_after_and_lasts_half_a_year(day: int) -> None:
    (seen,) = exposed(1, np.array([0]), np.array([day]))
    assert np.flatnonzero(seen).tolist() == list(range(day + 1, min(day + 1 + WINDOW_DAYS, days.COUNT)))


def test_two_complaints_do_not_add_up() -> None:
    (seen,) = exposed(1, np.array([0, 0]), np.array([10, 20]))
    assert seen.sum() == WINDOW_DAYS + 10


def test_leaving_follows_the_hazards_and_the_ratio() -> None:
    half = np.zeros((len(TOWN.accounts), days.COUNT), np.bool_)
    half[::2] = True
    left = leaving(TOWN, Dice(2).numbers("leaving"), half)
    rates = []
    for group in (half[:, 0], ~half[:, 0]):
        first = np.maximum(TOWN.started + 60, 0)
        time = (np.minimum(left, days.COUNT) - first)[group & (hazards(TOWN) > 0)].clip(0).sum()
        rates.append((left < STAYS)[group].sum() / time)
    assert rates[0] / rates[1] == pytest.approx(RATIO, abs=0.2)


def test_the_small_segment_and_the_newest_customers_stay() -> None:
    left = leaving(TOWN, Dice(2).numbers("leaving"), np.zeros((len(TOWN.accounts), days.COUNT), np.bool_))
    assert (left[:SMALL_N] == STAYS).all()
    gone = left < STAYS
    assert (left[gone] >= TOWN.started[gone] + 60).all()


def test_nothing_is_said_after_leaving() -> None:
    draft, left = drafted(), np.full(len(TOWN.accounts), 100)
    assert staying(TOWN, draft, left).day.max() < 100
    accounts, on = complaints(TOWN, [draft])
    assert len(accounts) == len(on) == complains_of(draft, INTEGRATION).sum()
