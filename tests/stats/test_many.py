"""Adjusted p values and shrunken groups: against statsmodels, a published example, and simulation."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from gensvar.stats import Share, adjusted, shrunken

chances = st.lists(st.floats(0, 1), min_size=1, max_size=40)


@given(chances)
def test_statsmodels_agrees(p: list[float]) -> None:
    """statsmodels 0.14: multipletests(p, method="fdr_bh")[1]"""
    assert adjusted(p) == pytest.approx(multipletests(p, method="fdr_bh")[1], abs=1e-12)


@given(chances)
def test_never_below_p_and_in_the_same_order(p: list[float]) -> None:
    q = adjusted(p)
    assert all(a <= b + 1e-15 <= 1 + 1e-9 for a, b in zip(p, q, strict=True))
    pairs = sorted(zip(p, q, strict=True))
    assert all(a[1] <= b[1] + 1e-15 for a, b in pairwise(pairs))


def test_nothing_to_adjust() -> None:
    assert adjusted([]) == []
    assert adjusted([0.03]) == [0.03]


def test_false_discoveries_are_held() -> None:
    """Seed 8: 400 answers, each of 20 comparisons of shares, 4 of them truly 12 points apart; at most 1 in 20 of those named is false."""
    rng = np.random.default_rng(8)
    truth = np.r_[np.full(4, 0.62), np.full(16, 0.50)]
    rates, found = [], []
    for _ in range(400):
        a, b = rng.binomial(400, truth), rng.binomial(400, 0.50, 20)
        named = np.array(adjusted([Share(int(x), 400).minus(Share(int(y), 400)).p for x, y in zip(a, b, strict=True)])) < 0.05
        rates.append(named[4:].sum() / max(named.sum(), 1))
        found.append(named[:4].mean())
    assert np.mean(rates) < 0.06
    assert np.mean(found) > 0.6


def test_eight_schools() -> None:
    """Gelman et al., Bayesian Data Analysis, table 5.2 (effects 28, 8, −3 …, standard errors 15, 10 …); table 5.3's posterior medians."""
    effects = [28, 8, -3, 7, -1, 1, 18, 12]
    errors = np.array([15, 10, 16, 11, 9, 11, 10, 18])
    found = shrunken(effects, list(1e6 / errors**2), 1e6)
    assert found.values == pytest.approx([10, 8, 7, 8, 5, 6, 10, 8], abs=2.0)
    assert found.low[0] < 0 < found.high[0]


def test_shrinking_is_nearer_to_the_truth_and_covers() -> None:
    """Seed 9: 60 groups of 3–100 answers, true spread 10 points, noise of one answer 45 points."""
    rng = np.random.default_rng(9)
    covered, raw, drawn = [], [], []
    for _ in range(30):
        truth, n = rng.normal(70, 10, 60), rng.integers(3, 101, 60)
        seen = rng.normal(truth, 45 / np.sqrt(n))
        found = shrunken(seen.tolist(), n.tolist(), 45.0**2)
        covered.append(np.mean((found.low <= truth) & (truth <= found.high)))
        raw.append(np.sqrt(np.mean((seen - truth) ** 2)))
        drawn.append(np.sqrt(np.mean((found.values - truth) ** 2)))
    assert 0.92 < np.mean(covered) < 0.98
    assert np.mean(drawn) < 0.75 * np.mean(raw)


@given(st.lists(st.tuples(st.floats(-100, 100), st.integers(1, 500)), min_size=3, max_size=30))
def test_drawn_towards_the_middle_never_past_the_ends(groups: list[tuple[float, int]]) -> None:
    values, n = [g[0] for g in groups], [g[1] for g in groups]
    found = shrunken(values, n, 900.0)
    assert min(values) - 1e-6 <= found.values.min()
    assert found.values.max() <= max(values) + 1e-6
    assert (found.low <= found.values).all()


def test_too_few_groups_are_refused() -> None:
    with pytest.raises(ValueError, match="three groups"):
        shrunken([1.0, 2.0], [5, 5], 1.0)
