"""The adjusted Wald interval for a balance in points: by hand, by a second method, and by exact coverage over all outcomes."""

from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import multinomial

from gensvar.stats import Balance

SHAPES = [(0.20, 0.30, 0.50), (0.05, 0.15, 0.80), (0.40, 0.30, 0.30), (0.60, 0.25, 0.15), (0.45, 0.10, 0.45)]
balances = st.builds(Balance, st.integers(0, 300), st.integers(0, 300), st.integers(1, 300))


def outcomes(n: int) -> list[Balance]:
    return [Balance(a, b, n - a - b) for a in range(n + 1) for b in range(n + 1 - a)]


def chances(cells: list[Balance], shape: tuple[float, float, float]) -> np.ndarray:
    return multinomial.pmf([(c.against, c.between, c.pro) for c in cells], cells[0].n, shape)


def test_by_hand() -> None:
    """Rocks 2016: n* = 103, p* = 50.75/103, d* = 20.75/103; NPS* = 29.126; SE = sqrt((p* + d* − NPS*²)/n*) = 0.07722."""
    p, d = 50.75 / 103, 20.75 / 103
    half = 1.959964 * sqrt((p + d - (p - d) ** 2) / 103)
    found = Balance(20, 30, 50).interval()
    assert (found.value, found.low, found.high) == pytest.approx((30, 100 * (p - d - half), 100 * (p - d + half)), abs=1e-4)


def test_margin_at_a_usual_split() -> None:
    """Margins of Wald's interval at 50/30/20: n = 400 ±7.6, n = 1,000 ±4.8; the adjusted ones are within a tenth of them."""
    for n, margin in ((400, 7.6), (1000, 4.8)):
        found = Balance(n // 5, 3 * n // 10, n // 2).interval()
        assert (found.high - found.low) / 2 == pytest.approx(margin, abs=0.1)


@given(balances, balances, st.sampled_from([0.8, 0.95, 0.99]))
def test_p_agrees_with_the_interval(a: Balance, b: Balance, level: float) -> None:
    found = a.minus(b, level)
    apart = max(found.low, -found.high)
    if abs(apart) > 1e-9:
        assert (found.p < 1 - level) == (apart > 0)


@given(balances)
def test_on_the_scale_and_around_the_value(a: Balance) -> None:
    found = a.interval()
    assert -100 <= found.low <= found.value <= found.high <= 100
    assert a.variance > 0


@given(balances)
def test_mirrored(a: Balance) -> None:
    mirror = Balance(a.pro, a.between, a.against).interval()
    assert (mirror.low, mirror.high) == pytest.approx((-a.interval().high, -a.interval().low))


@pytest.mark.parametrize(("n", "least"), [(5, 0.90), (10, 0.92), (30, 0.94)])
def test_exact_coverage(n: int, least: float) -> None:
    cells = outcomes(n)
    intervals = [c.interval() for c in cells]
    for shape in SHAPES:
        truth = 100 * (shape[2] - shape[0])
        inside = np.array([i.low <= truth <= i.high for i in intervals])
        assert chances(cells, shape)[inside].sum() > least


def test_wald_itself_would_not_do() -> None:
    """Why it is adjusted: without pseudo-answers, five answers cover as little as half of the time."""
    cells, shape = outcomes(5), SHAPES[1]
    covered = 0.0
    for cell, chance in zip(cells, chances(cells, shape), strict=True):
        up, down = cell.pro / 5, cell.against / 5
        half = 1.96 * sqrt((up + down - (up - down) ** 2) / 5)
        covered += chance * (abs(up - down - (shape[2] - shape[0])) <= half)
    assert covered < 0.75


@pytest.mark.parametrize(("m", "n"), [(10, 10), (15, 6)])
def test_exact_false_alarms_of_the_difference(m: int, n: int) -> None:
    left, right = outcomes(m), outcomes(n)
    alarm = np.array([[a.minus(b).p < 0.05 for b in right] for a in left])
    for shape in SHAPES:
        assert chances(left, shape) @ alarm @ chances(right, shape) < 0.075
