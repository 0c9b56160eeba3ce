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
from gensvar.serve.web.words import Words
from gensvar.stats import adjusted

CUTS = ("market", "channel")
TREND_PERIOD = "last 12 months"
FALSE_RATE, MOST_NEWS = 0.05, 6


@dataclass(frozen=True, slots=True)
class News:
    """One thing that changed, or that cannot be told yet, in one sentence with a link to its proof."""

    mark: str
    mark_name: str
    tone: str
    measure: str
    group: str
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

    def groups(self) -> Iterable[Group]:
        yield from self.whole.groups
        for _, answer in self.cuts:
            yield from answer.groups


def overview(desk: Desk, asked: Asked, words: Words) -> Overview:
    """The whole page for one address and language."""
    sources = desk.sources()
    choices = (*(where_choice(d, desk.dimension_values(d), asked, words) for d in CUTS), *period_choices(asked, words))
    silent = tuple(s.name for s in sources if s.silent)
    left = sum(c.rows for c in desk.counts())
    if not any(s.rows for s in sources):
        return Overview("empty", words("Nothing has come in yet."), (), 0, 0, (), (), choices, silent, left)
    asks = [_asks(desk, name, versions[-1], asked, words) for name, versions in _by_id(desk.measures())]
    heard = [a for a in asks if any(_n(g) for g in a.whole.groups)]
    compared, news = _news(heard, asked, words)
    blocks = sorted((_block(a, asked, words) for a in heard), key=lambda b: b.verdict.mark in {"same", "unknown", "none"})
    quiet = tuple(a.measure.title(words.language) for a in asks if a not in heard)
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
    cuts = tuple(groups_view(answer, words, words("By " + d)) for d, answer in a.cuts)
    says = words(metric_of(a.measure).says)
    trend = trend_view(a.trend, words, words("Last 12 months, by month"))
    answers = words.many("{n} answer", "{n} answers", _n(group)) if group else ""
    return Block(a.id, title, says, answers, said, trend, cuts, how_we_know(a.whole, words), f"/measures/{a.id}{asked.query()}")


def _news(asks: Sequence[Asks], asked: Asked, words: Words) -> tuple[int, list[News]]:
    """How many comparisons the page makes, and those that stand when adjusted for all of them, surest first; then what cannot be told yet."""
    seen = [(a, g) for a in asks for g in a.groups() if g.change and g.change.p is not None]
    q = adjusted([g.change.p or 0.0 for _, g in seen if g.change]) if seen else []
    stands = sorted(((q_, a, g) for q_, (a, g) in zip(q, seen, strict=True) if q_ <= FALSE_RATE and words.tone(g) != "none"), key=lambda t: t[0])
    waits = [(a, g) for a in asks for g in a.whole.groups if g.change and g.change.move == "cannot tell"]
    return len(seen), [_item(a, g, asked, words) for a, g in [*((a, g) for _, a, g in stands), *waits[:2]]]


def _item(a: Asks, g: Group, asked: Asked, words: Words) -> News:
    mark = words.mark(g)
    cut = asked.cut_by(next(iter(g.key), "")).query()
    where = words.group(g) if g.key else ""
    return News(mark, words.mark_name(mark), words.tone(g), a.measure.title(words.language), where, g.sentence, f"/measures/{a.id}{cut}")


def _headline(changed: int, compared: int, words: Words) -> str:
    if not compared:
        return words("Here is how things stand.")
    if not changed:
        return words("Nothing has changed that can be told from chance.")
    return words.many("One thing has changed.", "{n} things have changed.", changed)
