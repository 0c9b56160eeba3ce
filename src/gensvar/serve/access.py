"""Who is asking, and what may they see: the only place that makes a caller. An API key, a signed-in member, or this machine's owner by a token."""

import secrets
import time
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from gensvar.kit.errors import NotAllowed, TooMany, Unauthenticated
from gensvar.kit.ids import same_secret
from gensvar.kit.rights import EVERY, KEY_RIGHTS, RIGHTS, Right, role_of
from gensvar.kit.scope import Scope, whole
from gensvar.kit.settings import Settings
from gensvar.ledger import ApiKey, Ledger, Member, Session
from gensvar.serve.seen import Seen

KEY_MEMORY_S, MEMBER_MEMORY_S = 5.0, 2.0
REMEMBERED = 10_000
COOKIE, SECURE_COOKIE = "gensvar", "__Host-gensvar"
BY_ITSELF = "gensvar-by-itself"  # sent by an open page that keeps itself up to date: nobody has asked for anything


@dataclass(frozen=True, slots=True)
class Caller:
    """who: for the audit; rights, scope: what may be done and seen; key_id: the API key; member, session: who is signed in; owner: by the token."""

    who: str
    rights: frozenset[Right]
    scope: Scope
    key_id: int | None = None
    member: Member | None = None
    session: Session | None = None
    owner: bool = False

    def may(self, right: Right) -> bool:
        """Whether this right is among the caller's."""
        return right in self.rights

    def must(self, right: Right) -> None:
        """NotAllowed where the right is missing, in words that tell whom to ask."""
        if not self.may(right):
            raise NotAllowed(f"{self.who} may not {RIGHTS[right]}", do="An administrator can give this right, on the People page.")

    @property
    def seen_as(self) -> Hashable:
        """Two callers with the same value see the same pages."""
        return self.scope, self.rights


NOBODY = Caller("nobody", frozenset({"open"}), Scope({"audience": frozenset()}, free_text=False))


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
    """Checks each request. What was found is remembered for some seconds, so that a revoked key or an ended session stops within them."""

    settings: Settings
    ledger: Ledger
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    monotonic: Callable[[], float] = time.monotonic
    seen: Seen | None = None
    _keys: dict[str, tuple[float, ApiKey | None]] = field(default_factory=dict)
    _members: dict[int, tuple[float, Member]] = field(default_factory=dict)
    _buckets: dict[int, Bucket] = field(default_factory=dict)

    def verify(self, headers: Mapping[str, str], needs: Right, *, changes: bool, by_cookie: bool = True, path: str = "") -> Caller:
        """The caller, or Unauthenticated / NotAllowed. changes: the request would change something, so a browser must come from our own page.

        by_cookie: whether a signed-in browser counts; where it does not, only a key or the owner's token does. path: what was asked for.
        """
        caller = self.find(headers, by_cookie=by_cookie) or NOBODY
        if needs == "open":
            return caller
        if caller is NOBODY:
            raise Unauthenticated(
                "Nobody is signed in, and no API key was sent",
                do="Sign in, or send a key as 'Authorization: Bearer …'; `gensvar keys create` makes one.",
            )
        if not caller.may(needs):
            self.note(caller, "refuse", path, {"needs": needs})
        caller.must(needs)
        if changes and caller.session is not None:
            from_our_own_page(headers)
        return caller

    def note(self, caller: Caller, did: str, path: str, detail: Mapping[str, str]) -> None:
        """Writes down what the caller saw, or was refused, where somebody keeps the book."""
        if self.seen is not None:
            self.seen.note(caller.who, did, path, detail)

    def find(self, headers: Mapping[str, str], *, by_cookie: bool = True) -> Caller | None:
        """Who this is; None where nothing was shown. Unauthenticated where a key was shown that does not hold."""
        given = headers.get("authorization", "")
        if given.startswith("Bearer "):
            return self._with_key(given.removeprefix("Bearer ").strip())
        token = cookie_of(headers.get("cookie", ""), cookie_name(self.settings)) if by_cookie else ""
        idle = timedelta(hours=self.settings.session_idle_hours)
        session = self.ledger.sessions.find(token, idle, used=BY_ITSELF not in headers) if token else None
        return self._signed_in(session) if session is not None else None

    def _with_key(self, plain: str) -> Caller:
        if same_secret(plain, self.token):
            return Caller("the owner of the data folder", EVERY - {"member"}, whole(), owner=True)
        key = self._key(plain)
        if key is None:
            raise Unauthenticated("This API key is unknown, revoked or expired", do="`gensvar keys list` shows those in force.")
        rights = frozenset[Right]().union(*(KEY_RIGHTS[kind] for kind in key.scopes))
        return Caller(f"key {key.name}", rights, Scope.of(key.scope), key_id=key.id)

    def _key(self, plain: str) -> ApiKey | None:
        now = self.monotonic()
        known = self._keys.get(plain)
        if known is None or now - known[0] > KEY_MEMORY_S:
            if len(self._keys) >= REMEMBERED:
                self._keys.clear()
            known = self._keys[plain] = (now, self.ledger.keys.find(plain))
        return known[1]

    def _signed_in(self, session: Session) -> Caller | None:
        member = self._member(session.member)
        if member.disabled_at is not None:
            return None
        return Caller(member.email, role_of(member.role).rights, Scope.of(member.scope), member=member, session=session)

    def _member(self, number: int) -> Member:
        now = self.monotonic()
        known = self._members.get(number)
        if known is None or now - known[0] > MEMBER_MEMORY_S:
            if len(self._members) >= REMEMBERED:
                self._members.clear()
            known = self._members[number] = (now, self.ledger.members.get(number))
        return known[1]

    def forget(self, member: int) -> None:
        """What is known of a member is asked for again: she, or what she may do, has just been changed."""
        self._members.pop(member, None)

    def spend(self, caller: Caller, n: int) -> None:
        """Counts n signals against the caller's rate; TooMany, with the seconds to wait, when it is spent."""
        bucket = self._buckets.setdefault(caller.key_id or 0, Bucket(self.settings.rate, float(self.settings.rate), self.monotonic()))
        wait = bucket.take(n, self.monotonic())
        if wait:
            raise TooMany(f"More than {self.settings.rate:,} signals in a second", where=caller.who, do=f"Try again in {max(1, round(wait))} s.")


def cookie_name(settings: Settings) -> str:
    """What the session's cookie is called: with the prefix that browsers bind to this host, wherever pages are reached by TLS."""
    return SECURE_COOKIE if settings.public_url.startswith("https://") else COOKIE


def cookie_of(header: str, name: str) -> str:
    """One cookie's value in a Cookie header; empty where it is not there.

    >>> cookie_of("a=1; gensvar=xyz", "gensvar")
    'xyz'
    """
    pairs = (part.strip().partition("=") for part in header.split(";"))
    return next((value.strip('"') for key, _, value in pairs if key == name), "")


def from_our_own_page(headers: Mapping[str, str]) -> None:
    """NotAllowed for a request that the browser says another site made it send, or that says nothing of where it comes from."""
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    same = origin.split("://", 1)[-1] == headers.get("host") if origin and origin != "null" else site is not None and origin is None
    if site not in {None, "same-origin"} or not same:
        raise NotAllowed("Another site has sent this", do="Open the page here and send it from there.")
