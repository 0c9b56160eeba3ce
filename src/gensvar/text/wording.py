"""Texts as the words that they are made of: stems without placeholders, numbers, names, and words that say nothing."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain
from typing import Final

from gensvar.text.redact.names import lexicon
from gensvar.text.stems import folded_word, ruled, stems
from gensvar.text.stopwords import stopwords

PLACEHOLDER: Final = re.compile(r"\[[^\[\]\n]{1,40}\]")
_LINK: Final = re.compile(r"\S*(?:://|www\.|@)\S*")
_LINKED: Final = ("://", "www.", "@")
_WORD: Final = re.compile(r"[^\W\d_]+")
_SHORTEST: Final = 3
_NAME_SHARE: Final = 0.6  # of its places inside sentences: from there on a word that begins with a capital is taken for a name
_NOUNS_HAVE_CAPITALS: Final = frozenset({"de"})


@dataclass(frozen=True, slots=True)
class Wording:
    """Texts of one language. stems: of each text, in their order, each once; forms: stem → how it is most often written, in small letters."""

    stems: tuple[frozenset[str], ...]
    forms: Mapping[str, str]

    @property
    def counts(self) -> Counter[str]:
        """Stem → how many texts have it."""
        return Counter(stem for one in self.stems for stem in one)


def bare(text: str) -> str:
    """The text with blanks where placeholders and links stood.

    >>> bare("Ring [phone] nu, se www.example.com").split()
    ['Ring', 'nu,', 'se']
    """
    plain = PLACEHOLDER.sub(" ", text) if "[" in text else text
    return _LINK.sub(" ", plain) if any(sign in plain for sign in _LINKED) else plain


def content(text: str, language: str | None) -> list[str]:
    """The stems of the words that say something, in their order; names are still among them.

    >>> content("Leveranserna var för sena, [name]!", "sv")
    ['leverans', 'sen']
    """
    rules = ruled(language)
    return [stem for word in _WORD.findall(bare(text)) if (stem := _said(word, rules)[1])]


def wording(texts: Sequence[str], language: str | None) -> Wording:
    """The words of many texts, without names: those that people are given, and, but for German, words that nearly always have a capital inside
    sentences.
    """
    rules = ruled(language)
    plain = [bare(text) for text in texts]
    written = [_WORD.findall(text) for text in plain]
    often = Counter(chain.from_iterable(written))
    known = {each: told for each in often if (told := _told(each, rules))[1]}
    forms: dict[str, dict[str, int]] = defaultdict(dict)
    for each, (word, stem) in known.items():
        forms[stem][word] = forms[stem].get(word, 0) + often[each]
    names = frozenset[str]() if rules in _NOUNS_HAVE_CAPITALS else _names(plain, known)
    shown = {stem: max(each.items(), key=lambda pair: (pair[1], pair[0]))[0] for stem, each in forms.items() if stem not in names}
    stem_of = {each: stem for each, (_, stem) in known.items() if stem not in names}
    return Wording(tuple(frozenset(stem_of[each] for each in words if each in stem_of) for words in written), shown)


def _told(written: str, rules: str) -> tuple[str, str]:
    """The same as `_said`, but that a name which people are given says nothing."""
    word, stem = _said(written, rules)
    return word, "" if stem and written[0].isupper() and word in _given() else stem


def _names(plain: Sequence[str], known: Mapping[str, tuple[str, str]]) -> frozenset[str]:
    """The stems of the words that nearly always begin with a capital where they stand inside sentences."""
    inside, capital = Counter[str](), Counter[str]()
    begins = {each: stem for each, (_, stem) in known.items() if each[0].isupper() and not (len(each) > 1 and each.isupper())}
    suspects = frozenset(begins.values())
    watched = {each: stem for each, (_, stem) in known.items() if stem in suspects}
    for text in plain:
        for m in _WORD.finditer(text):
            stem = watched.get(m[0])
            if stem and _is_inside(text, m.start()):
                inside[stem] += 1
                capital[stem] += m[0] in begins
    return frozenset(s for s, n in inside.items() if capital[s] >= _NAME_SHARE * n)


Forms = tuple[frozenset[str], ...]


def spoken(text: str, language: str | None) -> Forms:
    """Each word of a text, in its order, as it is written and as its stem."""
    rules = ruled(language)
    return tuple(_forms(word, rules) for word in _WORD.findall(bare(text)))


def uses(said: Forms, wanted: Sequence[Forms]) -> bool:
    """Whether what is said has any of these words, in any of their forms; several words must stand together. Both are made by `spoken`.

    >>> uses(spoken("De är pålitliga", "sv"), [spoken("pålitlig", "sv")]), uses(spoken("lätt att bära", "sv"), [spoken("lätt att använda", "sv")])
    (True, False)
    """
    return any(_stand_together(said, one) for one in wanted)


def _stand_together(said: Forms, wanted: Forms) -> bool:
    if not wanted:
        return False
    spans = range(len(said) - len(wanted) + 1)
    return any(all(not said[at + i].isdisjoint(one) for i, one in enumerate(wanted)) for at in spans)


@cache
def _given() -> frozenset[str]:
    """Names that people are given and that are no words, folded."""
    return frozenset(map(folded_word, lexicon().given))


@lru_cache(maxsize=200_000)
def _said(written: str, rules: str) -> tuple[str, str]:
    """A word in the letters that it is searched as, and its stem; that is empty where the word says nothing."""
    word = folded_word(written)
    if len(word) < _SHORTEST or word in stopwords(rules):
        return word, ""
    found = stems(word, rules)
    return word, found[0] if found else word


@lru_cache(maxsize=200_000)
def _forms(written: str, rules: str) -> frozenset[str]:
    word = folded_word(written)
    return frozenset((word, *stems(word, rules)))


def _is_inside(text: str, at: int) -> bool:
    """Whether a word stands inside a sentence: behind another word or a comma."""
    before = text[max(0, at - 3) : at].rstrip(" ")
    return bool(before) and (before[-1].isalpha() or before[-1] in ",;") and text[at - 1] == " "
