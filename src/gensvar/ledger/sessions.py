"""Sessions: who has signed in and has not left. The browser holds a token, the ledger its keyed hash. A session ends by itself, or at once."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update

from gensvar.kit.errors import GensvarError
from gensvar.ledger.connect import Database, Part
from gensvar.ledger.tables import MEMBERS, SESSIONS
from gensvar.ledger.tokens import Lately, Tokens

REMEMBER_S, REMEMBER_SESSIONS = 2.0, 4096
SEEN_EVERY = timedelta(minutes=1)
IDLE, WHOLE = timedelta(hours=8), timedelta(days=7)
LONGEST_AGENT = 200


@dataclass(frozen=True, slots=True)
class Session:
    """hash: stands for its token; how: password, sso, link, guest. seen_at: to the minute; until: the moment it ends at the latest."""

    hash: bytes
    member: int
    how: str
    made_at: datetime
    seen_at: datetime
    until: datetime
    agent: str = ""


COLUMNS = [SESSIONS.c[field.name] for field in fields(Session)]


class Sessions(Part):
    """A session found is remembered for two seconds; one that is ended here is forgotten at once, in other processes within those seconds."""

    def __init__(self, database: Database, now: Callable[[], datetime], secret: bytes) -> None:
        super().__init__(database, now)
        self._tokens = Tokens(secret, "sessions")
        self._lately: Lately[Session] = Lately(REMEMBER_S, REMEMBER_SESSIONS)

    def start(self, member_id: int, how: str, agent: str, lasts: timedelta = WHOLE) -> str:
        """The token of a new session of this member: a new one each time, so that nobody can have planted it."""
        plain, now = self._tokens.new(), self._now()
        row = {"hash": self._tokens.hash(plain), "member": member_id, "how": how, "agent": agent[:LONGEST_AGENT]}
        with self._db.write() as conn:
            conn.execute(delete(SESSIONS).where(SESSIONS.c.until <= now))
            conn.execute(insert(SESSIONS).values(**row, made_at=now, seen_at=now, until=now + lasts))
            conn.execute(update(MEMBERS).where(MEMBERS.c.id == member_id).values(seen_at=now))
        return plain

    def find(self, token: str, idle: timedelta = IDLE, *, used: bool = True) -> Session | None:
        """The session of this token. None where it is unknown, ended, past its end, unused for longer than `idle`, or its member disabled.

        used: False where nobody is there: an open page asks by itself, which keeps no session from ending.
        """
        hashed = self._tokens.hash(token)
        found = self._lately.get(hashed) or self._lately.ask(hashed, lambda: self._read(hashed))
        now = self._now()
        if found is None or now >= found.until or now - found.seen_at >= idle:
            return None
        if used and now - found.seen_at >= SEEN_EVERY:
            self._seen(found, now)
        return found

    def of(self, member_id: int, idle: timedelta = IDLE) -> list[Session]:
        """This member's sessions that still hold, the latest used first."""
        now = self._now()
        alive = (SESSIONS.c.member == member_id, SESSIONS.c.until > now, SESSIONS.c.seen_at > now - idle)
        with self._db.read() as conn:
            return [Session(*row) for row in conn.execute(select(*COLUMNS).where(*alive).order_by(SESSIONS.c.seen_at.desc()))]

    def end(self, token: str) -> None:
        """Ends the session of this token; nothing where there is none."""
        self.end_hash(self._tokens.hash(token))

    def end_hash(self, hashed: bytes, member_id: int | None = None) -> bool:
        """Ends one session, where it is this member's (None: anybody's). Whether there was one."""
        ends = delete(SESSIONS).where(SESSIONS.c.hash == hashed)
        with self._db.write() as conn:
            ended = conn.execute(ends if member_id is None else ends.where(SESSIONS.c.member == member_id)).rowcount > 0
        self.forget()
        return ended

    def end_all(self, member_id: int, but: str | None = None) -> int:
        """Ends every session of a member, but for the one of this token; how many that were."""
        ends = delete(SESSIONS).where(SESSIONS.c.member == member_id)
        with self._db.write() as conn:
            ended = conn.execute(ends if but is None else ends.where(SESSIONS.c.hash != self._tokens.hash(but))).rowcount
        self.forget()
        return ended

    def forget(self) -> None:
        """What was found is looked for anew. Call it once more where sessions were ended inside a longer transaction, after its end."""
        self._lately.clear()

    def _read(self, hashed: bytes) -> Session | None:
        active = MEMBERS.c.id == SESSIONS.c.member, MEMBERS.c.disabled_at.is_(None)
        with self._db.read() as conn:
            row = conn.execute(select(*COLUMNS).where(SESSIONS.c.hash == hashed, *active)).first()
        return None if row is None else Session(*row)

    def _seen(self, session: Session, now: datetime) -> None:
        """Writes down that it is used. A full disk does not keep anybody from reading."""
        with suppress(GensvarError), self._db.write() as conn:
            conn.execute(update(SESSIONS).where(SESSIONS.c.hash == session.hash).values(seen_at=now))
            conn.execute(update(MEMBERS).where(MEMBERS.c.id == session.member).values(seen_at=now))
        self.forget()
