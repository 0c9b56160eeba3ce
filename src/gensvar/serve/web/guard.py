"""The pages' guard: security headers in one place, and no form that another site has sent."""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from secrets import token_bytes
from typing import Any

from gensvar.kit.errors import NotAllowed

COOKIE = "gensvar_form"
FIELD = "token"
LENGTH = 32
TOKEN = re.compile(r"[0-9a-f]{128}")
POLICY = "; ".join(
    (
        "default-src 'none'", "object-src 'none'", "script-src 'self'", "style-src 'self'", "font-src 'self'", "img-src 'self'", "connect-src 'self'",
        "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
    )
)  # fmt: skip
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


@dataclass(frozen=True, slots=True)
class Forms:
    """Form tokens made from one secret: pages of several processes share it, or each process has its own.

    A token belongs to one session, or to one visitor before she has signed in. It is masked anew each time that it is written, so that how well a
    page packs tells nothing of it (BREACH).
    """

    secret: bytes = field(default_factory=lambda: token_bytes(LENGTH), repr=False)

    def token(self, bound_to: str) -> str:
        """A token for this session or visitor."""
        mask = token_bytes(LENGTH)
        return (mask + _xor(mask, self._plain(bound_to))).hex()

    def check(self, form: Mapping[str, Any], bound_to: str) -> None:
        """NotAllowed unless the form carries a token of this session or visitor."""
        given = str(form.get(FIELD, ""))
        raw = bytes.fromhex(given) if TOKEN.fullmatch(given) else bytes(2 * LENGTH)
        if not bound_to or not hmac.compare_digest(_xor(raw[:LENGTH], raw[LENGTH:]), self._plain(bound_to)):
            raise NotAllowed(
                "This form is older than your session, or than the program that reads it", do="Go back, load the page again, and send it once more."
            )

    def _plain(self, bound_to: str) -> bytes:
        return hmac.new(self.secret, b"gensvar form " + bound_to.encode(), sha256).digest()


def named(cookie: str, *, secure: bool) -> str:
    """What a cookie is called where people come by TLS: with the prefix that binds it to this host, so that no neighbour can plant one."""
    return f"__Host-{cookie}" if secure else cookie


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))
