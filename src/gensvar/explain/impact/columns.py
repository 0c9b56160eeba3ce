"""Which topics and tones have a number of their own: those that enough answers of enough people hold. The rest is counted as the rarer ones."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from gensvar.explain.impact.found import Few, Tone
from gensvar.explain.impact.sums import Counted
from gensvar.stats.impact import LEAST_BLOCKS, Numbers, Sums

SIGNS: Final[dict[str, Tone]] = {"-": "negative", "0": "neutral", "+": "positive"}


@dataclass(frozen=True, slots=True)
class Column:
    """A feature with a slope of its own: a topic in one tone, or in all (tone None). terms: places among what was counted."""

    topic: str
    tone: Tone | None
    terms: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """columns, and after them one for all that is rarer. few: topics without a number of their own, with their answers. terms: how many there are.

    rest: places of the terms in the last column; none where so few speak of them all that not even together may they be told of.
    """

    columns: tuple[Column, ...]
    few: tuple[Few, ...]
    terms: int
    rest: tuple[int, ...]

    @property
    def topics(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(c.topic for c in self.columns))

    def of(self, topic: str) -> list[int]:
        """The places of a topic's columns."""
        return [at for at, c in enumerate(self.columns) if c.topic == topic]

    def fold(self) -> Numbers:
        """(terms, columns + 1): which column each term is part of; the last is that of the rarer ones. What is in none is left to the baseline."""
        weights = np.zeros((self.terms, len(self.columns) + 1))
        for at, column in enumerate(self.columns):
            weights[list(column.terms), at] = 1.0
        weights[list(self.rest), -1] = 1.0
        return weights


def columns_of(counted: Counted, least: int, group: int = 1) -> Columns:
    """A tone of a topic where enough speak so of it; the topic as a whole where only all its tones together are enough.

    group: the fewest answers that the rarer ones, too, must have to be told of.
    """
    made: list[Column] = []
    few: list[Few] = []
    for topic in dict.fromkeys(term[:-1] for term in counted.terms):
        terms = counted.of(topic)
        own = list(_own(topic, terms, counted, least))
        made += own
        if not own:
            few.append(Few(topic, counted.answers(terms)))
    taken = {at for column in made for at in column.terms}
    rest = tuple(at for at in range(len(counted.terms)) if at not in taken)
    told = rest if _at_least(counted.sums, rest) >= group else ()
    return Columns(tuple(made), tuple(sorted(few, key=lambda f: (-f.n, f.id))), len(counted.terms), told)


def _at_least(sums: Sums, terms: Sequence[int]) -> float:
    """How many answers hold one of these terms, or fewer: (Σ m)² ÷ Σ m² for answers that hold m of them each (Cauchy–Schwarz)."""
    held, squares = sums.x[:, :, list(terms)].sum(), sums.xx[:, list(terms)][:, :, list(terms)].sum()
    return float(held**2 / squares) if squares else 0.0


def _own(topic: str, terms: list[int], counted: Counted, least: int) -> Iterator[Column]:
    toned = [at for at in terms if _enough(counted.sums, [at], least)]
    for at in toned:
        yield Column(topic, SIGNS[counted.terms[at][-1]], (at,))
    if not toned and _enough(counted.sums, terms, least):
        yield Column(topic, None, tuple(terms))


def _enough(sums: Sums, terms: list[int], least: int) -> bool:
    """Whether enough answers hold one of these, in enough blocks that no few people speak for all."""
    by_block = sums.x[:, :, terms].sum(axis=(1, 2))
    return bool(by_block.sum() >= least and (by_block > 0).sum() >= LEAST_BLOCKS)
