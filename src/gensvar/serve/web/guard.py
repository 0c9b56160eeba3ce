"""The pages' guard: security headers in one place, and no form that another site has sent."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from secrets import token_bytes
from typing import Any
from urllib.parse import urlsplit

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from gensvar.kit.errors import NotAllowed
from gensvar.kit.ids import same_secret

COOKIE = "gensvar_form"
FIELD = "token"
POLICY = "; ".join(
    (
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "font-src 'self'", "img-src 'self'", "connect-src 'self'",
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
    """Form tokens made from one secret: pages of several processes share it, or each process has its own."""

    secret: bytes = field(default_factory=lambda: token_bytes(32), repr=False)

    @property
    def token(self) -> str:
        return hmac.new(self.secret, b"gensvar form", sha256).hexdigest()

    def check(self, form: Mapping[str, Any], cookies: Mapping[str, str]) -> None:
        """NotAllowed unless both the form and the browser's cookie carry the token."""
        if not all(same_secret(str(given), self.token) for given in (form.get(FIELD, ""), cookies.get(COOKIE, ""))):
            raise NotAllowed("This form is older than the program that reads it", do="Go back, load the page again, and send it once more.")


def from_this_site(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """NotAllowed for a form that the browser says another site has sent, or that says nothing of where it comes from."""
    site, origin = connection.headers.get("sec-fetch-site"), connection.headers.get("origin")
    same = urlsplit(origin).netloc == connection.headers.get("host") if origin and origin != "null" else site is not None
    if site not in {None, "same-origin"} or not same:
        raise NotAllowed("Another site has sent this form", do="Open the page here and send it from there.")
