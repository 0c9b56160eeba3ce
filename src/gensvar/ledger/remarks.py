"""Remarks on the quality of data, by those who know it: about a measure or a source; and what a member has put away from her own page."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update

from gensvar.kit.errors import NotFound
from gensvar.ledger.connect import Part
from gensvar.ledger.tables import PUT_AWAY, REMARKS


@dataclass(frozen=True, slots=True)
class Remark:
    """about: the id of a measure, as csat.delivery."""

    id: int
    about: str
    text: str
    by: str
    added_at: datetime


class Remarks(Part):
    def add(self, about: str, text: str, by: str) -> int:
        """The remark's number."""
        row = {"about": about, "text": text, "by": by, "added_at": self._now()}
        with self._db.write() as conn:
            return int(conn.execute(insert(REMARKS).values(row).returning(REMARKS.c.id)).scalar_one())

    def standing(self, about: str) -> list[Remark]:
        """What is said of it now, oldest first."""
        columns = (REMARKS.c.id, REMARKS.c.about, REMARKS.c.text, REMARKS.c.by, REMARKS.c.added_at)
        what = select(*columns).where(REMARKS.c.about == about, REMARKS.c.removed_at.is_(None)).order_by(REMARKS.c.id)
        with self._db.read() as conn:
            return [Remark(*row) for row in conn.execute(what)]

    def remove(self, number: int) -> str:
        """What the remark was about; NotFound where it does not stand."""
        live = (REMARKS.c.id == number) & REMARKS.c.removed_at.is_(None)
        with self._db.write() as conn:
            about = conn.scalar(select(REMARKS.c.about).where(live))
            if about is None:
                raise NotFound(f"No remark {number}", do="It may have been removed; load the page again.")
            conn.execute(update(REMARKS).where(live).values(removed_at=self._now()))
        return str(about)


class PutAway(Part):
    def add(self, member: int, what: str) -> None:
        """The member need not see this again. Saying so twice changes nothing."""
        put = self._db.insert(PUT_AWAY).values(member=member, what=what, at=self._now())
        with self._db.write() as conn:
            conn.execute(put.on_conflict_do_nothing())

    def of(self, member: int) -> frozenset[str]:
        """What the member has put away."""
        with self._db.read() as conn:
            return frozenset(conn.scalars(select(PUT_AWAY.c.what).where(PUT_AWAY.c.member == member)))
