"""The promise to protected people, as laws: whatever is asked, and whenever, nothing can be computed about fewer than `least` of them."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gensvar.kit.scope import Scope
from gensvar.measure import Question, Source, ask
from gensvar.measure.anonymous import Answers, Released, blocks_of, is_good, partition
from tests.laws.staff import MONTHS, MOOD, Said, Staff, atoms, family, in_span, numbers, people, reduced, table, told
from tests.measure.hub import ALL, CSAT, Hub, answers

UNITS, MARKETS = ("A", "B", "C", "D", None), ("SE", "NO", None)
SCORES = st.sampled_from([0.0, 3.0, 7.0, 10.0])
ONE = st.builds(
    Said, person=st.integers(0, 30), unit=st.sampled_from(UNITS), market=st.sampled_from(MARKETS), month=st.sampled_from(MONTHS), score=SCORES,
)  # fmt: skip
SLOW = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
QUESTIONS = family(UNITS, MARKETS)
SCOPES = (Scope(rows={"unit": frozenset({"A", "B"})}), Scope(rows={"market": frozenset({"SE", ""})}))


def everything_told(staff: Staff, arriving: Sequence[Said]) -> set[tuple[int, ...]]:
    """What every question of the family tells, asked after each single arrival, by readers of every scope."""
    vectors: set[tuple[int, ...]] = set()
    for one in arriving:
        staff.arrives(one)
        if staff.release():
            released = staff.as_vectors(len(arriving))
            for scope in (None, *SCOPES):
                vectors |= told(released, QUESTIONS, len(arriving), scope)
    return vectors


@SLOW
@given(arriving=st.lists(ONE, min_size=12, max_size=60), least=st.sampled_from([3, 5, 6]))
def test_nothing_that_can_be_computed_concerns_fewer_people(arriving: list[Said], least: int) -> None:
    """Whatever is computed from answers is a combination of these vectors; it is constant on each atom, so it concerns whole atoms or nothing."""
    staff = Staff(least)
    vectors = everything_told(staff, arriving)
    found = atoms(vectors)
    assert all(len(people(arriving, atom)) >= least for atom in found)
    for row in reduced(vectors):
        assert len(people(arriving, [at for at, v in enumerate(row) if v])) >= least
    blocks = [frozenset(rows) for _, rows in staff.released]
    for vector in vectors:
        assert all(len({vector[at] for at in block}) == 1 for block in blocks), "a shown number is a sum over whole blocks"
        assert {at for at, v in enumerate(vector) if v} <= frozenset().union(*blocks)


@SLOW
@given(arriving=st.lists(ONE, min_size=12, max_size=60), least=st.sampled_from([3, 5]))
def test_released_blocks_are_disjoint_good_and_stay(arriving: list[Said], least: int) -> None:
    staff, before = Staff(least), 0
    for one in arriving:
        staff.arrives(one)
        kept = list(staff.released)
        staff.release()
        assert staff.released[: len(kept)] == kept, "what was released stays as it is"
        before = len(kept)
    assert before <= len(staff.released)
    counted = [at for _, rows in staff.released for at in rows]
    assert len(counted) == len(set(counted)), "no row is ever counted twice"
    for block, rows in staff.released:
        assert len(people(arriving, rows)) == block.persons >= least
        assert len({arriving[at].score for at in rows}) >= 2, "nobody is shown that all said the same"
        assert block.counts[0] == len(rows)
        assert block.counts[1] == sum(arriving[at].score for at in rows)
        for dim, held in (("unit", {at: arriving[at].unit for at in rows}), ("market", {at: arriving[at].market for at in rows})):
            for value in block.dims[dim]:
                assert len(people(arriving, [at for at, v in held.items() if v == value])) >= least, "a value is named only where enough hold it"
            assert (dim in block.others) == bool(set(held.values()) - set(block.dims[dim]))


@SLOW
@given(arriving=st.lists(ONE, min_size=12, max_size=60), least=st.sampled_from([3, 5]))
def test_a_number_counts_only_what_it_is_about(arriving: list[Said], least: int) -> None:
    """Blocks make numbers smaller than they might be, never larger: each row is of its group, filter, scope, days and step, and counts once."""
    staff = Staff(least, arriving)
    staff.release()
    released = staff.as_vectors(len(arriving))
    for scope in (None, *SCOPES):
        for question in QUESTIONS:
            for one in numbers(released, question, len(arriving), scope):
                assert set(one.vector) <= {0, 1}
                said = [arriving[at] for at, v in enumerate(one.vector) if v]
                cells = [{"unit": s.unit, "market": s.market, "audience": "employee"} for s in said]
                assert all(tuple(c[name] for name in question.by) == one.spot for c in cells)
                assert all(c[name] in allowed for c in cells for name, allowed in one.side.values)
                assert all(one.side.period is None or one.side.period.first <= s.month <= one.side.period.last for s in said)
                assert all(one.step in {None, s.month} for s in said)


@SLOW
@given(arriving=st.lists(ONE, min_size=5, max_size=80), order=st.randoms(use_true_random=False))
def test_the_order_of_arrival_within_a_release_does_not_matter(arriving: list[Said], order: object) -> None:
    numbered = list(enumerate(arriving))
    shuffled = list(numbered)
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = (Answers.of(table(rows)) for rows in (numbered, shuffled))
    assert [p.tolist() for p in partition(one, 5)] == [p.tolist() for p in partition(other, 5)]
    made = [blocks_of(rows, partition(rows, 5), "employee", MOOD.key, MONTHS[0], 5) for rows in (one, other)]
    assert made[0] == made[1]


@SLOW
@given(arriving=st.lists(ONE, min_size=1, max_size=80), least=st.integers(3, 8))
def test_parts_are_good_and_hold_each_row_once(arriving: list[Said], least: int) -> None:
    rows = Answers.of(table(list(enumerate(arriving))))
    parts = partition(rows, least)
    if not is_good(rows, np.arange(len(rows)), least):
        assert parts == []
        return
    assert sorted(at for part in parts for at in part.tolist()) == list(range(len(rows)))
    assert all(is_good(rows, part, least) for part in parts)
    total = sum((rows.counts[part].sum(axis=0) for part in parts), np.zeros(14))
    assert total == pytest.approx(rows.counts.sum(axis=0)), "the blocks add up to the rows"


def test_the_rule_that_peers_use_fails_under_the_same_questions() -> None:
    """A threshold alone: groups of five and more are shown, smaller ones not. Two filters later one person stands alone; so these laws can fail."""
    said = [Said(p, "A" if p < 6 else "B", "SE" if p < 7 else "NO", MONTHS[0], float(p % 11)) for p in range(12)]
    unit = {name: {at for at, s in enumerate(said) if s.unit == name} for name in ("A", "B")}
    swedish = {at for at, s in enumerate(said) if s.market == "SE"}
    groups = [set(range(12)), unit["A"], unit["B"], swedish, swedish & unit["A"], swedish & unit["B"], set(range(12)) - swedish]
    shown = [tuple(int(at in group) for at in range(12)) for group in groups if len(people(said, group)) >= 5]
    alone = tuple(int(at == 6) for at in range(12))
    assert in_span(reduced(shown), alone), "all Swedes less unit A is one person in unit B"
    assert min(len(people(said, atom)) for atom in atoms(shown)) == 1
    staff = Staff(5, said)
    staff.release()
    protected = told(staff.as_vectors(12), QUESTIONS, 12)
    assert protected
    assert not in_span(reduced(protected), alone)


def test_late_answers_wait_until_they_are_enough() -> None:
    staff = Staff(5, [Said(p, "A", "SE", MONTHS[0], float(p % 11)) for p in range(10)])
    assert staff.release() >= 1
    shown = staff.as_released()
    for late in range(4):
        staff.arrives(Said(100 + late, "A", "SE", MONTHS[0], float(late)))
        assert staff.release() == 0
        assert staff.as_released() == shown
    staff.arrives(Said(103, "A", "SE", MONTHS[0], 9.0))
    assert staff.release() == 0, "the same person twice is one person"
    staff.arrives(Said(104, "A", "SE", MONTHS[0], 9.0))
    assert staff.release() == 1


PUBLIC = [*answers(CSAT, [5.0] * 60 + [2.0] * 30, date(2026, 9, 7), market="SE"), *answers(CSAT, [5.0] * 40, date(2026, 8, 7), market="NO")]
ASKED = (
    Question("csat.delivery@1", by=("market",), period=None, grain="week"),
    Question("csat.delivery@1", where={"market": ("SE",)}),
    Question("csat.delivery@1", by=("audience", "language")),
)


@pytest.mark.parametrize("question", ASKED)
def test_public_answers_are_the_same_bit_for_bit(question: Question) -> None:
    """With and without protection, and whatever protected people say beside them."""
    hub: Source = Hub(PUBLIC)
    staff = Staff(5, [Said(p, "A", "SE", MONTHS[0], float(p % 11)) for p in range(20)])
    staff.release()
    plain = ask(question, hub, ALL, Scope(), date(2026, 11, 21), released=Released(frozenset()))
    for released in (Released(), staff.as_released(), Released(frozenset({"employee", "partner"}))):
        assert ask(question, hub, ALL, Scope(), date(2026, 11, 21), released=released) == plain
    beside = [*PUBLIC, *answers(CSAT, [1.0] * 50, date(2026, 9, 7), audience="employee", market="SE")]
    guarded = ask(question, Hub(beside), ALL, Scope(), date(2026, 11, 21), released=Released())
    assert guarded == plain
