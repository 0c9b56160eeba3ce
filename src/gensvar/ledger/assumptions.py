"""Assumptions: what somebody believes, in her words, and the test that it was made. A closed one stays in the history."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update

from gensvar.kit.errors import NotFound
from gensvar.ledger.connect import Part
from gensvar.ledger.tables import ASSUMPTIONS


@dataclass(frozen=True, slots=True)
class Assumption:
    """test: plain JSON types, as `explain.assumptions` writes it. every_days: how often it is asked again. removed_at: when it was closed."""

    id: int
    text: str
    test: Mapping[str, Any]
    by: str
    every_days: int
    added_at: datetime
    removed_at: datetime | None = None


class Assumptions(Part):
    def add(self, text: str, test: Mapping[str, Any], by: str, every_days: int) -> int:
        """The assumption's number."""
        row = {"text": text, "test": dict(test), "by": by, "every_days": every_days, "added_at": self._now()}
        with self._db.write() as conn:
            return int(conn.execute(insert(ASSUMPTIONS).values(row).returning(ASSUMPTIONS.c.id)).scalar_one())

    def get(self, number: int) -> Assumption:
        """One, closed or not; NotFound where there is none with this number."""
        with self._db.read() as conn:
            row = conn.execute(select(ASSUMPTIONS).where(ASSUMPTIONS.c.id == number)).first()
        if row is None:
            raise NotFound(f"No assumption {number}", do="The page Assumptions lists them.")
        return _assumption(row)

    def close(self, number: int) -> None:
        """It is no longer asked; NotFound where it does not stand."""
        standing = update(ASSUMPTIONS).where(ASSUMPTIONS.c.id == number, ASSUMPTIONS.c.removed_at.is_(None))
        with self._db.write() as conn:
            if conn.execute(standing.values(removed_at=self._now())).rowcount == 0:
                raise NotFound(f"No assumption {number} stands", do="It may have been closed; load the page again.")

    def all(self) -> list[Assumption]:
        """Every one there ever was, the newest first."""
        with self._db.read() as conn:
            return [_assumption(row) for row in conn.execute(select(ASSUMPTIONS).order_by(ASSUMPTIONS.c.id.desc()))]

    def standing(self) -> list[Assumption]:
        """Those that are asked again and again."""
        return [a for a in self.all() if a.removed_at is None]


def _assumption(row: Row[Any]) -> Assumption:
    return Assumption(**row._mapping)  # noqa: SLF001 (SQLAlchemy's own name for a row as a mapping)
