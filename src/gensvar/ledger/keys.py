"""API keys: shown once, kept as a hash. A key has a name, rights, a scope and perhaps a last day, and remembers when it was last used."""

import json
import logging
import threading
import time
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import RowMapping, insert, select, update
from sqlalchemy.exc import DBAPIError

from gensvar.kit.errors import BadInput, GensvarError, NotFound, nearest
from gensvar.ledger.connect import Database, Part
from gensvar.ledger.tables import KEYS
from gensvar.ledger.tokens import Lately, Tokens

SCOPES = ("ingest", "read", "admin")
PREFIX = "gsv_"
REMEMBER_S, REMEMBER_KEYS = 2.0, 1024
USED_EVERY_S = 60.0
LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ApiKey:
    """scopes: what it may do; scope: which rows and columns, as `Scope.as_json` writes it. used_at: to the minute; None: never."""

    id: int
    name: str
    scopes: frozenset[str]
    made_at: datetime
    until: datetime | None
    revoked_at: datetime | None
    used_at: datetime | None = None
    scope: Mapping[str, Any] = field(default_factory=dict)


class Keys(Part):
    """A key found is remembered for two seconds. When it was used is written once a minute, in the background: finding waits for no commit."""

    def __init__(self, database: Database, now: Callable[[], datetime], secret: bytes) -> None:
        super().__init__(database, now)
        self._tokens = Tokens(secret, "api keys")
        self._lately: Lately[ApiKey] = Lately(REMEMBER_S, REMEMBER_KEYS)
        self._used: dict[int, datetime] = {}
        self._written_at = -USED_EVERY_S
        self._writer: threading.Thread | None = None
        self._writing = threading.Lock()

    def create(self, name: str, scopes: Set[str], days: int | None = None, scope: Mapping[str, Any] | None = None) -> tuple[int, str]:
        """The key's number, and the key itself, which can never be shown again. days: how long it holds; None: until it is revoked."""
        if unknown := sorted(scopes - set(SCOPES)):
            raise BadInput(f"No right {unknown[0]!r}", nearest=nearest(unknown[0], SCOPES), do=f"Rights are {', '.join(SCOPES)}.")
        if not scopes or not name.strip() or (days is not None and days < 1):
            raise BadInput("A key needs a name, at least one right and, where it has a last day, at least one day")
        plain, now = PREFIX + self._tokens.new(), self._now()
        until = None if days is None else now + timedelta(days=days)
        row = {"name": name, "scopes": " ".join(sorted(scopes)), "hash": self._tokens.hash(plain), "made_at": now, "until": until}
        with self._db.write() as conn:
            made = insert(KEYS).values(**row, scope=json.dumps(dict(scope or {}))).returning(KEYS.c.id)
            return int(conn.execute(made).scalar_one()), plain

    def find(self, plain: str) -> ApiKey | None:
        """The key that this is, or None where it is unknown, revoked or past its last day."""
        hashed = self._tokens.hash(plain)
        found = self._lately.get(hashed) or self._lately.ask(hashed, lambda: self._read(hashed))
        return found if found is not None and (found.until is None or self._now() < found.until) else None

    def all(self) -> list[ApiKey]:
        """Every key ever made, revoked ones too, oldest first."""
        unwritten = dict(self._used)  # before the rows: what is written meanwhile is in one of the two
        with self._db.read() as conn:
            found = [_key(row) for row in conn.execute(select(KEYS).order_by(KEYS.c.id)).mappings()]
        return [replace(key, used_at=unwritten.get(key.id, key.used_at)) for key in found]

    def revoke(self, key_id: int) -> None:
        """Ends a key; NotFound where there is none with this number. Other processes notice within two seconds."""
        with self._db.write() as conn:
            live = update(KEYS).where(KEYS.c.id == key_id).values(revoked_at=self._now())
            if conn.execute(live).rowcount == 0:
                raise NotFound(f"No key {key_id}", do="`gensvar keys list` shows them.")
        self._lately.clear()

    def close(self) -> None:
        """Writes down the uses that wait for it."""
        writer = self._writer
        if writer is not None:
            writer.join()
        self._write_used()

    def _read(self, hashed: bytes) -> ApiKey | None:
        with self._db.read() as conn:
            row = conn.execute(select(KEYS).where(KEYS.c.hash == hashed, KEYS.c.revoked_at.is_(None))).mappings().first()
        if row is None:
            return None
        self._note_use(_key(row))
        return _key(row)

    def _note_use(self, key: ApiKey) -> None:
        now = self._now()
        if key.until is not None and now >= key.until:
            return
        self._used[key.id] = now
        if time.monotonic() - self._written_at >= USED_EVERY_S and self._writing.acquire(blocking=False):
            self._written_at = time.monotonic()
            self._writer = threading.Thread(target=self._write_and_let_go, name="gensvar-key-use", daemon=True)
            self._writer.start()

    def _write_and_let_go(self) -> None:
        try:
            self._write_used()
        finally:
            self._writing.release()

    def _write_used(self) -> None:
        """What cannot be written now is written with the next; a use is nothing to stop for."""
        used = dict(self._used)
        if not used:
            return
        try:
            with self._db.write() as conn:
                for key_id, at in sorted(used.items()):
                    conn.execute(update(KEYS).where(KEYS.c.id == key_id).values(used_at=at))
        except (GensvarError, DBAPIError) as failed:
            LOG.warning("When keys were used will be written later: %s", failed)
            return
        for key_id, at in used.items():
            if self._used.get(key_id) == at:
                del self._used[key_id]


def _key(values: RowMapping) -> ApiKey:
    told = (values["id"], values["name"], frozenset(values["scopes"].split()), values["made_at"], values["until"], values["revoked_at"])
    return ApiKey(*told, values["used_at"], json.loads(values["scope"]))
