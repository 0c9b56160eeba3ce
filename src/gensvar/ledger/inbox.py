"""The inbox: what was accepted and waits for the flow. An id is given only once its entry is on disk; ids follow the order of commits."""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple

from sqlalchemy import Connection, Select, and_, delete, exists, func, or_, select, update

from gensvar.kit.errors import Conflict
from gensvar.ledger.among import change_among, rows_among
from gensvar.ledger.connect import Database, Part
from gensvar.ledger.group_commit import GroupCommit, Told, Waiting, waits
from gensvar.ledger.moments import to_ms
from gensvar.ledger.seal import Box
from gensvar.ledger.tables import INBOX, INBOX_LEASES

Op = Literal["feedback", "events", "rows", "delete"]
MOST_BYTES_TAKEN = 64 << 20
LITE_INSERT = "INSERT INTO inbox (op, source, signals, key_id, received_at, body) VALUES (?, ?, ?, ?, ?, ?)"
POSTGRES_INSERT = (
    "INSERT INTO inbox (op, source, signals, key_id, received_at, body)"
    " SELECT op, source, signals, key_id, received_at, body"
    " FROM unnest(%s::text[], %s::text[], %s::int[], %s::bigint[], %s::bigint[], %b::bytea[])"
    " WITH ORDINALITY AS u(op, source, signals, key_id, received_at, body, place) ORDER BY place RETURNING id"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """What was sent, as it was sent. count: signals in the body."""

    id: int
    op: str
    source: str
    body: bytes
    count: int
    received_at: datetime
    key_id: int | None = None


class Backlog(NamedTuple):
    entries: int
    signals: int
    oldest: datetime | None


class Inbox(Part):
    """Entries of one source are lent to one owner at a time, in id order, so that an update never overtakes what it updates."""

    def __init__(self, database: Database, now: Callable[[], datetime], box: Box) -> None:
        super().__init__(database, now)
        self._box = box
        self._writer = GroupCommit(self._commit)

    async def accept(self, op: Op, source: str, body: bytes, count: int, key_id: int | None = None) -> int:
        """The entry's id, once it is on disk. StorageFull where the disk is full: then nothing of it is stored."""
        future = asyncio.get_running_loop().create_future()
        self._writer.put(Waiting(op, source, body, count, key_id, future=future))
        entry_id: int = await future
        return entry_id

    def submit(self, op: Op, source: str, body: bytes, count: int, key_id: int | None = None) -> "Future[int]":
        """A future of the entry's id, done once it is on disk. For threads; an event loop uses `accept`."""
        future: Future[int] = Future()
        future.set_running_or_notify_cancel()
        self.submit_nowait(op, source, body, count, key_id, waits(future))
        return future

    def submit_nowait(self, op: Op, source: str, body: bytes, count: int, key_id: int | None, callback: Told) -> None:
        """Calls callback(id, None) or callback(None, error) in the writer's thread, once the entry is on disk or is not."""
        self._writer.put(Waiting(op, source, body, count, key_id, told=callback))

    def take(self, limit_signals: int, owner: str, lease_s: float) -> list[Entry]:
        """The oldest entries that nobody else holds, in id order, lent to the owner for lease_s seconds.

        About limit_signals signals: entries are taken while they fit, and at least one. A second call by the same owner gives what comes after.
        """
        now = self._now()
        with self._db.read() as conn:  # so that looking for work keeps nobody from writing
            if conn.scalar(select(INBOX.c.id).limit(1)) is None:
                return []
        with self._db.write() as conn:
            self._db.lock(conn, "take")
            chosen = _chosen(conn, limit_signals, owner, now)
            if not chosen:
                return []
            found = rows_among(conn, select(INBOX), INBOX.c.id, chosen)
            rows = sorted(found, key=lambda row: row.id)
            self._lend(conn, rows, owner, now + timedelta(seconds=lease_s))
        return [Entry(r.id, r.op, r.source, self._box.open(r.body), r.signals, r.received_at, r.key_id) for r in rows]

    def beat(self, owner: str, lease_s: float) -> bool:
        """Lengthens what the owner holds; False where it holds nothing any more."""
        now = self._now()
        with self._db.write() as conn:
            mine = update(INBOX_LEASES).where(INBOX_LEASES.c.owner == owner, INBOX_LEASES.c.until > now)
            return conn.execute(mine.values(until=now + timedelta(seconds=lease_s))).rowcount > 0

    def done(self, ids: Sequence[int], owner: str | None = None) -> int:
        """Takes the entries out; how many there were. With an owner: Conflict where somebody else has been lent one of them meanwhile."""
        with self._db.write() as conn:
            self._db.lock(conn, "take")
            if owner is not None:
                self._must_hold(conn, ids, owner)
            gone = change_among(conn, delete(INBOX), INBOX.c.id, ids)
            held = exists().where(INBOX.c.source == INBOX_LEASES.c.source, INBOX.c.id <= INBOX_LEASES.c.upto)
            conn.execute(delete(INBOX_LEASES).where(~held))
        return gone

    def release(self, ids: Sequence[int]) -> None:
        """Gives the entries back, with all that was lent after them from the same source; the next `take` finds them again."""
        with self._db.write() as conn:
            self._db.lock(conn, "take")
            first: dict[str, int] = {}
            for row in rows_among(conn, select(INBOX.c.source, INBOX.c.id), INBOX.c.id, ids):
                first[row.source] = min(row.id, first.get(row.source, row.id))
            for source, at in first.items():
                lease = INBOX_LEASES.c.source == source
                conn.execute(update(INBOX_LEASES).where(lease, INBOX_LEASES.c.upto >= at).values(upto=at - 1))
            held = exists().where(INBOX.c.source == INBOX_LEASES.c.source, INBOX.c.id <= INBOX_LEASES.c.upto)
            conn.execute(delete(INBOX_LEASES).where(INBOX_LEASES.c.source.in_(list(first)), ~held))

    def forget_leases(self) -> None:
        """Ends every lease: for a process that knows itself to be the only one, so that what a dead one had taken is found again at once."""
        with self._db.write() as conn:
            self._db.lock(conn, "take")
            conn.execute(delete(INBOX_LEASES))

    def backlog(self) -> Backlog:
        """How many entries and signals wait, lent ones too, and when the oldest came."""
        what = select(func.count(), func.coalesce(func.sum(INBOX.c.signals), 0), func.min(INBOX.c.received_at))
        with self._db.read() as conn:
            entries, signals, oldest = conn.execute(what).one()
        return Backlog(entries, int(signals), oldest)

    def close(self) -> None:
        """Commits what waits and stops the writer; whoever comes later is told Unavailable."""
        self._writer.close()

    def _commit(self, batch: Sequence[Waiting]) -> Sequence[int]:
        now, seal = to_ms(self._now()), self._box.seal
        rows = [(w.op, w.source, w.signals, w.key_id, now, seal(w.body)) for w in batch]
        if self._db.lite:
            with self._db.write_straight() as driver:
                return _insert_lite(driver, rows)
        with self._db.write() as conn:
            return self._insert_postgres(conn, rows)

    def _insert_postgres(self, conn: Connection, rows: list[tuple[Any, ...]]) -> Sequence[int]:
        """One process inserts at a time, so that a lower id is never committed after a higher one."""
        self._db.lock(conn, "inbox")
        columns = tuple(list(column) for column in zip(*rows, strict=True))
        return [row.id for row in conn.exec_driver_sql(POSTGRES_INSERT, columns)]

    def _lend(self, conn: Connection, rows: Sequence[Any], owner: str, until: datetime) -> None:
        upto = {row.source: row.id for row in rows}
        lease = self._db.insert(INBOX_LEASES)
        lease = lease.on_conflict_do_update(
            index_elements=["source"], set_={"owner": lease.excluded.owner, "until": lease.excluded.until, "upto": lease.excluded.upto}
        )
        conn.execute(lease, [{"source": s, "owner": owner, "until": until, "upto": at} for s, at in upto.items()])
        conn.execute(update(INBOX_LEASES).where(INBOX_LEASES.c.owner == owner).values(until=until))

    def _must_hold(self, conn: Connection, ids: Sequence[int], owner: str) -> None:
        sources = {row.source for row in rows_among(conn, select(INBOX.c.source, INBOX.c.id), INBOX.c.id, ids)}
        mine = set(conn.scalars(select(INBOX_LEASES.c.source).where(INBOX_LEASES.c.owner == owner)))
        if lost := sorted(sources - mine):
            raise Conflict(f"{owner} no longer holds what it took from {', '.join(lost)}", do="Take again; what was merged stays as it is.")


def _insert_lite(driver: sqlite3.Connection, rows: list[tuple[Any, ...]]) -> Sequence[int]:
    """The ids are the last ones given, without a gap, since nobody else writes during this transaction."""
    driver.executemany(LITE_INSERT, rows)
    last: int = driver.execute("SELECT seq FROM sqlite_sequence WHERE name = 'inbox'").fetchone()[0]
    return range(last - len(rows) + 1, last + 1)


def _chosen(conn: Connection, limit_signals: int, owner: str, now: datetime) -> list[int]:
    """Ids to lend: free or lapsed sources from their beginning, the owner's own from where it stands."""
    chosen: list[int] = []
    signals = size = 0
    with conn.execute(_free(owner, now).limit(max(limit_signals, 1)).execution_options(yield_per=1000)) as free:
        for row in free:
            signals, size = signals + row.signals, size + row.size
            if chosen and (signals > limit_signals or size > MOST_BYTES_TAKEN):
                break
            chosen.append(row.id)
    return chosen


def _free(owner: str, now: datetime) -> "Select[Any]":
    lease = INBOX_LEASES.c
    mine = and_(lease.owner == owner, lease.until > now, INBOX.c.id > lease.upto)
    joined = INBOX.outerjoin(INBOX_LEASES, lease.source == INBOX.c.source)
    what = select(INBOX.c.id, INBOX.c.signals, func.length(INBOX.c.body).label("size")).select_from(joined)
    return what.where(or_(lease.source.is_(None), lease.until <= now, mine)).order_by(INBOX.c.id)
