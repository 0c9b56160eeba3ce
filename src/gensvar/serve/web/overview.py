"""Overview: what changed that is real, then every measure with its trend, by market and by channel."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from gensvar.contracts import Measure
from gensvar.measure import parse_question
from gensvar.measure.answer import Answer, Estimate, Group, TooFew
from gensvar.measure.metrics import metric_of
from gensvar.measure.question import Question
from gensvar.serve.web.annotate import Notes
from gensvar.serve.web.asked import Asked, Choice, period_choices, where_choice
from gensvar.serve.web.blocks import Drawn, Fact, Verdict, groups_view, how_we_know, newest, trend_view, verdict
from gensvar.serve.web.desk import Desk
from gensvar.serve.web.files_page import TREND, file_address
from gensvar.serve.web.guide import Guided, LoopView, StepView, loop_view, step_views
from gensvar.serve.web.moved_block import MovedBlock
from gensvar.serve.web.standing import comparisons, standing
from gensvar.serve.web.words import Words

CUTS = ("market", "channel")
TREND_PERIOD = "last 12 months"
MOST_NEWS, MOST_WAITS = 6, 2
AUDIENCES = {"customer": "Customers", "public": "The public", "partner": "Partners", "owner": "Owners", "employee": "Employees"}
ROOMS = tuple(AUDIENCES)


@dataclass(frozen=True, slots=True)
class News:
    """One thing that changed, or that cannot be told yet, in one sentence with a link to its proof."""

    mark: str
    mark_name: str
    tone: str
    measure: str
    sentence: str
    href: str


@dataclass(frozen=True, slots=True)
class Block:
    """One measure: its verdict, trend and cuts. state: answered · few · none."""

    id: str
    title: str
    says: str
    answers: str
    verdict: Verdict
    trend: Drawn
    cuts: tuple[Drawn, ...]
    know: tuple[Fact, ...]
    href: str


@dataclass(frozen=True, slots=True)
class Room:
    """The blocks of one audience. name: empty where everybody on the page is of one audience."""

    audience: str
    name: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """state: ready, or empty where nothing has come in; quiet: measures without an answer in the period; silent: sources that have gone quiet.

    moved: what moved week by week, where all is asked for.
    """

    state: str
    headline: str
    news: tuple[News, ...]
    more_news: int
    compared: int
    rooms: tuple[Room, ...]
    quiet: tuple[str, ...]
    choices: tuple[Choice, ...]
    silent: tuple[str, ...]
    set_aside: int
    steps: tuple[StepView, ...] = ()
    loop: LoopView | None = None
    moved: MovedBlock | None = None


NO_GUIDE = Guided()


@dataclass(frozen=True, slots=True)
class Asks:
    """The answers behind one measure's block."""

    id: str
    measure: Measure
    whole: Answer
    trend: Answer
    cuts: tuple[tuple[str, Answer], ...]

    def compared(self) -> tuple[Answer, ...]:
        """The answers that compare: the whole, then each cut."""
        return (self.whole, *(answer for _, answer in self.cuts))


def overview(desk: Desk, asked: Asked, words: Words, guided: Guided = NO_GUIDE) -> Overview:
    """The whole page for one address and language."""
    choices = (*(where_choice(d, desk.dimension_values(d), asked, words) for d in CUTS), *period_choices(asked, words))
    left = sum(c.rows for c in desk.counts())
    if desk.empty():
        return Overview("empty", words("Nothing has come in yet."), (), 0, 0, (), (), choices, (), left)
    asks = _asks(desk, asked, words)
    heard = _standing([a for a in asks if any(_n(g) for g in a.whole.groups)])
    compared, news = comparisons([x for a in heard for x in a.compared()]), _news(heard, asked, words)
    rooms = _rooms(heard, desk.audiences(), [n.measure for n in news if n.mark in {"rose", "fell"}], asked, words, guided.notes)
    quiet = tuple(a.measure.title(words.language) for a in asks if a.id not in {h.id for h in heard})
    headline = _headline(len([n for n in news if n.mark in {"rose", "fell"}]), compared, words)
    more = max(0, len(news) - MOST_NEWS)
    steps, loop = step_views(guided.steps, words), loop_view(guided.loop, words)
    return Overview("ready", headline, tuple(news[:MOST_NEWS]), more, compared, rooms, quiet, choices, tuple(desk.silent()), left, steps, loop)


def _by_id(measures: Iterable[Measure]) -> list[tuple[str, list[Measure]]]:
    ordered = sorted(measures, key=lambda m: (m.id, m.version))
    return [(name, list(versions)) for name, versions in groupby(ordered, key=lambda m: m.id)]


def _asks(desk: Desk, asked: Asked, words: Words) -> list[Asks]:
    """Every measure's answers, all asked at once: one query for the whole, one for the trend, one for each cut."""
    today, measures = desk.today(), _by_id(desk.measures())
    cuts = [d for d in CUTS if d not in asked.where]

    def asking(by: str = "") -> Question:
        return parse_question(name_of_any, by, asked.where_text, asked.period_text, "", asked.against_text, today=today)

    name_of_any = measures[0][0] if measures else ""
    trend = parse_question(name_of_any, "", asked.where_text, TREND_PERIOD, "month", "", today=today)
    shapes = [asking(), trend, *map(asking, cuts)]
    answers = iter(desk.ask_many([replace(shape, measure=name) for name, _ in measures for shape in shapes], words.language))
    return [Asks(name, versions[-1], next(answers), next(answers), tuple((d, next(answers)) for d in cuts)) for name, versions in measures]


def _rooms(heard: Sequence[Asks], audiences: Mapping[str, str], news: Sequence[str], asked: Asked, words: Words, notes: Notes) -> tuple[Room, ...]:
    """Blocks by who speaks, customers first; within a room what changed first, then by how many answered; where too few did, last."""
    rank = {name: at for at, name in enumerate(dict.fromkeys(news))}
    speaker = {a.id: audiences.get(a.id, "customer") for a in heard}
    found = sorted({*speaker.values()}, key=lambda s: (ROOMS.index(s) if s in ROOMS else len(ROOMS), s))

    def order(a: Asks) -> tuple[int, bool, int]:
        group = newest(a.whole)
        few = group is None or not isinstance(group.verdict, Estimate)
        return rank.get(a.id, len(rank)), few, -(_n(group) if group else 0)

    blocks = [(speaker[a.id], _block(a, asked, words, notes)) for a in sorted(heard, key=order)]
    named = {s: words(AUDIENCES.get(s, s)) if len(found) > 1 else "" for s in found}
    return tuple(Room(s, name, tuple(b for of, b in blocks if of == s)) for s, name in named.items())


def _n(g: Group) -> int:
    return g.verdict.n if isinstance(g.verdict, Estimate | TooFew) else 1


def _block(a: Asks, asked: Asked, words: Words, notes: Notes) -> Block:
    group = newest(a.whole)
    title = a.measure.title(words.language)
    said = verdict(group, words) if group else Verdict("none", words.mark_name("none"), "none", a.whole.sentence)
    said = replace(said, sentence=a.whole.sentence)
    cuts = tuple(
        replace(groups_view(answer, words, words.by(d)), save=file_address(a.id, asked.cut_by(d)))
        for d, answer in a.cuts
        if any(g.key.get(d) is not None for g in answer.groups)
    )
    says = words(metric_of(a.measure).says)
    trend = trend_view(a.trend, words, words("Last 12 months, by month"), notes=notes.on(a.id, asked, words))
    trend = replace(trend, save=file_address(a.id, replace(asked, by="", grain="month"), TREND))
    answers = words.many("{n} answer", "{n} answers", _n(group)) if group else ""
    return Block(a.id, title, says, answers, said, trend, cuts, how_we_know(a.whole, words), f"/measures/{a.id}{asked.query()}")


def _standing(asks: Sequence[Asks]) -> list[Asks]:
    """The same, where only the changes that stand over the whole page are left."""
    held = iter(standing([x for a in asks for x in a.compared()]))
    return [replace(a, whole=next(held), cuts=tuple((d, next(held)) for d, _ in a.cuts)) for a in asks]


def _news(asks: Sequence[Asks], asked: Asked, words: Words) -> list[News]:
    """What changed, surest first; then what cannot be told yet, the one that needs the fewest answers first."""
    groups = [(a, g, g.change) for a in asks for x in a.compared() for g in x.groups if g.change]
    moved = sorted((t for t in groups if words.tone(t[1]) != "none"), key=lambda t: t[2].q or 0.0)
    waits = sorted((t for t in groups if not t[1].key and t[2].move == "cannot tell" and t[2].more), key=lambda t: t[2].more)
    return [_item(a, g, asked, words) for a, g, _ in (*moved, *waits[:MOST_WAITS])]


def _item(a: Asks, g: Group, asked: Asked, words: Words) -> News:
    mark = words.mark(g)
    cut = asked.cut_by(next(iter(g.key), "")).query()
    return News(mark, words.mark_name(mark), words.tone(g), a.id, g.sentence, f"/measures/{a.id}{cut}")


def _headline(changed: int, compared: int, words: Words) -> str:
    if not compared:
        return words("Here is how things stand.")
    if not changed:
        return words("Nothing has changed that can be told from chance.")
    return words.many("One thing has changed.", "{n} things have changed.", changed)
