"""What a careful reader should know of an answer in which protected audiences take part."""

from collections.abc import Iterator
from datetime import date

from gensvar.kit.language import Translator
from gensvar.measure.answer import Estimate, Group, TooFew
from gensvar.measure.fetch import Fetched
from gensvar.measure.periods import MONTHS_OF, ONE_DAY
from gensvar.measure.question import Question
from gensvar.measure.resolve import Resolved, Side


def notes_on_protected(resolved: Resolved, fetched: Fetched, groups: tuple[Group, ...], today: date, t: Translator) -> Iterator[str]:
    """Which answers of theirs are not counted, and that numbers are rounded."""
    who = _who(resolved, fetched)
    if not who:
        return
    if _cut(resolved, today):
        yield (
            t("Employees' answers are shown by whole months once the month has ended.")
            if who == {"employee"}
            else t("Answers of protected groups are shown by whole months once the month has ended.")
        )
    if fetched.left:
        yield t("Some answers of small groups are counted only in larger ones.")
    audience = fetched.dims.index("audience")
    counted = any(row.values[audience] in fetched.protected for row in fetched.rows)
    if counted and any(isinstance(g.verdict, Estimate | TooFew) for g in groups):
        yield t("Numbers are rounded, and counts are rounded down to fives, so that nobody can be singled out.")


def _who(resolved: Resolved, fetched: Fetched) -> frozenset[str]:
    """The protected audiences that the question names, or that have answered its measure."""
    named = {v for name, values in resolved.this.values if name == "audience" for v in values if v is not None}
    audience = fetched.dims.index("audience")
    answered = {v for row in fetched.rows if (v := row.values[audience]) is not None}
    asked = any(version.metric == "enps" for version in resolved.versions) and (not named or "employee" in named)
    there = {"employee"} if asked else set[str]()
    if fetched.left and not answered & fetched.protected:
        there |= (named or fetched.protected) & fetched.protected
    return frozenset((named | answered | there) & fetched.protected)


def _cut(resolved: Resolved, today: date) -> bool:
    """Whether a side holds part of a month, or one that is not over; or the trend steps by less than a month."""
    question: Question = resolved.question
    sides = [side for side in (resolved.this, resolved.that) if side is not None]
    return (question.grain is not None and question.grain not in MONTHS_OF) or any(_part_of_a_month(side, today) for side in sides)


def _part_of_a_month(side: Side, today: date) -> bool:
    period = side.period
    if period is None:
        return True
    begins, ends = period.first.day == 1, (period.last + ONE_DAY).day == 1
    return not (begins and ends) or period.last >= today.replace(day=1)
