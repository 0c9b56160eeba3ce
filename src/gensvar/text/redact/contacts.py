"""E-mail addresses, secrets in links, IP addresses, and user names where somebody gives her own."""

import re
from collections.abc import Iterator
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import Final

from gensvar.text.redact.kinds import Span

MAIL: Final = re.compile(r"(?<![\w.+%-])[\w.+%'-]{1,64}@(?:[\w-]{1,63}\.)+[^\W\d_][\w-]{1,62}")
_LOCAL: Final = r"(?<![\w.+%-])[\w.+%'-]{1,64}"
_DOT: Final = r"(?:dot|punkt|prikk|prick|piste|punt|punto|ponto|point)"
_PARTED: Final = rf"(?:\s?[\[({{<]\s?(?:{_DOT}|\.)\s?[\])}}>]\s?|\s{_DOT}\s|\.)"
_DOMAIN: Final = rf"(?:[\w-]{{1,63}}{_PARTED}){{1,4}}[^\W\d_]{{2,24}}\b"
_AT: Final = r"(?:snabel-?a|alfakrøll|krøllalfa|miukumauku|ät-merkki|klammeraffe|apenstaartje|arobase|arroba)"
_POST: Final = r"(?:gmail|googlemail|hotmail|outlook|yahoo|icloud|live|msn|proton|protonmail|gmx|aol|telia|luukku|online|sapo|ziggo|orange|web)"
_ANYHOW: Final = rf"[\[({{<]\s?(?:at|ät|@|chez|{_AT})\s?[\])}}>]"
IN_BRACKETS: Final = re.compile(_ANYHOW)
BRACKETED: Final = re.compile(rf"{_LOCAL}\s?{_ANYHOW}\s?{_DOMAIN}", re.IGNORECASE)
AT_NAMES: Final = (" snabel", "krøll", "miukumauku", " ät-merkki", "klammeraffe", "apenstaart", "arobase", "arroba")
NAMED: Final = re.compile(rf"{_LOCAL}\s{_AT}\s{_DOMAIN}", re.IGNORECASE)
AT_DOT: Final = re.compile(rf"{_LOCAL}\sat\s[\w-]{{1,63}}(?:\sdot\s[\w-]{{2,63}}){{1,4}}\b", re.IGNORECASE)
AT_PISTE: Final = re.compile(rf"{_LOCAL}\sät\s[\w-]{{1,63}}(?:\s{_DOT}\s[\w-]{{2,63}}){{1,4}}\b", re.IGNORECASE)
POST: Final = re.compile(rf"(?:@\s?|\sat\s){_POST}")
AT_POST: Final = re.compile(rf"(?<![\w.+%-])[\w.+%'-]{{3,64}}(?:\s?@\s?|\sat\s){_POST}{_PARTED}[a-z]{{2,3}}\b", re.IGNORECASE)
LINK: Final = re.compile(r"(?:https?://|www\.)[^\s<>\"]+", re.IGNORECASE)
LINK_SECRET: Final = re.compile(r"[?#;&].*|(?<=/)[\w\-]{20,}(?=/|$)", re.DOTALL)
IP4: Final = re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w]|\.\d)")
IP6: Final = re.compile(r"(?<![\w:.])(?:[0-9a-fA-F]{1,4}:{1,2}){2,7}[0-9a-fA-F]{0,4}(?![\w:])")
IP_SAID: Final = re.compile(r"\bip\b", re.IGNORECASE)
VERSION: Final = re.compile(
    r"(?:versi\w*|ver|v|build|release|firmware|update\w*|uppdatering\w*|oppdatering\w*|opdatering\w*|päivity\w*|ios|android|app\w*|windows|driver)[\s.:]*$",
    re.IGNORECASE,
)
_SITE: Final = r"(?:insta(?:gram)?|twitter|tiktok|snap(?:chat)?|facebook|fb|threads|linkedin|youtube|twitch|discord|telegram|mastodon|bluesky|reddit)"
_USER: Final = (
    r"(?:user ?name|user ?id|login|användarnamn(?:et)?|inloggning|brukernavn(?:et)?|brugernavn(?:et)?|käyttäjätunnu\w{1,8}|käyttäjänime?\w{0,6}|"
    r"(?:kirjautumis)?tunnu(?:s|kseni|ksemme)|nimimerk\w{1,8}|benutzername|nutzername|anmeldename|nom d['’]utilisateur|identifiant|pseudo|"
    r"gebruikersnaam|inlognaam|usuario|nombre de usuario|utilizador|nome de utilizador|usuário|nome de usuário|nick(?:name)?)"
)
_WHAT: Final = r"(?:handle|name|account|namn|navn|konto|profil|profiili|nimi|tili|nick|tag|id|kontoen|kontot|compte|cuenta|conta)"
_MY: Final = r"(?:mitt|min|mit|my|mein|mijn)"
_BE: Final = r"(?:är|er|is|was|on|oli|ist|war|est|es|é|c['’]est|heter|hedder|lautet|heißt)"
_IS: Final = rf"(?:\w{{0,3}}\b)?(?:\s+{_WHAT}\b)?(?:\s+{_MY})?\s*(?:\b{_BE}\b|[:=])\s*"
_AS: Final = (
    r"(?:logg?(?:ed|ing|s)? ?in as|signed in as|logga[rt] in som|logge[rt] (?:inn|ind|på) som|"
    r"kirjaudun(?: sisään)? (?:tunnuksella|nimellä|nimimerkillä)|logge mich als|"
    r"angemeldet als|connecte en tant que|log in als|ingelogd als|inloggen als|entro como)"
)
_I: Final = (
    r"(?:i['’]m|i am|i go by|jag heter|jag är|jag finns som|jeg heter|jeg hedder|jeg er|olen|löydyn|ich bin|ich heiße|je suis|je m['’]appelle|"
    r"ik ben|ik heet|soy|me llamo|sou|chamo-me|find me|hitta mig|finn meg|find mig)"
)
_WORD: Final = r"(?!v?\d)(?=[\w.\-]{0,40}[\d_])[^\W_][\w.\-]{2,40}\w"
USER_LIKE: Final = re.compile(r"[@_\d]")
SIGNED_UP: Final = re.compile(
    "insta|twitter|tiktok|snap|facebook|fb|threads|linkedin|youtube|twitch|discord|telegram|mastodon|bluesky|reddit|user|login|logg|inlog|"
    "använd|bruker|bruger|käyttäj|tunnu|nimimer|kirjaud|benutzer|nutzern|anmelde|angemeld|utilis|identif|pseudo|connecte|gebruiker|usu|utiliz|nick|"
    "log in|logged|signed in|entro co"
)
ENDS: Final = r"(?=\s*(?:$|[.,;:!?)\n]|\b(?:on|in|på|auf|sur|op|en|no|der|and|och|og|ja|und|et|y|e|jos|if|om|hvis)\b))"
OWN_HANDLE: Final = re.compile(
    rf"\b{_I}\s+(?:(?:{_SITE}\w{{0,5}}|som|as|als|como|nimellä|nimimerkillä)\s+){{0,2}}(@[\w.]{{2,40}}\w){ENDS}", re.IGNORECASE
)
HANDLE: Final = re.compile(rf"\b{_SITE}{_IS}(@[\w.]{{2,40}}\w|[\w.]*[\d_][\w.]*\w)", re.IGNORECASE)
ON_SITE: Final = re.compile(
    rf"\b{_SITE}\w{{0,5}}\s+(?:olen|nimellä|nimimerkillä|heter jag|hedder jeg|heter jeg|är jag|er jeg)\s+(@[\w.]{{2,40}}\w|{_WORD})", re.IGNORECASE
)
USER: Final = re.compile(rf"\b{_USER}{_IS}[\"'“”„«]?(@[\w.\-]{{2,40}}\w|(?=[\w.\-]{{0,40}}[\d_])[\w.\-]{{2,40}}\w)", re.IGNORECASE)
BESIDE: Final = re.compile(rf"\b(?:{_USER}(?<!login)|{_AS})\s+[\"'“”„«]?({_WORD})", re.IGNORECASE)
OWNERS: Final = (HANDLE, USER, BESIDE, ON_SITE, OWN_HANDLE)


def mails(text: str) -> Iterator[Span]:
    if "@" in text:
        yield from (Span(m.start(), m.end(), "mail") for m in MAIL.finditer(text))


def spelled_mails(text: str, low: str) -> Iterator[Span]:
    """“kim (at) example (dot) org”, “kim at example dot org”, “kim snabel-a example.org”; “at” with a plain dot only at hosts that everybody has."""
    for pattern in _ways(low):
        yield from (Span(m.start(), m.end(), "mail") for m in pattern.finditer(text))


def _ways(low: str) -> Iterator[re.Pattern[str]]:
    """The patterns that have a chance here, by what they cannot do without."""
    if ("(" in low or "[" in low or "{" in low or "<" in low) and IN_BRACKETS.search(low):
        yield BRACKETED
    if any(name in low for name in AT_NAMES):
        yield NAMED
    at = " at " in low
    if at and " dot " in low:
        yield AT_DOT
    if " ät " in low:
        yield AT_PISTE
    if (at or "@" in low) and POST.search(low):
        yield AT_POST


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
    for pattern in OWNERS:
        yield from (Span(m.start(1), m.end(1), "user") for m in pattern.finditer(text))
