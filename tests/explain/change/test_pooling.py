"""Pooling: every cell that is told apart is large enough, nothing is lost, and the others are enough or everything is in them."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gensvar.explain.change.pooling import NONE, pooled, subsets, within_lead

LEAST = 10
ROWS = st.lists(st.tuples(st.integers(-1, 4), st.integers(-1, 3), st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=30)


def sides(rows: list[tuple[int, int, int, int]]) -> tuple[np.ndarray, tuple[np.ndarray, np.ndarray]]:
    made = np.array(rows)
    return made[:, :2], (made[:, 2].astype(float), made[:, 3].astype(float))


def counts(of: np.ndarray, n: tuple[np.ndarray, np.ndarray], cells: int) -> np.ndarray:
    return np.stack([np.bincount(of, weights=side, minlength=cells) for side in n])


@given(ROWS)
def test_cells_are_large_enough_or_together(rows: list[tuple[int, int, int, int]]) -> None:
    codes, n = sides(rows)
    cells = pooled(codes, n, LEAST)
    found = counts(cells.of, n, cells.count)
    assert found.sum() == n[0].sum() + n[1].sum()
    for at, (a, b) in enumerate(found.T):
        enough = max(a, b) >= LEAST and (min(a, b) >= LEAST or min(a, b) == 0)
        assert enough or cells.count == 1 or not a + b, "others take in more until they are enough, or all there is"
        if at != cells.others:
            assert (codes[cells.of == at] == cells.codes[at]).all()


@given(ROWS)
def test_inside_a_leading_dimension_no_cell_crosses_it(rows: list[tuple[int, int, int, int]]) -> None:
    codes, n = sides(rows)
    lead = pooled(codes[:, [0]], n, LEAST)
    cells, leads = within_lead(codes, n, lead, LEAST)
    assert (leads[cells.of] == lead.of).all()
    assert counts(cells.of, n, cells.count).sum() == n[0].sum() + n[1].sum()


def test_others_take_the_smallest_along() -> None:
    codes, n = np.array([[0], [1], [2], [3]]), (np.array([50.0, 12, 30, 4]), np.array([50.0, 12, 30, 4]))
    cells = pooled(codes, n, LEAST)
    assert cells.codes.tolist() == [[0], [2], [NONE]]
    assert counts(cells.of, n, 3)[0].tolist() == [50, 30, 16]


def test_every_set_of_dimensions() -> None:
    assert list(subsets(2)) == [(0,), (1,), (0, 1)]
