"""What may be said of a change: false alarms, honest silence, and how many more answers it takes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gensvar.contracts import Measure
from gensvar.measure import Change, Hidden, NotComparable, TooFew, metric_of
from gensvar.measure.changes import Pair, changes, further, moved, seen_from, to_two_digits
from gensvar.measure.histogram import Histogram, histogram
from gensvar.stats import Difference
from tests.measure.hub import CSAT, NPS, STARS

SHAPES = {
    CSAT.key: (CSAT, (0.05, 0.10, 0.15, 0.40, 0.30)),
    NPS.key: (NPS, (0.05, 0.02, 0.03, 0.04, 0.04, 0.05, 0.07, 0.10, 0.15, 0.20, 0.25)),
    STARS.key: (STARS, (0.05, 0.10, 0.15, 0.40, 0.30)),
}


def of_counts(counts: np.ndarray, measure: Measure) -> Histogram:
    scores = np.repeat(measure.low + np.arange(len(counts)) * measure.step, counts)
    bins = tuple(int(c) for c in counts) + (0,) * (11 - len(counts))
    return Histogram(int(counts.sum()), float(scores.sum()), float((scores**2).sum()), bins)


def pair(this: Histogram, that: Histogram, measure: Measure) -> Pair:
    metric = metric_of(measure)
    return Pair(measure, this, that, metric.verdict(this, measure), metric.verdict(that, measure))


@pytest.mark.parametrize("key", SHAPES)
def test_nothing_is_said_to_have_moved_because_of_noise(key: str) -> None:
    """Seed 11: 300 answers, each of 20 groups in which nothing changed. At most 1 answer in 20 says that anything moved.

    The standard error here is 0.013; over 1,500 answers it was 0.053, 0.059 and 0.051.
    """
    measure, shape = SHAPES[key]
    rng = np.random.default_rng(11)
    alarms = []
    for _ in range(300):
        sides = zip(rng.multinomial(120, shape, 20), rng.multinomial(150, shape, 20), strict=True)
        found = changes({i: pair(of_counts(a, measure), of_counts(b, measure), measure) for i, (a, b) in enumerate(sides)})
        alarms.append(any(c.move in {"rose", "fell"} for c in found.values()))
    assert np.mean(alarms) < 0.085


def test_one_by_one_it_would_be_said_most_of_the_time() -> None:
    """Why it is adjusted: the same 20 comparisons each at p < 0.05 alarm in more than half of the answers."""
    measure, shape = SHAPES[CSAT.key]
    rng = np.random.default_rng(4)
    alarms = []
    for _ in range(100):
        sides = zip(rng.multinomial(120, shape, 20), rng.multinomial(150, shape, 20), strict=True)
        found = [pair(of_counts(a, measure), of_counts(b, measure), measure).found for a, b in sides]
        alarms.append(any(d is not None and d.p < 0.05 for d in found))
    assert np.mean(alarms) > 0.45


@pytest.mark.parametrize("n", [300, 1200, 2500])
def test_no_visible_change_is_rarely_said_of_a_change_that_matters(n: int) -> None:
    """Seed 5: CSAT truly falls by the 5 points that matter; in at most 1 of 5 does the answer claim that nothing visible happened."""
    rng = np.random.default_rng(5)
    said = []
    for _ in range(400):
        a, b = rng.binomial(n, [0.75, 0.80])
        sides = [of_counts(np.array([0, n - k, 0, 0, k]), CSAT) for k in (a, b)]
        said.append(changes({0: pair(*sides, CSAT)})[0].move)
    assert said.count("no visible change") / 400 < 0.2
    assert said.count("rose") == 0
    if n == 2500:
        assert said.count("fell") / 400 > 0.8


def test_further_answers_would_do() -> None:
    """Seed 6: as many more on both sides as `more` says, and a change that matters is seen about 4 times in 5."""
    rng = np.random.default_rng(6)
    small = [of_counts(np.array([0, 40, 0, 0, 160]), CSAT)] * 2
    first = changes({0: pair(*small, CSAT)})[0]
    assert first.move == "cannot tell"
    n = 200 + first.more // 2
    seen = []
    for _ in range(300):
        a, b = rng.binomial(n, [0.75, 0.80])
        sides = [of_counts(np.array([0, n - k, 0, 0, k]), CSAT) for k in (a, b)]
        seen.append(changes({0: pair(*sides, CSAT)})[0].move == "fell")
    assert 0.7 < np.mean(seen) < 0.95


def test_further_grows_one_side_where_that_can_do() -> None:
    assert further(100, 10**9, (0.25, 0.25), 0.01) == 2500
    assert further(100, 100, (0.25, 0.25), 0.01) == pytest.approx(9800, abs=1)
    assert further(10**6, 10**6, (0.25, 0.25), 0.01) == 0


@given(st.integers(1, 10**9))
def test_two_digits_never_promise_too_few(count: int) -> None:
    rounded = to_two_digits(count)
    assert count <= rounded <= count * 1.1 + 1
    assert len(str(rounded).rstrip("0")) <= 2


@given(st.floats(-1, 1), st.floats(0.001, 0.5), st.floats(0, 1), st.integers(1, 50))
def test_rose_and_fell_need_q(value: float, half: float, q: float, comparisons: int) -> None:
    found = Difference(value, value - half, value + half, min(q, 0.5))
    move = moved(found, q, 0.05, seen_from(comparisons))
    assert (move in {"rose", "fell"}) == (q < 0.05)
    if move == "no visible change":
        assert half <= 0.06


@given(st.integers(1, 200))
def test_more_comparisons_need_more(comparisons: int) -> None:
    assert seen_from(comparisons + 1) > seen_from(comparisons) >= seen_from(1) == pytest.approx(2.8016, abs=1e-3)


def test_what_is_hidden_tells_nothing() -> None:
    seen = histogram([5.0] * 4, CSAT)
    hidden = Pair(CSAT, histogram([5.0] * 40, CSAT), seen, metric_of(CSAT).verdict(histogram([5.0] * 40, CSAT), CSAT), Hidden("small_group"))
    assert changes({0: hidden})[0] == Change("cannot tell", Hidden("small_group"))
    other = Pair(CSAT, seen, Histogram(), TooFew(4, 30), NotComparable("another_version"))
    assert changes({0: other})[0] == Change("cannot tell", NotComparable("another_version"))


def test_only_what_was_tested_counts_as_a_comparison() -> None:
    strong = pair(histogram([5.0] * 80 + [1.0] * 20, CSAT), histogram([5.0] * 60 + [1.0] * 40, CSAT), CSAT)
    empty = pair(Histogram(), Histogram(), CSAT)
    alone, among = changes({0: strong})[0], changes({0: strong, 1: empty, 2: empty})
    assert among[0] == alone
    assert among[1].p is None
    assert among[1].more >= 30
