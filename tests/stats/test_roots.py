"""Roots: found to within what was asked, in few steps, also where the function is flat or steep."""

from collections.abc import Callable
from math import exp, tanh

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gensvar.stats.roots import root


@given(st.floats(-37.0, 37.0), st.floats(0.01, 50.0))
def test_the_root_of_a_curve_is_found(at: float, steep: float) -> None:
    assert root(lambda x: tanh((x - at) / steep), -38.0, 38.0) == pytest.approx(at, abs=1e-9)


@pytest.mark.parametrize(
    ("curve", "low", "high", "at"),
    [
        (lambda x: x, 0.0, 38.0, 0.0),
        (lambda x: x**9, -1.0, 3.0, 0.0),
        (lambda x: exp(x) - 5, 0.0, 38.0, 1.6094379124),
        (lambda x: 5 - x, 0.0, 5.0, 5.0),
    ],
)
def test_edges_and_bends(curve: Callable[[float], float], low: float, high: float, at: float) -> None:
    assert root(curve, low, high) == pytest.approx(at, abs=1e-8)


def test_it_takes_few_steps() -> None:
    asked: list[float] = []

    def curve(x: float) -> float:
        asked.append(x)
        return x * x * x - 20

    assert root(curve, 0.0, 38.0) == pytest.approx(20 ** (1 / 3), abs=1e-9)
    assert len(asked) < 20
