"""Counts of stretches, as the engine returns them, into at-risk and events by term × stratum × month: cumulative sums, in pieces that fit memory."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Counted = NDArray[np.int64]
Numbers = NDArray[np.float64]
CELLS: Final = 4_000_000  # term × stratum × month at once: 32 MB an array
SPARSE: Final = 4  # cells for each month of a stretch, from which on it is quicker to look at the stretches


@dataclass(frozen=True, slots=True)
class Grid:
    """terms: term numbers are below it; strata, months: likewise; window: months after a text."""

    terms: int
    strata: int
    months: int
    window: int

    @property
    def piece(self) -> int:
        """Terms that are looked at together."""
        return max(1, CELLS // max(1, self.strata * self.months))


@dataclass(frozen=True, slots=True)
class Stretches:
    """Aligned arrays, by term rising: n stretches from month lo to hi, ending with the outcome or not.

    parties: units whose first mention of the term they follow; value: theirs.
    """

    term: Ints
    stratum: Ints
    lo: Ints
    hi: Ints
    event: NDArray[np.bool_]
    n: Counted
    parties: Counted
    value: Numbers

    @property
    def waits(self) -> Ints:
        """Months from the latest mention to the end of the stretch."""
        return self.hi - self.lo + 1

    def of(self, first: int, end: int) -> "Stretches":
        """Those of terms from `first` to below `end`, numbered from 0."""
        a, b = np.searchsorted(self.term, [first, end])
        part = slice(int(a), int(b))
        rest = {f.name: getattr(self, f.name)[part] for f in fields(self) if f.name != "term"}
        return Stretches(self.term[part] - np.int32(first), **rest)


def stretches(*tables: pa.Table) -> Stretches:
    """The rows of `exposure.counts`, of several tables together."""
    rows = pa.concat_tables(tables) if len(tables) > 1 else tables[0]
    term = rows["term"].to_numpy().astype(np.int32)
    order = np.argsort(term.astype(np.min_scalar_type(term.max(initial=0))), kind="stable")  # by radix, as long as sixteen bits hold them

    def column(name: str, kind: type[np.generic]) -> Any:
        return rows[name].to_numpy().astype(kind)[order]

    ints = {name: column(name, np.int32) for name in ("stratum", "lo", "hi")}
    sums = {name: column(name, np.int64) for name in ("n", "parties")}
    return Stretches(term[order], **ints, **sums, event=column("event", np.bool_), value=column("value", np.float64))


def at_risk(rows: Stretches, terms: int, grid: Grid) -> tuple[Counted, Counted]:
    """(at risk, events), each terms × (strata · months). rows: of these terms only, numbered from 0."""
    wide = grid.months + 1
    place = (rows.term.astype(np.int64) * grid.strata + rows.stratum) * wide
    size = terms * grid.strata * wide
    change = np.bincount(place + rows.lo, rows.n, size) - np.bincount(place + rows.hi + 1, rows.n, size)
    risk = np.rint(np.cumsum(change.reshape(-1, wide), axis=1)).astype(np.int64)
    met = rows.event
    events = np.rint(np.bincount(place[met] + rows.hi[met], rows.n[met], size)).astype(np.int64)
    kept = (terms, grid.strata, wide)
    return risk.reshape(kept)[:, :, :-1].reshape(terms, -1), events.reshape(kept)[:, :, :-1].reshape(terms, -1)


def cells(rows: Stretches, terms: int, grid: Grid) -> tuple[Counted, Counted, Counted, Counted]:
    """(term, cell, at risk, events) of the cells of `at_risk` in which somebody is, by term and cell: month by month where stretches are few."""
    if int(rows.waits.sum()) * SPARSE < terms * grid.strata * grid.months:
        return _one_by_one(rows, grid)
    risk, events = at_risk(rows, terms, grid)
    which, cell = np.nonzero(risk)
    return which, cell, risk[which, cell], events[which, cell]


def _one_by_one(rows: Stretches, grid: Grid) -> tuple[Counted, Counted, Counted, Counted]:
    """The same from each stretch's months, one after the other."""
    long = rows.waits
    which = np.repeat(np.arange(len(long)), long)
    month = rows.lo[which] + np.arange(len(which)) - np.repeat(np.cumsum(long) - long, long)
    wide = grid.strata * grid.months
    place = rows.term[which].astype(np.int64) * wide + rows.stratum[which].astype(np.int64) * grid.months + month
    there, where = np.unique(place, return_inverse=True)
    ends = rows.event[which] & (month == rows.hi[which])
    risk, events = (np.bincount(where, n, len(there)).astype(np.int64) for n in (rows.n[which], rows.n[which] * ends))
    return there // wide, there % wide, risk, events


def pieces(grid: Grid, terms: int) -> Iterator[tuple[int, int]]:
    """(first, end) of the terms that are looked at together."""
    for first in range(0, terms, grid.piece):
        yield first, min(first + grid.piece, terms)


def per_term(rows: Stretches, terms: int, window: int) -> tuple[Counted, Numbers, Counted]:
    """(units, their value, terms × window events by months waited since the latest mention)."""
    parties = np.rint(np.bincount(rows.term, rows.parties, terms)).astype(np.int64)
    value = np.bincount(rows.term, rows.value, terms).astype(np.float64)
    met = rows.event
    waited = rows.term[met].astype(np.int64) * window + np.clip(rows.waits[met], 1, window) - 1
    waits = np.rint(np.bincount(waited, rows.n[met], terms * window)).astype(np.int64).reshape(terms, window)
    return parties, value, waits


def median_wait(waits: Sequence[int]) -> float | None:
    """The median of months waited, where waits[i] waited i + 1 months: linear within a month; None of nobody.

    >>> median_wait([2, 0, 2]), median_wait([0, 0])
    (1.0, None)
    """
    total = sum(waits)
    if not total:
        return None
    before = 0
    for at, count in enumerate(waits):
        if before + count >= total / 2:
            return round(at + (total / 2 - before) / count, 2)
        before += count
    return float(len(waits))
