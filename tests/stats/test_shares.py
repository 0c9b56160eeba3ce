"""Wilson's and Newcombe's intervals: against published values, a second implementation, and exact coverage."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from gensvar.stats import Share

EDGE = 1e-9


@st.composite
def shares(draw: st.DrawFn, most: int = 400) -> Share:
    n = draw(st.integers(1, most))
    return Share(draw(st.integers(0, n)), n)


def test_wilson_published() -> None:
    """Newcombe 1998, Stat. Med. 17:857, table I, method 3:

    81/263 -> 0.2553, 0.3662; 15/148 -> 0.0624, 0.1605; 0/20 -> 0, 0.1611; 1/29 -> 0.0061, 0.1718.
    """
    for k, n, low, high in ((81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)):
        found = Share(k, n).interval()
        assert (found.low, found.high) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_newcombe_published() -> None:
    """Newcombe 1998, Stat. Med. 17:873, table II, method 10:

    56/70 − 48/80 -> 0.0524, 0.3339; 9/10 − 3/10 -> 0.1705, 0.8090; 10/10 − 0/10 -> 0.6075, 1.
    """
    rows = ((56, 70, 48, 80, 0.0524, 0.3339), (9, 10, 3, 10, 0.1705, 0.8090), (10, 10, 0, 10, 0.6075, 1.0))
    for a, m, b, n, low, high in rows:
        found = Share(a, m).minus(Share(b, n))
        assert (found.low, found.high) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


@given(shares(), shares())
def test_statsmodels_agrees(a: Share, b: Share) -> None:
    """statsmodels 0.14: proportion_confint(method="wilson"), confint_proportions_2indep(method="newcomb", compare="diff")."""
    low, high = proportion_confint(a.k, a.n, method="wilson")
    assert (a.interval().low, a.interval().high) == (pytest.approx(low, abs=1e-9), pytest.approx(high, abs=1e-9))
    low, high = confint_proportions_2indep(a.k, a.n, b.k, b.n, method="newcomb", compare="diff")
    found = a.minus(b)
    assert (found.low, found.high) == (pytest.approx(low, abs=1e-9), pytest.approx(high, abs=1e-9))


@given(shares(), shares(), st.sampled_from([0.8, 0.9, 0.95, 0.99]))
def test_p_agrees_with_the_interval(a: Share, b: Share, level: float) -> None:
    found = a.minus(b, level)
    apart = max(found.low, -found.high)
    if abs(apart) > EDGE:
        assert (found.p < 1 - level) == (apart > 0)


@given(shares(), shares())
def test_turned_round(a: Share, b: Share) -> None:
    there, back = a.minus(b), b.minus(a)
    assert (there.value, there.low, there.high) == pytest.approx((-back.value, -back.high, -back.low))
    assert there.p == pytest.approx(back.p, abs=1e-8)


@given(shares(most=10**9))
def test_always_on_the_scale_and_around_the_value(a: Share) -> None:
    found = a.interval()
    assert 0 <= found.low <= found.value <= found.high <= 1
    assert found.low < found.high


def test_far_apart_has_a_p_of_nothing_and_never_less() -> None:
    assert Share(100_000, 100_000).minus(Share(0, 100_000)).p == 0.0


@pytest.mark.parametrize("n", [5, 10, 30, 100])
def test_exact_coverage(n: int) -> None:
    """Every k weighed by its probability, no simulation. Least 0.89 at any p (it dips near the ends), 0.94 or more on average."""
    intervals = [Share(k, n).interval() for k in range(n + 1)]
    shares_tried = [0.05 + 0.005 * i for i in range(181)]
    covered = [sum(binom.pmf(k, n, p) for k, i in enumerate(intervals) if i.low <= p <= i.high) for p in shares_tried]
    assert min(covered) > 0.89
    assert 0.94 < sum(covered) / len(covered) < 0.975


@pytest.mark.parametrize(("m", "n"), [(10, 10), (10, 40), (30, 30)])
def test_exact_false_alarms_of_the_difference(m: int, n: int) -> None:
    alarms = [(j, k) for j in range(m + 1) for k in range(n + 1) if Share(j, m).minus(Share(k, n)).p < 0.05]
    for p in (0.1, 0.3, 0.5, 0.8, 0.95):
        first, second = binom.pmf(range(m + 1), m, p), binom.pmf(range(n + 1), n, p)
        assert sum(first[j] * second[k] for j, k in alarms) < 0.075
