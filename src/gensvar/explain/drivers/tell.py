"""tell: what was found in sentences that a person reads. All of them speak of what goes together, none of what causes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from babel.lists import format_list

from gensvar.explain.drivers.found import Difference, Drivers, Found, Left, LeftWhy, Moved, Refused, Weight, Why
from gensvar.explain.drivers.study import Study
from gensvar.kit.language import Translator, phrase
from gensvar.measure.say import place_of, value_name

FEW, SURE = 3, 0.05
REFUSALS: Mapping[Why, str] = {
    "small_group": phrase("What goes with {outcome}{place} is hidden: so few people answered that they would not stay unknown."),
    "few_people": phrase("What goes with {outcome}{place} cannot be told: too few different people answered, however often."),
    "constant_outcome": phrase("What goes with {outcome}{place} cannot be told: everybody gave the same answer."),
    "no_drivers": phrase("What goes with {outcome}{place} cannot be told: nothing was answered beside it that could drive it."),
    "one_driver": phrase("What matters most for {outcome}{place} cannot be told: only one driver is left to weigh."),
    "nothing_explained": phrase("None of the drivers goes with {outcome}{place} more than chance would have it."),
    "no_outcome": phrase("Nobody answered {outcome}{place} in this period."),
    "protected": phrase("What goes with {outcome} is not looked for: those who answered are protected, and are shown in whole groups only."),
}
LEFT: Mapping[LeftWhy, str] = {
    "constant": phrase("{driver} is left out: everybody answered the same."),
    "nobody": phrase("{driver} is left out: nobody answered it beside the outcome."),
    "same": phrase("{driver} is left out: {like}, with the others, says the same already."),
    "seldom": phrase("{driver} is left out: only {n} responses have it, and all others would be lost for it."),
}
FIRST = (
    phrase("{driver} matters most for {outcome}."),
    phrase("{driver} matters most for {outcome}, and it is below the rest."),
    phrase("{driver} matters most for {outcome}, and it is above the rest."),
)
HERE = (
    phrase("{place}, {driver} matters most for {outcome}."),
    phrase("{place}, {driver} matters most for {outcome}, and it is below the rest."),
    phrase("{place}, {driver} matters most for {outcome}, and it is above the rest."),
)
MORE = phrase("{place}, {driver} matters more than elsewhere: {share} of what the drivers explain, against {rest}.")
LESS = phrase("{place}, {driver} matters less than elsewhere: {share} of what the drivers explain, against {rest}.")
ROSE = phrase("{driver} has come to matter more: {now} of what the drivers explain, was {then}.")
FELL = phrase("{driver} has come to matter less: {now} of what the drivers explain, was {then}.")


@dataclass(frozen=True, slots=True)
class Names:
    """What a reader calls the outcome and each driver."""

    outcome: str
    drivers: Mapping[str, str]

    def of(self, name: str) -> str:
        return self.drivers.get(name, name)


@dataclass(frozen=True, slots=True)
class Told:
    """sentence: the whole in one. parts: of each part, aligned with them. differences, moved: those that stand. left: what is left out, and why.

    notes: what a careful reader should know.
    """

    sentence: str
    parts: tuple[str, ...]
    differences: tuple[str, ...]
    moved: tuple[str, ...]
    left: tuple[str, ...]
    notes: tuple[str, ...]


def told(found: Found, study: Study, names: Names, t: Translator) -> Told:
    """All that is said of what was found."""
    left = found.whole.left
    return Told(
        sentence=group_sentence(found.whole, _where(study, t), names, t),
        parts=tuple(group_sentence(one, place_of([value_name(study.by, one.part, t)], [study.by], t), names, t) for one in found.parts),
        differences=tuple(difference_sentence(d, study, names, t) for d in found.differences if d.told),
        moved=tuple(_moved_sentence(m, names, t) for m in found.moved if m.told),
        left=tuple(left_sentence(one, names, t) for one in left),
        notes=tuple(_notes(found, t)),
    )


def _where(study: Study, t: Translator) -> str:
    """In which filters the whole stands: ' in Norway'."""
    if not study.where:
        return ""
    values = [value_name(name, v or None, t) for name, some in study.where for v in some]
    return place_of(values, [name for name, _ in study.where], t)


def group_sentence(one: Drivers | Refused, place: str, names: Names, t: Translator) -> str:
    """What a person reads about one group: which driver matters most and how it does, or that it cannot be told."""
    if isinstance(one, Refused):
        return _refusal(one, place, names, t)
    if not one.first:
        return _undecided(one, place, names, t)
    top = next(w for w in one.weights if w.name == one.first)
    return t(_of_first(top, place), outcome=inside(names.outcome), place=_capital(place), driver=_after(names.of(top.name), place))


def _undecided(one: Drivers, place: str, names: Names, t: Translator) -> str:
    """Which ones may matter most, where no single one surely does."""
    values = {"outcome": inside(names.outcome), "place": place}
    if len(one.leaders) > FEW:
        return t("It cannot be told what matters most for {outcome}{place}: any of {n} drivers may.", n=t.number(len(one.leaders)), **values)
    few = format_list([inside(names.of(n)) for n in one.leaders], locale=t.locale, style="or")
    return t("It cannot be told what matters most for {outcome}{place}: it may be {few}.", few=few, **values)


def _of_first(top: Weight, place: str) -> str:
    """The sentence about the driver that surely matters most; below or above the rest only where tested so."""
    lies = top.performance.from_rest if top.performance else None
    which = 0 if lies is None or lies.q >= SURE else 1 if lies.value < 0 else 2
    return (HERE if place else FIRST)[which]


def _capital(place: str) -> str:
    """A place at the head of a sentence: 'In Norway'; nothing for the whole."""
    said = place.strip()
    return said[:1].upper() + said[1:]


def _after(name: str, place: str) -> str:
    """A name that begins the sentence where no place does."""
    return inside(name) if place else name


def inside(name: str) -> str:
    """A name within a sentence begins small, unless it is an abbreviation.

    >>> inside("Overall satisfaction"), inside("NPS")
    ('overall satisfaction', 'NPS')
    """
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def _refusal(one: Refused, place: str, names: Names, t: Translator) -> str:
    if one.why == "too_few":
        said = t("Too few answers to tell what matters for {outcome}{place}: {n} without a gap, {least} are needed.",
                 outcome=inside(names.outcome), place=place, n=t.number(one.n), least=t.number(one.least))  # fmt: skip
        more = t.ngettext("About {n} more response would do.", "About {n} more responses would do.", one.more) if one.more else ""
        return f"{said} {more}".strip()
    return t(REFUSALS[one.why], outcome=inside(names.outcome), place=place)


def difference_sentence(d: Difference, study: Study, names: Names, t: Translator) -> str:
    """How much more or less a driver weighs in a part than in the rest."""
    place = place_of([value_name(study.by, d.part, t)], [study.by], t)
    said = MORE if d.gap.value > 0 else LESS
    return t(said, place=_capital(place), driver=_after(names.of(d.name), place), share=t.percent(d.share), rest=t.percent(d.rest))


def _moved_sentence(m: Moved, names: Names, t: Translator) -> str:
    said = ROSE if m.gap.value > 0 else FELL
    return t(said, driver=names.of(m.name), now=t.percent(m.now), then=t.percent(m.then))


def left_sentence(one: Left, names: Names, t: Translator) -> str:
    return t(LEFT[one.why], driver=names.of(one.name), like=names.of(one.like), n=t.number(one.n))


def _notes(found: Found, t: Translator) -> Sequence[str]:
    one = found.whole
    said = [t("Weights say how much goes together with the outcome. They are not effects: who changes one cannot count on the other.")]
    if isinstance(one, Refused):
        return ()
    if one.responses > one.n:
        said.append(t.ngettext("{n} response lacks a driver, and is not counted.", "{n} responses lack a driver, and are not counted.",
                               one.responses - one.n))  # fmt: skip
    if "halo" in one.warnings:
        said.append(t("The drivers are answered much alike ({share} lies on one line): a general mood may stand behind them all, and their order "
                      "says little.", share=t.percent(one.halo)))  # fmt: skip
    if "collinear" in one.warnings:
        said.append(t("Some drivers say almost the same as others do: their weights are shared among them, and the interval of each is wide."))
    if one.why_not_pairs == "not_positive":
        said.append(t("Weights from all pairs of answers are not given: the pairs come from different people, and together fit no possible answers."))
    if found.left_parts:
        said.append(t.ngettext("One smaller group is left out.", "{n} smaller groups are left out.", found.left_parts))
    return said
