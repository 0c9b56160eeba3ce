"""What moved, as a reader may see it: nothing of protected people, and nothing of fewer texts than her smallest group."""

import pytest

from gensvar.enrich.shifts import NOWHERE, Shift, Shifts
from gensvar.kit.scope import Scope, whole
from gensvar.serve.desks.moved import Move, TopicMoved, WhatMoved, shown

CUSTOMERS = Shifts(
    texts=100,
    moved=30,
    anew=0,
    topics={"delivery": Shift(50, 0, 30), "returns": Shift(10, 28, 0), "price": Shift(20, 0, 0), "staff": Shift(8, 2, 0)},
    moves={("delivery", "returns"): 28, ("delivery", NOWHERE): 2},
)
PARTNERS = Shifts(40, 20, 40, {"delivery": Shift(20, 0, 20), "returns": Shift(0, 20, 0)}, {("delivery", "returns"): 20})
BOTH = {"customer": CUSTOMERS, "partner": PARTNERS}


def test_audiences_are_told_together_what_moved_most_first() -> None:
    found = shown(BOTH, whole(), frozenset({"employee"}))
    assert (found.texts, found.moved, found.anew, found.hidden) == (140, 50, 40, False)
    assert found.topics[:2] == (TopicMoved("delivery", 70, 0, 50, 20), TopicMoved("returns", 10, 48, 0, 58))
    assert [t.topic for t in found.topics] == ["delivery", "returns", "staff", "price"]
    assert found.moves == (Move("delivery", "returns", 48), Move("delivery", NOWHERE, 2))


def test_who_is_protected_by_now_is_not_counted_and_nobody_is_told_how_many() -> None:
    found = shown(BOTH, whole(), frozenset({"employee", "partner"}))
    assert found == shown({"customer": CUSTOMERS}, whole(), frozenset())
    assert (found.texts, found.hidden) == (100, False)


def test_small_groups_are_not_told_nor_left_to_be_reckoned() -> None:
    found = shown({"customer": CUSTOMERS}, Scope(least={"customer": 10}), frozenset())
    assert found.hidden
    assert [t.topic for t in found.topics] == ["delivery", "returns", "price"], "two texts came to staff"
    assert found.moves == (), "who knows the 28 of 30 that went to returns knows the other two"
    fewer = shown({"customer": CUSTOMERS}, Scope(least={"customer": 2}), frozenset())
    assert (len(fewer.moves), fewer.hidden) == (2, False)


@pytest.mark.parametrize("least", [31, 71, 101])
def test_where_the_whole_cannot_be_told_nothing_is(least: int) -> None:
    found = shown({"customer": CUSTOMERS}, Scope(least={"customer": least}), frozenset())
    assert found == WhatMoved(0, 0, 0, (), (), hidden=True)


def test_an_audience_that_may_be_told_is_told_beside_one_that_may_not() -> None:
    found = shown(BOTH, Scope(least={"partner": 50}), frozenset())
    assert (found.texts, found.hidden) == (100, True)
