"""How many customers it takes: golden values, the formula turned round, and a simulation."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.power import NormalIndPower  # type: ignore[import-untyped]
from statsmodels.stats.proportion import proportion_effectsize  # type: ignore[import-untyped]

from gensvar.stats.needed import needed, power


@pytest.mark.parametrize(("base", "about"), [(0.05, 2_200), (0.10, 1_035), (0.15, 645), (0.20, 450)])
def test_what_a_ratio_of_1_4_takes(base: float, about: int) -> None:
    """methods of the field, 3.8: about 2,200 / 1,035 / 645 / 450 customers in each group; statsmodels' arcsine formula says much the same."""
    assert needed(base, 1.4) == pytest.approx(about, rel=0.01)
    arcsine = NormalIndPower().solve_power(proportion_effectsize(base * 1.4, base), power=0.8, alpha=0.05)
    assert needed(base, 1.4) == pytest.approx(arcsine, rel=0.02)


@given(st.floats(0.01, 0.4), st.floats(1.1, 2.0), st.floats(0.2, 50))
def test_the_power_of_as_many_as_are_needed_is_the_power_asked_for(base: float, ratio: float, others: float) -> None:
    n = needed(base, ratio, others)
    assert power(n, base, ratio, others) >= 0.8 - 1e-9 > power(n - 1, base, ratio, others) - 2e-9


def test_more_to_compare_with_takes_fewer() -> None:
    assert needed(0.1, 1.4, 10) < needed(0.1, 1.4, 1) < needed(0.1, 1.4, 0.5)
    assert needed(0.1, 1.2) > needed(0.1, 1.4)


def test_so_many_see_it_four_times_in_five() -> None:
    """4,000 draws with a base of 15 %: two shares compared by the normal test."""
    rng, n = np.random.default_rng(5), needed(0.15, 1.4)
    a, b = rng.binomial(n, 0.21, 4_000) / n, rng.binomial(n, 0.15, 4_000) / n
    pooled = (a + b) / 2
    assert np.mean(np.abs(a - b) / np.sqrt(2 * pooled * (1 - pooled) / n) > 1.96) == pytest.approx(0.8, abs=0.02)


@pytest.mark.parametrize(("base", "ratio", "others"), [(0, 1.4, 1), (0.8, 1.4, 1), (0.1, 1.0, 1), (0.1, 1.4, 0)])
def test_what_it_cannot_be_asked(base: float, ratio: float, others: float) -> None:
    with pytest.raises(ValueError, match="differ"):
        needed(base, ratio, others)
