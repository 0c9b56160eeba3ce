"""Ranking: which of many names a few letters mean. Letters count without their marks and their case."""

import unicodedata
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from typing import TypeVar

T = TypeVar("T")
NOT = 9
LONGEST = 200


def folded(text: str) -> str:
    """Letters without case and without marks, words with one space between them.

    >>> folded("  Åbo  Möbler ")
    'abo mobler'
    """
    whole = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text.casefold()).casefold())
    plain = "".join(c for c in whole if not unicodedata.combining(c))
    return " ".join(plain.replace("ø", "o").replace("æ", "ae").split())


def rank(wanted: str, name: str) -> int:
    """0: the name itself; 1: it begins so; 2: one of its words does; 3: all the words wanted are in it; NOT: none of these. Both folded."""
    if not wanted:
        return NOT
    if name == wanted:
        return 0
    if name.startswith(wanted):
        return 1
    if f" {wanted}" in f" {name}".replace(".", " ").replace("-", " "):
        return 2
    return 3 if all(word in name for word in wanted.split()) else NOT


def best(wanted: str, of: Iterable[T], name: Callable[[T], str], most: int) -> list[T]:
    """At most so many, the closest first; where nothing fits, what is spelled nearly so."""
    if len(wanted) > LONGEST:
        return []
    seek, named = folded(wanted), [(folded(name(one)), one) for one in of]
    fitting = sorted((rank(seek, text), len(text), i) for i, (text, _) in enumerate(named) if rank(seek, text) < NOT)
    if fitting or len(seek) < len("abc"):
        return [named[i][1] for _, _, i in fitting[:most]]
    near = get_close_matches(seek, [text for text, _ in named], n=1, cutoff=0.75)
    return [one for text, one in named if text in near][:1]
