"""Who reads: her language, time zone and form token, found from the request alone."""

from dataclasses import dataclass
from typing import Any

from babel.core import negotiate_locale
from litestar import Request

from gensvar.serve.web.words import LANGUAGES, Words

COOKIE = "gensvar_language"
ALIASES = {"no": "nb", "nn": "nb"}


@dataclass(frozen=True, slots=True)
class Reader:
    """chosen: she asked for this language just now, so that it should be remembered."""

    language: str
    zone: str
    token: str
    chosen: bool = False

    @property
    def words(self) -> Words:
        return Words(self.language)


def reader_of(request: Request[Any, Any, Any], default: str, zone: str, token: str) -> Reader:
    """The address decides, then the cookie, then what the browser prefers, then the setting."""
    asked = request.query_params.get("lang", "")
    if asked in LANGUAGES:
        return Reader(asked, zone, token, chosen=True)
    kept = request.cookies.get(COOKIE, "")
    return Reader(kept if kept in LANGUAGES else preferred(request.headers.get("accept-language", ""), default), zone, token)


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
