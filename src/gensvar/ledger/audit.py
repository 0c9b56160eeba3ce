"""The audit: who did what to what, and when. Each row's hash covers the row and the hash before it, under a key derived from the secret.

A changed, removed, inserted or swapped row breaks the chain. The number of rows is sealed the same way, so that a cut-off end shows too.
"""

import hmac
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, select

from gensvar.ledger.connect import Database, Part
from gensvar.ledger.moments import to_ms
from gensvar.ledger.seal import derived
from gensvar.ledger.tables import ABOUT, AUDIT, storable

HEAD = "audit_head"
PAGE = 1000


@dataclass(frozen=True, slots=True)
class Deed:
    id: int
    at: datetime
    who: str
    did: str
    what: str
    detail: Mapping[str, Any]


class Audit(Part):
    def __init__(self, database: Database, now: Callable[[], datetime], secret: bytes) -> None:
        super().__init__(database, now)
        self._key = derived(secret, "audit")

    def append(self, who: str, did: str, what: str, detail: Mapping[str, Any] | None = None) -> int:
        """Writes it down for good; the row's number, from 1 without a gap."""
        text = json.dumps(detail or {}, sort_keys=True, default=str)
        with self._db.write() as conn:
            self._db.lock(conn, "audit")
            last = conn.execute(select(AUDIT.c.id, AUDIT.c.hash).order_by(AUDIT.c.id.desc()).limit(1)).first()
            number, before = (last.id + 1, last.hash) if last is not None else (1, b"")
            row = {"id": number, "at": self._now(), "who": storable(who), "did": storable(did), "what": storable(what), "detail": text}
            link = self._link(before, row)
            conn.execute(insert(AUDIT).values(**row, hash=link))
            self._set_head(conn, number, link)
        return number

    def rows(self, after: int = 0, limit: int = 100) -> list[Deed]:
        """The rows after this number, oldest first."""
        with self._db.read() as conn:
            found = conn.execute(select(AUDIT).where(AUDIT.c.id > after).order_by(AUDIT.c.id).limit(limit)).all()
        return [Deed(r.id, r.at, r.who, r.did, r.what, json.loads(r.detail)) for r in found]

    def verify(self) -> int | None:
        """The number of the first row that is not what was written, or is missing; None where the chain is whole."""
        number, before = 0, b""
        with self._db.read() as conn:
            for row in self._walk(conn):
                number += 1
                if row["id"] != number or not hmac.compare_digest(row["hash"], self._link(before, row)):
                    return number
                before = row["hash"]
            head = conn.scalar(select(ABOUT.c.value).where(ABOUT.c.name == HEAD))
        whole = head == self._head(number, before) if number else head is None
        return None if whole else number + 1

    def _walk(self, conn: Connection) -> Iterator[RowMapping]:
        after: int | None = None
        while True:
            what = select(AUDIT).order_by(AUDIT.c.id).limit(PAGE)
            page = conn.execute(what if after is None else what.where(AUDIT.c.id > after)).mappings().all()
            yield from page
            if len(page) < PAGE:
                return
            after = page[-1]["id"]

    def _link(self, before: bytes, row: Mapping[str, Any] | RowMapping) -> bytes:
        said = json.dumps([row["id"], to_ms(row["at"]), row["who"], row["did"], row["what"], row["detail"]]).encode()
        return blake2b(before + said, key=self._key, digest_size=32).digest()

    def _head(self, number: int, link: bytes) -> str:
        return blake2b(b"head" + number.to_bytes(8, "big") + link, key=self._key, digest_size=32).hexdigest()

    def _set_head(self, conn: Connection, number: int, link: bytes) -> None:
        put = self._db.insert(ABOUT).values(name=HEAD, value=self._head(number, link))
        conn.execute(put.on_conflict_do_update(index_elements=["name"], set_={"value": put.excluded.value}))
