"""Placing: the blocks that a question may count, as rows beside those that the engine counted, and what had to be left out of which group."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from gensvar.measure.anonymous.blocks import Block, Value
from gensvar.measure.anonymous.released import Released, Standing, in_time, inside
from gensvar.measure.fetch import Fetched, Left, Row
from gensvar.measure.periods import MONTHS_OF, step_of
from gensvar.measure.resolve import Resolved, Side


@dataclass(frozen=True, slots=True)
class Found:
    """One block of the question: where it stands to each side."""

    block: Block
    this: Standing
    that: Standing


def with_blocks(fetched: Fetched, resolved: Resolved, released: Released) -> Fetched:
    """The same rows and those of the released blocks; just the same where no protected audience has answered what was asked."""
    placed: dict[Row, list[tuple[float, ...]]] = defaultdict(list)
    missing: dict[Left, None] = {}
    for found in (one for version in resolved.versions for one in _found(released, version.key, resolved)):
        has_place = _has_place(found.block, resolved.question.by)
        if has_place and Standing.INSIDE in {found.this, found.that}:
            placed[_row(found, resolved)].append(found.block.counts)
        if not has_place or Standing.ACROSS in {found.this, found.that}:
            missing[_left(found, resolved, has_place=has_place)] = None
    counts = [np.array(each, dtype=np.float64).sum(axis=0) for each in placed.values()]
    return replace(
        fetched,
        rows=(*fetched.rows, *placed),
        counts=np.concatenate([fetched.counts, np.array(counts)]) if counts else fetched.counts,
        protected=released.protected,
        left=tuple(missing),
        listed=_listed(tuple(missing), resolved, released) if missing else frozenset(),
    )


def _found(released: Released, key: str, resolved: Resolved) -> Iterator[Found]:
    """The blocks that have to do with either side, month by month, since most are of other months."""
    sides = [side for side in (resolved.this, resolved.that) if side is not None and not side.empty]
    for month, blocks in released.blocks.get(key, {}).items():
        if all(in_time(month, side.period) is Standing.OUTSIDE for side in sides):
            continue
        for block in blocks:
            this, that = _standing(block, resolved.this), _standing(block, resolved.that)
            if not (this is that is Standing.OUTSIDE):
                yield Found(block, this, that)


def _standing(block: Block, side: Side | None) -> Standing:
    return Standing.OUTSIDE if side is None or side.empty else inside(block, side.period, side.values)


def _has_place(block: Block, by: Sequence[str]) -> bool:
    """Whether all its people belong to one group."""
    return all(block.only(dim) for dim in by)


def _row(found: Found, resolved: Resolved) -> Row:
    """A block as if it had been counted by the engine; in no step of a trend by day or week."""
    values = tuple((found.block.only(dim) or (None,))[0] for dim in resolved.dims)
    grain = resolved.question.grain
    step = step_of(found.block.month, grain) if grain in MONTHS_OF else None
    return Row(found.block.measure, values, step, found.this is Standing.INSIDE, found.that is Standing.INSIDE)


def _left(found: Found, resolved: Resolved, *, has_place: bool) -> Left:
    """Where a block is missing: across the edge of a side, or inside it and without a place."""
    grain = resolved.question.grain
    step = step_of(found.block.month, grain) if grain in MONTHS_OF else None
    missing = {Standing.ACROSS} if has_place else {Standing.ACROSS, Standing.INSIDE}
    places = tuple(_places(found.block, dim) for dim in resolved.question.by)
    return Left(found.block.measure, places, step, found.this in missing, found.that in missing)


def _places(block: Block, dim: str) -> frozenset[Value] | None:
    """The groups of a dimension to which some of its people may belong; None: any."""
    if dim == "audience":
        return frozenset({block.audience})
    return None if dim in block.others else frozenset(block.dims.get(dim, ()))


def _listed(left: Sequence[Left], resolved: Resolved, released: Released) -> frozenset[tuple[str, tuple[Value, ...]]]:
    """Groups to name although nothing of them can be shown: known values of the one dimension that the question divides by.

    Which they are depends on what may be named anyway, not on who is in the blocks left out: so a name here tells of nobody that she answered.
    """
    if len(resolved.question.by) != 1:
        return frozenset()
    dim, allowed = resolved.question.by[0], dict(resolved.this.values)
    keys = [version.key for version in resolved.versions]
    known = released.protected if dim == "audience" else released.values(dim, keys)
    may = known & allowed[dim] if dim in allowed else known
    return frozenset(
        (one.measure, (value,)) for one in left if one.this for value in may if one.places[0] is None or value in one.places[0]
    )  # fmt: skip
