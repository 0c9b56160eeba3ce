"""Contracts as they were agreed: each version of each source, by whom and when. A version never changes; a removed source keeps its history."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, func, insert, select, update

from gensvar.contracts import Contract
from gensvar.kit.errors import Conflict, NotFound, nearest
from gensvar.ledger.connect import Part
from gensvar.ledger.tables import CONTRACTS


class Agreed(NamedTuple):
    source: str
    version: int
    yaml: str
    added_at: datetime
    by: str


class Contracts(Part):
    def add(self, contract_yaml: str, contract: Contract, by: str) -> None:
        """Puts a version in force. The same version with the same text changes nothing; with another text, or below the last one: Conflict."""
        with self._db.write() as conn:
            last = self._last(conn, contract.source)
            if last is not None and contract.version <= last.version:
                self._again(conn, contract_yaml, contract, last.version)
                return
            conn.execute(insert(CONTRACTS).values(source=contract.source, version=contract.version, yaml=contract_yaml, added_at=self._now(), by=by))
            conn.execute(update(CONTRACTS).where(CONTRACTS.c.source == contract.source).values(removed_at=None))

    def current(self, source: str) -> str | None:
        """The YAML in force, or None where the source is unknown or was removed."""
        with self._db.read() as conn:
            found = self._last(conn, source)
        return found.yaml if found is not None and found.removed_at is None else None

    def version(self, source: str, version: int) -> str:
        """The YAML of this version, in force or not."""
        with self._db.read() as conn:
            found = conn.scalar(select(CONTRACTS.c.yaml).where(CONTRACTS.c.source == source, CONTRACTS.c.version == version))
        if found is None:
            raise NotFound(f"No version {version} of source {source!r}", nearest=nearest(source, {a.source for a in self.all()}))
        return str(found)

    def all(self) -> list[Agreed]:
        """What is in force, one for each source, by name."""
        newest = select(CONTRACTS.c.source, func.max(CONTRACTS.c.version).label("version")).group_by(CONTRACTS.c.source).subquery()
        both = (CONTRACTS.c.source == newest.c.source) & (CONTRACTS.c.version == newest.c.version)
        return self._read(_agreed().join(newest, both).where(CONTRACTS.c.removed_at.is_(None)).order_by(CONTRACTS.c.source))

    def history(self, source: str) -> list[Agreed]:
        """Every version that was ever in force, oldest first."""
        return self._read(_agreed().where(CONTRACTS.c.source == source).order_by(CONTRACTS.c.version))

    def remove(self, source: str) -> None:
        """Takes the source out of force; NotFound where it is not in force."""
        with self._db.write() as conn:
            live = update(CONTRACTS).where(CONTRACTS.c.source == source, CONTRACTS.c.removed_at.is_(None))
            if conn.execute(live.values(removed_at=self._now())).rowcount == 0:
                known = {agreed.source for agreed in self.all()}
                raise NotFound(f"No source {source!r}", nearest=nearest(source, known), do="`gensvar sources list` shows them.")

    def _again(self, conn: Connection, contract_yaml: str, contract: Contract, last: int) -> None:
        this = (CONTRACTS.c.source == contract.source) & (CONTRACTS.c.version == contract.version)
        if contract.version < last or conn.scalar(select(CONTRACTS.c.yaml).where(this)) != contract_yaml:
            raise Conflict(
                f"Source {contract.source!r} has version {last} already, and this is another text that says version {contract.version}",
                do=f"Give it version {last + 1}.",
            )
        conn.execute(update(CONTRACTS).where(CONTRACTS.c.source == contract.source).values(removed_at=None))

    def _last(self, conn: Connection, source: str) -> Any:
        return conn.execute(select(CONTRACTS).where(CONTRACTS.c.source == source).order_by(CONTRACTS.c.version.desc()).limit(1)).first()

    def _read(self, what: "Select[Any]") -> list[Agreed]:
        with self._db.read() as conn:
            return [Agreed(*row) for row in conn.execute(what)]


def _agreed() -> "Select[Any]":
    return select(CONTRACTS.c.source, CONTRACTS.c.version, CONTRACTS.c.yaml, CONTRACTS.c.added_at, CONTRACTS.c.by)
