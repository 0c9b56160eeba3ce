"""Which words and phrases are tested: the vocabulary of each language, brought back to its stems, without words that say nothing by themselves."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import pyarrow as pa

from gensvar.explain.outcomes.found import TermKind
from gensvar.explain.outcomes.judging import Term
from gensvar.text.stems import folded_word, ruled, stems
from gensvar.text.stopwords import stopwords

LEAST_TEXTS: Final = 30  # with a term; with fewer, ten events are never expected of them
MOST_WORDS, MOST_PHRASES, MOST_FORMS = 10_000, 3_000, 300_000
SHORTEST: Final = 3  # letters of a word


@dataclass(frozen=True, slots=True)
class Lexicon:
    """terms, by number; forms: language, token, term: every way in which a term is written."""

    terms: tuple[Term, ...]
    forms: pa.Table


def lexicon(rows: Iterable[tuple[str | None, str, int]], kind: TermKind, most: int, first: int = 0) -> Lexicon:
    """rows: (language, token, texts); a token of a phrase has a space. The commonest terms are kept, and numbered from `first`.

    A term is named by its commonest form. What has no rules for its language, or a word without meaning of its own, is left out.
    """
    texts: Counter[tuple[str, str]] = Counter()
    forms: dict[tuple[str, str], list[tuple[int, str, str]]] = {}
    for language, token, n in rows:
        rules = ruled(language)
        stem = _stem(token, rules)
        if stem:
            texts[rules, stem] += n
            forms.setdefault((rules, stem), []).append((n, language or "", token))
    chosen = [key for key, n in sorted(texts.items(), key=lambda pair: (-pair[1], pair[0])) if n >= LEAST_TEXTS][:most]
    made = tuple(Term(f"{kind}:{rules}:{stem}", kind, {rules: max(forms[rules, stem])[2]}, rules, texts[rules, stem]) for rules, stem in chosen)
    written = [(language, token, first + at) for at, key in enumerate(chosen) for _, language, token in forms[key]]
    kinds = {"language": pa.string(), "token": pa.string(), "term": pa.int32()}
    return Lexicon(made, pa.table({name: pa.array([row[at] for row in written], kind) for at, (name, kind) in enumerate(kinds.items())}))


def _stem(token: str, rules: str) -> str:
    """The stem of a word, or those of a phrase with a space between; empty for what is no term.

    >>> _stem("leveranserna", "sv"), _stem("dåligt bemötande", "sv"), _stem("och", "sv"), _stem("the delivery", "en")
    ('leverans', 'dål bemöt', '', '')
    """
    words = [folded_word(word) for word in token.split(" ")]
    if any(len(word) < SHORTEST or word in stopwords(rules) for word in words):
        return ""
    found = [stems(word, rules) for word in words]
    return " ".join(one[0] for one in found) if all(found) else ""
