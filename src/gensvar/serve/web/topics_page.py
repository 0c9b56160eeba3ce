"""Topics: what is spoken of, how often and in what tone, whether it moved; one of them in full; and the reasons that go with it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, cast
from urllib.parse import urlencode

from gensvar.contracts import DIMENSIONS
from gensvar.contracts.tone import TONE
from gensvar.contracts.topics import About, Taxonomy
from gensvar.kit.errors import BadInput, NotFound, nearest
from gensvar.kit.language import phrase
from gensvar.measure import Answer, Estimate, Group, TooFew, parse_period, parse_question
from gensvar.serve.desks import topics as desk
from gensvar.serve.desks.topics import Asking, Overview, Said, Spoken
from gensvar.serve.web.asked import Asked, Choice, fixed_choice, period_choices, read_asked, where_choice
from gensvar.serve.web.blocks import Drawn, Fact, groups_view, trend_view
from gensvar.serve.web.figures import figure, interval
from gensvar.serve.web.measure_page import TREND_PERIOD
from gensvar.serve.web.render import View
from gensvar.serve.web.topic_meanings import topic_meaning
from gensvar.serve.web.topic_words import REASONS, reason_name, topic_name
from gensvar.serve.web.visit import Page, Visit
from gensvar.serve.web.words import Mark, Tone, Words

OWN: Final = ("about", "sort", "parts")
ABOUT = {"customers": phrase("customers"), "employees": phrase("employees")}
SORTS = {
    "often": phrase("most often first"),
    "moved": phrase("what moved first"),
    "worst": phrase("worst tone first"),
    "name": phrase("by name"),
}
PARTS_TOO = {"": phrase("topics alone"), "all": phrase("topics with their parts")}
FIRST = ("market", "channel")
BY = ("market", "channel", "touchpoint", "product", "segment", "unit")
WIDE, HIGH = 96.0, 22.0
MOST_REASONS = 8
KINDS: Mapping[str, str] = {
    "intent": phrase("What they want"),
    "emotion": phrase("What they feel"),
    "cause": phrase("What stood in their way"),
    "mark": phrase("What else a text holds"),
}
STOPS: Final = frozenset({"unclear_information", "missing_functionality", "technical_obstacle", "unsure_next_step"})
CAUSES: Mapping[str, str] = {"stop": phrase("What stopped them"), "effort": phrase("What made it hard")}


@dataclass(frozen=True, slots=True)
class Line:
    """One topic or reason as a row. part: of the one above. figure, interval: share of texts; n: texts; spark: x,y of its trend."""

    id: str
    name: str
    says: str
    part: bool
    href: str
    voices: str
    figure: str
    interval: str
    n: str
    why: str
    mark: Mark
    mark_name: str
    tone: str
    tone_interval: str
    tone_mark: Mark
    tone_mark_name: str
    tone_way: Tone
    spark: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Lines under one heading; empty where the page has one list."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class TopicsPage:
    """sentence: the surest of what moved. texts: how many were understood; released: of people who are only heard in blocks."""

    title: str
    sentence: str
    texts: str
    sections: tuple[Section, ...]
    choices: tuple[Choice, ...]
    more_choices: tuple[Choice, ...]
    more_chosen: bool
    released: bool
    know: tuple[Fact, ...]
    address: str
    other: str
    urgent: str
    may_change: bool


@dataclass(frozen=True, slots=True)
class TopicPage:
    """One topic or reason in full. line: as in the list; trends: of share and of tone; cut: by dimension; parts, reasons: what goes with it."""

    id: str
    title: str
    says: str
    kind: str
    sentence: str
    line: Line | None
    trends: tuple[Drawn, ...]
    cuts: tuple[Drawn, ...]
    parts: tuple[Line, ...]
    reasons: tuple[tuple[str, str, str], ...]
    choices: tuple[Choice, ...]
    more_choices: tuple[Choice, ...]
    more_chosen: bool
    know: tuple[Fact, ...]
    address: str
    back: str
    voices: str
    may_change: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """The address of these pages, read."""

    asked: Asked
    about: About = "customers"
    sort: str = "often"
    parts: str = ""

    def href(self, path: str) -> str:
        """Another of these pages with the same question."""
        more = {"about": self.about} if self.about != "customers" else {}
        query = self.asked.query()
        return path + (query or ("?" if more else "")) + ("&" if query and more else "") + urlencode(more)


def wanted(query: Mapping[str, str]) -> Wanted:
    """BadInput for a name that these pages do not know, with the nearest."""
    own = {name: query[name] for name in OWN if query.get(name)}
    asked = read_asked({name: value for name, value in query.items() if name not in OWN})
    for name, known in (("about", ABOUT), ("sort", SORTS), ("parts", PARTS_TOO)):
        if own.get(name, next(iter(known))) not in known:
            raise BadInput(
                f"No {name} {own[name]!r}", where="in the address", nearest=nearest(own[name], known), do=f"There are: {', '.join(known)}."
            )
    return Wanted(asked, cast("About", own.get("about", "customers")), own.get("sort", "often"), own.get("parts", ""))


def asking(visit: Visit, want: Wanted) -> Asking:
    a = want.asked
    q = parse_question(TONE.id, "", a.where_text, a.period_text, "", a.against_text, today=visit.desk.today())
    return Asking(want.about, q.where, q.period, q.compare)


# ── the lists ────────────────────────────────────────────────────────────────────────────────────────────────────────


def topics(visit: Visit) -> View:
    """Every topic."""
    want, taxonomy = wanted(visit.query), visit.house.ledger.taxonomies.current()
    found = _overview(visit, "topic", want)
    lines = tuple(_in_order(found.spoken, taxonomy, want, visit))
    return View("topics.html", _page(visit, want, found, (Section("", lines),), "topic"), "topics")


def reasons(visit: Visit) -> View:
    """What people want, feel, were stopped by, and what made effort."""
    want = wanted(visit.query)
    found = _overview(visit, "reason", want)
    return View("topics.html", _page(visit, want, found, tuple(_sections(found, want, visit)), "reason"), "topics")


def _overview(visit: Visit, said: Said, want: Wanted) -> Overview:
    if TONE.key not in visit.desk.measures():
        return desk.Overview((), TooFew(0, desk.LEAST), None)
    trend = parse_period(TREND_PERIOD, visit.desk.today())
    return desk.overview(cast("Any", visit.desk), said, asking(visit, want), visit.words.language, "month", trend)


def _in_order(spoken: Sequence[Spoken], taxonomy: Taxonomy, want: Wanted, visit: Visit) -> Iterator[Line]:
    """Topics in the order asked for, each followed by its parts where they are wanted."""
    current = [s for s in spoken if taxonomy.now(s.id) == s.id and taxonomy.suits(s.id, want.about)]
    names = {s.id: topic_name(taxonomy, s.id, visit.words) for s in current}
    order = _order(want.sort, names)
    whole = sorted((s for s in current if not taxonomy.topics[s.id].parent), key=order)
    for s in whole:
        yield _line(s, names[s.id], "", visit, want, "topic")
        if want.parts:
            parts = sorted((p for p in current if taxonomy.topics[p.id].parent == s.id), key=order)
            yield from (replace(_line(p, names[p.id], "", visit, want, "topic"), part=True) for p in parts)


def _order(sort: str, names: Mapping[str, str]) -> Any:
    def key(s: Spoken) -> Any:
        rate, tone = s.rate.verdict, s.tone.verdict if s.tone else None
        share = rate.value if isinstance(rate, Estimate) else -1.0
        match sort:
            case "moved":
                c = s.rate.change
                return (c is None or c.move not in {"rose", "fell"}, c.q if c and c.q is not None else 1.0, -share)
            case "worst":
                return (not isinstance(tone, Estimate), tone.value if isinstance(tone, Estimate) else 0.0)
            case "name":
                return names[s.id].casefold()
            case _:
                return -share

    return key


def _sections(found: Overview, want: Wanted, visit: Visit) -> Iterator[Section]:
    w = visit.words
    for kind, title in KINDS.items():
        mine = [s for s in found.spoken if s.id.partition(".")[0] == kind]
        if kind != "cause":
            yield Section(w(title), tuple(_reason_line(s, visit, want) for s in mine))
            continue
        stop = [s for s in mine if s.id.partition(".")[2] in STOPS]
        effort = [s for s in mine if s not in stop]
        yield Section(w(CAUSES["stop"]), tuple(_reason_line(s, visit, want) for s in stop))
        yield Section(w(CAUSES["effort"]), tuple(_reason_line(s, visit, want) for s in effort))


def _reason_line(s: Spoken, visit: Visit, want: Wanted) -> Line:
    says = visit.words(REASONS[s.id][1]) if s.id in REASONS else ""
    return _line(s, reason_name(s.id, visit.words), says, visit, want, "reason")


def _line(s: Spoken, name: str, says: str, visit: Visit, want: Wanted, said: Said) -> Line:
    w, rate, tone = visit.words, s.rate, s.tone
    mark, tone_mark = w.mark(rate), w.mark(tone) if tone else "none"
    number = isinstance(rate.verdict, Estimate)
    return Line(
        id=s.id,
        name=name,
        says=says,
        part=False,
        href=want.href(f"/topics/{s.id}"),
        voices=_voices(visit, want, said, s.id),
        figure=figure(rate.measure, rate.verdict, w.language) if isinstance(rate.verdict, Estimate) else "",
        interval=interval(rate.measure, rate.verdict, w.language) if isinstance(rate.verdict, Estimate) else "",
        n=w.number(rate.verdict.n) if isinstance(rate.verdict, Estimate) else "",
        why="" if number else w.no_number(rate.verdict),
        mark=mark,
        mark_name=w.mark_name(mark),
        tone=figure(TONE, tone.verdict, w.language) if tone and isinstance(tone.verdict, Estimate) else "",
        tone_interval=interval(TONE, tone.verdict, w.language) if tone and isinstance(tone.verdict, Estimate) else "",
        tone_mark=tone_mark,
        tone_mark_name=w.mark_name(tone_mark),
        tone_way=w.tone(tone) if tone else "none",
        spark=spark(rate),
    )


def spark(group: Group) -> str:
    """The points of a small line, as an SVG polyline has them; empty where there are fewer than two."""
    values = [p.verdict.value if isinstance(p.verdict, Estimate) else None for p in group.trend]
    there = [v for v in values if v is not None]
    if len(there) < 2:
        return ""
    top = max(there) or 1.0
    step = WIDE / (len(values) - 1)
    return " ".join(f"{at * step:.1f},{HIGH - 2 - v / top * (HIGH - 4):.1f}" for at, v in enumerate(values) if v is not None)


def _voices(visit: Visit, want: Wanted, said: Said, name: str) -> str:
    """Where the voices behind a line are; empty for those who may not read them, and for people of whom no single voice is shown."""
    if not visit.may("voices") or want.about == "employees":
        return ""
    period = {"period": want.asked.period} if want.asked.period != Asked().period else {}
    return "/voices?" + urlencode({said: name, **want.asked.where, **period})


def _page(visit: Visit, want: Wanted, found: Overview, sections: tuple[Section, ...], said: Said) -> TopicsPage:
    w = visit.words
    path = "/topics" if said == "topic" else "/topics/reasons"
    return TopicsPage(
        title=w("Topics") if said == "topic" else w("Reasons"),
        sentence=_headline(found, said, visit),
        texts=w.many("One text was understood.", "{n} texts were understood.", _n(found)) if _n(found) else "",
        sections=tuple(s for s in sections if s.lines),
        choices=tuple(_choices(visit, want, said)),
        more_choices=tuple(where_choice(d, visit.desk.dimension_values(d), want.asked, w) for d in DIMENSIONS if d not in FIRST),
        more_chosen=any(d not in FIRST for d in want.asked.where),
        released=found.released,
        know=tuple(_know(found, visit)),
        address=want.href(path),
        other=want.href("/topics/reasons" if said == "topic" else "/topics"),
        urgent=_voices(visit, want, "reason", "mark.urgent"),
        may_change=visit.may("topics.change"),
    )


def _n(found: Overview) -> int:
    return getattr(found.texts, "n", 0)


def _headline(found: Overview, said: Said, visit: Visit) -> str:
    w = visit.words
    if not found.spoken:
        return w("Too few texts have been understood here: {n}, where {least} are needed.", n=w.number(_n(found)), least=w.number(desk.LEAST))
    moved = [s for s in found.spoken if w.mark(s.rate) in {"rose", "fell"}]
    if moved:
        first = min(moved, key=lambda s: (s.rate.change.q or 0.0) if s.rate.change else 1.0)
        return sentence(first.rate, name_of(first.id, said, visit), w)
    if any(s.rate.change for s in found.spoken):
        return w("Nothing is visibly spoken of more or less than before.")
    return sentence(found.spoken[0].rate, name_of(found.spoken[0].id, said, visit), w)


def name_of(name: str, said: Said, visit: Visit) -> str:
    return topic_name(visit.house.ledger.taxonomies.current(), name, visit.words) if said == "topic" else reason_name(name, visit.words)


def sentence(rate: Group, name: str, w: Words) -> str:
    """What a share and its change say."""
    if not isinstance(rate.verdict, Estimate):
        return f"{name}: {w.no_number(rate.verdict)}."
    now = f"{figure(rate.measure, rate.verdict, w.language)} ({interval(rate.measure, rate.verdict, w.language)})"
    then = rate.change.then if rate.change else None
    was = figure(rate.measure, then, w.language) if isinstance(then, Estimate) else ""
    match w.mark(rate):
        case "rose":
            return w("{topic} rose: {now} of the texts speak of it, {was} did before.", topic=name, now=now, was=was)
        case "fell":
            return w("{topic} fell: {now} of the texts speak of it, {was} did before.", topic=name, now=now, was=was)
        case "same":
            return w("{topic}: {now} of the texts speak of it, with no visible change.", topic=name, now=now)
        case "unknown":
            return w("{topic}: {now} of the texts speak of it; whether that is a change cannot be told.", topic=name, now=now)
        case _:
            return w("{topic}: {now} of the texts speak of it.", topic=name, now=now)


def _choices(visit: Visit, want: Wanted, said: Said) -> Iterator[Choice]:
    w = visit.words
    yield fixed_choice("about", phrase("who speaks"), ABOUT, want.about, w)
    for d in FIRST:
        yield where_choice(d, visit.desk.dimension_values(d), want.asked, w)
    yield from period_choices(want.asked, w)
    if said == "topic":
        yield fixed_choice("sort", phrase("order"), SORTS, want.sort, w)
        yield fixed_choice("parts", phrase("parts of topics"), PARTS_TOO, want.parts, w)


def _know(found: Overview, visit: Visit) -> Iterator[Fact]:
    w = visit.words
    yield Fact(w("Texts"), w.number(_n(found)))
    yield Fact(w("Shares"), w("Of the texts that were understood; one text can speak of several topics. Wilson’s 95 % interval."))
    yield Fact(w("Tone"), w("From −1, as bad as can be said, to 1, good; read by a model, towards the topic itself."))
    yield Fact(w("Changes"), w("Named only where they stand at 5 % over all that this page compares (Benjamini–Hochberg)."))
    yield Fact(w("Read by"), visit.house.understanding().version)
    if found.released:
        yield Fact(w("Employees"), w("Counted over the comments that are released in blocks, and over no others."))


# ── one of them ──────────────────────────────────────────────────────────────────────────────────────────────────────


def topic(visit: Visit) -> View:
    """One topic or reason in full. NotFound with the nearest where there is none."""
    name, taxonomy = visit.named("topic"), visit.house.ledger.taxonomies.current()
    said: Said = "reason" if name in REASONS else "topic"
    if said == "topic" and taxonomy.now(name) != name:
        stands = taxonomy.now(name)
        raise NotFound(
            f"No topic {name!r}", nearest=stands or nearest(name, [t.id for t in taxonomy] + list(REASONS)), do="The page Topics lists them."
        )
    want = wanted(visit.query)
    about: About = taxonomy.topics[name].about if said == "topic" else want.about
    return View("topic.html", _one(visit, name, said, replace(want, about=about), taxonomy), "topics")


def _one(visit: Visit, name: str, said: Said, want: Wanted, taxonomy: Taxonomy) -> TopicPage:
    w, found = visit.words, _overview(visit, said, want)
    mine = next((s for s in found.spoken if s.id == name), None)
    title = name_of(name, said, visit)
    counted = mine is not None and not found.released
    parts = [s for s in found.spoken if said == "topic" and s.id in taxonomy.topics and taxonomy.topics[s.id].parent == name]
    return TopicPage(
        id=name,
        title=title,
        says=w(REASONS[name][1]) if said == "reason" else topic_meaning(taxonomy, name, w),
        kind=said,
        sentence=sentence(mine.rate, title, w) if mine else w("Nobody speaks of it here."),
        line=_line(mine, title, "", visit, want, said) if mine else None,
        trends=tuple(_trends(visit, name, said, want)) if counted else (),
        cuts=tuple(_cuts(visit, name, said, want)) if counted else (),
        parts=tuple(_line(p, name_of(p.id, said, visit), "", visit, want, said) for p in parts),
        reasons=tuple(_beside(visit, name, want)) if counted and said == "topic" else (),
        choices=tuple(c for c in _choices(visit, want, "reason") if c.name != "about"),
        more_choices=tuple(where_choice(d, visit.desk.dimension_values(d), want.asked, w) for d in DIMENSIONS if d not in FIRST),
        more_chosen=any(d not in FIRST for d in want.asked.where),
        know=tuple(_know(found, visit)),
        address=want.href(f"/topics/{name}"),
        back=want.href("/topics" if said == "topic" else "/topics/reasons"),
        voices=_voices(visit, want, said, name),
        may_change=visit.may("topics.change") and said == "topic",
    )


def _trends(visit: Visit, name: str, said: Said, want: Wanted) -> Iterator[Drawn]:
    """The last twelve months: how often, and in what tone."""
    w = visit.words
    long = replace(asking(visit, want), period=parse_period(TREND_PERIOD, visit.desk.today()), against=None)
    rates, tones = desk.one(cast("Any", visit.desk), said, name, (), long, w.language, "month")
    yield trend_view(rates, w, w("Share of the texts that speak of it"))
    yield trend_view(tones, w, w("Tone"))


def _cuts(visit: Visit, name: str, said: Said, want: Wanted) -> Iterator[Drawn]:
    """How often by each dimension of which more than one value is known."""
    w, asks = visit.words, asking(visit, want)
    for dimension in BY:
        if len(visit.desk.dimension_values(dimension)) < 2 or dimension in want.asked.where:
            continue
        rates, _ = desk.one(cast("Any", visit.desk), said, name, (dimension,), asks, w.language)
        if len(rates.groups) > 1:
            yield _neutral(rates, w, w.by(dimension))


def _neutral(rates: Answer, w: Words, title: str) -> Drawn:
    """The shares of groups side by side; more is neither better nor worse, so no colour says so."""
    few = replace(rates, groups=rates.groups[:20])
    plain = [replace(g, change=replace(g.change, move="no visible change")) if g.change else g for g in few.groups]
    return replace(groups_view(few, w, title), spec=groups_view(replace(few, groups=tuple(plain)), w, title).spec)


def _beside(visit: Visit, name: str, want: Wanted) -> Iterator[tuple[str, str, str]]:
    """The reasons that stand in the same texts most often: name, share of them, address."""
    w, found = visit.words, desk.beside(cast("Any", visit.desk), name, asking(visit, want))
    for reason, share in found[:MOST_REASONS]:
        shown = share.interval()
        e = Estimate(shown.value, shown.low, shown.high, share.k)
        yield reason_name(reason, w), f"{figure(desk.RATE, e, w.language)} ({interval(desk.RATE, e, w.language)})", want.href(f"/topics/{reason}")


PAGES = (
    Page("/topics", "answers", topics, "/topics"),
    Page("/topics/reasons", "answers", reasons, "/topics/reasons"),
    Page("/topics/{topic:str}", "answers", topic, "/topics/delivery"),
)
FORMS = ()
