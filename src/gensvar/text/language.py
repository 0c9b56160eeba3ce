"""language: which language a text is in. Reads: texts. Writes: nothing. Promises: “unknown” rather than a guess; the same answer for the same text.

Words and pieces of words (`hashing`) vote under a linear model of ten languages; where two are near each other, py3langid's model votes too.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

import numpy as np
import pyarrow as pa
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from gensvar.text.hashing import features
from gensvar.text.learning import Floats, softmax
from gensvar.text.student import spread_out

LANGUAGES: Final = ("sv", "nb", "da", "fi", "en", "de", "fr", "nl", "es", "pt")
UNSURE: Final = 0.35  # below this, the best guess is wrong more often than right
_NEAR: Final = 0.8  # below this, the second model is asked too
_TRUST: Final = 0.8  # the second model's weight beside the first
_MOST_SIGNS: Final = 400
_THEIRS: Final = {"no": "nb", "nn": "nb"}
_NOT_WORDS: Final = re.compile(r"https?://\S+|www\.\S+|[\w.+-]+@[\w-]+\.\S+|[@#]\w+|\[[^\]]*\]|<[^>]*>|\d+")
_WORD: Final = re.compile(r"[^\W\d_]{2,}")
_NOT_LATIN: Final = "\u0250"


OF_MARKET: Final[Mapping[str, Mapping[str, float]]] = {
    "SE": {"sv": 0.9}, "NO": {"nb": 0.9}, "DK": {"da": 0.9}, "FI": {"fi": 0.84, "sv": 0.06}, "GB": {"en": 0.95},
    "IE": {"en": 0.95}, "US": {"en": 0.9, "es": 0.06}, "DE": {"de": 0.9}, "AT": {"de": 0.9}, "CH": {"de": 0.6, "fr": 0.22}, "FR": {"fr": 0.9},
    "NL": {"nl": 0.88}, "BE": {"nl": 0.5, "fr": 0.38}, "ES": {"es": 0.9}, "MX": {"es": 0.9}, "PT": {"pt": 0.9}, "BR": {"pt": 0.92},
}  # fmt: skip
"""How common the languages of a market are among what is written there, roughly: it decides where the words fit several."""
_EVEN: Final = np.array([0.8 if one == "da" else 0.0 for one in LANGUAGES], np.float32)  # there was least Danish to learn from


@dataclass(frozen=True, slots=True)
class Guess:
    """language: of LANGUAGES, or None where the text does not say. probability: of that language, 0 where None for want of words."""

    language: str | None
    probability: float


@dataclass(frozen=True, slots=True)
class _Model:
    weights: Floats  # places × languages
    bias: Floats


@cache
def _model() -> _Model:
    with resources.as_file(resources.files("gensvar.text.models") / "language.npz") as file, np.load(file) as kept:
        return _Model(kept["codes"].astype(np.float32) * kept["scale"].astype(np.float32), kept["bias"].astype(np.float32))


@cache
def _second() -> Any:
    """py3langid, limited to what we know; Norwegian as a whole."""
    found = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    found.set_languages([*(one for one in LANGUAGES if one != "nb"), "no", "nn"])
    return found


def bare(text: str) -> str:
    """The text without links, handles, tags, markup, placeholders and numbers, which are in no language.

    >>> bare("@Tåg hej [e-post] https://x.se/a 12")
    'hej'
    """
    return " ".join(_NOT_WORDS.sub(" ", text[: 4 * _MOST_SIGNS]).split())[:_MOST_SIGNS]


def scores(texts: Sequence[str]) -> Floats:
    """texts × LANGUAGES: shares that sum to 1, by the linear model alone. texts: bare."""
    model = _model()
    spread = spread_out(features(texts, len(model.weights)), len(model.weights))
    length = np.sqrt(np.maximum(np.asarray(spread.sum(1)), 1))
    return softmax(np.asarray((spread @ model.weights) / length + model.bias + _EVEN, np.float32))


def detect(texts: Sequence[str], among: Sequence[str] = LANGUAGES, prior: Mapping[str, float] | None = None) -> list[Guess]:
    """The language of each text, in their order.

    among: the languages it may be. prior: how common each is where the texts come from (a source, a form); any positive numbers.

    >>> [g.language for g in detect(["Varför svarar ingen i telefonen?", "12:30 :-)"])]
    ['sv', None]
    """
    if not texts:
        return []
    cleaned = [bare(t) for t in texts]
    found = np.log(scores(cleaned) + 1e-6)
    open_ = np.array([0.0 if one in among else -np.inf for one in LANGUAGES], np.float32)
    usual = np.log(np.array([(prior or {}).get(one, 1.0 if prior is None else 1e-3) for one in LANGUAGES], np.float32))
    shares = softmax(np.asarray(found + open_ + usual, np.float32))
    near = np.flatnonzero(shares.max(1) < _NEAR)
    if len(near):
        theirs = np.log(np.array([_by_second(cleaned[i]) for i in near.tolist()], np.float32) + 1e-4)
        shares[near] = softmax(np.asarray(found[near] + _TRUST * theirs + open_ + usual, np.float32))
    best = shares.argmax(1).tolist()
    return [_guess(text, LANGUAGES[k], float(row[k])) for text, k, row in zip(cleaned, best, shares, strict=True)]


def prior_of(market: str | None) -> Mapping[str, float] | None:
    """How common each language is in a market; half of the rest is English. None where the market is not known.

    >>> round(prior_of("NO")["nb"], 2), round(prior_of("NO")["en"], 2), prior_of("Region 4")
    (0.9, 0.05, None)
    """
    usual = OF_MARKET.get(market or "")
    if usual is None:
        return None
    rest, others = 1 - sum(usual.values()), [one for one in LANGUAGES if one not in usual]
    english = rest / 2 if "en" in others else 0.0
    each = (rest - english) / sum(one != "en" for one in others)
    return {**dict.fromkeys(others, each), **({"en": english} if english else {}), **usual}


def spoken(texts: pa.Array, told: pa.Array, market: pa.Array, among: Sequence[str]) -> pa.Array:
    """The language of each text: as it was told, else as it is found out, the market heeded; null where neither says.

    >>> spoken(pa.array(["Super service", "Super service", "?"]), pa.nulls(3, pa.string()), pa.array(["DK", "GB", "SE"]), LANGUAGES).to_pylist()
    ['da', 'en', None]
    """
    if told.null_count == 0 or not among:
        return told
    found, asked = told.to_pylist(), dict[str | None, list[int]]()
    words, markets = texts.to_pylist(), market.to_pylist()
    for at, text in enumerate(words):
        if text and found[at] is None:
            asked.setdefault(markets[at], []).append(at)
    for where, places in asked.items():
        for at, guess in zip(places, detect([words[at] for at in places], among, prior_of(where)), strict=True):
            found[at] = guess.language
    return pa.array(found, pa.string())


def _guess(text: str, language: str, share: float) -> Guess:
    letters = "".join(_WORD.findall(text))
    if not letters or (max(letters) >= _NOT_LATIN and sum(c < _NOT_LATIN for c in letters) < 0.6 * len(letters)):
        return Guess(None, 0.0)
    return Guess(language if share >= UNSURE else None, round(share, 4))


def _by_second(text: str) -> list[float]:
    found = dict.fromkeys(LANGUAGES, 0.0)
    for code, share in _second().rank(text):
        found[_THEIRS.get(code, code)] += float(share)
    return [found[one] for one in LANGUAGES]
