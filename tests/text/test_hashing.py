"""Features: the same for the same words, whatever the company, the case and the signs around them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gensvar.text.hashing import MOST_SIGNS, features

SIZE = 1 << 16
TEXTS = st.lists(st.text(max_size=40), min_size=1, max_size=6)


def of(text: str) -> list[int]:
    return sorted(features([text], SIZE).places.tolist())


@given(TEXTS)
def test_company_changes_nothing(texts: list[str]) -> None:
    found = features(texts, SIZE)
    assert found.ends[0] == 0
    assert found.ends[-1] == len(found.places)
    for i, text in enumerate(texts):
        assert sorted(found.places[found.ends[i] : found.ends[i + 1]].tolist()) == of(text)


@given(TEXTS)
def test_places_are_in_the_table(texts: list[str]) -> None:
    places = features(texts, 1024).places
    assert len(places) == 0 or (places.min() >= 0 and places.max() < 1024)


@pytest.mark.parametrize(
    ("one", "same"),
    [
        ("Inte BRA", "inte bra"), ("bra, mat", "bra mat"), ("  bra \n mat ", "bra mat"), ("år 2024", "år 1987"), ("sååååå", "såå"),
        ("👍🏽", "👍"), ("bra👍", "bra 👍"), ("cafe\u0301", "café"), ("nej!", "nej !"), ("\ud800", "\udfff"),
    ],
)  # fmt: skip
def test_what_is_read_alike(one: str, same: str) -> None:
    assert of(one) == of(same)


@pytest.mark.parametrize(
    ("one", "other"), [("bra", "bro"), ("inte bra", "bra inte"), ("nej!", "nej?"), ("👍", "👎"), ("for", "för"), ("a b c", "a c b")]
)
def test_what_is_told_apart(one: str, other: str) -> None:
    assert of(one) != of(other)


def test_pairs_do_not_cross_texts() -> None:
    together, apart = features(["inte", "bra"], SIZE), features(["inte bra"], SIZE)
    assert set(together.places.tolist()) < set(apart.places.tolist())


def test_of_nothing_nothing() -> None:
    assert features([""], SIZE).ends.tolist() == [0, 0]
    assert features([], SIZE).ends.tolist() == [0]


def test_only_the_beginning_of_a_huge_text_is_read() -> None:
    assert len(features(["ab " * 10 * MOST_SIGNS], SIZE).places) < 10 * MOST_SIGNS


def test_places_are_spread() -> None:
    words = [f"{a}{b}{c}" for a in "abcdefghij" for b in "klmnopqrst" for c in "uvwxyzåäöé"]
    places = np.unique(features(words, 1 << 20).places)
    counts = np.bincount(places % 64, minlength=64)
    assert counts.min() > 0.6 * counts.mean()
