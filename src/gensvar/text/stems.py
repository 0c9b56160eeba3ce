"""Words of a text as they are searched: folded, and brought back to their stems by the rules of the text's own language (Snowball, Porter 2001).

What it means that a text has a word is said here, once and slowly (`has`); the index of the words gives the same rows, faster.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from threading import local
from typing import Final

import snowballstemmer

from gensvar.text.search import Term, folded, matches

ALGORITHMS: Final = {
    "sv": "swedish", "nb": "norwegian", "da": "danish", "fi": "finnish", "en": "english", "de": "german", "fr": "french", "nl": "dutch",
    "es": "spanish", "pt": "portuguese",
}  # fmt: skip
COMPOUNDING: Final = frozenset({"sv", "nb", "da", "fi", "de", "nl"})
LEAST_INSIDE: Final = 6  # letters of a stem that is looked for inside longer words: a shorter one stands in words that have nothing to do with it
LONGEST_TOKEN: Final = 100
_SAME: Final = {"no": "nb", "nn": "nb"}
_TOKEN: Final = re.compile(r"[^\W_]+")
_HERE = local()


class _Fold(dict[int, str]):
    """Sign → what it is searched as, found out when it is first met; an accent that stands alone is nothing."""

    def __missing__(self, code: int) -> str:
        self[code] = "" if 0x300 <= code <= 0x36F else folded(chr(code))
        return self[code]


_FOLD = _Fold()


def tokens(text: str) -> list[str]:
    """The words of a text, folded, in their order: runs of letters and digits.

    >>> tokens("Hemleveransen KOM, för sent – igår!")
    ['hemleveransen', 'kom', 'för', 'sent', 'igår']
    """
    return _TOKEN.findall(unicodedata.normalize("NFC", text).translate(_FOLD))


def ruled(language: str | None) -> str:
    """The language whose rules a text's words follow; "-" where there are none.

    >>> ruled("nn"), ruled("sv-FI"), ruled(None), ruled("is")
    ('nb', 'sv', '-', '-')
    """
    base = (language or "").partition("-")[0]
    base = _SAME.get(base, base)
    return base if base in ALGORITHMS else "-"


@lru_cache(maxsize=200_000)
def stems(token: str, language: str) -> tuple[str, ...]:
    """The stems of a folded word in a language of `ruled`; none where the language has no rules, or the word is no word.

    >>> stems("leveranserna", "sv"), stems("deliveries", "en"), stems("42", "sv")
    (('leverans',), ('deliveri',), ())
    """
    if language == "-" or not token.isalpha() or len(token) > LONGEST_TOKEN:
        return ()
    return (folded_word(_stemmer(language).stemWord(token)),)


def inside(token: str, language: str) -> tuple[str, ...]:
    """The stems that are also looked for inside longer words, as compounds are written in the language."""
    return tuple(s for s in stems(token, language) if len(s) >= LEAST_INSIDE) if language in COMPOUNDING else ()


def folded_word(word: str) -> str:
    """A word in the letters that it is searched as."""
    return unicodedata.normalize("NFC", word).translate(_FOLD)


def bare(term: Term) -> str:
    """The folded word of a term that is one word and nothing else; empty for a phrase and for what has other signs in it."""
    if term.phrase or len(term.words) != 1:
        return ""
    word = folded_word(term.words[0])
    return word if _TOKEN.fullmatch(word) else ""


def parts(term: Term) -> tuple[str, ...]:
    """The runs of letters and digits in a term, folded."""
    return tuple(token for word in term.words for token in tokens(word))


def has(text: str, language: str | None, term: Term) -> bool:
    """Whether a text has a term, whatever `without` says: as it is written, alone or inside a longer word; else by its stem.

    By its stem: a word of the text has the same one by the rules of the text's language; where that writes compounds, also inside longer words.
    A phrase, and what has other signs than letters and digits in it, is found as written only.
    """
    if matches(text, [Term(term.words, phrase=term.phrase)]):
        return True
    word, rules = bare(term), ruled(language)
    if not word:
        return False
    there, mine, within = tokens(text), set(stems(word, rules)), inside(word, rules)
    return any(word in t or not mine.isdisjoint(stems(t, rules)) or any(s in t for s in within) for t in there)


def fits(text: str, language: str | None, terms: tuple[Term, ...]) -> bool:
    """Whether a text has every term, and none of those that it must not have."""
    return all(has(text, language, term) != term.without for term in terms)


def stem_spans(text: str, language: str | None, terms: Iterable[Term]) -> list[tuple[int, int]]:
    """Where words stand that a term is found by through its stem: places that begin and end, in order.

    >>> from gensvar.text.search import terms
    >>> stem_spans("Alla leveranser", "sv", terms("leveransen"))
    [(5, 15)]
    """
    rules = ruled(language)
    words = [bare(t) for t in terms if not t.without]
    mine = {s for w in words for s in stems(w, rules)}
    within = [s for w in words for s in inside(w, rules)]
    return [m.span() for m in _TOKEN.finditer(text) if _stemmed(folded_word(m[0]), rules, mine, within)] if mine else []


def _stemmed(token: str, rules: str, mine: set[str], within: Iterable[str]) -> bool:
    return not mine.isdisjoint(stems(token, rules)) or any(s in token for s in within)


EXACT, INFLECTED, INSIDE = 3.0, 2.0, 1.0
SATURATION, USUAL = 1.2, 20.0


def fit(text: str, language: str | None, terms: tuple[Term, ...]) -> float:
    """How well a text that has the terms fits them: a word as it was asked for counts more than inflected, and that more than inside another.

    Often said counts more, but ever less so, and in a short text more than in a long one (Robertson and Zaragoza 2009, 3.4, without how rare a word
    is: that would depend on texts that the reader may not see).
    """
    rules, there = ruled(language), tokens(text)
    length = 0.25 + 0.75 * len(there) / USUAL
    found = 0.0
    for term in terms:
        wanted = {folded_word(w) for w in term.words}
        mine = {s for w in wanted for s in stems(w, rules)}
        often = sum(_alike(t, wanted, mine, rules) for t in there) / EXACT or INSIDE / EXACT
        found += often / (often + SATURATION * length)
    return found


def _alike(token: str, wanted: set[str], mine: set[str], rules: str) -> float:
    if token in wanted:
        return EXACT
    if not mine.isdisjoint(stems(token, rules)):
        return INFLECTED
    return INSIDE * any(word in token for word in wanted)


def _stemmer(language: str) -> "snowballstemmer.stemmer":
    """The rules of a language, for this thread: a stemmer keeps its place in the word that it is at."""
    made: dict[str, object] = _HERE.__dict__.setdefault("stemmers", {})
    if language not in made:
        made[language] = snowballstemmer.stemmer(ALGORITHMS[language])
    return made[language]
