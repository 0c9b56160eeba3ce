"""Drivers of a house: what is asked becomes a study, what cannot be weighed is left out and said, and each night is kept and held against before."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from gensvar.explain.drivers import KIND, Driver, Drivers, Event, Found, Rated, Refused
from gensvar.explaining.drivers import Sight, earlier, find, found_of, nightly, study_of
from gensvar.house import House, open_house
from gensvar.kit.clock import At
from gensvar.kit.errors import BadInput, NotFound
from gensvar.kit.scope import Scope, whole
from gensvar.kit.settings import read_settings
from gensvar.measure import Period
from gensvar.text.labels import CUSTOMER_TOPICS
from tests.explain.drivers.responses import DAY, OVERALL, PARTS, Given, Happened, drawn, events, feedback

YEAR = Period(date(2025, 12, 1), date(2026, 11, 30))


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Two markets in which other things matter, employees who may not be counted, events before and after."""
    settings = read_settings({"data": str(tmp_path_factory.mktemp("drivers")), "memory_mb": "512", "today": "2026-12-15"}, env={})
    with open_house(settings, At("2026-12-15T12:00:00")) as made:
        made.ledger.measures.add([OVERALL, *PARTS], "test")
        swedish, norwegian = drawn(1, 260, (0.6, 0.3, 0.1)), drawn(2, 260, (0.05, 0.1, 0.8), "NO", 1000)
        staff = [replace(g, audience="employee", market="DK") for g in drawn(3, 200, start=5000)]
        some = [replace(g, at=DAY + timedelta(days=i % 60), said={"delivery": -0.6 if i % 2 else 0.4}) for i, g in enumerate((*swedish, *norwegian))]
        made.engine.merge("feedback", feedback([*some, *staff]))
        made.engine.merge("events", events(happened(some)))
        made.engine.bump()
        yield made


def happened(given: Sequence[Given]) -> Iterator[Happened]:
    """Who likes the app logs in often; who is displeased leaves."""
    draw = np.random.default_rng(4)
    for one in given:
        for day in range(int(one.scores[PARTS[2].key] or 0) + draw.integers(0, 3)):
            yield Happened("login", one.at - timedelta(days=1 + day), who=one.who)
        if draw.random() < 0.5 - 0.1 * (one.scores[OVERALL.key] or 0):
            yield Happened("churn", one.at + timedelta(days=20), who=one.who)


def sight(house: House, scope: Scope | None = None) -> Sight:
    return Sight(house, scope or whole())


def found(
    house: House, outcome: str = "csat.overall", drivers: Sequence[str] = (), *, scope: Scope | None = None, by: str = "", **where: str
) -> Found:
    seen = sight(house, scope)
    return find(seen, study_of(seen, outcome, drivers, {k: (v,) for k, v in where.items()}, YEAR, by, 60))


def drivers_of(one: Drivers | Refused) -> Drivers:
    assert isinstance(one, Drivers)
    return one


def test_ratings_of_touchpoints_suggest_themselves(house: House) -> None:
    known = sight(house).together(YEAR)
    assert known.outcomes == (OVERALL.key,)
    assert set(known.drivers(OVERALL.key)) == {m.key for m in PARTS}
    study = study_of(sight(house), "csat.overall", (), {}, YEAR, "", 0)
    assert study.outcome == Rated.of(OVERALL)
    assert study.left_out == ("employee",)


def test_what_matters_is_found_where_it_matters(house: House) -> None:
    one = found(house, by="market")
    first = {p.part: p.first for p in one.parts if isinstance(p, Drivers)}
    assert first == {"SE": "driver.delivery@1", "NO": "driver.app@1"}
    assert {(d.part, d.name) for d in one.differences if d.told} >= {("NO", "driver.app@1"), ("NO", "driver.delivery@1")}
    assert drivers_of(found(house, market="NO").whole).first == "driver.app@1"


def test_protected_people_and_what_is_outside_are_never_counted(house: House) -> None:
    assert drivers_of(found(house).whole).responses == 520
    swedish = Scope(rows={"market": frozenset({"SE"})})
    mine = found(house, scope=swedish, by="market")
    assert [p.part for p in mine.parts] == ["SE"]
    assert mine.whole == drivers_of(found(house, market="SE").whole)
    assert found(house, scope=Scope(rows={"market": frozenset({"DK"})})).whole == Refused(None, "no_drivers")


def test_what_is_said_and_done_may_drive(house: House) -> None:
    one = drivers_of(found(house, drivers=("ratings", "topics", "events")).whole)
    assert {w.kind for w in one.weights} == {"rating", "topic", "behaviour"}
    logins = one.of("login")
    assert logins is not None
    assert logins.performance is None
    assert "driver.delivery@1" in {w.name for w in drivers_of(found(house, drivers=("ratings", "dimension:market")).whole).weights}


def test_an_event_is_an_outcome_within_its_days(house: House) -> None:
    one = drivers_of(found(house, "event:churn", ("ratings",)).whole)
    assert all(w.sign != "with" for w in one.weights[:1])
    study = study_of(sight(house), "event:churn", ("events",), {}, YEAR, "", 60)
    assert study.outcome == Event("churn", 60, date(2026, 12, 15))
    assert study.drivers == (Driver("behaviour", "login"),)


def test_without_any_rating_every_response_is_counted(house: House) -> None:
    """What is written and what is done may drive what happens after, whatever was rated beside it."""
    told = found(house, "event:churn", ("events", "topics")).whole
    assert told.responses == found(house, "event:churn", ("ratings",)).whole.responses > 300


def test_a_scope_that_events_do_not_have_shows_none(house: House) -> None:
    assert sight(house, Scope(rows={"language": frozenset({"sv"})})).happens() == frozenset()
    assert sight(house).happens() == {"login", "churn"}


@pytest.mark.parametrize(
    ("outcome", "drivers", "where", "by", "wrong"),
    [
        ("csat.overal", (), {}, "", NotFound), ("csat.overall", ("csat.overall",), {}, "", BadInput),
        ("csat.overall", ("color:red",), {}, "", BadInput),
        ("csat.overall", ("dimension:colour",), {}, "", NotFound), ("csat.overall", (), {"colour": ("red",)}, "", BadInput),
        ("csat.overall", (), {}, "colour", BadInput), ("event:churn", (), {}, "", BadInput),
        ("csat.overall", tuple(f"topic:{name}" for name in CUSTOMER_TOPICS[:21]), {}, "", BadInput),
        ("event:chrun", (), {}, "", NotFound), ("csat.overall", ("event:logn",), {}, "", NotFound),
        ("csat.overall", ("topic:delivry",), {}, "", NotFound),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused(
    house: House, outcome: str, drivers: Sequence[str], where: dict[str, Sequence[str]], by: str, wrong: type[Exception]
) -> None:
    with pytest.raises(wrong):
        study_of(sight(house), outcome, drivers, where, YEAR, by, 1 if outcome == "event:chrun" else 0)


def test_ten_thousand_categories_are_refused(house: House) -> None:
    """As a driver such a dimension is refused with how many values it has; cut by, its largest parts are looked at and the rest counted."""
    given = [Given(9000 + i, {OVERALL.key: 3.0, PARTS[0].key: 3.0}, market=f"m{i}", at=datetime(2024, 5, 1, tzinfo=UTC)) for i in range(10_000)]
    rows = feedback(given)
    house.engine.merge("feedback", rows)
    period = Period(date(2024, 5, 1), date(2024, 5, 1))
    with pytest.raises(BadInput, match="market has too many values") as refused:
        study_of(sight(house), "csat.overall", ("dimension:market",), {}, period, "", 0)
    assert "10,000 values" in str(refused.value)
    study = study_of(sight(house), "csat.overall", [m.id for m in PARTS[:1]], {}, period, "market", 0)
    one = find(sight(house), study)
    assert len(one.parts) == 12
    assert one.left_parts == 9_988


def test_what_cannot_be_weighed_is_left_out_and_the_rest_is_counted_again(house: House) -> None:
    one = found(house, drivers=("ratings", "topic:returns", "event:login.never"))
    assert {(left.name, left.why) for left in one.whole.left} == {("returns", "constant"), ("login.never", "constant")}
    assert drivers_of(one.whole).n == drivers_of(found(house).whole).n


def test_nothing_in_the_period_is_said_so(house: House) -> None:
    seen = sight(house)
    study = study_of(seen, "csat.overall", [m.id for m in PARTS], {}, Period(date(2020, 1, 1), date(2020, 2, 1)), "", 0)
    assert find(seen, study).whole == Refused(None, "no_outcome")


def test_the_time_before_is_held_against(house: House) -> None:
    seen = sight(house)
    study = study_of(seen, "csat.overall", (), {}, Period(date(2026, 10, 1), date(2026, 10, 31)), "", 0)
    before = earlier(study, "previous")
    assert before is not None
    assert (before.first, before.last) == (date(2026, 9, 1), date(2026, 9, 30))
    one = find(seen, study, before)
    assert {m.name for m in one.moved} == {m.key for m in PARTS}
    assert find(seen, study, earlier(study, "year before")).why_not_moved == "too_few"
    assert earlier(replace(study, first=None), "previous") is None


def test_each_night_is_kept_and_held_against_a_month_ago(house: House) -> None:
    assert nightly(house, lambda _: True) == {"outcomes": 1, "weighed": 1}
    kept = house.ledger.findings.latest(KIND, OVERALL.key)
    assert kept is not None
    one = found_of(kept)
    assert {p.part for p in one.parts} == {"SE", "NO"}
    assert one.moved == ()
    later = replace(house, clock=At("2027-01-20T12:00:00"))
    assert nightly(later, lambda _: True)["weighed"] == 1
    again = house.ledger.findings.latest(KIND, OVERALL.key)
    assert again is not None
    assert again.body["since"] == kept.body["last"]
    assert {m.name: (round(m.gap.value, 6), m.told) for m in found_of(again).moved} == {m.key: (0.0, False) for m in PARTS}
    assert nightly(house, lambda _: False)["weighed"] == 0


def test_an_empty_house_has_nothing_to_study(small_house: House) -> None:
    assert nightly(small_house, lambda _: True) == {"why": "no_outcome"}
