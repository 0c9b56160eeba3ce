"""Hazard ratios: the formulas beside statsmodels and lifelines, laws, and what their intervals cover."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, hypergeom, norm, poisson
from statsmodels.stats.contingency_tables import StratifiedTable  # type: ignore[import-untyped]

from gensvar.stats.hazards import by_moments, deflated, hazards, hazards_by, inflation

RNG = np.random.default_rng


def cells(rng: np.random.Generator, terms: int, count: int, ratio: float = 1.0, size: int = 400, base: float = 0.03) -> list[np.ndarray]:
    """n1, d1, n, d: cells in which a fifth are exposed, with a base rate of their own."""
    n1 = rng.integers(size // 10, size // 3, (terms, count))
    n0 = rng.integers(size // 2, size, (terms, count))
    rate = base * rng.uniform(0.3, 2.0, count)
    d1, d0 = rng.binomial(n1, rate * ratio), rng.binomial(n0, rate)
    return [n1, d1, n1 + n0, d1 + d0]


def test_the_formulas_are_those_of_statsmodels() -> None:
    """statsmodels 0.14 StratifiedTable: the Mantel–Haenszel test without correction; the ratio by hand (Rothman et al., 3rd ed., 15-18 and 15-20)."""
    n1, d1, n, d = cells(RNG(1), 1, 6)
    tables = [[[d1[0, i], n1[0, i] - d1[0, i]], [d[0, i] - d1[0, i], n[0, i] - n1[0, i] - d[0, i] + d1[0, i]]] for i in range(6)]
    found = hazards(n1, d1, n, d)
    z = (found.observed - found.expected) / np.sqrt(found.variance)
    assert z[0] ** 2 == pytest.approx(StratifiedTable([np.array(t, float) for t in tables]).test_null_odds(correction=False).statistic, rel=1e-9)
    n0, d0 = n - n1, d - d1
    by_hand = (d1 * n0 / n).sum() / (d0 * n1 / n).sum()
    variance = ((d * n1 * n0 - d1 * d0 * n) / n**2).sum() / ((d1 * n0 / n).sum() * (d0 * n1 / n).sum())
    assert found.ratio[0] == pytest.approx(by_hand, rel=1e-12)
    assert np.log(found.high[0] / found.low[0]) == pytest.approx(2 * norm.ppf(0.975) * np.sqrt(variance), rel=1e-9)


def test_one_table_by_hand() -> None:
    """10 of 100 against 20 of 400: ratio 2; ln RR variance 1/10 − 1/100 + 1/20 − 1/400 = 0.1375."""
    found = hazards(np.array([[100]]), np.array([[10]]), np.array([500]), np.array([30]))
    assert found.ratio[0] == pytest.approx(2.0)
    assert np.log(found.high[0] / found.ratio[0]) == pytest.approx(norm.ppf(0.975) * np.sqrt(0.1375), rel=1e-12)
    assert found.expected[0] == pytest.approx(6.0)


def mid_p(below: np.ndarray, at: np.ndarray) -> np.ndarray:
    return np.asarray(np.minimum(1, 2 * np.minimum(below + at / 2, 1 - below - at / 2)))


def test_where_events_are_few_p_is_the_mid_p() -> None:
    """Of the Poisson with mean 10, 20 and 50, and of two binomials: within a tenth where p > 0.001 and ten are expected, never far too small."""
    for mean in (10.0, 20.0, 50.0):
        k = np.arange(0.0, 3 * mean)
        here, there = by_moments(k, *(np.full(len(k), mean),) * 3)[1], mid_p(poisson.cdf(k - 1, mean), poisson.pmf(k, mean))
        assert np.allclose(here[there > 1e-3], there[there > 1e-3], rtol=0.1)
        assert (here > 0.9 * there).all()
    for n, share in ((40, 0.25), (20, 0.7)):
        k, spread = np.arange(0.0, n + 1), n * share * (1 - share)
        moments = (np.full(len(k), m) for m in (n * share, spread, spread * (1 - 2 * share)))
        here, there = by_moments(k, *moments)[1], mid_p(binom.cdf(k - 1, n, share), binom.pmf(k, n, share))
        assert np.allclose(here[there > 0.01], there[there > 0.01], rtol=0.1)
        assert (here > 0.9 * there).all()


def test_the_third_moment_is_that_of_the_hypergeometric() -> None:
    """scipy 1.16 hypergeom(60, 20, 15): skewness 0.0887; the p that follows is that of its own mid-p."""
    law = hypergeom(60, 20, 15)
    mean, variance, skew = (float(v) for v in law.stats("mvs"))
    k = np.arange(0.0, 16)
    found = hazards(np.full((16, 1), 15), k[:, None], np.array([60]), np.array([20]))
    assert np.allclose(found.expected, mean)
    assert np.allclose(found.variance, variance)
    assert np.allclose(found.p, by_moments(k, *(np.full(16, m) for m in (mean, variance, skew * variance**1.5)))[1])


def test_at_large_counts_it_is_the_normal_test_far_out_too() -> None:
    found = by_moments(np.array([10_300.0, 9_700.0, 12_000.0]), np.full(3, 10_000.0), np.full(3, 8_000.0), np.full(3, 5_000.0))
    z = np.array([300, -300, 2_000]) / np.sqrt(8_000)
    assert np.allclose(found[0], z, rtol=0.1)
    assert found[1][2] < 1e-80


def test_cells_without_exposed_may_be_left_out() -> None:
    n1, d1, n, d = cells(RNG(4), 5, 6)
    n1[:, ::2] = d1[:, ::2] = 0
    which, at = np.nonzero(n1)
    sparse = hazards_by(which, 5, *(a[which, at] for a in (n1, d1, n, d)))
    assert np.allclose(sparse.p, hazards(n1, d1, n, d).p)
    assert np.allclose(sparse.high, hazards(n1, d1, n, d).high)


@given(st.integers(0, 10_000), st.integers(2, 6))
def test_cells_add_in_any_order_and_empty_ones_say_nothing(seed: int, count: int) -> None:
    n1, d1, n, d = cells(RNG(seed), 3, count)
    whole, order = hazards(n1, d1, n, d), RNG(seed + 1).permutation(count)
    turned = hazards(n1[:, order], d1[:, order], n[:, order], d[:, order])
    padded = hazards(*(np.pad(a, ((0, 0), (0, 2))) for a in (n1, d1, n, d)))
    for name in ("observed", "expected", "variance", "ratio", "low", "high", "p"):
        assert np.allclose(getattr(whole, name), getattr(turned, name), equal_nan=True)
        assert np.allclose(getattr(whole, name), getattr(padded, name), equal_nan=True)


@given(st.integers(0, 10_000))
def test_seen_from_the_other_side_the_ratio_is_turned_over(seed: int) -> None:
    n1, d1, n, d = cells(RNG(seed), 4, 5, base=0.1)
    one, other = hazards(n1, d1, n, d), hazards(n - n1, d - d1, n, d)
    assert np.allclose(one.ratio * other.ratio, 1)
    assert np.allclose(one.low * other.high, 1)
    assert np.allclose(one.p, other.p)


def test_an_exposure_of_which_nothing_came_has_an_upper_limit() -> None:
    found = hazards(np.array([[200, 100]]), np.array([[0, 0]]), np.array([[1_000, 900]]), np.array([[50, 40]]))
    assert found.ratio[0] == found.low[0] == 0
    assert 0 < found.high[0] < 1
    assert found.p[0] < 0.01


def test_where_the_comparator_met_nothing_there_is_no_ratio() -> None:
    found = hazards(np.array([[10]]), np.array([[3]]), np.array([[30]]), np.array([[3]]))
    assert np.isnan(found.ratio[0])
    assert found.p[0] < 0.1
    nothing = hazards(np.array([[10]]), np.array([[0]]), np.array([[30]]), np.array([[0]]))
    assert np.isnan(nothing.p[0])


@pytest.mark.parametrize("ratio", [0.7, 1.0, 1.4, 2.0])
@pytest.mark.parametrize("size", [60, 400])
def test_intervals_cover(ratio: float, size: int) -> None:
    """4,000 draws of 12 cells: 10 to 100 events expected among the exposed."""
    found = hazards(*cells(RNG(round(ratio * 10) + size), 4_000, 12, ratio, size, base=0.06))
    assert 0.935 <= np.mean((found.low <= ratio) & (ratio <= found.high)) <= 0.97


@pytest.mark.parametrize("size", [60, 400])
def test_false_alarms_are_as_many_as_promised(size: int) -> None:
    found = hazards(*cells(RNG(size), 8_000, 12, 1.0, size, base=0.06))
    assert np.mean(found.p < 0.05) == pytest.approx(0.05, abs=0.008)
    assert np.mean(found.p < 0.005) == pytest.approx(0.005, abs=0.0025)
    assert inflation(found.z) == pytest.approx(1.0, abs=0.08)


def test_inflation_is_found_and_taken_away() -> None:
    z = RNG(3).normal(size=20_000) * np.sqrt(1.5)
    found = inflation(z)
    assert found == pytest.approx(1.5, abs=0.06)
    assert np.mean(deflated(z, found)[1] < 0.05) == pytest.approx(0.05, abs=0.006)
    assert np.allclose(deflated(z, 0.8)[0], z)
    with pytest.raises(ValueError, match="one test"):
        inflation(np.array([np.nan]))


def test_more_exposed_than_there_are_is_refused() -> None:
    with pytest.raises(ValueError, match="part of all"):
        hazards(np.array([[5]]), np.array([[1]]), np.array([[4]]), np.array([[2]]))
