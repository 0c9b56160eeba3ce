"""Labels: what a text says to one reader. Those of several readers stand side by side; one that is taken back stays in the history."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, insert, select, update

from gensvar.ledger.connect import Part
from gensvar.ledger.tables import LABELS


@dataclass(frozen=True, slots=True)
class Label:
    """key: of the text (text.keys); row: of `feedback`, 16 bytes; tone: of text.labels. topics and intent: None where nobody was asked."""

    key: bytes
    row: bytes
    language: str
    tone: str
    member: int
    by: str
    topics: tuple[str, ...] | None = None
    intent: str | None = None
    at: datetime | None = field(default=None, compare=False)


COLUMNS = (LABELS.c.key, LABELS.c.row, LABELS.c.language, LABELS.c.tone, LABELS.c.member, LABELS.c.by, LABELS.c.topics, LABELS.c.intent, LABELS.c.at)


class Labels(Part):
    def add(self, label: Label) -> int:
        """The label's number. What the same member said of the text before no longer stands."""
        row = {
            "key": label.key, "row": label.row, "language": label.language, "tone": label.tone, "member": label.member, "by": label.by,
            "topics": None if label.topics is None else list(label.topics), "intent": label.intent, "at": self._now(),
        }  # fmt: skip
        with self._db.write() as conn:
            conn.execute(update(LABELS).where(_standing(label.member, label.key)).values(removed_at=self._now()))
            return int(conn.execute(insert(LABELS).values(row).returning(LABELS.c.id)).scalar_one())

    def remove(self, member: int, key: bytes) -> bool:
        """Takes back what the member said of a text; False where she had said nothing."""
        with self._db.write() as conn:
            return conn.execute(update(LABELS).where(_standing(member, key)).values(removed_at=self._now())).rowcount > 0

    def all(self) -> list[Label]:
        """Every label that stands, oldest first."""
        return self._read(LABELS.c.removed_at.is_(None))

    def of(self, member: int) -> list[Label]:
        """What one member said, oldest first."""
        return self._read(LABELS.c.removed_at.is_(None) & (LABELS.c.member == member))

    def forget(self, rows: Sequence[bytes]) -> int:
        """Takes the labels of these rows of `feedback` out; how many."""
        with self._db.write() as conn:
            return int(conn.execute(LABELS.delete().where(LABELS.c.row.in_(rows))).rowcount) if rows else 0

    def _read(self, which: ColumnElement[bool]) -> list[Label]:
        with self._db.read() as conn:
            rows = conn.execute(select(*COLUMNS).where(which).order_by(LABELS.c.id)).all()
        return [
            Label(bytes(r.key), bytes(r.row), r.language, r.tone, r.member, r.by, None if r.topics is None else tuple(r.topics), r.intent, r.at)
            for r in rows
        ]


def _standing(member: int, key: bytes) -> ColumnElement[bool]:
    return (LABELS.c.member == member) & (LABELS.c.key == key) & LABELS.c.removed_at.is_(None)
