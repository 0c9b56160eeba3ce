"""API keys: shown once, kept as a hash. A key has a name, rights and perhaps a last day."""

import secrets
import threading
import time
from collections.abc import Callable, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b

from sqlalchemy import RowMapping, insert, select, update

from gensvar.kit.errors import BadInput, NotFound, nearest
from gensvar.ledger.connect import Database, Part
from gensvar.ledger.seal import derived
from gensvar.ledger.tables import KEYS

SCOPES = ("ingest", "read", "admin")
PREFIX = "gsv_"
SECRET_BYTES = 32
REMEMBER_S, REMEMBER_KEYS = 2.0, 1024


@dataclass(frozen=True, slots=True)
class ApiKey:
    id: int
    name: str
    scopes: frozenset[str]
    made_at: datetime
    until: datetime | None
    revoked_at: datetime | None


class Keys(Part):
    """A key found is remembered for two seconds, so that a stream of requests does not ask the database each time."""

    def __init__(self, database: Database, now: Callable[[], datetime], secret: bytes) -> None:
        super().__init__(database, now)
        self._hashing = derived(secret, "api keys")
        self._remembered: dict[bytes, tuple[float, ApiKey]] = {}
        self._remembering = threading.Lock()

    def create(self, name: str, scopes: Set[str], days: int | None = None) -> tuple[int, str]:
        """The key's number, and the key itself, which can never be shown again. days: how long it holds; None: until it is revoked."""
        if unknown := sorted(scopes - set(SCOPES)):
            raise BadInput(f"No right {unknown[0]!r}", nearest=nearest(unknown[0], SCOPES), do=f"Rights are {', '.join(SCOPES)}.")
        if not scopes or not name.strip() or (days is not None and days < 1):
            raise BadInput("A key needs a name, at least one right and, where it has a last day, at least one day")
        plain, now = PREFIX + secrets.token_urlsafe(SECRET_BYTES), self._now()
        until = None if days is None else now + timedelta(days=days)
        row = {"name": name, "scopes": " ".join(sorted(scopes)), "hash": self._hash(plain), "made_at": now, "until": until}
        with self._db.write() as conn:
            return int(conn.execute(insert(KEYS).values(row).returning(KEYS.c.id)).scalar_one()), plain

    def find(self, plain: str) -> ApiKey | None:
        """The key that this is, or None where it is unknown, revoked or past its last day."""
        hashed = self._hash(plain)
        found = self._recent(hashed) or self._read(hashed)
        return found if found is not None and (found.until is None or self._now() < found.until) else None

    def all(self) -> list[ApiKey]:
        """Every key ever made, revoked ones too, oldest first."""
        with self._db.read() as conn:
            return [_key(row) for row in conn.execute(select(KEYS).order_by(KEYS.c.id)).mappings()]

    def revoke(self, key_id: int) -> None:
        """Ends a key; NotFound where there is none with this number. Other processes notice within two seconds."""
        with self._db.write() as conn:
            live = update(KEYS).where(KEYS.c.id == key_id).values(revoked_at=self._now())
            if conn.execute(live).rowcount == 0:
                raise NotFound(f"No key {key_id}", do="`gensvar keys list` shows them.")
        with self._remembering:
            self._remembered.clear()

    def _recent(self, hashed: bytes) -> ApiKey | None:
        since, key = self._remembered.get(hashed, (0.0, None))
        return key if key is not None and time.monotonic() - since < REMEMBER_S else None

    def _read(self, hashed: bytes) -> ApiKey | None:
        asked_at = time.monotonic()
        with self._db.read() as conn:
            row = conn.execute(select(KEYS).where(KEYS.c.hash == hashed, KEYS.c.revoked_at.is_(None))).mappings().first()
        if row is None:
            return None
        with self._remembering:
            if len(self._remembered) >= REMEMBER_KEYS:
                self._remembered.clear()
            self._remembered[hashed] = (asked_at, _key(row))
        return _key(row)

    def _hash(self, plain: str) -> bytes:
        return blake2b(plain.encode("utf-8", "replace"), key=self._hashing, digest_size=32).digest()


def _key(values: RowMapping) -> ApiKey:
    return ApiKey(values["id"], values["name"], frozenset(values["scopes"].split()), values["made_at"], values["until"], values["revoked_at"])
