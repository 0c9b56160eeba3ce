"""Shares of clusters: beside a jackknife and Wilson's, and how often the intervals hold the truth."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from gensvar.stats import Share
from gensvar.stats.clustered import Clustered

Ints = NDArray[np.int64]


def of(x: Ints, y: Ints) -> Clustered:
    return Clustered(int(x.sum()), int(y.sum()), int((x * x).sum()), int((x * y).sum()), int((y * y).sum()))


pairs = st.lists(st.integers(1, 9).flatmap(lambda x: st.tuples(st.just(x), st.integers(0, x))), min_size=2, max_size=60)


def test_the_variance_is_that_of_a_jackknife_over_clusters() -> None:
    """A second method: leaving out one cluster at a time, 400 clusters. Cochran 1977, section 6.17: they agree to first order."""
    draw = np.random.default_rng(5)
    x = draw.integers(1, 8, 400)
    y = draw.binomial(x, draw.beta(2, 3, 400))
    found = of(x, y)
    without = (y.sum() - y) / (x.sum() - x)
    jackknife = 399 / 400 * ((without - without.mean()) ** 2).sum()
    p = found.value
    assert p * (1 - p) / found.effective == pytest.approx(jackknife, rel=0.02)


@given(st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_clusters_of_one_are_a_share(kn: tuple[int, int]) -> None:
    k, n = kn
    alone, plain = Clustered(n, k, n, k, k).interval(), Share(k, n).interval()
    assert (alone.low, alone.high) == (pytest.approx(plain.low, abs=1e-9), pytest.approx(plain.high, abs=1e-9))


@given(pairs, pairs)
def test_parts_make_the_whole_and_order_changes_nothing(a: list[tuple[int, int]], b: list[tuple[int, int]]) -> None:
    both = np.array([*a, *b])
    first, second = (of(*np.array(part).T) for part in (a, b))
    assert first + second == of(*both.T) == of(*both[::-1].T)
    assert (first + second) - second == first
    assert first.missing.missing == first
    assert first.missing.effective == pytest.approx(first.effective)


@given(pairs)
def test_the_interval_holds_the_share_and_is_never_narrower_than_wilsons(a: list[tuple[int, int]]) -> None:
    found = of(*np.array(a).T)
    own, plain = found.interval(), Share(found.y, found.x).interval()
    assert 0 <= own.low <= own.value <= own.high <= 1
    assert own.high - own.low >= plain.high - plain.low - 1e-9


def simulated(draw: np.random.Generator, parties: int, alike: float, share: float) -> Clustered:
    """Errands of parties, 1 to 12 each, whose own shares are spread (intraclass correlation `alike`)."""
    x = 1 + draw.poisson(2.0, parties)
    weight = (1 - alike) / alike
    return of(x, draw.binomial(x, draw.beta(share * weight, (1 - share) * weight, parties)))


@pytest.mark.parametrize(("alike", "share"), [(0.05, 0.9), (0.3, 0.6), (0.6, 0.8)])
def test_how_often_the_interval_holds_the_truth(alike: float, share: float) -> None:
    """Of 1,500 draws of 150 parties: 95 % ± 2. Wilson's, which takes errands to be independent, falls short where parties are much alike."""
    draw = np.random.default_rng(11)
    held = [c.low <= share <= c.high for c in (simulated(draw, 150, alike, share).interval() for _ in range(1500))]
    assert 0.93 <= np.mean(held) <= 0.97


def test_how_often_equal_groups_are_said_to_differ() -> None:
    draw = np.random.default_rng(12)
    told = [simulated(draw, 120, 0.4, 0.75).minus(simulated(draw, 90, 0.4, 0.75)).p < 0.05 for _ in range(800)]
    plain = []
    for _ in range(400):
        a, b = simulated(draw, 120, 0.4, 0.75), simulated(draw, 90, 0.4, 0.75)
        plain.append(Share(a.y, a.x).minus(Share(b.y, b.x)).p < 0.05)
    assert 0.03 <= np.mean(told) <= 0.07
    assert np.mean(plain) > 0.09, "errands taken for independent would cry wolf"


@given(pairs, pairs)
def test_p_and_interval_say_the_same(a: list[tuple[int, int]], b: list[tuple[int, int]]) -> None:
    one, other = of(*np.array(a).T), of(*np.array(b).T)
    gap = one.minus(other)
    if abs(gap.p - 0.05) > 1e-6:
        assert (gap.p < 0.05) == (gap.low > 0 or gap.high < 0)
