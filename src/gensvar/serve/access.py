"""Who is asking, and what may they see: the only place that makes a caller. An API key, the token of this machine's owner, or this machine itself."""

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from gensvar.kit.errors import NotAllowed, TooMany, Unauthenticated
from gensvar.kit.ids import same_secret
from gensvar.kit.scope import Scope, whole
from gensvar.kit.settings import LOOPBACK, Settings
from gensvar.ledger import ApiKey, Ledger

Right = Literal["ingest", "read", "admin"]
KEY_MEMORY_S = 5.0
KEYS_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Caller:
    """who: for the audit; key_id: the API key, or None for this machine's owner; scope: what may be seen."""

    who: str
    key_id: int | None
    scope: Scope


@dataclass(slots=True)
class Bucket:
    """A token bucket: `rate` signals a second, one second's worth saved up."""

    rate: int
    left: float
    at: float

    def take(self, n: int, now: float) -> float:
        """Seconds to wait before n more may come; 0 when they may come now."""
        self.left = min(float(self.rate), self.left + (now - self.at) * self.rate)
        self.at = now
        if n <= self.left or self.left >= self.rate:
            self.left -= n
            return 0.0
        return (n - self.left) / self.rate


@dataclass(slots=True)
class Access:
    """Checks each request. Keys found are remembered for some seconds, so that a revoked key stops within them."""

    settings: Settings
    ledger: Ledger
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    monotonic: Callable[[], float] = time.monotonic
    _known: dict[str, tuple[float, ApiKey | None]] = field(default_factory=dict)
    _buckets: dict[int, Bucket] = field(default_factory=dict)

    def verify(self, headers: Mapping[str, str], needs: Right, *, changes: bool) -> Caller:
        """The caller, or Unauthenticated / NotAllowed. changes: the request would change something, so a browser must come from our own page."""
        given = headers.get("authorization", "")
        if given.startswith("Bearer "):
            return self._with_key(given.removeprefix("Bearer ").strip(), needs)
        if needs == "ingest" or not self.settings.on_this_machine_only:
            raise Unauthenticated("This needs an API key", do="Send it as 'Authorization: Bearer …'; `gensvar keys create` makes one.")
        self._from_this_machine(headers, changes=changes)
        return Caller("this machine", None, whole())

    def _with_key(self, plain: str, needs: Right) -> Caller:
        if same_secret(plain, self.token):
            return Caller("the owner of the data folder", None, whole())
        key = self._find(plain)
        if key is None:
            raise Unauthenticated("This API key is unknown, revoked or expired", do="`gensvar keys list` shows those in force.")
        if needs not in key.scopes and "admin" not in key.scopes:
            raise NotAllowed(f"The key {key.name!r} may {' and '.join(sorted(key.scopes))}, and this needs {needs}", do="Use a key with that right.")
        return Caller(f"key {key.name}", key.id, whole())

    def _find(self, plain: str) -> ApiKey | None:
        now = self.monotonic()
        known = self._known.get(plain)
        if known is None or now - known[0] > KEY_MEMORY_S:
            if len(self._known) >= KEYS_REMEMBERED:
                self._known.clear()
            known = self._known[plain] = (now, self.ledger.keys.find(plain))
        return known[1]

    def _from_this_machine(self, headers: Mapping[str, str], *, changes: bool) -> None:
        """A page elsewhere cannot make this machine's browser ask on its behalf: neither by a name that points here, nor across sites."""
        host = headers.get("host", "").rsplit(":", 1)[0].strip("[]")
        if host not in LOOPBACK:
            raise NotAllowed(f"Asked for as {host!r}, which is not a name of this machine", do="Open it as 127.0.0.1 or localhost.")
        origin = headers.get("origin")
        if changes and headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
            raise NotAllowed("Another site asked for this", do="Do it from Gensvar's own page.")
        if changes and origin is not None and origin.split("://", 1)[-1] != headers.get("host", ""):
            raise NotAllowed(f"A page from {origin} asked for this", do="Do it from Gensvar's own page.")

    def spend(self, caller: Caller, n: int) -> None:
        """Counts n signals against the caller's rate; TooMany, with the seconds to wait, when it is spent."""
        bucket = self._buckets.setdefault(caller.key_id or 0, Bucket(self.settings.rate, float(self.settings.rate), self.monotonic()))
        wait = bucket.take(n, self.monotonic())
        if wait:
            raise TooMany(f"More than {self.settings.rate:,} signals in a second", where=caller.who, do=f"Try again in {max(1, round(wait))} s.")
