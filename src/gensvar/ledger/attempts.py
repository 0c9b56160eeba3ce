"""Attempts to sign in that have not succeeded: when, and by which mark of an account or an address. The mark says nothing to others."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select

from gensvar.ledger.connect import Database, Part
from gensvar.ledger.seal import Box
from gensvar.ledger.tables import ATTEMPTS

KEPT = timedelta(hours=24)
Wait = Callable[[Sequence[datetime], datetime], timedelta]


class Attempts(Part):
    def __init__(self, database: Database, now: Callable[[], datetime], box: Box) -> None:
        super().__init__(database, now)
        self._box = box

    def mark(self, kind: str, value: str) -> bytes:
        """16 bytes that stand for an account or an address."""
        return self._box.mark(f"{kind}\x1f{value}".encode("utf-8", "surrogatepass"))

    def take(self, waits: Mapping[bytes, Wait]) -> dict[bytes, timedelta]:
        """mark → how long it must wait, for those that must; where none must, the attempt is counted for each of them.

        waits: mark → the wait that its earlier attempts, oldest first, make at this moment. Counted before it is known whether the attempt
        succeeds: a thousand at once are no more than a thousand in a row.
        """
        now = self._now()
        with self._db.write() as conn:
            self._db.lock(conn, "attempts")
            found = {mark: wait(self._of(conn, mark), now) for mark, wait in waits.items()}
            must = {mark: wait for mark, wait in found.items() if wait > timedelta()}
            if not must and waits:
                conn.execute(delete(ATTEMPTS).where(ATTEMPTS.c.at < now - KEPT))
                conn.execute(insert(ATTEMPTS), [{"who": mark, "at": now} for mark in waits])
        return must

    def of(self, mark: bytes) -> list[datetime]:
        """When it was tried within the last day, oldest first."""
        with self._db.read() as conn:
            return self._of(conn, mark)

    def forget(self, *marks: bytes) -> None:
        """They begin anew."""
        with self._db.write() as conn:
            conn.execute(delete(ATTEMPTS).where(ATTEMPTS.c.who.in_(marks)))

    def take_back(self, mark: bytes) -> None:
        """The latest of them does not count: it was a right one."""
        latest = select(ATTEMPTS.c.id).where(ATTEMPTS.c.who == mark).order_by(ATTEMPTS.c.at.desc(), ATTEMPTS.c.id.desc()).limit(1)
        with self._db.write() as conn:
            conn.execute(delete(ATTEMPTS).where(ATTEMPTS.c.id == latest.scalar_subquery()))

    def _of(self, conn: Connection, mark: bytes) -> list[datetime]:
        lately = select(ATTEMPTS.c.at).where(ATTEMPTS.c.who == mark, ATTEMPTS.c.at > self._now() - KEPT)
        return list(conn.scalars(lately.order_by(ATTEMPTS.c.at, ATTEMPTS.c.id)))
