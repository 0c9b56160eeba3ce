"""Search words → patterns that find them in a text whatever its case and accents, in any engine and in Python. å ä ö ø æ are letters of their own.

A pattern is a regular expression in the part of the language that RE2, Rust, Java and Python read alike; every sign of a word stands for itself.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gensvar.kit.errors import BadInput

MOST_WORDS, LONGEST = 10, 200
RING, DOTS = "\u030a", "\u0308"
OWN = {("a", RING): "å", ("a", DOTS): "ä", ("o", DOTS): "ö"}
MARKS, SAFE_MARKS = "[\u0300-\u036f]*", "[\u0300-\u0307\u0309\u030b-\u036f]*"
NO_MARK = "(?:[^\u0308\u030a]|$)"
BEFORE, BEHIND = r"(?:^|[^\p{L}\p{N}])", r"(?:[^\p{L}\p{N}]|$)"
LATIN = (range(0x41, 0x7B), range(0xC0, 0x250), range(0x1E00, 0x1F00))
ALIKE = {"'": "'’‘ʼ", "-": "-‐‑–−"}
QUOTES = str.maketrans("“”„«»", '"' * 5)
TOKEN = re.compile(r'(-?)"([^"]*)"?|(-?)(\S+)')
BLANK = "[\\s\u00a0\u202f]+"
META = frozenset(r"\.+*?()|[]{}^$-")


@dataclass(frozen=True, slots=True)
class Term:
    """One word, or several that must stand together as whole words. without: texts that have it are left out."""

    words: tuple[str, ...]
    without: bool = False
    phrase: bool = False


def folded(sign: str) -> str:
    """The letter that a letter is searched as: without case and accent, but å ä ö ø æ are letters of their own.

    >>> "".join(map(folded, "ÉÅäØñ"))
    'eåäøn'
    """
    base, *marks = tuple(unicodedata.normalize("NFD", sign))
    low = base.lower()
    if not ("a" <= low <= "z"):
        plain = sign.lower()
        return plain if len(plain) == 1 else sign
    return next((OWN[(low, m)] for m in marks if (low, m) in OWN), low)


def _variants() -> Mapping[str, str]:
    """Letter → every way to write it in one sign."""
    found: dict[str, list[str]] = defaultdict(list)
    for code in (code for span in LATIN for code in span):
        if chr(code).isalpha():
            found[folded(chr(code))].append(chr(code))
    return {letter: "".join(signs) for letter, signs in found.items()}


VARIANTS = _variants()
APART = {own: (base, mark) for (base, mark), own in OWN.items()}


def terms(query: str) -> tuple[Term, ...]:
    """What is searched for: every word, "an exact phrase", and -not. BadInput where that is more than can be searched for at once."""
    plain = unicodedata.normalize("NFC", query.translate(QUOTES).replace("\x00", " "))
    if len(plain) > LONGEST:
        raise BadInput(f"The search is longer than {LONGEST} characters", do="Search for fewer words.")
    found = []
    for quoted_not, quoted, plain_not, word in TOKEN.findall(plain):
        if quoted.split():
            found.append(Term(tuple(quoted.split()), bool(quoted_not), phrase=True))
        elif word.strip('-"'):
            found.append(Term((word,), bool(plain_not)))
    if len(found) > MOST_WORDS:
        raise BadInput(f"The search has more than {MOST_WORDS} words", do="Search for fewer words, or put them in quotation marks as one phrase.")
    return tuple(found)


def pattern(term: Term) -> str:
    """The term for an engine: a word is found inside longer words too, a phrase as whole words."""
    body = _body(term)
    guard = NO_MARK if folded(term.words[-1][-1]) in {"a", "o"} else ""
    return f"{BEFORE}{body}{BEHIND}" if term.phrase else body + guard


def _body(term: Term) -> str:
    return BLANK.join(map(letters, term.words))


def letters(word: str) -> str:
    """The letters of a word in all their cases and accents, as part of a pattern."""
    return "".join(_letter(sign) for sign in word)


def _letter(sign: str) -> str:
    """A letter in all its cases and accents, also where the accent is a sign of its own; any other sign as itself."""
    letter = folded(sign)
    known = VARIANTS.get(letter)
    if known is None:
        return _any(ALIKE.get(sign) or dict.fromkeys((sign, sign.lower(), sign.upper())))
    if letter in APART:
        base, mark = APART[letter]
        return f"(?:[{known}]|[{base}{base.upper()}]{mark}){MARKS}"
    return f"[{known}]" + (SAFE_MARKS if letter in {"a", "o"} else MARKS)


def _any(signs: Iterable[str]) -> str:
    escaped = ["\\" + s if s in META else s for s in signs if len(s) == 1]
    return escaped[0] if len(escaped) == 1 else f"[{''.join(escaped)}]"


def spans(text: str, wanted: Iterable[Term]) -> list[tuple[int, int]]:
    """Where the terms stand in a text: places that begin and end, in order, without overlap."""
    found = sorted(m.span() for term in wanted if not term.without for m in _compiled(term).finditer(text))
    apart: list[tuple[int, int]] = []
    for start, end in found:
        if apart and start <= apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        elif start < end:
            apart.append((start, end))
    return apart


def _compiled(term: Term) -> re.Pattern[str]:
    body = _body(term)
    return re.compile(rf"(?<![^\W_]){body}(?![^\W_])" if term.phrase else body + "(?![\u0308\u030a])")


def matches(text: str, wanted: Iterable[Term]) -> bool:
    """Whether a text has every term, and none of those that it must not have."""
    return all(bool(_compiled(term).search(text)) != term.without for term in wanted)
