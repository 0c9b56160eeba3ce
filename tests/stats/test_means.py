"""Means on a scale with ends: against weighted data laid out in full, and by exact coverage over all outcomes."""

from itertools import combinations
from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import multinomial
from scipy.stats import t as student

from gensvar.stats import Mean, Scale

FIVE = Scale(1, 5, 1)
POINTS = np.arange(1, 6)
SHAPES = [
    (0.2, 0.2, 0.2, 0.2, 0.2), (0.05, 0.10, 0.20, 0.40, 0.25), (0.02, 0.03, 0.05, 0.20, 0.70),
    (0.01, 0.01, 0.01, 0.07, 0.90), (0.45, 0.05, 0.0, 0.05, 0.45), (0.60, 0.20, 0.10, 0.05, 0.05),
]  # fmt: skip
scores = st.lists(st.integers(1, 5), min_size=1, max_size=60)


def mean_of(values: list[int] | np.ndarray) -> Mean:
    data = np.asarray(values, dtype=float)
    return Mean(len(data), float(data.sum()), float((data**2).sum()), FIVE)


def of_counts(counts: np.ndarray) -> Mean:
    return mean_of(np.repeat(POINTS, counts))


def outcomes(n: int) -> np.ndarray:
    """Every way in which n answers can fall on five points."""
    bars = np.array(list(combinations(range(n + 4), 4)))
    edges = np.hstack([np.full((len(bars), 1), -1), bars, np.full((len(bars), 1), n + 4)])
    return np.diff(edges) - 1


def laid_out(values: list[int], pseudo: float) -> tuple[float, float, float]:
    """Weighted mean, variance and weight with `pseudo` answers spread evenly over the scale, laid out one by one."""
    data = np.concatenate([np.asarray(values, dtype=float), POINTS])
    weights = np.concatenate([np.ones(len(values)), np.full(5, pseudo / 5)])
    centre = float(np.average(data, weights=weights))
    return centre, float((weights * (data - centre) ** 2).sum() / (weights.sum() - 1)), float(weights.sum())


@given(scores)
def test_interval_is_that_of_the_data_laid_out(values: list[int]) -> None:
    centre, variance, weight = laid_out(values, 2)
    half = student.ppf(0.975, weight - 1) * sqrt(variance / weight)
    found = mean_of(values).interval()
    assert (found.low, found.high) == pytest.approx((max(1, centre - half), min(5, centre + half)), abs=1e-9)
    assert found.value == pytest.approx(np.mean(values))


@given(scores, scores)
def test_difference_is_that_of_the_data_laid_out(a: list[int], b: list[int]) -> None:
    (x, var_x, m), (y, var_y, n) = laid_out(a, 1), laid_out(b, 1)
    error = sqrt(var_x / m + var_y / n)
    freedom = error**4 / ((var_x / m) ** 2 / (m - 1) + (var_y / n) ** 2 / (n - 1))
    found = mean_of(a).minus(mean_of(b))
    assert found.p == pytest.approx(2 * student.sf(abs(x - y) / error, freedom), abs=1e-9)
    half = student.ppf(0.975, freedom) * error
    assert (found.low, found.high) == pytest.approx((max(-4, x - y - half), min(4, x - y + half)), abs=1e-9)


@given(scores, scores, st.sampled_from([0.8, 0.95, 0.99]))
def test_p_agrees_with_the_interval(a: list[int], b: list[int], level: float) -> None:
    found = mean_of(a).minus(mean_of(b), level)
    apart = max(found.low, -found.high)
    if abs(apart) > 1e-9:
        assert (found.p < 1 - level) == (apart > 0)


@given(st.integers(1, 5), st.integers(1, 5000))
def test_equal_answers_are_never_certain(score: int, n: int) -> None:
    found = mean_of([score] * n).interval()
    assert 1 <= found.low <= found.value <= found.high <= 5
    assert found.low < found.high


def test_two_scales_are_never_mixed() -> None:
    other = Mean(3, 9, 30, Scale(1, 7, 1))
    with pytest.raises(ValueError, match="two scales"):
        mean_of([1, 2]) + other
    with pytest.raises(ValueError, match="two scales"):
        mean_of([1, 2]).minus(other)


@pytest.mark.parametrize(("n", "least"), [(5, 0.935), (10, 0.935)])
def test_exact_coverage(n: int, least: float) -> None:
    cells = outcomes(n)
    intervals = [of_counts(c).interval() for c in cells]
    for shape in SHAPES:
        truth = float(POINTS @ shape)
        inside = np.array([i.low <= truth <= i.high for i in intervals])
        assert multinomial.pmf(cells, n, shape)[inside].sum() > least


def test_simulated_coverage_at_thirty() -> None:
    """2,000 draws a shape, seed 5; the standard error of a coverage of 0.95 is 0.005."""
    rng = np.random.default_rng(5)
    for shape in SHAPES:
        truth = float(POINTS @ shape)
        found = [of_counts(c).interval() for c in rng.multinomial(30, shape, 2000)]
        assert np.mean([i.low <= truth <= i.high for i in found]) > 0.935


def test_simulated_false_alarms_of_the_difference() -> None:
    """1,500 pairs a shape, seed 6, one side ten times the other."""
    rng = np.random.default_rng(6)
    for shape in SHAPES:
        pairs = zip(rng.multinomial(30, shape, 1500), rng.multinomial(300, shape, 1500), strict=True)
        assert np.mean([of_counts(a).minus(of_counts(b)).p < 0.05 for a, b in pairs]) < 0.07
