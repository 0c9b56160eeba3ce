"""Which topics moved when texts were read again: counted from the rows before and after, which who reads has in hand. The counts add."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

import pyarrow as pa

from gensvar.contracts.topics import parent_of
from gensvar.enrich.understanding import but_for_topics

NOWHERE: Final = ""
"""Where a text went that lost a topic and got no other."""
MOST_MOVES: Final = 200  # that are kept of one reading: the largest, since nobody reads on
Kind = tuple[frozenset[str], frozenset[str], bool]
"""Topics before, topics now, and whether another reader read it than before."""


@dataclass(frozen=True, slots=True)
class Shift:
    """Texts of one topic. before: that had it; came: that got it; went: that lost it."""

    before: int = 0
    came: int = 0
    went: int = 0

    def __add__(self, other: Self) -> "Shift":
        return Shift(self.before + other.before, self.came + other.came, self.went + other.went)

    @property
    def now(self) -> int:
        """How many have it now."""
        return self.before + self.came - self.went

    @property
    def moved(self) -> int:
        return self.came + self.went


@dataclass(frozen=True, slots=True)
class Shifts:
    """texts: how many were read; a text that is read twice counts twice. moved: those with other topics than before.

    anew: those that were read by another reader than before, whatever the topics in force: topics move by that, too.
    moves: (from, to) → texts that lost the one and got the other.
    """

    texts: int = 0
    moved: int = 0
    anew: int = 0
    topics: Mapping[str, Shift] = field(default_factory=dict)
    moves: Mapping[tuple[str, str], int] = field(default_factory=dict)

    def __add__(self, other: Self) -> "Shifts":
        nothing = Shift()
        topics = {name: self.topics.get(name, nothing) + other.topics.get(name, nothing) for name in {*self.topics, *other.topics}}
        moves = {pair: self.moves.get(pair, 0) + other.moves.get(pair, 0) for pair in {*self.moves, *other.moves}}
        return Shifts(self.texts + other.texts, self.moved + other.moved, self.anew + other.anew, topics, moves)

    def as_json(self) -> dict[str, Any]:
        """Plain types, for the ledger; of the moves the largest."""
        topics = {name: [s.before, s.came, s.went] for name, s in sorted(self.topics.items())}
        moves = [[*pair, n] for pair, n in sorted(self.moves.items(), key=lambda one: (-one[1], one[0]))[:MOST_MOVES]]
        return {"texts": self.texts, "moved": self.moved, "anew": self.anew, "topics": topics, "moves": moves}

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> "Shifts":
        """What `as_json` wrote."""
        topics = {name: Shift(*counts) for name, counts in plain["topics"].items()}
        return Shifts(plain["texts"], plain["moved"], plain["anew"], topics, {(out, into): n for out, into, n in plain["moves"]})


By = Mapping[str, Shifts]
"""Audience → what moved among what it wrote."""


def together(one: By, other: By) -> By:
    """Both added."""
    return {who: one.get(who, Shifts()) + other.get(who, Shifts()) for who in {*one, *other}}


def written(by: By) -> dict[str, Any]:
    """Plain types, for the ledger."""
    return {who: found.as_json() for who, found in sorted(by.items())}


def read_shifts(body: Mapping[str, Any]) -> By:
    """What `written` made; of the moves, the largest."""
    return {who: Shifts.of(found) for who, found in body.items()}


def shifts(before: pa.Table, after: pa.Table, left_out: Collection[str]) -> By:
    """What moved between rows of `feedback` and the same rows, in the same order, read again. left_out: audiences that are not counted at all."""
    who, old, was = (before[name].to_pylist() for name in ("audience", "topics", "enriched_by"))
    new, read = after["topics"].to_pylist(), after["enriched_by"].to_pylist()
    kinds: dict[str, Counter[Kind]] = {}
    for name, had, has, then, now in zip(who, old, new, was, read, strict=True):
        if name is not None and name not in left_out:
            anew = but_for_topics(then or "") != but_for_topics(now or "")
            kinds.setdefault(name, Counter())[frozenset(had or ()), frozenset(has or ()), anew] += 1
    return {name: counted(found) for name, found in kinds.items()}


def counted(kinds: Mapping[Kind, int]) -> Shifts:
    """The shifts in texts of these kinds, so many of each.

    >>> before, now = frozenset({"delivery", "price"}), frozenset({"returns", "price"})
    >>> found = counted({(before, now, False): 3})
    >>> found.moves, found.topics["delivery"].went, found.topics["price"].now
    ({('delivery', 'returns'): 3}, 3, 3)
    """
    before, came, went, moves = Counter[str](), Counter[str](), Counter[str](), Counter[tuple[str, str]]()
    for (old, new, _), n in kinds.items():
        before.update(dict.fromkeys(old, n))
        came.update(dict.fromkeys(new - old, n))
        went.update(dict.fromkeys(old - new, n))
        moves.update(dict.fromkeys(_moves(old - new, new - old), n))
    topics = {name: Shift(before[name], came[name], went[name]) for name in {*before, *came}}
    moved = sum(n for (old, new, _), n in kinds.items() if old != new)
    anew = sum(n for (_, _, anew), n in kinds.items() if anew)
    return Shifts(sum(kinds.values()), moved, anew, topics, dict(moves))


def _moves(lost: frozenset[str], got: frozenset[str]) -> Iterable[tuple[str, str]]:
    """From each topic that a text lost to those that it got: from a part to parts and from a whole to wholes, where there are any."""
    for name in lost:
        alike = [other for other in got if bool(parent_of(other)) == bool(parent_of(name))]
        yield from ((name, other) for other in alike or got or (NOWHERE,))
