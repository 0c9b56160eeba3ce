"""Who reads: her language, time zone and form token, from the request and from what she has chosen for herself."""

import re
from dataclasses import dataclass
from secrets import token_hex
from typing import Any

from babel.core import negotiate_locale
from litestar import Request

from gensvar.kit.rights import Right
from gensvar.serve.access import Caller
from gensvar.serve.web import guard
from gensvar.serve.web.guard import Forms
from gensvar.serve.web.words import LANGUAGES, Words

COOKIE = "gensvar_language"
NAME = re.compile(r"[0-9a-f]{32}")
ALIASES = {"no": "nb", "nn": "nb"}


@dataclass(frozen=True, slots=True)
class Reader:
    """chosen: she asked for this language just now, so that it should be remembered. bound_to: the session, or the visitor before it.

    new: the visitor has just been given this name, so that her browser must be told. rights: what she may do, for what a page offers her.
    name: what she is called, where she has signed in.
    """

    language: str
    zone: str
    forms: Forms
    bound_to: str = ""
    new: bool = False
    chosen: bool = False
    rights: frozenset[Right] = frozenset()
    name: str = ""

    @property
    def words(self) -> Words:
        return Words(self.language)

    @property
    def token(self) -> str:
        """A form token of hers, masked anew each time."""
        return self.forms.token(self.bound_to)

    def may(self, right: Right) -> bool:
        return right in self.rights


def reader_of(request: Request[Any, Any, Any], caller: Caller, default: str, zone: str, forms: Forms, *, secure: bool = False) -> Reader:
    """For the language, the address decides, then the cookie, then what the member chose, then what the browser prefers, then the setting."""
    asked = request.query_params.get("lang", "")
    member, known = caller.member, request.cookies.get(guard.named(guard.COOKIE, secure=secure), "")
    kept = request.cookies.get(guard.named(COOKIE, secure=secure), "") or (member.language if member else "")
    language = kept if kept in LANGUAGES else preferred(request.headers.get("accept-language", ""), default)
    new = caller.session is None and not NAME.fullmatch(known)
    bound_to = caller.session.hash.hex() if caller.session else (token_hex(16) if new else known)
    chosen = asked in LANGUAGES
    name = (member.name or member.email) if member else ""
    return Reader(asked if chosen else language, (member.zone if member else "") or zone, forms, bound_to, new, chosen, caller.rights, name)


def preferred(header: str, default: str) -> str:
    """The first of the five that the Accept-Language header would take.

    >>> preferred("no-NO,no;q=0.9,en;q=0.5", "sv")
    'nb'
    """
    wanted = sorted((_weighted(part) for part in header.split(",") if part.strip()), key=lambda w: -w[1])
    tags = [ALIASES.get(tag.split("-")[0].lower(), tag.split("-")[0].lower()) for tag, weight in wanted if weight > 0]
    return negotiate_locale(tags, list(LANGUAGES)) or default


def _weighted(part: str) -> tuple[str, float]:
    tag, _, rest = part.strip().partition(";")
    try:
        return tag.strip(), float(rest.strip().removeprefix("q=") or 1)
    except ValueError:
        return tag.strip(), 0.0
