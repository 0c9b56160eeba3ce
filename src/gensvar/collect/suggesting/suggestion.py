"""`suggest`: a file → a first contract that a data owner can read, correct and keep; with how sure each line is, and because of what."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from gensvar.collect.found import Found
from gensvar.collect.suggesting import lexicon as lex
from gensvar.collect.suggesting.dates import IMMUTABLE, LOADED, best_time, zone_of
from gensvar.collect.suggesting.naming import measure_of
from gensvar.collect.suggesting.profile import Profile, profiles
from gensvar.collect.suggesting.roles import Role, role_of
from gensvar.collect.suggesting.scales import alike, neighbours, pooled, rows_of_one
from gensvar.contracts.contract import AnswerRule, Contract, EventRule, Moment, PartyRule, People, Reading, Value
from gensvar.contracts.measures import Measure, Measures
from gensvar.kit.errors import Unreadable

LANGUAGES = ("sv", "no", "nn", "da", "fi", "en", "de")
MOST_ATTRS = 40
ACCOUNTS = re.compile(r"(^|[_ -])(organi[sz]ation|compan(y|ie)|account|firm|företag|virksomhed|yritys|firma)(s|_|-|$)", re.IGNORECASE)
PEOPLE = re.compile(r"(^|[_ -])(user|customer|contact|person|member|client|kund|kunde|asiakas)(s|er|_|-|$)", re.IGNORECASE)
VALUE = re.compile(r"(^|[_ .])(value|amount|revenue|belopp|beløb|beløp|summa|betrag)$", re.IGNORECASE)
EVENT = re.compile(r"event( ?name)?|action|activity|händelse|hendelse|hændelse|tapahtuma|ereignis", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the contract. sure: 0…1; because: what in the file says so."""

    path: str
    value: str
    sure: float
    because: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    contract: Contract
    lines: tuple[Line, ...]
    found: Found

    def notes(self) -> dict[str, str]:
        """path → what to write beside the line: how sure, and why."""
        return {line.path: f"{line.sure:.0%} sure: {line.because}" for line in self.lines}


@dataclass
class Draft:
    """The contract in the making, and its lines."""

    found: Found
    roles: list[tuple[Profile, Role]]
    zone: str
    source: str = ""
    known: Measures = field(default_factory=Measures)
    lines: list[Line] = field(default_factory=list)

    def of(self, use: str) -> list[tuple[Profile, Role]]:
        return [(p, r) for p, r in self.roles if r.use == use]

    def note(self, path: str, value: str, sure: float, because: str) -> None:
        self.lines.append(Line(path, value, sure, because))


def suggest(path: Path, source: str, owner: str = "", zone: str = "Europe/Stockholm", known: Measures | None = None) -> Suggestion:
    """A first contract for the file, made from its headers and up to 50,000 rows.

    zone: of times that name none. known: measures defined already; no other measure gets one of their ids.
    Raises NotFound or Unreadable where the file cannot be read or has no rows.
    """
    path = Path(path)
    found, columns = profiles(path)
    if not any(p.rows for p in columns):
        raise Unreadable(
            f"{path} has a header but no rows", do="Export it again with some answers; a contract is suggested from what they look like."
        )
    draft = Draft(found, _roles(found, columns), zone, source, known or Measures())
    draft.note("reading", _spoken(found.reading), 0.9, f"{len(found.headers)} columns, header of {found.reading.header_rows} rows")
    return Suggestion(_contract(draft, path, source, owner), tuple(draft.lines), found)


def _roles(found: Found, columns: Sequence[Profile]) -> list[tuple[Profile, Role]]:
    context = " · ".join(p.name for p in columns if lex.OVERALL.fullmatch(p.name))
    survey = found.reading.dialect != "plain" or found.reading.format in {"sav", "zsav", "por"}
    roles = {p.name: role_of(p, context, survey) for p in columns}
    open_ = [p for p in columns if roles[p.name].use in {"score", "choice", "attr"}]
    for name, scale in pooled(open_, context).items():
        roles[name] = Role("score", scale.sure, scale.because, scale=scale)
    for p, likely in neighbours(
        [p for p in columns if roles[p.name].use in {"choice", "attr"}], [(p, r.scale) for p in columns if (r := roles[p.name]).scale]
    ):
        roles[p.name] = Role("score", likely.sure, likely.because, scale=likely)
    if survey:
        roles |= {
            p.name: Role("choice", 0.5, "one of several columns alike") for p in rows_of_one([p for p in columns if roles[p.name].use == "attr"])
        }
    scales = alike({name: r.scale for name, r in roles.items() if r.scale})
    for name, scale in scales.items():
        roles[name] = replace(roles[name], scale=scale, because=scale.because, sure=scale.sure)
    return [(p, roles[p.name]) for p in columns]


def _spoken(reading: Reading) -> str:
    return " ".join(str(v) for v in (reading.format, reading.dialect, reading.encoding, reading.delimiter, reading.sheet) if v)


def _contract(draft: Draft, path: Path, source: str, owner: str) -> Contract:
    """The parts in the order in which a contract is read."""
    record = _record(draft)
    at, created = _moments(draft, path)
    party, account = _people(draft)
    kind, dimensions = _kind(draft), _dimensions(draft)
    answers, measures = _answers(draft)
    reading = Reading(draft.found.reading.format, draft.found.reading.dialect, draft.found.reading.header_rows, draft.found.reading.sheet)
    whole = Contract(
        source=source, version=1, owner=owner, purpose=f"What {path.name} says", audience=_audience(draft), record=record, at=at,
        created=created, kind=kind, language=_language(draft), party=party, account=account, dimensions=dimensions, attrs=_attrs(draft),
        answers=answers, measures=measures, reading=reading, ignore=_left_out(draft, record, at, party, account),
    )  # fmt: skip
    return whole if answers else _without_answers(draft, whole, path)


def _record(draft: Draft) -> tuple[str, ...]:
    best = max(draft.of("record"), key=lambda pr: pr[1].sure, default=None)
    if best is None:
        draft.note("record", "a hash of the row", 0.6, "no column named an id is filled and different in every row")
        return ()
    draft.note("record", best[0].name, best[1].sure, best[1].because)
    return (best[0].name,)


def _moments(draft: Draft, path: Path) -> tuple[Moment, Moment | None]:
    best = best_time((p, r.dates) for p, r in draft.of("time") if r.dates)
    if best is None:
        day = datetime.fromtimestamp(path.stat().st_mtime, UTC).date().isoformat()
        draft.note("at", day, 0.2, "no column says when; this is the day the file was last changed, so correct it")
        return Moment(always=day, zone="UTC"), None
    p, dates = best
    zone, zone_sure, why = zone_of(p, draft.zone, any(LOADED.search(q.name) for q, _ in draft.roles))
    at = Moment(column=p.name, order=dates.order, zone=zone)
    draft.note("at", p.name, min(0.9, 0.5 + 0.1 * len(draft.of("time")) + 0.3), f"the likeliest of {len(draft.of('time'))} columns with times")
    draft.note("at.order", dates.order, dates.sure, dates.because)
    draft.note("at.zone", zone, zone_sure, why)
    if not IMMUTABLE.search(p.said) or p.filled < p.rows or dates.sure < 0.8:
        return at, None
    draft.note("created", p.name, 0.7, "its name says that it is set once; it goes into the id")
    return at, at


def _people(draft: Draft) -> tuple[People | None, People | None]:
    named = {use: _first(draft, use) for use in ("email", "phone", "external", "name")}
    for use, p in named.items():
        if p and (use != "name" or any(named[k] for k in ("email", "phone", "external"))):
            role = next(r for q, r in draft.roles if q is p)
            draft.note(f"party.{use}", p.name, role.sure, role.because)
    account = _first(draft, "account")
    if account:
        draft.note("account.external", account.name, 0.85, "the name speaks of an organisation's id")
    columns = {use: p.name if p else None for use, p in named.items()}
    party = (
        People(columns["email"], columns["phone"], columns["external"], columns["name"])
        if any(columns[k] for k in ("email", "phone", "external"))
        else None
    )
    return party, People(external=account.name) if account else None


def _first(draft: Draft, use: str) -> Profile | None:
    """Of several columns of one use, the one that the sender filled most; the words requester and customer beat all others."""
    prefer = re.compile(r"requester|customer|recipient|respondent|kund", re.IGNORECASE)
    return max((p for p, _ in draft.of(use)), key=lambda p: (bool(prefer.search(p.name)), p.filled), default=None)


def _kind(draft: Draft) -> Value:
    typed = next(iter(draft.of("kind")), None)
    if typed:
        words = {v: lex.KIND_WORDS[v.casefold()] for v in typed[0].values if v.casefold() in lex.KIND_WORDS}
        draft.note("kind", typed[0].name, typed[1].sure, typed[1].because)
        return Value(column=typed[0].name, words=words, other="other")
    scored, asked, written = draft.of("score"), draft.of("choice"), draft.of("text")
    name, sure, why = "other", 0.4, "nothing tells what it is"
    if draft.found.reading.dialect != "plain" or len(scored) + len(asked) >= 3:
        name, sure, why = "survey", 0.85, f"{len(scored) + len(asked)} questions with scores or choices"
    elif written and any(re.search(r"\bchat|chat_", p.name, re.IGNORECASE) for p, _ in draft.roles):
        name, sure, why = "chat", 0.7, "a text beside columns of a chat"
    elif any(re.search(r"ticket|subject|requester", p.name, re.IGNORECASE) for p, _ in draft.roles):
        name, sure, why = "ticket", 0.75, "columns of a help desk"
    elif written and (scored or any(re.search("review", p.name, re.IGNORECASE) for p, _ in written)):
        name, sure, why = "review", 0.6, "a text with a rating"
    elif scored:
        name, sure, why = "survey", 0.6, "scores without text"
    draft.note("kind", name, sure, why)
    return Value(always=name)


def _dimensions(draft: Draft) -> dict[str, Value]:
    """The first column of each agreed dimension; another one of the same becomes an attribute."""
    out: dict[str, Value] = {}
    for i, (p, r) in enumerate(draft.roles):
        if r.use == "dimension" and r.dimension not in out:
            out[r.dimension] = Value(column=p.name)
            draft.note(f"dimensions.{r.dimension}", p.name, r.sure, r.because)
        elif r.use in {"dimension", "kind", "language"} and (r.use == "dimension" or draft.of(r.use)[0][0] is not p):
            draft.roles[i] = (p, replace(r, use="attr"))
    return out


def _audience(draft: Draft) -> str:
    if any(r.scale and r.scale.metric == "enps" for _, r in draft.roles) or any(
        re.match("employee", p.name, re.IGNORECASE) for p, _ in draft.of("external")
    ):
        draft.note("audience", "employee", 0.85, "it asks about the employer")
        return "employee"
    about = [p for p, r in draft.roles if r.use in {"score", "choice", "text"} and lex.WORKPLACE.search(p.said)]
    if len(about) >= 3:
        draft.note("audience", "employee", 0.6, f"{len(about)} questions are about one's own employer or colleagues")
        return "employee"
    draft.note("audience", "customer", 0.5, "nothing says otherwise")
    return "customer"


def _language(draft: Draft) -> Value | None:
    column = next(iter(draft.of("language")), None)
    if column:
        draft.note("language", column[0].name, column[1].sure, column[1].because)
        return Value(column=column[0].name)
    texts = [v for p, _ in draft.of("text") for v in list(p.values)[:200] if len(v) > 20]
    if not texts:
        return None
    seen = [language_of(t) for t in texts[:400]]
    best = max(set(seen), key=seen.count)
    share = seen.count(best) / len(seen)
    if len(seen) < 5:
        draft.note("language", "", 0.5, f"only {len(seen)} texts to tell from; each is told by itself")
        return None
    if share < 0.9:
        draft.note("language", "", 0.6, f"texts in several languages, most in {best} ({share:.0%}); each is told by itself")
        return None
    draft.note("language", best, min(0.95, share), f"{share:.0%} of {len(seen)} texts")
    return Value(always=best)


@cache
def _identifier() -> Any:
    known: Any = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    known.set_languages(list(LANGUAGES))
    return known


def language_of(text: str) -> str:
    """sv, nb, da, fi, en or de: the likeliest.

    >>> language_of("Hur nöjd är du med leveransen?")
    'sv'
    """
    code = str(_identifier().classify(text[:2_000])[0])
    return "nb" if code in {"no", "nn"} else code


def _answers(draft: Draft) -> tuple[tuple[AnswerRule, ...], tuple[Measure, ...]]:
    asked = [(p, r) for p, r in draft.roles if r.use in {"score", "choice", "text"}]
    asked = asked if any(p.filled for p, _ in asked) else []
    language = language_of(" ".join(p.header.label or p.name for p, _ in asked)) if asked else "en"
    rules: list[AnswerRule] = []
    measures: list[Measure] = []
    for i, (p, r) in enumerate(asked):
        measure = measure_of(p, r.scale, draft.source, language, draft.known, Measures.of(measures)) if r.scale else None
        rules.append(_rule(p, r, measure))
        if measure and r.scale:
            measures.append(measure)
            draft.note(f"answers[{i}].measure", measure.key, r.scale.sure, r.scale.because)
            draft.note(f"measures[{len(measures) - 1}]", f"{measure.metric} {measure.low:g}…{measure.high:g}", r.scale.sure, r.scale.because)
        else:
            draft.note(f"answers[{i}].{r.use}", p.name, r.sure, r.because)
    return tuple(rules), tuple(measures)


def _rule(p: Profile, role: Role, measure: Measure | None) -> AnswerRule:
    item = Value(always=p.name)
    if role.scale and measure:
        s = role.scale
        return AnswerRule(item, measure=Value(always=measure.key), score=p.name, words=s.words, missing=s.missing)
    if role.use == "text":
        return AnswerRule(item, text=p.name, missing=p.header.missing)
    words = {code: word for code, word in p.header.labels.items() if code not in p.header.missing and word}
    return AnswerRule(item, choice=Value(column=p.name, words=words), missing=p.header.missing)


def _attrs(draft: Draft) -> tuple[str, ...]:
    names = [p.name for p, r in draft.roles if r.use == "attr"]
    if names:
        draft.note("attrs", ", ".join(names[:MOST_ATTRS]), 0.7, "columns with few values or plain numbers that were not asked")
    return tuple(names[:MOST_ATTRS])


def _left_out(draft: Draft, record: tuple[str, ...], at: Moment, *people: People | None) -> tuple[str, ...]:
    """Columns that are not kept, not even as attributes: personal ones, other ids and times, and what fits nothing."""
    used = {*record, at.column, *(c for p in people if p for c in (p.email, p.phone, p.external, p.name))}
    attrs = {p.name for p, r in draft.roles if r.use == "attr"}
    over = set([p.name for p, _ in draft.roles if p.name in attrs][MOST_ATTRS:])
    kept = {"score", "choice", "text", "dimension", "kind", "language", "attr"}
    left = [(p, r) for p, r in draft.roles if p.name not in used and (r.use not in kept or p.name in over)]
    personal = [p.name for p, r in left if r.use in {"personal", "email", "phone", "name", "external", "account"}]
    if personal:
        draft.note("ignore", ", ".join(personal), 0.85, "personal: left out")
    elif left:
        draft.note("ignore", ", ".join(p.name for p, _ in left[:12]), 0.6, "empty, other ids and times, or values that fit nothing")
    return tuple(p.name for p, _ in left)


def _without_answers(draft: Draft, whole: Contract, path: Path) -> Contract:
    """Events where things happen to somebody, people where somebody is described; else what is coded is taken as the answer."""
    name = next((p for p, r in draft.roles if EVENT.fullmatch(p.name.replace("_", " ")) and p.distinct <= 500), None)
    if name and whole.at and whole.at.column:
        draft.note("event.name", name.name, 0.8, "a column named an event, beside a time")
        worth = next((p.name for p, r in draft.roles if r.use == "attr" and VALUE.search(p.name) and p.numeric > 0.99), None)
        if worth:
            draft.note("event.value", worth, 0.6, "a number named a value")
        attrs = tuple(a for a in whole.attrs if a not in {name.name, worth})
        ignore = tuple(c for c in whole.ignore if c != name.name)
        return replace(whole, target="events", event=EventRule(Value(column=name.name), value=worth), attrs=attrs, ignore=ignore)
    whole = _described(draft, whole, path)
    if whole.party or whole.account:
        who = "person" if whole.party else "account"
        draft.note("person.kind", who, 0.6, "it names somebody, and asks nothing")
        at = next(iter(_lasting(draft)), None)
        only = next((p.name for p, r in draft.roles if r.use in {"external", "account"} and p.unique), None)
        if not whole.record and only:
            draft.note("record", only, 0.8, "the id of whom the row describes")
        account = whole.account if whole.party else None
        record = whole.record or ((only,) if only else ())
        party = whole.party or whole.account
        rule = PartyRule("person" if whole.party else "account", started=at)
        return replace(whole, target="parties", record=record, party=party, account=account, person=rule)
    coded = [c for c in (*whole.attrs, *(v.column for v in whole.dimensions.values() if v.column)) if c]
    if not coded:
        raise Unreadable(
            f"{path} has no column that looks like an answer, an event or a person", do="Write its contract by hand, or send another file."
        )
    for i, column in enumerate(coded):
        draft.note(f"answers[{i}].choice", column, 0.2, "nothing was asked in this file; its few-valued columns are taken as answers")
    return replace(whole, attrs=(), answers=tuple(AnswerRule(Value(always=c), choice=Value(column=c)) for c in coded))


def _described(draft: Draft, whole: Contract, path: Path) -> Contract:
    """A table of people or organisations, by its own name, whose rows are named by their id."""
    accounts, people = ACCOUNTS.search(path.stem), PEOPLE.search(path.stem)
    if not whole.record or whole.party or not (accounts or people):
        return whole
    named = _first(draft, "name")
    draft.note("party", whole.record[0], 0.6, f"the file is named after {'organisations' if accounts else 'people'}, each with an id")
    who = People(external=whole.record[0], name=named.name if named else None)
    ignore = tuple(c for c in whole.ignore if c != who.name)
    return replace(whole, account=who, ignore=ignore) if accounts else replace(whole, party=who, ignore=ignore)


def _lasting(draft: Draft) -> Iterator[Moment]:
    """When the relation began, where a column says it."""
    for p, r in draft.of("time"):
        if r.dates and IMMUTABLE.search(p.said):
            yield Moment(column=p.name, order=r.dates.order, zone=zone_of(p, draft.zone, any(LOADED.search(q.name) for q, _ in draft.roles))[0])
