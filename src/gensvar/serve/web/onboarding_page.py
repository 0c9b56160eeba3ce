"""Onboarding: which early behaviours and voices mark new customers who succeed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from gensvar.explain.onboarding import Mark, Onboarding
from gensvar.explain.onboarding.judge import LEAST_SIDE
from gensvar.explain.onboarding.success import STAYS
from gensvar.explaining.onboarding import Asked
from gensvar.kit.language import phrase
from gensvar.kit.names import plain_name
from gensvar.measure.answer import Hidden
from gensvar.serve.desks import why_onboarding as desk
from gensvar.serve.desks.why_worth import Told
from gensvar.serve.web import worth_views as views
from gensvar.serve.web.asked import Choice, Option
from gensvar.serve.web.blocks import Drawn, Fact, Table
from gensvar.serve.web.charts_dots import dots_chart
from gensvar.serve.web.render import View
from gensvar.serve.web.topic_words import topic_name
from gensvar.serve.web.visit import Page, Visit
from gensvar.serve.web.words import Tone, Words

MOST_DRAWN, MOST_LISTED, MOST_UNKNOWN, MOST_SHORT = 12, 6, 8, 40
KNOWN = ("success", "window", "within")
SIGNS = {
    "did": phrase("{what} in the first {days} days"), "often": phrase("{what}, three times or more in the first {days} days"),
    "soon": phrase("{what} in the first {days} days"),
    "bad": phrase("{what}, spoken ill of early on"), "good": phrase("{what}, spoken well of early on"),
    "effort": phrase("Much effort told of early on"), "low": phrase("A low early score for {what}"),
}  # fmt: skip
SHORT = {
    "often": phrase("{what}, 3 times"), "soon": phrase("{what}, {days} d"), "bad": phrase("{what}, ill"),
    "good": phrase("{what}, well"), "effort": phrase("much effort"), "low": phrase("low {what}"),
}  # fmt: skip
VERDICTS = {
    "more": phrase("succeed more often"), "less": phrase("succeed less often"), "no_difference": phrase("no visible difference"),
    "cannot_tell": phrase("cannot tell"),
}  # fmt: skip
TONES: Mapping[str, Tone] = {"more": "better", "less": "worse", "no_difference": "none", "cannot_tell": "none"}
AGAIN = {
    "both": phrase("seen in both halves of the customers"), "one": phrase("seen in one half of the customers alone"),
    "neither": phrase("seen in neither half by itself"), "too_few": phrase("too few for halves"),
}  # fmt: skip
WHY = {
    "no_start": phrase("Nothing says when customers began, so nobody is known to be new."),
    "no_behaviour": phrase("Nothing is known of what new customers do or say early on."),
    "few": phrase("Too few new customers have been followed for long enough."),
    "all_alike": phrase("All new customers fared alike, so nothing can mark those who succeed."),
}
OUT = {
    "early": phrase("began before their first days are known"), "young": phrase("not followed for long enough yet"),
    "ended": phrase("had left before their early days were over"), "done": phrase("had succeeded before their early days were over"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class OnboardingPage:
    """state: told, hidden, or why nothing can be said. out: who is not compared, and how many; unknown: signs that cannot be told yet."""

    state: str
    sentence: str
    lead: tuple[str, ...]
    items: tuple[views.Item, ...]
    drawn: Drawn | None
    unknown: tuple[str, ...]
    out: tuple[tuple[str, str], ...]
    know: tuple[Fact, ...]
    choices: tuple[Choice, ...]
    value: Onboarding | Hidden


def page(visit: Visit) -> View:
    """What marks success, as it is asked for in the address."""
    query = views.checked(visit.query, KNOWN)
    asked = Asked(query.get("success", ""), views.read_days(query, "window", 30), views.read_days(query, "within", 120))
    told = desk.told(cast("Any", visit.desk), asked)
    if isinstance(told, Hidden):
        hidden = OnboardingPage("hidden", *views.hidden(told.why, visit.words), (), None, (), (), (), (), told)
        return View("onboarding.html", hidden, "why")
    return View("onboarding.html", _page(visit, told), "why")


def _page(visit: Visit, told: Told[Onboarding]) -> OnboardingPage:
    w, found, name = visit.words, told.value, namer(visit)
    out = tuple((w(text), w.number(n)) for key, text in OUT.items() if (n := getattr(found.out, key)))
    standing = found.standing
    return OnboardingPage(
        state=found.why or "told", sentence=headline(found, name, w), lead=(*_lead(found, w), *views.of_part(visit, found.unmarked)),
        items=tuple(_item(m, found, name, w) for m in standing[:MOST_LISTED]), drawn=None if found.why else _drawn(found, name, w),
        unknown=tuple(_unknown(m, found, name, w) for m in _nearest(found))[:MOST_UNKNOWN],
        out=out, know=tuple(_know(told, visit)), choices=tuple(_choices(found, w)) if views.may_choose(visit) else (), value=found,
    )  # fmt: skip


class Namer:
    """What events, steps, topics and measures are called."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._taxonomy = visit.house.ledger.taxonomies.current()
        self._measures = {m.key: m for m in visit.desk.measures()}

    def __call__(self, m: Mark) -> str:
        """The thing itself, without how it is a sign."""
        if m.form in {"bad", "good"}:
            return topic_name(self._taxonomy, m.name, self._visit.words)
        if m.form == "low":
            return self._measures[m.name].title(self._visit.words.language) if m.name in self._measures else m.name
        return event_text(m.name, m.step)


def event_text(name: str, step: str) -> str:
    """An event as its source names it, and its step.

    >>> event_text("payment_step", "confirm")
    '“payment step”: confirm'
    """
    return f"“{plain_name(name.replace('_', ' '))}”" + (f": {plain_name(step)}" if step else "")


def namer(visit: Visit) -> Namer:
    return Namer(visit)


def label(m: Mark, found: Onboarding, name: Namer, w: Words) -> str:
    """A sign in words: “training” in the first 14 days."""
    return w(SIGNS[m.form], what=name(m), days=w.number(found.soon if m.form == "soon" else found.window))


def short(m: Mark, found: Onboarding, name: Namer, w: Words) -> str:
    """A sign in few words, for a chart's axis: training, 14 d."""
    done = f"{m.name.replace('_', ' ')}: {m.step}" if m.step else m.name.replace("_", " ")
    what = name(m) if m.form in {"bad", "good", "low"} else plain_name(done, MOST_SHORT)
    return w(SHORT[m.form], what=what, days=w.number(found.soon)) if m.form in SHORT else what


def success_text(success: str, w: Words) -> str:
    """What success is called."""
    return w("still a customer") if success == STAYS else event_text(success, "")


def headline(found: Onboarding, name: Namer, w: Words) -> str:
    """The whole in a sentence."""
    if found.why:
        return w(WHY[found.why])
    if not found.standing:
        return w("No early sign visibly marks the customers who succeed.")
    m = found.standing[0]
    return w(
        "{sign}: {share} succeed, {rest} of the others.",
        sign=label(m, found, name, w), share=views.share(m.hits, m.people, w), rest=views.share(m.other_hits, m.of - m.people, w),
    )  # fmt: skip


def _lead(found: Onboarding, w: Words) -> Iterator[str]:
    if found.n:
        yield w(
            "New customers compared: {n}; {hits} of them succeeded ({success} within {days} days).", n=w.number(found.n), hits=w.number(found.hits),
            success=success_text(found.success, w), days=w.number(found.within),
        )  # fmt: skip
    if found.why == "few":
        yield w("It takes {n} at least, and {side} with a sign and as many without it.", n=w.number(found.least), side=w.number(LEAST_SIDE))
    if not found.why:
        yield w(views.ASSOCIATION)


def _item(m: Mark, found: Onboarding, name: Namer, w: Words) -> views.Item:
    sentence = w(
        "{sign}: {share} succeed, {rest} of the others.",
        sign=label(m, found, name, w), share=views.share(m.hits, m.people, w), rest=views.share(m.other_hits, m.of - m.people, w),
    )  # fmt: skip
    gap = views.points_text(m.difference or 0.0, m.low or 0.0, m.high or 0.0, w)
    held = w("{gap} among customers alike in {alike}", gap=gap, alike=alike_text(m, w)) if m.alike else gap
    had = w("{k} of {n} had it", k=w.number(m.people), n=w.number(m.of))
    return views.Item(views.MARKS[m.verdict], w(VERDICTS[m.verdict]), TONES[m.verdict], sentence, " · ".join((held, had, w(AGAIN[m.again]))))


def alike_text(m: Mark, w: Words) -> str:
    return views.listed([w(d) for d in m.alike], w)


def _drawn(found: Onboarding, name: Namer, w: Words) -> Drawn:
    """The signs that were tested, those that stand first."""
    title = w("How much more often customers with an early sign succeed, percentage points")
    tested = [m for m in found.marks if m.difference is not None]
    rows = [_row(m, found, name, w) for m in tested[:MOST_DRAWN]]
    if not rows:
        return Drawn(title, Table(title, (), ()), why=w("No sign has enough customers with it and without it."), kind="apart")
    head = (
        w("early sign"), w("what can be told"), w("had it"), w("succeed"), w("of the others"), w("difference"), w("95 % interval"),
        w("as it stands"), "q", w("in halves"),
    )  # fmt: skip
    table = Table(title, head, tuple(_cells(m, found, name, w) for m in tested), texts=2)
    return Drawn(title, table, dots_chart(rows, w, title, span=20), kind="apart")


def _row(m: Mark, found: Onboarding, name: Namer, w: Words) -> dict[str, Any]:
    sign, value, low, high = label(m, found, name, w), m.difference or 0.0, m.low or 0.0, m.high or 0.0
    return {
        "group": short(m, found, name, w), "tone": TONES[m.verdict],
        "value": round(100 * value, 3), "low": round(100 * low, 3), "high": round(100 * high, 3),
        "figure": views.points(value, w), "says": f"{sign}: {views.points_text(value, low, high, w)}, n = {w.number(m.people)}",
    }  # fmt: skip


def _cells(m: Mark, found: Onboarding, name: Namer, w: Words) -> tuple[str, ...]:
    return (
        label(m, found, name, w), w(VERDICTS[m.verdict]), f"{w.number(m.people)} / {w.number(m.of)}", views.share(m.hits, m.people, w),
        views.share(m.other_hits, m.of - m.people, w), views.points(m.difference or 0.0, w), views.limits(m.low, m.high, w),
        views.points(m.crude or 0.0, w), views.small(m.q, w), w(AGAIN[m.again]),
    )  # fmt: skip


def _nearest(found: Onboarding) -> Iterator[Mark]:
    """What cannot be told yet, what takes fewest customers first; each event, topic or question once."""
    seen: set[tuple[str, bool]] = set()
    for m in sorted((m for m in found.marks if m.verdict == "cannot_tell" and m.needs), key=lambda m: (m.needs, m.name, m.step, m.form)):
        if (m.name, m.form in {"bad", "good"}) not in seen:
            seen.add((m.name, m.form in {"bad", "good"}))
            yield m


def _unknown(m: Mark, found: Onboarding, name: Namer, w: Words) -> str:
    return w("{sign}: about {n} customers would tell.", sign=label(m, found, name, w), n=w.number(round(m.needs, -1)))


def _know(told: Told[Onboarding], visit: Visit) -> Iterator[Fact]:
    w, found = visit.words, told.value
    yield Fact(views.capital(w("success")), success_text(found.success, w) + ", " + w("within {n} days of the start", n=w.number(found.within)))
    yield Fact(
        w("Who is compared"),
        w(
            "Customers who were there, and had not succeeded, when their first {n} days were over. Only what came before counts as a sign: nobody is "
            "counted by what she had to stay to do.",
            n=w.number(found.window),
        ),
    )
    yield Fact(
        w("Compared with whom"),
        w(
            "What is done: with all others. What is said: with those who spoke in the same tone, or wrote; a low score: with those who answered the "
            "same question. Whoever complains differs from whoever keeps silent."
        ),
    )
    yield Fact(w("Method"), w("Differences of shares held equal by strata (Mantel–Haenszel), with Sato’s 95 % interval."))
    counted = w("{n} signs were tested; q is adjusted for all of them (Benjamini–Hochberg).", n=w.number(found.tested))
    left = w.many("One rarer sign is left out.", "{n} rarer signs are left out.", found.left_out) if found.left_out else ""
    yield Fact(w("Comparisons"), f"{counted} {left}".strip())
    choose = phrase("Customers choose what they do: those who mean to succeed may do more early on. Only a trial tells what a step brings about.")
    yield Fact(w("Limits"), w(choose))
    yield Fact(w("When"), views.looked_at(told.made_at, visit))


def _choices(found: Onboarding, w: Words) -> Iterator[Choice]:
    yield Choice("success", w("success"), tuple(Option(s, success_text(s, w), s == found.success) for s in found.successes))
    yield views.days_choice("window", phrase("early days"), (14, 30, 60), found.window, w)
    yield views.days_choice("within", phrase("until success"), (90, 120, 180, 365), found.within, w)


def lead(visit: Visit) -> tuple[str, ...]:
    """Today's answer for the room's own page, as the last night found it."""
    desk_of, kept = cast("Any", visit.desk), visit.house.ledger.findings.latest("onboarding")
    if kept is None or visit.scope.rows or visit.scope.smallest_group("customer") > 1:
        return ()
    found = desk.told(desk_of, Asked())
    return () if isinstance(found, Hidden) else (headline(found.value, namer(visit), visit.words),)


PAGES = (Page("/why/onboarding", "answers", page, "/why/onboarding"),)

FORMS = ()
