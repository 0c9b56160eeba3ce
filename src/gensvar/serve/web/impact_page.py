"""Impact: what each topic that is spoken of goes with in a score, so that nothing is counted twice and all adds up."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlencode

from babel.lists import format_list

from gensvar.contracts import DIMENSIONS, Measure
from gensvar.contracts.topics import Taxonomy
from gensvar.explain.drivers.tell import REFUSALS, inside
from gensvar.explain.impact import Effect, Impact, Topic, Verdict
from gensvar.kit.language import phrase
from gensvar.measure import Estimate, Hidden, TooFew, metric_of
from gensvar.serve.desks import why_impact as desk
from gensvar.serve.desks.why_impact import Told
from gensvar.serve.web.asked import Asked, Choice, period_choices, read_asked, where_choice
from gensvar.serve.web.blocks import Drawn, Fact, Table
from gensvar.serve.web.charts_dots import dots_chart
from gensvar.serve.web.figures import figure, interval, times_of
from gensvar.serve.web.gaps import gap_figure, gap_interval, gap_text, unit_name
from gensvar.serve.web.render import View
from gensvar.serve.web.topic_words import topic_name
from gensvar.serve.web.visit import Page, Visit
from gensvar.serve.web.words import Mark, Tone, Words

FIRST = ("market", "segment")
MOST_DRAWN, MOST_FEW = 14, 6
MARKS: Mapping[Verdict, Mark] = {"lowers": "fell", "lifts": "rose", "none": "same", "unknown": "unknown"}
MARK_NAMES: Mapping[Verdict, str] = {
    "lowers": phrase("goes with a lower score"), "lifts": phrase("goes with a higher score"), "none": phrase("no visible difference"),
    "unknown": phrase("cannot tell"),
}  # fmt: skip
LOSS, GAIN = phrase("{measure}: {topic} goes with the largest loss, {gap}."), phrase("{measure}: {topic} goes with the largest gain, {gap}.")
TONED = {"negative": phrase("{topic}, spoken ill of"), "neutral": phrase("{topic}, neither"), "positive": phrase("{topic}, spoken well of")}
EACH = {
    "negative": phrase("An answer that speaks ill of it goes with {gap}, beside what else it says and among people alike."),
    "neutral": phrase("An answer that speaks of it, neither well nor ill, goes with {gap}, beside what else it says and among people alike."),
    "positive": phrase("An answer that speaks well of it goes with {gap}, beside what else it says and among people alike."),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A topic that visibly goes with a higher or lower score. tones: what one answer in a tone goes with, where that is visible."""

    id: str
    name: str
    mark: Mark
    mark_name: str
    tone: Tone
    sentence: str
    tones: tuple[str, ...]
    beside: str
    href: str
    voices: str


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the sum: what it is, and how much."""

    name: str
    figure: str
    whole: bool = False


@dataclass(frozen=True, slots=True)
class ImpactPage:
    """state: told, too_few or hidden (of protected people, or of too small a group).

    sums: baseline, what comes with less, what with more, the rarer topics: together the score, exactly.
    """

    id: str
    title: str
    state: str
    sentence: str
    lead: tuple[str, ...]
    lines: tuple[Line, ...]
    drawn: Drawn | None
    sums: tuple[Step, ...]
    usual: str
    few: str
    know: tuple[Fact, ...]
    choices: tuple[Choice, ...]
    more_choices: tuple[Choice, ...]
    more_chosen: bool
    measure_href: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A measure and what the last night found of it; says is empty where nothing is kept. seen: whether a topic visibly goes with it."""

    id: str
    title: str
    says: str
    seen: bool
    href: str


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    measures: tuple[Listed, ...]


@dataclass(frozen=True, slots=True)
class ChoosePage:
    """whole: whether what the night found is the reader's to see; where it is not, the measures are one group."""

    groups: tuple[Group, ...]
    whole: bool


# ── which measure ──


def choose(visit: Visit) -> View:
    """Every measure that people answer; those with topics that visibly go with them first."""
    d = cast("Any", visit.desk)
    found = desk.latest(d)
    listed = sorted((_listed(m, found.get(m.id), visit) for m in desk.candidates(d)), key=lambda one: one.title.casefold())
    groups = _grouped(listed, visit.words) if found else [Group(visit.words("Every measure"), tuple(listed))]
    return View("impact_choose.html", ChoosePage(tuple(g for g in groups if g.measures), not (visit.scope.rows or visit.scope.least)), "why")


def _grouped(listed: Sequence[Listed], w: Words) -> Iterator[Group]:
    yield Group(w("With topics that visibly go with the score"), tuple(one for one in listed if one.seen))
    yield Group(w("With no topic that visibly does"), tuple(one for one in listed if one.says and not one.seen))
    few = w("Not told by the night: too few comments, or answers of protected people alone")
    yield Group(few, tuple(one for one in listed if not one.says))


def _listed(measure: Measure, found: Impact | None, visit: Visit) -> Listed:
    says = headline(measure, found, visit.house.ledger.taxonomies.current(), visit.words) if found else ""
    seen = found is not None and any(_visible(t) for t in found.topics)
    return Listed(measure.id, measure.title(visit.words.language), says, seen, f"/why/impact/{measure.id}")


def lead(visit: Visit) -> tuple[str, ...]:
    """Today's answer for the room's own page: what is most visible of the measures that the last night could tell of."""
    measures = desk.candidates(cast("Any", visit.desk))
    found = desk.latest(cast("Any", visit.desk))
    seen = [(m, found[m.id]) for m in measures if m.id in found and any(_visible(t) for t in found[m.id].topics)]
    taxonomy = visit.house.ledger.taxonomies.current()
    sure = sorted(seen, key=lambda pair: min(t.q for t in pair[1].topics))
    return tuple(headline(m, f, taxonomy, visit.words) for m, f in sure[:2])


# ── one measure ──


def impact(visit: Visit) -> View:
    """The page of one measure. NotFound with the nearest where there is none."""
    name = visit.named("measure")
    asked = read_asked({"period": "last 12 months", **visit.query})
    told = desk.told(cast("Any", visit.desk), name, asked.where_text, asked.period_text)
    return View("impact.html", _page(visit, told, asked), "why")


def _page(visit: Visit, told: Told, asked: Asked) -> ImpactPage:
    w, found, m = visit.words, told.answered, told.measure
    taxonomy = visit.house.ledger.taxonomies.current()
    made = found if isinstance(found, Impact) else None
    period, _ = period_choices(asked, w)
    return ImpactPage(
        id=m.id, title=m.title(w.language), state="told" if made else "hidden" if isinstance(found, Hidden) else "too_few",
        sentence=headline(m, found, taxonomy, w) if isinstance(found, Impact) else _refusal(found, m, w), lead=_lead(made, m, w) if made else (),
        lines=tuple(_line(t, m, asked, taxonomy, visit) for t in _by_size(made.topics, m) if _visible(t)) if made else (),
        drawn=_drawn(made, m, taxonomy, w) if made else None, sums=tuple(_sums(made, m, w)) if made else (), usual=_usual(made, m, w) if made else "",
        few=_few(made, taxonomy, w) if made else "", know=tuple(_know(told, made, visit)),
        choices=(period, *(where_choice(d, visit.desk.dimension_values(d), asked, w) for d in FIRST)),
        more_choices=tuple(where_choice(d, visit.desk.dimension_values(d), asked, w) for d in DIMENSIONS if d not in FIRST),
        more_chosen=any(d not in FIRST for d in asked.where), measure_href=f"/measures/{m.id}{asked.query()}",
    )  # fmt: skip


def _visible(t: Topic) -> bool:
    return t.verdict in {"lowers", "lifts"}


def _by_size(topics: Sequence[Topic], m: Measure) -> list[Topic]:
    """What goes with the worse first."""
    return sorted(topics, key=lambda t: t.part.value * (1 if m.better == "up" else -1))


def headline(m: Measure, found: Impact, taxonomy: Taxonomy, w: Words) -> str:
    """The whole in a sentence: the topic that goes with the largest loss, else the largest gain, else that none is visible."""
    seen = [t for t in _by_size(found.topics, m) if _visible(t)]
    if not seen:
        return w("{measure}: no topic visibly goes with a higher or a lower score.", measure=m.title(w.language))
    worst, best = seen[0], seen[-1]
    lost = worst.part.value < 0 if m.better == "up" else worst.part.value > 0
    t = worst if lost else best
    return w(LOSS if lost else GAIN, measure=m.title(w.language), topic=topic_name(taxonomy, t.id, w), gap=_gap(t.part, m, w))


def _gap(e: Effect, m: Measure, w: Words) -> str:
    return gap_text(m, e.value, e.low, e.high, w)


def _refusal(found: TooFew | Hidden, m: Measure, w: Words) -> str:
    if found == Hidden("small_group"):
        return w(REFUSALS["small_group"], outcome=inside(m.title(w.language)), place="")
    if isinstance(found, Hidden):
        return w("{measure}: only people who are protected answer this, and they are never counted comment by comment.", measure=m.title(w.language))
    return w.many(
        "{measure}: cannot tell yet. One answer has a comment that was read, and {least} are needed.",
        "{measure}: cannot tell yet. {n} answers have a comment that was read, and {least} are needed.",
        found.n, measure=m.title(w.language), least=w.number(found.least),
    )  # fmt: skip


def _lead(found: Impact, m: Measure, w: Words) -> tuple[str, ...]:
    base = found.baseline
    e = Estimate(base.value, base.low, base.high, found.n)
    alike = w(
        "Those who speak of none of the topics, but are otherwise alike, stand at {baseline}; all {n} whose comment was read stand at {score}.",
        baseline=f"{figure(m, e, w.language)} ({interval(m, e, w.language)})", n=w.number(found.n), score=_plain(found.score, e, m, w),
    )  # fmt: skip
    return alike, w("What lies between is shared out over the topics, each counted once. It is what goes with them, not what they cause.")


def _plain(value: float, like: Estimate, m: Measure, w: Words) -> str:
    """A value with as many decimals as another deserves."""
    shift = value - like.value
    return figure(m, Estimate(value, like.low + shift, like.high + shift, like.n), w.language)


def _line(t: Topic, m: Measure, asked: Asked, taxonomy: Taxonomy, visit: Visit) -> Line:
    w, name = visit.words, topic_name(taxonomy, t.id, visit.words)
    sentence = w.many(
        "{topic} goes with {gap} in the whole; one answer speaks of it.", "{topic} goes with {gap} in the whole; {n} answers speak of it.", t.n,
        topic=name, gap=_gap(t.part, m, w),
    )  # fmt: skip
    together = phrase("It is nearly always spoken of together with {topic}: the two cannot be told apart, and each is given half of what they share.")
    voices = {"topic": t.id, "measure": m.id, **asked.where, "period": asked.period}
    return Line(
        t.id, name, MARKS[t.verdict], w(MARK_NAMES[t.verdict]), _tone(t.verdict, m), sentence,
        tuple(w(EACH[tone.tone], gap=_gap(tone.each, m, w)) for tone in t.tones if tone.verdict in {"lowers", "lifts"}),
        w(together, topic=topic_name(taxonomy, t.beside, w)) if t.beside else "", f"/topics/{t.id}",
        "/voices?" + urlencode(voices) if visit.may("voices") else "",
    )  # fmt: skip


def _tone(verdict: Verdict, m: Measure) -> Tone:
    if verdict not in {"lowers", "lifts"}:
        return "none"
    return "better" if (verdict == "lifts") == (m.better == "up") else "worse"


def _drawn(found: Impact, m: Measure, taxonomy: Taxonomy, w: Words) -> Drawn:
    title = w("What each topic goes with in the whole, {unit}", unit=unit_name(m, w))
    if not found.topics:
        return Drawn(title, Table(title, (), ()), why=w("No topic is spoken of by enough people to have a number of its own."), kind="impact")
    largest = sorted(found.topics, key=lambda t: -abs(t.part.value))[:MOST_DRAWN]
    rows = [_row(t, m, taxonomy, w) for t in _by_size(largest, m)]
    low, high = metric_of(m).range(m)
    spec = dots_chart(rows, w, title, span=(high - low) * times_of(m) / 100)
    return Drawn(title, _table(found, m, taxonomy, w, title), spec, kind="impact")


def _row(t: Topic, m: Measure, taxonomy: Taxonomy, w: Words) -> dict[str, Any]:
    name, e, times = topic_name(taxonomy, t.id, w), t.part, times_of(m)
    shown = gap_figure(m, e.value, e.low, e.high, w)
    return {
        "group": name, "tone": _tone(t.verdict, m), "value": round(e.value * times, 6), "low": round(e.low * times, 6),
        "high": round(e.high * times, 6), "figure": shown,
        "says": f"{name}: {shown} ({gap_interval(m, e.low, e.high, w)}), n = {w.number(t.n)}",
    }  # fmt: skip


def _table(found: Impact, m: Measure, taxonomy: Taxonomy, w: Words, title: str) -> Table:
    head = (
        w("topic"), w("what can be told"), w("in the whole"), w("95 % interval"), w("one such answer"), w("95 % interval"), w("answers"),
        w("usual arithmetic"),
    )  # fmt: skip
    return Table(title, head, tuple(row for t in _by_size(found.topics, m) for row in _rows(t, m, taxonomy, w)), texts=2)


def _rows(t: Topic, m: Measure, taxonomy: Taxonomy, w: Words) -> Iterator[tuple[str, ...]]:
    name, half = topic_name(taxonomy, t.id, w), (t.part.high - t.part.low) / 2
    usual = gap_figure(m, t.left_out, t.left_out - half, t.left_out + half, w) if t.left_out is not None else "–"
    yield name, w(MARK_NAMES[t.verdict]), *_cells(t.part, m, w), "–", "–", w.number(t.n), usual
    for tone in t.tones:
        yield w(TONED[tone.tone], topic=name), w(MARK_NAMES[tone.verdict]), *_cells(tone.part, m, w), *_cells(tone.each, m, w), w.number(tone.n), "–"


def _cells(e: Effect, m: Measure, w: Words) -> tuple[str, str]:
    return gap_figure(m, e.value, e.low, e.high, w), gap_interval(m, e.low, e.high, w)


def _sums(found: Impact, m: Measure, w: Words) -> Iterator[Step]:
    """Baseline, topics that lower and lift, rarer ones, score: with the same decimals, so that they can be added by hand but for rounding.

    What is only added up here has no interval; the page says so.
    """
    parts = [t.part.value for t in found.topics]
    base = Estimate(found.baseline.value, found.baseline.low, found.baseline.high, found.n)
    narrow = (found.baseline.high - found.baseline.low) / 20

    def gap(value: float) -> str:
        return gap_figure(m, value, value - narrow, value + narrow, w)

    def plain(value: float) -> str:
        return figure(m, Estimate(value, value - narrow, value + narrow, base.n), w.language)

    yield Step(w("where no topic is spoken of"), f"{plain(found.baseline.value)} ({interval(m, base, w.language)})")
    yield Step(w("topics that come with less, together"), gap(sum(v for v in parts if v < 0)))
    yield Step(w("topics that come with more, together"), gap(sum(v for v in parts if v >= 0)))
    if found.rarer:
        yield Step(w("topics that too few speak of, together"), f"{gap(found.rarer.value)} ({gap_interval(m, found.rarer.low, found.rarer.high, w)})")
    yield Step(w("the score of those whose comment was read"), plain(found.score), whole=True)


def _usual(found: Impact, m: Measure, w: Words) -> str:
    """What leaving out says beside it, and why it differs."""
    if found.twice is None or not found.topics:
        return ""
    own = sum(t.part.value for t in found.topics)
    half = max(abs(own), abs(own + found.twice)) / 20
    shown = [gap_figure(m, v, v - half, v + half, w) for v in (own + found.twice, own)]
    return w(
        "The usual arithmetic takes the answers with a topic away and looks at what the score is without them. Done topic by topic, that adds up to "
        "{usual}; shared out as here, to {own}. It takes an answer with two topics away twice, gives a topic what is said beside it, and holds "
        "nothing equal.",
        usual=shown[0], own=shown[1],
    )  # fmt: skip


def _few(found: Impact, taxonomy: Taxonomy, w: Words) -> str:
    if not found.few:
        return ""
    named = [f"{topic_name(taxonomy, f.id, w)} ({w.number(f.n)})" for f in found.few[:MOST_FEW]]
    more = [w.many("{n} other", "{n} others", rest)] if (rest := len(found.few) - MOST_FEW) > 0 else []
    least, listed = w.number(found.least), format_list([*named, *more], locale=w.language)
    return w("Fewer than {least} answers, or too few people, speak of: {topics}.", least=least, topics=listed)


def _know(told: Told, found: Impact | None, visit: Visit) -> Iterator[Fact]:
    w, m = visit.words, told.measure
    scale = f"{w.number(m.low)}–{w.number(m.high)}"
    yield Fact(w("Definition"), w("{says}, scale {scale}, version {version}", says=w(metric_of(m).says), scale=scale, version=m.version))
    if found:
        counted = w("{n} with a comment that was read; {unread} without are left out.", n=w.number(found.n), unread=w.number(found.unread))
        yield Fact(w("Answers"), counted)
        named = ", ".join(w(d) for d in found.adjust)
        yield Fact(w("Held equal"), w("{names}: each of {n} combinations has a level of its own.", names=named, n=w.number(found.strata)))
    yield Fact(
        w("Method"),
        w(
            "Least squares on every topic in every tone at once, so that what is said beside it is not blamed on it. A topic’s part is what one "
            "answer goes with, times how many speak of it; with the rest they add up to the score exactly. Where a model is additive, these are "
            "its Shapley values. The interval is found by leaving out one group of people after the other."
        ),
    )
    yield Fact(w("Comparisons"), w("Adjusted for how many were made (Benjamini–Hochberg)."))
    yield Fact(w("Limits"), w("Comment and score come from the same person at the same moment: a bad mood colours both. This is association."))


PAGES = (
    Page("/why/impact", "answers", choose, "/why/impact"),
    Page("/why/impact/{measure:str}", "answers", impact, "/why/impact/csat.delivery"),
)
FORMS = ()
