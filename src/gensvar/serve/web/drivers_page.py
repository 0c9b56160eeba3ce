"""Drivers: what matters most for an outcome, how surely, how it is doing, and where that differs. The question is a sentence of filters."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlencode

from gensvar.contracts import DIMENSIONS
from gensvar.explain.drivers import KIND, Drivers, Found, Names, Refused, Weight
from gensvar.explain.drivers.found import Quadrant, Sign
from gensvar.explain.drivers.tell import Told, group_sentence
from gensvar.explaining.drivers import EVENT, found_of
from gensvar.kit.errors import BadInput, nearest
from gensvar.kit.language import phrase, translator
from gensvar.measure.parse import parse_period
from gensvar.serve.desks import why_drivers as desk
from gensvar.serve.desks.why_drivers import Studied
from gensvar.serve.web.asked import KNOWN, PERIODS, Asked, Choice, by_choice, fixed_choice, read_asked, where_choice
from gensvar.serve.web.blocks import Drawn, Fact, Table
from gensvar.serve.web.charts_drivers import map_chart, weights_chart
from gensvar.serve.web.render import View
from gensvar.serve.web.visit import Page, Visit
from gensvar.serve.web.words import Mark, Tone, Words

OWN = ("outcome", "drivers")
FIRST = ("market", "segment")
SETS = {
    "": phrase("what was rated beside it"), "ratings,topics": phrase("what was rated beside it and written of"),
    "ratings,events": phrase("what was rated beside it and done before"), "topics": phrase("what was written of alone"),
}  # fmt: skip
AGAINST = {"none": phrase("nothing"), "previous": phrase("the period before"), "year before": phrase("the year before")}
SIGNS: Mapping[Sign, str] = {"with": phrase("goes with it"), "against": phrase("goes against it"), "unclear": phrase("cannot tell")}
PLACES: Mapping[Quadrant, str] = {
    "mend": phrase("Matters more than most, and lies below the rest"),
    "keep": phrase("Matters more than most, and lies above the rest"),
    "watch": phrase("Matters less than most, and lies below the rest"),
    "enough": phrase("Matters less than most, and lies above the rest"),
    "": phrase("Cannot be placed yet: an interval reaches over a line"),
}
MARKS: Mapping[Quadrant, tuple[Mark, Tone]] = {
    "mend": ("fell", "worse"), "keep": ("rose", "better"), "watch": ("fell", "none"), "enough": ("rose", "none"), "": ("unknown", "none"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Placed:
    """One place of the priority map, with the drivers that stand there."""

    mark: Mark
    tone: Tone
    title: str
    drivers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PartLine:
    """One value of the dimension: its sentence, and where it is studied by itself."""

    name: str
    sentence: str
    href: str


@dataclass(frozen=True, slots=True)
class Line:
    """What stands: more or less, by its mark."""

    mark: Mark
    mark_name: str
    sentence: str


@dataclass(frozen=True, slots=True)
class DriversPage:
    """state: found, refused (why says so) or none (nothing to study). parts: each value of `by`; beside: their weights as one table.

    moved: how weights went since the time before, '' where nothing is compared; moved_none: that none visibly did.
    """

    title: str
    state: str
    why: str
    sentence: str
    lead: tuple[str, ...]
    weights: Drawn | None
    priority: Drawn | None
    places: tuple[Placed, ...]
    by: str
    parts: tuple[PartLine, ...]
    differences: tuple[Line, ...]
    beside: Table | None
    moved: tuple[Line, ...]
    moved_none: str
    left: tuple[str, ...]
    notes: tuple[str, ...]
    know: tuple[Fact, ...]
    choices: tuple[Choice, ...]
    more_choices: tuple[Choice, ...]
    more_chosen: bool


def drivers(visit: Visit) -> View:
    return View("drivers.html", drivers_page(visit), "why")


def drivers_page(visit: Visit) -> DriversPage:
    """The page. BadInput for a filter that is none, with the nearest."""
    asked, outcome, chosen = _read(visit.query)
    d = cast("Any", visit.desk)
    params = desk.Ask(outcome, chosen, asked.where_text, asked.period_text, asked.by, _against(asked), language=visit.words.language)
    one = desk.studied(d, params)
    if one is None:
        return _empty(visit, asked, outcome, chosen)
    names = desk.names_of(d, one.study, visit.words.language)
    said = desk.sentences(d, one, visit.words.language)
    choices = _choices(visit, asked, one.outcome, chosen)
    more = tuple(where_choice(x, visit.desk.dimension_values(x), asked, visit.words) for x in DIMENSIONS if x not in FIRST)
    return _page(visit, one, names, said, asked, (choices, more))


def _read(query: Mapping[str, str]) -> tuple[Asked, str, str]:
    """What the address asks for: the shared filters, the outcome, and the drivers."""
    known = {*KNOWN, *OWN}
    for name in query:
        if name not in known:
            raise BadInput(f"No filter {name!r}", where="in the address", nearest=nearest(name, known), do=f"Filters: {', '.join(sorted(known))}.")
    shared = {name: value for name, value in query.items() if name not in OWN}
    return read_asked({"period": desk.PERIOD, "against": "none", **shared}), query.get("outcome", ""), query.get("drivers", "")


def _against(asked: Asked) -> str:
    return asked.against_text if asked.against in AGAINST else ""


def _page(visit: Visit, one: Studied, names: Names, said: Told, asked: Asked, choices: tuple[tuple[Choice, ...], tuple[Choice, ...]]) -> DriversPage:
    w, whole = visit.words, one.found.whole
    made = whole if isinstance(whole, Drivers) else None
    return DriversPage(
        title=names.outcome, state="found" if made else "refused", why="" if isinstance(whole, Drivers) else whole.why, sentence=said.sentence,
        lead=tuple(_lead(made, w)) if made else (), weights=_weights(made, names, w) if made else None,
        priority=_priority(made, names, w) if made else None, places=tuple(_placed(made, names, w)) if made else (),
        by=w.by(asked.by) if asked.by else "", parts=tuple(_parts(one, said, asked, w)),
        differences=_lines([d.gap.value for d in one.found.differences if d.told], said.differences, w), beside=_beside(one, names, asked.by, w),
        moved=_lines([m.gap.value for m in one.found.moved if m.told], said.moved, w), moved_none=_moved_none(one, w), left=said.left,
        notes=said.notes,
        know=tuple(_know(one, made, visit)), choices=choices[0], more_choices=choices[1], more_chosen=any(d not in FIRST for d in asked.where),
    )  # fmt: skip


def _empty(visit: Visit, asked: Asked, outcome: str, chosen: str) -> DriversPage:
    """Nothing can be studied: no survey asks for a whole and its parts."""
    return DriversPage(
        title="", state="none", why="", sentence=visit.words(desk.NO_OUTCOME), lead=(), weights=None, priority=None, places=(), by="", parts=(),
        differences=(), beside=None, moved=(), moved_none="", left=(), notes=(), know=(), choices=_choices(visit, asked, outcome, chosen),
        more_choices=(), more_chosen=False,
    )  # fmt: skip


def _lead(one: Drivers, w: Words) -> Iterator[str]:
    t = translator(w.language)
    limits = f"{w.number(100 * one.r2.low)}–{w.number(100 * one.r2.high)}"
    yield w.many(
        "Together the drivers explain {r2} ({limits}) of how {n} answer differs from the mean.",
        "Together the drivers explain {r2} ({limits}) of how {n} answers differ from one another.", one.n, r2=t.percent(one.r2.value), limits=limits,
    )  # fmt: skip


# ── weights and map ──


def _weights(one: Drivers, names: Names, w: Words) -> Drawn:
    title = w("How much of it each weighs, per cent of what they explain together")
    table = Table(title, tuple(w(h) for h in HEAD_OF_WEIGHTS), tuple(_row(x, names, w) for x in one.weights), 2)
    return Drawn(title, table, weights_chart(one, names.drivers, w, title), kind="drivers")


HEAD_OF_WEIGHTS = (
    phrase("driver"), phrase("direction"), phrase("weight"), phrase("95 % interval"), phrase("rank"), phrase("comes first"),
    phrase("relative weight"), phrase("from all pairs"), phrase("answers"),
)  # fmt: skip


def _row(x: Weight, names: Names, w: Words) -> tuple[str, ...]:
    t = translator(w.language)
    rank = w.number(x.rank_low) if x.rank_low == x.rank_high else f"{w.number(x.rank_low)}–{w.number(x.rank_high)}"
    return (
        names.of(x.name), w(SIGNS[x.sign]), t.percent(x.share.value), f"{w.number(100 * x.share.low)}–{w.number(100 * x.share.high)}", rank,
        t.percent(x.first), t.percent(x.johnson.value), "–" if x.pairwise is None else t.percent(x.pairwise), w.number(x.answered),
    )  # fmt: skip


def _priority(one: Drivers, names: Names, w: Words) -> Drawn | None:
    """Importance by performance; None where fewer than two drivers were rated."""
    rated = [x for x in one.weights if x.performance is not None]
    if len(rated) < 2:
        return None
    title = w("What matters, by how it is doing")
    rows = tuple(_map_row(x, names, w) for x in rated)
    return Drawn(title, Table(title, tuple(w(h) for h in HEAD_OF_MAP), rows, 2), map_chart(one, names.drivers, w, title), kind="priority")


HEAD_OF_MAP = (
    phrase("driver"), phrase("place"), phrase("weight"), phrase("95 % interval"), phrase("doing"), phrase("95 % interval"), phrase("from the rest"),
)  # fmt: skip


def _map_row(x: Weight, names: Names, w: Words) -> tuple[str, ...]:
    t, done = translator(w.language), x.performance
    if done is None:
        return ()
    gap = done.from_rest
    return (
        names.of(x.name), w(PLACES[x.quadrant]), t.percent(x.share.value), f"{w.number(100 * x.share.low)}–{w.number(100 * x.share.high)}",
        t.percent(done.mean.value), f"{w.number(100 * done.mean.low)}–{w.number(100 * done.mean.high)}",
        f"{_signed(100 * gap.value, w)} ({_signed(100 * gap.low, w)}…{_signed(100 * gap.high, w)})",
    )  # fmt: skip


def _signed(value: float, w: Words) -> str:
    return ("+" if round(value) > 0 else "") + w.number(value)


def _placed(one: Drivers, names: Names, w: Words) -> Iterator[Placed]:
    """The places that hold a driver, what needs most care first."""
    for place, title in PLACES.items():
        mine = tuple(names.of(x.name) for x in one.weights if x.quadrant == place and x.performance is not None)
        if mine:
            yield Placed(*MARKS[place], w(title), mine)


# ── parts and times ──


def _parts(one: Studied, said: Told, asked: Asked, w: Words) -> Iterator[PartLine]:
    for part, sentence in zip(one.found.parts, said.parts, strict=True):
        yield PartLine(w.value(asked.by, part.part), sentence, _part_href(one, asked, part.part))


def _part_href(one: Studied, asked: Asked, value: str | None) -> str:
    """The same question of this value alone; none for a value that is not stated, which an address cannot ask for."""
    if value is None:
        return ""
    where = {**asked.where, asked.by: value}
    return "/why/drivers?" + urlencode({**where, "outcome": one.outcome, "period": asked.period})


def _beside(one: Studied, names: Names, by: str, w: Words) -> Table | None:
    """Weights of every part beside those of the whole; a mark where one stands out from the rest."""
    whole, parts = one.found.whole, [p for p in one.found.parts if isinstance(p, Drivers)]
    if not parts or not isinstance(whole, Drivers):
        return None
    t, out = translator(w.language), {(d.part or "", d.name): " ▲" if d.gap.value > 0 else " ▼" for d in one.found.differences if d.told}

    def cell(part: Drivers, name: str) -> str:
        found = part.of(name)
        return "–" if found is None else t.percent(found.share.value) + out.get((part.part or "", name), "")

    rows = tuple((names.of(x.name), t.percent(x.share.value), *(cell(p, x.name) for p in parts)) for x in whole.weights)
    head = (w("driver"), w("all answers"), *(w.value(by, p.part) for p in parts))
    return Table(w("Weights, by part; ▲ more and ▼ less than in the rest, where that stands against chance"), head, rows)


def _lines(gaps: Sequence[float], sentences: Sequence[str], w: Words) -> tuple[Line, ...]:
    return tuple(
        Line("rose", w("weighs more"), said) if gap > 0 else Line("fell", w("weighs less"), said) for gap, said in zip(gaps, sentences, strict=True)
    )


def _moved_none(one: Studied, w: Words) -> str:
    if one.then is None:
        return ""
    if one.found.why_not_moved:
        return w("Whether weights have moved cannot be told: too few answers in one of the two periods.")
    return "" if any(m.told for m in one.found.moved) else w("No weight has visibly moved since the period before.")


# ── how we know ──


def _know(one: Studied, made: Drivers | None, visit: Visit) -> Iterator[Fact]:
    w, whole = visit.words, one.found.whole
    yield Fact(w("Answers"), _answers(whole, w))
    if one.study.first is not None and one.study.last is not None:
        yield Fact(w("Days counted"), f"{w.day(one.study.first)} – {w.day(one.study.last)}")
    yield Fact(w("Weights"), w(METHOD))
    yield Fact(w("Intervals"), w(INTERVALS))
    if made is not None:
        yield Fact(w("Missing answers"), _missing(made, w))
        yield Fact(w("Alike"), _alike(made, w))
    if one.study.by or one.then is not None:
        yield Fact(w("Comparisons"), w("Adjusted for how many were made (Benjamini–Hochberg)."))
    yield Fact(w("Rows"), w("Counted from the table {table}, state {epoch}.", table="feedback", epoch=visit.desk.epoch()))


METHOD = phrase(
    "LMG: what each driver adds to the share of variance explained, averaged over every order in which they may enter, worked out exactly "
    "(Lindeman, Merenda & Gold 1980). Rings: Johnson’s relative weights (2000)."
)
INTERVALS = phrase(
    "95 %, by leaving out one of 50 blocks of people at a time, so that who answers several times counts once. "
    "A rank’s interval holds all ranks that the differences between pairs leave open."
)


def _answers(whole: Drivers | Refused, w: Words) -> str:
    return w("{n} without a gap, of {all} with the outcome", n=w.number(whole.n), all=w.number(whole.responses))


def _missing(one: Drivers, w: Words) -> str:
    """Complete answers are what counts; pairwise stands beside, with what each costs."""
    if one.pairs is None:
        return w("Only responses that lack nothing are counted.")
    return w("Only responses that lack nothing are counted. Weights from all pairs stand beside in the table: {n} answers or more to each pair.",
             n=w.number(one.pairs))  # fmt: skip


def _alike(one: Drivers, w: Words) -> str:
    t, most = translator(w.language), max(one.weights, key=lambda x: x.tangled)
    return w("{share} of the drivers’ variance lies on one line; the largest variance inflation is {vif}.",
             share=t.percent(one.halo), vif=w.number(most.tangled, 1))  # fmt: skip


# ── choices ──


def _choices(visit: Visit, asked: Asked, outcome: str, chosen: str) -> tuple[Choice, ...]:
    """outcome, drivers, market, segment, period, by, against."""
    w = visit.words
    places = tuple(where_choice(d, visit.desk.dimension_values(d), asked, w) for d in FIRST)
    return (
        fixed_choice("outcome", "outcome", _outcomes(visit, asked), outcome, w), fixed_choice("drivers", "drivers", SETS, chosen, w), *places,
        fixed_choice("period", "period", PERIODS, asked.period, w), by_choice(asked, w),
        fixed_choice("against", "held against", AGAINST, asked.against, w),
    )  # fmt: skip


def _outcomes(visit: Visit, asked: Asked) -> dict[str, str]:
    """The measures that have drivers, and what may happen to whoever answers."""
    d, w = cast("Any", visit.desk), visit.words
    period = parse_period(asked.period_text, visit.desk.today()) if asked.period_text else None
    measures = {m: visit.desk.measures().get(m).title(w.language) for m in desk.outcomes(d, period)}
    happens = {name: desk.event_title(name.removeprefix(EVENT), desk.WITHIN, w) for name in desk.event_outcomes(d)}
    return measures | happens


# ── the room's own page ──


def lead(visit: Visit) -> tuple[str, ...]:
    """Today's answer, from what the last night found of the whole house; only for those who may see it whole."""
    if visit.scope.rows or visit.scope.least:
        return ()
    kept = visit.house.ledger.findings.all(KIND)
    d, language = cast("Any", visit.desk), visit.words.language
    known = [(k, found_of(f)) for k, f in kept.items() if k in visit.desk.measures()]
    sure = [pair for pair in known if isinstance(pair[1].whole, Drivers)]
    for outcome, found in sorted(sure, key=lambda pair: -pair[1].whole.n):
        return _kept_sentences(d, outcome, found, language)
    return ()


def _kept_sentences(d: Any, outcome: str, found: Found, language: str) -> tuple[str, ...]:
    """What was found of the whole, and of the first part where a driver surely matters most."""
    measures = d.measures()
    names = Names(measures.get(outcome).title(language), {m.key: m.title(language) for m in measures})
    t = translator(language)
    first = next((p for p in found.parts if isinstance(p, Drivers) and p.first), None)
    said = group_sentence(found.whole, "", names, t)
    return (said,) if first is None else (said, group_sentence(first, desk.place("market", first.part, t), names, t))


PAGES = (Page("/why/drivers", "answers", drivers, "/why/drivers?by=market"),)
FORMS = ()
