"""Questions from words and back."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gensvar.kit.errors import BadInput
from gensvar.measure import GRAINS, Against, Period, Question, parse_period, parse_question, question_address
from gensvar.measure.periods import apart, before, next_step, plus_months, step_of, whole_months, year_before
from gensvar.measure.resolve import ASKABLE

TODAY = date(2026, 11, 21)
days = st.dates(date(1901, 1, 1), date(2199, 1, 1))
words = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
wheres = st.dictionaries(st.sampled_from(ASKABLE), st.lists(words, min_size=1, max_size=3, unique=True).map(tuple), max_size=3)
labels = st.sampled_from(
    ["2026", "2025-Q1", "2026-10", "2020-W53", "2024-02-29", "today", "yesterday", "this week", "last month", "last 12 months", "last 3 years"]
)
ranges = st.tuples(days, st.integers(0, 900)).map(lambda r: Period(r[0], r[0] + timedelta(days=r[1])))
given_periods = st.one_of(labels.map(lambda text: parse_period(text, TODAY)), ranges)
compares = st.one_of(
    st.just(Against("previous")), st.just(Against("year_before")), given_periods.map(lambda p: Against("period", period=p)),
    wheres.filter(bool).map(lambda w: Against("group", group=w)),
)  # fmt: skip
questions = st.builds(
    Question,
    measure=st.sampled_from(["nps", "csat.delivery@2"]),
    by=st.lists(st.sampled_from(ASKABLE), unique=True, max_size=3).map(tuple),
    where=wheres,
    period=st.none() | given_periods,
    grain=st.none() | st.sampled_from(GRAINS),
    compare=st.none() | compares,
)


@given(questions)
def test_there_and_back(question: Question) -> None:
    address = question_address(question)
    assert all(isinstance(text, str) and text for text in address.values())
    assert parse_question(**address, today=TODAY) == question


PERIODS = {
    "2026": ("2026-01-01", "2026-12-31"), "2026-Q3": ("2026-07-01", "2026-09-30"), "2026-q4": ("2026-10-01", "2026-12-31"),
    "2026-02": ("2026-02-01", "2026-02-28"), "2024-02": ("2024-02-01", "2024-02-29"), "2026-W14": ("2026-03-30", "2026-04-05"),
    "2026-W01": ("2025-12-29", "2026-01-04"), "2026-10-05": ("2026-10-05", "2026-10-05"), "2026-01-01..2026-03-31": ("2026-01-01", "2026-03-31"),
    "today": ("2026-11-21", "2026-11-21"), "yesterday": ("2026-11-20", "2026-11-20"), "this week": ("2026-11-16", "2026-11-22"),
    "last week": ("2026-11-09", "2026-11-15"), "last 2 weeks": ("2026-11-02", "2026-11-15"), "last month": ("2026-10-01", "2026-10-31"),
    "last quarter": ("2026-07-01", "2026-09-30"), "last 12 months": ("2025-11-01", "2026-10-31"), "last 7 days": ("2026-11-14", "2026-11-20"),
    "this year": ("2026-01-01", "2026-12-31"), "Last  Year": ("2025-01-01", "2025-12-31"),
}  # fmt: skip


@pytest.mark.parametrize("text", PERIODS)
def test_periods(text: str) -> None:
    found = parse_period(text, TODAY)
    assert (found.first.isoformat(), found.last.isoformat()) == PERIODS[text]


@pytest.mark.parametrize(
    "text",
    ["", "2026-13", "2026-Q5", "2026-W54", "2025-W53", "2026-02-30", "26", "0000", "9999", "last 0 days", "last 99999 years", "this 3 weeks",
     "2026-02-01..2026-01-01", "2026-01-01..", "..", "next month", "2026-10-05T00:00", "١٢٣٤", "last month; drop", "20261005"],
)  # fmt: skip
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        parse_period(text, TODAY)


@given(st.text(max_size=20))
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (
        lambda: parse_period(text, TODAY),
        lambda: parse_question("nps", by=text, where=text, today=TODAY),
        lambda: parse_question("nps", compare=text, grain=text, today=TODAY),
    ):
        with suppress(BadInput):
            read()


def test_where_in_words() -> None:
    question = parse_question("nps", "market, channel", ["market=NO,SE;channel=app", "market=DK", "unit="], today=TODAY)
    assert question.by == ("market", "channel")
    assert question.where == {"market": ("NO", "SE", "DK"), "channel": ("app",), "unit": ("",)}
    assert parse_question("nps", where="unit=R%26D%2C Oslo", today=TODAY).where == {"unit": ("R&D, Oslo",)}
    with pytest.raises(BadInput, match="market=NO,SE"):
        parse_question("nps", where="market", today=TODAY)


def test_comparisons_in_words() -> None:
    def compare(text: str) -> Against | None:
        return parse_question("nps", compare=text, today=TODAY).compare

    assert compare("previous") == Against("previous")
    assert compare("Year before") == compare("year_before") == Against("year_before")
    assert compare("2025-Q3") == Against("period", period=Period(date(2025, 7, 1), date(2025, 9, 30), "2025-Q3"))
    assert compare("market=SE") == Against("group", group={"market": ("SE",)})
    with pytest.raises(BadInput, match="Did you mean 'previous'"):
        compare("previus")
    with pytest.raises(BadInput, match="Did you mean 'month'"):
        parse_question("nps", grain="mounth", today=TODAY)


@given(ranges)
def test_the_period_before_touches_and_is_as_long(period: Period) -> None:
    earlier = before(period)
    assert earlier.last + timedelta(days=1) == period.first
    months = whole_months(period)
    assert whole_months(earlier) == months if months else earlier.last - earlier.first == period.last - period.first
    assert apart(period, earlier)


def test_a_year_before_keeps_the_ends_of_months() -> None:
    assert year_before(Period(date(2024, 2, 1), date(2024, 2, 29))) == Period(date(2023, 2, 1), date(2023, 2, 28))
    assert year_before(Period(date(2025, 2, 1), date(2025, 2, 28))) == Period(date(2024, 2, 1), date(2024, 2, 29))
    assert before(Period(date(2026, 3, 1), date(2026, 3, 31))) == Period(date(2026, 2, 1), date(2026, 2, 28))
    assert plus_months(date(2026, 1, 31), 1) == date(2026, 2, 28)


@given(days, st.sampled_from(GRAINS))
def test_steps_cover_every_day_once(day: date, grain: str) -> None:
    start = step_of(day, grain)  # type: ignore[arg-type]
    after = next_step(start, grain)  # type: ignore[arg-type]
    assert start <= day < after
    assert step_of(start, grain) == start  # type: ignore[arg-type]
    assert step_of(after, grain) == after  # type: ignore[arg-type]
