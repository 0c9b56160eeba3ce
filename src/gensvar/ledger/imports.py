"""Imports of files: how far each has come, so that one that was stopped goes on where it stood, and the receipt at its end."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import insert, select, update

from gensvar.kit.errors import NotFound
from gensvar.ledger.connect import Part
from gensvar.ledger.tables import IMPORTS


@dataclass(frozen=True, slots=True)
class Import:
    """One file under one contract. position: rows of the file that are done; counts: what became of them so far.

    state: running, stopped, failed or done.
    """

    id: int
    source: str
    path: str
    sha256: str
    contract: str
    position: int
    counts: Mapping[str, Any]
    state: str
    receipt: Mapping[str, Any]
    started_at: datetime
    updated_at: datetime
    ended_at: datetime | None


COLUMNS = [IMPORTS.c[field.name] for field in fields(Import)]


class Imports(Part):
    def start(self, source: str, path: str, sha256: str, contract_key: str) -> Import:
        """The import to go on with: the last one of the same content under the same contract, where that is not done; else a new one at row 0."""
        same = (IMPORTS.c.source == source) & (IMPORTS.c.sha256 == sha256) & (IMPORTS.c.contract == contract_key)
        now = self._now()
        with self._db.write() as conn:
            last = conn.execute(select(*COLUMNS).where(same).order_by(IMPORTS.c.id.desc()).limit(1)).first()
            if last is None or last.state == "done":
                fresh = {"position": 0, "counts": {}, "state": "running", "receipt": {}, "started_at": now, "updated_at": now}
                new = insert(IMPORTS).values(source=source, path=path, sha256=sha256, contract=contract_key, **fresh)
                last_id = conn.execute(new.returning(IMPORTS.c.id)).scalar_one()
            else:
                last_id = last.id
                again = update(IMPORTS).where(IMPORTS.c.id == last_id)
                conn.execute(again.values(state="running", path=path, updated_at=now, ended_at=None))
            return self.get(last_id)

    def advance(self, import_id: int, position: int, counts: Mapping[str, Any]) -> None:
        """Remembers how many rows are done and what became of them."""
        self._change(import_id, position=position, counts=dict(counts))

    def end(self, import_id: int, state: Literal["done", "stopped", "failed"], receipt: Mapping[str, Any]) -> None:
        """Closes the import with its receipt; one that is not done can be started again."""
        self._change(import_id, state=state, receipt=dict(receipt), ended_at=self._now())

    def get(self, import_id: int) -> Import:
        """One import; NotFound where there is none with this number."""
        with self._db.read() as conn:
            row = conn.execute(select(*COLUMNS).where(IMPORTS.c.id == import_id)).first()
        if row is None:
            raise NotFound(f"No import {import_id}")
        return Import(*row)

    def last(self, source: str) -> Import | None:
        """The latest import of a source."""
        with self._db.read() as conn:
            row = conn.execute(select(*COLUMNS).where(IMPORTS.c.source == source).order_by(IMPORTS.c.id.desc()).limit(1)).first()
        return None if row is None else Import(*row)

    def all(self, limit: int = 50) -> list[Import]:
        """The latest imports, newest first."""
        with self._db.read() as conn:
            return [Import(*row) for row in conn.execute(select(*COLUMNS).order_by(IMPORTS.c.id.desc()).limit(limit))]

    def _change(self, import_id: int, **values: Any) -> None:
        with self._db.write() as conn:
            if conn.execute(update(IMPORTS).where(IMPORTS.c.id == import_id).values(updated_at=self._now(), **values)).rowcount == 0:
                raise NotFound(f"No import {import_id}")
