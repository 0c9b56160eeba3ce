"""Laws that every metric of the registry obeys, one test for each, over the registry."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gensvar.contracts import Measure
from gensvar.measure import METRICS, Estimate, Metric, TooFew
from gensvar.measure.histogram import Histogram, bin_of, histogram
from gensvar.measure.metrics import difference

FREE_SCALES = {"csat": (1, 5, 1), "stars": (0, 5, 0.5), "scale": (0, 100, 1)}


def measure_for(metric: Metric) -> Measure:
    low, high, step = metric.scale or FREE_SCALES[metric.name]
    return Measure(id=metric.name, version=1, metric=metric.name, low=low, high=high, step=step, better=metric.better or "up")


def obeying(law: str) -> list[Metric]:
    return [m for m in METRICS.values() if law in m.laws]


@st.composite
def scores(draw: st.DrawFn, metric: Metric, most: int = 120) -> list[float]:
    measure = measure_for(metric)
    steps = draw(st.lists(st.integers(0, measure.points - 1), max_size=most))
    return [measure.low + measure.step * i for i in steps]


def by_hand(metric: Metric, values: list[float]) -> float:
    """The metric from raw scores, as a textbook has it."""
    n = len(values)
    top = {"csat": 4, "ces7": 5, "gcr": 2}
    if metric.unit == "points":
        return 100 * (sum(v >= 9 for v in values) - sum(v <= 6 for v in values)) / n
    if metric.unit == "share":
        return sum(v >= top[metric.name] for v in values) / n
    return sum(values) / n


@pytest.mark.parametrize("metric", obeying("additive"), ids=lambda m: m.name)
@given(data=st.data())
def test_parts_make_the_whole(metric: Metric, data: st.DataObject) -> None:
    measure = measure_for(metric)
    a, b = data.draw(scores(metric)), data.draw(scores(metric))
    parts, whole = histogram(a, measure) + histogram(b, measure), histogram(a + b, measure)
    assert (parts.n, parts.bins) == (whole.n, whole.bins)
    assert (parts.total, parts.squares) == pytest.approx((whole.total, whole.squares))
    read = metric.read
    if a and b:
        assert (read(histogram(a, measure), measure) + read(histogram(b, measure), measure)).value == pytest.approx(read(whole, measure).value)  # type: ignore[operator]


@pytest.mark.parametrize("metric", obeying("order_free"), ids=lambda m: m.name)
@given(data=st.data())
def test_order_changes_nothing(metric: Metric, data: st.DataObject) -> None:
    measure = measure_for(metric)
    values = data.draw(scores(metric))
    shuffled = data.draw(st.permutations(values))
    one, other = histogram(values, measure), histogram(shuffled, measure)
    assert (one.n, one.bins) == (other.n, other.bins)
    assert one.total == pytest.approx(other.total)


@pytest.mark.parametrize("metric", obeying("bounded"), ids=lambda m: m.name)
@given(data=st.data())
def test_stays_on_its_scale_inside_its_interval(metric: Metric, data: st.DataObject) -> None:
    measure = measure_for(metric)
    values = data.draw(scores(metric))
    found = metric.verdict(histogram(values, measure), measure)
    low, high = metric.range(measure)
    if isinstance(found, Estimate):
        assert low - 1e-9 <= found.low <= found.value + 1e-9 <= found.high + 2e-9 <= high + 3e-9
        assert found.n == len(values) >= metric.least
    else:
        assert found == TooFew(len(values), metric.least)


@pytest.mark.parametrize("metric", obeying("weightless"), ids=lambda m: m.name)
@given(data=st.data())
def test_weights_of_one_change_nothing(metric: Metric, data: st.DataObject) -> None:
    """Adding answers one at a time, each with weight 1, is the same as counting them together; an empty part adds nothing."""
    measure = measure_for(metric)
    values = data.draw(scores(metric, most=40))
    one_by_one = sum((histogram([v], measure) for v in values), start=Histogram()) + Histogram()
    assert (one_by_one.n, one_by_one.bins) == (len(values), histogram(values, measure).bins)


@pytest.mark.parametrize("metric", METRICS.values(), ids=lambda m: m.name)
@given(data=st.data())
def test_histogram_path_equals_raw_path(metric: Metric, data: st.DataObject) -> None:
    measure = measure_for(metric)
    values = data.draw(scores(metric).filter(bool))
    assert metric.read(histogram(values, measure), measure).value == pytest.approx(by_hand(metric, values), abs=1e-9)


@pytest.mark.parametrize("metric", METRICS.values(), ids=lambda m: m.name)
@given(data=st.data())
def test_a_score_off_the_scale_is_counted_in_nothing(metric: Metric, data: st.DataObject) -> None:
    measure = measure_for(metric)
    values = data.draw(scores(metric))
    off = data.draw(st.lists(st.sampled_from([measure.low - 1, measure.high + 1, float("nan"), float("inf"), float("-inf")])))
    assert histogram(values + off, measure) == histogram(values, measure)


@pytest.mark.parametrize("metric", METRICS.values(), ids=lambda m: m.name)
def test_every_point_of_the_scale_has_a_place(metric: Metric) -> None:
    measure = measure_for(metric)
    places = [bin_of(measure.low + i * measure.step, measure) for i in range(measure.points)]
    assert None not in places
    assert places == sorted(places, key=lambda p: p or 0)
    if measure.exact:
        assert places == list(range(measure.points))


@pytest.mark.parametrize("metric", METRICS.values(), ids=lambda m: m.name)
@given(data=st.data())
def test_better_answers_never_lower_it(metric: Metric, data: st.DataObject) -> None:
    """Raising one answer never lowers the value, and the difference says so by its sign."""
    measure = measure_for(metric)
    values = data.draw(scores(metric).filter(bool))
    raised = [measure.high, *sorted(values)[1:]]
    found = difference(histogram(raised, measure), histogram(values, measure), measure)
    assert found.value >= -1e-9


@pytest.mark.parametrize("metric", METRICS.values(), ids=lambda m: m.name)
@given(data=st.data())
def test_parts_are_shares_of_the_whole(metric: Metric, data: st.DataObject) -> None:
    measure = measure_for(metric)
    values = data.draw(scores(metric).filter(bool))
    parts = metric.parts(histogram(values, measure), measure)
    assert all(0 <= share <= 1 for share in parts.values())
    assert not parts or sum(parts.values()) == pytest.approx(1)
