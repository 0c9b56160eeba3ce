"""Members: the people who may sign in, with role and scope. Passwords are kept as they are handed in, hashed; second factors are sealed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, select, update

from gensvar.kit.errors import Conflict, NotFound
from gensvar.ledger.connect import Database, Part
from gensvar.ledger.seal import Box
from gensvar.ledger.sessions import Sessions
from gensvar.ledger.tables import LINKS, MEMBERS
from gensvar.ledger.tokens import Tokens

ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class Member:
    """scope: as `Scope.as_json` writes it. language, zone: '' where she takes the house's. has_sso: she has come by single sign-on."""

    id: int
    email: str
    name: str
    role: str
    scope: Mapping[str, Any]
    language: str
    zone: str
    has_password: bool
    has_totp: bool
    made_at: datetime
    seen_at: datetime | None
    disabled_at: datetime | None
    has_sso: bool = False


def folded(email: str) -> str:
    """The address as it is compared: without the case of its letters, and without space around it.

    >>> folded(" Anna@Example.org ")
    'anna@example.org'
    """
    return email.strip().casefold()


class Members(Part):
    """A member who is disabled, or whose password is replaced, is out at once: that needs the sessions."""

    def __init__(self, database: Database, now: Callable[[], datetime], secret: bytes, sessions: Sessions) -> None:
        super().__init__(database, now)
        self._box, self._codes, self._sessions = Box(secret, "totp"), Tokens(secret, "recovery codes"), sessions

    def count(self) -> int:
        """How many there are, disabled ones too."""
        with self._db.read() as conn:
            return conn.scalar(select(func.count()).select_from(MEMBERS)) or 0

    def all(self) -> list[Member]:
        """Everybody, disabled ones too, by name."""
        with self._db.read() as conn:
            found = [_member(row) for row in conn.execute(select(MEMBERS))]
        return sorted(found, key=lambda m: (m.name.casefold(), m.email))

    def get(self, member_id: int) -> Member:
        """One member; NotFound where there is none with this number."""
        with self._db.read() as conn:
            return _member(self._row(conn, member_id))

    def by_email(self, email: str) -> Member | None:
        with self._db.read() as conn:
            return _perhaps(conn.execute(select(MEMBERS).where(MEMBERS.c.email == folded(email))).first())

    def by_subject(self, subject: str) -> Member | None:
        """The member who comes by single sign-on under this subject."""
        with self._db.read() as conn:
            return _perhaps(conn.execute(select(MEMBERS).where(MEMBERS.c.subject == subject)).first())

    def add(self, email: str, name: str, role: str, scope: Mapping[str, Any], password_hash: str = "") -> Member:
        """The new member; Conflict where somebody has this address already."""
        row = {"email": folded(email), "name": name, "role": role, "scope": dict(scope), "password": password_hash}
        blank = {"recovery": [], "language": "", "zone": "", "made_at": self._now()}
        with self._db.write() as conn:
            put = self._db.insert(MEMBERS).values(**row, **blank).on_conflict_do_nothing(index_elements=["email"])
            made = conn.execute(put.returning(MEMBERS.c.id)).scalar()
            if made is None:
                raise Conflict("Somebody with this address is here already", where=folded(email), do="Change what she may do instead.")
            return _member(self._row(conn, made))

    def first(self, email: str, name: str, password_hash: str) -> Member:
        """The first administrator; Conflict where there is a member already."""
        with self._db.write() as conn:
            self._db.lock(conn, "members")
            if conn.scalar(select(func.count()).select_from(MEMBERS)):
                raise Conflict("This house has its first administrator already", do="Sign in, or ask her for an invitation.")
            return self.add(email, name, ADMINISTRATOR, {}, password_hash)

    def change(self, member_id: int, **changed: Any) -> Member:
        """The member with a new name, role, scope, language or zone. Conflict where the last administrator would lose her role."""
        if unknown := sorted(set(changed) - {"name", "role", "scope", "language", "zone"}):
            raise TypeError(f"cannot change {unknown}")
        with self._db.write() as conn:
            self._db.lock(conn, "members")
            if changed.get("role", ADMINISTRATOR) != ADMINISTRATOR:
                self._not_the_last(conn, member_id)
            return self._set(conn, member_id, **changed)

    def disable(self, member_id: int) -> Member:
        """She cannot sign in any more; her sessions and links end at once. Conflict where she is the last administrator."""
        with self._db.write() as conn:
            self._db.lock(conn, "members")
            self._not_the_last(conn, member_id)
            conn.execute(delete(LINKS).where(LINKS.c.member == member_id))
            self._sessions.end_all(member_id)
            disabled = self._set(conn, member_id, disabled_at=self._now())
        self._sessions.forget()
        return disabled

    def enable(self, member_id: int) -> Member:
        """She may sign in again, as before."""
        with self._db.write() as conn:
            return self._set(conn, member_id, disabled_at=None)

    def password_of(self, member_id: int) -> str:
        """The hash of her password; '' where she has none."""
        with self._db.read() as conn:
            return str(self._row(conn, member_id).password)

    def set_password(self, member_id: int, password_hash: str, keep: str | None = None) -> None:
        """Replaces it; all her sessions end, but for the one of this token."""
        with self._db.write() as conn:
            self._set(conn, member_id, password=password_hash)
            self._sessions.end_all(member_id, keep)
        self._sessions.forget()

    def rehash_password(self, member_id: int, before: str, password_hash: str) -> None:
        """The same password under newer parameters; nothing where it was replaced meanwhile. Sessions go on."""
        with self._db.write() as conn:
            conn.execute(update(MEMBERS).where(MEMBERS.c.id == member_id, MEMBERS.c.password == before).values(password=password_hash))

    def link_subject(self, member_id: int, subject: str) -> Member:
        """From now on she is known by this subject of single sign-on; Conflict where she is known by another."""
        with self._db.write() as conn:
            stands = self._row(conn, member_id).subject
            if stands not in {None, subject}:
                raise Conflict("This member signs in as somebody else over there", do="Ask an administrator.")
            return self._set(conn, member_id, subject=subject)

    # ── second factor ────────────────────────────────────────────────────────────────────────────────────────────────

    def totp_of(self, member_id: int) -> str | None:
        """The shared secret in base 32; None where she has no second factor."""
        with self._db.read() as conn:
            return self._totp(self._row(conn, member_id))[0]

    def set_totp(self, member_id: int, secret: str, step: int, codes: Sequence[str]) -> None:
        """Turns the second factor on. step: of the code that proved it, which cannot be used again; codes: for recovery, each good once."""
        with self._db.write() as conn:
            kept = [self._codes.hash(code).hex() for code in codes]
            self._set(conn, member_id, totp=self._sealed(member_id, secret, step), recovery=kept)

    def clear_totp(self, member_id: int) -> None:
        """Turns it off, recovery codes too."""
        with self._db.write() as conn:
            self._set(conn, member_id, totp=None, recovery=[])

    def use_step(self, member_id: int, step: int) -> bool:
        """Whether the code of this 30-second step was still unused; from now on it and all earlier ones are used."""
        with self._db.write() as conn:
            secret, last = self._totp(self._row(conn, member_id, held=True))
            if secret is None or step <= last:
                return False
            self._set(conn, member_id, totp=self._sealed(member_id, secret, step))
        return True

    def use_code(self, member_id: int, code: str) -> bool:
        """Whether this was a recovery code of hers; it is not any more."""
        hashed = self._codes.hash(code).hex()
        with self._db.write() as conn:
            kept = list(self._row(conn, member_id, held=True).recovery)
            if hashed not in kept:
                return False
            self._set(conn, member_id, recovery=[other for other in kept if other != hashed])
        return True

    def codes_left(self, member_id: int) -> int:
        """How many recovery codes she has not used yet."""
        with self._db.read() as conn:
            return len(self._row(conn, member_id).recovery)

    def _totp(self, row: Row[Any]) -> tuple[str | None, int]:
        if row.totp is None:
            return None, -1
        step, _, secret = self._box.open(row.totp, str(row.id).encode()).decode().partition(":")
        return secret, int(step)

    def _sealed(self, member_id: int, secret: str, step: int) -> bytes:
        return self._box.seal(f"{step}:{secret}".encode(), str(member_id).encode())

    # ── rows ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _row(self, conn: Connection, member_id: int, *, held: bool = False) -> Row[Any]:
        """held: on PostgreSQL nobody else changes the row until this transaction ends; on SQLite nobody does anyway."""
        what = select(MEMBERS).where(MEMBERS.c.id == member_id)
        row = conn.execute(what.with_for_update() if held else what).first()
        if row is None:
            raise NotFound(f"No member {member_id}", do="`gensvar people list` shows them.")
        return row

    def _set(self, conn: Connection, member_id: int, **values: Any) -> Member:
        if values:
            conn.execute(update(MEMBERS).where(MEMBERS.c.id == member_id).values(values))
        return _member(self._row(conn, member_id))

    def _not_the_last(self, conn: Connection, member_id: int) -> None:
        leads = select(MEMBERS.c.id).where(MEMBERS.c.role == ADMINISTRATOR, MEMBERS.c.disabled_at.is_(None))
        if list(conn.scalars(leads)) == [member_id]:
            raise Conflict("She is the last administrator", do="Make somebody else an administrator first.")


def _perhaps(row: Row[Any] | None) -> Member | None:
    return None if row is None else _member(row)


def _member(row: Row[Any]) -> Member:
    told = (row.id, row.email, row.name, row.role, row.scope, row.language, row.zone)
    has = bool(row.password), row.totp is not None
    return Member(*told, *has, row.made_at, row.seen_at, row.disabled_at, row.subject is not None)
