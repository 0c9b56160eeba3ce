"""The envelope: the outermost layer. What every answer carries, by which names the house may be asked for, how much one reader may ask at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import msgspec
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from gensvar.kit.errors import GensvarError, NotAllowed
from gensvar.kit.settings import LOOPBACK, Settings
from gensvar.serve.access import cookie_name, cookie_of
from gensvar.serve.api.problems import PROBLEM, headers_of, problem_of
from gensvar.serve.turns import Turns

Header = tuple[bytes, bytes]
TWO_YEARS_S = 63_072_000
DATA_POLICY = b"default-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
ALWAYS: tuple[Header, ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", DATA_POLICY),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cache-control", b"no-store"),
)
"""For an answer that says nothing of these itself: it is data, which no browser shows, frames, keeps or lends to another site."""
BY_TLS: Header = (b"strict-transport-security", b"max-age=%d; includeSubDomains" % TWO_YEARS_S)
ANY_NAME = ("/health/",)
ENTRANCES = ("/login", "/welcome/")
NO_TURN = ("/static/", "/live", "/health/", "/v1/feedback", "/v1/events")
"""Made once, limited by themselves, or what a supervisor must always hear."""
AT_ONCE, WAITING = 6, 100


@dataclass(frozen=True, slots=True)
class Names:
    """The names by which browsers may ask. ours: without port, in small letters; None: any, since nobody has said by which names it is reached."""

    ours: frozenset[str] | None

    def refused(self, headers: Mapping[bytes, bytes], path: str) -> str:
        """The strange name that this request came by; '' where it may pass: supervisors and whoever sends a key ask by any name.

        A page elsewhere can make its own name point to this machine, and its visitor's browser would then take us for that page's server
        (DNS rebinding). A key is never sent by a browser of its own accord.
        """
        if self.ours is None or b"authorization" in headers or b"host" not in headers or path.startswith(ANY_NAME):
            return ""
        host = headers[b"host"].decode("latin-1")
        return "" if without_port(host) in self.ours else host


def names_of(settings: Settings) -> Names:
    """This machine's own names, and that of `public_url`; any name where the server listens to others and `public_url` is not set."""
    if not settings.public_url and not settings.on_this_machine_only:
        return Names(None)
    public = urlsplit(settings.public_url).hostname or ""
    return Names(frozenset({*LOOPBACK, public.lower()} - {""}))


def without_port(host: str) -> str:
    """The name in a Host header.

    >>> without_port("Example.org:8460"), without_port("[::1]:80"), without_port("::1")
    ('example.org', '::1', '::1')
    """
    name = host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0] if host.count(":") == 1 else host
    return name.lower().rstrip(".")


def reader_of(headers: Mapping[bytes, bytes], path: str, cookie: str) -> bytes | None:
    """Whose turn a request takes: of whoever holds this key or session; of all who show nothing, one for all. None where it takes no turn.

    Whoever is on her way in counts among those who show nothing, whatever she shows: checking a password costs 64 MiB.
    """
    if path.startswith(NO_TURN):
        return None
    if path.startswith(ENTRANCES):
        return b""
    shown = headers.get(b"authorization", b"")
    return shown or cookie_of(headers.get(b"cookie", b"").decode("latin-1"), cookie).encode()


def enveloped(app: ASGIApp, settings: Settings, turns: Turns | None = None) -> ASGIApp:
    """The application in its envelope."""
    names, by_tls, cookie = names_of(settings), settings.public_url.startswith("https://"), cookie_name(settings)
    more = (*ALWAYS, BY_TLS) if by_tls else ALWAYS
    line = Turns(AT_ONCE, WAITING) if turns is None else turns

    async def way(scope: Scope, receive: Receive, send: Send) -> None:
        plain: Any = scope
        if plain["type"] != "http":
            return await app(scope, receive, send)

        async def sealed(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = carried(list(message["headers"]), more, by_tls=by_tls)
            await send(message)

        headers: Mapping[bytes, bytes] = dict(plain["headers"])
        if strange := names.refused(headers, plain["path"]):
            return await _refused(_misdirected(strange), plain["path"], sealed)
        whose = reader_of(headers, plain["path"], cookie)
        if whose is None:
            return await app(scope, receive, sealed)
        if flood := line.full(whose):
            return await _refused(flood, plain["path"], sealed)
        async with line.turn(whose):
            return await app(scope, receive, sealed)

    return way


def carried(headers: list[Header], more: tuple[Header, ...], *, by_tls: bool) -> list[Header]:
    """The headers with those that are missing. by_tls: people come by TLS, so that no cookie may travel without."""
    there = {name.lower() for name, _ in headers}
    kept = [(name, _secure(value)) if by_tls and name.lower() == b"set-cookie" else (name, value) for name, value in headers]
    return kept + [one for one in more if one[0] not in there]


def _secure(cookie: bytes) -> bytes:
    return cookie if b"; secure" in cookie.lower() else cookie + b"; Secure"


def _misdirected(host: str) -> NotAllowed:
    """421 would have browsers try again elsewhere by themselves; 403 says it to whoever set the server up."""
    return NotAllowed(
        f"This server was asked for as {host[:100]!r}, which is not its name",
        do="Open it as 127.0.0.1 or localhost; for another name, set public_url to the address at which people reach it.",
    )


async def _refused(told: GensvarError, path: str, send: Send) -> None:
    body = msgspec.json.encode(problem_of(told, path))
    said = {"content-type": PROBLEM, "content-length": str(len(body)), **headers_of(told)}
    await send({"type": "http.response.start", "status": told.status, "headers": [(k.encode(), v.encode()) for k, v in said.items()]})
    await send({"type": "http.response.body", "body": body, "more_body": False})
