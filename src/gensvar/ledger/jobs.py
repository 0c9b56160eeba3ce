"""Jobs: long work that is lent to one worker at a time, tells how far it is, can be stopped, and is taken up by another when a worker dies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, insert, or_, select, update

from gensvar.kit.errors import NotFound
from gensvar.ledger.connect import Part
from gensvar.ledger.tables import JOBS

MOST_TRIES = 5
UNDER_WAY = ("waiting", "running")


@dataclass(frozen=True, slots=True)
class Job:
    """state: waiting, running, done, stopped or failed. stop: whether somebody asked it to stop. tries: how often a worker has begun it."""

    id: int
    kind: str
    args: Mapping[str, Any]
    state: str
    owner: str | None
    until: datetime | None
    tries: int
    stop: bool
    progress: Mapping[str, Any]
    result: Mapping[str, Any]
    error: str
    added_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


COLUMNS = [JOBS.c[field.name] for field in fields(Job)]


class Jobs(Part):
    def add(self, kind: str, args: Mapping[str, Any]) -> int:
        """The new job's number."""
        blank = {"state": "waiting", "tries": 0, "stop": False, "progress": {}, "result": {}, "error": "", "added_at": self._now()}
        with self._db.write() as conn:
            return int(conn.execute(insert(JOBS).values(kind=kind, args=dict(args), **blank).returning(JOBS.c.id)).scalar_one())

    def add_alone(self, kind: str, args: Mapping[str, Any]) -> int | None:
        """The new job's number; None where one of this kind waits or runs already."""
        with self._db.write() as conn:
            under_way = select(JOBS.c.id).where(JOBS.c.kind == kind, JOBS.c.state.in_(UNDER_WAY)).limit(1)
            return self.add(kind, args) if conn.scalar(under_way) is None else None

    def claim(self, owner: str, lease_s: float, kinds: Sequence[str]) -> Job | None:
        """The oldest job of these kinds that waits, or whose worker has fallen silent; None where there is none.

        One that was begun five times and never ended fails instead of being begun again; one that was asked to stop is stopped.
        """
        now = self._now()
        with self._db.read() as conn:  # so that looking for work keeps nobody from writing
            if conn.scalar(select(JOBS.c.id).where(_free(now), JOBS.c.kind.in_(list(kinds))).limit(1)) is None:
                return None
        with self._db.write() as conn:
            self._give_up(conn, now)
            free = select(JOBS.c.id).where(_free(now), JOBS.c.kind.in_(list(kinds))).order_by(JOBS.c.id).limit(1)
            found = conn.scalar(free.with_for_update(skip_locked=True))
            if found is None:
                return None
            begun = {"state": "running", "owner": owner, "until": now + timedelta(seconds=lease_s), "tries": JOBS.c.tries + 1, "started_at": now}
            conn.execute(update(JOBS).where(JOBS.c.id == found).values(begun))
            return self.get(found)

    def beat(self, job_id: int, owner: str, progress: Mapping[str, Any], lease_s: float) -> bool:
        """Tells how far the job is and lengthens its lease, tries afresh. False: stop now, since somebody asked for it or another worker has it."""
        now = self._now()
        mine = (JOBS.c.id == job_id) & (JOBS.c.owner == owner) & (JOBS.c.state == "running")
        with self._db.write() as conn:
            told = update(JOBS).where(mine).values(progress=dict(progress), until=now + timedelta(seconds=lease_s), tries=1)
            return conn.execute(told.returning(JOBS.c.stop)).scalar() is False

    def renew(self, job_id: int, owner: str, lease_s: float) -> None:
        """Lengthens the lease of a job that tells nothing for long; of one that another has by now, nothing."""
        mine = (JOBS.c.id == job_id) & (JOBS.c.owner == owner) & (JOBS.c.state == "running")
        with self._db.write() as conn:
            conn.execute(update(JOBS).where(mine).values(until=self._now() + timedelta(seconds=lease_s)))

    def finish(self, job_id: int, result: Mapping[str, Any]) -> None:
        """Ends the job: done, or stopped where somebody had asked for that."""
        with self._db.write() as conn:
            state = "stopped" if self.get(job_id).stop else "done"
            conn.execute(_ended(job_id, self._now(), state=state, result=dict(result)))

    def fail(self, job_id: int, error: str) -> None:
        """Ends the job as failed, with what a person should read."""
        with self._db.write() as conn:
            conn.execute(_ended(job_id, self._now(), state="failed", error=error))

    def give_back(self, job_id: int) -> None:
        """The job waits again for a worker, and has not been tried: its worker was told to leave, not the job to end."""
        with self._db.write() as conn:
            waiting = {"state": "waiting", "owner": None, "until": None, "tries": JOBS.c.tries - 1}
            conn.execute(update(JOBS).where(JOBS.c.id == job_id, JOBS.c.state == "running").values(waiting))

    def ask_stop(self, job_id: int) -> None:
        """Asks a running job to stop at its next beat; one that waits is stopped at once; one that has ended stays as it is."""
        with self._db.write() as conn:
            job = self.get(job_id)
            if job.state == "waiting":
                conn.execute(_ended(job_id, self._now(), state="stopped", stop=True))
            elif job.state == "running":
                conn.execute(update(JOBS).where(JOBS.c.id == job_id).values(stop=True))

    def forget_leases(self) -> None:
        """Ends every lease: for a process that knows itself to be the only one, so that what a dead one had begun is taken up at once."""
        with self._db.write() as conn:
            conn.execute(update(JOBS).where(JOBS.c.state == "running").values(until=self._now()))

    def get(self, job_id: int) -> Job:
        """One job; NotFound where there is none with this number."""
        with self._db.read() as conn:
            row = conn.execute(select(*COLUMNS).where(JOBS.c.id == job_id)).first()
        if row is None:
            raise NotFound(f"No job {job_id}")
        return Job(*row)

    def latest(self, kind: str) -> Job | None:
        """The newest job of this kind."""
        with self._db.read() as conn:
            row = conn.execute(select(*COLUMNS).where(JOBS.c.kind == kind).order_by(JOBS.c.id.desc()).limit(1)).first()
        return None if row is None else Job(*row)

    def ended(self, kind: str, limit: int) -> list[Job]:
        """The latest jobs of this kind that have ended, newest first."""
        over = select(*COLUMNS).where(JOBS.c.kind == kind, JOBS.c.ended_at.is_not(None)).order_by(JOBS.c.id.desc()).limit(limit)
        with self._db.read() as conn:
            return [Job(*row) for row in conn.execute(over)]

    def all(self, limit: int = 50) -> list[Job]:
        """The latest jobs, newest first."""
        with self._db.read() as conn:
            return [Job(*row) for row in conn.execute(select(*COLUMNS).order_by(JOBS.c.id.desc()).limit(limit))]

    def _give_up(self, conn: Connection, now: datetime) -> None:
        silent = and_(JOBS.c.state == "running", JOBS.c.until <= now)
        end = update(JOBS).where(silent)
        conn.execute(end.where(JOBS.c.stop.is_(True)).values(state="stopped", ended_at=now))
        spent = f"Begun {MOST_TRIES} times and never ended; see the log of the workers"
        conn.execute(end.where(JOBS.c.tries >= MOST_TRIES).values(state="failed", error=spent, ended_at=now))


def _free(now: datetime) -> ColumnElement[bool]:
    return or_(JOBS.c.state == "waiting", and_(JOBS.c.state == "running", JOBS.c.until <= now))


def _ended(job_id: int, now: datetime, **values: Any) -> Any:
    return update(JOBS).where(JOBS.c.id == job_id).values(ended_at=now, until=None, **values)
