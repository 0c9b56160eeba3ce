"""Tokens: 256 random bits that are handed out once and kept as a keyed hash; and what was found by them a moment ago."""

import secrets
import threading
import time
from collections.abc import Callable
from hashlib import blake2b
from typing import Generic, TypeVar

from gensvar.ledger.seal import derived

BYTES = 32
V = TypeVar("V")


class Tokens:
    """Tokens of one purpose. The hash says nothing to those without the secret, and one made for another purpose has another hash."""

    def __init__(self, secret: bytes, purpose: str) -> None:
        self._key = derived(secret, purpose)

    def new(self) -> str:
        """A token that has never been before, in letters that an address and a cookie take: A–Z, a–z, 0–9, - and _."""
        return secrets.token_urlsafe(BYTES)

    def hash(self, plain: str) -> bytes:
        """32 bytes that stand for this text; any text has them."""
        return blake2b(plain.encode("utf-8", "replace"), key=self._key, digest_size=32).digest()


class Lately(Generic[V]):
    """What was found by its hash within the last seconds, so that a stream of requests does not ask the database each time."""

    def __init__(self, seconds: float, most: int) -> None:
        self.seconds, self._most = seconds, most
        self._found: dict[bytes, tuple[float, V]] = {}
        self._clearings = 0
        self._changing = threading.Lock()

    def __len__(self) -> int:
        return len(self._found)

    def get(self, hashed: bytes) -> V | None:
        """What was found, or None where that is longer ago."""
        found = self._found.get(hashed)
        return found[1] if found is not None and time.monotonic() - found[0] < self.seconds else None

    def ask(self, hashed: bytes, read: Callable[[], V | None]) -> V | None:
        """What `read` finds, remembered from the moment at which it was asked; not where something was ended meanwhile."""
        asked_at, clearings = time.monotonic(), self._clearings
        found = read()
        if found is None:
            return None
        with self._changing:
            if clearings != self._clearings:
                return found
            if len(self._found) >= self._most:
                self._found.clear()
            self._found[hashed] = (asked_at, found)
        return found

    def clear(self) -> None:
        """Forgets everything, since something was ended."""
        with self._changing:
            self._clearings += 1
            self._found.clear()
