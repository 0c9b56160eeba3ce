"""Guidance on Home: the first steps, how the loop does, and the annotations on its charts, as one reader may see them."""

import time
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from babel.lists import format_list
from litestar import Response
from litestar.datastructures import FormMultiDict

from gensvar.explain.changed import Feed
from gensvar.house import House
from gensvar.kit.rights import Right
from gensvar.kit.scope import Scope
from gensvar.serve.access import Caller
from gensvar.serve.desks import annotations, guidance
from gensvar.serve.desks.guidance import EDGES_S, LATER, Facts, Lack, Loop, Step
from gensvar.serve.web.annotate import NO_NOTES, Notes
from gensvar.serve.web.desk import Desk
from gensvar.serve.web.memo import Memo
from gensvar.serve.web.moved_block import Moved, last_feed, moved
from gensvar.serve.web.views_page import member_of
from gensvar.serve.web.visit import Form, Page, Visit, go
from gensvar.serve.web.words import Words

PATIENCE_S, STALE_S, MOST_SCOPES = 30.0, 120.0, 256
STEPS = "steps"
RIGHTS: dict[str, Right] = {"colleagues": "people.change", "owners": "definitions.change"}
"""Step → the right of those whom it is for; the others are for those who may change sources."""


@dataclass(frozen=True, slots=True)
class StepView:
    id: str
    title: str
    gives: str
    missing: tuple[str, ...]
    done: bool
    href: str


@dataclass(frozen=True, slots=True)
class LoopView:
    """Sentences: what can be measured of the loop today, each with where to look; href empty where there is nothing more to see."""

    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Guided:
    """What Home is made with beside its numbers. steps: for this reader, none where she has put them away; loop: None where she may not see it.

    moved: what moved week by week, as last looked at.
    """

    steps: tuple[Step, ...] = ()
    loop: Loop | None = None
    notes: Notes = NO_NOTES
    moved: Moved | None = None

    @property
    def key(self) -> Hashable:
        """Readers with the same key see the same steps and annotations. What she has just changed herself is never shown as it was."""
        return self.steps, tuple(a.id for a in self.notes.standing)


class Guide:
    """What has been found out lately of a house, for all its readers: asked for anew each half minute, while readers are shown what is known."""

    def __init__(self, house: House, now: Callable[[], float] = time.monotonic) -> None:
        self.house, self._now = house, now
        self._facts: Memo[Facts] = Memo(1, now, STALE_S)
        self._loops: Memo[Loop] = Memo(MOST_SCOPES, now, STALE_S)
        self._feeds: Memo[Feed | None] = Memo(1, now, STALE_S)

    def of(self, caller: Caller, desk: Desk) -> Guided:
        """What this caller's Home is made with."""
        if not self._known().any and desk.empty():
            return Guided()
        notes = Notes(annotations.standing(self.house, caller.scope))
        loop = self._loop(caller.scope, desk) if caller.may("sources") else None
        return Guided(self._steps(caller), loop, notes, moved(self._feed, caller.scope, self.house))

    def _lately(self) -> int:
        return int(self._now() // PATIENCE_S)

    def _known(self) -> Facts:
        return self._facts.get("", self._lately(), lambda: guidance.facts(self.house))

    def _feed(self) -> Feed | None:
        return self._feeds.get("", self._lately(), lambda: last_feed(self.house))

    def _steps(self, caller: Caller) -> tuple[Step, ...]:
        """All steps while one of them is open, for those who can take them and have not put them away."""
        hers = tuple(s for s in guidance.steps(self._known()) if caller.may(RIGHTS.get(s.id, "sources.change")))
        if all(s.done for s in hers) or STEPS in self.house.ledger.put_away.of(member_of(caller)):
            return ()
        return hers

    def _loop(self, scope: Scope, desk: Desk) -> Loop:
        known = self._known()
        return self._loops.get(scope, self._lately(), lambda: guidance.loop(self.house, scope, desk.today(), desk.silent(), known))


def step_views(steps: tuple[Step, ...], words: Words) -> tuple[StepView, ...]:
    """The steps in the reader's language."""
    return tuple(StepView(s.id, words(s.title), words(s.gives), tuple(_lack(lack, words) for lack in s.lacks), s.done, s.href) for s in steps)


def _lack(lack: Lack, words: Words) -> str:
    return words.many(lack.one, lack.more, lack.n) if lack.more else words(lack.one)


def loop_view(loop: Loop | None, words: Words) -> LoopView | None:
    """How the loop does, as sentences."""
    return LoopView(tuple(_lines(loop, words))) if loop else None


def _lines(loop: Loop, words: Words) -> Iterator[tuple[str, str]]:
    rows = words.number(loop.rows)
    yield words.many("{n} signal of {rows} is set aside.", "{n} signals of {rows} are set aside.", loop.aside, rows=rows), "/set-aside"
    yield from ((line, "/sources") for line in _lag_lines(loop, words))
    if loop.silent:
        yield words("Silent: {names}.", names=_listed(loop.silent, words)), "/sources"
    else:
        yield words("No source has gone silent."), "/sources"
    if loop.unowned:
        yield words.many("{n} measure has no owner.", "{n} measures have no owner.", loop.unowned), "/definitions"
    else:
        yield words("Every measure has an owner."), "/definitions"
    yield words.many("{n} annotation in the last 30 days.", "{n} annotations in the last 30 days.", loop.noted), ""


def _lag_lines(loop: Loop, words: Words) -> Iterator[str]:
    """From said to shown, fastest first, sources with the same time together."""
    order = [*EDGES_S.values(), LATER]
    ordered = sorted(loop.lags, key=lambda lag: order.index(lag.within))
    for within, found in groupby(ordered, key=lambda lag: lag.within):
        names = _listed([lag.source for lag in found], words)
        yield words("Half of the answers are here {within}: {names}.", within=words(within), names=names)


def _listed(names: tuple[str, ...] | list[str], words: Words) -> str:
    return format_list(list(names), locale=words.language)


def put_away(visit: Visit, _: FormMultiDict) -> Response[Any]:
    """The first steps are not shown to this reader any more."""
    visit.house.ledger.put_away.add(member_of(visit.caller), STEPS)
    return go("/")


PAGES: tuple[Page, ...] = ()
FORMS = (Form("/steps/away", "sources.change", put_away, token=False),)
