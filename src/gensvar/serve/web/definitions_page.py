"""Definitions: the words that all agree on, who answers for them, and how one is changed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Any

from litestar import Response
from litestar.datastructures import FormMultiDict

from gensvar import flow
from gensvar.contracts import Contract, Measure
from gensvar.kit.errors import BadInput
from gensvar.kit.language import phrase
from gensvar.ledger import Proposal, Remark
from gensvar.measure.answer import Answer
from gensvar.measure.metrics import metric_of
from gensvar.measure.question import Question
from gensvar.serve.desks import definitions
from gensvar.serve.desks.definitions import Feed, Local
from gensvar.serve.web.desk import Desk
from gensvar.serve.web.figures import moment
from gensvar.serve.web.meanings import AUDIENCES, DIMENSIONS, KINDS
from gensvar.serve.web.render import View
from gensvar.serve.web.visit import Form, Page, Visit, go
from gensvar.serve.web.words import LANGUAGES, Words

BETTER = {"up": phrase("higher is better"), "down": phrase("lower is better")}
NOT_SHOWN = "–"
MOST_VALUES = 20
STATES = {"open": phrase("waits for its owner"), "approved": phrase("approved"), "declined": phrase("declined"), "withdrawn": phrase("withdrawn")}


@dataclass(frozen=True, slots=True)
class Line:
    """One measure in the list. answers: of all its versions, within the reader's scope."""

    id: str
    title: str
    says: str
    version: int
    owner: str
    answers: str
    waiting: int
    asked_by: tuple[str, ...]
    href: str


@dataclass(frozen=True, slots=True)
class Meaning:
    """An agreed word: what it is called here, what it means, and what each source calls it. values: of a dimension, most frequent first."""

    name: str
    title: str
    says: str
    local: tuple[Local, ...]
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DefinitionsPage:
    measures: tuple[Line, ...]
    unowned: int
    kinds: tuple[Meaning, ...]
    audiences: tuple[Meaning, ...]
    dimensions: tuple[Meaning, ...]


@dataclass(frozen=True, slots=True)
class VersionView:
    """One version in full. wording: language's name → how it is asked. since: the first day it was asked, else the day it came into force here."""

    version: int
    facts: tuple[tuple[str, str], ...]
    wording: tuple[tuple[str, str, str], ...]
    feeds: tuple[Feed, ...]
    answers: str
    note: str


@dataclass(frozen=True, slots=True)
class ProposalView:
    """changes: what, from, to. mine: whether the reader made it."""

    id: int
    by: str
    at: str
    why: str
    state: str
    state_name: str
    settled_by: str
    reason: str
    changes: tuple[tuple[str, str, str], ...]
    mine: bool


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the form that proposes a version."""

    name: str
    label: str
    value: str
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class DefinitionPage:
    id: str
    title: str
    says: str
    metric: str
    owner: str
    versions: tuple[VersionView, ...]
    proposals: tuple[ProposalView, ...]
    remarks: tuple[Remark, ...]
    fields: tuple[Field, ...]
    href: str


# ── the list ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def definitions_page(desk: Desk, contracts: Sequence[Contract], proposals: Iterable[Proposal], words: Words) -> DefinitionsPage:
    """Every measure with who asks it and how many have answered, then the agreed words with each source's own."""
    asked_by, counted = definitions.feeds(contracts), answers_of(desk, sorted({m.id for m in desk.measures()}), words)
    waiting = [p.definition.id for p in proposals if p.state == "open"]
    ordered = sorted(desk.measures(), key=lambda m: (m.id, m.version))
    lines = tuple(_line(list(v), asked_by, counted, waiting.count(name), words) for name, v in groupby(ordered, key=lambda m: m.id))
    return DefinitionsPage(
        tuple(sorted(lines, key=lambda line: line.title.casefold())),
        sum(not line.owner for line in lines),
        tuple(Meaning(k, words(title), words(says), definitions.local_kinds(contracts).get(k, ())) for k, (title, says) in KINDS.items()),
        tuple(Meaning(k, words(title), words(says), _sources_of(k, contracts)) for k, (title, says) in AUDIENCES.items()),
        tuple(
            Meaning(d, words(d), words(says), definitions.local_dimensions(contracts).get(d, ()), _values(d, desk, words))
            for d, says in DIMENSIONS.items()
        ),
    )


def _values(dimension: str, desk: Desk, words: Words) -> tuple[str, ...]:
    """What the dimension holds here: within the reader's scope, at most twenty."""
    return tuple(words.value(dimension, value) for value in desk.dimension_values(dimension)[:MOST_VALUES])


def answers_of(desk: Desk, names: Sequence[str], words: Words) -> Mapping[str, int]:
    """Version of a measure → how many answers it has within the reader's scope; a version that may not be shown is left out."""
    found: Sequence[Answer] = desk.ask_many([Question(name) for name in names], words.language) if names else ()
    return {g.measure.key: n for answer in found for g in answer.groups if (n := getattr(g.verdict, "n", None)) is not None}


def _line(versions: Sequence[Measure], asked_by: Mapping[str, tuple[Feed, ...]], counted: Mapping[str, int], waiting: int, words: Words) -> Line:
    last = versions[-1]
    sources = sorted({feed.source for m in versions for feed in asked_by.get(m.key, ())})
    known = [counted[m.key] for m in versions if m.key in counted]
    total = words.number(sum(known)) if known else NOT_SHOWN
    says = words(metric_of(last).says)
    return Line(last.id, last.title(words.language), says, last.version, last.owner, total, waiting, tuple(sources), f"/definitions/{last.id}")


def _sources_of(audience: str, contracts: Iterable[Contract]) -> tuple[Local, ...]:
    return tuple(Local(c.source, "") for c in sorted(contracts, key=lambda c: c.source) if c.audience == audience)


# ── one measure ──────────────────────────────────────────────────────────────────────────────────────────────────────


def definition_page(visit: Visit, name: str) -> DefinitionPage:
    """One measure in full. NotFound with the nearest where there is none."""
    words, ledger = visit.words, visit.house.ledger
    versions = visit.desk.measures().versions(name)
    last = versions[-1]
    asked_by, counted, since = _feeds(visit), answers_of(visit.desk, [last.id], words), ledger.measures.recorded()
    shown = tuple(
        _version(m, asked_by.get(m.key, ()), counted.get(m.key), since[m.key].at.date() if m.key in since else None, words)
        for m in reversed(versions)
    )
    return DefinitionPage(
        id=last.id,
        title=last.title(words.language),
        says=words(metric_of(last).says),
        metric=last.metric,
        owner=last.owner,
        versions=shown,
        proposals=tuple(_proposal(p, visit) for p in ledger.proposals.all(last.id)),
        remarks=tuple(ledger.remarks.standing(last.id)),
        fields=tuple(_fields(replace(last, from_day=None), words)),
        href=f"/measures/{last.id}",
    )


def _feeds(visit: Visit) -> Mapping[str, tuple[Feed, ...]]:
    return definitions.feeds(flow.contracts(visit.house).values())


def _version(m: Measure, asked_by: tuple[Feed, ...], answers: int | None, recorded: date | None, words: Words) -> VersionView:
    order = [words.language, *LANGUAGES]
    spoken = sorted(m.wording, key=lambda code: order.index(code) if code in order else len(order))
    wording = tuple((code, LANGUAGES.get(code, code), m.wording[code]) for code in spoken)
    shown = NOT_SHOWN if answers is None else words.number(answers)
    return VersionView(m.version, tuple(facts_of(m, recorded, words)), wording, asked_by, shown, m.note)


def facts_of(m: Measure, recorded: date | None, words: Words) -> Iterable[tuple[str, str]]:
    """What a version fixes, each with its name."""
    yield words("scale"), f"{words.number(m.low)}–{words.number(m.high)}" + ("" if m.step == 1 else f" ({words.number(m.step, 2)})")
    if m.cut is not None:
        yield words("counts as good"), words("{cut} and above", cut=words.number(m.cut))
    yield words("direction"), words(BETTER[m.better])
    yield words("metric"), m.metric
    since = m.from_day or recorded
    if since:
        yield words("since"), words.day(since)


def _proposal(p: Proposal, visit: Visit) -> ProposalView:
    words, language = visit.words, visit.words.language
    known = [m for m in visit.desk.measures().versions(p.definition.id) if m.version < p.definition.version]
    at = moment(p.made_at, language, visit.reader.zone)
    return ProposalView(
        p.id, p.by, at, p.why, p.state, words(STATES[p.state]), p.settled_by, p.reason,
        tuple(changes(known[-1], p.definition, words)) if known else (), p.by == visit.caller.who,
    )  # fmt: skip


def changes(before: Measure, after: Measure, words: Words) -> Iterable[tuple[str, str, str]]:
    """What differs, from and to, in words."""
    for old, new in zip(_fields(before, words), _fields(after, words), strict=True):
        if old.value != new.value:
            yield old.label, old.value, new.value


def _fields(m: Measure, words: Words) -> Iterable[Field]:
    """The definition as a form, and as what a change is told by."""
    for code, language in LANGUAGES.items():
        yield Field(f"name.{code}", words("name, {language}", language=language), m.name.get(code, ""))
    for code, language in LANGUAGES.items():
        yield Field(f"wording.{code}", words("wording, {language}", language=language), m.wording.get(code, ""), "long")
    for name, label in (("low", words("lowest score")), ("high", words("highest score")), ("cut", words("cut"))):
        value = getattr(m, name)
        yield Field(name, label, "" if value is None else f"{value:g}", "number")
    yield Field("owner", words("owner"), m.owner)
    yield Field("from_day", words("asked from"), m.from_day.isoformat() if m.from_day else "", "date")
    yield Field("note", words("note"), m.note, "long")


def proposed(last: Measure, form: Mapping[str, Any]) -> Measure:
    """The definition that the form asks for; what it does not hold stays as it is. BadInput for a number or a day that is none."""
    given = {name: str(value).strip() for name, value in form.items()}
    values: dict[str, Any] = {part: _texts(getattr(last, part), part, given) for part in ("name", "wording")}
    values |= {part: _number(given[part], part) for part in ("low", "high") if given.get(part)}
    values |= {part: given[part] for part in ("owner", "note") if part in given}
    cut = _number(given["cut"], "cut") if given.get("cut") else None if "cut" in given else last.cut
    day = _day(given["from_day"]) if given.get("from_day") else None
    return replace(last, **values, cut=cut, from_day=day)


def _texts(now: Mapping[str, str], part: str, given: Mapping[str, str]) -> dict[str, str]:
    said = {**now, **{code: " ".join(given[f"{part}.{code}"].split()) for code in LANGUAGES if f"{part}.{code}" in given}}
    return {code: text for code, text in said.items() if text}


def _number(text: str, name: str) -> float:
    try:
        return float(text.replace(",", "."))
    except ValueError as wrong:
        raise BadInput(f"No number {text!r}", where=name, do="Write it as 4 or 4.5.") from wrong


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        raise BadInput(f"No day {text!r}", do="Write it as 2026-10-31.") from wrong


# ── pages and forms ──────────────────────────────────────────────────────────────────────────────────────────────────


def everything(visit: Visit) -> View:
    proposals = visit.house.ledger.proposals.all()
    page = definitions_page(visit.desk, list(flow.contracts(visit.house).values()), proposals, visit.words)
    return View("definitions.html", page, "definitions")


def one(visit: Visit) -> View:
    return View("definition.html", definition_page(visit, visit.named("measure")), "definitions")


def propose(visit: Visit, form: FormMultiDict) -> Response[Any]:
    """Keeps a proposal for the next version, for its owner to settle."""
    last = visit.desk.measures().versions(visit.named("measure"))[-1]
    definitions.propose(visit.house, visit.caller.who, proposed(last, form), str(form.get("why", "")))
    return go(f"/definitions/{last.id}")


def settle(visit: Visit, form: FormMultiDict) -> Response[Any]:
    """Approves or declines a proposal, with a reason."""
    number, reason = visit.numbered("proposal"), str(form.get("reason", ""))
    if form.get("do") == "approve":
        return go(f"/definitions/{definitions.approve(visit.house, visit.caller.who, number, reason).id}")
    return go(f"/definitions/{definitions.decline(visit.house, visit.caller.who, number, reason).definition.id}")


def withdraw(visit: Visit, _: FormMultiDict) -> Response[Any]:
    return go(f"/definitions/{definitions.withdraw(visit.house, visit.caller.who, visit.numbered('proposal')).definition.id}")


def remark(visit: Visit, form: FormMultiDict) -> Response[Any]:
    """Keeps a remark on the quality of the measure's data, beside its definition."""
    name = visit.named("measure")
    definitions.remark(visit.house, visit.caller.who, name, str(form.get("text", "")))
    return go(f"/definitions/{name}")


def unremark(visit: Visit, _: FormMultiDict) -> Response[Any]:
    return go(f"/definitions/{definitions.unremark(visit.house, visit.caller.who, visit.numbered('remark'))}")


PAGES = (
    Page("/definitions", "answers", everything, "/definitions"),
    Page("/definitions/{measure:str}", "answers", one, "/definitions/csat.delivery"),
)
FORMS = (
    Form("/definitions/{measure:str}/proposals", "note", propose),
    Form("/definitions/{measure:str}/remarks", "definitions.change", remark),
    Form("/proposals/{proposal:str}/settle", "definitions.change", settle),
    Form("/proposals/{proposal:str}/withdraw", "note", withdraw),
    Form("/remarks/{remark:str}/remove", "definitions.change", unremark),
)
