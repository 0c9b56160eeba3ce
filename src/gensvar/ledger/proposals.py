"""Proposals: a new version of a definition, as somebody would have it, until its owner says yes or no. All are kept, whatever became of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import msgspec
from sqlalchemy import RowMapping, insert, select, update

from gensvar.contracts import Measure
from gensvar.kit.errors import Conflict, NotFound
from gensvar.ledger.connect import Part
from gensvar.ledger.tables import PROPOSALS

State = Literal["open", "approved", "declined", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Proposal:
    """definition: the version that would be. why: what its author says for it. reason: what was said when it was settled."""

    id: int
    definition: Measure
    why: str
    by: str
    made_at: datetime
    state: State
    settled_by: str = ""
    settled_at: datetime | None = None
    reason: str = ""


class Proposals(Part):
    def add(self, definition: Measure, why: str, by: str) -> int:
        """The proposal's number."""
        text = msgspec.json.encode(definition, order="deterministic").decode()
        row = {"measure": definition.id, "definition": text, "why": why, "by": by, "made_at": self._now(), "state": "open"}
        with self._db.write() as conn:
            return int(conn.execute(insert(PROPOSALS).values(settled_by="", reason="", **row).returning(PROPOSALS.c.id)).scalar_one())

    def get(self, number: int) -> Proposal:
        """NotFound where there is none with this number."""
        with self._db.read() as conn:
            row = conn.execute(select(PROPOSALS).where(PROPOSALS.c.id == number)).mappings().first()
        if row is None:
            raise NotFound(f"No proposal {number}", do="The page of the measure lists them.")
        return _proposal(row)

    def settle(self, number: int, state: State, by: str, reason: str) -> None:
        """Conflict where it is settled already."""
        values = {"state": state, "settled_by": by, "settled_at": self._now(), "reason": reason}
        with self._db.write() as conn:
            if conn.execute(update(PROPOSALS).where(PROPOSALS.c.id == number, PROPOSALS.c.state == "open").values(values)).rowcount == 0:
                raise Conflict(f"Proposal {self.get(number).id} has been settled already", do="Load the page again to see by whom, and how.")

    def all(self, measure: str | None = None) -> list[Proposal]:
        """Newest first: of one measure, or of all."""
        what = select(PROPOSALS).order_by(PROPOSALS.c.id.desc())
        with self._db.read() as conn:
            found = conn.execute(what if measure is None else what.where(PROPOSALS.c.measure == measure)).mappings()
            return [_proposal(row) for row in found]


def _proposal(row: RowMapping) -> Proposal:
    values = {k: v for k, v in row.items() if k not in {"measure", "definition"}}
    return Proposal(definition=msgspec.json.decode(row["definition"], type=Measure), **values)
