"""People: which party each identity key belongs to. Keys are keyed hashes; names and addresses are in `contacts`, sealed."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, select, update

from gensvar.contracts.rows import NewKey
from gensvar.kit.errors import BadInput
from gensvar.ledger.among import lite_rows, rows_among
from gensvar.ledger.connect import Part
from gensvar.ledger.moments import to_ms
from gensvar.ledger.tables import CONTACTS, PEOPLE_KEYS, PEOPLE_MERGES, storable

LITE_ADD = "INSERT OR IGNORE INTO people_keys (key, kind, namespace, party, first_seen) VALUES (?, ?, ?, ?, ?)"

LITE_OWNERS = "SELECT key, party FROM people_keys WHERE key IN ({})"
LITE_EXTERNALS = "SELECT first_seen, key, party, namespace FROM people_keys WHERE kind = 'external' AND party IN ({})"


class People(Part):
    def lookup(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """key → party, for the keys that are known."""
        with self._db.read() as conn:
            return self._owners(conn, keys)

    def externals(self, parties: Sequence[bytes]) -> dict[bytes, dict[str, bytes]]:
        """party → namespace → external key; where a merge gave a party two in one namespace, the earlier one."""
        found: dict[bytes, dict[str, bytes]] = defaultdict(dict)
        with self._db.read() as conn:
            rows = self._externals(conn, sorted(set(parties)))
        for _, key, party, namespace in sorted(rows):
            found[party].setdefault(namespace, key)
        return dict(found)

    def _externals(self, conn: Connection, parties: Sequence[bytes]) -> list[tuple[Any, ...]]:
        if self._db.lite:
            return list(lite_rows(conn, LITE_EXTERNALS, parties))
        what = select(PEOPLE_KEYS.c.first_seen, PEOPLE_KEYS.c.key, PEOPLE_KEYS.c.party, PEOPLE_KEYS.c.namespace)
        return [tuple(row) for row in rows_among(conn, what.where(PEOPLE_KEYS.c.kind == "external"), PEOPLE_KEYS.c.party, parties)]

    def save(self, new: Sequence[NewKey]) -> dict[bytes, bytes]:
        """Remembers the keys. Returns those that belong to another party already, with that party; they stay as they are."""
        if not new:
            return {}
        with self._db.write() as conn:
            if self._add(conn, new) == len(new):
                return {}
            stands = self._owners(conn, [n.key for n in new])
        return {n.key: stands[n.key] for n in new if stands[n.key] != n.party}

    def _add(self, conn: Connection, new: Sequence[NewKey]) -> int:
        """How many were new, or −1 where the database does not say. On SQLite in its own words, which cost a third of SQLAlchemy's."""
        if self._db.lite:
            rows = [(n.key, n.kind, storable(n.namespace), n.party, to_ms(n.first_seen)) for n in sorted(new, key=lambda n: n.key)]
            return conn.exec_driver_sql(LITE_ADD, rows).rowcount
        named = [{"key": n.key, "kind": n.kind, "namespace": n.namespace, "party": n.party, "first_seen": n.first_seen} for n in new]
        conn.execute(self._db.insert(PEOPLE_KEYS).on_conflict_do_nothing(), named)
        return -1

    def merge(self, old: bytes, into: bytes, evidence: str) -> None:
        """From now on `old` is `into`: its keys, its contacts and whatever was merged into it before."""
        if old == into:
            raise BadInput("A party cannot be merged into itself")
        with self._db.write() as conn:
            into = self._canonical(conn, into)
            if into == old:
                raise BadInput("These two were merged the other way round already")
            conn.execute(update(PEOPLE_KEYS).where(PEOPLE_KEYS.c.party == old).values(party=into))
            conn.execute(update(CONTACTS).where(CONTACTS.c.party == old).values(party=into))
            conn.execute(update(PEOPLE_MERGES).where(PEOPLE_MERGES.c.into == old).values(into=into))
            merged = self._db.insert(PEOPLE_MERGES).values(old=old, into=into, at=self._now(), evidence=evidence)
            conn.execute(merged.on_conflict_do_nothing())

    def canonical(self, party: bytes) -> bytes:
        """The party that this one is today."""
        with self._db.read() as conn:
            return self._canonical(conn, party)

    def merges(self) -> dict[bytes, bytes]:
        """old → the party it is today, for all that were merged."""
        with self._db.read() as conn:
            return {row.old: row.into for row in conn.execute(select(PEOPLE_MERGES.c.old, PEOPLE_MERGES.c.into))}

    def _canonical(self, conn: Connection, party: bytes) -> bytes:
        return conn.scalar(select(PEOPLE_MERGES.c.into).where(PEOPLE_MERGES.c.old == party)) or party

    def _owners(self, conn: Connection, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        asked = sorted(set(keys))
        if self._db.lite:
            return dict(lite_rows(conn, LITE_OWNERS, asked))
        what = select(PEOPLE_KEYS.c.key, PEOPLE_KEYS.c.party)
        return {row.key: row.party for row in rows_among(conn, what, PEOPLE_KEYS.c.key, asked)}
