"""Employees and customers: a known link is found, none is where there is none, and few units are told as few."""

import json
from datetime import date

import numpy as np
import pytest

from gensvar.explain.units import Series, Units, judged, units_json, units_of
from gensvar.explain.units.judge import LEAST_UNITS

BLANK = Units("unit", "enps.pulse", "csat.support", (), ())


def month(at: int) -> date:
    return date(2024 + at // 12, at % 12 + 1, 1)


def drawn(rng: np.random.Generator, units: int, months: int, slope: float, lag: int = 0, noise: float = 1.0) -> tuple[Series, Series]:
    """Units differ for good in both, seasons move both; customers follow employees by slope, some months later."""
    lasting, season = rng.normal(size=units), rng.normal(size=months + 12)
    mood = rng.normal(size=(units, months + 12))
    employees = {f"u{u}": {month(t): float(5 * lasting[u] + 2 * season[t] + mood[u, t]) for t in range(months)} for u in range(units)}
    customers = {
        f"u{u}": {
            month(t): float(8 * lasting[u] + season[t] + slope * (mood[u, t - lag] if t >= lag else 0.0) + noise * rng.normal())
            for t in range(months + lag)
        }
        for u in range(units)
    }
    return employees, customers


@pytest.mark.parametrize("lag", [0, 3])
def test_the_planted_lag_stands_and_no_other(lag: int) -> None:
    found = judged(BLANK, *drawn(np.random.default_rng(1), 12, 18, 0.8, lag))
    assert [one.lag for one in found.standing] == [lag]
    one = found.standing[0]
    assert one.verdict == "together"
    assert one.slope_low is not None
    assert one.slope_high is not None
    assert one.slope_low <= 0.8 <= one.slope_high
    assert found.ecological


def test_without_a_link_the_plain_correlation_is_fooled_and_ours_is_not() -> None:
    """100 draws of seven lags each: nothing stands in at least 93, though all pairs together look alike."""
    rng, clean, fooled = np.random.default_rng(2), 0, 0
    for _ in range(100):
        found = judged(BLANK, *drawn(rng, 10, 12, 0.0))
        clean += not found.standing
        fooled += (found.plain or 0.0) > 0.6
    assert clean >= 93
    assert fooled >= 95


@pytest.mark.parametrize(("units", "months"), [(1, 24), (LEAST_UNITS - 1, 24), (12, 1), (12, 2)])
def test_few_units_or_months_cannot_tell_and_say_how_many_it_takes(units: int, months: int) -> None:
    found = judged(BLANK, *drawn(np.random.default_rng(3), units, months, 1.0))
    assert (found.why, found.standing) == ("few", ())
    assert all(one.verdict == "cannot_tell" and one.r is None and one.pairs_needed > 80 for one in found.lags)


def test_no_unit_in_both_is_told_as_that() -> None:
    employees, customers = drawn(np.random.default_rng(4), 6, 8, 1.0)
    assert judged(BLANK, employees, {f"other {k}": v for k, v in customers.items()}).why == "nothing_shared"
    assert judged(BLANK, {}, customers).why == "nothing_shared"


def test_what_stands_still_tells_nothing() -> None:
    employees, customers = drawn(np.random.default_rng(5), 8, 10, 1.0)
    still = {unit: dict.fromkeys(months, 7.0) for unit, months in employees.items()}
    assert all(one.verdict == "cannot_tell" for one in judged(BLANK, still, customers).lags)


def test_names_and_the_order_of_units_change_nothing() -> None:
    employees, customers = drawn(np.random.default_rng(6), 8, 10, 0.5)
    turned = [{f"x{k}": v for k, v in reversed(list(s.items()))} for s in (employees, customers)]
    one, other = judged(BLANK, employees, customers), judged(BLANK, *turned)
    assert [(round(a.r or 0, 9), a.verdict) for a in one.lags] == [(round(b.r or 0, 9), b.verdict) for b in other.lags]


def test_it_comes_back_from_the_ledger_as_it_went() -> None:
    found = judged(BLANK, *drawn(np.random.default_rng(7), 8, 10, 0.5))
    assert units_of(json.loads(json.dumps(units_json(found)))) == found
