"""Few-shot without vectors: a topic known by the words of its examples, and by words that always mean it. For the fast path."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import numpy as np
from scipy import sparse

from gensvar.text.hashing import features
from gensvar.text.learning import Floats

SIZE: Final = 1 << 18
FALSE_ALARM: Final = 0.002
FIRM: Final = 0.2  # at least so alike must a text be to the examples, as a cosine
_CLOSE: Final = 12.0


@cache
def corpus() -> tuple[str, ...]:
    """The texts of the corpus that ships, in all its languages: what other topics look like."""
    folder = files("gensvar.text") / "corpus"
    tables = (entry.read_text("utf-8").splitlines() for entry in sorted(folder.iterdir(), key=lambda e: e.name) if entry.name.endswith(".tsv"))
    return tuple(line.rpartition("\t")[2] for table in tables for line in table if line.strip())


@cache
def _rarity() -> Floats:
    """For each place of the table, how much a feature there says: the fewer texts of the corpus have it, the more."""
    counted = np.asarray((_table(corpus()) > 0).sum(axis=0)).ravel()
    return np.asarray(np.log((len(corpus()) + 1) / (counted + 1)) + 1, np.float32)


def _table(texts: Sequence[str]) -> Any:
    found = features(texts, SIZE)
    table = sparse.csr_matrix((np.ones(len(found.places), np.float32), found.places, found.ends), shape=(len(texts), SIZE))
    table.sum_duplicates()
    return table


def _weighed(texts: Sequence[str]) -> Any:
    """texts × SIZE, sparse, each row of length 1."""
    table = _table(texts)
    table.data = (1 + np.log(table.data)) * _rarity()[table.indices]
    lengths = np.sqrt(np.asarray(table.multiply(table).sum(axis=1)).ravel())
    return sparse.diags(1 / np.maximum(lengths, 1e-9)) @ table


@cache
def _background() -> Any:
    return _weighed(corpus())


@dataclass(frozen=True, slots=True, eq=False)
class FewWords:
    """names: the topics. examples: theirs, sparse; owner: whose each is. cuts: how alike a text must be. terms: pattern of its words."""

    names: tuple[str, ...]
    examples: Any
    owner: tuple[int, ...]
    cuts: tuple[float, ...]
    alarms: tuple[float, ...]
    terms: tuple[re.Pattern[str] | None, ...]

    def probabilities(self, texts: Sequence[str]) -> Floats:
        """texts × topics, 0…1: 0.5 at the cut, 1 where one of its words stands."""
        alike = _alike(_weighed(texts), self.examples, self.owner, len(self.names))
        found = 1 / (1 + np.exp(-_CLOSE * (alike - np.asarray(self.cuts, np.float32))))
        for k, pattern in enumerate(self.terms):
            if pattern is not None:
                found[[pattern.search(_plain(text)) is not None for text in texts], k] = 1.0
        return np.asarray(found, np.float32)


def few_words(examples: Mapping[str, Sequence[str]], terms: Mapping[str, Sequence[str]]) -> FewWords:
    """Each topic by the words of its examples, against the corpus that ships; a topic may have words alone."""
    names = tuple(examples)
    owner = tuple(k for k, name in enumerate(names) for _ in examples[name])
    texts = [text for name in names for text in examples[name]]
    shown = _weighed(texts) if texts else sparse.csr_matrix((0, SIZE), dtype=np.float32)
    behind = _alike(_background(), shown, owner, len(names))
    cuts = tuple(max(FIRM, float(np.quantile(behind[:, k], 1 - FALSE_ALARM))) for k in range(len(names)))
    alarms = tuple(float((behind[:, k] >= cut).mean()) for k, cut in enumerate(cuts))
    return FewWords(names, shown, owner, cuts, alarms, tuple(_pattern(terms.get(name, ())) for name in names))


def _alike(texts: Any, examples: Any, owner: Sequence[int], count: int) -> Floats:
    """texts × topics: the mean of how alike a text is to the nearest example of the topic, and to all of them together."""
    out = np.zeros((texts.shape[0], count), np.float32)
    owners = np.asarray(owner, np.int64)
    for k in range(count):
        mine = examples[owners == k]
        if mine.shape[0]:
            cosines = np.asarray((texts @ mine.T).todense(), np.float32)
            middle = cosines.sum(1) / max(float(np.sqrt(mine.sum(axis=0).A.ravel() @ mine.sum(axis=0).A.ravel())), 1e-9)
            out[:, k] = (cosines.max(1) + middle) / 2
    return out


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()


def _pattern(words: Sequence[str]) -> re.Pattern[str] | None:
    """Any of the words, at the beginning of a word, whatever its ending."""
    if not words:
        return None
    return re.compile(r"(?<![^\W_])(?:" + "|".join(re.escape(_plain(w)).replace(r"\ ", r"\s+") for w in words) + ")")
