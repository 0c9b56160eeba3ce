"""What changed: what has moved of late, from what to what and since when; what ended; what could not have been seen; how often this is wrong."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, Protocol, cast
from urllib.parse import quote, urlencode

from gensvar.contracts.measures import Measure
from gensvar.contracts.tone import TONE
from gensvar.explain.changed import PROMISED, STATED, WEEK, Feed, Key, Kind, Line, Seen
from gensvar.house import House
from gensvar.kit.language import phrase, translator
from gensvar.kit.rights import Right
from gensvar.measure.answer import Estimate
from gensvar.measure.metrics import metric_of
from gensvar.measure.say import MOVES, estimate_text, key_name, number_text, place_of
from gensvar.serve.desks import why_changed as desk
from gensvar.serve.web.asked import escaped
from gensvar.serve.web.blocks import Fact, Table
from gensvar.serve.web.desk import Desk
from gensvar.serve.web.figures import moment
from gensvar.serve.web.render import View
from gensvar.serve.web.topic_words import topic_name
from gensvar.serve.web.visit import Page, Visit
from gensvar.serve.web.words import Mark, Tone, Words

RECENT: Final = timedelta(weeks=13)
MOST_ROWS = 60
BEYOND: Final = 50.0  # that many times as much again is as good as never
RARE = 1e-6
WIDE, HIGH = 96.0, 22.0
SHARE = Measure(id="part", version=1, metric="csat", low=0.0, high=1.0, cut=1.0)
KIND_NAMES: dict[Kind, str] = {
    "level": phrase("Levels"), "volume": phrase("Volumes"), "topic": phrase("Topics and themes"), "friction": phrase("Friction"),
    "quality": phrase("Source quality"),
}  # fmt: skip
MORE = {
    "source": phrase("More comes from {name}: {now} a week, was {then}."),
    "texts": phrase("More is written{place}: {now} a week, was {then}."),
    "topic": phrase("More is said about {name}: {now} of the texts, was {then}."),
    "theme": phrase("More is said about {name}: {now} of the texts, was {then}."),
    "step": phrase("More visits are stopped at {name}: {now}, was {then}."),
    "aside": phrase("More of what {name} sends is set aside: {now}, was {then}."),
    "unread": phrase("More of the texts from {name} are left unread: {now}, was {then}."),
    "off": phrase("More scores from {name} lie off their scale: {now}, was {then}."),
}
LESS = {
    "source": phrase("Less comes from {name}: {now} a week, was {then}."),
    "texts": phrase("Less is written{place}: {now} a week, was {then}."),
    "topic": phrase("Less is said about {name}: {now} of the texts, was {then}."),
    "theme": phrase("Less is said about {name}: {now} of the texts, was {then}."),
    "step": phrase("Fewer visits are stopped at {name}: {now}, was {then}."),
    "aside": phrase("Less of what {name} sends is set aside: {now}, was {then}."),
    "unread": phrase("Fewer of the texts from {name} are left unread: {now}, was {then}."),
    "off": phrase("Fewer scores from {name} lie off their scale: {now}, was {then}."),
}
WHAT = {
    "source": phrase("rows of {name}"), "texts": phrase("texts{place}"), "topic": phrase("texts about {name}"), "theme": phrase("texts about {name}"),
    "step": phrase("visits stopped at {name}"), "aside": phrase("rows of {name} set aside"), "unread": phrase("unread texts from {name}"),
    "off": phrase("scores of {name} off their scale"), "tone": phrase("tone about {name}"),
}  # fmt: skip
WORSE_UP = frozenset({"step", "aside", "unread", "off"})


class Teller(Protocol):
    """What it takes to tell a line: a visit has it, and so has a page that is made for many readers."""

    @property
    def words(self) -> Words: ...

    @property
    def desk(self) -> Desk: ...

    @property
    def house(self) -> House: ...

    def may(self, right: Right) -> bool:
        """Whether the reader has this right."""
        ...


@dataclass(frozen=True, slots=True)
class Link:
    text: str
    href: str


@dataclass(frozen=True, slots=True)
class LineView:
    """says: the line as a sentence. facts: since when, how surprising, where else. note: what a careful reader should know first."""

    mark: Mark
    mark_name: str
    tone: Tone
    says: str
    facts: tuple[str, ...]
    note: str
    spark: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Section:
    name: str
    title: str
    says: str
    lines: tuple[LineView, ...]


@dataclass(frozen=True, slots=True)
class ChangedPage:
    """state: told, waiting where nothing could be looked at yet, or counting. sections: what stands, what comes every year, what ended."""

    state: str
    headline: str
    lead: tuple[str, ...]
    sections: tuple[Section, ...]
    seen: Table | None
    rates: Table
    know: tuple[Fact, ...]


def page(visit: Visit) -> View:
    found = desk.told(cast("Any", visit.desk), desk.PATIENCE_S)
    return View("changed.html", _page(visit, found), "changed")


def _page(visit: Visit, found: desk.Told) -> ChangedPage:
    w = visit.words
    if found.counting:
        return ChangedPage("counting", w("What changed"), (w("This is being counted, and will stand here in a moment."),), (), None, _rates(w), ())
    if found.feed is None:
        lead = w("Changes are told once twenty weeks of answers have come in, and have been looked at in the night.")
        return ChangedPage("waiting", w("Nothing has been looked at yet."), (lead,), (), None, _rates(w), ())
    feed = found.feed
    standing = desk.open_lines(feed)
    return ChangedPage(
        "told",
        headline(len(standing), w),
        tuple(_lead(found, visit)),
        tuple(s for s in _sections(feed, visit) if s.lines),
        _seen(feed, visit),
        _rates(w),
        tuple(_know(feed, found, visit)),
    )


def headline(standing: int, w: Words) -> str:
    if not standing:
        return w("Nothing has changed that can be told from chance.")
    return w.many("One change still stands.", "{n} changes still stand.", standing)


def _lead(found: desk.Told, visit: Visit) -> Iterator[str]:
    w, feed = visit.words, found.feed
    if feed is None:
        return
    yield w("Weeks up to the one that began on {day} were looked at.", day=w.day(feed.last))
    if feed.silent:
        yield w.many("One source has gone quiet: {names}.", "{n} sources have gone quiet: {names}.", len(feed.silent), names=", ".join(feed.silent))
    if not found.whole:
        yield w("You see what moved in your own part, counted from it alone.")
        if feed.left:
            yield w("Not told of a part: {names}.", names=", ".join(w(KIND_NAMES[k]).lower() for k in feed.left))


def _sections(feed: Feed, visit: Visit) -> Iterator[Section]:
    w, recent = visit.words, feed.last - RECENT
    standing = desk.open_lines(feed)
    yearly = [x for x in feed.lines if x.season == "alike" and (x.ended or x.told) >= recent]
    ended = [x for x in feed.lines if x.ended is not None and x.ended >= recent and x.season != "alike"]
    yield Section("now", w("It stands"), "", _views(standing, visit))
    yield Section("yearly", w("As a year before"), w("The same weeks a year before moved alike."), _views(yearly, visit))
    yield Section("ended", w("Ended, or the new level by now"), w("Of the last thirteen weeks."), _views(ended, visit))


def _views(lines: Sequence[Line], visit: Visit) -> tuple[LineView, ...]:
    return tuple(line_view(x, visit) for x in lines)


# ── one line ──


def line_view(x: Line, visit: Teller) -> LineView:
    w = visit.words
    mark: Mark = "rose" if x.rose else "fell"
    return LineView(
        mark, w.mark_name(mark), tone_of(x, visit), sentence(x, visit), tuple(_facts(x, visit)), _note(x, w), spark(x.trace), _links(x, visit)
    )


def tone_of(x: Line, visit: Teller) -> Tone:
    if x.key.what in {"measure", "tone"}:
        measure = _measure(x.key, visit)
        return "better" if measure is None or x.rose == (measure.better == "up") else "worse"
    return ("worse" if x.rose else "better") if x.key.what in WORSE_UP else "none"


def _measure(key: Key, visit: Teller) -> Measure | None:
    return TONE if key.what == "tone" else visit.desk.measures().by_key.get(key.name)


def sentence(x: Line, visit: Teller) -> str:
    """What a person reads: what, where, from what to what with intervals."""
    w, t = visit.words, translator(visit.words.language)
    measure = _measure(x.key, visit)
    if x.key.what in {"measure", "tone"} and measure is not None:
        title = w("The tone about {name}", name=name_of(x.key, visit)) if x.key.what == "tone" else measure.title(w.language)
        now, then = estimate_text(x.now, measure, t), estimate_text(x.was, measure, t)
        return w(MOVES["rose" if x.rose else "fell"], measure=title, place=place(x.key, w), now=now, then=then)
    now, then = _figure(x.now, x, w), _figure(x.was, x, w)
    return w((MORE if x.rose else LESS)[x.key.what], name=name_of(x.key, visit), place=place(x.key, w), now=now, then=then)


def _figure(e: Estimate, x: Line, w: Words) -> str:
    if x.unit == "share":
        return estimate_text(e, SHARE, translator(w.language))
    return f"{w.number(e.value)} ({w.number(e.low)}–{w.number(e.high)})"


def place(key: Key, w: Words) -> str:
    """Where in a sentence a group stands; nothing for the whole."""
    if not key.dimension:
        return ""
    t = translator(w.language)
    return place_of([key_name({key.dimension: key.value}, t)], [key.dimension], t)


def name_of(key: Key, visit: Teller) -> str:
    """Of a topic its name, of a theme its words or own name, of a measure its title; else as it is."""
    w = visit.words
    if key.what in {"topic", "tone"}:
        return topic_name(visit.house.ledger.taxonomies.current(), key.name, w)
    if key.what == "theme":
        return _theme(key.name, visit)
    measure = visit.desk.measures().by_key.get(key.name)
    return measure.title(w.language) if measure else key.name


def _theme(theme: str, visit: Teller) -> str:
    kept = next((t for t in visit.house.ledger.themes.all() if t.id == theme), None)
    if kept is None:
        return visit.words("a theme that is no longer found")
    words = kept.body["words"]
    said = words.get(visit.words.language) or next(iter(words.values()), ())
    return f"“{kept.name or ', '.join(said[:3])}”"


def _facts(x: Line, visit: Teller) -> Iterator[str]:
    w = visit.words
    yield w("since the week of {day}", day=w.day(x.since))
    if x.ended is not None:
        yield w("the new level from {day}", day=w.day(x.ended)) if x.stayed else w("as before from {day}", day=w.day(x.ended))
    yield surprise(x.p, w)
    also = [name for name in dict.fromkeys(_where(k, x.key, visit) for k in x.also) if name]
    if also:
        yield w("also: {names}", names=", ".join(also))


def _where(key: Key, beside: Key, visit: Teller) -> str:
    """Where else, beside what the line itself is about."""
    group = visit.words.value(key.dimension, key.value) if key.dimension else ""
    if (key.what, key.name) == (beside.what, beside.name):
        return group or visit.words("the whole")
    return group or name_of(key, visit)


def surprise(p: float, w: Words) -> str:
    """How often chance alone would do as much."""
    if p <= RARE:
        return w("by chance less than once in a million weeks")
    once = 1 / p
    unit = 10 ** max(0, len(str(int(once))) - 2)
    return w("by chance once in {n} weeks", n=w.number(round(once / unit) * unit))


def _note(x: Line, w: Words) -> str:
    if x.trouble:
        return w("The source {source} had trouble at the time: look there before you believe this.", source=x.trouble)
    return ""


def spark(trace: Sequence[float | None]) -> str:
    """The last year's weeks as the points of a small line; empty where there are fewer than two."""
    there = [(at, v) for at, v in enumerate(trace) if v is not None]
    if len(there) < 2:
        return ""
    low, top, last = min(v for _, v in there), max(v for _, v in there), len(trace) - 1
    reach = (top - low) or 1.0
    return " ".join(f"{at * WIDE / last:.1f},{HIGH - 2 - (v - low) / reach * (HIGH - 4):.1f}" for at, v in there)


def _links(x: Line, visit: Teller) -> tuple[Link, ...]:
    """Where the line is proved: why, the voices behind it, the source, the journeys."""
    w, what = visit.words, x.key.what
    where = {x.key.dimension: escaped(x.key.value)} if x.key.dimension else {}
    period = {"period": f"{x.since}..{_until(x)}"}
    found: list[Link] = []
    if what == "measure" and x.key.name != TONE.key:
        name = x.key.name.partition("@")[0]
        found.append(Link(w("The measure"), f"/measures/{quote(name)}?{urlencode(where | period)}"))
        found.append(Link(w("What lies behind the change"), f"/why/change/{quote(name)}?{urlencode(where | period)}"))
        found += _voices({**where, **period, "measure": name}, visit)
    elif what in {"topic", "tone"}:
        found.append(Link(w("The topic"), f"/topics/{quote(x.key.name)}"))
        found += _voices({"topic": x.key.name, **period}, visit)
    elif what == "theme" and visit.may("voices"):
        found.append(Link(w("The theme"), f"/themes/{quote(x.key.name)}"))
    elif what == "step":
        found.append(Link(w("Journeys"), "/journeys"))
    elif what in {"source", "aside", "unread", "off"} and visit.may("sources"):
        found.append(Link(w("The source"), f"/sources/{quote(x.key.name)}"))
        if what == "aside":
            found.append(Link(w("What was set aside"), f"/set-aside?{urlencode({'source': x.key.name})}"))
    elif what in {"texts", "measure"}:
        found += _voices({**where, **period}, visit)
    return tuple(found)


def _until(x: Line) -> date:
    """The last day of what the line tells of: of the week of telling, or of the one before it ended."""
    return (x.ended if x.ended is not None and x.ended > x.told else x.told + WEEK) - timedelta(days=1)


def _voices(query: dict[str, str], visit: Teller) -> list[Link]:
    return [Link(visit.words("The voices behind it"), f"/voices?{urlencode(query)}")] if visit.may("voices") else []


# ── what could have been seen, and how often this is wrong ──


def _seen(feed: Feed, visit: Visit) -> Table | None:
    """The smallest change of each series that would be seen within eight weeks, most watched first of each kind."""
    w = visit.words
    rows = [
        (_what(s, visit), w(KIND_NAMES[s.kind]), w.number(s.weekly, 0 if s.weekly >= 10 else 1), _smallest(s, visit))
        for s in sorted(feed.seen, key=lambda s: (s.key.dimension != "", -s.weekly))[:MOST_ROWS]
    ]
    head = (w("what was watched"), w("kind"), w("a week"), w("smallest change"))
    return Table(w("The smallest change that would have been seen within eight weeks, four times in five"), head, tuple(rows), 2) if rows else None


def _what(s: Seen, visit: Visit) -> str:
    w = visit.words
    if s.key.what == "measure":
        return name_of(s.key, visit) + (f" · {w.value(s.key.dimension, s.key.value)}" if s.key.dimension else "")
    said = w(WHAT[s.key.what], name=name_of(s.key, visit), place=place(s.key, w))
    return said[:1].upper() + said[1:]


def _smallest(s: Seen, visit: Visit) -> str:
    w = visit.words
    measure = _measure(s.key, visit)
    if s.kind == "level" and measure is not None:
        shares = metric_of(measure).unit == "share"
        text = w.number(100 * s.smallest) if shares else number_text(s.smallest, measure, translator(w.language), 2 if s.smallest < 1 else 0)
        return w("± {n} points", n=text) if shares else f"± {text}"
    return w("cannot be seen") if s.smallest > BEYOND else f"+ {translator(w.language).percent(s.smallest, 0)}"


def _rates(w: Words) -> Table:
    """How often boards that did not move were said to, and how much of what moved was told, by simulation."""
    percent = translator(w.language).percent
    rows = tuple(
        (w.number(s.alpha, 2), w.number(s.false, 1), w.number(s.own, 1), percent(s.power, 0), percent(s.large, 0), w.number(s.delay)) for s in STATED
    )
    head = (
        w("scatter of weeks beyond chance (α)"), w("false alarms a year"), w("of volumes, friction and source quality"),
        w("told, of rises by 30 % that last eight weeks"),
        w("of these with 50 texts a week or more"), w("weeks until told"),
    )  # fmt: skip
    return Table(w("How often this is wrong, and what it sees: boards of fifty themes, simulated"), head, rows, 1)


def _know(feed: Feed, found: desk.Told, visit: Visit) -> Iterator[Fact]:
    w = visit.words
    if found.at is not None:
        yield Fact(w("Last looked at"), moment(found.at, w.language, visit.reader.zone))
    for f in feed.families:
        yield Fact(
            w(KIND_NAMES[f.kind]),
            w("{n} series, {tested} with enough in the last week to be tested", n=w.number(f.series), tested=w.number(f.tested)),
        )
    yield Fact(
        w("The rule"), w("Windows of 1, 2, 4 and 8 weeks against the 40 weeks before; counts by the negative binomial, levels by their own variance.")
    )
    yield Fact(
        w("Many at once"),
        w("All series of a kind are held to one rate of false discoveries (Benjamini–Hochberg), so that fifty tell at most one false alarm a month."),
    )
    yield Fact(w("Promised"), w("At most {n} false alarms a year for each kind of fifty series; measured: see the table.", n=w.number(PROMISED)))
    yield Fact(
        w("Told once"), w("A change is told when it is first sure, and ends when four weeks are as before; after thirteen weeks it is the new level.")
    )
    yield Fact(
        w("Season"), w("Where a year before is known, what moved alike in the same weeks stands apart. In the first year that cannot be known.")
    )
    yield Fact(w("Not a change"), w("A new wording is a new version of its measure, and is never compared with the old one."))


def lead(visit: Visit) -> tuple[str, ...]:
    """What stands, in a sentence or two."""
    if visit.scope.rows:
        return ()
    found = desk.told(cast("Any", visit.desk)).feed
    if found is None:
        return ()
    standing = desk.open_lines(found)
    return (headline(len(standing), visit.words), *(sentence(x, visit) for x in standing[:1]))


PAGES = (Page("/changed", "answers", page, "/changed"),)
FORMS = ()
