"""Two-way fixed effects with few units: against statsmodels, against the definition written out, by simulation, and by laws."""

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st

from gensvar.stats.panels import pairs_needed, together

Floats = np.ndarray


def walk(rng: np.random.Generator, units: int, times: int, r: float = 0.4) -> Floats:
    """Units × times noise in which each month is like the one before."""
    out = rng.normal(size=(units, times))
    for t in range(1, times):
        out[:, t] = r * out[:, t - 1] + np.sqrt(1 - r * r) * out[:, t]
    return out


def panel(rng: np.random.Generator, units: int, times: int, slope: float, gaps: float = 0.1) -> tuple[Floats, Floats, Floats, Floats]:
    """Units differ for good in both, the season moves both, and y follows x by slope within units; some months are missing."""
    lasting, season = rng.normal(size=(units, 1)), rng.normal(size=(1, times))
    x = 2 * lasting + season + walk(rng, units, times)
    y = 3 * lasting + 2 * season + slope * x + walk(rng, units, times)
    unit, time = np.meshgrid(np.arange(units), np.arange(times), indexing="ij")
    keep = rng.random(x.size) >= gaps
    return tuple(part.ravel()[keep] for part in (x, y, unit, time))  # type: ignore[return-value]


def design(x: Floats, unit: Floats, time: Floats) -> Floats:
    return np.column_stack([x, np.eye(unit.max() + 1)[unit], np.eye(time.max() + 1)[time][:, 1:]])


def test_the_slope_is_that_of_dummies_for_units_and_months() -> None:
    """statsmodels 0.14: OLS(y, [x, dummies of units, of months]).fit().params[0]"""
    x, y, unit, time = panel(np.random.default_rng(1), 9, 14, 0.4)
    found = together(x, y, unit, time)
    assert found is not None
    assert found.slope == pytest.approx(sm.OLS(y, design(x, unit, time)).fit().params[0], rel=1e-9)
    rest = [v - design(x, unit, time)[:, 1:] @ np.linalg.lstsq(design(x, unit, time)[:, 1:], v, rcond=None)[0] for v in (x, y)]
    assert found.r == pytest.approx(np.corrcoef(*rest)[0, 1], rel=1e-9)


def test_error_and_freedom_are_those_of_bell_and_mccaffrey_written_out() -> None:
    """Imbens & Kolesár 2016, eq. 9 and 10, with whole matrices."""
    x, y, unit, time = panel(np.random.default_rng(2), 7, 9, 0.4)
    d = design(x, unit, time)
    hat = d @ np.linalg.pinv(d)
    bread, rest = np.linalg.pinv(d.T @ d), y - hat @ y
    meat, columns = 0.0, []
    for u in np.unique(unit):
        here = unit == u
        values, vectors = np.linalg.eigh((np.eye(len(y)) - hat)[np.ix_(here, here)])
        root = sum(np.outer(v, v) / np.sqrt(s) for s, v in zip(values, vectors.T, strict=True) if s > 1e-8)
        pull = root @ d[here] @ bread[:, 0]
        meat += float(pull @ rest[here]) ** 2
        columns.append((np.eye(len(y)) - hat)[:, here] @ pull)
    spread = np.array(columns) @ np.array(columns).T
    found = together(x, y, unit, time)
    assert found is not None
    from scipy.stats import t

    assert found.freedom == pytest.approx(np.trace(spread) ** 2 / (spread**2).sum(), rel=1e-6)
    assert found.slope_high - found.slope == pytest.approx(t.ppf(0.975, found.freedom) * np.sqrt(meat), rel=1e-6)


@pytest.mark.parametrize(("units", "times", "slope"), [(6, 10, 0.3), (12, 8, 0.0), (20, 12, 0.3)])
def test_intervals_cover_the_truth_with_few_units(units: int, times: int, slope: float) -> None:
    """400 draws: Monte Carlo error 1.1 points."""
    rng = np.random.default_rng(units)
    found = [together(*panel(rng, units, times, slope)) for _ in range(400)]
    cover = np.mean([f is not None and f.slope_low <= slope <= f.slope_high for f in found])
    assert 0.925 <= cover <= 0.975


def test_the_plain_correlation_is_fooled_by_what_lasts_and_by_the_season() -> None:
    rng, fooled, held = np.random.default_rng(7), 0, 0
    for _ in range(100):
        x, y, unit, time = panel(rng, 12, 10, 0.0)
        found = together(x, y, unit, time)
        fooled += abs(np.corrcoef(x, y)[0, 1]) > 0.5
        held += found is not None and found.low <= 0 <= found.high
    assert fooled > 95
    assert held >= 90


@given(st.integers(0, 10**6), st.floats(0.1, 50), st.floats(-100, 100))
def test_units_of_the_numbers_and_order_of_rows_change_nothing(seed: int, times: float, shift: float) -> None:
    rng = np.random.default_rng(seed)
    x, y, unit, time = panel(rng, 6, 6, 0.3)
    mixed = rng.permutation(len(x))
    one, other = together(x, y, unit, time), together(times * x[mixed] + shift, y[mixed], unit[mixed], time[mixed])
    assert one is not None
    assert other is not None
    assert (other.r, other.low, other.p) == pytest.approx((one.r, one.low, one.p), abs=1e-5)
    assert other.slope == pytest.approx(one.slope / times, rel=1e-4, abs=1e-6)


def test_what_does_not_move_within_units_tells_nothing() -> None:
    unit, time = np.repeat(np.arange(6), 5), np.tile(np.arange(5), 6)
    assert together(unit.astype(float), np.arange(30.0) ** 2, unit, time) is None
    assert together(np.arange(5.0), np.arange(5.0) ** 2, np.zeros(5, np.int64), np.arange(5)) is None


def test_a_smaller_association_takes_more_pairs() -> None:
    assert pairs_needed(0.2, 20) > pairs_needed(0.3, 20) > pairs_needed(0.3, 10)
