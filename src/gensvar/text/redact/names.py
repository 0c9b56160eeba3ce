"""Names of persons: after greetings, thanks and titles, where somebody presents herself or signs, and given names that are nothing else."""

import re
import tomllib
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Final, NamedTuple

from gensvar.text.redact.kinds import Span

WORD: Final = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")
PARTICLES: Final = frozenset({"von", "van", "de", "der", "den", "af", "av", "da", "dos", "do", "di", "bin", "al", "el", "la", "zu", "ten", "ter"})
GAPS: Final = {
    "greet": frozenset(" ,\n\t"), "thanks": frozenset(" ,\t"), "self": frozenset(" :"), "weak": frozenset(" "), "talk": frozenset(" "),
    "role": frozenset(" ,:"), "sign": frozenset(" ,.!:;\n\r\t-–/*"), "title": frozenset(" ."), "at": frozenset(" ,"),
}  # fmt: skip
ORDER: Final = ("title", "self", "sign", "greet", "thanks", "role", "talk", "weak")
FAINT: Final = frozenset(
    {"bästa", "bäste", "beste", "hyvä", "best", "love", "dag", "liebe", "lieber", "cara", "caro", "heja", "morning", "päivää", "iltaa"}
)
LABELS: Final = frozenset({"namn", "navn", "nimi", "name", "nom", "naam", "nombre", "nome", "full name"})
INITIAL_CUES: Final = frozenset({"m", "d", "t", "pr", "fr"})
ENDS: Final = re.compile(r"[ \t]*(?:$|[\n\r.,!;:)(/|]|[xX]{1,4}\b|\[|<|\+?\d|[☺-🫿])")
STREET: Final = frozenset(
    {"gata", "gatan", "gate", "gade", "plass", "plats", "plads", "street", "road", "hotel", "hotell", "katu", "platz", "straße"}
)
FINNISH: Final = ("lle", "lta", "ltä", "lla", "llä", "ssa", "ssä", "sta", "stä", "in", "n")
PARTITIVE: Final = ("aa", "ia", "oa", "ua", "ää", "iä", "yä", "öä", "eä")
LONG: Final = re.compile(r"(?<=[^\W\d_])([kpt])(?=[aiouyäöe]$)")  # Pekka, Pekalle: what is doubled in the nominative
GERMAN: Final = re.compile(
    r"\b(?:und|nicht|ich|für|wir|auf|sind|bei|beim|aus|werden|wurde|habe|keine?|einen?|wie|die|das|sich|zum|zur|noch|schon|mehr)\b", re.IGNORECASE
)
AND: Final = frozenset({"och", "og", "ja", "and", "und", "et", "en", "y", "e"})
SAINTS: Final = frozenset({"são", "sao", "san", "santa", "santo", "saint", "st", "sankt", "sint", "sta"})
CONTRACTED: Final = frozenset({"ve", "d", "m", "s", "ll", "re", "t"})
MONTHS: Final = frozenset({"april", "may", "june", "august"})
LONGEST_PHRASE: Final = 6
MOST_INITIALS: Final = 3
MOST_PARTICLES: Final = 2
STROKE: Final = re.compile(r"\n\s{0,4}[-–—~*]")
NEAR: Final = 40
MOST_WORDS: Final = 1 << 15  # about two megabytes of words met lately


class Token(NamedTuple):
    start: int
    end: int
    word: str
    low: str


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """cues: phrase → what it announces; given: names only; either: names that are words too; within: of these, names within a sentence.

    single: cues of one word; finnish: given names that may be inflected; ends: last words of what stands before; begins: last words of what stands
    after a name; titles: last words of titles.
    """

    cues: dict[str, frozenset[str]]
    single: frozenset[str]
    given: frozenset[str]
    either: frozenset[str]
    within: frozenset[str]
    finnish: frozenset[str]
    words: frozenset[str]
    places: frozenset[str]
    firms: frozenset[str]
    ends: frozenset[str]
    begins: frozenset[str]
    titles: frozenset[str]

    def knows(self, low: str) -> bool:
        """Whether it is a given name and nothing else, in the nominative, the genitive or a Finnish case."""
        return low in self.given or _inflected(self, low)

    def may(self, low: str) -> bool:
        """Whether it is a given name, be it a word besides."""
        return low in self.either or self.knows(low)

    def never(self, low: str) -> bool:
        """Whether it is no name for all that it is written with a capital; in Finnish, in any case."""
        return _never(self, low)

    def no_name(self, low: str) -> bool:
        """The same of the word as it stands."""
        if low in self.words or low in self.firms or low in self.places:
            return True
        head, _, tail = low.replace("’", "'").partition("'")
        return tail in CONTRACTED and head in self.words


@lru_cache(MOST_WORDS)
def _inflected(lex: Lexicon, low: str) -> bool:
    if low in lex.words or low in lex.firms:
        return False
    if low.endswith("s") and low.rstrip("s").rstrip("'’") in lex.given:
        return True
    if len(low) < 5:
        return False
    if low.endswith(FINNISH) and any(low.endswith(case) and _declined(lex, low[: -len(case)]) for case in FINNISH):
        return True
    return low.endswith(PARTITIVE) and low[:-1] in lex.finnish


def _declined(lex: Lexicon, stem: str) -> bool:
    """Whether a Finnish given name has this stem before an ending: Mari-, Peka-, Tuomakse-, Robini-."""
    if stem in lex.finnish or LONG.sub(r"\1\1", stem) in lex.finnish:
        return True
    return (stem.endswith("kse") and f"{stem[:-3]}s" in lex.finnish) or (stem.endswith("i") and stem[:-1] in lex.finnish)


@lru_cache(MOST_WORDS)
def _never(lex: Lexicon, low: str) -> bool:
    if lex.no_name(low):
        return True
    return len(low) > 4 and low.endswith(FINNISH) and any(low.endswith(case) and lex.no_name(low[: -len(case)]) for case in FINNISH)


def _read(name: str) -> str:
    return (files("gensvar.text.redact") / name).read_text("utf-8")


def _given() -> dict[str, set[str]]:
    """Names by what the line begins with: "" for names only, "~", "*"; and "fi" for the Finnish ones."""
    found: dict[str, set[str]] = {"": set(), "~": set(), "*": set(), "fi": set()}
    block = ""
    for line in _read("given_names.txt").splitlines():
        if line.startswith("#"):
            block = line[1:].strip()
            continue
        mark = line[0] if line[0] in "~*" else ""
        found[mark].update(line.lstrip("~* ").lower().split())
        if block == "fi" and not mark:
            found["fi"].update(line.lower().split())
    return found


def _not_names() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    section = ""
    for line in _read("not_names.txt").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif not line.startswith("#"):
            found.setdefault(section, set()).update(line.split())
    return {name: frozenset(words) for name, words in found.items()}


@lru_cache(1)
def lexicon() -> Lexicon:
    """The word lists that ship with Gensvar."""
    cues: dict[str, set[str]] = {}
    for kinds in tomllib.loads(_read("cues.toml")).values():
        for kind, phrases in kinds.items():
            for said in phrases:
                cues.setdefault(" ".join(WORD.findall(said)), set()).add(kind)
    given, no = _given(), _not_names()
    words = no["words"] - {"mark"}
    either = given["~"] | given["*"] | (given[""] & (words | no["places"] | no["firms"])) | MONTHS
    single = frozenset(said for said, kinds in cues.items() if " " not in said and kinds != {"at"})
    return Lexicon(
        cues={said: frozenset(kinds) for said, kinds in cues.items()},
        single=single,
        given=frozenset(given[""] - either),
        either=frozenset(either),
        within=frozenset(given["*"] - no["firms"]),
        finnish=frozenset(given["fi"] - either) | {"martin", "emilia", "kevin", "robin", "daniel", "oliver"},
        words=words - MONTHS,
        places=no["places"],
        firms=no["firms"],
        ends=frozenset(said.rpartition(" ")[2] for said, kinds in cues.items() if kinds != {"at"}),
        begins=frozenset(said.rpartition(" ")[2] for said, kinds in cues.items() if "at" in kinds),
        titles=frozenset(said for said, kinds in cues.items() if "title" in kinds),
    )


def names(text: str) -> Iterator[Span]:
    """Each name, given name and surname together."""
    lex = lexicon()
    if _has_a_chance(text, lex):
        yield from _Names(text, lex).all()


def _has_a_chance(text: str, lex: Lexicon) -> bool:
    """Whether a capital stands where a name may: a first look at a text's words, which most texts do not pass."""
    words = WORD.findall(text)
    lows = [word.lower() for word in words]
    if "/" in text or not lex.given.isdisjoint(lows) or ("\n" in text and STROKE.search(text)):
        return True
    for i, (word, low) in enumerate(zip(words, lows, strict=True)):
        if word == low:
            if low in PARTICLES and i and lows[i - 1] in lex.titles:
                return True
        elif (low not in lex.words or len(low) == 1) and (
            (i and lows[i - 1] in lex.ends) or lex.may(low) or not lex.begins.isdisjoint(lows[i + 1 : i + 7])
        ):
            return True
    return False


class _Names:
    """One text read from its beginning to its end."""

    __slots__ = ("german", "lex", "text", "tokens")

    def __init__(self, text: str, lex: Lexicon) -> None:
        self.text, self.lex = text, lex
        self.german: bool | None = None
        self.tokens = [Token(*m.span(), word := m[0], word.lower()) for m in WORD.finditer(text)]

    def all(self) -> Iterator[Span]:
        i, given = 0, self.lex.given
        while i < len(self.tokens):
            token = self.tokens[i]
            last = self._name_at(i) if token.word != token.low or token.low in given or token.low in PARTICLES else None
            if last is None:
                i += 1
            else:
                yield Span(self.tokens[i].start, self.tokens[last].end, "name")
                i = last + 1
                if also := self._also(i):
                    yield Span(self.tokens[i + 1].start, self.tokens[also].end, "name")
                    i = also + 1

    def _also(self, at: int) -> int:
        """The last token of a second name, where a first ends before `at`: “Riitta ja Olavi” at the end of a sentence; 0 where there is none."""
        if at + 1 >= len(self.tokens) or self.tokens[at].low not in AND or not self._is_gap(at) or not at or not self._is_gap(at - 1):
            return 0
        token = self.tokens[at + 1]
        if not self._is_surname(token) or self.lex.never(token.low):
            return 0
        last = self._extended(at + 1)
        return last if self._ends(last) and not self._is_german() else 0

    def _name_at(self, i: int) -> int | None:
        """The last token of the name that begins here."""
        token = self.tokens[i]
        if len(token.word) == 1:
            return self._initials(i)
        if token.low in PARTICLES and (titled := self._titled(i)) is not None:
            return titled
        if not token.word[0].isupper():
            return i if self._in_small_letters(token, i) else None
        if token.word.isupper() and len(token.word) > 2:
            return self._in_capitals(i)
        cues = self._cues(i)
        return self._judged(i, token, cues) if cues else self._bare(i, token)

    # ── what stands before ──

    def _cues(self, i: int) -> Set[str]:
        """What the words before this one announce."""
        if not i:
            return frozenset()
        before = self.tokens[i - 1]
        gap = set(self.text[before.end : self.tokens[i].start])
        found = set[str]()
        said = ""
        for k in range(1, min(LONGEST_PHRASE, i) + 1):
            part = self.tokens[i - k]
            said = f"{part.low} {said}" if said else part.low
            for cue in self.lex.cues.get(said, ()):
                if gap <= GAPS[cue] and self._is_meant(said, part, cue, i):
                    found.add(cue)
                elif cue == "thanks" and gap <= GAPS["sign"] and "\n" in gap:
                    found.add("sign")
        return found or self._slash(i)

    def _is_meant(self, said: str, first: Token, cue: str, i: int) -> bool:
        """Whether a phrase that may be something else is meant as a cue here."""
        gap = self.text[self.tokens[i - 1].end : self.tokens[i].start]
        if said in LABELS and cue == "self":
            return ":" in gap
        if cue == "title" and "." in gap and len(said) > 5:
            return False
        if said in INITIAL_CUES:
            return ("." in gap or (cue == "sign" and ":" in gap)) and (first.word[0].isupper() or self._begins_line(first))
        return True

    def _begins_line(self, token: Token) -> bool:
        before = self.text[max(0, token.start - NEAR) : token.start].rstrip(" ")
        return not before or before[-1] in "\n.!?"

    def _slash(self, i: int) -> Set[str]:
        """A name on a line of its own, after a stroke."""
        at = self.tokens[i].start
        before = self.text[max(0, at - NEAR) : at]
        line = before.rsplit("\n", 1)[-1].strip()
        stroke = line in {"/", "//", "-", "–", "~", "—", "*"} and "\n" in before
        return frozenset({"sign"}) if stroke or (before.endswith((" /", " //")) and self._ends(i)) else frozenset()

    # ── judgement ──

    def _judged(self, i: int, token: Token, cues: Set[str]) -> int | None:
        for cue in ORDER:
            if cue in cues and self._accepts(cue, i, token):
                return self._extended(i)
        return self._bare(i, token)

    def _accepts(self, cue: str, i: int, token: Token) -> bool:
        lex, low = self.lex, token.low
        if low in lex.single and low not in lex.either:
            return False
        if cue == "title":
            return low not in lex.words and low not in lex.firms
        if cue == "weak":
            return lex.knows(low)
        if lex.may(low) and low not in lex.firms:
            return low not in lex.words or self._ends(i)
        if lex.never(low):
            return False
        if cue == "sign":
            return self._ends(self._extended(i))
        if cue == "greet":
            spoken = "," not in self.text[self.tokens[i - 1].end : token.start]  # “Hello, Sigh.” goes on with anything
            return spoken and (self.tokens[i - 1].low not in FAINT or self._ends(i))
        if cue == "thanks":
            return self._ends(i) or self._extended(i) > i
        if cue == "talk":
            return (self._has_place(self._extended(i)) or self._extended(i) > i) and not self._is_german()
        return cue != "role" or not self._is_german()

    def _bare(self, i: int, token: Token) -> int | None:
        """A given name that is nothing else; or a capital within a sentence, with a place after it: “… Zuzka i kassan”."""
        lex, low = self.lex, token.low
        if low in lex.single or (i and self.tokens[i - 1].low in SAINTS):
            return None
        last = self._extended(i)
        if last + 1 < len(self.tokens) and self.tokens[last + 1].low in STREET:
            return None
        if lex.knows(low) or (low.endswith("sen") and len(low) > 5 and last > i and self._is_finnish_given(i + 1)):
            return last
        if not i or self.text[self.tokens[i - 1].end : token.start] != " ":
            return last if low in lex.either and not lex.never(low) and self._has_place(last) else None
        within = low in lex.within or (low not in lex.words and not lex.never(low) and self._has_place(last) and not self._is_with(last))
        return last if within and not self._is_german() else None

    def _is_finnish_given(self, at: int) -> bool:
        """“Virtasen Pekka”: the surname first, in the genitive."""
        return self.tokens[at].low in self.lex.finnish

    def _is_with(self, last: int) -> bool:
        return self.tokens[last + 1].low == "kanssa"

    def _is_german(self) -> bool:
        """Whether nouns have capitals here."""
        if self.german is None:
            self.german = GERMAN.search(self.text) is not None
        return self.german

    def _in_small_letters(self, token: Token, i: int) -> bool:
        low = token.low
        return low in self.lex.given and low not in self.lex.words and bool(self._cues(i) & {"self", "greet", "sign", "thanks"})

    def _in_capitals(self, i: int) -> int | None:
        token = self.tokens[i]
        known = self.lex.may(token.low) and token.low not in self.lex.words
        if not known or not self._cues(i) & {"self", "greet", "sign", "thanks", "title"}:
            return None
        after = self.tokens[i + 1] if i + 1 < len(self.tokens) else None
        surname = after and after.word.isupper() and len(after.word) > 2 and not self.lex.never(after.low) and after.low not in self.lex.single
        return i + 1 if surname and after and self.text[token.end : after.start] == " " else i

    def _initials(self, i: int) -> int | None:
        """“J. Svensson” or “J. R. Svensson” where somebody signs."""
        last = i
        while last - i < MOST_INITIALS and self._is_initial(last):
            last += 1
        if last == i or last >= len(self.tokens):
            return None
        after = self.tokens[last]
        named = after.word[0].isupper() and len(after.word) > 1 and not self.lex.no_name(after.low)
        return self._extended(last) if named and self._cues(i) & {"sign", "title", "self"} else None

    def _is_initial(self, at: int) -> bool:
        token = self.tokens[at]
        after = self.text[token.end : self.tokens[at + 1].start] if at + 1 < len(self.tokens) else ""
        return len(token.word) == 1 and token.word.isupper() and after in {".", ". "}

    def _titled(self, i: int) -> int | None:
        """“de la Torre” after a title that is written as one: “un señor de Murcia” is none."""
        if not i or self.tokens[i - 1].word[0].islower():
            return None
        at = i
        while at - i < MOST_PARTICLES and at + 1 < len(self.tokens) and self.tokens[at].low in PARTICLES and self._is_gap(at):
            at += 1
        named = at > i and self._is_surname(self.tokens[at]) and not self.lex.no_name(self.tokens[at].low) and "title" in self._cues(i)
        return self._extended(at) if named else None

    def _is_gap(self, at: int) -> bool:
        return self.text[self.tokens[at].end : self.tokens[at + 1].start] == " "

    # ── what stands after ──

    def _extended(self, i: int) -> int:
        """The last token of what may be given name, further given names and surname."""
        last = i
        while last - i < 3 and last + 1 < len(self.tokens):
            step = self._step(last)
            if not step:
                break
            last += step
        return last

    def _step(self, last: int) -> int:
        at, after = self.tokens[last], self.tokens[last + 1]
        gap = self.text[at.end : after.start]
        if gap not in {" ", ". "} or (gap == ". " and len(at.word) > 1):
            return 0
        if self._is_surname(after):
            return 1
        if gap != " ":
            return 0
        far = last + 1
        while far - last <= MOST_PARTICLES and far + 1 < len(self.tokens) and self.tokens[far].low in PARTICLES and self._is_gap(far):
            far += 1
        return far - last if far > last + 1 and self._is_surname(self.tokens[far]) else 0

    def _is_surname(self, token: Token) -> bool:
        word, lex = token.word, self.lex
        if not word[0].isupper() or (word.isupper() and len(word) > 1) or token.low in lex.words or token.low in lex.single:
            return False
        return len(word) > 1 or self.text[token.end : token.end + 1] == "."

    def _ends(self, i: int) -> bool:
        """Whether a sentence, a line or the text ends after this token."""
        return ENDS.match(self.text, self.tokens[i].end) is not None

    def _has_place(self, last: int) -> bool:
        """Whether a place where people serve others is named next: “… in customer service”."""
        said = ""
        for token in self.tokens[last + 1 : last + 5]:
            said = f"{said} {token.low}" if said else token.low
            if "at" in self.lex.cues.get(said, ()):
                return set(self.text[self.tokens[last].end : self.tokens[last + 1].start]) <= GAPS["at"]
        return False


def known_names() -> Sequence[str]:
    """Every given name that counts without a cue, in small letters."""
    return sorted(lexicon().given)
