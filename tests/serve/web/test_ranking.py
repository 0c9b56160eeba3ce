"""Ranking: the closest name first, whatever its marks, case and order of words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gensvar.serve.web.ranking import LONGEST, NOT, best, folded, rank

NAMES = ("Norway", "North", "Voices", "Satisfaction with support", "Åbo", "Støtte", "csat.delivery", "app-store")


def find(wanted: str, most: int = 5) -> list[str]:
    return best(wanted, NAMES, str, most)


@pytest.mark.parametrize(
    ("wanted", "first"),
    [
        ("norway", "Norway"), ("NOR", "North"), ("  voi ", "Voices"), ("abo", "Åbo"), ("stotte", "Støtte"), ("delivery", "csat.delivery"),
        ("store", "app-store"), ("support satisfaction", "Satisfaction with support"), ("norwya", "Norway"),
        ("with sup", "Satisfaction with support"),
    ],
)  # fmt: skip
def test_the_closest_is_first(wanted: str, first: str) -> None:
    assert find(wanted)[0] == first


@pytest.mark.parametrize("wanted", ["", " ", "zz", "qqqqqq", "x" * (LONGEST + 1)])
def test_what_is_nothing_finds_nothing(wanted: str) -> None:
    assert find(wanted) == []


def test_no_more_than_asked_for_and_the_shortest_of_equals_first() -> None:
    assert find("nor") == ["North", "Norway"]
    assert find("nor", 1) == ["North"]


def test_ranks() -> None:
    assert [rank("nor", name) for name in ("nor", "norway", "in norway", "minor", "voices")] == [0, 1, 2, 3, NOT]


@given(st.text(max_size=40))
def test_folding_twice_is_folding_once_and_every_name_finds_itself(text: str) -> None:
    once = folded(text)
    assert folded(once) == once
    if once:
        assert best(text, [text, "something else entirely"], str, 1) == [text]
