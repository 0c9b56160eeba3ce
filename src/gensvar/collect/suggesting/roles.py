"""What each column is for: id, time, person, dimension, answer, attribute, or nothing that may be kept. Each with how sure and why."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from gensvar.collect.suggesting import lexicon as lex
from gensvar.collect.suggesting.dates import Dates, dates_of
from gensvar.collect.suggesting.profile import Profile
from gensvar.collect.suggesting.scales import Scale, scale_of

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}")
PHONE = re.compile(r"\+?[\d ()/.-]{7,20}")
IP = re.compile(r"\d{1,3}(\.\d{1,3}){3}|[0-9a-fA-F:]*:[0-9a-fA-F:]+:[0-9a-fA-F:]*")
NATIONAL = re.compile(r"(19|20)?\d{6}[-+A]\d{3}[\dA-Z]|\d{3}-\d{2}-\d{4}")
URL = re.compile(r"https?://\S+")
PERSONAL: Sequence[tuple[str, re.Pattern[str]]] = (
    ("email", re.compile(r"e-?mail|e-?post|sähköposti|recipient$", re.IGNORECASE)),
    ("phone", re.compile(r"phone|mobile|telefon|mobil\b|puhelin|handy|\btel\b|msisdn", re.IGNORECASE)),
    ("ip", re.compile(r"\bip\b|ip.?ad", re.IGNORECASE)),
    ("place", re.compile(r"latitude|longitude|location ?(lat|long)|street|address|adress|osoite|\bzip\b|postal|postnummer|postnr", re.IGNORECASE)),
    ("birth", re.compile(r"birth|född|født|syntym|geburt|personnummer|fødselsnummer|cpr|henkilötunnus|ssn\b|social security", re.IGNORECASE)),
    (
        "name",
        re.compile(
            r"((first|last|full|sur|given|family|recipient|customer|contact|user|requester|respondent)[ _]?)+names?|\bnamn$|förnamn|efternamn"
            r"|fornavn|etternavn|etunimi|sukunimi|vorname|nachname|^name$|^navn$|^nimi$",
            re.IGNORECASE,
        ),
    ),
    (
        "special category",
        re.compile(r"\brace\b|ethnic|religio|politic(al|s)|trade union|sexual orientation|etnisk|etnicitet|politisk|uskonto|ethnisch", re.IGNORECASE),
    ),
    ("secret", re.compile(r"token|password|secret|signature|photo|avatar", re.IGNORECASE)),
)
ID_LIKE = re.compile(
    r"(^|[ _.-])(id|uuid|guid|nr|no|number|key|ref|reference)$|^#$|[a-z](ID|Id)$|^(row|record|case|ticket|order)?_?(id|nr|no)$", re.IGNORECASE
)
RECORD = (
    re.compile(r"response ?_?id|respondent ?_?id|submission ?_?id|antwort id|svars?-?id", re.IGNORECASE),
    re.compile(
        r"#|id|token|network id|record ?_?id|(ticket|case|review|answer|survey response|feedback|event|message|comment|tweet|post|chat)"
        r"[ _]?(id|nr|no|number)",
        re.IGNORECASE,
    ),
)
PERSON = re.compile(
    r"(customer|user|client|member|contact|requester|employee|person|party|subscriber|panelist"
    r"|kund|kunde|asiakas|mitarbeiter|external(data)?)[ _]?(id|nr|no|number|reference|ref|key)",
    re.IGNORECASE,
)
ACCOUNT = re.compile(r"(account|organi[sz]ation|company|tenant|org|firm|företag|firma|yritys)[ _]?(id|nr|no|number|key)", re.IGNORECASE)
SENT_TO = re.compile(r"(via_source_)?(to|cc|bcc)(_address|_name|_email)?|.*[_ ]to[_ ](address|name)|recipient|till|til", re.IGNORECASE)
INDEX = re.compile(r"__index_level_\d+__|unnamed: ?\d+|index|row_?(nr|no|number)?", re.IGNORECASE)
OTHER = re.compile(r"(other|annat|annet|andet|muu|sonstiges)\b.*", re.IGNORECASE)
DERIVED = re.compile(r"(total|sum of|mean of|average|mahalanobis|cook'?s|z-?score)\b|.*\b(recoded|binned|\d groups)\b", re.IGNORECASE)
TOOL = re.compile(r"response ?set|status|progress|finished|location ?accuracy", re.IGNORECASE)
TITLED = re.compile(f"({lex.TEXTUAL.pattern}|{lex.HEADLINE.pattern})", re.IGNORECASE)
QUESTION = re.compile(r"\?.{0,3}(\[.*\])?\s*$|\[.+\]$")
MOST_CHOICES, LONG_TEXT, NEARLY = 60, 40, 0.98


@dataclass(frozen=True, slots=True)
class Role:
    """use: record, email, phone, name, external, account, time, language, kind, dimension, score, choice, text, attr, personal, other, empty."""

    use: str
    sure: float
    because: str
    dates: Dates | None = None
    scale: Scale | None = None
    dimension: str = ""


def role_of(p: Profile, context: str, survey: bool) -> Role:
    """The one thing that the column is for. context: every header; survey: whether the file is a survey tool's export."""
    if not p.filled:
        return _empty(p, survey)
    if DERIVED.match(p.header.label) and p.numeric == 1:
        return Role("attr", 0.7, "its label says that it was computed from other columns")
    if survey and TOOL.fullmatch(p.name):
        return Role("attr", 0.8, "the survey tool's own column")
    looks = (_machine(p), _personal(p), _identity(p), _time(p), _dimension(p), _rated(p, context), _written(p), _coded(p, survey))
    return next((role for role in looks if role), Role("other", 0.5, f"{p.distinct} different values that fit nothing"))


def _machine(p: Profile) -> Role | None:
    """What only the system that wrote the file has use for."""
    if INDEX.fullmatch(p.name) and p.numeric == 1 and p.unique:
        return Role("other", 0.9, "the row's number in the table that it came from")
    wrapped = sum(n for v, n in p.values.items() if v[:1] + v[-1:] in {"{}", "[]"}) / max(1, sum(p.values.values()))
    if wrapped > 0.6 and p.length > LONG_TEXT and p.numeric == 0:
        return Role("other", 0.7, f"{wrapped:.0%} of the values are JSON, made by a machine")
    if SENT_TO.fullmatch(p.name):
        return Role("personal", 0.7, "the address it was sent to: not who wrote; left out")
    return None


def _empty(p: Profile, survey: bool) -> Role:
    """A column that nobody filled yet keeps its place where it was plainly asked."""
    name = p.name.replace("_", " ")
    if not name.endswith("]") and (
        any(pattern.search(name) for _, pattern in PERSONAL) or any(pattern.search(p.name) for pattern in (ID_LIKE, PERSON))
    ):
        return Role("personal", 0.8, "no cell is filled; the name speaks of a person")
    if (survey and (lex.TEXTUAL.search(p.said) or OTHER.fullmatch(name))) or lex.TEXTUAL.fullmatch(name):
        return Role("text", 0.4, "no cell is filled yet; the name speaks of a text")
    return (
        Role("choice", 0.3, "no cell is filled yet; a question of the survey")
        if survey and len(p.name) > 12
        else Role("empty", 0.9, "no cell is filled")
    )


def _share(p: Profile, pattern: re.Pattern[str]) -> float:
    return sum(n for v, n in p.values.items() if pattern.fullmatch(v)) / max(1, sum(p.values.values()))


def _personal(p: Profile) -> Role | None:
    name = p.name.replace("_", " ")
    if (mails := _share(p, EMAIL)) > 0.6 and p.distinct == 1 < p.filled - 2:
        return Role("personal", 0.8, "one e-mail address in all rows: nobody's own, left out")
    if mails > 0.6:
        return Role("email", 0.95, f"{mails:.0%} of the values are e-mail addresses")
    if _share(p, IP) > 0.8:
        return Role("personal", 0.95, "IP addresses: personal, left out")
    if _share(p, NATIONAL) > 0.8 and not p.timed:
        return Role("personal", 0.9, "looks like national identity numbers: personal, left out")
    kind = next((kind for kind, pattern in PERSONAL if pattern.search(name) and len(name) < LONG_TEXT and name[-1] != "]"), None)
    if kind == "phone" and _share(p, PHONE) > 0.6:
        return Role("phone", 0.9, "the name speaks of a phone and the values fit")
    if kind == "name" and p.numeric < 0.1 and (p.distinct > 1 or p.rows == 1):
        return Role("name", 0.7, "the name speaks of a person's name")
    if kind in {"ip", "place", "birth", "secret", "special category"} and not dates_named_otherwise(p):
        return Role("personal", 0.8, f"the name speaks of personal data ({kind}): left out")
    return None


def dates_named_otherwise(p: Profile) -> bool:
    """Whether a name that only happens to hold a personal word is plainly a time or a yes and no."""
    return (p.timed and "birth" not in p.name.casefold()) or {v.casefold() for v in p.values} <= lex.YES | lex.NO


def _time(p: Profile) -> Role | None:
    dates = dates_of(p)
    return Role("time", dates.sure, dates.because, dates=dates) if dates else None


def _identity(p: Profile) -> Role | None:
    name = p.name.strip()
    if p.timed:
        return None
    if PERSON.fullmatch(name) and p.length < LONG_TEXT:
        return Role("external", 0.85, "the name speaks of a person's id")
    if ACCOUNT.fullmatch(name) and p.length < LONG_TEXT:
        return Role("account", 0.85, "the name speaks of an organisation's id")
    nearly = p.rows >= 100 and p.filled == p.rows and p.distinct >= NEARLY * p.rows
    place = next((i for i, pattern in enumerate(RECORD) if pattern.fullmatch(name)), None)
    if place is not None and p.unique:
        return Role("record", (0.97, 0.9)[place], f"named an id, filled and different in all {p.rows} rows seen")
    if place is not None and nearly:
        return Role("record", 0.7, f"named an id and filled; {p.rows - p.distinct} of {p.rows} rows repeat one, and these are set aside")
    if ID_LIKE.search(name) and p.length < LONG_TEXT and p.distinct > 2:
        return (
            Role("record", 0.6, f"named an id and different in all {p.rows} rows seen") if p.unique else Role("other", 0.7, "an id of something else")
        )
    return Role("other", 0.8, "web addresses") if _share(p, URL) > 0.8 else None


def _dimension(p: Profile) -> Role | None:
    name = re.sub(r"[^\w ]", "", p.name.replace("_", " ").replace(".", " ")).strip()
    if p.distinct > 200 or (p.distinct > 20 and p.distinct > 0.6 * p.filled) or p.numeric > 0.9 or p.words > 6:
        return None
    if lex.LANGUAGE.fullmatch(name) and p.length <= 12:
        return Role("language", 0.9, "the name speaks of a language and the values are short")
    if lex.KIND.fullmatch(name) and any(v.casefold() in lex.KIND_WORDS for v in p.values):
        return Role("kind", 0.8, "the name speaks of a type and its words are known kinds")
    for dimension, pattern in lex.AGREED_DIMENSIONS.items():
        if pattern.fullmatch(name) and len(name) < 60:
            return Role("dimension", 0.85 if len(name) < 25 else 0.55, f"named {p.name[:40]!r}, {p.distinct} different values", dimension=dimension)
    return None


def _rated(p: Profile, context: str) -> Role | None:
    if p.header.labels and p.distinct <= 2 and not lex.GOAL.search(p.said):
        return None
    scale = scale_of(p, context)
    return Role("score", scale.sure, scale.because, scale=scale) if scale else None


def _written(p: Profile) -> Role | None:
    if p.numeric > 0.3 or p.typed:
        return None
    if p.distinct == 1 and next(iter(p.values)).casefold() in p.said.casefold():
        return None
    varied = p.distinct / p.filled
    named = bool(lex.TEXTUAL.search(p.said)) and len(p.name) < 200
    if TITLED.fullmatch(p.name) and (varied > 0.3 or p.rows < 30) and p.numeric == 0:
        return Role("text", 0.7, "the name says that it is a text")
    if named and p.words >= 1.2 and (varied > 0.3 or p.distinct > MOST_CHOICES):
        return Role("text", 0.9, f"the name speaks of a text; {p.words:.0f} words on average")
    if p.words >= 4 and varied > 0.5:
        return Role("text", 0.85, f"{p.words:.0f} words on average, {varied:.0%} of them different")
    asked = bool(QUESTION.search(p.header.label or p.name))
    return Role("text", 0.5, "a question with many different answers") if asked and varied > 0.5 and p.distinct > 8 else None


def _coded(p: Profile, survey: bool) -> Role | None:
    """Few values: an answer where it was asked, else an attribute."""
    described = bool(lex.COMMITTED.search(p.name.replace("_", " "))) and len(p.name) < 30
    asked = bool(QUESTION.search(p.header.label) or QUESTION.search(p.name) or p.header.labels or (survey and p.header.label not in {"", p.name}))
    lone = survey and p.distinct == 1
    few = p.distinct <= MOST_CHOICES and (p.distinct <= 12 or p.distinct < 0.5 * p.filled)
    if few and not described and (asked or lone):
        return Role("choice", 0.75, f"a question with {p.distinct} different answers")
    if few or (p.numeric > 0.95 and p.answered):
        return Role("attr", 0.7, f"{p.distinct} different values that describe the one who answered or the case")
    return None
