"""Friction scores: beside draws, their coverage, and ranks that claim no more than is known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import poisson

from gensvar.stats import Share
from gensvar.stats.friction import count_interval, product, ranked
from gensvar.stats.normal import Interval


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    value, down, up = (draw(st.floats(0.0, 50.0)) for _ in range(3))
    return Interval(value, max(0.0, value - down), value + up)


def test_a_count_beside_its_exact_coverage() -> None:
    """Exact coverage of the score interval over Poisson means 4 to 60: 95 % ± 2 on the whole (Barker 2002, table 1: 0.95 at 5)."""
    means = np.linspace(4, 60, 113)
    held = [sum(poisson.pmf(k, m) for k in range(200) if count_interval(k).low <= m <= count_interval(k).high) for m in means]
    assert 0.93 <= np.mean(held) <= 0.97
    assert min(held) > 0.9


def test_a_product_beside_draws() -> None:
    """Normal parts, 400,000 draws: the quantiles of the product, to 3 % of its width."""
    draw = np.random.default_rng(3)
    means, sds = np.array([800.0, 0.12, 0.5]), np.array([28.0, 0.01, 0.03])
    drawn = np.prod(draw.normal(means, sds, (400_000, 3)), axis=1)
    found = product([Interval(m, m - 1.96 * s, m + 1.96 * s) for m, s in zip(means, sds, strict=True)])
    low, high = np.quantile(drawn, [0.025, 0.975])
    assert found.value == pytest.approx(48.0)
    assert (found.low, found.high) == (pytest.approx(low, abs=0.03 * (high - low)), pytest.approx(high, abs=0.03 * (high - low)))


def test_how_often_the_score_holds_the_truth() -> None:
    """Customers Poisson, lost binomial, effort of 60 answers: 95 % ± 2 of 2,000 draws, and where hardly any are lost at least 93 %."""
    draw = np.random.default_rng(4)
    for customers, lost in ((300, 0.15), (2000, 0.03)):
        held = 0
        for _ in range(2000):
            came = int(draw.poisson(customers))
            effort = draw.normal(0.5, 0.2, 60)
            half = 2.0 * effort.std(ddof=1) / 60**0.5
            score = product([
                count_interval(came), Share(int(draw.binomial(came, lost)), came).interval(),
                Interval(effort.mean(), effort.mean() - half, effort.mean() + half),
            ])  # fmt: skip
            held += score.low <= customers * lost * 0.5 <= score.high
        assert 0.93 <= held / 2000 <= 0.975


@given(st.lists(intervals(), min_size=1, max_size=7))
def test_ranks_hold_together(places: list[Interval]) -> None:
    scores = ranked(places)
    assert sorted(s.rank for s in scores) == list(range(1, len(places) + 1))
    assert all(1 <= s.rank_low <= s.rank <= s.rank_high <= len(places) for s in scores)


@given(st.lists(intervals(), min_size=2, max_size=6, unique_by=lambda i: i.value))
def test_order_and_unit_change_no_rank(places: list[Interval]) -> None:
    told = {i: s.rank for i, s in zip(places, ranked(places), strict=True)}
    assert told == {i: s.rank for i, s in zip(places[::-1], ranked(places[::-1]), strict=True)}
    scaled = [Interval(4 * i.value, 4 * i.low, 4 * i.high) for i in places]
    assert [s.rank for s in ranked(scaled)] == [told[i] for i in places]


@given(intervals(), intervals(), intervals())
def test_a_product_is_in_no_order_and_in_any_unit(a: Interval, b: Interval, c: Interval) -> None:
    one, other = product([a, b, c]), product([c, a, b])
    assert (one.value, one.low, one.high) == (pytest.approx(other.value), pytest.approx(other.low), pytest.approx(other.high))
    assert one.low <= one.value <= one.high


def test_who_is_far_apart_is_ranked_surely_and_who_is_not_shares_the_ranks() -> None:
    scores = ranked([Interval(10, 8, 12), Interval(100, 90, 110), Interval(10.5, 8, 13)])
    assert [(s.rank, s.rank_low, s.rank_high) for s in scores] == [(3, 2, 3), (1, 1, 1), (2, 2, 3)]


def test_how_often_the_interval_of_a_rank_holds_the_rank() -> None:
    """Five places, two of them nearly equal: each place's true rank is in its interval in at least 95 % of 1,000 draws."""
    draw, truth, sd = np.random.default_rng(8), np.array([50.0, 48.0, 30.0, 20.0, 5.0]), 4.0
    held = np.zeros(5)
    for _ in range(1000):
        seen = draw.normal(truth, sd)
        scores = ranked([Interval(v, v - 1.96 * sd, v + 1.96 * sd) for v in seen])
        held += [s.rank_low <= at <= s.rank_high for at, s in enumerate(scores, 1)]
    assert (held / 1000 >= 0.95).all()
