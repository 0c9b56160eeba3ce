"""Contrasts of many groups at once: against statsmodels, by hand, by laws, and how often they call what is not there."""

from math import erfc, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.stats import t as student
from statsmodels.stats.weightstats import ttest_ind  # type: ignore[import-untyped]

from gensvar.stats import Contrasts, Prior, Share, Sums, contrasts

SHARES = Prior(4.0, 0.5, 0.5)
BOTH_SIDES = np.array([True, False])


def shares(k: object, n: object) -> Sums:
    """Counts of good answers, groups × stretches."""
    good, every = np.atleast_2d(np.asarray(k, float)), np.atleast_2d(np.asarray(n, float))
    return Sums(every, good, good)


def found(one: Contrasts) -> tuple[float, float, float, float]:
    return float(one.value[0]), float(one.low[0]), float(one.high[0]), float(one.p[0])


def test_a_difference_of_differences_of_shares() -> None:
    """By hand, Price & Bonett 2004: of four groups each gets half a good and half a bad answer: p̃ = (k + ½)/(n + 1), variance p̃(1 − p̃)/(n + 1)."""
    k, n = (60, 80, 150, 160), (100, 100, 200, 200)
    value, low, high, p = found(contrasts(shares([[60, 80]], [[100, 100]]), shares([[150, 160]], [[200, 200]]), BOTH_SIDES, SHARES))
    tilde = [(a + 0.5) / (b + 1) for a, b in zip(k, n, strict=True)]
    centre = tilde[0] - tilde[1] - tilde[2] + tilde[3]
    error = sqrt(sum(q * (1 - q) / (b + 1) for q, b in zip(tilde, n, strict=True)))
    assert value == pytest.approx((0.6 - 0.8) - (0.75 - 0.8))
    assert [low, high] == pytest.approx([centre - 1.959964 * error, centre + 1.959964 * error], abs=1e-7)
    assert p == pytest.approx(erfc(abs(centre) / error / sqrt(2)))


def test_on_one_side_it_is_agresti_and_caffo() -> None:
    """Agresti & Caffo 2000, Amer. Statist. 54:280, by hand: one good and one bad answer on each side: 18/22 − 11/22 ± 1.96 √(…)."""
    _, low, high, _ = found(contrasts(shares([[17]], [[20]]), shares([[10]], [[20]]), np.array([True]), SHARES))
    half = 1.959964 * sqrt(18 / 22 * 4 / 22 / 22 + 11 / 22 * 11 / 22 / 22)
    assert [low, high] == pytest.approx([7 / 22 - half, 7 / 22 + half])


def test_means_are_welchs() -> None:
    """statsmodels 0.14: ttest_ind(a, b, usevar="unequal") -> p; without pseudo-answers and with one stretch it is the very same test."""
    rng = np.random.default_rng(3)
    a, b = rng.normal(5, 1, 40), rng.normal(5.4, 2, 60)
    one, other = (Sums(np.array([[len(x)]], float), np.array([[x.sum()]]), np.array([[(x**2).sum()]])) for x in (a, b))
    value, low, high, p = found(contrasts(one, other, np.array([True]), Prior(0.0, 0.0, 0.0, spread=True)))
    t, wanted, freedom = ttest_ind(a, b, usevar="unequal")
    half = student.ppf(0.975, freedom) * abs(value / t)
    assert [value, p] == pytest.approx([a.mean() - b.mean(), wanted])
    assert [low, high] == pytest.approx([value - half, value + half])


def test_unrest_between_stretches_widens_and_calm_changes_nothing() -> None:
    calm = contrasts(shares([[40] * 10], [[50] * 10]), shares([[35] * 10], [[50] * 10]), np.ones(10, np.bool_), SHARES)
    restless = contrasts(shares([[30, 50] * 5], [[50] * 10]), shares([[45, 25] * 5], [[50] * 10]), np.ones(10, np.bool_), SHARES)
    one = contrasts(shares([[400]], [[500]]), shares([[350]], [[500]]), np.array([True]), SHARES)
    assert found(calm) == pytest.approx(found(one))
    assert restless.value == pytest.approx(calm.value)
    assert restless.high - restless.low > 2 * (calm.high - calm.low)
    assert restless.p > 0.05 > calm.p


def test_the_unrest_is_liang_and_zegers() -> None:
    """By hand: Σ of squared (stretch's error ÷ n), times B/(B − 1), with t on B − 1."""
    k, n, other, m = np.array([9.0, 3, 8, 2, 8, 3]), np.full(6, 10.0), np.array([5.0, 5, 4, 6, 5, 5]), np.full(6, 10.0)
    value, low, high, p = found(contrasts(shares([k], [n]), shares([other], [m]), np.ones(6, np.bool_), SHARES))
    errors = (k - k.sum() / 60 * n) / 60 - (other - other.sum() / 60 * m) / 60
    error = sqrt((errors**2).sum() * 6 / 5)
    assert value == pytest.approx(0.05)
    assert [low, high] == pytest.approx([0.05 - 2.5706 * error, 0.05 + 2.5706 * error], abs=1e-4)
    assert p == pytest.approx(2 * student.sf(0.05 / error, 5))


def test_an_empty_group_is_never_called() -> None:
    one = contrasts(shares([[0, 0], [10, 0]], [[0, 0], [20, 20]]), shares([[5, 9], [10, 3]], [[20, 20], [20, 20]]), BOTH_SIDES, SHARES)
    assert one.p[0] == 1.0
    assert 0 < one.p[1] < 1


counted = hnp.arrays(np.int64, (3, 8), elements=st.integers(0, 40))


@given(counted, counted, st.permutations(range(3)))
def test_rows_know_nothing_of_each_other_and_sides_turn_the_sign(k: np.ndarray, other: np.ndarray, order: list[int]) -> None:
    sums, rest = shares(k, k + 5), shares(other, other + 9)
    this = np.arange(8) < 4
    at = np.array(order)
    one, turned = contrasts(sums, rest, this, SHARES), contrasts(sums, rest, ~this, SHARES)
    shuffled = contrasts(sums.at(at), rest.at(at), this, SHARES)
    assert one.value == pytest.approx(-turned.value)
    assert np.r_[one.low, one.p] == pytest.approx(np.r_[-turned.high, turned.p])
    assert one.value[order] == pytest.approx(shuffled.value)
    assert one.p[order] == pytest.approx(shuffled.p)


@given(counted, counted)
def test_sums_add_and_subtract(k: np.ndarray, other: np.ndarray) -> None:
    a, b = shares(k, k + 5), shares(other, other + 9)
    back = (a + b) - b
    assert (back.n == a.n).all()
    assert (back.total == a.total).all()


@pytest.mark.parametrize(("wobble", "most"), [(0.0, 0.06), (0.25, 0.07)])
def test_what_is_not_there_is_rarely_called(wobble: float, most: float) -> None:
    """Seed 12: 4,000 pairs of groups of 40 answers a week, 13 weeks a side, no true change; each group moves with its own weeks where wobble > 0.

    Called at 5 %: 3.6 % and 5.0 %. Taken one by one, without the unrest, it would be 4.8 % and 11 %.
    """
    rng = np.random.default_rng(12)
    this = np.arange(26) < 13

    def group() -> Sums:
        logit = 1.0 + rng.normal(0, wobble, (4000, 26))
        return shares(rng.binomial(40, 1 / (1 + np.exp(-logit))), np.full((4000, 26), 40.0))

    called = contrasts(group(), group(), this, SHARES).p < 0.05
    assert called.mean() < most
    assert called.mean() > 0.02


def test_where_both_are_shares_it_agrees_with_newcombe() -> None:
    """A second method: Newcombe's hybrid score limits, 300 of 500 less 250 of 500; within 0.002 of each other at this size."""
    _, low, high, p = found(contrasts(shares([[300]], [[500]]), shares([[250]], [[500]]), np.array([True]), SHARES))
    other = Share(300, 500).minus(Share(250, 500))
    assert [low, high] == pytest.approx([other.low, other.high], abs=0.002)
    assert p == pytest.approx(other.p, abs=2e-4)
