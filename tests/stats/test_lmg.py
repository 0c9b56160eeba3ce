"""Importance of correlated drivers: against R, all orderings by brute force, and by laws that hold for any data."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from gensvar.stats.lmg import balanced_orders, correlations, lmg, over_orders, relative_weights, subset_r2

Numbers = NDArray[np.float64]
SWISS = """
1 -0.68654221 -0.63952252 0.40109505 -0.06085861 0.35307918
-0.68654221 1 0.69841530 -0.57274180 -0.11402160 -0.64588270
-0.63952252 0.69841530 1 -0.15385892 -0.09932185 -0.66378886
0.40109505 -0.57274180 -0.15385892 1 0.17549591 0.46368470
-0.06085861 -0.11402160 -0.09932185 0.17549591 1 0.41655603
0.35307918 -0.64588270 -0.66378886 0.46368470 0.41655603 1
"""


def some(drivers: int, seed: int) -> Numbers:
    """A correlation matrix of full rank, outcome last."""
    draw = np.random.default_rng(seed).normal(size=(drivers + 1, drivers + 1))
    return correlations(draw @ draw.T + np.eye(drivers + 1))


def r2_of(matrix: Numbers, drivers: tuple[int, ...]) -> float:
    """R² by solving the normal equations: the slow second method."""
    if not drivers:
        return 0.0
    some_, y = list(drivers), len(matrix) - 1
    return float(matrix[some_, y] @ np.linalg.solve(matrix[np.ix_(some_, some_)], matrix[some_, y]))


def by_all_orders(matrix: Numbers) -> Numbers:
    """Each driver's gain when it enters, averaged over every order, one by one."""
    drivers = len(matrix) - 1
    orders = list(permutations(range(drivers)))
    gains = np.zeros(drivers)
    for order in orders:
        for at, own in enumerate(order):
            gains[own] += r2_of(matrix, order[: at + 1]) - r2_of(matrix, order[:at])
    return gains / len(orders)


def test_lmg_is_that_of_r() -> None:
    """R 4, relaimpo 2.2: calc.relimp(lm(Fertility ~ ., swiss), type = "lmg"); as printed by Grömping 2006, J. Stat. Softw. 17(1).

    The matrix is cor(swiss), Fertility last, to eight places. LMG: Agriculture, Examination, Education, Catholic, Infant.Mortality.
    """
    matrix = np.array([row.split() for row in SWISS.strip().splitlines()], np.float64)
    assert lmg(matrix) == pytest.approx([0.05709122, 0.17117303, 0.26013468, 0.10557015, 0.11276592], abs=2e-8)


@pytest.mark.parametrize("drivers", [1, 2, 3, 5, 6])
def test_lmg_is_the_mean_over_all_orders(drivers: int) -> None:
    matrix = some(drivers, drivers)
    assert np.abs(lmg(matrix) - by_all_orders(matrix)).max() < 1e-12


def test_every_subset_has_the_r2_of_its_regression() -> None:
    matrix = some(4, 9)
    subsets = [tuple(k for k in range(4) if place >> k & 1) for place in range(16)]
    assert subset_r2(matrix) == pytest.approx([r2_of(matrix, s) for s in subsets], abs=1e-12)


def test_johnson_by_his_two_steps() -> None:
    """Johnson 2000: the nearest orthogonal Z = X·P·Q', here with the square root of the matrix worked out by iteration (Denman & Beavers 1976)."""
    matrix = some(5, 4)
    among, with_y = matrix[:5, :5], matrix[:5, 5]
    root, inverse = among.copy(), np.eye(5)
    for _ in range(60):
        root, inverse = (root + np.linalg.inv(inverse)) / 2, (inverse + np.linalg.inv(root)) / 2
    slopes = np.linalg.solve(root, with_y)
    assert relative_weights(matrix) == pytest.approx((root**2) @ (slopes**2), abs=1e-10)


@given(st.integers(2, 8), st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_weights_add_to_r2_and_are_never_negative(drivers: int, seed: int) -> None:
    matrix = some(drivers, seed)
    for weights in (lmg(matrix), relative_weights(matrix), over_orders(matrix, balanced_orders(drivers, 1))):
        assert weights.min() > -1e-12
        assert weights.sum() == pytest.approx(r2_of(matrix, tuple(range(drivers))), abs=1e-10)


@given(st.integers(2, 7), st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_the_order_and_sign_of_drivers_change_nothing(drivers: int, seed: int) -> None:
    matrix = some(drivers, seed)
    draw = np.random.default_rng(seed)
    order, signs = draw.permutation(drivers), draw.choice([-1.0, 1.0], drivers)
    places, flip = [*order.tolist(), drivers], np.array([*signs, 1.0])
    other = matrix[np.ix_(places, places)] * flip[:, None] * flip[None, :]
    for method in (lmg, relative_weights):
        assert method(other) == pytest.approx(method(matrix)[order], abs=1e-10)


def test_unrelated_drivers_have_their_own_squares() -> None:
    matrix = np.eye(4)
    matrix[3, :3] = matrix[:3, 3] = (0.5, -0.3, 0.1)
    assert lmg(matrix) == pytest.approx([0.25, 0.09, 0.01])
    assert relative_weights(matrix) == pytest.approx([0.25, 0.09, 0.01])


def test_twins_share_alike() -> None:
    """Two drivers that differ by nothing but noise of the same size get the same weight, whatever is said of the third."""
    matrix = np.array([[1, 0.95, 0.2, 0.6], [0.95, 1, 0.2, 0.6], [0.2, 0.2, 1, 0.3], [0.6, 0.6, 0.3, 1]])
    assert lmg(matrix)[0] == pytest.approx(lmg(matrix)[1])


def test_many_at_once_are_as_one_by_one() -> None:
    batch = np.stack([some(5, seed) for seed in range(4)])
    assert lmg(batch) == pytest.approx(np.stack([lmg(one) for one in batch]), abs=1e-14)
    assert relative_weights(batch) == pytest.approx(np.stack([relative_weights(one) for one in batch]), abs=1e-14)


def test_all_orders_are_exact_and_balanced_ones_stand_evenly() -> None:
    matrix = some(5, 2)
    assert over_orders(matrix, np.array(list(permutations(range(5))))) == pytest.approx(lmg(matrix), abs=1e-12)
    orders = balanced_orders(7, 2)
    assert all((np.bincount(column, minlength=7) == len(orders) / 7).all() for column in orders.T)


@pytest.mark.parametrize("drivers", [0, 21])
def test_too_many_or_none_are_refused(drivers: int) -> None:
    with pytest.raises(ValueError, match="exact for 1 to 20"):
        lmg(np.eye(drivers + 1))
