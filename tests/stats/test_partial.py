"""A flag beside controls: against statsmodels, by simulation, and by laws."""

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st

from gensvar.stats.partial import Sums, gaps

BLOCKS = 32
Floats = np.ndarray


def sums(z: Floats, flags: Floats, y: Floats, block: Floats) -> Sums:
    """Added up by block. z: row × control, the first 1; flags: row × flag."""
    parts: list[list[Floats]] = [[], [], [], [], []]
    for b in range(BLOCKS):
        here = block == b
        zb, fb, yb = z[here], flags[here], y[here]
        for kept, part in zip(parts, (zb.T @ zb, zb.T @ yb, fb.sum(axis=0), zb.T @ fb, fb.T @ yb), strict=True):
            kept.append(part)
    return Sums(*(np.stack(part) for part in parts))


def heavy(rng: np.random.Generator, people: int, effect: float = 0.0, spans: int = 2) -> tuple[Floats, Floats, Floats, Floats]:
    """Heavy users use the feature more, and fare better for that alone; each comes in several spans. Controls: 1, use."""
    person = np.repeat(np.arange(people), spans)
    lasting, use = rng.normal(size=people)[person], rng.normal(size=people)[person] + 0.5 * rng.normal(size=people * spans)
    flag = (use + rng.normal(size=len(use)) > 0.3).astype(float)
    y = 0.8 * use + effect * flag + 0.7 * lasting + rng.normal(size=len(use))
    return np.column_stack([np.ones(len(use)), use]), flag[:, None], y, rng.integers(0, BLOCKS, people)[person]


def test_it_is_the_coefficient_of_least_squares() -> None:
    """statsmodels 0.14: OLS(y, [controls, flag]).fit().params[-1]"""
    z, flags, y, block = heavy(np.random.default_rng(1), 400, 0.3)
    found, other = gaps(sums(z, flags, y, block)), sm.OLS(y, np.column_stack([z, flags])).fit()
    assert found.value[0] == pytest.approx(other.params[-1], rel=1e-6)
    plain = gaps(sums(z, flags, y, block).only([0]))
    assert plain.value[0] == pytest.approx(y[flags[:, 0] == 1].mean() - y[flags[:, 0] == 0].mean(), rel=1e-6)


def test_its_error_is_near_that_which_is_robust_by_block() -> None:
    """statsmodels 0.14: fit(cov_type="cluster"). The jackknife is a little larger, as it should be."""
    z, flags, y, block = heavy(np.random.default_rng(2), 1000, 0.3)
    found = gaps(sums(z, flags, y, block))
    other = sm.OLS(y, np.column_stack([z, flags])).fit(cov_type="cluster", cov_kwds={"groups": block})
    assert (found.high[0] - found.low[0]) / 2 / 2.0395 == pytest.approx(other.bse[-1], rel=0.1)


def test_intervals_cover_the_truth_and_the_naive_comparison_does_not() -> None:
    """400 draws: Monte Carlo error 1.1 points. Each person comes twice; heavy users use everything."""
    rng, held, plain = np.random.default_rng(3), 0, 0
    for _ in range(400):
        both = sums(*heavy(rng, 150, 0.2))
        one, naive = gaps(both), gaps(both.only([0]))
        held += one.low[0] <= 0.2 <= one.high[0]
        plain += naive.low[0] <= 0.2 <= naive.high[0]
    assert 0.93 <= held / 400 <= 0.97
    assert plain / 400 < 0.05


@given(st.integers(0, 10**6), st.floats(0.01, 100), st.floats(-50, 50))
def test_another_unit_of_the_outcome_changes_nothing_else(seed: int, times: float, shift: float) -> None:
    z, flags, y, block = heavy(np.random.default_rng(seed), 60)
    one, other = gaps(sums(z, flags, y, block)), gaps(sums(z, flags, times * y + shift, block))
    assert other.value[0] == pytest.approx(times * one.value[0], rel=1e-4, abs=1e-4 * times + 1e-6 * abs(shift))
    assert other.p[0] == pytest.approx(one.p[0], abs=1e-3)


def test_a_control_that_says_the_same_twice_breaks_nothing() -> None:
    z, flags, y, block = heavy(np.random.default_rng(4), 300)
    one, twice = (gaps(sums(np.column_stack(c), flags, y, block)) for c in ([z], [z, z[:, 1:]]))
    assert twice.value[0] == pytest.approx(one.value[0], abs=1e-5)


def test_a_flag_that_everybody_has_or_that_a_control_tells_is_no_number() -> None:
    z, flags, y, block = heavy(np.random.default_rng(5), 100)
    for same in (np.ones_like(flags), z[:, 1:] * 0):
        found = gaps(sums(z, same, y, block))
        assert np.isnan(found.value[0])
        assert found.p[0] == 1.0


def test_one_block_is_refused() -> None:
    one = Sums(np.ones((1, 1, 1)), np.ones((1, 1)), np.ones((1, 1)), np.ones((1, 1, 1)), np.ones((1, 1)))
    with pytest.raises(ValueError, match="two blocks"):
        gaps(one)
