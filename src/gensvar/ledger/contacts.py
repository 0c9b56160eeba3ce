"""Contacts: how a person can be reached. Sealed one by one; in the database nobody can read, search or guess them without the secret."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select

from gensvar.contracts.rows import Contact
from gensvar.ledger.among import lite_rows, rows_among
from gensvar.ledger.connect import Database, Part
from gensvar.ledger.moments import to_ms
from gensvar.ledger.seal import Box
from gensvar.ledger.tables import CONTACTS

LITE_KNOWN = "SELECT key, kind, party, mark FROM contacts WHERE key IN ({})"
LITE_PUT = (
    "INSERT INTO contacts (key, kind, party, mark, sealed, at) VALUES (?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (key, kind) DO UPDATE SET party = excluded.party, mark = excluded.mark, sealed = excluded.sealed, at = excluded.at"
)


class Contacts(Part):
    def __init__(self, database: Database, now: Callable[[], datetime], box: Box) -> None:
        super().__init__(database, now)
        self._box = box

    def seal(self, by_party: Mapping[bytes, Sequence[Contact]]) -> int:
        """Keeps the contacts of each party; how many were new or had changed. A contact is one kind of detail under one identity key."""
        given = {(c.key, c.kind): (party, self._mark(c), c) for party, contacts in by_party.items() for c in contacts}
        if not given:
            return 0
        with self._db.write() as conn:
            known = self._known(conn, sorted({key for key, _ in given}))
            rows = [self._row(*given[at]) for at in sorted(given) if known.get(at) != given[at][:2]]
            if rows:
                self._put(conn, rows)
        return len(rows)

    def _known(self, conn: Connection, keys: Sequence[bytes]) -> dict[tuple[bytes, str], tuple[bytes, bytes]]:
        """key and kind → party and mark."""
        what = select(CONTACTS.c.key, CONTACTS.c.kind, CONTACTS.c.party, CONTACTS.c.mark)
        rows = lite_rows(conn, LITE_KNOWN, keys) if self._db.lite else rows_among(conn, what, CONTACTS.c.key, keys)
        return {(key, kind): (party, mark) for key, kind, party, mark in rows}

    def _put(self, conn: Connection, rows: Sequence[dict[str, Any]]) -> None:
        now = self._now()
        if self._db.lite:
            ms = to_ms(now)
            conn.exec_driver_sql(LITE_PUT, [(*row.values(), ms) for row in rows])
            return
        put = self._db.insert(CONTACTS)
        changed = {name: put.excluded[name] for name in ("party", "mark", "sealed", "at")}
        conn.execute(put.on_conflict_do_update(index_elements=["key", "kind"], set_=changed), [{**row, "at": now} for row in rows])

    def open(self, party: bytes) -> list[Contact]:
        """The contacts of a party, in plain text."""
        with self._db.read() as conn:
            rows = conn.execute(select(CONTACTS).where(CONTACTS.c.party == party).order_by(CONTACTS.c.kind, CONTACTS.c.key)).all()
        return [Contact(r.key, r.kind, self._box.open(r.sealed, r.key + r.kind.encode()).decode("utf-8", "surrogatepass")) for r in rows]

    def erase(self, party: bytes) -> int:
        """Forgets how to reach a party; how many contacts there were."""
        with self._db.write() as conn:
            return conn.execute(delete(CONTACTS).where(CONTACTS.c.party == party)).rowcount

    def _row(self, party: bytes, mark: bytes, contact: Contact) -> dict[str, Any]:
        sealed = self._box.seal(contact.value.encode("utf-8", "surrogatepass"), contact.key + contact.kind.encode())
        return {"key": contact.key, "kind": contact.kind, "party": party, "mark": mark, "sealed": sealed}

    def _mark(self, contact: Contact) -> bytes:
        return self._box.mark(contact.value.encode("utf-8", "surrogatepass"))
