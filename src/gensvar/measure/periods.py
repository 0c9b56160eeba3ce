"""Whole UTC days, weeks that start on Monday, and the calendar's own units before and after them."""

from datetime import date, timedelta

from gensvar.kit.errors import BadInput
from gensvar.measure.question import Grain, Period

EARLIEST, LATEST = date(1900, 1, 1), date(2200, 12, 31)
ONE_DAY = timedelta(days=1)
MONTHS_OF: dict[Grain, int] = {"month": 1, "quarter": 3, "year": 12}


def read_day(text: str) -> date:
    """The day written as 2026-10-31; BadInput for anything else, and for a day that cannot be."""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError as wrong:
        raise BadInput(f"No day {text!r}", do="Write it as 2026-10-31.") from wrong
    if not EARLIEST <= day <= LATEST:
        raise BadInput(f"The day {day} cannot be", do="It must lie in 1900…2200.")
    return day


def plus_months(day: date, months: int) -> date:
    """The same day of the month so many months on, or the last day of that month where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    end = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - ONE_DAY).day
    return date(year, month + 1, min(day.day, end))


def step_of(day: date, grain: Grain) -> date:
    """The first day of the day, week, month, quarter or year that this day lies in."""
    if grain == "day":
        return day
    if grain == "week":
        return day - timedelta(days=day.weekday())
    months = MONTHS_OF[grain]
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def next_step(start: date, grain: Grain) -> date:
    """The first day of the step after the one that starts here."""
    if grain in MONTHS_OF:
        return plus_months(start, MONTHS_OF[grain])
    return start + (ONE_DAY if grain == "day" else timedelta(days=7))


def whole_months(period: Period) -> int:
    """How many calendar months the period is; 0 when it does not begin and end with one."""
    after = period.last + ONE_DAY
    if period.first.day != 1 or after.day != 1:
        return 0
    return (after.year - period.first.year) * 12 + after.month - period.first.month


def before(period: Period) -> Period:
    """The period just before: as many whole months where it is whole months, else as many days."""
    months = whole_months(period)
    if months:
        return Period(plus_months(period.first, -months), period.first - ONE_DAY)
    return Period(period.first - (period.last - period.first) - ONE_DAY, period.first - ONE_DAY)


def year_before(period: Period) -> Period:
    """The same days a year before; a month's last day stays its last day."""
    after = period.last + ONE_DAY
    last = plus_months(after, -12) - ONE_DAY if after.day == 1 else plus_months(period.last, -12)
    return Period(plus_months(period.first, -12), last)


def apart(a: Period, b: Period) -> bool:
    """Whether no day lies in both."""
    return a.last < b.first or b.last < a.first


def check(period: Period) -> Period:
    """The period itself; BadInput when it ends before it begins, or lies outside 1900…2200."""
    if not EARLIEST <= period.first <= period.last <= LATEST:
        raise BadInput(f"The period {period.first}…{period.last} cannot be", do="It must begin before it ends, and lie in 1900…2200.")
    return period
