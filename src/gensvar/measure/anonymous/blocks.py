"""Blocks: the rows of one month parted once and for all, so finely as leaves at least so many people and two different scores in each part."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from gensvar.contracts.measures import BIN_COUNT

ORDER = ("unit", "market", "segment", "channel", "touchpoint", "product", "journey", "source", "kind", "language")
"""Which dimension the rows are parted by first: whose people it is, then where. What comes late is parted only where many answered."""
LEAST_WRITERS = 10  # a text says more than a score, so that more must stand behind it
LEAST_SCORES = 2
Ints = NDArray[np.int64]
Value = str | None


@dataclass(frozen=True, slots=True)
class Block:
    """What is kept of one block, and all that is ever shown of it. counts: n, Σ score, Σ score² and the eleven steps.

    dims: dimension → the values that at least `least` of its people hold (None: missing). others: the dimensions in which somebody holds another
    value, which is named nowhere.
    """

    audience: str
    measure: str
    month: date
    dims: Mapping[str, tuple[Value, ...]]
    others: frozenset[str]
    persons: int
    counts: tuple[float, ...]

    def only(self, dim: str) -> tuple[Value, ...]:
        """Its one value of a dimension, as a tuple of one; empty where it has several, or some that are not named."""
        if dim == "audience":
            return (self.audience,)
        named = self.dims.get(dim, ())
        return named if len(named) == 1 and dim not in self.others else ()

    def as_json(self) -> dict[str, Any]:
        return {
            "dims": {dim: list(values) for dim, values in self.dims.items()}, "others": sorted(self.others),
            "persons": self.persons, "counts": list(self.counts),
        }  # fmt: skip

    @classmethod
    def of(cls, audience: str, measure: str, month: date, plain: Mapping[str, Any]) -> "Block":
        """What `as_json` wrote."""
        dims = {dim: tuple(values) for dim, values in plain["dims"].items()}
        return cls(audience, measure, month, dims, frozenset(plain["others"]), int(plain["persons"]), tuple(plain["counts"]))


@dataclass(frozen=True, slots=True)
class Answers:
    """Rows to be parted, in the order of their ids. people, said: a number for each person and each thing said. counts: rows × 14.

    values: dimension → for each row the place of its value in `names`, whose values are sorted, the missing one first.
    """

    ids: tuple[bytes, ...]
    people: Ints
    said: Ints
    values: Mapping[str, Ints]
    names: Mapping[str, tuple[Value, ...]]
    counts: NDArray[np.float64]

    @classmethod
    def of(cls, rows: pa.Table, *, text: bool = False) -> "Answers":
        """From columns id, party, response, source, record, score, place and the dimensions. A person is a party where known, else a response.

        text: what was written is parted; each row then counts as having said something else, and has no score.
        """
        columns = {name: rows[name].to_pylist() for name in rows.column_names}
        ids = [_id(i) for i in columns["id"]]
        order = sorted(range(len(ids)), key=ids.__getitem__)
        columns = {name: [column[i] for i in order] for name, column in columns.items()}
        people = _numbered([_person(*who) for who in zip(*(columns[c] for c in ("party", "response", "source", "record")), strict=True)])
        said = np.arange(len(ids), dtype=np.int64) if text else _numbered(columns["score"])
        placed = {dim: _placed(columns[dim]) for dim in ORDER}
        counts = _counts([None] * len(ids), columns["place"]) if text else _counts(columns["score"], columns["place"])
        values, names = {d: v for d, (v, _) in placed.items()}, {d: n for d, (_, n) in placed.items()}
        return cls(tuple(ids[i] for i in order), people, said, values, names, counts)

    def __len__(self) -> int:
        return len(self.ids)


def _id(given: Any) -> bytes:
    return bytes(given) if isinstance(given, bytes) else bytes.fromhex(str(given).replace("-", ""))


def _person(party: object, response: object, source: object, record: object) -> object:
    return ("party", party) if party is not None else ("response", response) if response is not None else (source, record)


def _numbered(given: Sequence[Any]) -> Ints:
    numbers: dict[Any, int] = {}
    return np.array([numbers.setdefault(one, len(numbers)) for one in given], dtype=np.int64)


def _placed(column: Sequence[Value]) -> tuple[Ints, tuple[Value, ...]]:
    names = tuple(sorted(set(column), key=lambda v: (v is not None, v or "")))
    at = {name: i for i, name in enumerate(names)}
    return np.array([at[value] for value in column], dtype=np.int64), names


def _counts(scores: Sequence[float | None], places: Sequence[int | None]) -> NDArray[np.float64]:
    """What each row counts for: 1, its score, its square, and 1 in its step; a row without a score counts for 1 alone."""
    found = np.zeros((len(scores), 3 + BIN_COUNT))
    found[:, 0] = 1.0
    for i, (score, place) in enumerate(zip(scores, places, strict=True)):
        if score is not None and place is not None:
            found[i, 1], found[i, 2], found[i, 3 + int(place)] = score, score * score, 1.0
    return found


def least_writers(least: int) -> int:
    """The fewest people behind a text that is shown, where so many are the fewest behind a number."""
    return max(LEAST_WRITERS, least)


def is_good(rows: Answers, part: Ints, least: int) -> bool:
    """Whether at least so many people stand behind these rows, and did not all say the same."""
    return persons(rows, part) >= least and len(np.unique(rows.said[part])) >= LEAST_SCORES


def persons(rows: Answers, part: Ints) -> int:
    """How many different people stand behind these rows."""
    return len(np.unique(rows.people[part]))


def partition(rows: Answers, least: int) -> list[Ints]:
    """Each row in exactly one part, each part good; no part at all where not even the whole is. The same whatever order the rows came in."""
    whole = np.arange(len(rows), dtype=np.int64)
    return _parted(rows, whole, ORDER, least) if is_good(rows, whole, least) else []


def _parted(rows: Answers, node: Ints, dims: Sequence[str], least: int) -> list[Ints]:
    if not dims:
        return [node]
    return [part for child in _children(rows, node, dims[0], least) for part in _parted(rows, child, dims[1:], least)]


def _children(rows: Answers, node: Ints, dim: str, least: int) -> list[Ints]:
    """A good node by one dimension: values good enough stand alone, the rest are pooled; the smallest of the good join until the pool is good too."""
    held = rows.values[dim][node]
    groups = [node[held == value] for value in np.unique(held)]
    alone = sorted((g for g in groups if is_good(rows, g, least)), key=lambda g: persons(rows, g))
    pool = np.concatenate([np.empty(0, np.int64), *(g for g in groups if not is_good(rows, g, least))])
    while len(pool) and alone and not is_good(rows, pool, least):
        pool = np.concatenate([pool, alone.pop(0)])
    return [*alone, np.sort(pool)] if len(pool) else alone


def blocks_of(rows: Answers, parts: Sequence[Ints], audience: str, measure: str, month: date, least: int) -> list[Block]:
    """What is kept of each part."""
    return [_block(rows, part, audience, measure, month, least) for part in parts]


def _block(rows: Answers, part: Ints, audience: str, measure: str, month: date, least: int) -> Block:
    named = {dim: _named(rows, part, dim, least) for dim in ORDER}
    others = frozenset(dim for dim in ORDER if len(named[dim]) < len(np.unique(rows.values[dim][part])))
    sums = tuple(float(s) for s in rows.counts[part].sum(axis=0))
    return Block(audience, measure, month, named, others, persons(rows, part), sums)


def _named(rows: Answers, part: Ints, dim: str, least: int) -> tuple[Value, ...]:
    """The values that at least so many of the people hold: saying that somebody holds one must not concern fewer."""
    held = rows.values[dim][part]
    return tuple(rows.names[dim][value] for value in np.unique(held) if persons(rows, part[held == value]) >= least)
