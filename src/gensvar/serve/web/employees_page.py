"""Employees and customers: whether units whose people fare better have customers who fare better, with the warning that goes with it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

from gensvar.contracts import DIMENSIONS
from gensvar.explain.units import Lagged, Units
from gensvar.explaining.units import Asked, Possible
from gensvar.kit.language import phrase
from gensvar.serve.desks import why_units as desk
from gensvar.serve.desks.why_worth import Told
from gensvar.serve.web import worth_views as views
from gensvar.serve.web.asked import Choice, Option
from gensvar.serve.web.blocks import Drawn, Fact, Table
from gensvar.serve.web.charts_dots import dots_chart
from gensvar.serve.web.gaps import signed
from gensvar.serve.web.render import View
from gensvar.serve.web.visit import Page, Visit
from gensvar.serve.web.words import Words

KNOWN = ("employees", "customers", "dimension")
WARNING = phrase(
    "Units are compared, not people. That customers fare better in months when a unit’s people do does not mean that those who are content are the "
    "ones who serve them better (the ecological fallacy), nor that one causes the other."
)
VERDICTS = {
    "together": phrase("move together"), "against": phrase("move against each other"), "no_visible": phrase("no visible association"),
    "cannot_tell": phrase("cannot tell"),
}  # fmt: skip
WHY = {
    "no_employees": phrase("Nothing has been released that employees answer, so it cannot be held against customers."),
    "no_customers": phrase("No measure is answered by customers, so there is nothing to hold employees against."),
    "nothing_shared": phrase("No unit is named by employees and by customers alike, so the two cannot be held against each other."),
    "few": phrase("Too few units, or months, are known of both to say whether employees and customers move together."),
}
MOVES = {
    "together": phrase("Where employees fare better than usual, customers do so too {when}: {r}."),
    "against": phrase("Where employees fare better than usual, customers fare worse {when}: {r}."),
}


@dataclass(frozen=True, slots=True)
class EmployeesPage:
    """state: told, or why nothing can be said. warning: stands on top, always."""

    state: str
    sentence: str
    warning: str
    lead: tuple[str, ...]
    drawn: Drawn | None
    know: tuple[Fact, ...]
    choices: tuple[Choice, ...]
    value: Units


def page(visit: Visit) -> View:
    """Each lag, as it is asked for in the address."""
    query = views.checked(visit.query, KNOWN)
    of_desk = cast("Any", visit.desk)
    asked = Asked(*(query.get(name, "") for name in KNOWN))
    return View("employees.html", _page(visit, desk.told(of_desk, asked), desk.measures(of_desk)), "why")


def _page(visit: Visit, told: Told[Units], known: Possible) -> EmployeesPage:
    w, found = visit.words, told.value
    tested = [one for one in found.lags if one.r is not None]
    return EmployeesPage(
        state=found.why or "told", sentence=headline(found, w), warning=w(WARNING), lead=tuple(_lead(found, w)),
        drawn=_drawn(found, w) if tested else None, know=tuple(_know(told, visit)), choices=tuple(_choices(found, known, visit)), value=found,
    )  # fmt: skip


def headline(found: Units, w: Words) -> str:
    """The whole in a sentence."""
    if found.why:
        return w(WHY[found.why])
    if found.standing:
        one = found.standing[0]
        return w(MOVES[one.verdict], when=when(one.lag, w), r=_r(one, w))
    if all(one.verdict == "no_visible" for one in found.lags if one.r is not None):
        return w("There is no visible association between how employees and how customers fare, unit by unit.")
    return w("It cannot be told whether employees and customers fare well together, unit by unit.")


def when(lag: int, w: Words) -> str:
    """In the same month, or so many months later."""
    return w("in the same month") if lag == 0 else w.many("one month later", "{n} months later", lag)


def _r(one: Lagged, w: Words) -> str:
    return f"r = {signed(one.r or 0.0, 2, w)} ({signed(one.low or 0.0, 2, w)}…{signed(one.high or 0.0, 2, w)})"


def _lead(found: Units, w: Words) -> Iterator[str]:
    if found.why == "few" and found.lags:
        best = max(found.lags, key=lambda one: one.n)
        yield w(
            "Both are known of {units} units in the same months, {pairs} pairs in all. It takes {least} units, and about {needed} pairs of unit and "
            "month, to see a middling association.",
            units=w.number(best.units), pairs=w.number(best.n), least=w.number(found.least_units), needed=w.number(best.pairs_needed),
        )  # fmt: skip
    if found.why == "nothing_shared":
        yield w("Name the same units in both contracts, in the same words, and they can be.")
    if not found.why and found.plain is not None:
        yield w(
            "As they stand, all pairs together, r is {r}: that mixes units that always differ and months that are alike for all.",
            r=signed(found.plain, 2, w),
        )


def _drawn(found: Units, w: Words) -> Drawn:
    title = w("How closely customers move with employees within units, by lag (r)")
    rows = [_row(one, w) for one in found.lags if one.r is not None]
    head = (w("lag"), w("what can be told"), "r", w("95 % interval"), w("pairs"), w("units"), w("months"), "q", w("pairs it takes"))
    table = Table(title, head, tuple(_cells(one, w) for one in found.lags), texts=2)
    return Drawn(title, table, dots_chart(rows, w, title, span=2.0), kind="apart")


def _row(one: Lagged, w: Words) -> dict[str, Any]:
    name = when(one.lag, w)
    return {
        "group": name, "tone": "better" if one.verdict == "together" else "worse" if one.verdict == "against" else "none", "value": one.r,
        "low": one.low, "high": one.high, "figure": signed(one.r or 0.0, 2, w), "says": f"{name}: {_r(one, w)}, n = {w.number(one.n)}",
    }  # fmt: skip


def _cells(one: Lagged, w: Words) -> tuple[str, ...]:
    r = ("–", "–") if one.r is None else (signed(one.r, 2, w), f"{signed(one.low or 0.0, 2, w)}…{signed(one.high or 0.0, 2, w)}")
    counts = tuple(w.number(n) for n in (one.n, one.units, one.months))
    return when(one.lag, w), w(VERDICTS[one.verdict]), *r, *counts, views.small(one.q, w), w.number(one.pairs_needed) if one.pairs_needed else "–"


def _know(told: Told[Units], visit: Visit) -> Iterator[Fact]:
    w, found = visit.words, told.value
    titles = {m.id: m.title(w.language) for m in visit.desk.measures()}
    if found.employees and found.customers:
        yield Fact(w("Employees"), w("{measure}: released numbers of whole months alone, never anybody’s answer.", measure=titles[found.employees]))
        yield Fact(w("Customers"), titles[found.customers])
    if found.shared:
        yield Fact(w("Units in both"), views.listed([w.value(found.dimension, u) for u in found.shared], w))
    yield Fact(
        w("Method"),
        w(
            "Correlation within units over months, with each unit’s own level and each month’s common level taken out; 95 % intervals robust within "
            "units and made for few of them (Bell and McCaffrey)."
        ),
    )
    if tested := sum(one.p is not None for one in found.lags):
        yield Fact(w("Comparisons"), w("{n} lags were tested; q is adjusted for all of them (Benjamini–Hochberg).", n=w.number(tested)))
    yield Fact(w("When"), views.looked_at(told.made_at, visit))


def _choices(found: Units, known: Possible, visit: Visit) -> Iterator[Choice]:
    w = visit.words
    titles = {m.id: m.title(w.language) for m in visit.desk.measures()}

    def of(name: str, label: str, measures: Sequence[str], now: str) -> Choice:
        return Choice(name, label, tuple(Option(m, titles[m], m == now) for m in measures))

    yield of("employees", w("measure of employees"), known.employees, found.employees)
    yield of("customers", w("measure of customers"), known.customers, found.customers)
    yield Choice("dimension", w("what a unit is"), tuple(Option(d, w(d), d == found.dimension) for d in DIMENSIONS))


def lead(visit: Visit) -> tuple[str, ...]:
    """Today's answer for the room's own page, within what the reader may see."""
    return (headline(desk.told(cast("Any", visit.desk), Asked()).value, visit.words),)


PAGES = (Page("/why/employees", "answers", page, "/why/employees"),)
FORMS = ()
