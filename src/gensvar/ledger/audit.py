"""The audit: who did what to what, and when. Each row's hash covers the row and the hash before it, under a key derived from the secret.

A changed, removed, inserted or swapped row breaks the chain. The number of rows is sealed the same way, so that a cut-off end shows too.
"""

import hmac
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, insert, or_, select

from gensvar.ledger.connect import Database, Part
from gensvar.ledger.moments import to_ms
from gensvar.ledger.seal import derived
from gensvar.ledger.tables import ABOUT, AUDIT, storable

HEAD = "audit_head"
PAGE = 1000
Has = Callable[[ColumnElement[str], str], ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Deed:
    id: int
    at: datetime
    who: str
    did: str
    what: str
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Done:
    """What is to be written: who did what to what. at: when, where that was before now."""

    who: str
    did: str
    what: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """rows: how many were looked at. broken: the number of the first that is not what was written, or is missing; None where the chain is whole."""

    rows: int
    broken: int | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows to read. who, did: exactly. since, until: moments, the first within and the second not. text: anywhere in a row."""

    who: str = ""
    did: str = ""
    since: datetime | None = None
    until: datetime | None = None
    text: str = ""


class Audit(Part):
    def __init__(self, database: Database, now: Callable[[], datetime], secret: bytes) -> None:
        super().__init__(database, now)
        self._key = derived(secret, "audit")

    def append(self, who: str, did: str, what: str, detail: Mapping[str, Any] | None = None) -> int:
        """Writes it down for good; the row's number, from 1 without a gap."""
        return self.append_many([Done(who, did, what, detail or {})])

    def append_many(self, deeds: Sequence[Done]) -> int:
        """Writes them down for good in this order, all or none; the number of the last row, 0 where there are no rows at all."""
        now = self._now()
        with self._db.write() as conn:
            self._db.lock(conn, "audit")
            last = conn.execute(select(AUDIT.c.id, AUDIT.c.hash).order_by(AUDIT.c.id.desc()).limit(1)).first()
            number, link = (last.id, last.hash) if last is not None else (0, b"")
            rows = [_row(number + i, deed, now) for i, deed in enumerate(deeds, 1)]
            for row in rows:
                row["hash"] = link = self._link(link, row)
            if rows:
                conn.execute(insert(AUDIT), rows)
                self._set_head(conn, number + len(rows), link)
            return number + len(rows)

    def rows(self, after: int = 0, limit: int = 100) -> list[Deed]:
        """The rows after this number, oldest first."""
        with self._db.read() as conn:
            found = conn.execute(select(AUDIT).where(AUDIT.c.id > after).order_by(AUDIT.c.id).limit(limit)).all()
        return [Deed(r.id, r.at, r.who, r.did, r.what, json.loads(r.detail)) for r in found]

    def page(self, wanted: Wanted, before: int | None = None, limit: int = 100) -> list[Deed]:
        """The rows that are wanted, newest first; before: only those with a lower number."""
        tests = list(_tests(wanted, self._has))
        if before is not None:
            tests.append(AUDIT.c.id < before)
        with self._db.read() as conn:
            found = conn.execute(select(AUDIT).where(*tests).order_by(AUDIT.c.id.desc()).limit(limit)).all()
        return [Deed(r.id, r.at, r.who, r.did, r.what, json.loads(r.detail)) for r in found]

    def _has(self, column: ColumnElement[str], text: str) -> ColumnElement[bool]:
        """Whether the text stands in it, whatever the case: of a…z on SQLite, whose LIKE knows no other and is twice as fast as its lower()."""
        return column.contains(text, autoescape=True) if self._db.lite else column.icontains(text, autoescape=True)

    def kinds(self) -> list[str]:
        """Every kind of deed that was ever written down, by name."""
        with self._db.read() as conn:
            return sorted(conn.scalars(select(AUDIT.c.did).distinct()))

    def verify(self) -> int | None:
        """The number of the first row that is not what was written, or is missing; None where the chain is whole."""
        return self.check().broken

    def check(self) -> Checked:
        """Walks the whole chain, as it stood at one moment, while others go on writing."""
        number, before = 0, b""
        with self._db.snapshot() as conn:
            head = conn.scalar(select(ABOUT.c.value).where(ABOUT.c.name == HEAD))
            for row in self._walk(conn):
                number += 1
                if row["id"] != number or not hmac.compare_digest(row["hash"], self._link(before, row)):
                    return Checked(number, number)
                before = row["hash"]
        whole = head == self._head(number, before) if number else head is None
        return Checked(number, None if whole else number + 1)

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


def _row(number: int, deed: Done, now: datetime) -> dict[str, Any]:
    text = json.dumps(deed.detail, sort_keys=True, default=str)
    return {"id": number, "at": deed.at or now, "who": storable(deed.who), "did": storable(deed.did), "what": storable(deed.what), "detail": text}


def _tests(wanted: Wanted, has: Has) -> Iterator[ColumnElement[bool]]:
    if wanted.who:
        yield AUDIT.c.who == wanted.who
    if wanted.did:
        yield AUDIT.c.did == wanted.did
    if wanted.since is not None:
        yield AUDIT.c.at >= wanted.since
    if wanted.until is not None:
        yield AUDIT.c.at < wanted.until
    if wanted.text:
        as_kept = json.dumps(wanted.text)[1:-1]  # details are kept as JSON, in which å is written as an escape
        yield or_(*(has(c, wanted.text) for c in (AUDIT.c.who, AUDIT.c.did, AUDIT.c.what)), has(AUDIT.c.detail, as_kept))
