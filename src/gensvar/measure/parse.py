"""parse: questions from the words of a command or an address, and back."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import cast
from urllib.parse import quote, unquote

from gensvar.kit.errors import BadInput, nearest
from gensvar.measure import periods
from gensvar.measure.periods import ONE_DAY
from gensvar.measure.question import GRAINS, Against, Grain, Period, Question

FORMS = "2026, 2026-Q3, 2026-10, 2026-W14, 2026-10-05, 2026-01-01..2026-03-31, today, yesterday, this month, last quarter, last 12 months"
UNIT_DAYS = {"day": 1, "week": 7}
SPECIAL = re.compile(r"[,;=%]|^\s|\s$")
MOST = 10_000
WORDS = {"today": "this day", "yesterday": "last day"}
ABSOLUTE = re.compile(r"(?P<year>\d{4})(-Q(?P<quarter>[1-4])|-W(?P<week>\d\d)|-(?P<month>\d\d)(-(?P<day>\d\d))?)?")
RELATIVE = re.compile(r"(?P<which>this|last) ((?P<count>\d{1,5}) )?(?P<unit>day|week|month|quarter|year)s?")


def parse_question(
    measure: str,
    by: str | Iterable[str] = "",
    where: str | Iterable[str] = "",
    period: str = "",
    grain: str = "",
    compare: str = "",
    *,
    today: date,
) -> Question:
    """From text: by `market,channel`; where `market=NO,SE;channel=app` (`market=` means missing); period, grain; compare `previous`, `year before`,
    a period, or a group as `market=SE`. BadInput for what cannot be understood, with the nearest."""
    if grain and grain not in GRAINS:
        raise BadInput(f"No grain {grain!r}", nearest=nearest(grain, GRAINS), do=f"Grains: {', '.join(GRAINS)}.")
    return Question(
        measure=measure.strip(),
        by=tuple(parse_list(by)),
        where=parse_where(where),
        period=parse_period(period, today) if period.strip() else None,
        grain=grain or None,
        compare=parse_compare(compare, today) if compare.strip() else None,
    )


def parse_list(text: str | Iterable[str]) -> list[str]:
    """`a,b` or several of them as one list."""
    texts = [text] if isinstance(text, str) else text
    return [word.strip() for one in texts for word in one.split(",") if word.strip()]


def parse_where(text: str | Iterable[str]) -> dict[str, tuple[str, ...]]:
    """`market=NO,SE;channel=app`, or several of them. , ; = % inside a value are written as in an address (%2C %3B %3D %25)."""
    texts = [text] if isinstance(text, str) else list(text)
    found: dict[str, tuple[str, ...]] = {}
    for part in (part for one in texts for part in one.split(";") if part.strip()):
        name, sign, values = part.partition("=")
        if not sign or not name.strip():
            raise BadInput(f"The filter {part.strip()!r} cannot be read", do="Write it as market=NO,SE; several with ; between.")
        more = tuple(unquote(value.strip()) for value in values.split(","))
        found[name.strip()] = tuple(dict.fromkeys((*found.get(name.strip(), ()), *more)))
    return found


def parse_period(text: str, today: date) -> Period:
    """Whole UTC days. Weeks start on Monday and are ISO 8601's. `last …` ends before the one that today lies in; `last 12 months` is whole months."""
    asked = " ".join(text.split())
    try:
        found = _range(asked) or _absolute(asked) or _relative(asked, today)
    except (ValueError, OverflowError) as error:
        raise BadInput(f"There is no period {asked!r}", do=f"Periods: {FORMS}.") from error
    if found is None:
        raise BadInput(f"The period {asked!r} cannot be read", nearest=nearest(asked, FORMS.split(", ")), do=f"Periods: {FORMS}.")
    return periods.check(found)


def _range(asked: str) -> Period | None:
    first, dots, last = asked.partition("..")
    return Period(date.fromisoformat(first.strip()), date.fromisoformat(last.strip())) if dots else None


def _absolute(asked: str) -> Period | None:
    found = ABSOLUTE.fullmatch(asked.upper())
    if found is None:
        return None
    year, label = int(found["year"]), found[0]
    if found["week"]:
        monday = date.fromisocalendar(year, int(found["week"]), 1)
        return Period(monday, monday + timedelta(days=6), label)
    if found["day"]:
        day = date(year, int(found["month"]), int(found["day"]))
        return Period(day, day, label)
    if found["month"]:
        return _months(date(year, int(found["month"]), 1), 1, label)
    if found["quarter"]:
        return _months(date(year, 3 * int(found["quarter"]) - 2, 1), 3, label)
    return _months(date(year, 1, 1), 12, label)


def _months(first: date, months: int, label: str) -> Period:
    return Period(first, periods.plus_months(first, months) - ONE_DAY, label)


def _relative(asked: str, today: date) -> Period | None:
    words = asked.casefold()
    found = RELATIVE.fullmatch(WORDS.get(words, words))
    if found is None or (found["which"] == "this" and found["count"]):
        return None
    unit, count = cast("Grain", found["unit"]), int(found["count"] or 1)
    if not 1 <= count <= MOST:
        raise ValueError(count)
    start = periods.step_of(today, unit)
    if found["which"] == "this":
        return Period(start, periods.next_step(start, unit) - ONE_DAY, words)
    return Period(_back(start, unit, count), start - ONE_DAY, words)


def _back(start: date, unit: Grain, count: int) -> date:
    if unit in UNIT_DAYS:
        return start - timedelta(days=UNIT_DAYS[unit] * count)
    return periods.plus_months(start, -periods.MONTHS_OF[unit] * count)


def parse_compare(text: str, today: date) -> Against:
    """previous · year before · a period · a group, as market=SE · rest: all other groups."""
    asked = " ".join(text.replace("_", " ").split()) if "=" not in text else text
    if asked.casefold() == "rest":
        return Against("rest")
    if asked.casefold() in {"previous", "year before"}:
        return Against("previous" if asked.casefold() == "previous" else "year_before")
    if "=" in asked:
        return Against("group", group=parse_where(asked))
    try:
        return Against("period", period=parse_period(asked, today))
    except BadInput as error:
        do = "Compare with: previous, year before, a period as 2025-Q3, a group as market=SE, or rest."
        raise BadInput(f"The comparison {asked!r} cannot be read", nearest=nearest(asked, ("previous", "year before")), do=do) from error


def question_address(question: Question) -> dict[str, str]:
    """The question as the words of an address; `parse_question` on the same day gives it back."""
    words: Mapping[str, str] = {
        "measure": question.measure,
        "by": ",".join(question.by),
        "where": where_text(question.where),
        "period": period_text(question.period) if question.period else "",
        "grain": question.grain or "",
        "compare": compare_text(question.compare) if question.compare else "",
    }
    return {name: text for name, text in words.items() if text}


def where_text(where: Mapping[str, Iterable[str]]) -> str:
    """market=NO,SE;channel=app"""
    return ";".join(f"{name}={','.join(SPECIAL.sub(lambda found: quote(found[0]), v) for v in values)}" for name, values in where.items())


def period_text(period: Period) -> str:
    """Its label where that names the same days, or days that follow today; else first..last."""
    try:
        named = _absolute(period.label) or _relative(period.label, period.last)
    except (ValueError, OverflowError):
        named = None
    follows = bool(RELATIVE.fullmatch(WORDS.get(period.label, period.label)))
    return period.label if named == period or (named and follows) else f"{period.first}..{period.last}"


def compare_text(compare: Against) -> str:
    """As `parse_compare` reads it."""
    if compare.how == "group":
        return where_text(compare.group)
    if compare.how == "period" and compare.period is not None:
        return period_text(compare.period)
    return compare.how.replace("_", " ")
