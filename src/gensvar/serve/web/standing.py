"""What still stands when a page makes many comparisons at once: adjusted over all of them, and never more than each answer said itself."""

from collections.abc import Sequence
from dataclasses import replace

from gensvar.kit.language import translator
from gensvar.measure.answer import Answer, Group
from gensvar.measure.say import say
from gensvar.stats import adjusted

FALSE_RATE = 0.05


def comparisons(answers: Sequence[Answer]) -> int:
    """How many comparisons these answers make together."""
    return sum(1 for a in answers for g in a.groups if g.change and g.change.p is not None)


def standing(answers: Sequence[Answer]) -> list[Answer]:
    """The same answers, where a change that does not stand at 5 % over all their comparisons (Benjamini–Hochberg) can no longer be told.

    A page that asks fifteen questions would otherwise name a change by chance on every second visit.
    """
    tested = [g.change.p for a in answers for g in a.groups if g.change and g.change.p is not None]
    q = iter(adjusted(tested) if tested else ())
    return [_said_again(a, tuple(_held(g, next(q)) if g.change and g.change.p is not None else g for g in a.groups)) for a in answers]


def _held(g: Group, q: float) -> Group:
    if g.change is None:
        return g
    falls = q >= FALSE_RATE and g.change.move in {"rose", "fell"}
    change = replace(g.change, q=max(q, g.change.q or 0.0))
    return replace(g, change=replace(change, move="cannot tell") if falls else change)


def _said_again(answer: Answer, groups: tuple[Group, ...]) -> Answer:
    if all(a.change is None or b.change is None or a.change.move == b.change.move for a, b in zip(answer.groups, groups, strict=True)):
        return replace(answer, groups=groups)
    return say(replace(answer, groups=groups), translator(answer.language))
