"""What is remembered: never the wrong state for long, never made twice at once, never an emptiness."""

import threading
from collections.abc import Callable

import pytest

from gensvar.serve.web.memo import STALE_S, Lately, Memo


class Clock:
    """A clock that the test winds."""

    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


def counted(made: list[str]) -> Callable[[], str]:
    def make() -> str:
        made.append("made")
        return f"page {len(made)}"

    return make


def eventually(true: Callable[[], bool]) -> None:
    for _ in range(200):
        if true():
            return
        threading.Event().wait(0.01)
    pytest.fail("It never came to be")


def test_a_page_is_made_once_for_each_state() -> None:
    made: list[str] = []
    memo: Memo[str] = Memo(4, Clock())
    assert [memo.get("home", 1, counted(made)) for _ in range(3)] == ["page 1"] * 3
    assert memo.get("other", 1, counted(made)) == "page 2"


def test_a_young_page_is_given_out_while_the_next_is_made() -> None:
    made: list[str] = []
    clock, memo = (c := Clock()), Memo[str](4, c)
    memo.get("home", 1, counted(made))
    clock.at += STALE_S
    assert memo.get("home", 2, counted(made)) == "page 1"
    eventually(lambda: memo.get("home", 2, counted(made)) == "page 2")
    assert len(made) == 2


def test_an_old_page_is_never_given_out() -> None:
    made: list[str] = []
    clock, memo = (c := Clock()), Memo[str](4, c)
    memo.get("home", 1, counted(made))
    clock.at += STALE_S + 0.01
    assert memo.get("home", 2, counted(made)) == "page 2"


def test_many_readers_at_once_cost_one_making() -> None:
    made: list[str] = []
    memo, begun, go = Memo[str](4), threading.Barrier(9), threading.Event()

    def slow() -> str:
        go.wait(5)
        return counted(made)()

    def read() -> None:
        begun.wait(5)
        memo.get("home", 1, slow)

    readers = [threading.Thread(target=read) for _ in range(8)]
    for reader in readers:
        reader.start()
    begun.wait(5)
    go.set()
    for reader in readers:
        reader.join(5)
    assert made == ["made"]


def test_a_page_that_could_not_be_made_is_tried_again() -> None:
    memo: Memo[str] = Memo(4, Clock())

    def broken() -> str:
        raise ValueError("not now")

    with pytest.raises(ValueError, match="not now"):
        memo.get("home", 1, broken)
    assert memo.get("home", 1, lambda: "page") == "page"


def test_the_least_used_page_is_forgotten_first() -> None:
    made: list[str] = []
    memo: Memo[str] = Memo(2, Clock())
    for key in ("a", "b", "a", "c", "a", "b"):
        memo.get(key, 1, counted(made))
    assert len(made) == 4


def test_facts_may_be_seconds_old_but_never_empty() -> None:
    clock = Clock()
    lately: Lately[list[str]] = Lately(10.0, clock)
    values: list[list[str]] = [[], ["SE"], ["SE", "NO"]]
    assert lately.get("market", lambda: values[0]) == []
    assert lately.get("market", lambda: values[1]) == ["SE"], "an emptiness is not remembered"
    clock.at += 10
    assert lately.get("market", lambda: values[2]) == ["SE"]
    clock.at += 0.1
    assert lately.get("market", lambda: values[2]) == ["SE", "NO"]


def test_facts_stay_for_as_long_as_what_they_were_made_of() -> None:
    clock, made = Clock(), list[str]()
    lately: Lately[str] = Lately(10.0, clock)
    found = []
    for wait, state in ((0, 1), (100, 1), (5, 2), (100, 2), (100, 2), (100, 1)):
        clock.at += wait
        found.append(lately.get("market", counted(made), state))
    assert found == ["page 1", "page 1", "page 2", "page 2", "page 2", "page 3"]
    assert lately.get("market", counted(made)) == "page 3"


def test_without_patience_nothing_but_the_newest_is_given_out() -> None:
    made: list[str] = []
    memo = Memo[str](4, Clock(), stale_s=0)
    assert [memo.get("answer", state, counted(made)) for state in (1, 1, 2, 2, 1)] == ["page 1", "page 1", "page 2", "page 2", "page 3"]


def test_who_does_not_wait_long_is_told_so_and_finds_it_made_later() -> None:
    memo: Memo[str] = Memo(4, Clock())
    may_end = threading.Event()

    def slowly() -> str:
        may_end.wait(5)
        return "made"

    with pytest.raises(TimeoutError):
        memo.get("home", 1, slowly, wait_s=0.01)
    may_end.set()
    assert memo.get("home", 1, lambda: pytest.fail("it is being made already")) == "made"
