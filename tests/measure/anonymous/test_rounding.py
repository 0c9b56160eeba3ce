"""Rounding: one person's whole answer moves a number by at most one step, intervals only grow, and nothing finer than a step is left."""

from hypothesis import given, settings
from hypothesis import strategies as st

from gensvar.contracts import Measure
from gensvar.measure import Change, Estimate, Group, Hidden, Point, TooFew, metric_of
from gensvar.measure.anonymous.rounding import P_STEPS, above, below, nearest, rounded, step_of
from gensvar.measure.histogram import Histogram, histogram
from tests.laws.staff import MONTHS

ENPS = Measure(id="enps", version=1, metric="enps", low=0, high=10)
CSAT = Measure(id="csat", version=1, metric="csat", low=1, high=5)
MOOD = Measure(id="mood", version=1, metric="scale", low=1, high=7)
MEASURES = st.sampled_from([ENPS, CSAT, MOOD])


def verdict_of(scores: list[float], measure: Measure) -> Estimate | TooFew:
    return metric_of(measure).verdict(histogram(scores, measure), measure)


def shown(scores: list[float], measure: Measure) -> Estimate:
    found = rounded(Group({}, measure, verdict_of(scores, measure))).verdict
    assert isinstance(found, Estimate)
    return found


def test_steps_are_one_two_or_five_of_some_ten() -> None:
    assert [step_of(200, n) for n in (30, 40, 100, 150, 1000, 10_000)] == [10.0, 5.0, 2.0, 2.0, 0.2, 0.02]
    assert [step_of(1, n) for n in (30, 50, 100, 1000)] == [0.05, 0.02, 0.01, 0.001]
    assert [step_of(6, n) for n in (20, 60)] == [0.5, 0.1]


@settings(deadline=None)
@given(measure=MEASURES, data=st.data(), n=st.integers(30, 400))
def test_one_person_moves_a_number_by_one_step_at_most(measure: Measure, data: st.DataObject, n: int) -> None:
    """Whatever she says, in place of whatever else she might have said: the value is the same, or the next on the grid."""
    points = st.integers(0, measure.points - 1).map(lambda i: measure.low + i * measure.step)
    scores = data.draw(st.lists(points, min_size=n, max_size=n))
    mine, instead = data.draw(points), data.draw(points)
    one, other = shown([*scores, mine], measure), shown([*scores, instead], measure)
    low, high = metric_of(measure).range(measure)
    step = step_of(high - low, one.n)
    for a, b in ((one.value, other.value),):
        assert abs(a - b) <= step + 1e-9
    assert one.n == other.n == (n + 1) // 5 * 5
    assert (high - low) / (n + 1) <= step


@settings(deadline=None)
@given(measure=MEASURES, data=st.data(), n=st.integers(30, 300))
def test_the_interval_only_grows_and_stays_on_the_scale(measure: Measure, data: st.DataObject, n: int) -> None:
    points = st.integers(0, measure.points - 1).map(lambda i: measure.low + i * measure.step)
    scores = data.draw(st.lists(points, min_size=n, max_size=n))
    exact, found = verdict_of(scores, measure), shown(scores, measure)
    assert isinstance(exact, Estimate)
    low, high = metric_of(measure).range(measure)
    assert low <= found.low <= exact.low + 1e-9
    assert exact.high - 1e-9 <= found.high <= high
    assert found.low - 1e-9 <= found.value <= found.high + 1e-9
    step = step_of(high - low, found.n)
    for number in (found.value, found.low, found.high):
        assert number in {low, high} or abs(number / step - round(number / step)) < 1e-6


@settings(deadline=None)
@given(n=st.integers(30, 5000))
def test_it_costs_nothing(n: int) -> None:
    """A step is at most 2.5 times the range over n (so half of it is lost at most); the interval of a fair share is wider than the range over √n."""
    step = step_of(1.0, n // 5 * 5)
    half = float(rounded_half(n))
    assert step / 2 <= 2.5 * 1.2 / (2 * n) * 1.01 + 1e-9
    assert step / 2 < half


def rounded_half(n: int) -> float:
    good = n // 2
    found = metric_of(CSAT).verdict(Histogram(n, 0.0, 0.0, (n - good, 0, 0, 0, good, *([0] * 6))), CSAT)
    assert isinstance(found, Estimate)
    return (found.high - found.low) / 2


def test_every_number_of_a_group_is_rounded() -> None:
    now, then = Estimate(0.7234, 0.6111, 0.8123, 87), Estimate(0.6512, 0.5311, 0.7612, 63)
    change = Change("cannot tell", then, 0.0722, -0.0731, 0.2122, 0.3371, 0.4444, 1340)
    group = Group({}, CSAT, now, (Point(MONTHS[0], now), Point(MONTHS[1], TooFew(13, 30))), change, "", {"5": 0.4321, "shrunken": 0.7111})
    found = rounded(group)
    assert found.verdict == Estimate(0.72, 0.6, 0.82, 85)
    assert found.trend == (Point(MONTHS[0], Estimate(0.72, 0.6, 0.82, 85)), Point(MONTHS[1], TooFew(10, 30)))
    assert found.parts == {"5": 0.44, "shrunken": 0.72}
    assert found.change == Change("cannot tell", Estimate(0.66, 0.52, 0.78, 60), 0.08, -0.08, 0.22, 0.5, 0.5, 2000)


def test_what_says_nothing_stays_as_it_is() -> None:
    hidden = Group({}, CSAT, Hidden("small_group"))
    assert rounded(hidden) == hidden
    few = rounded(Group({}, CSAT, TooFew(29, 30), parts={"shrunken": 0.5}, change=Change("cannot tell", TooFew(4, 30), more=31)))
    assert (few.verdict, few.parts) == (TooFew(25, 30), {})
    assert few.change == Change("cannot tell", TooFew(0, 30), more=40)


def test_p_is_rounded_up() -> None:
    now = Estimate(0.7, 0.6, 0.8, 90)
    for p, step in ((0.0, 0.001), (0.0011, 0.005), (0.005, 0.005), (0.03, 0.05), (0.051, 0.1), (0.51, 1.0), (1.0, 1.0)):
        change = rounded(Group({}, CSAT, now, change=Change("rose", now, 0.1, 0.05, 0.15, p, p))).change
        assert change
        assert change.p == change.q == step
        assert step in P_STEPS


@settings(deadline=None)
@given(value=st.floats(-1000, 1000), step=st.sampled_from([0.001, 0.02, 0.5, 1.0, 5.0]))
def test_to_the_grid(value: float, step: float) -> None:
    assert below(value, step) <= value + 1e-6
    assert above(value, step) >= value - 1e-6
    assert abs(nearest(value, step) - value) <= step / 2 + 1e-6
    assert above(value, step) - below(value, step) <= step + 1e-6
