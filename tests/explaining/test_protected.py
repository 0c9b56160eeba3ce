"""What people who are protected do is counted nowhere: neither what a source about them tells, nor what somebody does who is known as one of them."""

from datetime import UTC, datetime, timedelta

import pytest

from gensvar import flow
from gensvar.engine import Engine
from gensvar.explain.drivers import Drivers, Event, Weight
from gensvar.explaining.drivers import Sight, find, study_of
from gensvar.explaining.protected import open_events
from gensvar.house import House
from gensvar.kit.errors import NotFound
from gensvar.kit.scope import whole
from gensvar.serve.desk import HouseDesk
from gensvar.serve.desks import why_drivers, why_journeys
from tests.explain.drivers.responses import DAY, OVERALL, PARTS, Happened, drawn, events, feedback
from tests.explain.journeys.messy import Log, party
from tests.explaining.firms import INTRANET, put


@pytest.fixture
def asked(small_house: House) -> House:
    """People who answer after they have done something; those who are not content leave."""
    small_house.ledger.measures.add([OVERALL, *PARTS], "test")
    given = drawn(1, 200)
    small_house.engine.merge("feedback", feedback(given))
    done = [Happened("read", one.at - timedelta(days=1 + day), who=one.who) for one in given for day in range((one.who or 0) % 3)]
    left = [Happened("churn", one.at + timedelta(days=9), who=one.who) for one in given if (one.scores[OVERALL.key] or 0) < 4]
    small_house.engine.merge("events", events([*done, *left]))
    small_house.engine.bump()
    return small_house


def test_drivers_count_no_behaviour_from_a_source_about_them(asked: House) -> None:
    sight = Sight(asked, whole())
    assert sight.happens() == {"read", "churn"}
    study = study_of(sight, OVERALL.id, ("ratings", "events"), {}, None, "", 30)
    told = find(sight, study).whole
    assert isinstance(told, Drivers)
    assert told.of("read") is not None
    flow.add_source(asked, INTRANET.replace("intranet", "app"), "test")
    assert sight.happens() == frozenset()
    assert sight.done() == ()
    told = find(sight, study).whole
    assert isinstance(told, Drivers)
    assert told.of("read") is None, "a study that was asked before counts none of it either"
    assert {"read", "churn"} <= {left.name for left in told.left}
    assert [w.name for w in told.weights] == [w.name for w in _ratings(sight)]
    for word in ("event:read", "event:churn"):
        with pytest.raises(NotFound):
            study_of(sight, OVERALL.id, (word,), {}, None, "", 30)
    assert tuple(why_drivers.event_outcomes(HouseDesk(asked, whole()))) == ()


def test_nor_is_leaving_an_outcome_where_such_a_source_tells_it(asked: House) -> None:
    sight = Sight(asked, whole())
    study = study_of(sight, "event:churn", ("ratings",), {}, None, "", 30)
    assert isinstance(study.outcome, Event)
    assert isinstance(find(sight, study).whole, Drivers)
    flow.add_source(asked, INTRANET.replace("intranet", "app"), "test")
    assert not isinstance(find(sight, study).whole, Drivers), "nobody left, so nothing can go with it"


def _ratings(sight: Sight) -> tuple[Weight, ...]:
    told = find(sight, study_of(sight, OVERALL.id, ("ratings",), {}, None, "", 30)).whole
    assert isinstance(told, Drivers)
    return told.weights


def test_who_is_known_as_one_of_them_is_counted_in_no_source(small_house: House, engine: Engine) -> None:
    """On both engines; what nobody is known to have done stays."""
    house = House(small_house.settings, engine, small_house.ledger, small_house.clock, small_house.secret, small_house.lock, small_house.index)
    log, at = Log(), datetime(2026, 2, 1, tzinfo=UTC)
    for who in range(6):
        log.event(who, at, "checkout", "basket")
    log.event(5, at, "read")
    log.event(None, at, "seen")
    log.into(engine)
    assert _names(house) == {"checkout": 6, "read": 1, "seen": 1}
    put(engine, "parties", [_person(0, "customer"), _person(5, "employee")])
    assert _names(house) == {"checkout": 5, "seen": 1}
    assert "read" not in why_journeys.features(HouseDesk(house, whole()))
    assert Sight(house, whole()).happens() == {"checkout", "seen"}


def _person(who: int, audience: str) -> dict[str, object]:
    return {"id": party(who), "kind": "person", "audience": audience, "first_seen": DAY}


def _names(house: House) -> dict[str, int]:
    rows = open_events(house)
    found = house.engine.run(rows.group_by("name").agg(n=rows.count())).to_pylist()
    return {r["name"]: r["n"] for r in found}
