"""Findings: what was looked for by itself and what came of it, by kind and key, the latest and those before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, delete, func, insert, select

from gensvar.ledger.connect import Part
from gensvar.ledger.tables import FINDINGS

KEPT: Final = 60  # of one kind and key; two months of nights


@dataclass(frozen=True, slots=True)
class Finding:
    """body: plain JSON types, as its kind says."""

    id: int
    kind: str
    key: str
    body: Mapping[str, Any]
    made_at: datetime


class Findings(Part):
    def keep(self, kind: str, key: str, body: Mapping[str, Any]) -> int:
        """The number of the new finding. Of those before, the latest stay."""
        with self._db.write() as conn:
            row = {"kind": kind, "key": key, "body": dict(body), "made_at": self._now()}
            number = int(conn.execute(insert(FINDINGS).values(row).returning(FINDINGS.c.id)).scalar_one())
            alike = select(FINDINGS.c.id).where(FINDINGS.c.kind == kind, FINDINGS.c.key == key).order_by(FINDINGS.c.id.desc())
            oldest = conn.scalar(alike.offset(KEPT - 1).limit(1))
            if oldest is not None:
                conn.execute(delete(FINDINGS).where(FINDINGS.c.kind == kind, FINDINGS.c.key == key, FINDINGS.c.id < oldest))
            return number

    def latest(self, kind: str, key: str = "") -> Finding | None:
        """The newest of this kind and key; None where there is none."""
        return next(iter(self.history(kind, key, 1)), None)

    def all(self, kind: str) -> dict[str, Finding]:
        """Key → the newest finding of this kind."""
        newest = select(func.max(FINDINGS.c.id)).where(FINDINGS.c.kind == kind).group_by(FINDINGS.c.key)
        with self._db.read() as conn:
            return {row.key: _finding(row) for row in conn.execute(select(FINDINGS).where(FINDINGS.c.id.in_(newest)).order_by(FINDINGS.c.key))}

    def history(self, kind: str, key: str = "", most: int = 30) -> list[Finding]:
        """The newest of this kind and key, newest first."""
        what = select(FINDINGS).where(FINDINGS.c.kind == kind, FINDINGS.c.key == key).order_by(FINDINGS.c.id.desc()).limit(most)
        with self._db.read() as conn:
            return [_finding(row) for row in conn.execute(what)]


def _finding(row: Row[Any]) -> Finding:
    return Finding(row.id, row.kind, row.key, row.body, row.made_at)
