"""themes: what many texts say that nobody has named. Reads: texts and their vectors. Writes: nothing. Promises: shows only what halves find again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from gensvar.text.compact import unpacked
from gensvar.text.themes.cluster import Groups, Vectors, groups
from gensvar.text.themes.matching import Known, matched
from gensvar.text.themes.words import words_of

LEAST_TEXTS: Final = 200  # below this two halves are too small to find anything again
LEAST_MEMBERS: Final = 8
HELD: Final = 0.55  # of Jaccard's likeness, in both halves of every halving, for a group to be shown
SURE: Final = 0.5  # share of a text's nearest that must be in its group for the text to count as one of it
MOST_QUOTES: Final = 40
READABLE: Final = range(25, 320)  # signs of a text that is quoted gladly
LEAST_OF_LANGUAGE: Final = 100  # texts; the mean of fewer is that of what they say, too
_ALIKE: Final = 0.97


@dataclass(frozen=True, slots=True)
class Found:
    """One theme. members: places of its texts, the most typical first; quotes: some of them, typical, readable and not alike.

    centre: packed later; unit length, from the means of the languages. held: how well halves find it again. words: language → telling words.
    """

    members: tuple[int, ...]
    quotes: tuple[int, ...]
    centre: Vectors
    held: float
    words: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Search:
    """themes: those that halves find again, the largest first. groups: how many there were; loose: share of the texts that are in none shown."""

    themes: tuple[Found, ...]
    groups: int
    loose: float


def search(texts: Sequence[str], languages: Sequence[str], vectors: Sequence[bytes], seed: int = 0) -> Search:
    """The themes of at least LEAST_TEXTS texts, each once, with their packed vectors. A group without telling words is none, nor one of
    exclamations.
    """
    points = unpacked(list(vectors))
    from_mean = from_language(points, languages)
    found = groups(from_mean, seed)
    shown = [(group, members) for group, members in _shown(found) if _tells(texts, members.tolist())]
    said = words_of(texts, languages, [members.tolist() for _, members in shown])
    themes = [
        _theme(texts, points, from_mean, members, float(found.held[group]), words)
        for (group, members), words in zip(shown, said, strict=True)
        if words
    ]
    themes.sort(key=lambda one: -len(one.members))
    return Search(tuple(themes), len(found.held), 1 - sum(len(one.members) for one in themes) / len(texts))


def from_language(points: Vectors, languages: Sequence[str]) -> Vectors:
    """The vectors from the mean of their language, so that texts lie together by what they say and not by the tongue that they say it in.

    A language of few texts, and an unknown one, are taken from the mean of all.
    """
    made: Vectors = points - points.mean(axis=0)
    spoken = np.array(languages)
    for language, count in zip(*np.unique(spoken, return_counts=True), strict=True):
        if language and count >= LEAST_OF_LANGUAGE:
            made[spoken == language] = points[spoken == language] - points[spoken == language].mean(axis=0)
    return made


def _shown(found: Groups) -> Iterator[tuple[int, np.ndarray[tuple[int], np.dtype[np.intp]]]]:
    """Groups that are found again, and large enough, with the places of the texts that surely are of them."""
    for group, held in enumerate(found.held):
        members = np.flatnonzero((found.of == group) & (found.sure >= SURE))
        if held >= HELD and len(members) >= LEAST_MEMBERS:
            yield group, members


def _tells(texts: Sequence[str], members: Sequence[int]) -> bool:
    """Whether most are long enough to be quoted: “super”, “bra” and “ok” lie together, and name nothing."""
    return 2 * sum(len(texts[at]) >= READABLE.start for at in members) >= len(members)


def _theme(
    texts: Sequence[str], points: Vectors, from_mean: Vectors, members: np.ndarray[tuple[int], np.dtype[np.intp]], held: float,
    words: dict[str, tuple[str, ...]],
) -> Found:  # fmt: skip
    centre = from_mean[members].mean(axis=0)
    centre /= np.linalg.norm(centre)
    ordered = members[np.argsort(-(from_mean[members] @ centre), kind="stable")]
    return Found(tuple(ordered.tolist()), tuple(_quotes(texts, points, ordered.tolist())), centre, held, words)


def _quotes(texts: Sequence[str], points: Vectors, ordered: Sequence[int]) -> list[int]:
    """The most typical that are readable, none nearly the same as an earlier one; then, where that leaves too few, the others."""
    chosen: list[int] = []
    for at in ordered:
        if len(chosen) == MOST_QUOTES:
            break
        if len(texts[at]) in READABLE and (not chosen or float((points[chosen] @ points[at]).max()) < _ALIKE):
            chosen.append(at)
    rest = [at for at in ordered if at not in set(chosen)]
    return [*chosen, *rest][:MOST_QUOTES]


__all__ = ["HELD", "LEAST_OF_LANGUAGE", "LEAST_TEXTS", "Found", "Groups", "Known", "Search", "from_language", "groups", "matched", "search"]
