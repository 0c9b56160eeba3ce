"""say: an answer in words, in the reader's language. Sentences are plain and short, and print no more digits than the interval deserves."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from math import ceil, log10
from typing import assert_never

from babel.lists import format_list

from gensvar.contracts.measures import Measure
from gensvar.kit.language import Translator, phrase
from gensvar.measure.answer import Answer, Change, Estimate, Group, Hidden, Move, NotComparable, TooFew, Verdict
from gensvar.measure.metrics import metric_of
from gensvar.measure.question import Question

MOVES: Mapping[Move, str] = {
    "rose": phrase("{measure} rose{place}: {now}, was {then}."),
    "fell": phrase("{measure} fell{place}: {now}, was {then}."),
    "no visible change": phrase("{measure}{place}: no visible change, {now}, was {then}."),
    "cannot tell": phrase("{measure}{place}: cannot tell yet whether it changed, {now}, was {then}."),
}
AGAINST: Mapping[Move, str] = {
    "rose": phrase("{measure} is higher{place}: {now}, against {then} for {other}."),
    "fell": phrase("{measure} is lower{place}: {now}, against {then} for {other}."),
    "no visible change": phrase("{measure}{place}: no visible difference, {now}, against {then} for {other}."),
    "cannot tell": phrase("{measure}{place}: cannot tell yet whether it differs, {now}, against {then} for {other}."),
}
CLAUSES: Mapping[Move, str] = {
    "rose": phrase("rose{place}"),
    "fell": phrase("fell{place}"),
    "no visible change": phrase("no visible change{place}"),
    "cannot tell": phrase("cannot tell yet{place}"),
}
CLAUSES_AGAINST: Mapping[Move, str] = {
    "rose": phrase("higher{place}"),
    "fell": phrase("lower{place}"),
    "no visible change": phrase("no visible difference{place}"),
    "cannot tell": phrase("cannot tell yet{place}"),
}
DIMENSION_NAMES = {
    "market": phrase("market"), "segment": phrase("segment"), "channel": phrase("channel"), "journey": phrase("journey"),
    "touchpoint": phrase("touchpoint"), "product": phrase("product"), "unit": phrase("unit"), "audience": phrase("audience"),
    "source": phrase("source"), "kind": phrase("kind"), "language": phrase("language"),
}  # fmt: skip
FEW_NAMES = 6


def say(answer: Answer, t: Translator) -> Answer:
    """The same answer with its sentences, and those of its groups."""
    groups = tuple(replace(g, sentence=group_sentence(g, answer.question, t)) for g in answer.groups)
    return replace(answer, groups=groups, sentence=whole_sentence(groups, answer.question, t), language=t.language)


def digits_of(estimate: Estimate, unit: str) -> int:
    """Decimals that the interval deserves: its half width is at least one of the last digit. Shares and points at most one, scales two."""
    half = (estimate.high - estimate.low) / 2 * (100 if unit == "share" else 1)
    most = 2 if unit == "scale" else 1
    return most if half <= 0 else max(0, min(most, ceil(-log10(half))))


def number_text(value: float, measure: Measure, t: Translator, digits: int) -> str:
    """A value in the metric's unit: 72 %, −5, 4.2."""
    return t.percent(value, digits) if metric_of(measure).unit == "share" else t.number(value, digits)


def estimate_text(estimate: Estimate, measure: Measure, t: Translator) -> str:
    """The value with its interval: 72 % (68–76); −5 (−12…2) where a minus sign would be lost beside a dash."""
    unit = metric_of(measure).unit
    digits = digits_of(estimate, unit)
    factor = 100 if unit == "share" else 1
    low, high = (t.number(factor * limit, digits) for limit in (estimate.low, estimate.high))
    dash = "…" if estimate.low < 0 else "–"
    return f"{number_text(estimate.value, measure, t, digits)} ({low}{dash}{high})"


def verdict_text(verdict: Verdict, measure: Measure, t: Translator) -> str:
    """A verdict as a phrase inside a sentence."""
    match verdict:
        case Estimate():
            return estimate_text(verdict, measure, t)
        case TooFew(n, _):
            return t.ngettext("too few answers ({n})", "too few answers ({n})", n)
        case Hidden("scope"):
            return t("not yours to see")
        case Hidden():
            return t("hidden, since so few answered")
        case NotComparable():
            return t("not comparable, since the definition is another")
        case _:
            assert_never(verdict)


def value_name(dimension: str, value: str | None, t: Translator) -> str:
    """What a reader calls one value of a dimension: a country by its name, a missing one as not stated."""
    if value is None:
        return t("{dimension} not stated", dimension=t(DIMENSION_NAMES[dimension]))
    if dimension == "language":
        return str(t.locale.languages.get(value, value))
    return t.country(value) if dimension == "market" else value


def key_name(key: Mapping[str, str | None], t: Translator) -> str:
    """A group's name: Norway, app."""
    return ", ".join(value_name(dimension, value, t) for dimension, value in key.items())


def place_of(names: Sequence[str], dimensions: Iterable[str], t: Translator) -> str:
    """Where in a sentence a group stands: ' in Norway', ' for app'; nothing for the whole."""
    if not names:
        return ""
    listed = format_list(list(names), locale=t.locale)
    return t(" in {group}", group=listed) if list(dimensions) == ["market"] else t(" for {group}", group=listed)


def group_sentence(group: Group, question: Question, t: Translator) -> str:
    """What a person reads about one group."""
    measure = group.measure.title(t.language)
    names = [key_name(group.key, t)] if group.key else []
    place = place_of(names, group.key, t)
    match group.verdict:
        case Estimate():
            now = estimate_text(group.verdict, group.measure, t)
            if group.change is None:
                return t("{measure}{place}: {now}, {n} answers.", measure=measure, place=place, now=now, n=t.number(group.verdict.n))
            return change_sentence(group, group.change, question, t, measure, place, now)
        case TooFew(n, least):
            return t.ngettext(
                "{measure}{place}: cannot tell yet, {n} answer; at least {more} more needed.",
                "{measure}{place}: cannot tell yet, {n} answers; at least {more} more needed.",
                n, measure=measure, place=place, more=t.number(least - n),
            )  # fmt: skip
        case Hidden("scope"):
            return t("{measure}{place}: outside what you may see.", measure=measure, place=place)
        case Hidden():
            return t("{measure}{place}: too few answered to show it without showing who they are.", measure=measure, place=place)
        case NotComparable():
            return t("{measure}{place}: not comparable, since the definition is another.", measure=measure, place=place)
        case _:
            assert_never(group.verdict)


def change_sentence(group: Group, change: Change, question: Question, t: Translator, measure: str, place: str, now: str) -> str:
    """What a person reads about a group and what it is compared with."""
    if isinstance(change.then, NotComparable):
        return t("{measure}{place}: {now}; not comparable with before, since the definition is another.", measure=measure, place=place, now=now)
    other = other_name(question, t)
    sentence = t((AGAINST if other else MOVES)[change.move], measure=measure, place=place, now=now,
                 then=verdict_text(change.then, group.measure, t), other=other)  # fmt: skip
    if not change.more:
        return sentence
    return sentence + " " + more_sentence(change.more, t)


def more_sentence(more: int, t: Translator) -> str:
    """How many further answers it takes."""
    return t.ngettext("About {n} more answer is needed.", "About {n} more answers are needed.", more)


def other_name(question: Question, t: Translator) -> str:
    """The name of the group compared with, or the rest; empty where it is a period."""
    compare = question.compare
    if compare is not None and compare.how == "rest":
        return t("the rest")
    if compare is None or compare.how != "group":
        return ""
    names = [value_name(dimension, value or None, t) for dimension, values in compare.group.items() for value in values]
    return format_list(names, locale=t.locale)


def whole_sentence(groups: Sequence[Group], question: Question, t: Translator) -> str:
    """The answer in one sentence: of its only group; of what moved and where; or of the highest and the lowest."""
    if not groups:
        return t("No answers yet.")
    newest = max(g.measure.version for g in groups)
    current = [g for g in groups if g.measure.version == newest]
    if len(current) == 1:
        return current[0].sentence
    measure = current[0].measure.title(t.language)
    if any(g.change for g in current):
        return moves_sentence(current, question, t, measure)
    return range_sentence(current, t, measure)


def moves_sentence(groups: Sequence[Group], question: Question, t: Translator, measure: str) -> str:
    """Where it rose, fell, stood still, or cannot be told."""
    clauses = CLAUSES_AGAINST if other_name(question, t) else CLAUSES
    said = []
    for move, clause in clauses.items():
        moved = [g for g in groups if g.change and g.change.move == move]
        if moved:
            said.append(t(clause, place=_place_of_groups(moved, t)))
    return t("{measure}: {clauses}.", measure=measure, clauses="; ".join(said))


def _place_of_groups(groups: Sequence[Group], t: Translator) -> str:
    names = [key_name(g.key, t) for g in groups[:FEW_NAMES]]
    rest = len(groups) - len(names)
    if rest:
        names.append(t.ngettext("{n} other", "{n} others", rest))
    return place_of(names, groups[0].key, t)


def range_sentence(groups: Sequence[Group], t: Translator, measure: str) -> str:
    """From the lowest to the highest, with their intervals; it claims no order among the groups between."""
    known = [(g.verdict.value, estimate_text(g.verdict, g.measure, t), _place_of_groups([g], t)) for g in groups if isinstance(g.verdict, Estimate)]
    if not known:
        return t("{measure}: cannot tell yet, too few answers in every group.", measure=measure)
    (_, low, low_place), (_, high, high_place) = min(known), max(known)
    if len(known) == 1:
        return t("{measure}{place}: {now}; too few answers in the other groups.", measure=measure, place=low_place, now=low)
    return t("{measure}: from {low}{low_place} to {high}{high_place}.", measure=measure, low=low, low_place=low_place,
             high=high, high_place=high_place)  # fmt: skip
