"""From two series by unit and month to what moves together: pure functions."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

import numpy as np

from gensvar.explain.units.found import Lagged, Units, Verdict
from gensvar.stats import adjusted
from gensvar.stats.panels import pairs_needed, together

LAGS: Final = tuple(range(7))
LEAST_UNITS, LEAST_MONTHS, LEAST_PAIRS = 5, 3, 20
Q, WORTH_SEEING = 0.05, 0.3
Series = Mapping[str, Mapping[date, float]]
"""unit → first day of month → the measure's number."""


def judged(blank: Units, employees: Series, customers: Series, lags: Sequence[int] = LAGS) -> Units:
    """Whether the two move together within units, at each lag. Few units, or months, is cannot_tell with about how many pairs it takes."""
    shared = tuple(sorted(set(employees) & set(customers)))
    known = replace(blank, shared=shared, least_units=LEAST_UNITS, least_months=LEAST_MONTHS)
    if not shared:
        return replace(known, why="nothing_shared")
    found = [_lagged(lag, _pairs(employees, customers, shared, lag)) for lag in lags]
    tested = [one.p for one in found if one.p is not None]
    q = iter(adjusted(tested)) if tested else iter(())
    ruled = tuple(_ruled(one, next(q)) if one.p is not None else one for one in found)
    return replace(known, lags=ruled, plain=_plain(_pairs(employees, customers, shared, 0)), why="" if tested else "few")


Pair = tuple[str, date, float, float]


def _pairs(employees: Series, customers: Series, shared: Sequence[str], lag: int) -> list[Pair]:
    """(unit, month, employees then, customers `lag` months later), where both are known."""
    pairs = []
    for unit in shared:
        for month, value in sorted(employees[unit].items()):
            later = customers[unit].get(_later(month, lag))
            if later is not None:
                pairs.append((unit, month, value, later))
    return pairs


def _later(month: date, lag: int) -> date:
    """The first day of the month so many months later.

    >>> _later(date(2026, 11, 1), 3)
    datetime.date(2027, 2, 1)
    """
    place = month.year * 12 + month.month - 1 + lag
    return date(place // 12, place % 12 + 1, 1)


def _lagged(lag: int, pairs: Sequence[Pair]) -> Lagged:
    """One lag, without its q. Units with one month alone, and months with one unit, tell nothing and are left out."""
    kept = _telling(pairs)
    units, months = len({p[0] for p in kept}), len({p[1] for p in kept})
    needs = pairs_needed(WORTH_SEEING, max(units, LEAST_UNITS) + max(months, LEAST_MONTHS) - 1)
    blank = Lagged(lag, "cannot_tell", len(kept), units, months, pairs_needed=needs)
    if units < LEAST_UNITS or months < LEAST_MONTHS or len(kept) < LEAST_PAIRS:
        return blank
    x, y = (np.array([p[i] for p in kept], np.float64) for i in (2, 3))
    unit, month = (np.unique([str(p[i]) for p in kept], return_inverse=True)[1].astype(np.int64) for i in (0, 1))
    found = together(x, y, unit, month)
    if found is None:
        return blank
    return replace(
        blank, r=found.r, low=found.low, high=found.high, slope=found.slope, slope_low=found.slope_low, slope_high=found.slope_high, p=found.p
    )


def _telling(pairs: Sequence[Pair]) -> list[Pair]:
    kept = list(pairs)
    while True:
        units, months = Counter(p[0] for p in kept), Counter(p[1] for p in kept)
        left = [p for p in kept if units[p[0]] > 1 and months[p[1]] > 1]
        if len(left) == len(kept):
            return left
        kept = left


def _ruled(one: Lagged, q: float) -> Lagged:
    """The lag with its verdict: no visible association where the interval leaves out all that would be worth seeing."""
    low, high = one.low or 0.0, one.high or 0.0
    verdict: Verdict = "cannot_tell"
    if q < Q and not low <= 0 <= high:
        verdict = "together" if (one.r or 0.0) > 0 else "against"
    elif max(abs(low), abs(high)) < WORTH_SEEING:
        verdict = "no_visible"
    return replace(one, q=q, verdict=verdict, pairs_needed=one.pairs_needed if verdict == "cannot_tell" else 0)


def _plain(pairs: Sequence[Pair]) -> float | None:
    """The correlation of all pairs as they stand."""
    x, y = (np.array([p[i] for p in pairs], np.float64) for i in (2, 3))
    if len(pairs) < LEAST_PAIRS or not x.std() > 0 or not y.std() > 0:
        return None
    return float(np.corrcoef(x, y)[0, 1])
