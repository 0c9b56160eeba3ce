"""Dirty days: days whose numbers have changed in the hub and are still to be counted anew."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import delete, select

from gensvar.ledger.among import change_among
from gensvar.ledger.connect import Part
from gensvar.ledger.tables import DIRTY_DAYS


class Days(Part):
    def mark(self, days: Iterable[date]) -> None:
        """Remembers that these UTC days are to be counted anew."""
        if rows := [{"day": day} for day in sorted(set(days))]:
            with self._db.write() as conn:
                conn.execute(self._db.insert(DIRTY_DAYS).on_conflict_do_nothing(), rows)

    def dirty(self) -> frozenset[date]:
        """The days that are still to be counted."""
        with self._db.read() as conn:
            return frozenset(conn.scalars(select(DIRTY_DAYS.c.day)))

    def clear(self, days: Iterable[date]) -> None:
        """Forgets the days that have been counted."""
        with self._db.write() as conn:
            change_among(conn, delete(DIRTY_DAYS), DIRTY_DAYS.c.day, sorted(set(days)))
