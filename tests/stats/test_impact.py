"""What a mean owes to features that come together: laws, agreement with statsmodels, and the coverage of its limits."""

from dataclasses import fields

import numpy as np
import pytest
import statsmodels.api as sm  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st

from gensvar.stats.impact import Numbers, Sums, impacts, left_out, nearness
from gensvar.stats.jackknife import Replicated

BLOCKS = 30


def sums_of(y: Numbers, x: Numbers, block: Numbers, stratum: Numbers, blocks: int = BLOCKS) -> Sums:
    """The slow second method: sums over answers one by one in NumPy."""
    at = np.eye(blocks)[block.astype(int)]
    of = np.eye(int(stratum.max()) + 1)[stratum.astype(int)]
    return Sums(
        at.T @ of, at.T @ (of * y[:, None]), np.einsum("nk,ns,np->ksp", at, of, x, optimize=True),
        np.einsum("nk,ns,np->ksp", at, of, x * y[:, None], optimize=True), np.einsum("nk,np,nq->kpq", at, x, x, optimize=True),
    )  # fmt: skip


def drawn(seed: int, n: int = 600, p: int = 4, strata: int = 3) -> tuple[Numbers, Numbers, Numbers, Numbers]:
    """Answers 0 or 1, topics that come together, blocks and strata."""
    rng = np.random.default_rng(seed)
    stratum = rng.integers(0, strata, n).astype(float)
    mood = rng.random(n)
    x = (rng.random((n, p)) < 0.1 + 0.3 * mood[:, None]).astype(float)
    y = (rng.random(n) < 0.8 - 0.1 * stratum / strata - x @ np.linspace(0.0, 0.3, p)).astype(float)
    return y, x, rng.integers(0, BLOCKS, n).astype(float), stratum


@given(seed=st.integers(0, 10_000), p=st.integers(1, 6))
def test_parts_and_baseline_add_up_to_the_mean(seed: int, p: int) -> None:
    y, x, block, stratum = drawn(seed, p=p)
    made = impacts(sums_of(y, x, block, stratum))
    assert made.mean[0] == pytest.approx(y.mean(), abs=1e-12)
    assert np.allclose(made.baseline + made.parts.sum(axis=1), made.mean, atol=1e-12)


@given(seed=st.integers(0, 10_000))
def test_the_order_of_features_and_answers_is_nothing(seed: int) -> None:
    y, x, block, stratum = drawn(seed)
    rng = np.random.default_rng(seed + 1)
    rows, columns = rng.permutation(len(y)), rng.permutation(x.shape[1])
    plain = impacts(sums_of(y, x, block, stratum)).parts[:, columns]
    turned = impacts(sums_of(y[rows], x[rows][:, columns], block[rows], stratum[rows])).parts
    assert np.allclose(plain, turned, atol=1e-9)


@given(seed=st.integers(0, 10_000), times=st.floats(0.1, 100), shift=st.floats(-10, 10))
def test_the_scale_of_the_value_is_only_a_scale(seed: int, times: float, shift: float) -> None:
    y, x, block, stratum = drawn(seed)
    plain, other = impacts(sums_of(y, x, block, stratum)), impacts(sums_of(times * y + shift, x, block, stratum))
    assert np.allclose(times * plain.parts, other.parts, atol=1e-7 * times)


@given(seed=st.integers(0, 10_000))
def test_a_feature_that_nobody_has_moves_nothing(seed: int) -> None:
    y, x, block, stratum = drawn(seed)
    wider = np.column_stack([x[:, :2], np.zeros(len(y)), x[:, 2:]])
    plain, other = impacts(sums_of(y, x, block, stratum)), impacts(sums_of(y, wider, block, stratum))
    assert np.all(other.parts[:, 2] == 0)
    assert np.allclose(plain.parts, np.delete(other.parts, 2, axis=1), atol=1e-9)


def test_sums_add_and_fold() -> None:
    y, x, block, stratum = drawn(5)
    half = len(y) // 2
    parts = [sums_of(y[part], x[part], block[part], stratum[part]) for part in (slice(0, half), slice(half, None))]
    whole, added = sums_of(y, x, block, stratum), parts[0] + parts[1]
    assert all(np.allclose(getattr(whole, f.name), getattr(added, f.name)) for f in fields(Sums))
    fold = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 0.0]])
    folded, direct = whole.at(fold), sums_of(y, x @ fold, block, stratum)
    assert all(np.allclose(getattr(folded, f.name), getattr(direct, f.name)) for f in fields(Sums))


def test_slopes_are_those_of_statsmodels() -> None:
    """statsmodels 0.14: OLS of y on the features and a dummy for each stratum."""
    y, x, block, stratum = drawn(11, n=2000, p=5)
    dummies = np.eye(3)[stratum.astype(int)]
    beside = sm.OLS(y, np.column_stack([x, dummies])).fit().params[:5]
    assert np.allclose(impacts(sums_of(y, x, block, stratum)).slope[0], beside, atol=1e-9)


def test_two_topics_always_together_are_told_once_and_by_leaving_out_twice() -> None:
    """1,000 answers, 200 of which speak of both topics and are 0.5 lower: the score owes 0.1 to the pair."""
    rng = np.random.default_rng(2)
    both = (np.arange(1000) < 200).astype(float)
    y = 0.9 - 0.5 * both
    made = impacts(sums_of(y, np.column_stack([both, both]), rng.integers(0, BLOCKS, 1000).astype(float), np.zeros(1000)))
    arithmetic = left_out(1000, y.sum(), 200, y[both > 0].sum())
    assert made.parts[0].sum() == pytest.approx(-0.1)
    assert made.parts[0] == pytest.approx([-0.05, -0.05])
    assert made.baseline[0] == pytest.approx(0.9)
    assert 2 * arithmetic == pytest.approx(-0.2)


def test_what_only_comes_along_is_not_blamed() -> None:
    """The second topic lowers nothing, but is mostly mentioned with the first: leaving it out blames it, least squares does not."""
    rng = np.random.default_rng(3)
    first = (rng.random(20_000) < 0.3).astype(float)
    second = (rng.random(20_000) < 0.1 + 0.5 * first).astype(float)
    y = 0.8 - 0.4 * first + rng.normal(0, 0.2, 20_000)
    made = impacts(sums_of(y, np.column_stack([first, second]), rng.integers(0, BLOCKS, 20_000).astype(float), np.zeros(20_000)))
    assert abs(made.parts[0, 1]) < 0.003
    assert left_out(len(y), y.sum(), second.sum(), y[second > 0].sum()) < -0.03


def test_who_comments_is_held_equal() -> None:
    """The topic is spoken of in the sour stratum and lowers nothing."""
    rng = np.random.default_rng(4)
    stratum = (rng.random(20_000) < 0.5).astype(float)
    x = (rng.random(20_000) < 0.1 + 0.4 * stratum).astype(float)[:, None]
    y = 0.8 - 0.3 * stratum + rng.normal(0, 0.2, 20_000)
    block = rng.integers(0, BLOCKS, 20_000).astype(float)
    held, not_held = (impacts(sums_of(y, x, block, s)).parts[0, 0] for s in (stratum, np.zeros(20_000)))
    assert abs(held) < 0.003
    assert not_held < -0.03


def test_leave_out_is_the_formula_of_the_field() -> None:
    """Own calculation from t·(T − O)/(N − t) with t = 120, N = 1,000, O = 32, T = −15."""
    assert left_out(1000, 32_000, 120, -1800) == pytest.approx(120 * (-15 - 32) / (1000 - 120))
    assert round(left_out(1000, 32_000, 120, -1800), 2) == -6.41


def test_too_few_blocks_are_refused() -> None:
    y, x, block, stratum = drawn(6)
    with pytest.raises(ValueError, match="10 blocks"):
        impacts(sums_of(y, x, block % 9, stratum))


def test_nearness_is_a_correlation_within_strata() -> None:
    y, x, block, stratum = drawn(8, n=3000)
    centred = x - np.array([x[stratum == s].mean(axis=0) for s in range(3)])[stratum.astype(int)]
    assert np.allclose(nearness(sums_of(y, x, block, stratum)), np.corrcoef(centred.T), atol=1e-9)


def test_limits_hold_the_truth_as_often_as_they_say() -> None:
    """400 samples of people who answer one to four times, three topics that come together: 95 % within what 400 draws allow."""
    hits, truth = np.zeros(3), np.array([-0.4, 0.0, 0.2])
    for seed in range(400):
        rng = np.random.default_rng(seed)
        person = np.repeat(np.arange(300), rng.integers(1, 5, 300))
        n, lean = len(person), rng.normal(0, 0.3, 300)[person]
        mood = rng.random(300)[person]
        x = (rng.random((n, 3)) < np.array([0.1, 0.05, 0.15]) + 0.2 * mood[:, None]).astype(float)
        y = 0.5 + x @ truth + lean * (0.5 + x[:, 0]) + rng.normal(0, 0.3, n)
        block = np.random.default_rng(seed).permutation(300)[person] % BLOCKS
        made = impacts(sums_of(y, x, block.astype(float), np.zeros(n)))
        aim = truth * np.array([0.2, 0.15, 0.25])
        low, high = Replicated.of(made.parts).limits()
        hits += (low <= aim) & (aim <= high)
    assert np.all((hits / 400 > 0.93) & (hits / 400 < 0.975)), hits / 400
