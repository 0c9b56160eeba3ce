"""Feature value: which features go with satisfaction, staying and asking for help afterwards, beside what mere use tells."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlencode

from gensvar.contracts.measures import Measure
from gensvar.explain.features import Feature, Features, Gap
from gensvar.explaining.features import Asked, titled
from gensvar.kit.language import phrase
from gensvar.measure.answer import Hidden
from gensvar.serve.desks import why_features as desk
from gensvar.serve.desks.why_worth import Told
from gensvar.serve.web import worth_views as views
from gensvar.serve.web.asked import Choice, Option
from gensvar.serve.web.blocks import Drawn, Fact, Table
from gensvar.serve.web.charts_dots import dots_chart
from gensvar.serve.web.gaps import signed
from gensvar.serve.web.onboarding_page import event_text
from gensvar.serve.web.render import View
from gensvar.serve.web.visit import Page, Visit
from gensvar.serve.web.words import Tone, Words

MOST_DRAWN, MOST_LISTED = 12, 8
KNOWN = ("use", "after", "measure", "feature")
OUTCOMES = {
    "satisfaction": phrase("satisfaction"), "stays": phrase("staying a customer"), "renewed": phrase("renewing"), "help": phrase("asking for help"),
}  # fmt: skip
MORE = {
    "satisfaction": phrase("{feature} goes with higher satisfaction afterwards: {gap}."),
    "stays": phrase("Those who use {feature} stay more often: {gap}."),
    "renewed": phrase("Those who use {feature} renew more often: {gap}."),
    "help": phrase("Those who use {feature} ask for help more often afterwards: {gap}."),
}
LESS = {
    "satisfaction": phrase("{feature} goes with lower satisfaction afterwards: {gap}."),
    "stays": phrase("Those who use {feature} stay less often: {gap}."),
    "renewed": phrase("Those who use {feature} renew less often: {gap}."),
    "help": phrase("Those who use {feature} ask for help less often afterwards: {gap}."),
}
VERDICTS = {
    "more": phrase("more"), "less": phrase("less"), "no_difference": phrase("no visible difference"), "cannot_tell": phrase("cannot tell"),
}  # fmt: skip
TITLES = {
    "satisfaction": phrase("Satisfaction of those who use it less that of the others, on the scale"),
    "stays": phrase("How much more often those who use it stay, percentage points"),
    "renewed": phrase("How much more often those who use it renew, percentage points"),
    "help": phrase("How much more often those who use it ask for help, percentage points"),
}
WHY = {
    "no_events": phrase("Nothing is known of what customers do, so no feature can be told of."),
    "short": phrase("What customers do is not known for long enough: it takes the days of use and those that follow."),
    "few": phrase("Too few customers use anything for a feature to be told of."),
}
UNTOLD = {
    "few": phrase("too few use it"), "everybody": phrase("nearly everybody uses it"),
    "unlike": phrase("those who use it have hardly anybody alike who does not"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FeaturesPage:
    """state: told, hidden, or why nothing can be said. drawn: one for each outcome; explained: what is seen as it stands, and not with use alike."""

    state: str
    sentence: str
    lead: tuple[str, ...]
    items: tuple[views.Item, ...]
    explained: tuple[views.Item, ...]
    drawn: tuple[Drawn, ...]
    users: tuple[tuple[str, str], ...]
    untold: tuple[str, ...]
    limits: tuple[str, ...]
    know: tuple[Fact, ...]
    choices: tuple[Choice, ...]
    value: Features | Hidden


def page(visit: Visit) -> View:
    """What goes with which feature, as it is asked for in the address."""
    query = views.checked(visit.query, KNOWN)
    days = {name: views.read_days(query, name, 90) for name in ("use", "after")}
    asked = Asked(days["use"], days["after"], query.get("measure", ""), query.get("feature", ""))
    told = desk.told(cast("Any", visit.desk), asked)
    if isinstance(told, Hidden):
        hidden = FeaturesPage("hidden", *views.hidden(told.why, visit.words), (), (), (), (), (), (), (), (), told)
        return View("features.html", hidden, "why")
    return View("features.html", _page(visit, told, asked), "why")


def _page(visit: Visit, told: Told[Features], asked: Asked) -> FeaturesPage:
    w, found = visit.words, told.value
    measure = next((m for m in visit.desk.measures() if m.key == found.measure), None)
    one = found.features[0] if asked.feature and found.features else None
    return FeaturesPage(
        state=found.why or "told", sentence=headline(found, w, one), lead=(*_lead(found, measure, w), *views.of_part(visit, found.unmarked)),
        items=tuple(_item(f, g, w, asked) for f, g in found.standing[:MOST_LISTED]),
        explained=tuple(_explained(f, g, w, asked) for f, g in found.explained()[:MOST_LISTED]),
        drawn=tuple(_drawn(found, outcome, w) for outcome in found.outcomes) if found.features and not found.why else (),
        users=tuple(_users(one, w)) if one else (), untold=tuple(_untold(f, w) for f in found.features if f.why)[:MOST_DRAWN],
        limits=() if found.why else tuple(_limits(w)), know=tuple(_know(told, measure, visit)),
        choices=tuple(_choices(found, asked, visit)) if views.may_choose(visit) else (), value=found,
    )  # fmt: skip


def headline(found: Features, w: Words, one: Feature | None = None) -> str:
    """The whole in a sentence, or one feature's."""
    if found.why:
        return w(WHY[found.why])
    if found.standing:
        return _says(*found.standing[0], w)
    if one is not None and one.why:
        return w("{feature} cannot be told of: {why}.", feature=event_text(one.name, one.step), why=w(UNTOLD[one.why]))
    if one is not None:
        return w("{feature}: no visible difference among customers who use as much.", feature=event_text(one.name, one.step))
    return w("No feature visibly goes with what follows, once customers who use as much are compared.")


def _says(f: Feature, g: Gap, w: Words) -> str:
    return w((MORE if g.verdict == "more" else LESS)[g.outcome], feature=event_text(f.name, f.step), gap=gap_words(g, w))


def gap_words(g: Gap, w: Words, *, plain: bool = False) -> str:
    """A difference with its unit and interval; plain: as it stands."""
    value, low, high = (g.plain, g.plain_low, g.plain_high) if plain else (g.value, g.low, g.high)
    if value is None or low is None or high is None:
        return "–"
    if g.outcome == "satisfaction":
        return f"{w('{gap} on the scale', gap=signed(value, 2, w))} ({signed(low, 2, w)}…{signed(high, 2, w)})"
    return views.points_text(value, low, high, w)


def _lead(found: Features, measure: Measure | None, w: Words) -> Iterator[str]:
    if found.why:
        return
    yield w(
        "{n} customers, in {periods} periods of {use} days; what follows is the {after} days after each.",
        n=w.number(found.customers), periods=w.number(found.periods), use=w.number(found.use), after=w.number(found.after),
    )  # fmt: skip
    if measure is not None and "satisfaction" in found.outcomes:
        yield w("Satisfaction is read from: {measure}.", measure=measure.title(w.language))
    yield w(views.ASSOCIATION)


def _href(f: Feature, asked: Asked) -> str:
    days = {"use": asked.use, "after": asked.after, "measure": asked.measure}
    return "/why/features?" + urlencode({"feature": titled(f), **{k: v for k, v in days.items() if v not in {"", 90}}})


def tone(g: Gap) -> Tone:
    """Better or worse where it stands: less help is better."""
    if g.verdict not in {"more", "less"}:
        return "none"
    return "better" if (g.verdict == "more") == (g.outcome != "help") else "worse"


def _item(f: Feature, g: Gap, w: Words, asked: Asked) -> views.Item:
    before = w("As it stands: {gap}", gap=gap_words(g, w, plain=True))
    users = w("used by {k} of {n}", k=w.number(f.users), n=w.number(f.of))
    return views.Item(views.MARKS[g.verdict], w(VERDICTS[g.verdict]), tone(g), _says(f, g, w), f"{before} · {users}", _href(f, asked))


def _explained(f: Feature, g: Gap, w: Words, asked: Asked) -> views.Item:
    sentence = w("{feature} and {outcome}: {gap} as it stands.", feature=event_text(f.name, f.step), outcome=w(OUTCOMES[g.outcome]),
                 gap=gap_words(g, w, plain=True))  # fmt: skip
    held = w("Among customers who use as much: {gap}", gap=gap_words(g, w))
    return views.Item(views.MARKS[g.verdict], w(VERDICTS[g.verdict]), "none", sentence, held, _href(f, asked))


def _drawn(found: Features, outcome: str, w: Words) -> Drawn:
    """The features with this outcome among customers alike; the table has both, side by side."""
    title = w(TITLES[outcome])
    told = [(f, g) for f in found.features for g in f.gaps if g.outcome == outcome]
    if not told:
        return Drawn(title, Table(title, (), ()), why=w("No feature has enough customers who use it and who do not."), kind="apart")
    times, digits = (1.0, 2) if outcome == "satisfaction" else (100.0, 1)
    rows = [_row(f, g, w, times, digits) for f, g in told[:MOST_DRAWN]]
    head = (
        w("feature"), w("what can be told"), w("who use it"), w("as it stands"), w("95 % interval"), w("customers alike"), w("95 % interval"), "q",
        w("periods it takes"),
    )  # fmt: skip
    table = Table(title, head, tuple(_cells(f, g, w, times, digits) for f, g in told), texts=2)
    return Drawn(title, table, dots_chart(rows, w, title, span=0.2 if outcome == "satisfaction" else 10), kind="apart")


def _row(f: Feature, g: Gap, w: Words, times: float, digits: int) -> dict[str, Any]:
    name, value, low, high = event_text(f.name, f.step), g.value or 0.0, g.low or 0.0, g.high or 0.0
    return {
        "group": name, "tone": tone(g), "value": round(times * value, 4), "low": round(times * low, 4), "high": round(times * high, 4),
        "figure": signed(times * value, digits, w), "says": f"{name}: {gap_words(g, w)}, n = {w.number(f.users)}",
    }  # fmt: skip


def _cells(f: Feature, g: Gap, w: Words, times: float, digits: int) -> tuple[str, ...]:
    def both(low: float | None, high: float | None) -> str:
        return f"{signed(times * (low or 0.0), digits, w)}…{signed(times * (high or 0.0), digits, w)}"

    return (
        event_text(f.name, f.step), w(VERDICTS[g.verdict]), w.number(f.users), signed(times * (g.plain or 0.0), digits, w),
        both(g.plain_low, g.plain_high), signed(times * (g.value or 0.0), digits, w), both(g.low, g.high), views.small(g.q, w),
        w.number(g.needs) if g.needs else "–",
    )  # fmt: skip


def _users(f: Feature, w: Words) -> Iterator[tuple[str, str]]:
    """Who uses one feature, and who does not."""
    yield w("customers who use it"), f"{w.number(f.users)} / {w.number(f.of)}"
    if f.visits:
        yield w("their visits in a period, typically"), w.number(f.visits, 1)
        yield w("visits of those who do not"), w.number(f.other_visits, 1)


def _untold(f: Feature, w: Words) -> str:
    return f"{event_text(f.name, f.step)}: {w(UNTOLD[f.why])}"


def _limits(w: Words) -> Iterator[str]:
    yield w("Customers choose what they use. Those who are content, or have more to do, may use more: what is not known of them is not held equal.")
    yield w("What follows is the time after the use, strictly. A feature that works at once, or after a year, is not seen as it is.")
    yield w("Only a trial, in which lot decides who gets a feature, tells what it brings about.")


def _know(told: Told[Features], measure: Measure | None, visit: Visit) -> Iterator[Fact]:
    w, found = visit.words, told.value
    yield Fact(w("Features"), w("Each event, and each step of it, that customers do. Coming at all, joining, renewing and leaving are none."))
    yield Fact(
        w("Held equal"),
        w("How much they use in all (visits in the period), market, segment, plan, how long they have been customers, and the period."),
    )
    if measure is not None:
        scale = f"{w.number(measure.low)}–{w.number(measure.high)}"
        text = w("{measure}, scale {scale}, version {n}", measure=measure.title(w.language), scale=scale, n=measure.version)
        yield Fact(views.capital(w("satisfaction")), text)
    yield Fact(w("Help"), w("Complaints, questions, requests, calls, tickets and chats: whether there was any."))
    yield Fact(
        w("Method"),
        w("Least squares with a level for each thing held equal; 95 % intervals by leaving out blocks of customers, each wholly in one block."),
    )
    counted = w("{n} differences were tested; q is adjusted for all of them (Benjamini–Hochberg).", n=w.number(found.tested))
    left = w.many("One rarer feature is left out.", "{n} rarer features are left out.", found.left_out) if found.left_out else ""
    yield Fact(w("Comparisons"), f"{counted} {left}".strip())
    yield Fact(w("When"), views.looked_at(told.made_at, visit))


def _choices(found: Features, asked: Asked, visit: Visit) -> Iterator[Choice]:
    w = visit.words
    names: Mapping[str, str] = {titled(f): event_text(f.name, f.step) for f in _all_of(found, asked, visit)}
    known = {**names, **({asked.feature: event_text(*asked.key)} if asked.feature else {})}
    options = (Option("", w("every feature"), not asked.feature), *(Option(v, text, v == asked.feature) for v, text in known.items()))
    yield Choice("feature", w("feature"), options)
    yield views.days_choice("use", phrase("days of use"), (30, 90, 180), found.use, w)
    yield views.days_choice("after", phrase("days that follow"), (30, 90, 180, 365), found.after, w)


def _all_of(found: Features, asked: Asked, visit: Visit) -> tuple[Feature, ...]:
    """The features to choose among: of the answer for all, where it is at hand."""
    if not asked.feature:
        return found.features
    every = desk.told(cast("Any", visit.desk), Asked()) if visit.house.ledger.findings.latest("features") else None
    return every.value.features if isinstance(every, Told) else found.features


def lead(visit: Visit) -> tuple[str, ...]:
    """Today's answer for the room's own page, as the last night found it."""
    kept = visit.house.ledger.findings.latest("features")
    if kept is None or visit.scope.rows or visit.scope.smallest_group("customer") > 1:
        return ()
    found = desk.told(cast("Any", visit.desk), Asked())
    return () if isinstance(found, Hidden) else (headline(found.value, visit.words),)


PAGES = (Page("/why/features", "answers", page, "/why/features"),)
FORMS = ()
