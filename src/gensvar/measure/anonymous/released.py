"""What has been released, and whether a block lies wholly inside what was asked for: only then may it be counted."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from types import MappingProxyType

from gensvar.measure.anonymous.blocks import Block, Value
from gensvar.measure.periods import ONE_DAY, plus_months
from gensvar.measure.question import Period

Allowed = Iterable[tuple[str, frozenset[Value]]]
ByMonth = Mapping[date, tuple[Block, ...]]


class Standing(Enum):
    """Where a block stands to one side of a question: counted whole, not counted since a part of it may lie outside, or nothing to do with it."""

    INSIDE = "inside"
    ACROSS = "across"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Released:
    """protected: audiences whose answers come from blocks and from nowhere else. blocks: measure key → month → its blocks.

    Made without anything it protects employees and shows none of their answers: who forgets to hand it in shows too little, never too much.
    """

    protected: frozenset[str] = frozenset({"employee"})
    blocks: Mapping[str, ByMonth] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def of(cls, protected: Iterable[str], blocks: Iterable[Block]) -> "Released":
        """Blocks of audiences that are not protected are left out."""
        names = frozenset(protected)
        found: dict[str, dict[date, list[Block]]] = defaultdict(lambda: defaultdict(list))
        for block in blocks:
            if block.audience in names:
                found[block.measure][block.month].append(block)
        return cls(names, {key: {month: tuple(each) for month, each in months.items()} for key, months in found.items()})

    def of_measure(self, key: str) -> Iterator[Block]:
        """Every block of one measure version."""
        for blocks in self.blocks.get(key, {}).values():
            yield from blocks

    def values(self, dim: str, keys: Iterable[str] | None = None) -> frozenset[Value]:
        """The values of a dimension that may be named: those that the blocks of these measures (None: of all) name."""
        of = self.blocks if keys is None else keys
        return frozenset(v for key in of for block in self.of_measure(key) for v in block.dims.get(dim, ()))


def inside(block: Block, period: Period | None, values: Allowed) -> Standing:
    """Counted whole only where the days cover its month, and every value that any of its people holds is allowed."""
    found = in_time(block.month, period)
    for dim, allowed in values:
        if found is Standing.OUTSIDE:
            break
        one = _within(block, dim, allowed)
        found = one if one is not Standing.INSIDE else found
    return found


def in_time(month: date, period: Period | None) -> Standing:
    """Where a whole month stands to a period."""
    if period is None:
        return Standing.INSIDE
    last = plus_months(month, 1) - ONE_DAY
    if last < period.first or period.last < month:
        return Standing.OUTSIDE
    return Standing.INSIDE if period.first <= month and last <= period.last else Standing.ACROSS


def _within(block: Block, dim: str, allowed: frozenset[Value]) -> Standing:
    """Values that are not named may be any; so a dimension that a block knows nothing of, or not all of, is never inside."""
    if dim == "audience":
        return Standing.INSIDE if block.audience in allowed else Standing.OUTSIDE
    if dim in block.others or dim not in block.dims:
        return Standing.ACROSS
    named = frozenset(block.dims[dim])
    if named <= allowed:
        return Standing.INSIDE
    return Standing.ACROSS if named & allowed else Standing.OUTSIDE
