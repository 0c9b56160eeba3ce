"""Risk differences and ratios over strata: against statsmodels, by simulation, and by laws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.contingency_tables import StratifiedTable, Table2x2

from gensvar.stats.risks import Strata, needed, risks

CELLS = [(12, 30, 8, 40), (25, 50, 10, 35), (3, 9, 5, 30)]


def strata(cells: list[tuple[int, int, int, int]]) -> Strata:
    """One mark. cells: hits and people with the mark, hits and people without it."""
    return Strata(*(np.array([[float(c[i]) for c in cells]]) for i in range(4)))


def test_the_test_of_no_difference_is_that_of_mantel_and_haenszel() -> None:
    """statsmodels 0.14: StratifiedTable(tables).test_null_odds(correction=False).pvalue"""
    tables = [np.array([[a, n1 - a], [b, n0 - b]]) for a, n1, b, n0 in CELLS]
    assert risks(strata(CELLS)).p[0] == pytest.approx(StratifiedTable(tables).test_null_odds(correction=False).pvalue, rel=1e-9)


def test_the_ratio_of_one_stratum_is_the_textbook_one() -> None:
    """statsmodels 0.14: Table2x2(t).riskratio and riskratio_confint()"""
    a, n1, b, n0 = CELLS[0]
    found, other = risks(strata([CELLS[0]])), Table2x2(np.array([[a, n1 - a], [b, n0 - b]]))
    assert (found.ratio[0], found.ratio_low[0], found.ratio_high[0]) == pytest.approx((other.riskratio, *other.riskratio_confint()), rel=1e-9)


def test_the_difference_of_one_stratum_is_the_plain_one() -> None:
    found = risks(strata([(15, 30, 10, 40)]))
    assert found.difference[0] == pytest.approx(15 / 30 - 10 / 40)


def test_the_differences_of_strata_are_weighted_by_hand() -> None:
    """Σ (a·n0 − b·n1)/n ÷ Σ n1·n0/n, written out."""
    above = sum((a * n0 - b * n1) / (n1 + n0) for a, n1, b, n0 in CELLS)
    assert risks(strata(CELLS)).difference[0] == pytest.approx(above / sum(n1 * n0 / (n1 + n0) for _, n1, _, n0 in CELLS))


def drawn(rng: np.random.Generator, times: int, add: float, ratio: float, low: float = 0.25) -> Strata:
    """times marks over forty sparse strata whose base risks and shares of marked people differ and go together."""
    n, base = rng.integers(4, 30, (times, 40)), rng.uniform(low, 0.8 - low, (times, 40))
    n1 = rng.binomial(n, base)
    n0 = n - n1
    return Strata(*(part.astype(np.float64) for part in (rng.binomial(n1, base * ratio + add), n1, rng.binomial(n0, base), n0)))


@pytest.mark.parametrize(("add", "ratio"), [(0.0, 1.0), (0.12, 1.0), (0.0, 1.4)])
def test_intervals_cover_the_truth(add: float, ratio: float) -> None:
    """2,000 draws: Monte Carlo error 0.5 points."""
    found = risks(drawn(np.random.default_rng(5), 2000, add, ratio))
    if ratio == 1.0:
        assert 0.93 <= np.mean((found.low <= add) & (add <= found.high)) <= 0.97
    if add == 0.0:
        assert 0.93 <= np.mean((found.ratio_low <= ratio) & (ratio <= found.ratio_high)) <= 0.97
    if (add, ratio) == (0.0, 1.0):
        assert 0.03 <= np.mean(found.p < 0.05) <= 0.07


def test_without_strata_the_confounded_comparison_fails_where_ours_does_not() -> None:
    tables = drawn(np.random.default_rng(6), 500, 0.0, 1.0, low=0.05)
    held, crude = risks(tables), risks(tables.crude())
    assert np.mean((held.low <= 0) & (held.high >= 0)) > 0.92
    assert np.mean((crude.low <= 0) & (crude.high >= 0)) < 0.7


@given(st.lists(st.tuples(*[st.integers(1, 20)] * 4), min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_strata_changes_nothing_and_sides_only_the_sign(cells: list[tuple[int, int, int, int]], lot: object) -> None:
    some = [(min(a, n1), n1, min(b, n0), n0) for a, n1, b, n0 in cells]
    mixed = sorted(some)
    there, back = risks(strata(some)), risks(strata([(b, n0, a, n1) for a, n1, b, n0 in some]))
    assert risks(strata(mixed)).difference == pytest.approx(there.difference, abs=1e-12)
    assert back.difference == pytest.approx(-there.difference, abs=1e-12)
    assert (back.low, back.high) == (pytest.approx(-there.high, abs=1e-9), pytest.approx(-there.low, abs=1e-9))
    assert there.low[0] <= there.difference[0] <= there.high[0]


def test_nobody_on_one_side_tells_nothing() -> None:
    found = risks(strata([(5, 10, 0, 0)]))
    assert np.isnan(found.difference[0])
    assert found.p[0] == 1.0


def test_a_rarer_mark_takes_more_people() -> None:
    assert needed(0.1, 0.5, 0.15) > needed(0.5, 0.5, 0.15)
    assert needed(0.5, 0.5, 0.05) > needed(0.5, 0.5, 0.15)
