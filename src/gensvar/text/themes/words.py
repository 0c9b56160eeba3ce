"""The telling words of each group of texts, in each of its languages: those that its texts have far more often than the other texts of that language.

Log-odds with an informative Dirichlet prior (Monroe, Colaresi & Quinn 2008, Political Analysis 16:372, eq. 16 and 22), over how many texts have a
word or two words side by side. Names, numbers, placeholders and words that say nothing are left out; a stem is shown as it is most often written.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log, sqrt
from typing import Final

from gensvar.text.stems import ALGORITHMS, folded_word, ruled
from gensvar.text.stopwords import stopwords
from gensvar.text.wording import bare, content, wording

LEAST_TEXTS: Final = 4  # of a language, for a group to have words in it
LEAST_OF: Final = 0.1  # share of the group's texts that must have a word
SURE: Final = 1.96
MOST: Final = 4
PRIOR: Final = 10.0  # texts that the prior weighs
_WORD: Final = re.compile(r"[^\W\d_]+|\S")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The texts of one language. terms: of each, its stems and pairs of stems; forms: term → how it is most often written; counts: term → texts."""

    terms: tuple[frozenset[str], ...]
    forms: Mapping[str, str]
    counts: Counter[str]

    @classmethod
    def of(cls, texts: Sequence[str], language: str) -> "Lexicon":
        single = wording(texts, language)
        pairs = [_pairs(text, language, single.forms) for text in texts]
        written: dict[str, Counter[str]] = defaultdict(Counter)
        for found in pairs:
            for term, form in found.items():
                written[term][form] += 1
        forms = {**single.forms, **{term: max(each.items(), key=lambda pair: (pair[1], pair[0]))[0] for term, each in written.items()}}
        empty = frozenset().union(*map(stopwords, ALGORITHMS)) if ruled(language) == "-" else frozenset()
        terms = tuple((one | found.keys()) - empty for one, found in zip(single.stems, pairs, strict=True))
        return cls(terms, forms, Counter(term for one in terms for term in one))

    def telling(self, places: Sequence[int]) -> tuple[str, ...]:
        """At most MOST terms as they are written, the most telling first, none of which says what an earlier one says."""
        inside = Counter(term for at in places for term in self.terms[at])
        least = max(2, LEAST_OF * len(places))
        scores = {term: self._score(term, k, len(places)) for term, k in inside.items() if k >= least}
        chosen: list[str] = []
        for term in sorted(scores, key=lambda t: (-scores[t], t)):
            if scores[term] >= SURE and not any(set(term.split()) & set(one.split()) for one in chosen):
                chosen.append(term)
        return tuple(self.forms[term] for term in chosen[:MOST])

    def _score(self, term: str, k: int, n: int) -> float:
        """How many standard errors the log-odds of the group lie above those of the other texts."""
        others, rest = len(self.terms) - n, self.counts[term] - k
        prior = PRIOR * self.counts[term] / len(self.terms)
        mine, theirs = k + prior, rest + prior
        gap = log(mine / (n + PRIOR - mine)) - log(theirs / (others + PRIOR - theirs)) if n + PRIOR > mine and others + PRIOR > theirs else 0.0
        return gap / sqrt(1 / mine + 1 / theirs)


def _pairs(text: str, language: str, known: Mapping[str, str]) -> dict[str, str]:
    """Pairs of stems that stand side by side, as they are written there."""
    words = [(folded_word(word), content(word, language)) for word in _WORD.findall(bare(text))]
    return {
        f"{a[0]} {b[0]}": f"{first} {second}" for (first, a), (second, b) in pairwise(words) if a and b and a[0] in known and b[0] in known and a != b
    }


def words_of(texts: Sequence[str], languages: Sequence[str], groups: Sequence[Sequence[int]]) -> list[dict[str, tuple[str, ...]]]:
    """For each group (places of its texts) language → its telling words, the language of most of its texts first."""
    places: dict[str, list[int]] = defaultdict(list)
    for at, language in enumerate(languages):
        places[language].append(at)
    lexicons = {code: Lexicon.of([texts[at] for at in there], code) for code, there in places.items()}
    inside = {at: i for there in places.values() for i, at in enumerate(there)}
    found: list[dict[str, tuple[str, ...]]] = []
    for group in groups:
        spoken = Counter(languages[at] for at in group)
        said = {
            code: lexicons[code].telling([inside[at] for at in group if languages[at] == code])
            for code, n in spoken.most_common()
            if n >= LEAST_TEXTS
        }
        found.append({code: words for code, words in said.items() if words})
    return found
