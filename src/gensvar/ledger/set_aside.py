"""The set-aside: rows that could not be taken in, with the reason, kept sealed until somebody repairs, replays or discards them."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import delete, func, select, update

from gensvar.contracts.rows import SetAside
from gensvar.kit.errors import NotFound
from gensvar.ledger.among import change_among
from gensvar.ledger.connect import Database, Part
from gensvar.ledger.seal import Box
from gensvar.ledger.tables import SET_ASIDE

State = Literal["open", "replayed", "discarded"]
SPEAKING = ("source", "reason", "message", "raw", "record", "item", "field")


@dataclass(frozen=True, slots=True)
class Kept:
    """A row set aside. origin: the file or request it came with; state: open, replayed or discarded."""

    id: int
    row: SetAside
    origin: str
    state: str
    added_at: datetime
    settled_at: datetime | None
    settled_by: str | None


class Aside(Part):
    def __init__(self, database: Database, now: Callable[[], datetime], box: Box) -> None:
        super().__init__(database, now)
        self._box = box

    def add(self, rows: Sequence[SetAside], origin: str) -> int:
        """Keeps the rows; how many were new. The very same row with the same reason, while it stands open, is kept once."""
        if not rows:
            return 0
        written = [self._row(row, origin) for row in rows]
        with self._db.write() as conn:
            before = conn.scalar(select(func.max(SET_ASIDE.c.id))) or 0
            conn.execute(self._db.insert(SET_ASIDE).on_conflict_do_nothing(), written)
            marks = {bytes(row["mark"]) for row in written}
            return sum(mark in marks for mark in conn.scalars(select(SET_ASIDE.c.mark).where(SET_ASIDE.c.id > before)))

    def page(self, source: str | None = None, reason: str | None = None, state: State | None = "open", after: int = 0, limit: int = 50) -> list[Kept]:
        """Rows in the order in which they came, from the one after this id; None means any."""
        what = select(SET_ASIDE).where(SET_ASIDE.c.id > after).order_by(SET_ASIDE.c.id).limit(limit)
        wanted = ((SET_ASIDE.c.source, source), (SET_ASIDE.c.reason, reason), (SET_ASIDE.c.state, state))
        for column, value in wanted:
            what = what if value is None else what.where(column == value)
        with self._db.read() as conn:
            return [self._kept(row) for row in conn.execute(what)]

    def get(self, kept_id: int) -> Kept:
        """One row; NotFound where there is none with this number."""
        with self._db.read() as conn:
            row = conn.execute(select(SET_ASIDE).where(SET_ASIDE.c.id == kept_id)).first()
        if row is None:
            raise NotFound(f"No row {kept_id} was set aside", do="`gensvar set-aside list` shows them.")
        return self._kept(row)

    def counts(self) -> dict[str, dict[str, int]]:
        """source → reason → rows that stand open."""
        what = select(SET_ASIDE.c.source, SET_ASIDE.c.reason, func.count()).where(SET_ASIDE.c.state == "open")
        found: dict[str, dict[str, int]] = defaultdict(dict)
        with self._db.read() as conn:
            for source, reason, n in conn.execute(what.group_by(SET_ASIDE.c.source, SET_ASIDE.c.reason).order_by(SET_ASIDE.c.source)):
                found[source][reason] = n
        return dict(found)

    def settle(self, ids: Sequence[int], state: Literal["replayed", "discarded"], by: str) -> int:
        """Closes rows that stand open; how many there were."""
        change = update(SET_ASIDE).where(SET_ASIDE.c.state == "open").values(state=state, settled_at=self._now(), settled_by=by)
        with self._db.write() as conn:
            return change_among(conn, change, SET_ASIDE.c.id, ids)

    def purge(self, before: datetime) -> int:
        """Forgets what was set aside before this moment, settled or not; how many rows that were."""
        with self._db.write() as conn:
            return conn.execute(delete(SET_ASIDE).where(SET_ASIDE.c.added_at < before)).rowcount

    def _row(self, row: SetAside, origin: str) -> dict[str, Any]:
        said = "\x1f".join(f"{len(part)}\x1f{part}" for part in (*(getattr(row, name) for name in SPEAKING), str(row.line)))
        return {
            **{name: getattr(row, name) for name in ("source", "reason", "record", "item", "field", "line")},
            "origin": origin,
            "state": "open",
            "added_at": self._now(),
            "mark": self._box.mark(said.encode("utf-8", "surrogatepass")),
            "message": self._box.seal(row.message.encode("utf-8", "surrogatepass"), b"message"),
            "raw": self._box.seal(row.raw.encode("utf-8", "surrogatepass"), b"raw"),
        }

    def _kept(self, r: Any) -> Kept:
        message, raw = (self._box.open(part, name).decode("utf-8", "surrogatepass") for part, name in ((r.message, b"message"), (r.raw, b"raw")))
        row = SetAside(r.source, r.reason, message, raw, r.record, r.item, r.field, r.line)
        return Kept(r.id, row, r.origin, r.state, r.added_at, r.settled_at, r.settled_by)
