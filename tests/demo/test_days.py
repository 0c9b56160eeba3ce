"""Days and hours of the eighteen months."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gensvar.demo import days
from gensvar.demo.dice import Dice, pick


@given(st.integers(-3000, 3000))
def test_a_day_and_its_number_are_the_same_thing(number: int) -> None:
    assert days.number(days.at(number)) == number


def test_the_last_day_is_the_end_of_october() -> None:
    assert days.at(days.COUNT - 1) == date(2026, 10, 31)


@given(st.integers(0, days.COUNT - 1), st.integers(6 * 3600, 23 * 3600))
def test_epoch_milliseconds_are_stockholm_time(day: int, second: int) -> None:
    (ms,) = days.epoch_ms(np.array([day]), np.array([second])).tolist()
    local = datetime.fromtimestamp(ms / 1000, UTC).astimezone(ZoneInfo("Europe/Stockholm"))
    assert local.date() == days.at(day)
    assert local.hour * 3600 + local.minute * 60 + local.second == second


def test_stamps_have_the_form_asked_for() -> None:
    day, second = np.array([0, 1]), np.array([3661, 86_399])
    assert days.stamps(day, second, "%d-%m-%Y") == ["01-05-2025 01:01", "02-05-2025 23:59"]
    assert days.stamps(day, second, "%Y-%m-%d", seconds=True) == ["2025-05-01 01:01:01", "2025-05-02 23:59:59"]


def test_offices_rest_in_july_and_shops_are_busy_in_december() -> None:
    rng = Dice(1).numbers("days")
    office = [days.at(d) for d in days.some_days(rng, 20_000, "office").tolist()]
    shop = [days.at(d) for d in days.some_days(rng, 20_000, "shop").tolist()]
    assert sum(d.month == 7 for d in office) < 0.7 * sum(d.month == 6 for d in office)
    assert sum((d.year, d.month) == (2025, 12) for d in shop) > 1.2 * sum((d.year, d.month) == (2025, 10) for d in shop)


def test_nobody_writes_in_the_middle_of_the_night() -> None:
    seconds = days.some_seconds(Dice(1).numbers("hours"), 5000)
    assert seconds.min() >= 5 * 3600
    assert seconds.max() < 22 * 3600


def test_since_turns_on_its_day() -> None:
    assert days.since(np.array([0, 1, 2]), days.at(1)).tolist() == [0.0, 1.0, 1.0]


@given(st.lists(st.floats(0.1, 10), min_size=1, max_size=8), st.integers(0, 50))
def test_picks_are_indexes_of_the_shares(shares: list[float], count: int) -> None:
    found = pick(Dice(2).numbers("pick"), shares, count)
    assert len(found) == count
    assert all(0 <= i < len(shares) for i in found.tolist())


def test_picks_follow_the_shares() -> None:
    found = pick(Dice(2).numbers("pick"), [1.0, 3.0], 10_000)
    assert found.mean() == pytest.approx(0.75, abs=0.02)


def test_each_purpose_has_a_stream_of_its_own() -> None:
    dice = Dice(7)
    assert dice.numbers("a").random() == dice.numbers("a").random()
    assert dice.numbers("a").random() != dice.numbers("b").random()
    assert dice.words("a").random() == Dice(7).words("a").random() != Dice(8).words("a").random()
