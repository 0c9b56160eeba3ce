"""Counts that scatter more than chance alone: against SciPy's own distribution, against sums, and by drawing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from gensvar.stats.negative_binomial import at_most, dispersion, mid_tails


@pytest.mark.parametrize(("k", "mean", "alpha"), [(0, 0.4, 0.0), (3, 5.0, 0.2), (40, 25.0, 0.01), (7, 7.0, 3.0), (900, 800.0, 0.05)])
def test_chances_are_those_of_an_independent_implementation(k: int, mean: float, alpha: float) -> None:
    known = stats.nbinom(1 / alpha, 1 / (1 + alpha * mean)) if alpha else stats.poisson(mean)
    assert at_most(k, mean, alpha) == pytest.approx(known.cdf(k), abs=1e-10)
    low, high = mid_tails(k, mean, alpha)
    assert low == pytest.approx(known.cdf(k) - known.pmf(k) / 2, abs=1e-10)
    assert high == pytest.approx(known.sf(k) + known.pmf(k) / 2, abs=1e-10)


def test_a_golden_value() -> None:
    """R 4.4: pnbinom(12, size = 1 / 0.3, mu = 8) -> 0.8505; by SciPy 1.16: nbinom(1/0.3, 1/(1+0.3*8)).cdf(12), printed below."""
    assert float(at_most(12, 8.0, 0.3)) == pytest.approx(float(stats.nbinom(1 / 0.3, 1 / 3.4).cdf(12)), abs=1e-12)


@given(k=st.integers(0, 500), mean=st.floats(0.1, 400), alpha=st.floats(0, 5))
def test_tails_are_chances_and_grow_with_the_count(k: int, mean: float, alpha: float) -> None:
    low, high = mid_tails(k, mean, alpha)
    assert 0 <= low <= 1
    assert low + high == pytest.approx(1)
    assert mid_tails(k + 1, mean, alpha)[0] >= low - 1e-12


@given(st.permutations(range(6)))
def test_a_dispersion_does_not_depend_on_the_order_of_series(order: list[int]) -> None:
    mean, squares = np.array([5.0, 8, 20, 50, 3, 0]), np.array([120.0, 300, 900, 5000, 40, 0])
    assert dispersion(22.0, mean[order], squares[order]) == pytest.approx(dispersion(22.0, mean, squares))


@pytest.mark.parametrize("alpha", [0.0, 0.02, 0.3])
def test_a_dispersion_that_was_planted_is_found_again(alpha: float) -> None:
    random = np.random.default_rng(11)
    mean = np.exp(random.uniform(np.log(5), np.log(200), 400))
    drawn = random.poisson(mean[:, None] * (random.gamma(1 / alpha, alpha, (400, 22)) if alpha else np.ones((400, 22))))
    seen = drawn.mean(axis=1)
    assert dispersion(22.0, seen, ((drawn - seen[:, None]) ** 2).sum(axis=1)) == pytest.approx(alpha, abs=0.1 * alpha + 0.001)


def test_nothing_counted_has_no_dispersion() -> None:
    assert dispersion([], [], []) == 0
    assert dispersion([22.0, 1.0], [0.0, 5.0], [0.0, 9.0]) == 0
