"""Annotations: what happened on a day, in a few words, so that a turn in a trend can be explained. A removed one stays in the history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import RowMapping, insert, select, update

from gensvar.kit.errors import NotFound
from gensvar.ledger.connect import Part
from gensvar.ledger.tables import ANNOTATIONS


@dataclass(frozen=True, slots=True)
class Annotation:
    """measure: its id without a version; empty: for all. where: dimension → the values it concerns; empty: everywhere. by: who wrote it."""

    id: int
    day: date
    text: str
    measure: str
    where: Mapping[str, tuple[str, ...]]
    by: str
    added_at: datetime
    removed_at: datetime | None = None


class Annotations(Part):
    def add(self, day: date, text: str, measure: str, where: Mapping[str, Sequence[str]], by: str) -> int:
        """The annotation's number."""
        kept = {dimension: list(values) for dimension, values in where.items() if values}
        row = {"day": day, "text": text, "measure": measure, "where": kept, "by": by, "added_at": self._now()}
        with self._db.write() as conn:
            return int(conn.execute(insert(ANNOTATIONS).values(row).returning(ANNOTATIONS.c.id)).scalar_one())

    def get(self, number: int) -> Annotation:
        """One that stands; NotFound where there is none with this number, or it was removed."""
        live = select(ANNOTATIONS).where(ANNOTATIONS.c.id == number, ANNOTATIONS.c.removed_at.is_(None))
        with self._db.read() as conn:
            row = conn.execute(live).mappings().first()
        if row is None:
            raise NotFound(f"No annotation {number}", do="It may have been removed; load the page again.")
        return _annotation(row)

    def remove(self, number: int) -> None:
        """Takes it off the charts; NotFound where it does not stand."""
        live = update(ANNOTATIONS).where(ANNOTATIONS.c.id == number, ANNOTATIONS.c.removed_at.is_(None))
        with self._db.write() as conn:
            if conn.execute(live.values(removed_at=self._now())).rowcount == 0:
                raise NotFound(f"No annotation {number}", do="It may have been removed; load the page again.")

    def standing(self) -> list[Annotation]:
        """Those on the charts, by day."""
        return [a for a in self.history() if a.removed_at is None]

    def history(self) -> list[Annotation]:
        """All that were ever made, removed ones too, by day."""
        with self._db.read() as conn:
            return [_annotation(row) for row in conn.execute(select(ANNOTATIONS).order_by(ANNOTATIONS.c.day, ANNOTATIONS.c.id)).mappings()]


def _annotation(row: RowMapping) -> Annotation:
    values: dict[str, Any] = dict(row)
    where = {dimension: tuple(found) for dimension, found in values.pop("where").items()}
    return Annotation(where=where, **values)
