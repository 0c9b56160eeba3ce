"""What a reader sees of blocks: counted, hidden, listed, marked by a note; in trends, comparisons and among answers of others."""

from dataclasses import replace
from datetime import date

import pytest

from gensvar.kit.scope import Scope, whole
from gensvar.measure import Against, Answer, Estimate, Group, Hidden, Period, Question, TooFew, ask, ask_many
from gensvar.measure.anonymous import Released
from tests.laws.staff import AUGUST, KNOWN, MONTHS, SEPTEMBER, Said, Staff
from tests.measure.hub import ALL, ENPS, Hub, answers

TODAY = date(2026, 11, 21)
WHOLE_MONTHS = "Employees' answers are shown by whole months once the month has ended."
LARGER = "Some answers of small groups are counted only in larger ones."
ROUNDED = "Numbers are rounded, and counts are rounded down to fives, so that nobody can be singled out."
EMPTY = Hub([])


def staffed(*parts: tuple[str | None, str, int, int]) -> Released:
    """So many people of each unit and market in a month (0 or 1)."""
    staff, number = Staff(5), 0
    for unit, market, month, people in parts:
        for i in range(people):
            staff.arrives(Said(number, unit, market, MONTHS[month], float(i % 11)))
            number += 1
    staff.release()
    return staff.as_released()


RELEASED = staffed(
    ("A", "SE", 0, 40), ("B", "SE", 0, 25), ("C", "NO", 0, 3), ("D", "NO", 0, 2), ("A", "SE", 1, 30), ("B", "NO", 1, 4), ("C", "NO", 1, 6)
)


def asked(question: Question, scope: Scope | None = None, hub: Hub = EMPTY, released: Released = RELEASED) -> Answer:
    return ask(question, hub, KNOWN, scope or whole(), TODAY, released=released)


def by_unit(answer: Answer) -> dict[str | None, Group]:
    return {g.key["unit"]: g for g in answer.groups}


def test_each_unit_is_shown_or_hidden_and_a_note_says_what_is_elsewhere() -> None:
    answer = asked(Question("mood", by=("unit",), period=AUGUST))
    groups = by_unit(answer)
    assert [g.verdict.n for g in answer.groups if isinstance(g.verdict, Estimate)] == [40, 25]
    assert groups["C"].verdict == Hidden("small_group"), "named in September, so it may be named; that somebody of it answered in August is not said"
    assert "D" not in groups
    assert LARGER in answer.notes
    assert ROUNDED in answer.notes
    assert WHOLE_MONTHS not in answer.notes


def test_a_filter_counts_only_blocks_that_lie_inside() -> None:
    assert asked(Question("mood", where={"unit": ("A",)}, period=AUGUST)).groups[0].verdict.n == 40  # type: ignore[union-attr]
    assert asked(Question("mood", where={"unit": ("A", "B")}, period=AUGUST)).groups[0].verdict.n == 65  # type: ignore[union-attr]
    for units in (("C",), ("D",), ("C", "D"), ("nonsense",)):
        assert asked(Question("mood", where={"unit": units}, period=AUGUST)).groups[0].verdict == Hidden("small_group")
    assert asked(Question("mood", where={"market": ("NO",)}, period=AUGUST)).groups[0].verdict == TooFew(5, 20)


def test_a_scope_is_a_filter_that_cannot_be_left_out() -> None:
    of_b = Scope(rows={"unit": frozenset({"B"})})
    answer = asked(Question("mood", by=("unit",), period=AUGUST), of_b)
    assert {g.key["unit"] for g in answer.groups} == {"B"}
    outside = Scope(rows={"audience": frozenset({"customer"})})
    assert asked(Question("mood"), outside).groups[0].verdict == TooFew(0, 20)
    strict = Scope(least={"employee": 30})
    assert by_unit(asked(Question("mood", by=("unit",), period=AUGUST), strict))["B"].verdict == Hidden("small_group")


def test_days_that_cut_a_month_leave_it_out() -> None:
    cut = asked(Question("mood", period=Period(date(2026, 8, 1), date(2026, 9, 29))))
    assert cut.groups[0].verdict.n == 70  # type: ignore[union-attr]
    assert WHOLE_MONTHS in cut.notes
    inside = asked(Question("mood", period=Period(date(2026, 8, 5), date(2026, 8, 20))))
    assert inside.groups[0].verdict == Hidden("small_group")
    assert WHOLE_MONTHS in inside.notes
    assert WHOLE_MONTHS in asked(Question("mood")).notes
    running = asked(Question("mood", period=Period(date(2026, 9, 1), date(2026, 11, 30))))
    assert WHOLE_MONTHS in running.notes


@pytest.mark.parametrize("grain", ["day", "week"])
def test_there_is_no_trend_by_day_or_week(grain: str) -> None:
    answer = asked(Question("mood", by=("unit",), grain=grain))  # type: ignore[arg-type]
    assert all(g.trend == () for g in answer.groups)
    assert WHOLE_MONTHS in answer.notes
    assert by_unit(answer)["A"].verdict.n == 70  # type: ignore[union-attr]


def test_a_trend_by_month_hides_where_it_cannot_count() -> None:
    groups = by_unit(asked(Question("mood", by=("unit",), grain="month")))
    assert [(p.start, p.verdict.n) for p in groups["A"].trend] == [(MONTHS[0], 40), (MONTHS[1], 30)]  # type: ignore[union-attr]
    assert [p.verdict for p in groups["B"].trend][1] == Hidden("small_group")
    assert len(asked(Question("mood", grain="quarter")).groups[0].trend) == 1


def test_a_change_is_rounded_and_a_hidden_side_is_hidden() -> None:
    groups = by_unit(asked(Question("mood", by=("unit",), period=SEPTEMBER, compare=Against("previous"))))
    change = groups["A"].change
    assert change
    assert change.then.n == 40  # type: ignore[union-attr]
    assert change.difference is not None
    assert change.p in {0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0}
    other = by_unit(asked(Question("mood", by=("unit",), period=AUGUST, compare=Against("period", SEPTEMBER))))
    assert other["B"].change
    assert other["B"].change.then == Hidden("small_group")
    group = asked(Question("mood", where={"unit": ("A",)}, period=AUGUST, compare=Against("group", group={"unit": ("B",)}))).groups[0]
    assert group.change
    assert group.change.then.n == 25  # type: ignore[union-attr]


def test_among_others_they_are_counted_and_the_whole_is_rounded() -> None:
    """Customers' own number stays exact; the number of both together is rounded, since it holds protected answers."""
    customers = Hub(answers(ENPS, [10.0] * 33 + [5.0] * 20, AUGUST.first))
    released = Released.of({"employee"}, [replace(b, measure=ENPS.key) for b in RELEASED.of_measure("mood@1")])
    apart = ask(Question("enps", by=("audience",)), customers, ALL, whole(), TODAY, released=released)
    found = {g.key["audience"]: g.verdict for g in apart.groups}
    assert found["employee"].n == 110  # type: ignore[union-attr]
    assert found["customer"].n == 53  # type: ignore[union-attr]
    together = ask(Question("enps"), customers, ALL, whole(), TODAY, released=released)
    assert together.groups[0].verdict.n == 160, "163, rounded down to fives"  # type: ignore[union-attr]
    assert together.groups[0].verdict.value % 2 == 0  # type: ignore[union-attr]
    assert ROUNDED in together.notes
    without = ask(Question("enps", where={"audience": ("customer",)}), customers, ALL, whole(), TODAY, released=released)
    assert without.groups[0].verdict == found["customer"]
    assert without.notes == ()


def test_many_at_once_are_answered_as_one_by_one() -> None:
    questions = [
        Question("mood", by, where, period, "month") for by in ((), ("unit",)) for where in ({}, {"unit": ("A",)}) for period in (None, AUGUST)
    ]
    together = ask_many(questions, EMPTY, KNOWN, whole(), TODAY, released=RELEASED)
    assert list(together) == [asked(q) for q in questions]


def test_several_protected_audiences_have_a_note_of_their_own() -> None:
    both = Released(frozenset({"employee", "partner"}), RELEASED.blocks)
    answer = asked(Question("mood", where={"audience": ("employee", "partner")}), released=both)
    assert "Answers of protected groups are shown by whole months once the month has ended." in answer.notes
    assert answer.groups[0].verdict.n == 110  # type: ignore[union-attr]
