"""One measure, by any dimension: the sentence, the groups beside their table, the trend of each, and how we know."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from gensvar.contracts import DIMENSIONS, Measure
from gensvar.measure import parse_question
from gensvar.measure.answer import Answer, Group
from gensvar.measure.metrics import metric_of
from gensvar.serve.web.annotate import NO_NOTES, Notes
from gensvar.serve.web.asked import Asked, Choice, by_choice, grain_choice, period_choices, where_choice
from gensvar.serve.web.blocks import Drawn, Fact, Verdict, groups_view, how_we_know, newest, trend_view, verdict
from gensvar.serve.web.charts import domain
from gensvar.serve.web.desk import Desk
from gensvar.serve.web.files_page import file_address, query_with, trend_address
from gensvar.serve.web.noted import Noted
from gensvar.serve.web.sentence import place_of, sentence_of
from gensvar.serve.web.words import Words

MOST_TRENDS = 12
TREND_PERIOD = "last 12 months"
FIRST = ("market", "channel")


@dataclass(frozen=True, slots=True)
class MeasurePage:
    """question: the whole question as a sentence; address: of this page with its filters; place: its filters in words; version: of the definition.

    save: where the page is had as a file, {form} standing for the ending; report: where a report on it is made.
    """

    id: str
    title: str
    question: str
    address: str
    where: str
    place: str
    today: str
    version: int
    says: str
    sentence: str
    verdict: Verdict | None
    groups: Drawn | None
    notes: tuple[Verdict, ...]
    trends: tuple[Drawn, ...]
    left_out: int
    know: tuple[Fact, ...]
    choices: tuple[Choice, ...]
    more_choices: tuple[Choice, ...]
    more_chosen: bool
    notes_on_charts: tuple[Noted, ...] = ()
    save: str = ""
    report: str = ""


def measure_page(desk: Desk, name: str, asked: Asked, words: Words, notes: Notes = NO_NOTES) -> MeasurePage:
    """The page of one measure. NotFound with the nearest where there is none."""
    measure = desk.measures().versions(name)[-1]
    today = desk.today()
    answer = desk.ask(parse_question(name, asked.by, asked.where_text, asked.period_text, "", asked.against_text, today=today), words.language)
    trend = desk.ask(parse_question(name, asked.by, asked.where_text, TREND_PERIOD, asked.grain, "", today=today), words.language)
    trends, left_out = _trends(trend, words, measure, asked, notes)

    def where(dimension: str) -> Choice:
        return where_choice(dimension, desk.dimension_values(dimension), asked, words)

    group = None if asked.by else newest(answer)
    return MeasurePage(
        id=name,
        title=measure.title(words.language),
        question=sentence_of(asked, measure, words),
        address=f"/measures/{name}{asked.query()}",
        where=asked.where_text,
        place=place_of(asked, words),
        today=today.isoformat(),
        version=measure.version,
        says=words(metric_of(measure).says),
        sentence=answer.sentence,
        verdict=verdict(group, words) if group else None,
        groups=replace(groups_view(answer, words, words.by(asked.by)), save=file_address(name, asked)) if asked.by else None,
        notes=tuple(verdict(g, words) for g in sorted(answer.groups, key=lambda g: words.tone(g) == "none")) if asked.by else (),
        trends=trends,
        left_out=left_out,
        know=how_we_know(answer, words),
        choices=(by_choice(asked, words), *(where(d) for d in FIRST), *period_choices(asked, words)),
        more_choices=(*(where(d) for d in DIMENSIONS if d not in FIRST), grain_choice(asked, words)),
        more_chosen=any(d not in FIRST for d in asked.where) or asked.grain != Asked().grain,
        notes_on_charts=notes.on(measure.id, asked, words),
        save=file_address(name, asked),
        report=f"/report{query_with(Asked(asked.where, asked.period, asked.against), measures=measure.id)}",
    )


def _trends(answer: Answer, words: Words, measure: Measure, asked: Asked, notes: Notes) -> tuple[tuple[Drawn, ...], int]:
    """One small chart for each group, all on one scale, and how many groups are left for the table."""
    firsts: dict[tuple[tuple[str, str | None], ...], Group] = {}
    for g in answer.groups:
        firsts.setdefault(tuple(sorted(g.key.items())), g)
    shown: Sequence[Group] = list(firsts.values())[:MOST_TRENDS]
    span = domain(g for g in answer.groups if any(dict(g.key) == dict(s.key) for s in shown))
    drawn = [trend_view(answer, words, words.group(g), g, span, notes.on(measure.id, asked, words, g.key)) for g in shown]
    saved = [replace(d, save=trend_address(answer.question.measure, asked, g.key)) for d, g in zip(drawn, shown, strict=True)]
    return tuple(saved), len(firsts) - len(shown)
