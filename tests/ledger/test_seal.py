"""Sealing."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gensvar.kit.errors import Unavailable
from gensvar.ledger.seal import NONCE_BYTES, SALT_BYTES, Box, derived
from tests.ledgers import OTHER_SECRET, SECRET

BOX, LATER = Box(SECRET, "contacts"), Box(SECRET, "contacts")


@given(plain=st.binary(max_size=200), belongs=st.binary(max_size=20))
def test_what_is_sealed_opens_also_after_a_restart(plain: bytes, belongs: bytes) -> None:
    sealed = BOX.seal(plain, belongs)
    assert LATER.open(sealed, belongs) == plain
    assert len(sealed) == SALT_BYTES + NONCE_BYTES + len(plain) + 16


@given(plain=st.binary(min_size=1, max_size=50), at=st.integers(0), bit=st.integers(0, 7))
def test_a_changed_bit_is_noticed(plain: bytes, at: int, bit: int) -> None:
    sealed = bytearray(BOX.seal(plain))
    sealed[at % len(sealed)] ^= 1 << bit
    with pytest.raises(Unavailable, match="does not open"):
        BOX.open(bytes(sealed))


@pytest.mark.parametrize("other", [Box(OTHER_SECRET, "contacts"), Box(SECRET, "inbox")])
def test_another_secret_or_purpose_does_not_open(other: Box) -> None:
    with pytest.raises(Unavailable):
        other.open(BOX.seal(b"anna"))
    assert other.mark(b"anna") != BOX.mark(b"anna")


@pytest.mark.parametrize("cut", [0, 5, 20, 30, 40])
def test_a_cut_off_value_does_not_open(cut: int) -> None:
    with pytest.raises(Unavailable):
        BOX.open(BOX.seal(b"anna")[:cut])


def test_no_nonce_is_used_twice_though_threads_seal_at_once() -> None:
    sealed: list[bytes] = []
    threads = [threading.Thread(target=lambda: sealed.extend(BOX.seal(b"same") for _ in range(500))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({value[: SALT_BYTES + NONCE_BYTES] for value in sealed}) == 2000
    assert BOX.seal(b"same")[:SALT_BYTES] != LATER.seal(b"same")[:SALT_BYTES]


def test_marks_are_equal_for_equal_values_only() -> None:
    assert BOX.mark(b"anna") == LATER.mark(b"anna")
    assert BOX.mark(b"anna") != BOX.mark(b"bo")
    assert derived(SECRET, "a") != derived(SECRET, "b") != SECRET
