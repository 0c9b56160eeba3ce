"""Log-odds of words: the formula, and how often a word is named that does not tell two groups apart."""

from math import log, sqrt

import numpy as np
import pytest

from gensvar.stats import log_odds


def test_the_formula() -> None:
    """Monroe, Colaresi & Quinn 2008, equations 15, 19, 22, by hand: α = 10 · (12, 18, 70)/100, y = (9, 6, 25) of 40 and (3, 12, 45) of 60."""
    found = log_odds([9, 6, 25], [3, 12, 45], prior=10)
    by_hand = log((9 + 1.2) / (40 + 10 - 9 - 1.2)) - log((3 + 1.2) / (60 + 10 - 3 - 1.2))
    assert found.value[0] == pytest.approx(by_hand, rel=1e-12)
    assert found.z[0] == pytest.approx(by_hand / sqrt(1 / 10.2 + 1 / 4.2), rel=1e-12)


def test_either_side_says_the_opposite_of_the_other() -> None:
    one, other = log_odds([9, 6, 25], [3, 12, 45]), log_odds([3, 12, 45], [9, 6, 25])
    assert np.allclose(one.value, -other.value)
    assert np.allclose(one.q, other.q)


def test_where_two_groups_speak_alike_hardly_ever_a_word_is_named() -> None:
    """400 pairs of groups that draw 300 words from one distribution: a word is named in at most 5 of 100 pairs, as q < 0.05 promises."""
    rng = np.random.default_rng(20261122)
    shares = 1 / np.arange(1, 301)
    shares /= shares.sum()
    named = 0
    for _ in range(400):
        a, b = rng.multinomial(2_000, shares), rng.multinomial(6_000, shares)
        said = (a + b) > 0
        named += bool((log_odds(a[said].tolist(), b[said].tolist()).q < 0.05).any())
    assert named <= 20


def test_a_word_that_one_group_says_thrice_as_often_is_named() -> None:
    a, b = [60, *[40] * 50], [20, *[40] * 50]
    found = log_odds(a, b)
    assert found.q[0] < 0.01
    assert found.value[0] > 0
    assert (found.q[1:] > 0.5).all()


@pytest.mark.parametrize(("a", "b"), [([1], [1]), ([0, 0], [1, 1]), ([1, 0], [1, 0])])
def test_what_it_cannot_be_asked(a: list[int], b: list[int]) -> None:
    with pytest.raises(ValueError, match="needs two words"):
        log_odds(a, b)
