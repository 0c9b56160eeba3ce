"""Words and outcomes: what is said, in which tone, by those who leave, renew or buy more or less afterwards than others who wrote in that tone."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast
from urllib.parse import quote, urlencode

from gensvar.contracts.topics import Taxonomy
from gensvar.explain.outcomes import Association, Looked, Ratio
from gensvar.kit.errors import BadInput, nearest
from gensvar.kit.language import phrase
from gensvar.serve.desks import why_outcomes as desk
from gensvar.serve.desks.why_outcomes import Quote, Told
from gensvar.serve.web import outcomes_words as say
from gensvar.serve.web.asked import Choice, fixed_choice
from gensvar.serve.web.blocks import Drawn, Fact, Table
from gensvar.serve.web.charts_dots import dots_chart
from gensvar.serve.web.figures import moment
from gensvar.serve.web.render import View
from gensvar.serve.web.visit import Page, Visit
from gensvar.serve.web.voice_views import CUT, Piece, pieces
from gensvar.serve.web.words import Mark, Tone, Words

KNOWN: Final = ("outcome", "kind", "tone", "q", "lang")
SHOWN: Final = 40


@dataclass(frozen=True, slots=True)
class Line:
    """One association as a row. ratio, interval: empty where too few events are expected for any number.

    more: how many more customers it would take to know, about; empty where it is known, or where more of them alone would not tell.
    """

    name: str
    tone_name: str
    sentence: str
    mark: Mark
    mark_name: str
    way: Tone
    ratio: str
    interval: str
    customers: str
    more: str
    concerns: str
    href: str


@dataclass(frozen=True, slots=True)
class OutcomesPage:
    """state: told, scope, not_yet, or why. surest: seen and seen again; once: seen and not confirmed; rest: what is not, or cannot be known yet.

    tested: what was looked at and how false discoveries are held; searched: what came of a search; more: how many lines are not shown.
    """

    outcome: str
    state: str
    sentence: str
    lead: tuple[str, ...]
    banner: str
    surest: tuple[Line, ...]
    once: tuple[Line, ...]
    rest: tuple[Line, ...]
    more: int
    searched: str
    hidden: str
    q: str
    choices: tuple[Choice, ...]
    know: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class QuoteView:
    """One text; href: its whole story."""

    pieces: tuple[Piece, ...]
    language: str
    when: str
    href: str


@dataclass(frozen=True, slots=True)
class OutcomePage:
    """One association: the sentence, the picture, whom it concerns, what they wrote, and where to go on."""

    title: str
    sentence: str
    lead: tuple[str, ...]
    mark: Mark
    mark_name: str
    way: Tone
    drawn: Drawn | None
    quotes: tuple[QuoteView, ...]
    steps: tuple[tuple[str, str], ...]
    back: str
    know: tuple[Fact, ...]


# ── the list ──


def outcomes(visit: Visit) -> View:
    """What was found of one outcome: the one asked for, else the first of which something stands."""
    _check(visit.query)
    words = visit.may("voices")
    asked = visit.query.get("outcome", "")
    told = desk.told(cast("Any", visit.desk), asked or _first(visit, words=words), words=words)
    return View("outcomes.html", _page(visit, told), "why")


def _check(query: Mapping[str, str]) -> None:
    for name in query:
        if name not in KNOWN:
            do = "Filters: outcome, kind, tone, q."
            raise BadInput(f"No filter {name!r}", where="in the address", nearest=nearest(name, KNOWN), do=do)


def _first(visit: Visit, *, words: bool) -> str:
    found = desk.reported(cast("Any", visit.desk), words=words)
    return found[0].outcome if found else desk.NAMES[0]


def _page(visit: Visit, told: Told) -> OutcomesPage:
    w, query, looked = visit.words, visit.query, told.looked
    kind, tone, search = (query.get(name, "") for name in ("kind", "tone", "q"))
    found = desk.chosen(looked or Looked(told.outcome), kind, tone, search)
    taxonomy = visit.house.ledger.taxonomies.current()
    surest, once = _of(found, "more", "less"), _of(found, "unconfirmed")
    rest = _of(found, "slight", "none", "unknown")
    lines = tuple(_line(a, taxonomy, w) for a in rest[:SHOWN])
    return OutcomesPage(
        outcome=told.outcome, state=told.state, sentence=_headline(told, taxonomy, w), lead=tuple(_lead(told, w)), banner=_banner(looked, w),
        surest=tuple(_line(a, taxonomy, w) for a in surest), once=tuple(_line(a, taxonomy, w) for a in once), rest=lines,
        more=len(rest) - len(lines), searched=_searched(search, found, looked, w), hidden=_hidden(told, visit), q=search,
        choices=tuple(_choices(told.outcome, kind, tone, visit)), know=tuple(_know(looked, w)) if looked and told.state == "told" else (),
    )  # fmt: skip


def _of(found: Iterable[Association], *verdicts: str) -> list[Association]:
    return [a for a in found if a.verdict in verdicts]


def _headline(told: Told, taxonomy: Taxonomy, w: Words) -> str:
    match told.state:
        case "scope":
            return w("This is looked for over the whole organisation, and you see a part of it")
        case "not_yet":
            return w("This has not been looked for yet")
        case "why" if told.looked:
            return w(say.WHY[told.looked.why], events=", ".join(told.looked.made_of))
        case _:
            return say.headline(told.looked, taxonomy, w) if told.looked else ""


def _lead(told: Told, w: Words) -> Iterator[str]:
    looked = told.looked
    if told.state == "scope":
        yield w("Counted on your part alone there would be too few customers to tell chance from habit. What goes with scores is counted within it.")
    if told.state == "not_yet":
        yield w("Gensvar does so by itself each night, and whenever somebody asks for it on the page Why.")
    if told.state == "why" and looked and looked.needed:
        yield w.many("It takes about {n} customer who writes.", "It takes about {n} customers who write.", say.round_up(looked.needed))
    if told.state == "told" and looked:
        yield w(
            "{tested} words, phrases, topics and themes, each in each tone, were held against others who wrote in the same tone in the same month. "
            "Of {below} more too little is said to try.",
            tested=w.number(looked.tested), below=w.number(looked.below),
        )  # fmt: skip
    if told.state == "told" and looked and looked.reported:
        yield w("What stands here was sure over all of them together, and was seen again in the half of the customers that had not been looked at.")


def _banner(looked: Looked | None, w: Words) -> str:
    if looked is None or "inflated" not in looked.notes or looked.inflation is None:
        return ""
    return w(
        "More differs here than chance allows (λ {factor}): who writes seems to differ in something that is not held equal. Every interval is "
        "widened for it, and less is said to be sure.",
        factor=w.number(looked.inflation, 2),
    )  # fmt: skip


def _line(a: Association, taxonomy: Taxonomy, w: Words) -> Line:
    shown, more = say.times(a.ratio, w) if a.ratio else {}, say.more_needed(a)
    return Line(
        say.term_name(a, taxonomy, w), w(say.TONES[a.tone]), say.sentence(a, taxonomy, w), say.mark_of(a), w(say.VERDICTS[a.verdict]), _way(a),
        shown.get("times", ""), f"{shown['low']}–{shown['high']}" if shown else "", w.number(a.parties),
        w.number(more) if more else "",
        w.many("It concerns {n} customer", "It concerns {n} customers", a.parties) + ".", href(a),
    )  # fmt: skip


def _way(a: Association) -> Tone:
    """Better or worse where it stands."""
    if a.verdict not in {"more", "less"}:
        return "none"
    return "better" if (a.verdict == "more") == desk.GOOD.get(a.outcome, True) else "worse"


def href(a: Association) -> str:
    """The page of one association."""
    return f"/why/outcomes/{a.outcome}/{a.tone}/{quote(a.term, safe='')}"


def _searched(search: str, found: Sequence[Association], looked: Looked | None, w: Words) -> str:
    """What came of a search; of a word that is not kept it is not known whether it was tested or is said too rarely."""
    if not search.strip() or looked is None:
        return ""
    if found:
        return w.many("One line speaks of “{term}”.", "{n} lines speak of “{term}”.", len(found), term=search)
    return w(
        "“{term}” is not among these. Words and phrases are listed only where they are nearest to being seen: it was tested and nothing stood out, "
        "or too few say it, and which of the two is not kept.",
        term=search,
    )  # fmt: skip


def _hidden(told: Told, visit: Visit) -> str:
    if not told.hidden:
        return ""
    w = visit.words
    if not (visit.may("voices") and visit.scope.free_text):
        return w("Only topics are shown: words and themes are made of what people wrote, which is not yours to read.")
    return w.many("One line is left out, since so few stand behind it.", "{n} lines are left out, since so few stand behind them.", told.hidden)


def _choices(outcome: str, kind: str, tone: str, visit: Visit) -> Iterator[Choice]:
    w = visit.words
    yield fixed_choice("outcome", phrase("outcome"), say.OUTCOMES, outcome, w)
    yield fixed_choice("kind", phrase("kind of term"), {"": phrase("anything"), **say.KINDS}, kind, w)
    yield fixed_choice("tone", phrase("tone"), {"": phrase("in any tone"), **say.TONES}, tone, w)


def _know(looked: Looked, w: Words) -> Iterator[Fact]:
    held = ", ".join(w(say.HELD[name]) if name in say.HELD else name for name in looked.strata)
    if looked.first and looked.last:
        months = w("{first} to {last}; what comes within {n} months after a text counts.", first=w.day(looked.first), last=w.day(looked.last),
                   n=w.number(looked.window))  # fmt: skip
        yield Fact(w("Months"), months)
    yield Fact(w("Customers"), w("{n} who wrote; the outcome came {events} times.", n=w.number(looked.parties), events=w.number(looked.events)))
    if len(looked.currencies) > 1:
        named = ", ".join(c or w("not said") for c in looked.currencies)
        yield Fact(w("Value"), w("Not added up, since customers’ values are told in several currencies: {names}.", names=named))
    yield Fact(w("What counts"), ", ".join(looked.made_of))
    yield Fact(w("Compared with"), w("Others who wrote in the same tone at the same time, never everybody: who complains differs from who does not."))
    yield Fact(w("Held equal"), held or w("Nothing: no segment, plan or start is known."))
    yield Fact(
        w("Order in time"), w("Only what comes after the text counts; whoever leaves or is seen no longer counts for as long as she was seen.")
    )
    yield Fact(
        w("False discoveries"),
        w("5 % over everything tested (Benjamini–Hochberg), a ratio beyond 1.1 for certain, and seen again in the other half of the customers."),
    )
    yield Fact(w("Method"), w("Ratio of rates by month and stratum (Mantel–Haenszel, Robins–Breslow–Greenland), mid-p where events are few."))
    yield Fact(w("Limits"), w("Association: that those who say it leave more often does not prove that it is why they leave."))


# ── one association ──


def outcome(visit: Visit) -> View:
    """One association. NotFound where there is none, or it is not the reader's to see."""
    named = visit.named("outcome"), visit.named("tone"), visit.named("term")
    looked, a = desk.one(cast("Any", visit.desk), *named, words=visit.may("voices"))
    return View("outcome.html", _one(visit, looked, a), "why")


def _one(visit: Visit, looked: Looked, a: Association) -> OutcomePage:
    w, taxonomy = visit.words, visit.house.ledger.taxonomies.current()
    quotes = desk.quotes(cast("Any", visit.desk), a) if visit.may("voices") else ()
    return OutcomePage(
        title=say.term_name(a, taxonomy, w), sentence=say.sentence(a, taxonomy, w), lead=tuple(_concerns(looked, a, w)), mark=say.mark_of(a),
        mark_name=w(say.VERDICTS[a.verdict]), way=_way(a), drawn=_drawn(a, w), quotes=tuple(_quote(q, visit) for q in quotes),
        steps=tuple(_steps(a, visit)), back="/why/outcomes?" + urlencode({"outcome": a.outcome}), know=tuple(_know(looked, w)),
    )  # fmt: skip


def _concerns(looked: Looked, a: Association, w: Words) -> Iterator[str]:
    """How many customers and how much value; what came among them, against what was to be expected."""
    told = w.many("It concerns {n} customer", "It concerns {n} customers", a.parties)
    if a.value is not None:
        worth = (w.number(_rounded(a.value)), *(c for c in looked.currencies if c))
        told = w("{customers}, worth {value} a year", customers=told, value="\N{NO-BREAK SPACE}".join(worth))
    yield told + "."
    if a.ratio is not None:
        yield w.many(
            "The outcome came once among them; {expected} would have come if they were like the others.",
            "The outcome came {n} times among them; {expected} would have come if they were like the others.",
            a.events, expected=w.number(a.expected),
        )  # fmt: skip
    if a.median_months is not None:
        yield w("Half of those times it came within {n} months of the text.", n=w.number(a.median_months, 1))


def _rounded(value: float) -> float:
    """Three figures."""
    step = 10.0 ** max(0, len(str(int(abs(value)))) - 3)
    return round(value / step) * step


def _drawn(a: Association, w: Words) -> Drawn | None:
    """The ratio with its interval, in all customers, in the half that was held out, and with strata by how much they write."""
    if a.ratio is None:
        return None
    told = [(w("all customers"), a.ratio)]
    if a.held is not None:
        told.append((w("the other half"), a.held))
    if a.again is not None:
        told.append((w("who write as much"), a.again))
    title = w("How many times as often, against others who wrote in the same tone")
    rows = [_row(name, ratio, _way(a), w) for name, ratio in told]
    head = (w("among"), w("times as often"), w("95 % interval"))
    table = Table(title, head, tuple((r["group"], r["figure"], r["interval"]) for r in rows))
    return Drawn(title, table, dots_chart(rows, w, title, ratios=True), kind="ratio")


def _row(name: str, ratio: Ratio, way: Tone, w: Words) -> dict[str, Any]:
    shown = say.times(ratio, w)
    interval = f"{shown['low']}–{shown['high']}"
    values = {key: round(value, 6) for key, value in (("value", ratio.value), ("low", max(ratio.low, 1e-3)), ("high", ratio.high))}
    return {"group": name, "tone": way, **values, "figure": shown["times"], "interval": interval, "says": f"{name}: {shown['times']} ({interval})"}


def _quote(q: Quote, visit: Visit) -> QuoteView:
    text = q.text if len(q.text) <= CUT else q.text[:CUT].rstrip() + "…"
    parts = tuple(pieces(text, left_out=visit.left_out))
    return QuoteView(parts, q.language, moment(q.at, visit.words.language, visit.reader.zone), f"/voices/{quote(q.id)}")


def _steps(a: Association, visit: Visit) -> Iterator[tuple[str, str]]:
    """Where to go on: what people wrote, the topic or theme itself, and how the others were judged."""
    w, name = visit.words, a.term.partition(":")[2]
    if visit.may("voices"):
        said = {"topic": name} if a.kind == "topic" else {"q": f'"{next(iter(a.name.values()), "")}"'}
        if a.kind != "theme":
            yield w("Read everything that was written of it"), "/voices?" + urlencode(said)
    if a.kind == "topic":
        yield w("See where and how often it is spoken of"), f"/topics/{quote(name)}"
    if a.kind == "theme":
        yield w("See the theme and what is new in it"), f"/themes/{quote(name)}"
    if a.kind == "topic":
        yield w("See what it goes with in scores"), "/why/impact"


# ── the room's own page ──


def lead(visit: Visit) -> tuple[str, ...]:
    """Today's answer: the surest of what was reported of any outcome; that the reader sees a part; or nothing."""
    if visit.scope.rows:
        return ()
    found = desk.reported(cast("Any", visit.desk), words=visit.may("voices"))
    taxonomy = visit.house.ledger.taxonomies.current()
    if found:
        return tuple(say.sentence(a, taxonomy, visit.words) for a in found[:2])
    told = desk.told(cast("Any", visit.desk), desk.NAMES[0], words=False)
    return (say.headline(told.looked, taxonomy, visit.words),) if told.looked and told.state == "told" else ()


PAGES = (
    Page("/why/outcomes", "answers", outcomes, "/why/outcomes?outcome=left"),
    Page("/why/outcomes/{outcome:str}/{tone:str}/{term:str}", "answers", outcome, ""),
)
FORMS = ()
