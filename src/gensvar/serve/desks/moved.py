"""Which topics moved when texts were read again, as a reader may see it. Of protected people nothing is counted."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gensvar.enrich.shifts import By, Shift, Shifts
from gensvar.kit.scope import Scope


@dataclass(frozen=True, slots=True)
class TopicMoved:
    """How many texts had the topic before, got it, lost it, and have it now."""

    topic: str
    before: int
    came: int
    went: int
    now: int


@dataclass(frozen=True, slots=True)
class Move:
    """Texts that lost one topic and got another; into is empty where they got none."""

    out_of: str
    into: str
    texts: int


@dataclass(frozen=True, slots=True)
class WhatMoved:
    """texts: how many were read; moved: those with other topics than before; anew: those that were read by another reader than before.

    topics: every one that a text had or has, those that moved most first; moves: the largest first. hidden: whether groups that are too small for
    the reader were left out.
    """

    texts: int
    moved: int
    anew: int
    topics: tuple[TopicMoved, ...]
    moves: tuple[Move, ...]
    hidden: bool


def shown(by: By, scope: Scope, protected: frozenset[str]) -> WhatMoved:
    """All audiences together, but for those that are protected by now; of each, what its smallest group allows."""
    told = {who: _told(found, scope.smallest_group(who)) for who, found in by.items() if who not in protected}
    whole = sum(told.values(), start=Shifts())
    topics = sorted(whole.topics.items(), key=lambda one: (-one[1].moved, -one[1].before, one[0]))
    moves = sorted(whole.moves.items(), key=lambda one: (-one[1], one[0]))
    return WhatMoved(
        whole.texts,
        whole.moved,
        whole.anew,
        tuple(TopicMoved(name, s.before, s.came, s.went, s.now) for name, s in topics),
        tuple(Move(out, into, n) for (out, into), n in moves),
        any(told[who] != by[who] for who in told),
    )


def _told(found: Shifts, least: int) -> Shifts:
    """Without any number that fewer texts stand behind, be it by taking one from another; nothing where the whole cannot be told."""
    if least <= 1:
        return found
    if not _may(least, found.texts, found.moved, found.texts - found.moved, found.anew, found.texts - found.anew):
        return Shifts()
    topics = {name: s for name, s in found.topics.items() if _may(least, s.before, s.came, s.went, s.before - s.went)}
    return Shifts(found.texts, found.moved, found.anew, topics, dict(_moves(found, topics, least)))


def _moves(found: Shifts, topics: Mapping[str, Shift], least: int) -> Iterator[tuple[tuple[str, str], int]]:
    for (out, into), n in found.moves.items():
        ends = out in topics and (into in topics or not into)
        if ends and _may(least, n, topics[out].went - n, topics[into].came - n if into else 0):
            yield (out, into), n


def _may(least: int, *counts: int) -> bool:
    return all(not n or n >= least for n in counts)
