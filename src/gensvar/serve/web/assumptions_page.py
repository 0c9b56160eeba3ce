"""Assumptions: what people here believe, as questions that answers confirm or challenge; asked again each quarter, none quietly forgotten."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast
from urllib.parse import quote, urlencode

from litestar import Response
from litestar.datastructures import FormMultiDict

from gensvar.explain.assumptions import FORMS as CLAIM_FORMS
from gensvar.explain.assumptions import LONGEST, RATIO, Claim, Evidence, Form, Guess, Says, Where, never_wrong
from gensvar.kit.language import phrase, translator
from gensvar.measure.answer import Estimate
from gensvar.measure.metrics import metric_of
from gensvar.measure.say import estimate_text, key_name, number_text, place_of
from gensvar.serve.desks import why_assumptions as desk
from gensvar.serve.desks.why_assumptions import CUTS, Told, claim_of
from gensvar.serve.web.asked import ALL_OF, Choice, Option
from gensvar.serve.web.changed_page import SHARE, Link
from gensvar.serve.web.figures import moment
from gensvar.serve.web.render import View
from gensvar.serve.web.topic_words import topic_name, topic_names
from gensvar.serve.web.visit import Form as Sent
from gensvar.serve.web.visit import Page, Visit, go
from gensvar.serve.web.words import Words

SAYS: Final[Mapping[Says, str]] = {"confirmed": phrase("confirmed"), "challenged": phrase("challenged"), "cannot_tell": phrase("cannot tell")}
FORM_NAMES: Final[Mapping[Form, str]] = {
    "level": phrase("A measure is higher or lower in one group than in another"),
    "change": phrase("A measure changed after a day"),
    "first": phrase("One thing matters most for a measure"),
    "outcome": phrase("What they complain of is why they leave, or do not"),
}
CLAIMS: Final[Mapping[tuple[Form, str], str]] = {
    ("level", "higher"): phrase("Is {measure} higher{place} than for {other}?"),
    ("level", "lower"): phrase("Is {measure} lower{place} than for {other}?"),
    ("change", "higher"): phrase("Is {measure}{place} higher after {day} than before?"),
    ("change", "lower"): phrase("Is {measure}{place} lower after {day} than before?"),
    ("first", "higher"): phrase("Does {driver} matter most for {measure}{place}?"),
    ("outcome", "higher"): phrase("Do customers who speak ill of {topic}{place} {outcome} more often than others who complain?"),
}
OUTCOMES: Final = {
    "left": phrase("leave"), "renewed": phrase("renew"), "bought": phrase("buy"), "contacted_support": phrase("contact support"),
    "completed_goal": phrase("reach their goal"),
}  # fmt: skip
WHY: Final = {
    "too_few": phrase("There are too few answers to tell."),
    "wide": phrase("The interval holds both what would confirm it and what would challenge it."),
    "hidden": phrase("Too few people are behind it to be shown."),
    "versions": phrase("The definition changed in between, and its versions are never compared."),
    "not_studied": phrase("It cannot be studied from what you may see."),
    "no_outcome": phrase("Nothing that has come in says who met this outcome."),
    "failed": phrase("It could not be counted, which is our fault and in the log. It is tried again the next night."),
}
WAYS: Final = {"higher": phrase("higher"), "lower": phrase("lower")}
PLAIN_FORMS: Final = {
    "level": phrase("a level beside another"), "change": phrase("a change after a day"), "first": phrase("what matters most"),
    "outcome": phrase("why they leave, or do not"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class AssumptionView:
    """says: confirmed, challenged, cannot_tell or empty; tag: the same in words. question: the claim as the product asks it. evidence: sentences.

    terms: what confirms and what challenges it, as they were written. notes: what guards against seeing what one wishes to see.
    """

    id: int
    text: str
    by: str
    says: str
    tag: str
    question: str
    evidence: tuple[str, ...]
    terms: tuple[str, ...]
    notes: tuple[str, ...]
    when: tuple[str, ...]
    links: tuple[Link, ...]
    href: str
    closed: bool
    may_close: bool
    counting: bool


@dataclass(frozen=True, slots=True)
class AssumptionsPage:
    headline: str
    lead: tuple[str, ...]
    standing: tuple[AssumptionView, ...]
    closed: tuple[AssumptionView, ...]
    may_write: bool


@dataclass(frozen=True, slots=True)
class OnePage:
    """history: when it was asked, what was said, in one line each, newest first."""

    view: AssumptionView
    history: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class NewPage:
    """text: her words; empty before she wrote any. form: chosen, or guessed. fields: to choose from. understood: what was taken from her words."""

    text: str
    form: str
    forms: tuple[Choice, ...]
    fields: tuple[Choice, ...]
    day: str
    needs_day: bool
    understood: tuple[str, ...]
    terms: tuple[str, ...]
    most: int


# ── the log ──


def listed(visit: Visit) -> View:
    found = desk.told(cast("Any", visit.desk), desk.PATIENCE_S)
    w = visit.words
    views = [view_of(t, visit) for t in found]
    standing = tuple(v for v in views if not v.closed)
    said = [t.says for t in found if t.says and t.assumption.removed_at is None]
    closed, first = tuple(v for v in views if v.closed), headline(said, w, waiting=bool(standing))
    page = AssumptionsPage(first, tuple(_lead(said, visit)), standing, closed, visit.may("note"))
    return View("assumptions.html", page, "assumptions")


def headline(said: Sequence[Says], w: Words, *, waiting: bool) -> str:
    """waiting: whether some stand, of which nothing may be told yet."""
    if not said and not waiting:
        return w("Nobody has written down an assumption yet.")
    challenged = said.count("challenged")
    if challenged:
        return w.many("One assumption is challenged.", "{n} assumptions are challenged.", challenged)
    confirmed = said.count("confirmed")
    return w.many("One assumption holds so far.", "{n} assumptions hold so far.", confirmed) if confirmed else w("No assumption can be told yet.")


def _lead(said: Sequence[Says], visit: Visit) -> Iterator[str]:
    w = visit.words
    yield w("What people here believe, as questions with thresholds set before the answers are looked at. They are asked again each quarter.")
    if never_wrong(said):
        yield w("All that could be told was as assumed. Who asks only what she knows collects confirmation: write one that would surprise you.")
    if visit.scope.rows:
        yield w("You see those about your own part, answered from it alone.")


def one(visit: Visit) -> View:
    found = desk.one(cast("Any", visit.desk), visit.numbered("id"), desk.PATIENCE_S)
    w = visit.words
    history = tuple(
        (moment(a.at, w.language, visit.reader.zone), w(SAYS[a.evidence.says]), " ".join(evidence_lines(found.claim, a.evidence, visit)))
        for a in found.history
    )
    return View("assumption.html", OnePage(view_of(found, visit), history), "assumptions")


def view_of(t: Told, visit: Visit) -> AssumptionView:
    w, a = visit.words, t.assumption
    mine = visit.may("note") and (a.by == visit.caller.who or visit.may("people.change"))
    return AssumptionView(
        a.id, a.text, a.by, t.says or "", _tag(t, w), question_of(t.claim, visit),
        tuple(evidence_lines(t.claim, t.evidence, visit)) if t.evidence else (), tuple(terms_of(t.claim, visit)), tuple(_notes(t, visit)),
        tuple(_when(t, visit)), _links(t.claim, visit), f"/assumptions/{a.id}", a.removed_at is not None, mine and a.removed_at is None, t.counting,
    )  # fmt: skip


def _tag(t: Told, w: Words) -> str:
    return w(SAYS[t.says]) if t.says else w("being asked") if t.counting else w("not asked")


def _when(t: Told, visit: Visit) -> Iterator[str]:
    w, a = visit.words, t.assumption
    yield w("written by {who} on {day}", who=a.by, day=w.day(a.added_at.date()))
    if a.removed_at is not None:
        yield w("closed on {day}", day=w.day(a.removed_at.date()))
    if t.at is not None:
        yield w("last asked {when}", when=moment(t.at, w.language, visit.reader.zone))
    if t.due is not None:
        yield w("asked again on {day}", day=w.day(t.due))


# ── in words ──


def title(measure: str, visit: Visit) -> str:
    """A measure's name, of its newest version."""
    known = [m for m in visit.desk.measures() if measure in {m.id, m.key}]
    return max(known, key=lambda m: m.version).title(visit.words.language) if known else measure


def _place(where: Where, w: Words) -> str:
    t = translator(w.language)
    names = [key_name({d: v or None}, t) for d, values in where.items() for v in values]
    return place_of(names, list(where), t)


def _group(where: Where, w: Words) -> str:
    t = translator(w.language)
    return ", ".join(key_name({d: v or None}, t) for d, values in where.items() for v in values) or w("the rest")


def question_of(c: Claim, visit: Visit) -> str:
    """The claim as a question that answers can decide."""
    w = visit.words
    way = c.way if c.form in {"level", "change"} else "higher"
    topic = topic_name(visit.house.ledger.taxonomies.current(), c.topic, w) if c.topic else ""
    return w(
        CLAIMS[c.form, way], measure=title(c.measure, visit), driver=title(c.driver, visit), place=_place(c.where, w), other=_group(c.other, w),
        day=w.day(c.day) if c.day else "", topic=topic, outcome=w(OUTCOMES.get(c.outcome, c.outcome)),
    )  # fmt: skip


def evidence_lines(c: Claim, e: Evidence, visit: Visit) -> Iterator[str]:
    """What answers say, with intervals and n; why it cannot be told, and what it would take."""
    w = visit.words
    if e.gap is not None or e.ranks:
        yield _said(c, e, visit)
    if e.says == "cannot_tell" and e.why:
        yield w(WHY[e.why])
    if e.more:
        if c.form == "outcome":
            yield w.many("About {n} more customer who says so would tell.", "About {n} more customers who say so would tell.", e.more)
        else:
            yield w.many("About {n} more answer would tell.", "About {n} more answers would tell.", e.more)
    if e.first and e.last:
        yield w("Counted from {first} to {last}.", first=w.day(e.first), last=w.day(e.last))


def _said(c: Claim, e: Evidence, visit: Visit) -> str:
    w, t = visit.words, translator(visit.words.language)
    if c.form == "first" and e.now is not None:
        rank, low, high, of = e.ranks
        return w(
            "{driver} has {share} of what is explained of {measure}{place}: rank {rank} of {of}, perhaps {low} to {high}. First stands {leader}.",
            driver=title(c.driver, visit), share=estimate_text(e.now, SHARE, t), measure=title(c.measure, visit), place=_place(c.where, w),
            rank=rank, of=of, low=low, high=high, leader=title(e.leader, visit),
        )  # fmt: skip
    gap = cast("Estimate", e.gap)
    if c.form == "outcome":
        ratio = f"{w.number(gap.value, 2)} ({w.number(gap.low, 2)}–{w.number(gap.high, 2)})"
        topic = topic_name(visit.house.ledger.taxonomies.current(), c.topic, w)
        said = phrase("Customers who speak ill of {topic}{place} {outcome} {ratio} times as often as others who complain; {n} of them do.")
        return w(said, topic=topic, place=_place(c.where, w), outcome=w(OUTCOMES.get(c.outcome, c.outcome)), ratio=ratio, n=w.number(gap.n))
    return _two_sides(c, e, gap, visit)


def _two_sides(c: Claim, e: Evidence, gap: Estimate, visit: Visit) -> str:
    w, t = visit.words, translator(visit.words.language)
    measure = max((m for m in visit.desk.measures() if c.measure in {m.id, m.key}), key=lambda m: m.version)
    now, then = (estimate_text(cast("Estimate", v), measure, t) for v in (e.now, e.then))
    said = {
        "change": phrase("{measure}{place} was {then} before {day} and {now} since, a difference of {gap}; {n} answers."),
        "level": phrase("{measure}{place} is {now}, and {then} for {other}, a difference of {gap}; {n} answers."),
    }[c.form]
    return w(
        said, measure=title(c.measure, visit), place=_place(c.where, w), then=then, now=now, day=w.day(c.day) if c.day else "",
        other=_group(c.other, w), gap=gap_text(gap, c.measure, visit), n=w.number(gap.n),
    )  # fmt: skip


def gap_text(gap: Estimate, measure: str, visit: Visit) -> str:
    """A difference with its interval; of shares in percentage points."""
    w = visit.words
    known = max((m for m in visit.desk.measures() if measure in {m.id, m.key}), key=lambda m: m.version)
    if metric_of(known).unit == "share":
        low, value, high = (w.number(100 * x) for x in (gap.low, gap.value, gap.high))
        return w("{value} percentage points ({low} to {high})", value=value, low=low, high=high)
    digits = 0 if metric_of(known).unit == "points" else 2
    low, value, high = (w.number(x, digits) for x in (gap.low, gap.value, gap.high))
    return w("{value} ({low} to {high})", value=value, low=low, high=high)


def terms_of(c: Claim, visit: Visit) -> Iterator[str]:
    """What confirms it and what challenges it, as set when it was written."""
    w = visit.words
    if c.form == "first":
        yield w("Confirmed where nothing else may come first.")
        yield w("Challenged where the interval of its rank leaves out the first place.")
    elif c.form == "outcome":
        yield w("Confirmed where the 95 % interval of the ratio lies above 1.")
        yield w("Challenged where it lies below 1, or leaves out {ratio}, the ratio that was looked for.", ratio=w.number(c.matters or RATIO, 1))
    else:
        yield (
            w("Confirmed where the 95 % interval of the difference lies wholly above zero.")
            if c.way == "higher"
            else w("Confirmed where the 95 % interval of the difference lies wholly below zero.")
        )
        yield w("Challenged where it lies wholly on the other side, or leaves out a difference of {matters}.", matters=_matters(c, visit))


def _matters(c: Claim, visit: Visit) -> str:
    w = visit.words
    known = [m for m in visit.desk.measures() if c.measure in {m.id, m.key}]
    if not known or not c.matters:
        return w("what would count")
    unit = metric_of(known[-1]).unit
    size = w.number(100 * c.matters) if unit == "share" else number_text(c.matters, known[-1], translator(w.language), 0 if unit == "points" else 2)
    return w("{n} percentage points", n=size) if unit == "share" else size


def _notes(t: Told, visit: Visit) -> Iterator[str]:
    """Against collecting for confirmation."""
    w = visit.words
    if t.evidence and t.claim.form in {"level", "first"} and not t.evidence.fresh:
        yield w("Answered from what was there when it was written. Only what comes after that puts it to the test.")
    if t.alike:
        yield w.many("The same is asked in one other way. Each has its own chance to come true by luck.",
                     "The same is asked in {n} other ways. Each has its own chance to come true by luck.", t.alike)  # fmt: skip
    metric = next((m.metric for m in visit.desk.measures() if t.claim.measure in {m.id, m.key}), "")
    if metric in {"nps", "enps"} and t.claim.way == "higher" and t.claim.form == "level":
        yield w("A high score of recommending proves neither that they stay nor that they buy: hold it against what they do.")
    if t.claim.form == "change":
        yield w("What came after a day did not always come of it.")


def _links(c: Claim, visit: Visit) -> tuple[Link, ...]:
    w = visit.words
    where = {d: ",".join(v) for d, v in c.where.items()}
    found: list[Link] = []
    if c.measure:
        found.append(Link(w("The measure"), f"/measures/{quote(c.measure.partition('@')[0])}" + (f"?{urlencode(where)}" if where else "")))
    if c.topic:
        found.append(Link(w("The topic"), f"/topics/{quote(c.topic)}"))
    if visit.may("voices"):
        query = {**where, **({"topic": c.topic} if c.topic else {"measure": c.measure.partition("@")[0]}), "period": "last 12 months"}
        found.append(Link(w("The voices behind it"), f"/voices?{urlencode(query)}"))
    return tuple(found)


# ── writing one ──


def new(visit: Visit) -> View:
    """Her words, what they seem to say, and the form to put it right."""
    text = " ".join(visit.query.get("text", "").split())[:LONGEST]
    guess = desk.suggested(cast("Any", visit.desk), text) if text else Guess()
    chosen = visit.query.get("form", "")
    form = next((f for f in CLAIM_FORMS if f == chosen), guess.form or "level")
    return View("assumption_new.html", _new(text, form, guess, visit), "assumptions")


def _new(text: str, form: Form, guess: Guess, visit: Visit) -> NewPage:
    w = visit.words
    forms = (Choice("form", w("what it is"), tuple(Option(kind, w(FORM_NAMES[kind]), kind == form) for kind in CLAIM_FORMS)),)
    plain = Claim(form=form, way=guess.way or "higher")
    return NewPage(
        text, form, forms, tuple(_fields(form, guess, visit)), guess.day.isoformat() if guess.day else "", form == "change",
        tuple(_understood(guess, form, visit)) if text else (), tuple(terms_of(plain, visit)), LONGEST,
    )  # fmt: skip


def _understood(guess: Guess, form: Form, visit: Visit) -> Iterator[str]:
    """What was taken from her words, to be looked at before anything is kept."""
    w = visit.words
    if guess.form is None:
        yield w("Your words do not say what kind of assumption it is: choose one.")
    else:
        yield w("Understood as: {what}.", what=w(PLAIN_FORMS[guess.form]))
    names = [title(m, visit) for m in guess.measures[:2] if form != "outcome"]
    names += [topic_name(visit.house.ledger.taxonomies.current(), t, w) for t in guess.topics[:1] if form == "outcome"]
    names += [_group({d: v}, w) for d, v in guess.where.items()]
    if names:
        yield w("Found in your words: {names}.", names=", ".join(names))


def _fields(form: Form, guess: Guess, visit: Visit) -> Iterator[Choice]:
    w = visit.words
    if form == "outcome":
        names = topic_names(visit.house.ledger.taxonomies.current(), w)
        yield _choice("topic", w("what they speak ill of"), names, next(iter(guess.topics), ""))
        yield _choice("outcome", w("what they do"), {k: w(v) for k, v in OUTCOMES.items()}, guess.outcome or "left")
    else:
        measures = {m.id: m.title(w.language) for m in sorted(visit.desk.measures(), key=lambda m: (m.title(w.language), m.version))}
        first, second = (*guess.measures, "", "")[:2]
        if form == "first":
            yield _choice("driver", w("what matters most"), measures, first)
            yield _choice("measure", w("for what"), measures, second)
        else:
            yield _choice("measure", w("the measure"), measures, first)
            yield _choice("way", w("how it is"), {k: w(v) for k, v in WAYS.items()}, guess.way or "higher")
    yield from _places("where", guess.where, visit, phrase("{dimension} that it is about"), CUTS if form != "outcome" else CUTS[:2])
    if form == "level":
        yield from _places("other", {}, visit, phrase("{dimension} beside it; nothing: the rest"))


def _choice(name: str, label: str, named: Mapping[str, str], now: str) -> Choice:
    return Choice(name, label, tuple(Option(value, text, value == now) for value, text in named.items()))


def _places(prefix: str, where: Where, visit: Visit, label: str, cuts: Sequence[str] = CUTS) -> Iterator[Choice]:
    """A choice for each dimension; customers are told apart by market and segment alone."""
    w = visit.words
    for cut in cuts:
        values = list(visit.desk.dimension_values(cut))[: desk.MOST_VALUES]
        if values:
            now = next(iter(where.get(cut, ())), "")
            options = (Option("", w(ALL_OF[cut]), not now), *(Option(v, w.value(cut, v), v == now) for v in values))
            yield Choice(f"{prefix}_{cut}", w(label, dimension=w(cut).capitalize()), options)


def assume(visit: Visit, form: FormMultiDict) -> Response[Any]:
    """Keeps it, and goes to where what answers say will stand."""
    given = {name: str(form.get(name, "")) for name in ("measure", "driver", "topic", "outcome", "way", "day")}
    where, other = ({c: (v,) for c in CUTS if (v := str(form.get(f"{prefix}_{c}", "")))} for prefix in ("where", "other"))
    claim = claim_of(str(form.get("form", "")), given, where, other)
    return go(f"/assumptions/{desk.write(cast('Any', visit.desk), str(form.get('text', '')), claim)}")


def close(visit: Visit, _: FormMultiDict) -> Response[Any]:
    desk.close(cast("Any", visit.desk), visit.numbered("id"), anybodys=visit.may("people.change"))
    return go("/assumptions")


def lead(visit: Visit) -> tuple[str, ...]:
    """How they stand, in a sentence; nothing is asked for it."""
    if visit.scope.rows:
        return ()
    standing = [t for t in desk.told(cast("Any", visit.desk)) if t.assumption.removed_at is None]
    return (headline([t.says for t in standing if t.says], visit.words, waiting=bool(standing)),)


PAGES = (
    Page("/assumptions", "answers", listed, "/assumptions"),
    Page("/assumptions/new", "note", new, "/assumptions/new?text=Price+is+why+they+leave+in+Finland", live=False),
    Page("/assumptions/{id:str}", "answers", one),
)
FORMS = (Sent("/assumptions", "note", assume), Sent("/assumptions/{id:str}/close", "note", close))
