"""Between when and when what customers do is known; what they did is counted from moments as they come, with parts of a second."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from gensvar import flow
from gensvar.engine import Engine
from gensvar.explaining import features, onboarding
from gensvar.explaining.known import known
from gensvar.house import House
from tests.explain.customers import Customers, day, seconds, some
from tests.explaining.firms import INTRANET


@pytest.fixture
def later(small_house: House) -> House:
    """A house whose day is long after the customers of `some`."""
    return replace(small_house, settings=replace(small_house.settings, today=day(1_000).date()))


def test_it_ends_with_the_day_of_the_latest_event_and_clocks_that_jump_move_nothing(later: House, engine: Engine) -> None:
    house, made = replace(later, engine=engine), Customers()
    assert known(house) == (0, seconds(1_001))
    who = made.account(0, 0)
    for when in (5.25 + 0.7 / 86_400, 90.5, 5_000, -25_000):
        made.did(who, "login", when)
    made.into(engine)
    assert known(house) == (seconds(5.25), seconds(91))


def test_events_that_stop_coming_are_not_customers_who_fail(later: House) -> None:
    """The register lives on, events came until day 200: those who began a week before have done nothing that is known, and are not followed."""
    made = some(np.random.default_rng(1), 200, trained=0.3)
    made.events = [e for e in made.events if e["occurred_at"] < day(200)]
    made.into(later.engine)
    found = onboarding.onboarding(later, onboarding.Asked("go_live"))
    until = max(e["occurred_at"] for e in made.events).date() - day(-1).date()
    began = [(p["started_at"] - day(0)).days for p in made.parties]
    assert found.out.young == sum(start + 120 > until.days for start in began) > 100
    assert found.n + found.out.done + found.out.early == len(began) - found.out.young


def test_what_a_source_about_employees_tells_is_counted_nowhere(later: House) -> None:
    made = some(np.random.default_rng(3), 120)
    made.into(later.engine)
    before = onboarding.onboarding(later, onboarding.Asked("go_live")), features.features(later, features.Asked()), known(later)
    for at, party in enumerate(made.parties):
        made.did(party["id"], "read", (party["started_at"] - day(0)).days + at % 25)
        made.did(party["id"], "churn", 900)
        for event in made.events[-2:]:
            event["source"] = "intranet"
    made.into(later.engine)
    flow.add_source(later, INTRANET, "test")
    assert (onboarding.onboarding(later, onboarding.Asked("go_live")), features.features(later, features.Asked()), known(later)) == before


def test_parts_of_a_second_break_nothing(later: House) -> None:
    made = some(np.random.default_rng(2), 100)
    for at, event in enumerate(made.events):
        event["occurred_at"] += timedelta(microseconds=123_456 + at)
    for party in made.parties:
        party["started_at"] += timedelta(microseconds=7)
    made.into(later.engine)
    assert onboarding.onboarding(later, onboarding.Asked("go_live")).n > 50
    assert features.features(later, features.Asked()).periods > 50
