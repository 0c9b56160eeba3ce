"""Themes: what many write that is new, grows, or fits no topic; and one of them with its trend, its quotes and what can be done with it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast
from urllib.parse import quote

from litestar import Response
from litestar.datastructures import FormMultiDict

from gensvar.contracts.tone import TONE
from gensvar.kit.language import phrase
from gensvar.ledger.themes import ThemeState
from gensvar.measure.answer import Answer, Estimate, Group, Point, TooFew
from gensvar.measure.question import Question
from gensvar.serve.desks import themes as desk
from gensvar.serve.desks.themes import Quote, Told
from gensvar.serve.desks.topics import LEAST, RATE
from gensvar.serve.web.blocks import Drawn, trend_view
from gensvar.serve.web.figures import figure, interval, moment
from gensvar.serve.web.render import View
from gensvar.serve.web.topic_words import topic_name
from gensvar.serve.web.visit import Form, Page, Visit, go
from gensvar.serve.web.voice_views import AUDIENCE_NAMES, CUT, Piece, pieces
from gensvar.serve.web.words import LANGUAGES, Words
from gensvar.serve.web.work_views import WorkView, looking_view
from gensvar.serve.working import ask
from gensvar.stats import Share
from gensvar.text.themes import LEAST_TEXTS

WIDE, HIGH = 96.0, 22.0
MARKS: Mapping[ThemeState, str] = {"new": "rose", "growing": "rose", "steady": "same", "fading": "fell", "gone": "none"}
STATES: Mapping[ThemeState, str] = {
    "new": phrase("new"),
    "growing": phrase("growing"),
    "steady": phrase("no visible change"),
    "fading": phrase("fading"),
    "gone": phrase("no longer found"),
}
WHY = {
    "no_encoder": phrase("This house has no encoder, and themes are found by the meaning that it gives texts. The setting “encoder” names one."),
    "too_few": phrase("{n} texts were written in the last 26 weeks; themes need at least {least} different ones."),
    "nothing_read": phrase(
        "When themes were last looked for, the encoder had read {n} texts; they need at least {least}. It reads on in the background."
    ),
}
SECTIONS = (
    ("moving", phrase("New or growing")),
    ("outside", phrase("Said by many, and no topic holds it")),
    ("inside", phrase("Parts of what has a topic")),
    ("gone", phrase("No longer found")),
    ("hidden", phrase("Put away")),
)
MOST_PLACES = 5


@dataclass(frozen=True, slots=True)
class QuoteView:
    pieces: tuple[Piece, ...]
    language: str
    when: str
    href: str


@dataclass(frozen=True, slots=True)
class Card:
    """title: its own name or its words, in `language`. says: the verdict as a sentence. words: language's name, its code, the words."""

    id: str
    title: str
    language: str
    mark: str
    mark_name: str
    says: str
    facts: tuple[str, ...]
    words: tuple[tuple[str, str, str], ...]
    spark: str
    quotes: tuple[QuoteView, ...]
    href: str


@dataclass(frozen=True, slots=True)
class Section:
    name: str
    title: str
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class ThemesPage:
    """lead: why there are none, or what a narrow scope sees; looked: when they were last looked for; know: how they were found.

    search: the last search, until it is done; may_ask: for another.
    """

    headline: str
    lead: tuple[str, ...]
    looked: str
    sections: tuple[Section, ...]
    know: tuple[tuple[str, str], ...]
    search: WorkView | None
    may_ask: bool


@dataclass(frozen=True, slots=True)
class ThemePage:
    """name: that a person gave it. topic: the name and id of the one that it was made, or empty."""

    card: Card
    name: str
    trend: Drawn | None
    places: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    know: tuple[tuple[str, str], ...]
    hidden: bool
    topic: str
    topic_id: str
    may_change: bool


# ── the list ──


def listed(visit: Visit) -> View:
    found = desk.themes(cast("Any", visit.desk))
    w = visit.words
    sections = tuple(Section(name, w(title), cards) for name, title in SECTIONS if (cards := tuple(_cards(name, found.told, visit))))
    moving = sum(len(s.cards) for s in sections if s.name == "moving")
    shown = sum(len(s.cards) for s in sections if s.name not in {"gone", "hidden"})
    search = looking_view(found.asked, visit)
    page = ThemesPage(
        _headline(found, moving, shown, w),
        tuple(_lead(found, w)),
        _looked(found, visit),
        sections,
        tuple(_know(found, visit)),
        search,
        visit.may("topics.change") and not (search and search.under_way),
    )
    return View("themes.html", page, "themes")


def _cards(section: str, told: Sequence[Told], visit: Visit) -> Iterator[Card]:
    return (_card(t, visit) for t in told if section_of(t) == section)


def section_of(told: Told) -> str:
    """Where a theme stands on the page. A reader of a part sees all of hers by whether a topic holds them: what grows is told of the whole alone."""
    if told.hidden or told.topic:
        return "hidden"
    if told.state == "gone":
        return "gone"
    if told.state in {"new", "growing"}:
        return "moving"
    return "outside" if told.outside else "inside"


def _headline(found: desk.Themes, moving: int, shown: int, w: Words) -> str:
    if moving:
        return w.many("One theme is new or growing", "{n} themes are new or growing", moving)
    if shown and found.whole:
        return w.many("One theme, and nothing that is new or growing", "{n} themes, and none that is new or growing", shown)
    if shown:
        return w.many("One theme in what you may read", "{n} themes in what you may read", shown)
    return w("No themes have been found") if found.run else w("No themes have been looked for yet")


def _lead(found: desk.Themes, w: Words) -> Iterator[str]:
    if found.refused:
        body = found.refused.body
        yield w(WHY[body["why"]], n=w.number(body.get("texts", 0)), least=w.number(LEAST_TEXTS))
    if not found.whole:
        yield w("Themes are found in the whole house. You see those that stand in what you may read, counted and quoted from it alone.")


def _looked(found: desk.Themes, visit: Visit) -> str:
    """When they were last looked for, also where that could not be done."""
    last, w = found.refused or found.run, visit.words
    return w("Last looked for: {when}.", when=moment(last.at, w.language, visit.reader.zone)) if last else ""


def _know(found: desk.Themes, visit: Visit) -> Iterator[tuple[str, str]]:
    w = visit.words
    if found.run and found.whole:
        body = found.run.body
        yield w("Last search"), f"{moment(found.run.at, w.language, visit.reader.zone)} ({w.number(body['seconds'], 1)} s)"
        yield w("Texts"), w("{n} of the last 26 weeks that the encoder has read", n=w.number(body["texts"]))
        yield (
            w("Groups of texts"),
            w("{n} found, {shown} shown: those that each half of the texts finds again", n=body["groups"], shown=body["shown"]),
        )
        yield w("In no theme"), f"{w.number(100 * body['loose'])} %"
        if body.get("before"):
            yield w("Same as last time"), w("{kept} of {before}", kept=body["kept"], before=body["before"])
    yield w("New or growing"), w("Its share of the last four weeks’ texts against those before; at most 5 % of all that is said to move is chance.")
    yield w("Telling words"), w("Those that its texts have far more often than others in the same language (log-odds, Monroe and others 2008).")
    if found.left_out:
        names = ", ".join(w(AUDIENCE_NAMES[name]) for name in found.left_out)
        yield w("In no theme at all"), w("{audiences}, who are heard in groups only", audiences=names)


def _card(told: Told, visit: Visit, quotes: int = desk.QUOTES) -> Card:
    w = visit.words
    language, title = title_of(told, w)
    return Card(
        told.id, title, language, MARKS[told.state] if told.state and told.q is not None else "unknown",
        w(STATES[told.state]) if told.state and told.q is not None else w("cannot tell"), _says(told, w), tuple(_facts(told, visit)),
        tuple((LANGUAGES.get(code, code), code, ", ".join(said)) for code, said in told.words.items()), spark(list(told.weeks.items())),
        tuple(_quote(q, visit) for q in told.quotes[:quotes]), f"/themes/{told.id}",
    )  # fmt: skip


def title_of(told: Told, w: Words) -> tuple[str, str]:
    """Language and title: its own name; else its words in the reader's language where it is spoken of in it, else in that of most of its texts."""
    if told.name:
        return w.language, told.name
    if not told.words:
        return w.language, w("A theme without a name")
    code = w.language if w.language in told.words else next(iter(told.words))
    said = ", ".join(told.words[code][:3])
    return code, said[:1].upper() + said[1:]


def _says(told: Told, w: Words) -> str:
    if told.now is None or told.then is None or told.state is None:
        return ""
    if told.state == "gone":
        return w("Was found until {day}.", day=w.day(told.seen_at.date()))
    if told.q is None:
        return w("Too little was written before the last four weeks to say whether it grows.")
    now, then = _share(told.now, w), _share(told.then, w)
    said = {
        "new": phrase("New: {now} of what was written in the last four weeks, {then} before."),
        "growing": phrase("Growing: {now} of what was written in the last four weeks, {then} before."),
        "fading": phrase("Fading: {now} of what was written in the last four weeks, {then} before."),
        "steady": phrase("No visible change: {now} of what was written in the last four weeks, {then} before."),
    }
    return w(said[told.state], now=now, then=then)


def _share(share: Share, w: Words) -> str:
    found = share.interval()
    e = Estimate(found.value, found.low, found.high, share.k)
    return f"{figure(RATE, e, w.language)} ({interval(RATE, e, w.language)})"


def _facts(told: Told, visit: Visit) -> Iterator[str]:
    w = visit.words
    yield w.many("said in one text", "said in {n} texts", told.texts)
    if told.tone is not None and told.toned >= LEAST:
        yield w("in a tone of {tone}", tone=w.number(told.tone, 2))
    if told.within:
        taxonomy = visit.house.ledger.taxonomies.current()
        yield w("part of {topic}", topic=topic_name(taxonomy, told.within, w))
    elif told.outside:
        yield w("fits no topic")
    markets = [w.value("market", name) for name, _ in told.markets[:MOST_PLACES] if name]
    if markets:
        yield ", ".join(markets)


def spark(weeks: Sequence[tuple[date, int]]) -> str:
    """Texts of each week as the points of a small line; empty where there are fewer than two weeks."""
    if len(weeks) < 2:
        return ""
    first, top = weeks[0][0], max(n for _, n in weeks)
    there, last = dict(weeks), (weeks[-1][0] - first).days // 7
    counts = [there.get(date.fromordinal(first.toordinal() + 7 * at), 0) for at in range(last + 1)]
    return " ".join(f"{at * WIDE / last:.1f},{HIGH - 2 - n / top * (HIGH - 4):.1f}" for at, n in enumerate(counts))


def _quote(q: Quote, visit: Visit) -> QuoteView:
    text = q.text if len(q.text) <= CUT else q.text[:CUT].rstrip() + "…"
    parts = tuple(pieces(text, left_out=visit.left_out))
    return QuoteView(parts, q.language, moment(q.at, visit.words.language, visit.reader.zone), f"/voices/{quote(q.id)}")


# ── one theme ──


def one(visit: Visit) -> View:
    told = desk.one(cast("Any", visit.desk), visit.named("theme"))
    w = visit.words
    run = next((r for r in visit.house.ledger.themes.runs() if "why" not in r.body), None)
    weeks = run.body["weeks"] if run and told.state and told.state != "gone" else []
    taxonomy = visit.house.ledger.taxonomies.current()
    page = ThemePage(
        card=_card(told, visit, desk.EXAMPLES),
        name=told.name,
        trend=_trend(told, weeks, w) if weeks else None,
        places=tuple(_places(told, w)),
        know=tuple(_know_one(told, visit)),
        hidden=told.hidden,
        topic=topic_name(taxonomy, told.topic, w) if told.topic else "",
        topic_id=told.topic,
        may_change=visit.may("topics.change"),
    )
    return View("theme.html", page, "themes")


def _trend(told: Told, weeks: Sequence[Sequence[Any]], w: Words) -> Drawn:
    """Its share of the texts of each week that the search looked at; weeks of fewer than thirty texts are no number."""
    points = []
    for start, n in weeks:
        monday = date.fromisoformat(start)
        k = min(told.weeks.get(monday, 0), n)
        found = Share(k, n).interval() if n >= LEAST else None
        points.append(Point(monday, Estimate(found.value, found.low, found.high, k) if found else TooFew(n, LEAST)))
    title = w("Share of the texts of each week")
    answer = Answer(Question(TONE.id, grain="week"), (Group({}, RATE, TooFew(0, LEAST), tuple(points)),), title, w.language)
    return trend_view(answer, w, title)


def _places(told: Told, w: Words) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    """Languages and markets, each with how many texts, where there is more than one."""
    unknown = w("it does not say")
    spoken = tuple((LANGUAGES.get(code, code) if code else unknown, w.number(n)) for code, n in told.languages)
    markets = tuple((w.value("market", code) if code else unknown, w.number(n)) for code, n in told.markets)
    for title, rows in ((w("In which languages"), spoken), (w("In which markets"), markets)):
        if len(rows) > 1:
            yield title, rows


def _know_one(told: Told, visit: Visit) -> Iterator[tuple[str, str]]:
    w = visit.words
    yield w("First found"), moment(told.found_at, w.language, visit.reader.zone)
    yield w("Last found"), moment(told.seen_at, w.language, visit.reader.zone)
    yield w("Found again in halves"), w("likeness {held} of 1 in the worse half", held=w.number(told.held, 2))


# ── forms ──


def look(visit: Visit, _: FormMultiDict) -> Response[Any]:
    """Has themes looked for now; the page shows how that is doing."""
    ask(visit.house, visit.caller.who, desk.LOOKING)
    return go("/themes")


def rename(visit: Visit, form: FormMultiDict) -> Response[Any]:
    desk.rename(cast("Any", visit.desk), visit.named("theme"), str(form.get("name", "")))
    return go(f"/themes/{visit.named('theme')}")


def hide(visit: Visit, form: FormMultiDict) -> Response[Any]:
    """Puts the theme away, or takes it out again."""
    desk.hide(cast("Any", visit.desk), visit.named("theme"), hidden=form.get("hidden") == "yes")
    return go("/themes")


def topic(visit: Visit, form: FormMultiDict) -> Response[Any]:
    """Makes the theme a topic, and goes to where topics are changed."""
    made = desk.make_topic(cast("Any", visit.desk), visit.named("theme"), str(form.get("name", "")), visit.words.language)
    return go(f"/topics/{quote(made)}")


PAGES = (Page("/themes", "voices", listed, "/themes"), Page("/themes/{theme:str}", "voices", one))
FORMS = (
    Form("/themes/search", "topics.change", look),
    Form("/themes/{theme:str}/name", "topics.change", rename),
    Form("/themes/{theme:str}/hide", "topics.change", hide),
    Form("/themes/{theme:str}/topic", "topics.change", topic),
)
