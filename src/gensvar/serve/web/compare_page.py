"""Compare: any two dimensions as rows and columns, a third beside, and the local patterns that the total hides."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from litestar import Response

from gensvar.contracts import DIMENSIONS, Measure
from gensvar.kit.errors import BadInput, nearest
from gensvar.kit.language import phrase
from gensvar.measure import Question, metric_of, parse_question
from gensvar.measure.answer import Answer, Group
from gensvar.measure.local import Pattern, Patterns
from gensvar.serve.desks.compare import patterns
from gensvar.serve.export import Form, Look
from gensvar.serve.web.asked import AGAINST, KNOWN, Asked, Choice, escaped, fixed_choice, period_choices, read_asked, where_choice
from gensvar.serve.web.blocks import Fact, how_we_know
from gensvar.serve.web.files_page import asked_file, given
from gensvar.serve.web.gaps import gap_text, percent
from gensvar.serve.web.heat import Cell, Column, Heat, Key, Links, Row, by_key, heat_cell, order
from gensvar.serve.web.render import View
from gensvar.serve.web.standing import comparisons, standing
from gensvar.serve.web.visit import Page, Visit
from gensvar.serve.web.words import Mark, Tone, Words

OWN = ("rows", "columns", "each")
AGAINST_TOO = {**AGAINST, "rest": phrase("the rest of the table")}
MOST_ROWS, MOST_COLUMNS, MOST_EACH = 24, 8, 6
OF_NAMES = {
    "market": phrase("markets"), "segment": phrase("segments"), "channel": phrase("channels"), "journey": phrase("journeys"),
    "touchpoint": phrase("touchpoints"), "product": phrase("products"), "unit": phrase("units"),
}  # fmt: skip
ALL_OF = {
    "market": phrase("All markets"), "segment": phrase("All segments"), "channel": phrase("All channels"), "journey": phrase("All journeys"),
    "touchpoint": phrase("All touchpoints"), "product": phrase("All products"), "unit": phrase("All units"),
}  # fmt: skip
MARKS: Mapping[str, Mark] = {"rose": "rose", "fell": "fell", "held": "same", "higher": "rose", "lower": "fell"}


@dataclass(frozen=True, slots=True)
class Cut:
    """What the table is made of. each: the dimension whose values have a table of their own; empty for one table."""

    asked: Asked
    rows: str = "market"
    columns: str = "channel"
    each: str = ""

    @property
    def dims(self) -> tuple[str, ...]:
        return tuple(d for d in (self.each, self.rows, self.columns) if d)

    @property
    def against(self) -> str:
        return "rest" if self.asked.against == "rest" else self.asked.against_text


@dataclass(frozen=True, slots=True)
class Finding:
    """One local pattern. gap: how differently it moved, with its interval; share: of all answers."""

    mark: Mark
    mark_name: str
    tone: Tone
    sentence: str
    gap: str
    share: str
    href: str
    voices: str


@dataclass(frozen=True, slots=True)
class ComparePage:
    """patterns: what the total hides or blurs, surest first; the first of them is the sentence on top. left_out: rows, columns, tables not shown."""

    id: str
    title: str
    sentence: str
    mark: Mark
    mark_name: str
    tone: Tone
    patterns: tuple[Finding, ...]
    searched: str
    search_notes: tuple[str, ...]
    whole: Cell
    tables: tuple[Heat, ...]
    left_out: int
    compared: int
    beside_rest: bool
    know: tuple[Fact, ...]
    choices: tuple[Choice, ...]
    cuts: tuple[Choice, ...]
    more_choices: tuple[Choice, ...]
    more_chosen: bool
    measure_href: str
    save: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A measure to choose."""

    id: str
    title: str
    says: str
    href: str


@dataclass(frozen=True, slots=True)
class ChoosePage:
    measures: tuple[Listed, ...]


def read_cut(query: Mapping[str, str]) -> Cut:
    """What an address asks for. BadInput for a dimension that is none, or named twice, with the nearest."""
    plain, known = Cut(Asked()), {*KNOWN, *OWN}
    for name in query:
        if name not in known:
            do = f"Filters: {', '.join(sorted(known))}."
            raise BadInput(f"No filter {name!r}", where="in the address", nearest=nearest(name, known), do=do)
    asked = read_asked({name: value for name, value in query.items() if name not in OWN})
    rows, columns, each = query.get("rows") or plain.rows, query.get("columns", plain.columns), query.get("each", "")
    for name in (rows, columns, each):
        if name and name not in DIMENSIONS:
            raise BadInput(
                f"No dimension {name!r}", where="in the address", nearest=nearest(name, DIMENSIONS), do=f"Dimensions: {', '.join(DIMENSIONS)}."
            )
    columns = next(d for d in ("market", "segment") if d != rows) if columns in {"", rows} else columns
    return Cut(asked, rows, columns, "" if each in {rows, columns} else each)


def compare(visit: Visit) -> View | Response[Any]:
    name, form = asked_file(visit.desk, visit.named("measure"))
    if form is not None:
        return compare_file(visit, name, form)
    return View("compare.html", compare_page(visit, name, read_cut(visit.query)), "compare")


def compare_file(visit: Visit, name: str, form: Form) -> Response[Any]:
    """The cells of the tables as a file; what changed stands over the whole page, as it does there."""
    query = dict(visit.query)
    mode = query.pop("mode", "light")
    answers = standing(visit.desk.ask_many(_questions(visit, name, read_cut(query)), visit.words.language))
    return given(visit, answers[-1], form, Look(mode))


def compare_page(visit: Visit, name: str, cut: Cut) -> ComparePage:
    """The page of one measure. NotFound with the nearest where there is none."""
    desk, words, asked = visit.desk, visit.words, cut.asked
    measure = desk.measures().versions(name)[-1]
    answers = standing(desk.ask_many(_questions(visit, name, cut), words.language))
    search = _searched(visit, name, cut)
    found = desk.kept(("patterns", search.key, words.language), lambda: patterns(visit.house, visit.scope, search, words.language))
    links = Links(lambda g: _measure_href(name, cut, g.key), lambda g: _voices_href(visit, name, asked, g.key))
    tables, left_out = _tables(answers, cut, words, links)
    whole = _newest(answers[0])
    first = found.patterns[0] if found.patterns else None
    tone = _tone(first, measure) if first else "none"
    mark: Mark = MARKS[first.way] if first else words.mark(whole) if whole else "none"
    return ComparePage(
        id=name, title=measure.title(words.language), sentence=found.sentence if not found.why and found.tested else answers[0].sentence,
        mark=mark, mark_name=words.mark_name(mark), tone=tone if first else words.tone(whole) if whole else "none",
        patterns=tuple(finding(p, found, visit, name, cut) for p in found.patterns),
        searched="" if found.tested and not found.why else found.sentence, search_notes=found.notes,
        whole=heat_cell(whole, words, links, beside_rest=False),
        tables=tables, left_out=left_out, compared=comparisons(answers), beside_rest=cut.against == "rest", know=how_we_know(answers[-1], words),
        choices=tuple(_choices(visit, cut)), cuts=tuple(_cut_choices(cut, words)), more_choices=tuple(_more(visit, cut)),
        more_chosen=any(d not in {"market", "channel"} for d in asked.where), measure_href=f"/measures/{name}{_plain(asked).query()}",
        save=f"/compare/{name}.{{form}}?{urlencode({**asked.where, 'period': asked.period, 'against': asked.against, **_own(cut)})}",
    )  # fmt: skip


def _questions(visit: Visit, name: str, cut: Cut) -> list[Question]:
    """The whole, the margins of rows and columns, and the cells; the whole has no rest."""
    today, asked = visit.desk.today(), cut.asked
    lead = (cut.each,) if cut.each else ()
    shapes = ((), lead, (*lead, cut.rows), (*lead, cut.columns), cut.dims)
    return [
        parse_question(name, ",".join(by), asked.where_text, asked.period_text, "", cut.against if by or cut.against != "rest" else "", today=today)
        for by in shapes
    ]


def _own(cut: Cut) -> dict[str, str]:
    return {"rows": cut.rows, "columns": cut.columns, **({"each": cut.each} if cut.each else {})}


def _searched(visit: Visit, name: str, cut: Cut) -> Question:
    against = "" if cut.against == "rest" else cut.against
    return parse_question(name, "", cut.asked.where_text, cut.asked.period_text, "", against, today=visit.desk.today())


def _newest(answer: Answer) -> Group | None:
    return max(answer.groups, key=lambda g: g.measure.version, default=None)


def _tables(answers: Sequence[Answer], cut: Cut, words: Words, links: Links) -> tuple[tuple[Heat, ...], int]:
    """One table, or one for each value of the third dimension; and how many rows, columns and tables are left out."""
    _, each, rows, columns, cells = (by_key(a.groups, a.question.by) for a in answers)
    names = [order(answers[at].groups, d) for at, d in ((2, cut.rows), (3, cut.columns))]
    shown = names[0][:MOST_ROWS], names[1][:MOST_COLUMNS]
    tables: list[Key] = [(v,) for v in order(answers[1].groups, cut.each)] if cut.each else [()]
    made = tuple(_table(key, shown, (each, rows, columns, cells), cut, words, links) for key in tables[:MOST_EACH])
    left_out = len(names[0]) - len(shown[0]) + len(names[1]) - len(shown[1]) + len(tables) - len(made)
    return made, left_out


def _table(
    lead: Key, names: tuple[list[str | None], list[str | None]], groups: Sequence[Mapping[Key, Group]], cut: Cut, words: Words, links: Links
) -> Heat:
    whole, rows, columns, cells = groups
    rest = cut.against == "rest"

    def shown(group: Group | None) -> Cell:
        return heat_cell(group, words, links, beside_rest=rest)

    def row(value: str | None) -> Row:
        return Row(words.value(cut.rows, value), (*(shown(cells.get((*lead, value, c))) for c in names[1]), shown(rows.get((*lead, value)))))

    last = Row(words(ALL_OF[cut.rows]), (*(shown(columns.get((*lead, c))) for c in names[1]), shown(whole.get(lead))), whole=True)
    head = (*(Column(words.value(cut.columns, c)) for c in names[1]), Column(words(ALL_OF[cut.columns]), whole=True))
    title = words.value(cut.each, lead[0]) if lead else ""
    corner = words(cut.rows)
    caption = words("{rows} by {columns}", rows=words(OF_NAMES[cut.rows]), columns=words(cut.columns))
    caption = caption[:1].upper() + caption[1:] + (f": {title}" if title else "")
    return Heat(caption, corner[:1].upper() + corner[1:], head, (*(row(v) for v in names[0]), last), title)


def _plain(asked: Asked) -> Asked:
    """What Measure understands: it knows no rest where nothing is cut."""
    return replace(asked, against=Asked().against) if asked.against == "rest" else asked


def _where(asked: Asked, key: Mapping[str, str | None]) -> dict[str, str] | None:
    """The filters with those of a cell; None where one of its values is not stated, which an address cannot ask for."""
    if any(v is None for v in key.values()):
        return None
    return {**asked.where, **{d: escaped(v) for d, v in key.items() if v is not None}}


def _measure_href(name: str, cut: Cut, key: Mapping[str, str | None]) -> str:
    where = _where(cut.asked, key)
    return "" if where is None else f"/measures/{name}{replace(_plain(cut.asked), where=where).query()}"


def _voices_href(visit: Visit, name: str, asked: Asked, key: Mapping[str, str | None]) -> str:
    where = _where(asked, key)
    if where is None or not visit.may("voices"):
        return ""
    return "/voices?" + urlencode({"measure": name, **where, "period": asked.period})


def finding(p: Pattern, found: Patterns, visit: Visit, name: str, cut: Cut) -> Finding:
    """One local pattern as a reader sees it, with where to go on."""
    words, mark = visit.words, MARKS[p.way]
    named = words("higher than the rest") if p.way == "higher" else words("lower than the rest") if p.way == "lower" else words.mark_name(mark)
    gap = words("{gap} against the rest", gap=gap_text(found.measure, p.gap.value, p.gap.low, p.gap.high, words))
    share = words("{share} of the answers", share=percent(p.share, words))
    voices = _voices_href(visit, name, cut.asked, p.key)
    return Finding(mark, named, _tone(p, found.measure), p.sentence, gap, share, _measure_href(name, cut, p.key), voices)


def _tone(p: Pattern, measure: Measure) -> Tone:
    if p.way == "held":
        return "none"
    return "better" if (p.way in {"rose", "higher"}) == (measure.better == "up") else "worse"


def _choices(visit: Visit, cut: Cut) -> Iterator[Choice]:
    period, _ = period_choices(cut.asked, visit.words)
    yield period
    yield fixed_choice("against", "compared with", AGAINST_TOO, cut.asked.against, visit.words)


def _cut_choices(cut: Cut, words: Words) -> Iterator[Choice]:
    for name, label, now in (("rows", "rows", cut.rows), ("columns", "columns", cut.columns)):
        yield fixed_choice(name, label, OF_NAMES, now, words)
    each = {"": "one table", **{d: text for d, text in OF_NAMES.items() if d not in {cut.rows, cut.columns}}}
    yield fixed_choice("each", "a table for each of", each, cut.each, words)


def _more(visit: Visit, cut: Cut) -> Iterator[Choice]:
    for dimension in DIMENSIONS:
        yield where_choice(dimension, visit.desk.dimension_values(dimension), cut.asked, visit.words)


def choose(visit: Visit) -> View:
    """The measures to compare, by name."""
    words = visit.words
    ordered = sorted(visit.desk.measures(), key=lambda m: (m.id, m.version))
    newest = [list(versions)[-1] for _, versions in groupby(ordered, key=lambda m: m.id)]
    listed = (Listed(m.id, m.title(words.language), words(metric_of(m).says), f"/compare/{m.id}") for m in newest)
    return View("compare_choose.html", ChoosePage(tuple(sorted(listed, key=lambda one: one.title.casefold()))), "compare")


PAGES = (
    Page("/compare", "answers", choose, "/compare"),
    Page("/compare/{measure:str}", "answers", compare, "/compare/csat.delivery?each=segment"),
)
FORMS = ()
