"""The entrance: how a browser is let in and out, and what it may be told to go to. Shared by the pages that let somebody in."""

import re
from datetime import timedelta
from ipaddress import ip_address, ip_network
from typing import Any
from urllib.parse import quote, urlsplit

from litestar import Response
from litestar.datastructures import Cookie

from gensvar.kit.errors import Unavailable
from gensvar.kit.settings import Settings
from gensvar.ledger import Member
from gensvar.serve.access import cookie_name, cookie_of
from gensvar.serve.people.ways import SECOND_LASTS, SSO_LASTS, Ways
from gensvar.serve.web.visit import Visit, go

SECOND, SSO = "gensvar_second", "gensvar_sso"
LASTS: dict[str, timedelta] = {SECOND: SECOND_LASTS, SSO: SSO_LASTS}
LONGEST_PATH = 2000
NEVER = re.compile(r"[\x00-\x20\x7f\\]")
NOT_THERE = ("/login", "/logout", "/welcome", "/static/")
BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrom", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"), ("Linux", "Linux"))


def ways(visit: Visit) -> Ways:
    """The ways into the house that is visited."""
    if visit.pages.ways is None:
        raise Unavailable("These pages stand without a house")
    return visit.pages.ways


def own_path(address: str) -> str:
    """The address where it is a page of this house to come back to; '' for another site's, and for anything that a browser could take for one.

    >>> own_path("/measures?by=market"), own_path("//evil.example"), own_path("/\\\\evil.example"), own_path("https://evil.example")
    ('/measures?by=market', '', '', '')
    """
    if not address.startswith("/") or len(address) > LONGEST_PATH or NEVER.search(address) or address.startswith(("//", *NOT_THERE)):
        return ""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return "" if parts.scheme or parts.netloc else quote(address, safe="/?&=%+,;:@!$'()*~-._[]")


def base_of(visit: Visit) -> str:
    """The address at which people reach this house, without a slash at its end."""
    return visit.house.settings.public_url or str(visit.request.base_url).rstrip("/")


def let_in(visit: Visit, member: Member, how: str, next_: str = "") -> Response[Any]:
    """On to where she wanted to go, with a session that is new: one that came with the request ends."""
    if visit.caller.session is not None:
        visit.house.ledger.sessions.end_hash(visit.caller.session.hash)
    token = ways(visit).come_in(member, how, browser_of(visit.request.headers.get("user-agent", "")))
    away = [gone(visit, name) for name in (SECOND, SSO) if visit.request.cookies.get(_named(visit, name))]
    return with_cookies(going(own_path(next_) or "/"), session_cookie(visit, token), *away)


def first_half(visit: Visit, member: Member, how: str, next_: str = "") -> Response[Any]:
    """In, where a password is all that she has; on to the second factor otherwise."""
    if not member.has_totp:
        return let_in(visit, member, how, next_)
    return with_cookies(go("/login/second", next=own_path(next_)), kept(visit, SECOND, ways(visit).half(member)))


def going(address: str) -> Response[Any]:
    """See other, with the address as it is."""
    response = go("/")
    response.headers["Location"] = address
    return response


def session_cookie(visit: Visit, token: str) -> Cookie:
    """For this browser alone, until it is closed; no script reads it, and no other site's form carries it."""
    return _cookie(cookie_name(visit.house.settings), token, visit.house.settings)


def session_token(visit: Visit) -> str:
    """The token that this request came with."""
    return cookie_of(visit.request.headers.get("cookie", ""), cookie_name(visit.house.settings))


def kept(visit: Visit, name: str, value: str) -> Cookie:
    """A sealed value for between two steps of signing in."""
    return _cookie(_named(visit, name), value, visit.house.settings, int(LASTS[name].total_seconds()))


def held(visit: Visit, name: str) -> str:
    """What was kept under this name; '' where nothing was."""
    return visit.request.cookies.get(_named(visit, name)) or ""


def gone(visit: Visit, name: str) -> Cookie:
    """The cookie is forgotten."""
    return _cookie(_named(visit, name), "", visit.house.settings, 0)


def no_session(visit: Visit) -> Cookie:
    return _cookie(cookie_name(visit.house.settings), "", visit.house.settings, 0)


def with_cookies(response: Response[Any], *cookies: Cookie) -> Response[Any]:
    response.cookies.extend(cookies)
    return response


def unstored(response: Response[Any]) -> Response[Any]:
    """Neither this browser nor anything between keeps what is shown once."""
    response.headers["Cache-Control"] = "no-store"
    return response


def _named(visit: Visit, name: str) -> str:
    return f"__Host-{name}" if visit.house.settings.public_url.startswith("https://") else name


def _cookie(name: str, value: str, settings: Settings, seconds: int | None = None) -> Cookie:
    secure = settings.public_url.startswith("https://")
    return Cookie(key=name, value=value, path="/", max_age=seconds, httponly=True, secure=secure, samesite="lax")


def client_address(visit: Visit) -> str:
    """Where the request came from: what the nearest proxy that the settings trust says, else the other end of the connection."""
    peer = visit.request.client.host if visit.request.client else ""
    trusted = [ip_network(part.strip()) for part in visit.house.settings.proxies.split(",") if part.strip()]
    said = [part.strip() for part in visit.request.headers.get("x-forwarded-for", "").split(",") if part.strip()]
    while said and any(_within(peer, network) for network in trusted):
        peer = said.pop()
    return peer


def _within(address: str, network: Any) -> bool:
    try:
        return ip_address(address) in network
    except ValueError:
        return False


def browser_of(agent: str) -> str:
    """What a person calls it: Firefox, Linux. Nothing finer is kept.

    >>> browser_of("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
    'Firefox, Linux'
    """
    found = [next((name for sign, name in known if sign in agent), "") for known in (BROWSERS, SYSTEMS)]
    return ", ".join(part for part in found if part)
