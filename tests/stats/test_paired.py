"""Pairs: t over the differences with two pseudo-pairs, and how often its interval holds the truth."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from gensvar.stats import Pairs, Scale

FIVE = Scale(1, 5, 1)
DIFFERENCES = st.lists(st.integers(-4, 4), min_size=1, max_size=40)


def pairs(differences: list[int]) -> Pairs:
    return Pairs(len(differences), float(sum(differences)), float(sum(d * d for d in differences)), FIVE)


@given(DIFFERENCES)
def test_it_is_students_t_of_the_pairs_and_two_pseudo_pairs(differences: list[int]) -> None:
    """Slower method: scipy.stats.ttest_1samp over the differences with ±s beside them, s² = 2 of an even spread over 1…5."""
    found = pairs(differences).difference()
    padded = [*differences, FIVE.spread**0.5, -(FIVE.spread**0.5)]
    slow = stats.ttest_1samp(padded, 0.0)
    limits = slow.confidence_interval(0.95)
    assert found.value == pytest.approx(np.mean(differences))
    assert found.p == pytest.approx(slow.pvalue, rel=1e-9)
    assert found.low == pytest.approx(max(-4, min(found.value, limits.low)))
    assert found.high == pytest.approx(min(4, max(found.value, limits.high)))


@given(DIFFERENCES, DIFFERENCES)
def test_parts_make_the_whole(a: list[int], b: list[int]) -> None:
    assert pairs(a) + pairs(b) == pairs(a + b)


@given(DIFFERENCES)
def test_the_other_way_round_is_the_opposite(differences: list[int]) -> None:
    one, other = pairs(differences).difference(), pairs([-d for d in differences]).difference()
    assert (one.value, one.low, one.high) == pytest.approx((-other.value, -other.high, -other.low))
    assert one.p == pytest.approx(other.p)


def test_it_holds_the_truth_19_times_in_20() -> None:
    """Expected and delivered scores of 30 people who move together (mean difference −0.60): 4,000 draws, coverage 0.94…0.97."""
    rng = np.random.default_rng(20261122)
    shares = np.array([0.02, 0.03, 0.10, 0.45, 0.30, 0.10])  # of the differences −3, −2 … 2
    values = np.array([-3, -2, -1, 0, 1, 2]) - 1
    truth = float(shares @ values)
    drawn = rng.choice(values, (4_000, 30), p=shares)
    held = 0
    for row in drawn:
        found = Pairs(30, float(row.sum()), float((row * row).sum()), FIVE).difference()
        held += found.low <= truth <= found.high
    assert 0.94 <= held / 4_000 <= 0.98


def test_pairs_on_two_scales_do_not_add() -> None:
    with pytest.raises(ValueError, match="two scales"):
        Pairs(1, 1, 1, FIVE) + Pairs(1, 1, 1, Scale(0, 10, 1))
