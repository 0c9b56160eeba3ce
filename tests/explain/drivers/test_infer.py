"""What may be said of counts: weights, quadrants, differences and what moved; and every refusal, with its reason."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from gensvar.explain.drivers import (
    BLOCKS,
    Counted,
    Driver,
    Drivers,
    Found,
    Names,
    Rated,
    Refused,
    Study,
    found_json,
    judged,
    least_of,
    moved_between,
    of_json,
    parted,
    rare,
    tangle,
    told,
    whole,
)
from gensvar.explain.drivers.counted import Missing, pairwise
from gensvar.explain.drivers.infer import weighed
from gensvar.kit.language import translator
from gensvar.stats.moments import Moments
from tests.explain.drivers.responses import DRIVERS, STUDY

NAMES = Names("Overall satisfaction", {"driver.delivery@1": "Delivery", "driver.price@1": "Price", "driver.app@1": "App"})
EVEN, LED = (0.3, 0.3, 0.3), (0.9, 0.15, 0.1)


def rows(seed: int, n: int, slopes: Sequence[float] = LED, means: Sequence[float] = (2.6, 2.6, 2.6)) -> Any:
    """Steps 0…4 of each driver and the outcome, and the block of each row."""
    draw = np.random.default_rng(seed)
    mood = draw.standard_normal((n, 1)) * 0.4
    parts = np.clip(np.rint(np.array(means) + mood + 0.9 * draw.standard_normal((n, 3))), 0, 4)
    outcome = np.clip(np.rint(2.4 + (parts - 2.6) @ np.array(slopes) + 0.4 * draw.standard_normal(n)), 0, 4)
    return np.column_stack([parts, outcome]).astype(np.int64), draw.integers(0, BLOCKS, n)


def counted(values: Any, block: Any, lost: int = 0) -> Counted:
    """The counts of complete rows; lost: responses beside them that miss something."""
    made = Moments.of(values, block, BLOCKS)
    there = np.ones((1, values.shape[1]), np.bool_)
    one = Missing(there, Moments(np.array([len(values)]), values.sum(axis=0)[None], (values.T @ values)[None]))
    return Counted(made, len(values) + lost, tuple(len(values) for _ in range(values.shape[1] - 1)), one)


def drivers_of(found: Drivers | Refused) -> Drivers:
    assert isinstance(found, Drivers)
    return found


def why(found: Drivers | Refused) -> str:
    assert isinstance(found, Refused)
    return found.why


def said(found: Drivers | Refused, study: Study = STUDY, language: str = "en") -> str:
    return told(Found(found), study, NAMES, translator(language)).sentence


# ── what is said ──


def test_the_largest_is_first_where_it_surely_is() -> None:
    one = drivers_of(judged(STUDY, counted(*rows(1, 400))))
    assert (one.first, one.leaders, one.weights[0].sign) == ("driver.delivery@1", ("driver.delivery@1",), "with")
    assert sum(w.share.value for w in one.weights) == pytest.approx(1)
    assert all(w.share.low <= w.share.value <= w.share.high for w in one.weights)
    assert said(one) == "Delivery matters most for overall satisfaction."


def test_what_is_alike_has_no_first() -> None:
    one = drivers_of(judged(STUDY, counted(*rows(2, 400, EVEN))))
    assert (one.first, len(one.leaders)) == ("", 3)
    assert said(one).startswith("It cannot be told what matters most for overall satisfaction: it may be ")


def test_below_the_rest_is_said_only_where_tested_so() -> None:
    low = drivers_of(judged(STUDY, counted(*rows(3, 500, means=(2.0, 2.8, 2.8)))))
    assert said(low) == "Delivery matters most for overall satisfaction, and it is below the rest."
    assert low.weights[0].quadrant == "mend"
    high = drivers_of(judged(STUDY, counted(*rows(3, 500, means=(3.2, 2.4, 2.4)))))
    assert high.weights[0].quadrant == "keep"
    assert said(high, replace(STUDY, where=(("market", ("NO",)),))) == (
        "In Norway, delivery matters most for overall satisfaction, and it is above the rest."
    )


def test_a_place_on_the_map_needs_both_intervals() -> None:
    one = drivers_of(judged(STUDY, counted(*rows(4, 400))))
    for w in one.weights:
        assert w.performance is not None
        reaches = w.share.low <= 1 / 3 <= w.share.high or w.performance.from_rest.q >= 0.05
        assert (w.quadrant == "") == reaches


def test_effort_is_turned_round() -> None:
    """Where less is better, half-way up from the worst end is what counts as performance."""
    values, block = rows(5, 400)
    hard = Rated("effort@1", 1, 5, 1, "down")
    one = drivers_of(judged(replace(STUDY, drivers=(Driver("rating", "effort@1", hard), *DRIVERS[1:])), counted(values, block)))
    effort = one.of("effort@1")
    assert effort is not None
    assert effort.performance is not None
    assert effort.performance.mean.value == pytest.approx(1 - values[:, 0].mean() / 4)


def test_a_driver_that_goes_against_says_so() -> None:
    values, block = rows(6, 400)
    values[:, 0] = 4 - values[:, 0]
    one = drivers_of(judged(STUDY, counted(values, block)))
    assert (one.weights[0].name, one.weights[0].sign) == ("driver.delivery@1", "against")


def test_a_common_mood_and_near_twins_are_warned_of() -> None:
    draw = np.random.default_rng(7)
    mood = draw.integers(0, 5, 600)
    values = np.column_stack([np.clip(mood + (draw.random(600) < 0.1), 0, 4) for _ in range(4)])
    one = drivers_of(judged(STUDY, counted(values, draw.integers(0, BLOCKS, 600))))
    assert one.warnings == ("halo", "collinear")
    notes = told(Found(one), STUDY, NAMES, translator("en")).notes
    assert any("general mood" in n for n in notes)


@pytest.mark.parametrize("language", ["sv", "nb", "da", "fi"])
def test_no_sentence_has_a_gap(language: str) -> None:
    for one in (judged(STUDY, counted(*rows(1, 400))), judged(STUDY, counted(*rows(2, 400, EVEN))), judged(STUDY, counted(*rows(1, 3)))):
        assert "{" not in said(one, language=language)
        assert said(one, language=language) != said(one)


def test_weights_of_all_pairs_stand_beside() -> None:
    values, block = rows(8, 400)
    one = drivers_of(judged(STUDY, counted(values, block)))
    assert one.pairs == 400
    assert [w.pairwise for w in one.weights] == pytest.approx([w.share.value for w in one.weights])


def test_pairs_that_fit_no_answers_are_refused() -> None:
    """Three groups of people, each with two of the columns: correlations .9, .9 and −.9 cannot be those of one table."""
    draw = np.random.default_rng(9)
    x = draw.integers(0, 5, 300)
    noisy = np.clip(x + (draw.random(300) < 0.2), 0, 4)
    values, there, made = np.zeros((3, 300, 4), np.int64), np.zeros((3, 4), np.bool_), []
    for at, (a, b, other) in enumerate(((0, 1, noisy), (0, 2, noisy), (1, 2, 4 - noisy))):
        values[at][:, a], values[at][:, b], values[at][:, 3] = x, other, draw.integers(0, 5, 300)
        there[at, [a, b, 3]] = True
        made.append(Moments(np.array([300]), values[at].sum(axis=0)[None], (values[at].T @ values[at])[None]))
    together = Missing(there, Moments(*(np.concatenate([getattr(m, name) for m in made]) for name in ("n", "total", "products"))))
    matrix, n = pairwise(together)
    assert np.linalg.eigvalsh(matrix).min() < 0
    assert n[0, 1] == 300
    one = drivers_of(judged(STUDY, replace(counted(*rows(1, 400)), missing=together)))
    assert (one.pairs, one.why_not_pairs) == (None, "not_positive")
    assert all(w.pairwise is None for w in one.weights)


# ── what is not said ──


def test_three_answers_are_too_few_and_how_many_more_it_takes() -> None:
    found = judged(STUDY, counted(*rows(1, 3), lost=3))
    assert isinstance(found, Refused)
    assert (found.why, found.n, found.responses, found.least) == ("too_few", 3, 6, least_of(3))
    assert found.more == 2 * (least_of(3) - 3)
    assert "3 without a gap, 120 are needed. About 234 more responses would do." in said(found)


def test_few_people_are_too_few_however_often_they_answer() -> None:
    values, block = rows(1, 400)
    assert why(judged(STUDY, counted(values, block % 10))) == "few_people"


def test_a_constant_outcome_or_no_drivers() -> None:
    values, block = rows(1, 400)
    values[:, 3] = 4
    assert why(judged(STUDY, counted(values, block))) == "constant_outcome"
    assert why(judged(replace(STUDY, drivers=()), counted(values[:, 3:], block))) == "no_drivers"


def test_constants_and_duplicates_are_left_out_and_said() -> None:
    values, block = rows(10, 400)
    values[:, 1] = 2
    made = counted(values, block)
    assert [(one.name, one.why) for one in tangle(STUDY, made)] == [("driver.price@1", "constant")]
    one = drivers_of(judged(STUDY, made))
    assert len(one.weights) == 2
    sentences = told(Found(one), STUDY, NAMES, translator("en")).left
    assert sentences == ("Price is left out: everybody answered the same.",)
    values[:, 1] = values[:, 0]
    assert [(one.name, one.why, one.like) for one in tangle(STUDY, counted(values, block))] == [("driver.price@1", "same", "driver.delivery@1")]
    values[:, 2] = values[:, 0]
    assert why(judged(STUDY, counted(values, block))) == "one_driver"


def test_what_hardly_anybody_answered_is_left_out() -> None:
    made = replace(counted(*rows(1, 400)), answered=(400, 50, 0))
    assert [(one.name, one.why, one.n) for one in rare(STUDY, made)] == [("driver.price@1", "seldom", 50), ("driver.app@1", "nobody", 0)]


def test_noise_explains_nothing() -> None:
    draw = np.random.default_rng(11)
    assert why(judged(STUDY, counted(draw.integers(0, 5, (400, 4)), draw.integers(0, BLOCKS, 400)))) == "nothing_explained"


def test_few_people_who_answer_often_are_not_taken_for_many() -> None:
    """Forty people of whom each is in a mood of her own towards every question: the F test alone, over 400 responses, would show weights."""
    draw, who = np.random.default_rng(8), np.repeat(np.arange(40), 10)
    rows = np.clip(np.rint(2 + 0.7 * draw.standard_normal((400, 4)) + draw.standard_normal((40, 4))[who]), 0, 4).astype(np.int64)
    one = counted(rows, who)
    assert weighed(one, [0, 1, 2]).p < 0.001
    assert why(judged(STUDY, one)) == "nothing_explained"


def test_small_groups_are_hidden_without_their_numbers() -> None:
    found = judged(STUDY, counted(*rows(1, 30)), "NO", smallest=50)
    assert found == Refused("NO", "small_group")


# ── parts and times ──


def test_parts_are_held_against_the_rest() -> None:
    parts = {"NO": counted(*rows(1, 400)), "SE": counted(*rows(2, 800, (0.1, 0.9, 0.15))), "DK": counted(*rows(3, 40))}
    together = whole(parts)
    assert together is not None
    found = parted(replace(STUDY, by="market"), parts, together)
    assert [(type(p).__name__, p.part) for p in found.parts] == [("Drivers", "SE"), ("Drivers", "NO"), ("Refused", "DK")]
    sure = {(d.part, d.name): d.gap.value for d in found.differences if d.told}
    assert sure["NO", "driver.delivery@1"] > 0.3
    assert sure["NO", "driver.price@1"] < -0.3
    lines = told(found, replace(STUDY, by="market"), NAMES, translator("en")).differences
    assert any(line.startswith("In Norway, delivery matters more than elsewhere: ") for line in lines)


def test_parts_that_are_alike_are_not_told_apart() -> None:
    """200 differences of parts drawn alike: at q < .05 none but a chance few stand."""
    told_apart = 0
    for seed in range(12):
        parts = {name: counted(*rows(100 + 7 * seed + i, 250)) for i, name in enumerate(("NO", "SE", "DK"))}
        together = whole(parts)
        assert together is not None
        told_apart += any(d.told for d in parted(replace(STUDY, by="market"), parts, together).differences)
    assert told_apart <= 3


def test_what_moved_is_tested_on_the_same_people() -> None:
    now, then = counted(*rows(1, 500)), counted(*rows(2, 500, (0.1, 0.9, 0.15)))
    moved, why_not = moved_between(STUDY, now, then)
    assert why_not == ""
    assert {m.name: m.told for m in moved}["driver.delivery@1"]
    assert moved_between(STUDY, now, counted(*rows(1, 20))) == ((), "too_few")
    still, _ = moved_between(STUDY, now, now)
    assert not any(m.told for m in still)
    assert all(m.gap.value == 0 for m in still)


def test_what_is_found_can_be_kept() -> None:
    parts = {"NO": counted(*rows(1, 400)), "SE": counted(*rows(2, 30))}
    together = whole(parts)
    assert together is not None
    found = parted(replace(STUDY, by="market"), parts, together)
    assert of_json(found_json(found)) == found
