"""Which of many weekly series moved: laws of the rule, its machine of onsets, and how often it is wrong, by drawing boards in which nothing moved."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from gensvar.stats import adjusted
from gensvar.stats.alarms import BOARD, RATE, STAYS, Counts, Levels, Onset, discoveries, smallest_seen, together, watch

Numbers = NDArray[np.float64]
WEEKS, FIRST = 102, 50


def drawn(random: np.random.Generator, alpha: float, series: int = 50) -> Numbers:
    mean = np.exp(random.uniform(np.log(5), np.log(200), series))[:, None] * np.ones((series, WEEKS))
    return random.poisson(mean * (random.gamma(1 / alpha, alpha, mean.shape) if alpha else 1.0)).astype(np.float64)


def counted(counts: Numbers) -> Counts:
    return Counts(counts, np.ones_like(counts))


@pytest.mark.parametrize(("alpha", "each"), [(0.0, False), (0.05, False), (0.05, True)])
def test_a_board_of_fifty_in_which_nothing_moved_tells_at_most_one_false_alarm_a_month(alpha: float, *, each: bool) -> None:
    """Twenty boards over a year: fewer than 12 onsets each, on average; evals/alarms.py draws many more. each: no scatter is shared."""
    random = np.random.default_rng(4)
    boards = (drawn(random, alpha) for _ in range(20))
    told = [len(watch(Counts(board, np.ones_like(board), each), FIRST).onsets) for board in boards]
    assert sum(told) / len(told) < 12


def test_a_rise_by_a_third_is_told_once_with_its_beginning_and_its_end() -> None:
    counts = drawn(np.random.default_rng(5), 0.0)
    counts[0] = np.random.default_rng(6).poisson(np.where((np.arange(WEEKS) >= 70) & (np.arange(WEEKS) < 80), 160, 120))
    mine = [o for o in watch(counted(counts), FIRST).onsets if o.series == 0]
    assert len(mine) == 1
    assert mine[0].rose
    assert 68 <= mine[0].since <= 72
    assert mine[0].told <= 75
    assert mine[0].ended is not None
    assert 80 < mine[0].ended <= 86
    assert not mine[0].stayed


def test_what_lasts_becomes_the_new_level_and_its_end_is_news_again() -> None:
    weeks = np.arange(140)
    counts = np.tile(np.where((weeks >= 60) & (weeks < 110), 300.0, 200.0), (1, 1)) + np.random.default_rng(7).integers(-5, 6, 140)
    onsets = watch(counted(counts), FIRST).onsets
    assert [(o.rose, o.stayed) for o in onsets] == [(True, True), (False, True)]
    assert onsets[0].ended is not None
    assert onsets[0].ended - onsets[0].told == STAYS
    assert 109 <= onsets[1].since <= 111


def test_a_fall_is_seen_as_a_rise_is() -> None:
    flat = np.full((1, WEEKS), 100.0)
    for to, rose in ((150.0, True), (60.0, False)):
        moved = flat.copy()
        moved[:, 80:] = to
        (onset,) = watch(counted(moved), FIRST).onsets
        assert onset.rose is rose
        assert onset.since == 80


def test_what_falls_silent_is_not_said_to_be_as_before() -> None:
    n = np.full((1, WEEKS), 100.0)
    n[:, 90:] = 0
    k = np.where(np.arange(WEEKS) >= 80, 0.4, 0.8) * n
    (onset,) = watch(Levels(n, k, k, np.array([0.25])), FIRST).onsets
    assert (onset.since, onset.rose) == (80, False)
    assert onset.ended is None or onset.stayed


def test_nothing_is_said_before_there_are_twelve_weeks_to_hold_it_against() -> None:
    counts = np.full((1, 20), 100.0)
    counts[:, 8:] = 300.0
    assert watch(counted(counts), 0).onsets == ()


def test_what_was_never_seen_and_comes_is_told() -> None:
    counts = np.zeros((1, WEEKS))
    counts[:, 90:] = 12.0
    (onset,) = watch(counted(counts), FIRST).onsets
    assert (onset.since, onset.rose) == (90, True)


def test_series_that_come_in_bursts_do_not_hide_what_moves_among_steady_ones() -> None:
    random = np.random.default_rng(8)
    bursts = random.poisson(100 * (np.arange(WEEKS) % 9 == 0), (10, WEEKS)).astype(np.float64)
    steady = random.poisson(np.where(np.arange(WEEKS) >= 85, 130, 100), (1, WEEKS)).astype(np.float64)
    board = np.concatenate([bursts, steady])
    onsets = watch(Counts(board, np.ones_like(board), each=True), FIRST).onsets
    assert {o.series for o in onsets} == {10}


def test_a_rise_that_the_exposure_explains_is_no_news() -> None:
    texts = np.where(np.arange(WEEKS) >= 80, 2000.0, 1000.0)
    counts = np.random.default_rng(9).poisson(np.tile(0.1 * texts, (30, 1))).astype(np.float64)
    assert len(watch(Counts(counts, np.tile(texts, (30, 1))), FIRST).onsets) <= 6
    assert len(watch(counted(counts), FIRST).onsets) >= 25


# ── levels ──


def shares(random: np.random.Generator, level: Numbers, n: int = 60) -> Levels:
    k = random.binomial(n, level).astype(np.float64)
    return Levels(np.full_like(k, n), k, k, np.full(len(k), 0.25))


def test_a_level_that_falls_in_one_group_is_told_of_that_group() -> None:
    level = np.full((20, WEEKS), 0.8)
    level[3, 75:] = 0.65
    onsets = watch(shares(np.random.default_rng(10), level), FIRST).onsets
    assert [(o.series, o.rose) for o in onsets] == [(3, False)]
    assert 74 <= onsets[0].since <= 76


def test_levels_that_do_not_move_are_seldom_told_to_even_where_weeks_are_unlike() -> None:
    random = np.random.default_rng(12)
    onsets: list[Onset] = []
    for _ in range(4):
        restless = np.clip(0.7 + random.normal(0, 0.06, (50, WEEKS)), 0, 1)
        onsets += watch(shares(random, restless), FIRST).onsets
    assert len(onsets) / 4 <= 14


def test_twelve_terrible_answers_say_nothing() -> None:
    n = np.zeros((1, WEEKS))
    n[0, 90:102] = 1
    assert watch(Levels(n, -100 * n, 1e4 * n, np.array([6667.0])), FIRST).onsets == ()


# ── the parts of the rule ──


@given(st.lists(st.floats(1e-9, 1 - 1e-9), min_size=1, max_size=8))
def test_p_together_lies_between_the_least_times_their_number_and_the_greatest(p: list[float]) -> None:
    one = float(together(np.array(p)[:, None])[0])
    assert min(p) * 0.999999 <= one <= max(p) * 1.000001 or one <= len(p) * min(p)
    assert one == pytest.approx(float(together(np.array(p[::-1])[:, None])[0]))


def test_one_p_together_is_itself() -> None:
    for p in (1e-12, 0.003, 0.4, 0.97):
        assert float(together(np.array([[p], [np.nan]]))[0]) == pytest.approx(p, rel=1e-6)


@settings(max_examples=30)
@given(st.lists(st.floats(0, 1), min_size=BOARD, max_size=90))
def test_discoveries_are_benjamini_and_hochbergs(p: list[float]) -> None:
    values = np.array([*p, np.nan])
    assert discoveries(values)[:-1].tolist() == pytest.approx(adjusted(p))
    assert np.isnan(discoveries(values)[-1])


def test_one_series_alone_has_no_more_than_its_part_of_the_false_alarms() -> None:
    assert float(discoveries(np.array([0.01]))[0]) == pytest.approx(0.01 * BOARD)
    assert discoveries(np.array([np.nan])).tolist() != [0.0]


def test_the_smallest_change_is_seen_four_times_in_five() -> None:
    """A change of that many standard errors passes the strictest step of the rule with chance 0.8: by drawing."""
    reach = float(smallest_seen([1.0], 50)[0])
    z = np.random.default_rng(13).normal(reach, 1, 200_000)
    from scipy.stats import norm

    assert float((2 * norm.sf(z) <= RATE / 50).mean()) == pytest.approx(0.8, abs=0.005)
