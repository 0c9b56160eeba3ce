"""tell: each pattern in a sentence, and what the search found in one, in the reader's language."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from gensvar.kit.language import Translator, phrase
from gensvar.measure.local.found import Pattern, Patterns, Way, Why
from gensvar.measure.say import DIMENSION_NAMES, key_name, place_of, verdict_text

WAYS: Mapping[Way, str] = {
    "rose": phrase("{measure} rose{place}: {now}, was {then}; {elsewhere} it went from {rest_then} to {rest_now}."),
    "fell": phrase("{measure} fell{place}: {now}, was {then}; {elsewhere} it went from {rest_then} to {rest_now}."),
    "held": phrase("{measure} did not move with the rest{place}: {now}, was {then}; {elsewhere} it went from {rest_then} to {rest_now}."),
    "higher": phrase("{measure} is higher{place}: {now}; {elsewhere} it is {rest_now}."),
    "lower": phrase("{measure} is lower{place}: {now}; {elsewhere} it is {rest_now}."),
}
WHY: Mapping[Why, str] = {
    "protected": phrase("Local patterns are not searched for here: those who answered are protected, and are shown in whole groups only."),
    "versions": phrase("Local patterns cannot be searched for: the definition changed in between, and its versions are never compared."),
    "scope": phrase("Local patterns cannot be searched for: nothing of it is yours to see."),
}


def told(found: Patterns, today: date, t: Translator) -> Patterns:
    """The same with its sentences."""
    patterns = tuple(replace(p, sentence=pattern_sentence(p, found, t)) for p in found.patterns)
    whole = replace(found, patterns=patterns, language=t.language)
    return replace(whole, sentence=whole_sentence(whole, t), notes=tuple(notes(whole, today, t)))


def pattern_sentence(p: Pattern, found: Patterns, t: Translator) -> str:
    """What a person reads about one pattern; it says so where the total hides it."""
    measure, place = found.measure.title(t.language), place_of([key_name(p.key, t)], p.key, t)
    texts = {name: verdict_text(v, found.measure, t) for name, v in
             (("now", p.now), ("then", p.then), ("rest_now", p.rest_now), ("rest_then", p.rest_then)) if v is not None}  # fmt: skip
    said = t(WAYS[p.way], measure=measure, place=place, elsewhere=elsewhere(p, t), **texts)
    return f"{said} {t('The total does not show it.')}" if p.hides else said


def elsewhere(p: Pattern, t: Translator) -> str:
    """What the cell is held against: elsewhere, or the rest of the pattern that it lies within."""
    if not p.within:
        return t("elsewhere")
    return t("in the rest of {group}", group=key_name(p.within, t))


def whole_sentence(found: Patterns, t: Translator) -> str:
    """What the search found, in one sentence."""
    if found.why:
        return t(WHY[found.why])
    if not found.tested:
        return t("Too few answers in every part to look for local patterns.")
    if found.patterns:
        return found.patterns[0].sentence
    over_time = found.total is not None
    return (
        t.ngettext("Nothing local can be told from chance: the one part compared moved with the rest.",
                   "Nothing local can be told from chance: none of the {n} parts compared moved otherwise than the rest.", found.tested)
        if over_time
        else t.ngettext("Nothing local can be told from chance: the one part compared lies where the rest does.",
                        "Nothing local can be told from chance: none of the {n} parts compared lies elsewhere than the rest.", found.tested)
    )  # fmt: skip


def notes(found: Patterns, today: date, t: Translator) -> Sequence[str]:
    """What a careful reader should know of the search."""
    if found.why or not found.tested:
        return ()
    names = ", ".join(t(DIMENSION_NAMES[d]) for d in found.dims)
    said = [
        t.ngettext("{n} part was compared: {dimensions}, alone and up to three at a time.",
                   "{n} parts were compared: {dimensions}, alone and up to three at a time.", found.tested, dimensions=names),
        t("False discoveries are held at 5 % of what is named, over all that was compared."),
    ]  # fmt: skip
    if found.cut:
        said.append(t.ngettext("{n} smaller part was left out.", "{n} smaller parts were left out.", found.cut))
    if found.question.period is not None and found.question.period.last >= today:
        said.append(t("The period is not over: it is counted up to now."))
    return said
