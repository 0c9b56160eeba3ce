"""The hand that looks for reasons: each night over the whole house, and whenever somebody asks. What is looked for is declared here, once each."""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import msgspec

from gensvar.explaining import assumptions, changed, features, impact, journeys, onboarding, outcomes, units
from gensvar.explaining.drivers import DRIVERS
from gensvar.explaining.nightly import AGAIN, Nightly, due, look
from gensvar.house import House
from gensvar.ledger import Job
from gensvar.serve.desk import HouseDesk
from gensvar.serve.working import MACHINE, Asked, Told, Work, ask, begin, latest, work, work_here

log = logging.getLogger("gensvar.flow")
LOOKING: Final = Work("why", "look for reasons", "Reasons are being looked for already")
LOOK_S: Final = 1.0
REST_S, PATIENCE_S = 20.0, 300.0  # so long the hub is to stand still first, since pages go before; but nobody waits for that for ever

NIGHTLY: tuple[Nightly, ...] = (
    Nightly("impact", impact.run),
    changed.NIGHTLY,
    journeys.NIGHTLY,
    outcomes.NIGHTLY,
    DRIVERS,
    onboarding.NIGHTLY,
    features.NIGHTLY,
    units.NIGHTLY,
    assumptions.NIGHTLY,
)


class Looking:
    """step: looks for reasons where it is time or somebody asked; how long to rest then. works: what is looked for."""

    def __init__(self, house: House, owner: str, stopping: Callable[[], bool], works: Sequence[Nightly] = NIGHTLY) -> None:
        self._house, self._owner, self._stopping, self._works = house, owner, stopping, works
        self._due_since: float | None = None
        self._moved: tuple[int, float] = (-1, 0.0)

    def step(self) -> float:
        if self._is_time():
            begin(self._house, LOOKING)
        work(self._house, self._owner, LOOKING, self._look, self._stopping)
        return LOOK_S

    def _is_time(self) -> bool:
        """Not while files come in: what is half there explains nothing."""
        last, now = latest(self._house, LOOKING), self._house.clock.now()
        rested = last is None or (last.ended_at is not None and (last.state == "done" or abs(now - last.ended_at) > AGAIN))
        is_due = rested and not self._taking_in() and bool(due(self._house, self._works))
        return self._patiently(time.monotonic(), is_due=is_due)

    def _patiently(self, at: float, *, is_due: bool) -> bool:
        """Whether it is due, and the hub has stood still for a while or been waited for long enough."""
        epoch = self._house.engine.epoch()
        if epoch != self._moved[0]:
            self._moved = epoch, at
        if not is_due:
            self._due_since = None
            return False
        if self._due_since is None:
            self._due_since = at
        return at - self._moved[1] >= REST_S or at - self._due_since >= PATIENCE_S

    def _taking_in(self) -> bool:
        importing = self._house.ledger.jobs.latest("import")
        return bool(self._house.ledger.inbox.backlog()[0]) or (importing is not None and importing.ended_at is None)

    def _look(self, job: Job, told: Told) -> Mapping[str, Any]:
        works = due(self._house, self._works) if job.args["who"] == MACHINE else self._works
        found = look(self._house, works, told)
        log.info("reasons: %s", found)
        return found


# ── assumptions that were just written ──

ASKING: Final = Work("assume", "ask assumptions", "Assumptions are being asked already")


class Asking:
    """step: asks what was written down and never asked; how long to rest then. What waits is in the ledger, so that a stop loses none of it."""

    def __init__(self, house: House, owner: str, stopping: Callable[[], bool]) -> None:
        self._house, self._owner, self._stopping = house, owner, stopping

    def step(self) -> float:
        if assumptions.waiting(self._house) and self._rested():
            begin(self._house, ASKING)
        work(self._house, self._owner, ASKING, lambda _, told: ask_new(self._house, told), self._stopping)
        return LOOK_S

    def _rested(self) -> bool:
        """One that failed is not begun again at once."""
        last = latest(self._house, ASKING)
        return last is None or last.state == "done" or (last.ended_at is not None and abs(self._house.clock.now() - last.ended_at) > AGAIN)


def ask_new(house: House, told: Told = lambda _: True) -> Mapping[str, Any]:
    """Asks those that were never asked; how many, and what came of them."""
    return assumptions.ask_each(house, assumptions.waiting(house), told)


# ── what the operations take and give ──


class Nothing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Takes nothing."""


def asked(desk: HouseDesk, _: Nothing) -> dict[str, int]:
    """The job that looks for reasons."""
    return {"job": ask(desk.house, desk.who, LOOKING)}


def how_far(desk: HouseDesk, _: Nothing) -> Asked | None:
    """How the latest look is doing; what came of it is for the pages, each within its reader's scope."""
    found = latest(desk.house, LOOKING)
    return found if found is None or not desk.scope.rows else replace(found, progress={}, result={})


def look_here(desk: HouseDesk, beside: Told) -> Asked:
    """For a house that no server holds."""
    return work_here(desk.house, desk.who, LOOKING, lambda _, told: look(desk.house, NIGHTLY, told), beside)
