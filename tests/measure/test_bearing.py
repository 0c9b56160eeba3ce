"""How a group bears on the whole: by hand, the law of parts, how often its interval holds the truth, and refusals."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gensvar.kit.scope import Scope, whole
from gensvar.measure import Period, Question
from gensvar.measure.bearing import Bearing, bearing, bearings, bearings_json
from gensvar.measure.histogram import Histogram
from gensvar.measure.histogram import whole as together
from gensvar.stats import Share
from tests.measure.hub import ALL, CSAT, NPS, STARS, Hub, answers
from tests.measure.test_changes import of_counts

OCTOBER = Period(date(2026, 10, 1), date(2026, 10, 31), "2026-10")
DAY = date(2026, 10, 5)


def csat(good: int, bad: int) -> Histogram:
    return of_counts(np.array([0, bad, 0, 0, good]), CSAT)


def test_by_hand() -> None:
    """80 of 100 good here and 150 of 300 elsewhere: 57.5 % in all, 50 % without, so +7.5 points; the delta method from Newcombe's limits."""
    found = bearing({"unit": "A"}, csat(80, 20), csat(150, 150), CSAT)
    gap = Share(80, 100).minus(Share(150, 300))
    chance = (1.959964 * 0.3) ** 2 * 0.25 * 0.75 / 400
    assert found.value == pytest.approx(0.075)
    assert found.share == 0.25
    assert found.low == pytest.approx(0.075 - ((0.25 * (0.3 - gap.low)) ** 2 + chance) ** 0.5, abs=1e-7)
    assert found.high == pytest.approx(0.075 + ((0.25 * (gap.high - 0.3)) ** 2 + chance) ** 0.5, abs=1e-7)


scores = st.lists(st.integers(0, 60), min_size=5, max_size=5).map(lambda counts: of_counts(np.array(counts) + 12, CSAT))


@given(a=scores, b=scores, rest=scores)
def test_the_parts_of_a_group_bear_what_the_group_bears(a: Histogram, b: Histogram, rest: Histogram) -> None:
    """Weighed by the answers outside each, what two halves bear is what they bear together; over all groups it is nothing."""

    def weighed(own: Histogram, others: Histogram) -> float:
        value = bearing({}, own, others, CSAT).value
        assert value is not None
        return value * others.n

    assert weighed(a, b + rest) + weighed(b, a + rest) == pytest.approx(weighed(a + b, rest), abs=1e-9)
    assert weighed(a, b + rest) + weighed(b, a + rest) + weighed(rest, a + b) == pytest.approx(0, abs=1e-9)


@given(a=scores, rest=scores)
def test_it_is_the_whole_less_the_whole_without(a: Histogram, rest: Histogram) -> None:
    found = bearing({}, a, rest, CSAT)
    share = [sum(h.bins[3:]) / h.n for h in (together([a, rest]), rest)]
    assert found.value == pytest.approx(share[0] - share[1])
    assert found.low is not None
    assert found.high is not None
    assert found.low <= (found.value or 0) <= found.high


def test_the_interval_holds_the_truth() -> None:
    """Seed 21: 500 answers fall on the group (30 %) and the rest by chance; good 70 % and 60 %: truly 3 points."""
    rng = np.random.default_rng(21)
    held = []
    for _ in range(2000):
        n = rng.binomial(500, 0.3)
        good, others = rng.binomial(n, 0.7), rng.binomial(500 - n, 0.6)
        found = bearing({}, csat(good, n - good), csat(others, 500 - n - others), CSAT)
        assert found.low is not None
        assert found.high is not None
        held.append(found.low <= 0.03 <= found.high)
    assert 0.935 < np.mean(held) < 0.97


@pytest.fixture(scope="module")
def hub() -> Hub:
    rows = [
        *answers(CSAT, [5.0] * 90 + [2.0] * 10, DAY, unit="A"), *answers(CSAT, [5.0] * 60 + [2.0] * 60, DAY, unit="B"),
        *answers(CSAT, [5.0] * 8 + [2.0] * 4, DAY, unit="C"), *answers(CSAT, [5.0] * 70 + [2.0] * 30, DAY),
        *answers(NPS, [10.0] * 40 + [2.0] * 60, DAY, unit="A"), *answers(NPS, [10.0] * 60 + [2.0] * 40, DAY, unit="B"),
        *answers(STARS, [5.0] * 30, DAY, audience="employee", unit="A"),
    ]  # fmt: skip
    return Hub(rows)


def asked(hub: Hub, *names: str, scope: Scope | None = None) -> dict[str, dict[str | None, Bearing]]:
    found = bearings([Question(name, ("unit",), period=OCTOBER) for name in names], hub, ALL, scope or whole())
    return {f.measure.id: {b.key.get("unit"): b for b in f.groups} for f in found}


def test_from_the_cube_by_one_query(hub: Hub) -> None:
    before = hub.queries
    found = asked(hub, "csat.delivery", "nps")
    assert hub.queries == before + 1
    assert {unit: b.bears for unit, b in found["csat.delivery"].items()} == {"A": "lifts", "B": "lowers", "C": "too few", None: "not visible"}
    assert found["csat.delivery"]["A"].value == pytest.approx(228 / 332 - 138 / 232)
    assert sum(b.share or 0 for b in found["csat.delivery"].values()) == pytest.approx(1)
    assert found["nps"]["A"].value == pytest.approx(-20)


def test_rows_outside_the_scope_bear_nothing(hub: Hub) -> None:
    found = asked(hub, "csat.delivery", scope=Scope({"unit": frozenset({"A", "B"})}))["csat.delivery"]
    assert set(found) == {"A", "B"}
    assert found["A"].value == pytest.approx(150 / 220 - 60 / 120)
    assert asked(hub, "csat.delivery", scope=Scope({"unit": frozenset()})) == {}


def test_protected_answers_are_in_nothing(hub: Hub) -> None:
    assert asked(hub, "stars.app")["stars.app"] == {}


def test_as_json(hub: Hub) -> None:
    (found,) = bearings([Question("csat.delivery", ("unit",), period=OCTOBER)], hub, ALL, whole())
    plain = bearings_json(found)
    assert (plain["measure"], plain["unit"], plain["n"]) == ("csat.delivery@1", "share", 332)
    assert plain["groups"][0]["bears"] == "lowers"
