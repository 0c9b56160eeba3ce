"""Patterns of the house's own that are redacted beside what Gensvar finds by itself: member numbers, contract numbers and the like."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update

from gensvar.kit.errors import NotFound
from gensvar.ledger.connect import Part
from gensvar.ledger.tables import PATTERNS


@dataclass(frozen=True, slots=True)
class Pattern:
    """name: what stands in the text afterwards, in brackets; pattern: in the syntax of RE2."""

    id: int
    name: str
    pattern: str
    by: str
    added_at: datetime


class Patterns(Part):
    def add(self, name: str, pattern: str, by: str) -> int:
        """The pattern's number. What it may be is checked before (`text.redact.own`)."""
        row = {"name": name, "pattern": pattern, "by": by, "added_at": self._now()}
        with self._db.write() as conn:
            return int(conn.execute(insert(PATTERNS).values(row).returning(PATTERNS.c.id)).scalar_one())

    def standing(self) -> list[Pattern]:
        """Those in force, oldest first."""
        columns = (PATTERNS.c.id, PATTERNS.c.name, PATTERNS.c.pattern, PATTERNS.c.by, PATTERNS.c.added_at)
        what = select(*columns).where(PATTERNS.c.removed_at.is_(None)).order_by(PATTERNS.c.id)
        with self._db.read() as conn:
            return [Pattern(*row) for row in conn.execute(what)]

    def names(self) -> list[str]:
        """What may stand in texts: the names of all patterns that ever were in force."""
        with self._db.read() as conn:
            return list(conn.scalars(select(PATTERNS.c.name).distinct().order_by(PATTERNS.c.name)))

    def remove(self, number: int) -> str:
        """The name of the pattern that is no longer in force; NotFound where it was not."""
        live = (PATTERNS.c.id == number) & PATTERNS.c.removed_at.is_(None)
        with self._db.write() as conn:
            name = conn.scalar(select(PATTERNS.c.name).where(live))
            if name is None:
                raise NotFound(f"No pattern {number}", do="It may have been removed; load the page again.")
            conn.execute(update(PATTERNS).where(live).values(removed_at=self._now()))
        return str(name)
