"""Long work that people ask for: one of a kind at a time, with a record of how far it is and what came of it.

A server's hands do it beside the pages; where no server holds the house, the command line does it itself.
"""

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gensvar.house import House
from gensvar.kit.errors import Conflict, GensvarError
from gensvar.ledger import Job

log = logging.getLogger("gensvar.flow")
LEASE_S = 600.0
RENEW_S = 150.0  # so that one step of the work may take as long as it likes
MOST_ENDED = 20
MACHINE = "gensvar"  # who does what nobody asked for
UNFORESEEN = "Gensvar met something unforeseen; that is our fault, and in the log. What had been taken in is safe."
Told = Callable[[Mapping[str, Any]], bool]
"""How far the work is → whether to go on; where not, the work returns at once with what came of it so far."""
Run = Callable[[Job, Told], Mapping[str, Any]]
"""Does the work, and returns what came of it."""


@dataclass(frozen=True, slots=True)
class Work:
    """kind: of its jobs. did: what asking for it is called in the audit. busy: what is said to who asks while it waits or is under way."""

    kind: str
    did: str
    busy: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What became of asking for it. state: waiting, running, done, stopped or failed. by: who asked, at: when."""

    job: int
    state: str
    by: str
    at: datetime
    ended_at: datetime | None
    progress: Mapping[str, Any]
    result: Mapping[str, Any]
    error: str

    @property
    def under_way(self) -> bool:
        return self.ended_at is None


def ask(house: House, who: str, what: Work) -> int:
    """The number of the job that a server's hands will do. Conflict where one of this kind waits or is under way."""
    number = house.ledger.jobs.add_alone(what.kind, {"who": who})
    if number is None:
        raise Conflict(what.busy, do="Wait until it is done; its page shows how far it is.")
    house.ledger.audit.append(who, what.did, f"job {number}", {})
    return number


def begin(house: House, what: Work) -> None:
    """Has it done though nobody asked, unless one of this kind waits or is under way: no deed of a person, and so nothing in the audit."""
    house.ledger.jobs.add_alone(what.kind, {"who": MACHINE})


def latest(house: House, what: Work) -> Asked | None:
    """The last time that it was asked for."""
    job = house.ledger.jobs.latest(what.kind)
    return None if job is None else _asked(job)


def latest_ended(house: House, what: Work) -> list[Asked]:
    """The last times that it came to an end, newest first."""
    return [_asked(job) for job in house.ledger.jobs.ended(what.kind, MOST_ENDED)]


def _asked(job: Job) -> Asked:
    return Asked(job.id, job.state, str(job.args["who"]), job.added_at, job.ended_at, job.progress, job.result, job.error)


def work(house: House, owner: str, what: Work, run: Run, stopping: Callable[[], bool] = lambda: False, beside: Told = lambda _: True) -> bool:
    """Does what waits, if anything does; whether there was something. stopping: whether this process is to end: another goes on then.

    owner: how the lease is signed. beside: is told how far it is as well.
    """
    jobs = house.ledger.jobs
    job = jobs.claim(owner, LEASE_S, [what.kind])
    if job is None:
        return False

    left = False

    def told(progress: Mapping[str, Any]) -> bool:
        nonlocal left
        left = stopping()
        return jobs.beat(job.id, owner, progress, LEASE_S) and beside(progress) and not left

    try:
        with _renewed(lambda: jobs.renew(job.id, owner, LEASE_S)):
            result = run(job, told)
    except GensvarError as fault:
        jobs.fail(job.id, str(fault))
    except Exception:
        log.exception("job %d met something unforeseen", job.id)
        jobs.fail(job.id, UNFORESEEN)
    else:
        if left:
            jobs.give_back(job.id)
        else:
            jobs.finish(job.id, result)
    return True


@contextmanager
def _renewed(renew: Callable[[], None]) -> Iterator[None]:
    """Keeps the lease while work is silent, lest another process begin it a second time. One that dies takes its lease along."""
    ended = threading.Event()

    def keep() -> None:
        while not ended.wait(RENEW_S):
            try:
                renew()
            except Exception:
                log.exception("a lease could not be renewed; that is tried again")

    keeper = threading.Thread(target=keep, name="lease", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        ended.set()
        keeper.join()


def work_here(house: House, who: str, what: Work, run: Run, beside: Told) -> Asked:
    """Asks for it and does it in this process, for a house that no server holds; what another process left undone is taken up."""
    if not house.settings.ledger:
        house.ledger.jobs.forget_leases()
    with suppress(Conflict):
        ask(house, who, what)
    done = work(house, who, what, run, beside=beside)
    found = latest(house, what)
    if not done or found is None:
        raise Conflict(what.busy, do="Another process does it; ask again when it is done.")
    return found
