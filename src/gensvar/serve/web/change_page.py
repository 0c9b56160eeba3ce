"""Why did it change: who answered and what they said, step by step; what is spoken of; and the local patterns that the total hides."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, cast
from urllib.parse import unquote, urlencode

from gensvar.contracts import DIMENSIONS
from gensvar.contracts.tone import TONE
from gensvar.explain.change import Decomposed, Spoken
from gensvar.explain.change.tell import whole_text
from gensvar.kit.language import phrase, translator
from gensvar.measure import Question, parse_question
from gensvar.measure.answer import Answer, Change, Group
from gensvar.measure.local import Patterns
from gensvar.serve.desks import why_change
from gensvar.serve.desks.compare import patterns
from gensvar.serve.web import change_views as views
from gensvar.serve.web.asked import AGAINST, Asked, Choice, escaped, fixed_choice, period_choices, read_asked, voices_href, where_choice
from gensvar.serve.web.blocks import Drawn, Fact, Table, newest
from gensvar.serve.web.compare_page import Cut, Finding, finding
from gensvar.serve.web.render import View
from gensvar.serve.web.standing import standing
from gensvar.serve.web.visit import Page, Visit
from gensvar.serve.web.words import BY_NAMES, Mark, Tone, Words

OVER_TIME = frozenset({"previous", "year_before", "period"})
FIRST = ("market", "channel")
MOST_GROUPS = 12
NOTHING = {"previous": AGAINST["previous"], "year before": AGAINST["year before"]}


@dataclass(frozen=True, slots=True)
class Next:
    """Where to go on with the same filters."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Topics:
    """What of the change goes with what is spoken of. sums: its two parts."""

    sentence: str
    sums: tuple[tuple[str, str], ...]
    table: Table | None
    read: str


@dataclass(frozen=True, slots=True)
class Local:
    """The local patterns that the total hides. none: why there are none; href: where the tables are."""

    findings: tuple[Finding, ...]
    none: str
    notes: tuple[str, ...]
    href: str


@dataclass(frozen=True, slots=True)
class ChangePage:
    """why: why nothing can be taken apart, in a word; empty where it was."""

    id: str
    title: str
    why: str
    sentence: str
    mark: Mark
    mark_name: str
    tone: Tone
    whole: str
    drawn: Drawn | None
    dimensions: Table | None
    topics: Topics | None
    local: Local | None
    next: tuple[Next, ...]
    know: tuple[Fact, ...]
    choices: tuple[Choice, ...]
    more_choices: tuple[Choice, ...]
    more_chosen: bool
    address: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A measure with its change."""

    title: str
    says: str
    mark: Mark
    mark_name: str
    tone: Tone
    href: str


@dataclass(frozen=True, slots=True)
class ChoosePage:
    measures: tuple[Listed, ...]


# ── which measure ──

HELD = phrase("No measure has visibly changed as a whole in the last three months. What the total hides stands on the page of each.")


def choose(visit: Visit) -> View:
    """Every measure with its change; what moved first."""
    w = visit.words
    listed = [_listed(answer, w) for answer in _changes(visit)]
    ordered = tuple(sorted(listed, key=lambda one: (one.mark not in {"rose", "fell"}, one.title.casefold())))
    return View("change_choose.html", ChoosePage(ordered), "why")


def _changes(visit: Visit) -> list[Answer]:
    """Each measure, the last three months against those before, judged together."""
    today = visit.desk.today()
    names = [name for name, _ in groupby(sorted(m.id for m in visit.desk.measures()))]
    asked = [parse_question(name, "", "", Asked().period, "", Asked().against, today=today) for name in names]
    return standing(visit.desk.ask_many(asked, visit.words.language))


def _listed(answer: Answer, words: Words) -> Listed:
    group = newest(answer)
    mark = words.mark(group) if group else "none"
    title = group.measure.title(words.language) if group else answer.question.measure
    return Listed(
        title, answer.sentence, mark, words.mark_name(mark), words.tone(group) if group else "none", f"/why/change/{answer.question.measure}"
    )


def lead(visit: Visit) -> tuple[str, ...]:
    """Today's answer for the room's own page: what moved most visibly, taken apart; or that nothing did as a whole."""
    changes = _changes(visit)
    moved = [(c, a) for a in changes if (g := newest(a)) and (c := g.change) and c.move in {"rose", "fell"}]
    if not moved:
        return (visit.words(HELD),) if changes else ()
    _, answer = min(moved, key=lambda pair: _sureness(pair[0]))
    return (why_change.parts_of(cast("Any", visit.desk), answer.question, visit.words.language).sentence,)


def _sureness(c: Change) -> float:
    return c.q if c.q is not None else 1.0


# ── one measure ──

READ = phrase("Of {n} answers now and {m} before, {k} and {j} come with a text that was read. An answer that speaks of two topics is half in each.")
READ_GROUPS = phrase(
    "Of {n} answers in this group and {m} in the other, {k} and {j} come with a text that was read. "
    "An answer that speaks of two topics is half in each."
)


def change(visit: Visit) -> View:
    """The page of one measure. NotFound with the nearest where there is none."""
    name, asked = visit.named("measure"), read_asked(visit.query)
    return View("change.html", change_page(visit, name, asked), "why")


def change_page(visit: Visit, name: str, asked: Asked) -> ChangePage:
    desk, w = cast("Any", visit.desk), visit.words
    measure = visit.desk.measures().versions(name)[-1]
    question = _question(visit, name, asked)
    found = why_change.parts_of(desk, question, w.language) if question else None
    group = Group({}, found.measure, found.now, change=found.change) if found else None
    mark = w.mark(group) if group else "none"
    told = found is not None and not found.why
    return ChangePage(
        id=name, title=measure.title(w.language), why=found.why if found else "nothing",
        sentence=found.sentence if found else w("Choose a period, and what to hold it against: without that, there is no change."),
        mark=mark, mark_name=w.mark_name(mark), tone=w.tone(group) if group else "none", whole=_whole(found, w) if found else "",
        drawn=views.steps_drawn(found, w) if found and told else None, dimensions=views.dimensions_table(found, w) if found and told else None,
        topics=_topics(visit, found) if found and told else None, local=_local(visit, name, asked, question) if question and told else None,
        next=tuple(_next(visit, name, asked)), know=views.know(found, w) if found else (),
        choices=tuple(_choices(visit, asked)), more_choices=tuple(_more(visit, asked)), more_chosen=any(d not in FIRST for d in asked.where),
        address=f"/why/change/{name}{asked.query()}",
    )  # fmt: skip


def _question(visit: Visit, name: str, asked: Asked) -> Question | None:
    """What is compared; None where nothing is."""
    against = asked.against if "=" in asked.against else asked.against_text
    if not against:
        return None
    return parse_question(name, asked.by, asked.where_text, asked.period_text, "", against, today=visit.desk.today())


def _whole(d: Decomposed, words: Words) -> str:
    return whole_text(d, translator(words.language))


def _topics(visit: Visit, d: Decomposed) -> Topics:
    w, s = visit.words, why_change.spoken_of(cast("Any", visit.desk), d)
    taxonomy = visit.house.ledger.taxonomies.current()
    shown = views.topics_table(s, d, taxonomy, w) if s.cells else None
    return Topics(views.topics_sentence(s, d, taxonomy, w), views.topics_sums(s, d, w), shown, _read(s, d, w))


def _read(s: Spoken, d: Decomposed, w: Words) -> str:
    if not s.n[0]:
        return ""
    return w(
        READ_GROUPS if views.of_groups(d) else READ,
        n=w.number(s.n[0]), m=w.number(s.n[1]), k=w.number(s.read[0]), j=w.number(s.read[1]),
    )  # fmt: skip


def _local(visit: Visit, name: str, asked: Asked, question: Question) -> Local | None:
    """The search of the page Compare, on the same question; none for two groups, which have no rest."""
    if question.compare is None or question.compare.how not in OVER_TIME:
        return None
    w, search = visit.words, replace(question, by=())
    found: Patterns = visit.desk.kept(("patterns", search.key, w.language), lambda: patterns(visit.house, visit.scope, search, w.language))
    findings = tuple(finding(p, found, visit, name, Cut(asked)) for p in found.patterns)
    return Local(findings, "" if findings else found.sentence, found.notes, f"/compare/{name}{replace(asked, by='').query()}")


def _next(visit: Visit, name: str, asked: Asked) -> Iterator[Next]:
    w, plain = visit.words, replace(asked, by="")
    if visit.may("voices"):
        yield Next(w("The voices behind it"), voices_href(plain, name))
    if name.partition("@")[0] != TONE.id:
        yield Next(w("What matters most"), f"/why/drivers?{urlencode({'outcome': name})}")
        yield Next(w("What goes with this score in what people write"), f"/why/impact/{name}")
    yield Next(w("Measure"), f"/measures/{name}{asked.query()}")
    yield Next(w("Compare"), f"/compare/{name}{plain.query()}")


def _choices(visit: Visit, asked: Asked) -> Iterator[Choice]:
    w = visit.words
    yield fixed_choice("by", "told apart by", {"": "by market", **{d: BY_NAMES[d] for d in DIMENSIONS if d != "market"}}, asked.by, w)
    yield from (where_choice(d, visit.desk.dimension_values(d), asked, w) for d in FIRST)
    yield period_choices(asked, w)[0]
    yield fixed_choice("against", "compared with", {**NOTHING, **dict(_groups(visit, asked))}, asked.against, w)


def _groups(visit: Visit, asked: Asked) -> Iterator[tuple[str, str]]:
    """The other values of the first dimension that is held to one: two groups in one period."""
    dim = next((d for d in DIMENSIONS if asked.where.get(d) and "," not in asked.where[d]), None)
    if dim is not None:
        for value in visit.desk.dimension_values(dim)[:MOST_GROUPS]:
            if escaped(value) != asked.where[dim]:
                yield f"{dim}={escaped(value)}", visit.words.value(dim, unquote(value))


def _more(visit: Visit, asked: Asked) -> Iterator[Choice]:
    for dimension in DIMENSIONS:
        if dimension not in FIRST:
            yield where_choice(dimension, visit.desk.dimension_values(dimension), asked, visit.words)


PAGES = (
    Page("/why/change", "answers", choose, "/why/change"),
    Page("/why/change/{measure:str}", "answers", change, "/why/change/csat.delivery?market=NO"),
)
FORMS = ()
