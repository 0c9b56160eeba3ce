"""What stands of early signs: the planted one is found, nothing is found where nothing is, and what cannot be told is not."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from gensvar.explain.onboarding import Onboarding, declared, judged, marks_json, onboarding_of, successes
from gensvar.explain.onboarding.early import Design
from gensvar.explain.onboarding.found import Out
from gensvar.explain.onboarding.judge import MOST
from gensvar.kit.errors import BadInput

DESIGN = Design("go_live", 0, 1)
Row = dict[str, Any]


def rows(people: np.ndarray, hit: np.ndarray, stratum: np.ndarray, half: np.ndarray, name: str, form: str = "did") -> Iterator[Row]:
    """Counts by stratum and half of those who have the mark."""
    for s in np.unique(stratum):
        for h in (0, 1):
            here = people & (stratum == s) & (half == h)
            if here.any():
                dims = {"market": f"m{s % 4}", "segment": f"s{s % 7}", "product": f"p{s}"}
                yield {**dims, "half": h, "n": int(here.sum()), "hits": int(hit[here].sum()), "name": name, "step": "", "form": form}


def drawn(rng: np.random.Generator, count: int, marks: int, effect: float = 0.0) -> Onboarding:
    """Strata in which success and every sign are commoner; the first sign has an effect of its own."""
    stratum, half = rng.integers(0, 12, count), rng.integers(0, 2, count)
    likely = 0.15 + 0.05 * stratum
    had = rng.random((marks, count)) < likely
    hit = (rng.random(count) < likely + effect * had[0]).astype(int)
    every = np.ones(count, np.bool_)
    marked = [row for i in range(marks) for row in rows(had[i], hit, stratum, half, f"sign {i}")]
    return judged(DESIGN, "account", {"in": count, "young": 3}, rows(every, hit, stratum, half, ""), marked)


def test_the_planted_sign_stands_first_and_in_both_halves() -> None:
    found = drawn(np.random.default_rng(1), 1500, 30, effect=0.2)
    first = found.marks[0]
    assert (first.name, first.verdict, first.again) == ("sign 0", "more", "both")
    assert first.low is not None
    assert first.high is not None
    assert first.low <= 0.2 <= first.high
    assert [m.name for m in found.standing] == ["sign 0"]
    assert first.alike == ("market", "segment", "product")


def test_where_nothing_is_nothing_is_found() -> None:
    """200 draws of 20 signs that go with success by their strata alone; the comparison without strata is fooled each time."""
    rng, clean, fooled = np.random.default_rng(2), 0, 0
    for _ in range(200):
        found = drawn(rng, 400, 20)
        clean += not found.standing
        fooled += sum((m.crude or 0.0) > 0 for m in found.marks if m.crude is not None) >= 15
    assert clean >= 190
    assert fooled >= 150


def test_it_comes_back_from_the_ledger_as_it_went() -> None:
    import json

    found = drawn(np.random.default_rng(3), 300, 5)
    assert onboarding_of(json.loads(json.dumps(marks_json(found)))) == found


def test_whatever_nobody_or_everybody_did_cannot_be_told() -> None:
    rng = np.random.default_rng(4)
    count = 200
    stratum, half, hit = rng.integers(0, 3, count), rng.integers(0, 2, count), rng.integers(0, 2, count)
    every, few = np.ones(count, np.bool_), np.arange(count) < 4
    marked = [*rows(every, hit, stratum, half, "signed in"), *rows(few, hit, stratum, half, "rare")]
    found = judged(DESIGN, "account", {"in": count}, rows(every, hit, stratum, half, ""), marked)
    told = {m.name: (m.verdict, m.why, m.people) for m in found.marks}
    assert told == {"signed in": ("cannot_tell", "everybody", 200), "rare": ("cannot_tell", "few", 0)}
    assert next(m for m in found.marks if m.name == "rare").needs > count
    assert found.tested == 0


@pytest.mark.parametrize(
    ("count", "hits", "why"), [(1, 1, "few"), (0, 0, "few"), (50, 50, "all_alike"), (50, 0, "all_alike"), (50, 20, "no_behaviour")]
)
def test_what_cannot_be_said_says_why(count: int, hits: int, why: str) -> None:
    every = np.ones(count, np.bool_)
    hit = (np.arange(count) < hits).astype(int)
    found = judged(DESIGN, "account", {}, rows(every, hit, np.zeros(count, np.int64), np.arange(count) % 2, ""), [])
    assert (found.why, found.marks) == (why, ())


def test_ten_thousand_signs_are_limited_and_it_is_said() -> None:
    blank = {"market": "", "segment": "", "product": "", "half": 0, "step": "", "form": "did"}
    whole = [{**blank, "name": "", "n": 300, "hits": 100}, {**blank, "name": "", "half": 1, "n": 300, "hits": 120}]
    marked = [{**blank, "name": f"e{i}", "half": i % 2, "n": 20 + i % 50, "hits": 8} for i in range(10_000)]
    found = judged(DESIGN, "account", {"in": 600}, whole, marked)
    assert (len(found.marks), found.left_out) == (MOST, 10_000 - MOST)


def test_a_step_that_is_the_event_itself_is_tested_once() -> None:
    blank = {"market": "", "segment": "", "product": "", "form": "did", "name": "pay"}
    whole = [{**blank, "half": h, "step": "", "n": 100, "hits": 40, "name": "", "form": ""} for h in (0, 1)]
    marked = [{**blank, "half": h, "step": step, "n": 50, "hits": 20} for h in (0, 1) for step in ("", "card")]
    assert [m.step for m in judged(DESIGN, "account", {}, whole, marked).marks] == [""]


def test_nothing_is_told_about_fewer_people_than_may_be() -> None:
    found = drawn(np.random.default_rng(5), 300, 20)
    every = np.random.default_rng(6)
    stratum, half, hit = every.integers(0, 3, 300), every.integers(0, 2, 300), every.integers(0, 2, 300)
    had = np.arange(300) < 40
    shy = judged(
        DESIGN,
        "account",
        {"ended": 7, "young": 60},
        rows(np.ones(300, np.bool_), hit, stratum, half, ""),
        list(rows(had, hit, stratum, half, "x")),
        floor=50,
    )
    assert shy.marks == (), "that somebody did it at all is told of nobody"
    assert shy.out == Out(), "a part of so few is not told, nor what would tell it beside the others"
    assert found.tested > 0


def test_a_sign_that_all_but_a_few_show_more_strongly_is_told_once() -> None:
    blank = {"market": "", "segment": "", "product": "", "step": "", "name": "call"}
    whole = [{**blank, "half": h, "n": 100, "hits": 40, "name": "", "form": ""} for h in (0, 1)]
    signs = (("did", 30), ("often", 27), ("soon", 15))
    marked = [{**blank, "half": h, "form": form, "n": n, "hits": 10} for h in (0, 1) for form, n in signs]
    assert {m.form for m in judged(DESIGN, "account", {}, whole, marked, floor=10).marks} == {"did", "soon"}
    assert len(judged(DESIGN, "account", {}, whole, marked).marks) == 3


def test_success_is_found_or_declared() -> None:
    assert successes({"login": 900}) == ("stays",)
    assert successes({"renewal": 50, "activated": 12, "go_live": 3}) == ("activated", "renewal", "stays")
    assert declared("", ["go_live"], "go_live") == "go_live"
    assert declared("stays", ["go_live"], "go_live") == ""
    with pytest.raises(BadInput, match="go_live"):
        declared("go_liv", ["go_live", "login"], "go_live")


def test_the_order_of_the_engines_rows_changes_nothing() -> None:
    rng = np.random.default_rng(7)
    count, every = 200, np.ones(200, np.bool_)
    stratum, half, hit, had = rng.integers(0, 5, count), rng.integers(0, 2, count), rng.integers(0, 2, count), rng.random(count) < 0.4
    whole, marked = list(rows(every, hit, stratum, half, "")), list(rows(had, hit, stratum, half, "x"))
    one, other = (judged(DESIGN, "account", {}, w, m) for w, m in ((whole, marked), (whole[::-1], marked[::-1])))
    assert replace(one, marks=()) == replace(other, marks=())
    assert one.marks[0].difference == pytest.approx(other.marks[0].difference)
