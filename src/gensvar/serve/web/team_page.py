"""Teams: each unit's own part, what works and what must be strengthened, and how its work bears on the whole."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from urllib.parse import quote, urlencode

from gensvar.contracts import DIMENSIONS, Measure
from gensvar.kit.errors import BadInput, NotFound, nearest
from gensvar.kit.language import phrase
from gensvar.measure import Question, parse_question
from gensvar.measure.answer import Answer, Estimate, Group
from gensvar.measure.bearing import Bearing, Bearings, Bears
from gensvar.serve.desks.compare import team_bearings
from gensvar.serve.web.asked import Asked, Choice, escaped, fixed_choice, period_choices, read_asked
from gensvar.serve.web.blocks import Drawn, Fact, Table, Verdict, how_we_know, trend_view, verdict
from gensvar.serve.web.charts_compare import bearing_chart, team_trend_chart
from gensvar.serve.web.compare_page import OF_NAMES
from gensvar.serve.web.desk import Desk
from gensvar.serve.web.gaps import gap_figure, gap_interval, gap_text, percent, unit_name
from gensvar.serve.web.heat import Cell, Column, Heat, Links, Row, heat_cell
from gensvar.serve.web.render import View
from gensvar.serve.web.standing import comparisons, standing
from gensvar.serve.web.visit import Page, Visit
from gensvar.serve.web.words import Mark, Tone, Words

TREND_PERIOD = "last 12 months"
MOST_TEAMS = 40
BEARS: Mapping[Bears, str] = {
    "lifts": phrase("The whole is higher with {team} than without: {gap}."),
    "lowers": phrase("The whole is lower with {team} than without: {gap}."),
    "not visible": phrase("It cannot be seen that {team} moves the whole: {gap}."),
    "too few": phrase("Too few answers to say how {team} bears on the whole."),
    "protected": phrase(
        "How {team} bears on the whole is not said: those who answered are protected, and a difference of two numbers would tell of the few between."
    ),
}


@dataclass(frozen=True, slots=True)
class Said:
    """One verdict that stands, in a sentence."""

    mark: Mark
    mark_name: str
    tone: Tone
    sentence: str
    href: str
    voices: str


@dataclass(frozen=True, slots=True)
class Block:
    """One measure of the team. beside: the team against the rest; bears: how it bears on the whole; given: that of every team as a chart."""

    id: str
    title: str
    verdict: Verdict
    beside: Verdict | None
    bears: str
    share: str
    trend: Drawn
    given: Drawn | None
    know: tuple[Fact, ...]
    href: str
    voices: str


@dataclass(frozen=True, slots=True)
class TeamPage:
    """works, strengthen: only verdicts that stand over all of the page. quiet: measures in which nobody answered for this team."""

    team: str
    dimension: str
    sentence: str
    works: tuple[Said, ...]
    strengthen: tuple[Said, ...]
    blocks: tuple[Block, ...]
    quiet: tuple[str, ...]
    compared: int
    choices: tuple[Choice, ...]
    all_href: str


@dataclass(frozen=True, slots=True)
class TeamsPage:
    """A row for each team, a column for each measure: each team against the rest."""

    sentence: str
    table: Heat | None
    left_out: int
    compared: int
    protected: tuple[str, ...]
    choices: tuple[Choice, ...]


def dimension_of(query: Mapping[str, str]) -> tuple[str, Asked]:
    """Which dimension the teams are, and the rest of what the address asks for. BadInput with the nearest."""
    name = query.get("dimension") or "unit"
    if name not in DIMENSIONS:
        do = f"Dimensions: {', '.join(DIMENSIONS)}."
        raise BadInput(f"No dimension {name!r}", where="in the address", nearest=nearest(name, DIMENSIONS), do=do)
    return name, read_asked({key: value for key, value in query.items() if key != "dimension"})


def newest_measures(desk: Desk) -> list[Measure]:
    """The newest version of each, by id."""
    ordered = sorted(desk.measures(), key=lambda m: (m.id, m.version))
    return [list(versions)[-1] for _, versions in groupby(ordered, key=lambda m: m.id)]


def _asking(visit: Visit, by: str, where: str, period: str, grain: str, compare: str) -> list[Question]:
    """The same question of every measure, so that one query answers them all."""
    measures = newest_measures(visit.desk)
    if not measures:
        return []
    shape = parse_question(measures[0].id, by, where, period, grain, compare, today=visit.desk.today())
    return [replace(shape, measure=m.id) for m in measures]


# ── all teams ────────────────────────────────────────────────────────────────────────────────────────────────────────


def teams(visit: Visit) -> View:
    dimension, asked = dimension_of(visit.query)
    return View("teams.html", teams_page(visit, dimension, asked), "teams")


def teams_page(visit: Visit, dimension: str, asked: Asked) -> TeamsPage:
    """Every team beside the others."""
    words = visit.words
    answers = visit.desk.ask_many(_asking(visit, dimension, asked.where_text, asked.period_text, "", "rest"), words.language)
    heard = [a for a in standing(answers) if any(g.key.get(dimension) and isinstance(g.verdict, Estimate) for g in a.groups)]
    heard.sort(key=lambda a: -sum(g.verdict.n for g in a.groups if isinstance(g.verdict, Estimate)))
    names = _teams_of(heard, dimension)
    apart = {g.key[dimension] for a in heard for g in a.groups if words.tone(g) != "none" and g.key[dimension]}
    protected = [_title(a, words) for a in heard if not any(g.change for g in a.groups)]
    table = _teams_table(heard, names[:MOST_TEAMS], dimension, asked, visit) if heard else None
    return TeamsPage(
        _teams_sentence(len(names), len(apart), words), table, max(0, len(names) - MOST_TEAMS), comparisons(heard), tuple(protected),
        (_dimension_choice(dimension, words), period_choices(asked, words)[0]),
    )  # fmt: skip


def _teams_of(answers: Sequence[Answer], dimension: str) -> list[str]:
    """The teams that have answers, by name."""
    return sorted({str(g.key[dimension]) for a in answers for g in a.groups if g.key.get(dimension)}, key=str.casefold)


def _title(answer: Answer, words: Words) -> str:
    return answer.groups[0].measure.title(words.language)


def _teams_sentence(teams: int, apart: int, words: Words) -> str:
    if not teams:
        return words("Nothing says which team it belongs to.")
    if not apart:
        return words("No team differs from the rest by more than chance.")
    return words.many("One team differs from the rest.", "{n} teams differ from the rest.", apart)


def _teams_table(answers: Sequence[Answer], names: Sequence[str], dimension: str, asked: Asked, visit: Visit) -> Heat:
    words = visit.words
    columns = tuple(Column(_title(a, words), href=f"/compare/{a.question.measure}?rows={dimension}&against=rest") for a in answers)
    rows = tuple(
        Row(
            words.value(dimension, name), tuple(_team_cell(a, name, dimension, asked, visit) for a in answers), href=team_href(name, dimension, asked)
        )
        for name in names
    )
    corner = words(dimension)
    return Heat(words("Each team against the rest, by measure"), corner[:1].upper() + corner[1:], columns, rows)


def _team_cell(answer: Answer, name: str, dimension: str, asked: Asked, visit: Visit) -> Cell:
    newest = max(g.measure.version for g in answer.groups)
    group = next((g for g in answer.groups if g.key[dimension] == name and g.measure.version == newest), None)
    links = Links(lambda g: _measure_href(g.measure.id, dimension, name, asked), lambda g: _voices_href(visit, g.measure.id, dimension, name, asked))
    return heat_cell(group, visit.words, links, beside_rest=True)


def team_href(name: str, dimension: str, asked: Asked) -> str:
    query = {} if dimension == "unit" else {"dimension": dimension}
    query |= {"period": asked.period} if asked.period != Asked().period else {}
    return f"/teams/{quote(name, safe='')}" + (f"?{urlencode(query)}" if query else "")


def _measure_href(measure: str, dimension: str, name: str, asked: Asked) -> str:
    return f"/measures/{measure}{replace(asked, where={**asked.where, dimension: escaped(name)}).query()}"


def _voices_href(visit: Visit, measure: str, dimension: str, name: str, asked: Asked) -> str:
    if not visit.may("voices"):
        return ""
    return "/voices?" + urlencode({"measure": measure, **asked.where, dimension: escaped(name), "period": asked.period})


def _dimension_choice(dimension: str, words: Words) -> Choice:
    return fixed_choice("dimension", "what a team is", OF_NAMES, dimension, words)


# ── one team ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def team(visit: Visit) -> View:
    dimension, asked = dimension_of(visit.query)
    return View("team.html", team_page(visit, visit.named("unit"), dimension, asked), "teams")


@dataclass(frozen=True, slots=True)
class Asks:
    """The answers about one measure: the team itself, the team beside the rest, both trends, and how each team bears on the whole."""

    own: Answer
    beside: Answer
    trend: Answer
    rest: Answer
    bearings: Bearings | None

    @property
    def group(self) -> Group:
        return max(self.own.groups, key=lambda g: g.measure.version)


def team_page(visit: Visit, name: str, dimension: str, asked: Asked) -> TeamPage:
    """The page of one team. NotFound with the nearest where nothing says that it exists."""
    words, known = visit.words, visit.desk.dimension_values(dimension)
    if name not in known:
        raise NotFound(f"No {dimension} {name!r}", nearest=nearest(name, known), do="The Teams page lists them.")
    every = _team_asks(visit, name, known, dimension, asked)
    heard = [a for a in every if any(isinstance(g.verdict, Estimate) for g in a.own.groups)]
    stands = iter(standing([x for a in heard for x in (a.own, a.beside)]))
    heard = [replace(a, own=next(stands), beside=next(stands)) for a in heard]
    said = [(one.tone, one) for a in heard for one in _said(a, visit, name, dimension, asked)]
    works, strengthen = (tuple(one for tone, one in said if tone == wanted) for wanted in ("better", "worse"))
    title = words.value(dimension, name)
    return TeamPage(
        title, dimension, _sentence(title, works, strengthen, words), works, strengthen,
        tuple(_block(a, visit, name, dimension, asked) for a in sorted(heard, key=_weight)),
        tuple(_title(a.own, words) for a in every if a.own.question.measure not in {h.own.question.measure for h in heard} and a.own.groups),
        comparisons([x for a in heard for x in (a.own, a.beside)]),
        (_dimension_choice(dimension, words), *period_choices(asked, words)), "/teams" + ("" if dimension == "unit" else f"?dimension={dimension}"),
    )  # fmt: skip


def _weight(a: Asks) -> tuple[bool, int]:
    """What has most answers first; protected measures last."""
    n = a.group.verdict.n if isinstance(a.group.verdict, Estimate) else 0
    return a.bearings is not None and any(b.bears == "protected" for b in a.bearings.groups), -n


def _team_asks(visit: Visit, name: str, known: Sequence[str], dimension: str, asked: Asked) -> list[Asks]:
    """Everything about every measure: five questions, each answered by one query."""
    own = replace(asked, where={**asked.where, dimension: escaped(name)}).where_text
    others = ",".join([*(escaped(v) for v in known if v != name), ""])
    rest = replace(asked, where={**asked.where, dimension: others}).where_text
    whole = asked.where_text
    shapes = (
        _asking(visit, "", own, asked.period_text, "", asked.against_text),
        _asking(visit, dimension, whole, asked.period_text, "", "rest"),
        _asking(visit, "", own, TREND_PERIOD, "month", ""),
        _asking(visit, "", rest, TREND_PERIOD, "month", ""),
    )
    answers = [visit.desk.ask_many(questions, visit.words.language) for questions in shapes]
    bears = team_bearings(visit.house, visit.scope, _asking(visit, dimension, whole, asked.period_text, "", ""))
    found = {b.question.measure: b for b in bears}
    return [Asks(a, _of_team(b, dimension, name), t, r, found.get(a.question.measure)) for a, b, t, r in zip(*answers, strict=True)]


def _of_team(answer: Answer, dimension: str, name: str) -> Answer:
    """Only the team's own groups: the comparisons of other teams are not made on its page."""
    return replace(answer, groups=tuple(g for g in answer.groups if g.key.get(dimension) == name))


def _said(a: Asks, visit: Visit, name: str, dimension: str, asked: Asked) -> Iterator[Said]:
    """The verdicts of one measure that stand: how it moved, and how it lies beside the rest."""
    words, id_ = visit.words, a.own.question.measure
    href, voices = _measure_href(id_, dimension, name, asked), _voices_href(visit, id_, dimension, name, asked)
    for group in (a.group, *_current(a)):
        if words.tone(group) != "none":
            mark = words.mark(group)
            yield Said(mark, words.mark_name(mark), words.tone(group), group.sentence, href, voices)


def _current(a: Asks) -> Iterable[Group]:
    """The team beside the rest, of the newest version."""
    return [g for g in a.beside.groups if g.measure.key == a.group.measure.key]


def _sentence(title: str, works: Sequence[Said], strengthen: Sequence[Said], words: Words) -> str:
    if works and strengthen:
        return words("{team}: something works, and something must be strengthened.", team=title)
    if works:
        return words("{team}: what can be told from chance is for the better.", team=title)
    if strengthen:
        return words("{team}: something must be strengthened.", team=title)
    return words("{team}: nothing can be told from chance.", team=title)


def _block(a: Asks, visit: Visit, name: str, dimension: str, asked: Asked) -> Block:
    words, group, id_ = visit.words, a.group, a.own.question.measure
    own = next((b for b in a.bearings.groups if b.key.get(dimension) == name or b.bears == "protected"), None) if a.bearings else None
    beside = next(iter(_current(a)), None)
    team_name = words.value(dimension, name)
    return Block(
        id_, group.measure.title(words.language), verdict(group, words), verdict(beside, words) if beside and beside.change else None,
        _bears(own, a.bearings, team_name, words) if own and a.bearings else "",
        words("{share} of the answers", share=percent(own.share, words)) if own and own.share is not None else "",
        _trend(a, words), _given(a.bearings, dimension, words) if a.bearings and own and own.bears != "protected" else None,
        how_we_know(a.own, words), _measure_href(id_, dimension, name, asked), _voices_href(visit, id_, dimension, name, asked),
    )  # fmt: skip


def _bears(b: Bearing, found: Bearings, team_name: str, words: Words) -> str:
    gap = gap_text(found.measure, b.value, b.low, b.high, words) if b.value is not None and b.low is not None and b.high is not None else ""
    return words(BEARS[b.bears], team=team_name, gap=gap)


def _trend(a: Asks, words: Words) -> Drawn:
    """The team's trend, with the rest beside it where there is one; the table is the team's."""
    drawn = trend_view(a.trend, words, words("Last 12 months, by month, beside the rest"))
    if drawn.spec is None:
        return drawn
    return replace(drawn, spec=team_trend_chart(a.trend, a.rest, words, a.group.measure.key))


def _given(found: Bearings, dimension: str, words: Words) -> Drawn | None:
    """What each team gives the whole, as a chart and a table."""
    title = words("How each bears on the whole, {unit}", unit=unit_name(found.measure, words))
    head = (words("group"), words("the whole less the whole without"), words("95 % interval"), words("answers"), words("share"))
    known = [b for b in found.groups if b.value is not None]
    if not known:
        return None
    return Drawn(
        title,
        Table(title, head, tuple(_given_row(b, found, dimension, words) for b in found.groups)),
        bearing_chart(found, words, title),
        kind="bearing",
    )


def _given_row(b: Bearing, found: Bearings, dimension: str, words: Words) -> tuple[str, ...]:
    name, share = words.value(dimension, b.key.get(dimension)), percent(b.share, words) if b.share is not None else "–"
    if b.value is None or b.low is None or b.high is None:
        return name, "–", "–", words.number(b.n), share
    m = found.measure
    return name, gap_figure(m, b.value, b.low, b.high, words), gap_interval(m, b.low, b.high, words), words.number(b.n), share


PAGES = (
    Page("/teams", "answers", teams, "/teams?dimension=market"),
    Page("/teams/{unit:str}", "answers", team, "/teams/NO?dimension=market"),
)
FORMS = ()
