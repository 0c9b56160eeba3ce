"""What was found of journeys, in sentences: how many finish, where they stop, what became of them, and who goes on more seldom."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from babel.dates import format_timedelta
from babel.lists import format_list

from gensvar.explain.journeys import (
    OTHER,
    Compared,
    Fates,
    Friction,
    Journey,
    JourneyFound,
    JourneysFound,
    Node,
    Number,
    Refused,
    Stated,
    StepFound,
    SupportAfter,
    TouchpointMap,
)
from gensvar.kit.language import phrase
from gensvar.kit.names import plain_name
from gensvar.measure import Estimate
from gensvar.measure.say import digits_of
from gensvar.serve.web.words import Words

MOST_SAID = 200  # of a name that a person wrote

WHY: Mapping[str, str] = {
    "too_few": phrase("too few: {n} of {least}"),
    "nothing": phrase("nobody says"),
    "one_kind": phrase("nothing to set it beside"),
    "not_known": phrase("not yet known"),
    "hidden": phrase("hidden: too few people to stay unknown"),
}
REFUSED: Mapping[str, str] = {
    "no_events": phrase("{what}: no events have come in."),
    "no_parties": phrase("{what}: the events do not say whose they are."),
    "too_few": phrase("{what}: {n} errands, where {least} are needed."),
    "too_many_steps": phrase("{what}: more steps than can be told apart ({n}, at most {least})."),
    "one_group": phrase("{what}: there is one group only, so nothing to compare."),
    "no_end": phrase("{what}: nothing in the events says that it was finished."),
    "not_seen": phrase("{what}: not seen in the events."),
}
SIDES: Mapping[str, str] = {
    "market": phrase("markets"),
    "segment": phrase("segments"),
    "channel": phrase("channels"),
    "feature": phrase("those who used a feature"),
    "before_after": phrase("before and after a day"),
}
FATES: Mapping[str, str] = {
    "returned": phrase("came back and finished"),
    "channel": phrase("turned to another channel"),
    "support": phrase("turned to support"),
    "left": phrase("gave up"),
    "unknown": phrase("not yet known"),
}
"""What may become of an errand that stood still, as the page says it."""
GO_ON: Mapping[str, str] = {
    "higher": phrase("{group}: more go on from {step} than of {against}: {here}, against {there}."),
    "lower": phrase("{group}: fewer go on from {step} than of {against}: {here}, against {there}."),
    "no visible difference": phrase("{group}: no visible difference from {against} at {step}: {here}, against {there}."),
    "cannot tell": phrase("{group}: whether they differ from {against} at {step} cannot be told yet: {here}, against {there}."),
}
FINISH: Mapping[str, str] = {
    "higher": phrase("{group}: more finish than of {against}: {here}, against {there}."),
    "lower": phrase("{group}: fewer finish than of {against}: {here}, against {there}."),
    "no visible difference": phrase("{group}: no visible difference from {against} in how many finish: {here}, against {there}."),
    "cannot tell": phrase("{group}: whether more or fewer finish than of {against} cannot be told yet: {here}, against {there}."),
}
MARKS: Mapping[str, str] = {"higher": "rose", "lower": "fell", "no visible difference": "same", "cannot tell": "unknown"}
BLOCKED, SEVERAL = "!", "+"


def known(n: Number) -> bool:
    return n.value is not None and n.low is not None and n.high is not None


def _estimate(n: Number) -> Estimate:
    value, low, high = n.value or 0.0, n.low or 0.0, n.high or 0.0
    return Estimate(value, low, high, n.n)


def share(n: Number, w: Words) -> str:
    """A share alone, with the digits that its interval deserves, or why there is none: 83 %."""
    if not known(n):
        return no_number(n, w)
    e = _estimate(n)
    digits = digits_of(e, "share")
    return f"{w.number(100 * e.value, digits)}\N{NO-BREAK SPACE}%"


def limits(n: Number, w: Words) -> str:
    """Its interval alone: 81–85; empty where there is none."""
    if not known(n):
        return ""
    e = _estimate(n)
    digits = digits_of(e, "share")
    low, high = (w.number(100 * end, digits) for end in (e.low, e.high))
    return f"{low}{'…' if e.low < 0 else '–'}{high}"


def sure(n: Number, w: Words) -> str:
    """With its interval: 83 % (81–85)."""
    return f"{share(n, w)} ({limits(n, w)})" if known(n) else no_number(n, w)


def level(n: Number, w: Words) -> str:
    """A number that is no share, with its interval: tone −0.21 (−0.26…−0.15)."""
    if not known(n):
        return no_number(n, w)
    e = _estimate(n)
    digits = digits_of(e, "scale")
    low, high = (w.number(end, digits) for end in (e.low, e.high))
    return f"{w.number(e.value, digits)} ({low}{'…' if e.low < 0 else '–'}{high})"


def no_number(n: Number, w: Words) -> str:
    return (
        w(WHY.get(n.why, WHY["not_known"]), n=w.number(n.n), least=w.number(n.least)) if n.why == "too_few" else w(WHY.get(n.why, WHY["not_known"]))
    )


def lasting(seconds: float | None, w: Words) -> str:
    """2 min; – where it is not known."""
    return "–" if seconds is None else format_timedelta(timedelta(seconds=seconds), granularity="second", format="short", locale=w.language)


def step_name(name: str, w: Words) -> str:
    """A step, a stop or what pools the rare ones, as a reader says it."""
    return w("stopped") if name == BLOCKED else w("everything else") if name == OTHER else name


def taken(steps: Sequence[str], w: Words) -> str:
    """A path: Choose → Method → Confirm → stopped."""
    return " → ".join(step_name(s, w) for s in steps)


def headline(found: JourneyFound, worst: Friction | None, w: Words) -> str:
    """How many finish, and where it chafes most."""
    name = found.journey.name
    if not known(found.finished):
        return w("{journey}: how many finish cannot be told: {why}.", journey=name, why=no_number(found.finished, w))
    done = sure(found.finished, w)
    if worst is None or worst.customers == 0:
        return w("{done} finish {journey}; it chafes at no step more than at the others.", done=done, journey=name)
    if worst.rank_low == worst.rank_high:
        return w("{done} finish {journey}. Most are lost at {step}.", done=done, journey=name, step=worst.step)
    return w("{done} finish {journey}. Most seem to be lost at {step}, though others may be as bad.", done=done, journey=name, step=worst.step)


def chafes(f: Friction, journey: str, w: Words) -> str:
    """One place of friction in a sentence."""
    return w(
        "{step} in {journey}: {customers} customers were lost. Of {come} errands, {lost} more end there than at the step that loses least.",
        step=f.step, journey=journey, come=w.number(f.come), lost=sure(f.lost, w), customers=w.number(f.customers),
    )  # fmt: skip


def standing(f: Friction, w: Words) -> str:
    """Its place among all, with the doubt of that place."""
    if f.rank_low == f.rank_high:
        return w("Place {rank}, and surely so.", rank=f.rank)
    return w("Place {rank}; it may be anywhere from {low} to {high}.", rank=f.rank, low=f.rank_low, high=f.rank_high)


def hardness(f: Friction, w: Words) -> str:
    """How hard it is said to be, and where that is taken from."""
    if f.effort_from == "nothing":
        return w("Nobody has said how hard it is; the weight leaves that out.")
    told = level(f.effort, w)
    if f.effort_from == "here":
        return w("Effort told of here: {effort}, where 1 is the most.", effort=told)
    return w("Effort told of in the whole journey, as nobody speaks of this step: {effort}, where 1 is the most.", effort=told)


def became(step: StepFound, w: Words) -> str:
    """What became of those who stood still at a step; of the last one, how many had done so on the way; empty where nobody did."""
    if step.ended.returned:
        return w.many(
            "One of those who finished had stood still on the way.", "{n} of those who finished had stood still on the way.", step.ended.returned
        )
    said = [f"{w.number(n)} {w(FATES[name])}" for name, n in fate_counts(step.ended) if n]
    if not said:
        return ""
    total = sum(n for _, n in fate_counts(step.ended))
    return w.many(
        "One stood still at {step}: {what}.", "{n} stood still at {step}: {what}.", total, step=step.name, what=format_list(said, locale=w.language)
    )


def fate_counts(f: Fates) -> Iterator[tuple[str, int]]:
    """Fate → how many, of those who did not go straight through."""
    yield from (("returned", f.returned), ("channel", f.channel), ("support", f.support), ("left", f.left), ("unknown", f.unknown))


def temporary(f: Fates, w: Words) -> str:
    """How much of the drop-off was temporary; empty where nobody stood still."""
    stood = f.returned + f.lost
    if not stood:
        return ""
    n, back, lost = w.number(stood), w.number(f.returned), w.number(f.lost)
    if not f.lost:
        return w("Of {n} errands that stood still, all came back and finished.", n=n)
    parts = [f"{w.number(k)} {w(FATES[name])}" for name, k in fate_counts(f) if k and name in {"channel", "support", "left"}]
    what = format_list(parts, locale=w.language)
    return w("Of {n} errands that stood still, {back} came back and finished; {lost} did not: {what}.", n=n, back=back, lost=lost, what=what)


def helped(s: SupportAfter, journey: Journey, w: Words) -> str:
    """Contact with support after being stopped, beside what is usual; empty where it is not known."""
    if not (known(s.stopped) and known(s.finished)):
        return ""
    hours = w.number(journey.support_hours)
    return w(
        "Within {hours} hours of being stopped, {stopped} are in touch with support; of those who finish, {finished}.",
        hours=hours, stopped=sure(s.stopped, w), finished=sure(s.finished, w),
    )  # fmt: skip


def stated(s: Stated, w: Words) -> str:
    """What they say of their goal beside what they did; empty where nobody was asked."""
    if not (known(s.stated) and known(s.observed)):
        return ""
    return w(
        "{stated} say that they reached their goal; {observed} are seen to have finished.", stated=sure(s.stated, w), observed=sure(s.observed, w)
    )


def difference(c: Compared, w: Words) -> str:
    """One group beside another, in a sentence."""
    group, against = group_names(c, w)
    phrases = GO_ON if c.step else FINISH
    return w(phrases[c.move], group=group, against=against, here=sure(c.here, w), there=sure(c.there, w), step=c.step)


def group_names(c: Compared, w: Words) -> tuple[str, str]:
    """The group, as it begins a sentence, and what it is set beside."""
    if c.by == "before_after":
        return w("After the day"), w("those before")
    if c.by == "feature":
        return w("Those who used {feature}", feature=c.group), w("those who did not")
    return w("several channels").capitalize() if c.group == SEVERAL else w.value(c.by, c.group), w("the others")


def refusal(r: Refused, w: Words) -> str:
    """What is not told, and why."""
    said = REFUSED.get(r.why, REFUSED["not_seen"])
    return w(said, what=r.what, n=w.number(r.n), least=w.number(r.least))


def node_name(n: Node, w: Words) -> str:
    return w("everything else") if n.key == OTHER else n.name


# ── names as the data has them, made readable ──


def said_name(name: str) -> str:
    """A name as a reader says it; one that a person wrote with capitals or spaces stays as it is.

    >>> said_name("feature_use:report"), said_name("Köp & betala"), said_name("~delivery"), said_name("!")
    ('Feature use: report', 'Köp & betala', 'Delivery', '!')
    """
    plain = name.lstrip("~")
    if plain != plain.lower() or " " in plain:
        return plain_name(plain, MOST_SAID)
    words = plain_name(plain.replace("_", " ").replace(":", ": "))
    return words[:1].upper() + words[1:]


def readable(found: JourneysFound) -> JourneysFound:
    """The same with every name of a journey and a step made readable."""
    return JourneysFound(
        tuple(_readable(j) for j in found.journeys), tuple(replace(f, step=said_name(f.step)) for f in found.friction),
        tuple(replace(r, what=said_name(r.what)) for r in found.refused),
    )  # fmt: skip


def _readable(j: JourneyFound) -> JourneyFound:
    journey = replace(
        j.journey,
        name=said_name(j.journey.name),
        steps=tuple(replace(s, name=said_name(s.name)) for s in j.journey.steps),
        touchpoints={said_name(step): touchpoint for step, touchpoint in j.journey.touchpoints.items()},
    )
    return replace(
        j,
        journey=journey,
        steps=tuple(replace(s, name=said_name(s.name)) for s in j.steps),
        paths=tuple(replace(p, steps=tuple(said_name(s) for s in p.steps)) for p in j.paths),
        compared=tuple(replace(c, step=said_name(c.step)) for c in j.compared),
        refused=tuple(replace(r, what=said_name(r.what)) for r in j.refused),
    )


def readable_map(found: TouchpointMap) -> TouchpointMap:
    """The same with every name of a touchpoint made readable."""
    return replace(found, nodes=tuple(replace(n, name=said_name(n.name)) for n in found.nodes))
