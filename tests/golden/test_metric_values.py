"""Pinned values of whole verdicts, each with the recipe that yields it without this program."""

from math import sqrt

import pytest

from gensvar.contracts import Measure
from gensvar.measure import METRICS, Estimate
from gensvar.measure.histogram import histogram
from gensvar.measure.metrics import difference


def verdict(measure: Measure, scores: list[float]) -> Estimate:
    found = METRICS[measure.metric].verdict(histogram(scores, measure), measure)
    assert isinstance(found, Estimate)
    return found


def test_nps() -> None:
    """By hand, Rocks 2016: p* = 50.75/103, d* = 20.75/103, NPS* = 29.126, SE = sqrt((p* + d* − (p* − d*)²)/103)."""
    measure = Measure(id="nps", version=1, metric="nps", low=0, high=10)
    found = verdict(measure, [10.0] * 30 + [9.0] * 20 + [8.0] * 10 + [7.0] * 20 + [6.0] * 5 + [0.0] * 15)
    p, d = 50.75 / 103, 20.75 / 103
    half = 195.9964 * sqrt((p + d - (p - d) ** 2) / 103)
    assert (found.value, found.low, found.high) == (30, pytest.approx(29.1262 - half, abs=1e-3), pytest.approx(29.1262 + half, abs=1e-3))


def test_csat() -> None:
    """statsmodels 0.14: proportion_confint(80, 100, method="wilson") -> 0.7111708, 0.8666331"""
    measure = Measure(id="csat", version=1, metric="csat", low=1, high=5)
    found = verdict(measure, [5.0] * 50 + [4.0] * 30 + [3.0] * 10 + [1.0] * 10)
    assert (found.value, found.low, found.high) == (0.8, pytest.approx(0.7111708, abs=1e-6), pytest.approx(0.8666331, abs=1e-6))


def test_csat_with_its_own_cut() -> None:
    """statsmodels 0.14: proportion_confint(90, 100, method="wilson") -> 0.8256343, 0.9447708"""
    measure = Measure(id="csat", version=1, metric="csat", low=1, high=5, cut=3)
    found = verdict(measure, [5.0] * 50 + [4.0] * 30 + [3.0] * 10 + [1.0] * 10)
    assert (found.value, found.low, found.high) == (0.9, pytest.approx(0.8256343, abs=1e-6), pytest.approx(0.9447708, abs=1e-6))


def test_ces5_is_a_mean_where_low_is_easy() -> None:
    """By hand: Σ = 100 + 6, Σ² = 260 + 22 with two pseudo-answers over 1…5; n* = 52; s² = (282 − 106²/52)/51 = 1.2926; t(51, .975) = 2.00758."""
    measure = Measure(id="ces", version=1, metric="ces5", low=1, high=5, better="down")
    found = verdict(measure, [1.0] * 20 + [2.0] * 20 + [4.0] * 10)
    half = 2.00758 * sqrt((282 - 106**2 / 52) / 51 / 52)
    assert found.value == 2.0
    assert (found.low, found.high) == (pytest.approx(106 / 52 - half, abs=1e-4), pytest.approx(106 / 52 + half, abs=1e-4))


def test_ces7_is_a_share_who_agree() -> None:
    """statsmodels 0.14: proportion_confint(40, 60, method="wilson") -> 0.5405687, 0.7727074"""
    measure = Measure(id="ces", version=2, metric="ces7", low=1, high=7)
    found = verdict(measure, [7.0] * 20 + [5.0] * 20 + [4.0] * 20)
    assert (found.low, found.high) == (pytest.approx(0.5405687, abs=1e-6), pytest.approx(0.7727074, abs=1e-6))


def test_gcr_counts_yes_and_shows_partly() -> None:
    """By hand: 40/60; parts 10/60, 10/60, 40/60."""
    measure = Measure(id="gcr", version=1, metric="gcr", low=0, high=2)
    scores = [2.0] * 40 + [1.0] * 10 + [0.0] * 10
    assert verdict(measure, scores).value == pytest.approx(2 / 3)
    assert METRICS["gcr"].parts(histogram(scores, measure), measure) == pytest.approx({"no": 1 / 6, "partly": 1 / 6, "yes": 2 / 3})


def test_difference_of_two_waves() -> None:
    """Newcombe 1998, Stat. Med. 17:873, table II, method 10: 56/70 − 48/80 -> 0.0524, 0.3339."""
    measure = Measure(id="csat", version=1, metric="csat", low=1, high=5)
    one, other = (histogram([5.0] * k + [1.0] * (n - k), measure) for k, n in ((56, 70), (48, 80)))
    found = difference(one, other, measure)
    assert (found.low, found.high) == (pytest.approx(0.0524, abs=5e-5), pytest.approx(0.3339, abs=5e-5))
