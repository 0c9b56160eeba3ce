"""tell: why a measure changed, in sentences a person reads. They speak of what goes together, never of what brings what about."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from babel.lists import format_list

from gensvar.contracts.measures import Measure
from gensvar.explain.change.found import OTHERS, CellPart, Decomposed, Part
from gensvar.kit.language import Translator, phrase
from gensvar.measure.answer import Estimate, Group
from gensvar.measure.metrics import metric_of
from gensvar.measure.say import DIMENSION_NAMES, digits_of, estimate_text, group_sentence, other_name, place_of, value_name

NEARLY_ALL, MOST = 0.8, 0.5
MOST_NAMED = 3
UNITS = {"share": phrase("{gap} percentage points"), "points": phrase("{gap} points"), "scale": phrase("{gap} on the scale")}
MOVED = {
    "rose": phrase("{measure} rose{place} by {gap}."),
    "fell": phrase("{measure} fell{place} by {gap}."),
}
APART = {
    "rose": phrase("{measure} is higher{place} than for {other}, by {gap}."),
    "fell": phrase("{measure} is lower{place} than for {other}, by {gap}."),
}


def told(d: Decomposed, today: date, t: Translator) -> Decomposed:
    """The same with its sentence and notes."""
    return replace(d, sentence=" ".join(sentences(d, t)), notes=tuple(notes(d, today, t)), language=t.language)


def sentences(d: Decomposed, t: Translator) -> Iterator[str]:
    """What changed; what of it goes with what was said, and what with who answered."""
    if d.why == "scope":
        yield group_sentence(Group({}, d.measure, d.now), d.question, t)
        return
    if d.why == "protected":
        yield t("Why it changed cannot be told here: those who answered are protected, and are shown in whole groups only.")
        return
    if d.why or d.change is None or d.total is None or d.mix is None or d.level is None:
        yield group_sentence(Group({}, d.measure, d.now, change=d.change), d.question, t)
        return
    yield from _moved(d, d.total, d.mix, d.level, t) if d.change.move in MOVED else _stood(d, d.mix, t)


def _moved(d: Decomposed, whole: Part, mix: Part, level: Part, t: Translator) -> Iterator[str]:
    """Of a change that is visible."""
    other, way = other_name(d.question, t), "rose" if whole.value > 0 else "fell"
    said = (APART if other else MOVED)[way]
    yield t(said, measure=d.measure.title(t.language), place=where_place(d, t), gap=gap(whole, d.measure, t), other=other)
    yield _of_level(d, level, whole, t)
    if not mix.visible:
        yield t("Who answered made no visible difference.")
    elif mix.value * whole.value > 0:
        yield t("{part} goes with who answered{dims}.", part=_how_much(mix.value / whole.value, t), dims=_dims(d, mix, t))
    else:
        yield t("Who answered pulled the other way, by {gap}{dims}.", gap=gap(mix, d.measure, t), dims=_dims(d, mix, t))


def _of_level(d: Decomposed, level: Part, whole: Part, t: Translator) -> str:
    along = [c for c in standing(d) if c.level.value * whole.value > 0]
    if along:
        much = _how_much(sum(c.level.value for c in along) / whole.value, t)
        return t("{part} goes with other answers{place}.", part=much, place=place(d, along, t))
    if level.visible and level.value * whole.value > 0:
        much = _how_much(level.value / whole.value, t)
        return t("{part} goes with other answers, and no one {dimension} stands out.", part=much, dimension=t(DIMENSION_NAMES[d.lead]))
    if level.visible:
        return t("What was said pulled the other way, by {gap}.", gap=gap(level, d.measure, t))
    return t("What was said made no visible difference.")


def _stood(d: Decomposed, mix: Part, t: Translator) -> Iterator[str]:
    """Of a change that is not visible in the whole: parts of it may be."""
    yield group_sentence(Group({}, d.measure, d.now, change=d.change), d.question, t)
    for sign, said in ((1, "Answers{place} raised it by {gap}."), (-1, "Answers{place} lowered it by {gap}.")):
        for cell in [c for c in standing(d) if c.level.value * sign > 0][:MOST_NAMED]:
            yield t(said, place=place(d, [cell], t), gap=gap(cell.level, d.measure, t))
    if mix.visible:
        raised = "Who answered raised it by {gap}{dims}." if mix.value > 0 else "Who answered lowered it by {gap}{dims}."
        yield t(raised, gap=gap(mix, d.measure, t), dims=_dims(d, mix, t))


RAISED = (
    phrase("Answers{place} raised it by {gap}."), phrase("Answers{place} lowered it by {gap}."),
    phrase("Who answered raised it by {gap}{dims}."), phrase("Who answered lowered it by {gap}{dims}."),
)  # fmt: skip


def standing(d: Decomposed) -> list[CellPart]:
    """The cells whose answers moved visibly, the largest part first."""
    return sorted((c for c in d.cells if c.level.visible), key=lambda c: -abs(c.level.value))


def _how_much(share: float, t: Translator) -> str:
    """Nearly all of it, most of it, or part of it."""
    return t("Nearly all of it") if share >= NEARLY_ALL else t("Most of it") if share >= MOST else t("Part of it")


def _dims(d: Decomposed, mix: Part, t: Translator) -> str:
    """The dimensions whose part of the mix is visible and points as it does."""
    names = [t(DIMENSION_NAMES[name]) for name, p in d.who.items() if p.visible and p.value * mix.value > 0]
    return f" ({format_list(names, locale=t.locale)})" if names else ""


def place(d: Decomposed, cells: Sequence[CellPart], t: Translator) -> str:
    """Where in a sentence some cells stand."""
    return place_of([cell_name(d.lead, c.name, t) for c in cells[:MOST_NAMED]], [d.lead], t)


def cell_name(dimension: str, value: str, t: Translator) -> str:
    """What a reader calls one value of the leading dimension."""
    return t("all others") if value == OTHERS else value_name(dimension, value, t)


def where_place(d: Decomposed, t: Translator) -> str:
    """The filters of the question as a place in a sentence."""
    names = [value_name(dim, value or None, t) for dim, values in d.question.where.items() for value in values]
    return place_of(names, d.question.where, t)


def gap(p: Part, measure: Measure, t: Translator) -> str:
    """How much, without its sign: 7 percentage points (4–10)."""
    unit = metric_of(measure).unit
    times, digits = (100 if unit == "share" else 1), digits_of(Estimate(p.value, p.low, p.high, 0), unit)
    low, high = (p.low, p.high) if p.value >= 0 else (-p.high, -p.low)
    dash = "…" if low < 0 else "–"
    ends = dash.join(t.number(times * end, digits) for end in (low, high))
    return f"{t(UNITS[unit], gap=t.number(times * abs(p.value), digits))} ({ends})"


def notes(d: Decomposed, today: date, t: Translator) -> Iterator[str]:
    """What a careful reader should know."""
    if d.protected and d.why != "protected":
        yield t("Answers of protected people are not among these numbers: they are shown in whole groups only.")
    if d.why:
        return
    if d.elsewhere:
        yield t.ngettext(
            "One answer to another version of the question is left out.", "{n} answers to other versions of the question are left out.", d.elsewhere
        )
    if d.pooled:
        yield t("{share} of the answers stand in groups that are too small to be told apart; they count as others.", share=t.percent(d.pooled))
    one_sided = [c for c in d.cells if c.side]
    if one_sided:
        names = format_list([cell_name(d.lead, c.name, t) for c in one_sided], locale=t.locale)
        yield t("{names}: there are answers on one side only, so what they moved counts as who answered.", names=names)
    if d.question.period is not None and d.question.period.last >= today:
        yield t("The period is not over: it is counted up to now.")


def whole_text(d: Decomposed, t: Translator) -> str:
    """Now and before: 72 % (68–76), 79 % (75–83) before."""
    then = d.change.then if d.change else None
    if not isinstance(d.now, Estimate) or not isinstance(then, Estimate):
        return ""
    return f"{estimate_text(then, d.measure, t)} → {estimate_text(d.now, d.measure, t)}"
