"""Themes of two runs matched: by shared texts, else by their centres; as many as can be, each once."""

import numpy as np

from gensvar.text.themes.matching import Known, matched

AXES = np.eye(4, dtype=np.float32)


def known(texts: range, axis: int = 0) -> Known:
    return Known(frozenset(map(str, texts)), AXES[axis])


ALL = frozenset(map(str, range(100)))


def test_the_same_texts_are_the_same_theme_whatever_the_order() -> None:
    before, now = [known(range(20)), known(range(20, 50), 1)], [known(range(18, 50), 1), known(range(2, 18))]
    assert matched(before, now, ALL, ALL) == {0: 1, 1: 0}


def test_one_theme_of_before_is_one_of_now_at_most_and_the_likest() -> None:
    assert matched([known(range(40))], [known(range(15)), known(range(15, 40))], ALL, ALL) == {1: 0}


def test_with_other_texts_the_centres_say_it() -> None:
    before, now = [known(range(20)), known(range(20, 40), 1)], [known(range(60, 80), 1), known(range(80, 99), 2)]
    assert matched(before, now, frozenset(map(str, range(50))), frozenset(map(str, range(50, 100)))) == {0: 1}


def test_shared_texts_that_went_elsewhere_outweigh_a_centre_that_lies_near() -> None:
    assert matched([known(range(20))], [known(range(20, 40))], ALL, ALL) == {}


def test_nothing_is_matched_with_nothing() -> None:
    assert matched([], [known(range(20))], ALL, ALL) == {}
    assert matched([known(range(20))], [], ALL, ALL) == {}
