"""Overview: what changed that is real, then every measure with its trend, by market and by channel."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from gensvar.contracts import Measure
from gensvar.measure import parse_question
from gensvar.measure.answer import Answer, Estimate, Group, TooFew
from gensvar.measure.metrics import metric_of
from gensvar.serve.web.asked import Asked, Choice, period_choices, where_choice
from gensvar.serve.web.blocks import Drawn, Fact, Verdict, groups_view, how_we_know, newest, trend_view, verdict
from gensvar.serve.web.desk import Desk
from gensvar.serve.web.standing import comparisons, standing
from gensvar.serve.web.words import Words

CUTS = ("market", "channel")
TREND_PERIOD = "last 12 months"
MOST_NEWS, MOST_WAITS = 6, 2


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
class Overview:
    """state: ready, or empty where nothing has come in; quiet: measures without an answer in the period; silent: sources that have gone quiet."""

    state: str
    headline: str
    news: tuple[News, ...]
    more_news: int
    compared: int
    blocks: tuple[Block, ...]
    quiet: tuple[str, ...]
    choices: tuple[Choice, ...]
    silent: tuple[str, ...]
    set_aside: int


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


def overview(desk: Desk, asked: Asked, words: Words) -> Overview:
    """The whole page for one address and language."""
    sources = desk.sources()
    choices = (*(where_choice(d, desk.dimension_values(d), asked, words) for d in CUTS), *period_choices(asked, words))
    silent = tuple(s.name for s in sources if s.silent)
    left = sum(c.rows for c in desk.counts())
    if not any(s.rows for s in sources):
        return Overview("empty", words("Nothing has come in yet."), (), 0, 0, (), (), choices, silent, left)
    asks = [_asks(desk, name, versions[-1], asked, words) for name, versions in _by_id(desk.measures())]
    heard = _standing([a for a in asks if any(_n(g) for g in a.whole.groups)])
    compared, news = comparisons([x for a in heard for x in a.compared()]), _news(heard, asked, words)
    first = list(dict.fromkeys(n.measure for n in news))
    heard.sort(key=lambda a: first.index(a.id) if a.id in first else len(first))
    blocks = [_block(a, asked, words) for a in heard]
    quiet = tuple(a.measure.title(words.language) for a in asks if a.id not in {h.id for h in heard})
    headline = _headline(len([n for n in news if n.mark in {"rose", "fell"}]), compared, words)
    more = max(0, len(news) - MOST_NEWS)
    return Overview("ready", headline, tuple(news[:MOST_NEWS]), more, compared, tuple(blocks), quiet, choices, silent, left)


def _by_id(measures: Iterable[Measure]) -> list[tuple[str, list[Measure]]]:
    ordered = sorted(measures, key=lambda m: (m.id, m.version))
    return [(name, list(versions)) for name, versions in groupby(ordered, key=lambda m: m.id)]


def _asks(desk: Desk, name: str, newest_version: Measure, asked: Asked, words: Words) -> Asks:
    today, language = desk.today(), words.language

    def ask(by: str = "") -> Answer:
        return desk.ask(parse_question(name, by, asked.where_text, asked.period_text, "", asked.against_text, today=today), language)

    trend = parse_question(name, "", asked.where_text, TREND_PERIOD, "month", "", today=today)
    cuts = tuple((d, ask(d)) for d in CUTS if d not in asked.where)
    return Asks(name, newest_version, ask(), desk.ask(trend, language), cuts)


def _n(g: Group) -> int:
    return g.verdict.n if isinstance(g.verdict, Estimate | TooFew) else 1


def _block(a: Asks, asked: Asked, words: Words) -> Block:
    group = newest(a.whole)
    title = a.measure.title(words.language)
    said = verdict(group, words) if group else Verdict("none", words.mark_name("none"), "none", a.whole.sentence)
    said = replace(said, sentence=a.whole.sentence)
    cuts = tuple(groups_view(answer, words, words.by(d)) for d, answer in a.cuts)
    says = words(metric_of(a.measure).says)
    trend = trend_view(a.trend, words, words("Last 12 months, by month"))
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
