"""Vectors in a quarter of their size keep their angles."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gensvar.text.compact import packed, unpacked
from gensvar.text.keys import KEY_BYTES, key_of


@given(st.integers(1, 6), st.integers(2, 400), st.integers(0, 2**31))
def test_angles_stay(n: int, width: int, seed: int) -> None:
    rows = np.random.default_rng(seed).normal(size=(n, width)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    stored = packed(rows)
    assert {len(one) for one in stored} == {4 + width}
    back = unpacked(stored)
    assert np.allclose(np.linalg.norm(back, axis=1), 1, atol=1e-5)
    assert np.abs(back @ back.T - rows @ rows.T).max() < 0.02


def test_a_row_of_nothing_stays_nothing() -> None:
    assert not unpacked(packed(np.zeros((2, 8), np.float32))).any()
    assert unpacked([]).shape == (0, 0)


@given(st.text(), st.text())
def test_keys_are_equal_for_equal_texts_alone(one: str, other: str) -> None:
    assert (key_of(one) == key_of(other)) == (one == other)
    assert len(key_of(one)) == KEY_BYTES


def test_half_a_sign_has_a_key_too() -> None:
    assert key_of("\ud83d") != key_of("\ud83e")
