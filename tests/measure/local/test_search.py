"""What is named stands: false alarms, power, the broadest place, and laws that hold for any answers."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gensvar.measure.local import Cell, Grid, Search, search
from gensvar.measure.local.search import FALSE_RATE, compared, without
from tests.measure.local.grids import DIMS, LEAST, SIZES, cell, grid_of, made

NORWAY = cell({"market": 0})
SMALL = (3, 3, 3)


def named(found: Search) -> set[Cell]:
    return {n.cell for n in found.named}


@pytest.mark.parametrize(("unrest", "bursts"), [(0.0, 0.0), (0.3, 0.0), (0.0, 0.1)])
def test_where_nothing_is_planted_nothing_is_named(unrest: float, bursts: float) -> None:
    """Seeds 0–299: 4,000 answers a side, about 140 cells compared; the docs give the rates with four dimensions. 5 % of pages at most."""
    alarms = [bool(search([made(seed, sizes=(4, 4, 5), unrest=unrest, bursts=bursts)], LEAST).named) for seed in range(300)]
    assert np.mean(alarms) <= 0.05


@pytest.mark.parametrize(("answers", "effect", "least"), [(4000, -0.5, 0.3), (4000, -0.8, 0.8), (20_000, -0.3, 0.6), (20_000, -0.5, 0.9)])
def test_a_market_that_fell_is_found_and_alone(answers: int, effect: float, least: float) -> None:
    """Seeds 1000–1039: one of four markets falls by so many logits (0.5 is about ten points) among 290 to 400 cells."""
    found = [named(search([made(1000 + seed, answers, planted=[({"market": 0}, effect)])], LEAST)) for seed in range(40)]
    assert np.mean([NORWAY in f for f in found]) >= least
    assert np.mean([bool(f - {NORWAY}) for f in found]) <= 0.08


def test_it_is_named_at_the_place_that_explains_it() -> None:
    """Seeds 1000–1039: only one channel of one market falls; neither the whole market nor the whole channel is blamed for it."""
    place = cell({"market": 0, "channel": 1})
    found = [named(search([made(1000 + seed, 40_000, planted=[({"market": 0, "channel": 1}, -0.8)])], LEAST)) for seed in range(40)]
    assert np.mean([place in f for f in found]) > 0.8
    assert np.mean([bool(f & {NORWAY, cell({"channel": 1})}) for f in found]) < 0.1


def test_three_things_at_once_and_few_false_ones_among_them() -> None:
    """Seeds 1000–1039: two of one dimension and one of two. A false one is a cell of which no part was planted."""
    planted = [({"market": 0}, -0.6), ({"channel": 1}, 0.6), ({"market": 1, "segment": 2}, -0.8)]
    true = {cell(key) for key, _ in planted}
    found = [named(search([made(1000 + seed, 40_000, planted=planted, unrest=0.1)], LEAST)) for seed in range(40)]
    assert np.mean([len(f & true) / 3 for f in found]) > 0.75
    assert np.mean([len(f - true) / max(len(f), 1) for f in found]) < 0.10


def test_a_part_is_named_inside_its_market_where_it_fell_further() -> None:
    planted = [({"market": 0}, -0.6), ({"market": 0, "channel": 1}, -1.0)]
    found = [search([made(1000 + seed, 60_000, planted=planted)], LEAST) for seed in range(10)]
    inside = [n for f in found for n in f.named if n.cell == cell({"market": 0, "channel": 1})]
    assert len(inside) >= 7
    assert sum(n.parent == NORWAY for n in inside) >= 7


def test_q_rises_and_stays_below_the_rate() -> None:
    found = search([made(5, 60_000, planted=[({"market": 0}, -0.6), ({"channel": 1}, 0.6)])], LEAST)
    q = [n.q for n in found.named]
    assert q
    assert all(a <= b <= FALSE_RATE for a, b in pairwise([*q, FALSE_RATE]))


def test_the_same_answers_twice_are_not_two_findings() -> None:
    """A dimension that says the same as another (every market has its own unit) adds no finding of its own."""
    one = made(7, 40_000, planted=[({"market": 0}, -0.8)])
    twin = Grid(one.measure, (*one.dims, "unit"), (*one.names, one.names[0]), np.column_stack([one.codes, one.codes[:, 0]]), one.counts, one.this)
    found = search([twin], LEAST)
    assert len(found.named) == 1
    assert {d for d, _ in found.named[0].cell.key} <= {"market", "unit"}


def test_two_grids_share_one_allowance() -> None:
    one, other = made(3), made(4)
    both = search([one, other], LEAST)
    assert both.tested == search([one], LEAST).tested + len(set(compared(other, LEAST, 1).cells) - set(compared(one, LEAST, 0).cells))


def test_of_two_values_the_one_that_moved_is_named() -> None:
    """A value and its only sibling differ from each other by the same; the one that moved itself is said."""
    found = [named(search([made(2000 + seed, 8000, sizes=(2, 2), planted=[({"market": 1}, -0.8)])], LEAST)) for seed in range(10)]
    assert sum(f == {cell({"market": 1})} for f in found) >= 9


def test_too_few_answers_are_not_compared() -> None:
    found = search([made(1, 50)], LEAST)
    assert (found.named, found.tested, found.cut) == ((), 0, 0)


def test_what_is_over_the_budget_is_counted() -> None:
    whole, cut = search([made(1, 8000)], LEAST), search([made(1, 8000)], LEAST, most=100)
    assert cut.tested + cut.cut == whole.tested
    assert 95 <= cut.tested <= 105


def test_a_rare_or_missing_value_is_in_the_rest_but_never_named() -> None:
    one = made(1000, 40_000, planted=[({"market": 0}, -0.8)])
    hidden = Grid(one.measure, one.dims, one.names, np.where(one.codes == 0, -1, one.codes), one.counts, one.this)
    assert all(value != f"{d}0" for c in compared(hidden, LEAST, 0).cells for d, value in c.key)


def test_without_takes_the_named_away() -> None:
    one = made(1000, 40_000, planted=[({"market": 0, "channel": 1}, -1.2)])
    place = cell({"market": 0, "channel": 1})
    assert without(one, NORWAY, [], LEAST) < 0.05
    assert without(one, NORWAY, [place], LEAST) > 0.05
    assert without(one, place, [NORWAY], LEAST) < 0.001
    assert without(one, place, [place], LEAST) == 1.0


counts = st.integers(0, 2**31).map(lambda seed: np.random.default_rng(seed))


@settings(deadline=None, max_examples=25)
@given(rng=counts)
def test_order_and_names_change_nothing(rng: np.random.Generator) -> None:
    """Base cells shuffled, weeks shuffled within their side, dimensions in another order: the very same cells, with the same q."""
    codes = np.array(np.unravel_index(np.arange(27), SMALL)).T
    n = rng.poisson(60, (27, 12))
    one = grid_of(n, rng.binomial(n, rng.uniform(0.3, 0.95, (27, 1)) * np.where(np.arange(12) < 6, rng.choice([0.6, 1.0]), 1.0)), codes, SMALL)
    rows, weeks = rng.permutation(27), np.r_[rng.permutation(6), 6 + rng.permutation(6)]
    turned = Grid(one.measure, one.dims[::-1], one.names[::-1], one.codes[rows][:, ::-1], one.counts[rows][:, weeks], one.this)
    a, b = search([one], LEAST), search([turned], LEAST)
    assert [n.cell for n in a.named] == [n.cell for n in b.named]
    assert [n.q for n in a.named] == pytest.approx([n.q for n in b.named])
    assert a.tested == b.tested


@settings(deadline=None, max_examples=25)
@given(rng=counts)
def test_base_cells_may_be_split_or_joined(rng: np.random.Generator) -> None:
    """Additive: the same answers in two rows of one base cell are the same answers."""
    codes = np.array(np.unravel_index(np.arange(27), SMALL)).T
    n = rng.poisson(50, (27, 12))
    one = grid_of(n, rng.binomial(n, 0.7), codes, SMALL)
    part = np.floor(one.counts / 2)
    split = Grid(one.measure, one.dims, one.names, np.concatenate([codes, codes]), np.concatenate([part, one.counts - part]), one.this)
    a, b = compared(one, LEAST, 0), compared(split, LEAST, 0)
    assert a.cells == b.cells
    assert a.p == pytest.approx(b.p)


def test_levels_add_up_to_the_whole() -> None:
    one = made(2)
    whole = one.of(np.ones(len(one.codes), np.bool_))
    assert len(one.levels) == 1 + 4 + 6 + 4
    for level in one.levels.values():
        assert level.sums.n.sum() == whole.n.sum()
        assert level.sums.total.sum() == pytest.approx(whole.total.sum())
    assert [len(one.levels[(at,)].codes) for at in range(4)] == list(SIZES)
    assert one.mask(Cell.of({DIMS[0]: "nowhere"})).sum() == 0
