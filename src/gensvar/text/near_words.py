"""Words that are written almost alike: what was perhaps meant where nobody wrote what was searched for."""

from collections.abc import Iterable
from typing import Final

SHORTEST: Final = 4
LONG: Final = 8  # letters from which on two slips are forgiven


def nearest_words(word: str, known: Iterable[tuple[str, int]]) -> list[str]:
    """The known words (each with how often it is said) at most one slip away, two of a long word; the nearest and most frequent first.

    >>> nearest_words("levrans", [("leverans", 9), ("levande", 40), ("leveranser", 2)])
    ['leverans']
    """
    if len(word) < SHORTEST:
        return []
    most = 2 if len(word) >= LONG else 1
    found = [(slips(word, other, most), -often, other) for other, often in known if abs(len(other) - len(word)) <= most and other != word]
    return [other for far, _, other in sorted(found) if far <= most]


def slips(one: str, other: str, most: int) -> int:
    """How many letters were left out, added, changed or swapped with the next; more than `most` as most + 1 (Damerau 1964, restricted).

    >>> slips("kundtjänst", "kudntjänst", 2), slips("bra", "dålig", 2)
    (1, 3)
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        last, before = before, row
        row = [i]
        for j, there in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != there))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == there:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)
