"""E-mail addresses, secrets in links, IP addresses, and user names where somebody gives her own."""

import re
from collections.abc import Iterator
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import Final

from gensvar.text.redact.kinds import Span

MAIL: Final = re.compile(r"(?<![\w.+%-])[\w.+%'-]{1,64}@(?:[\w-]{1,63}\.)+[^\W\d_][\w-]{1,62}")
LINK: Final = re.compile(r"(?:https?://|www\.)[^\s<>\"]+", re.IGNORECASE)
LINK_SECRET: Final = re.compile(r"[?#;&].*|(?<=/)[\w\-]{20,}(?=/|$)", re.DOTALL)
IP4: Final = re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w]|\.\d)")
IP6: Final = re.compile(r"(?<![\w:.])(?:[0-9a-fA-F]{1,4}:{1,2}){2,7}[0-9a-fA-F]{0,4}(?![\w:])")
IP_SAID: Final = re.compile(r"\bip\b", re.IGNORECASE)
VERSION: Final = re.compile(
    r"(?:versi\w*|ver|v|build|release|firmware|update\w*|uppdatering\w*|oppdatering\w*|opdatering\w*|päivity\w*|ios|android|app\w*|windows|driver)[\s.:]*$",
    re.IGNORECASE,
)
_SITE: Final = r"(?:insta(?:gram)?|twitter|tiktok|snap(?:chat)?|facebook|fb|threads|linkedin|youtube|twitch|discord|telegram)"
_USER: Final = (
    r"(?:user ?name|user ?id|login|användarnamn(?:et)?|inloggning|brukernavn(?:et)?|brugernavn(?:et)?|käyttäjätunnus|käyttäjänimi|benutzername|"
    r"nom d['’]utilisateur|identifiant|gebruikersnaam|usuario|nombre de usuario|utilizador|usuário|nick(?:name)?)"
)
_IS: Final = r"(?:\w{0,3}\b)?(?:\s+(?:mitt|min|mit|my|mein|mijn))?\s*(?:\b(?:är|er|is|on|ist|est|es|é|heter|hedder)\b|[:=])\s*"
USER_LIKE: Final = re.compile(r"[@_\d]")
SIGNED_UP: Final = re.compile(
    "insta|twitter|tiktok|snap|facebook|fb|threads|linkedin|youtube|twitch|discord|telegram|user|login|inlogg|använd|bruker|bruger|käyttäj|benutzer|"
    "utilis|identif|gebruiker|usu|utiliz|nick"
)
HANDLE: Final = re.compile(rf"\b{_SITE}{_IS}(@[\w.]{{2,40}}\w|[\w.]*[\d_][\w.]*\w)", re.IGNORECASE)
USER: Final = re.compile(rf"\b{_USER}{_IS}[\"'“”]?(@[\w.\-]{{2,40}}\w|(?=[\w.\-]*[\d_])[\w.\-]{{2,40}}\w)", re.IGNORECASE)


def mails(text: str) -> Iterator[Span]:
    if "@" in text:
        yield from (Span(m.start(), m.end(), "mail") for m in MAIL.finditer(text))


def links(text: str) -> Iterator[Span]:
    """The query of each link, and parts of its path that look like keys; where it leads stays."""
    if "://" not in text and "www." not in text.lower():
        return
    for found in LINK.finditer(text):
        bare = found[0].rstrip(".,;:!)")
        yield from (Span(found.start() + m.start(), found.start() + m.end(), "link") for m in LINK_SECRET.finditer(bare))


def ips(text: str) -> Iterator[Span]:
    if text.count(".") >= 3:
        yield from (Span(m.start(), m.end(), "ip") for m in IP4.finditer(text) if _is_ip4(text, m))
    if text.count(":") >= 2:
        yield from (Span(m.start(), m.end(), "ip") for m in IP6.finditer(text) if _is_ip6(m[0]))


def _is_ip4(text: str, found: re.Match[str]) -> bool:
    try:
        IPv4Address(found[0])
    except AddressValueError:
        return False
    before = text[max(0, found.start() - 24) : found.start()]
    small = all(len(part) == 1 for part in found[0].split("."))
    return not VERSION.search(before) and (not small or IP_SAID.search(before) is not None)


def _is_ip6(said: str) -> bool:
    try:
        IPv6Address(said)
    except AddressValueError:
        return False
    return sum(bool(part) for part in said.split(":")) >= 3


def users(text: str, low: str) -> Iterator[Span]:
    """A user name that its owner calls hers. A handle that a text speaks to is a company's more often than not, and stays."""
    if not USER_LIKE.search(text) or not SIGNED_UP.search(low):
        return
    for pattern in (HANDLE, USER):
        yield from (Span(m.start(1), m.end(1), "user") for m in pattern.finditer(text))
