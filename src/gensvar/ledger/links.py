"""One-time links: the first administrator's, an invitation, a new password. Handed to a person once, kept as a keyed hash, used once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Row, Select, delete, insert, or_, select, update

from gensvar.ledger.connect import Database, Part
from gensvar.ledger.tables import LINKS, MEMBERS
from gensvar.ledger.tokens import Tokens

LinkKind = Literal["setup", "invite", "reset"]
LASTS: dict[LinkKind, timedelta] = {"setup": timedelta(hours=24), "invite": timedelta(days=7), "reset": timedelta(hours=1)}


@dataclass(frozen=True, slots=True)
class Link:
    """member: whom it lets in; None for the first administrator, who is nobody yet. by: who made it."""

    kind: LinkKind
    member: int | None
    by: str
    made_at: datetime
    until: datetime


class Links(Part):
    def __init__(self, database: Database, now: Callable[[], datetime], secret: bytes) -> None:
        super().__init__(database, now)
        self._tokens = Tokens(secret, "links")

    def make(self, kind: LinkKind, member_id: int | None, by: str) -> str:
        """The token of a new link, to be shown once. Earlier links for the same member, of whatever kind, end."""
        plain, now = self._tokens.new(), self._now()
        with self._db.write() as conn:
            conn.execute(delete(LINKS).where(or_(LINKS.c.until <= now, _for(member_id))))
            row = {"hash": self._tokens.hash(plain), "kind": kind, "member": member_id, "by": by, "made_at": now, "until": now + LASTS[kind]}
            conn.execute(insert(LINKS).values(row))
        return plain

    def find(self, token: str) -> Link | None:
        """The link of this token; None where it is unknown, used, past its end, or its member disabled."""
        with self._db.read() as conn:
            return _link(conn.execute(self._open(token)).first())

    def use(self, token: str) -> Link | None:
        """The same, and from now on nobody can use it again. Of two at once, one gets it."""
        with self._db.write() as conn:
            found = _link(conn.execute(self._open(token).with_for_update(of=LINKS)).first())
            if found is not None:
                conn.execute(update(LINKS).where(LINKS.c.hash == self._tokens.hash(token)).values(used_at=self._now()))
        return found

    def waiting(self) -> dict[int, Link]:
        """member → the link that she has not used yet."""
        holds = LINKS.c.used_at.is_(None), LINKS.c.until > self._now(), LINKS.c.member.is_not(None)
        with self._db.read() as conn:
            found = [_link(row) for row in conn.execute(_COLUMNS.where(*holds))]
        return {link.member: link for link in found if link is not None and link.member is not None}

    def withdraw(self, member_id: int | None) -> int:
        """Ends the links for this member (None: for the first administrator); how many that were."""
        with self._db.write() as conn:
            return conn.execute(delete(LINKS).where(_for(member_id))).rowcount

    def _open(self, token: str) -> Select[Any]:
        active = or_(LINKS.c.member.is_(None), LINKS.c.member.in_(select(MEMBERS.c.id).where(MEMBERS.c.disabled_at.is_(None))))
        return _COLUMNS.where(LINKS.c.hash == self._tokens.hash(token), LINKS.c.used_at.is_(None), LINKS.c.until > self._now(), active)


_COLUMNS: Select[Any] = select(LINKS.c.kind, LINKS.c.member, LINKS.c.by, LINKS.c.made_at, LINKS.c.until)


def _for(member_id: int | None) -> ColumnElement[bool]:
    return LINKS.c.member.is_(None) if member_id is None else LINKS.c.member == member_id


def _link(row: Row[Any] | None) -> Link | None:
    return None if row is None else Link(row.kind, row.member, row.by, row.made_at, row.until)
