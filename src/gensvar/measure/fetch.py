"""fetch: the counts behind a question, from one query, ready to be added up by any key."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

import ibis
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from gensvar.contracts.measures import Measure
from gensvar.measure.histogram import Histogram
from gensvar.measure.plan import COUNTED, Plan, one_of
from gensvar.measure.resolve import Resolved

Key = TypeVar("Key")
Values = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of what was fetched: where it belongs, and its side; its counts stand on the same line of the matrix."""

    measure: str
    values: Values
    step: date | None
    this: bool
    that: bool


@dataclass(frozen=True, slots=True)
class Left:
    """A block of protected answers that could not be counted. places: for each dimension of `by` the values it may belong to; None: any."""

    measure: str
    places: tuple[frozenset[str | None] | None, ...]
    step: date | None
    this: bool
    that: bool

    def of(self, measure: str, values: Values) -> bool:
        """Whether some of its people may belong to this group."""
        return self.measure == measure and all(place is None or value in place for place, value in zip(self.places, values, strict=True))


@dataclass(frozen=True, slots=True)
class Fetched:
    """rows beside counts (rows × 14, in the order of COUNTED); dims: what each row's values are of.

    protected: audiences whose rows are whole blocks; left: blocks that could not be counted; listed: groups to name though nothing of them is shown.
    """

    dims: tuple[str, ...]
    rows: tuple[Row, ...]
    counts: NDArray[np.float64]
    protected: frozenset[str] = frozenset()
    left: tuple[Left, ...] = ()
    listed: frozenset[tuple[str, Values]] = frozenset()

    def grouped(self, key: Callable[[Row], Key | None]) -> dict[Key, Histogram]:
        """Histograms by any key of a row; rows whose key is None are left out."""
        places: dict[Key, list[int]] = defaultdict(list)
        for at, row in enumerate(self.rows):
            name = key(row)
            if name is not None:
                places[name].append(at)
        return {name: _histogram(self.counts[at].sum(axis=0)) for name, at in places.items()}

    def seen(self, dim: str) -> frozenset[str | None]:
        """The values of a dimension that occur."""
        at = self.dims.index(dim)
        return frozenset(row.values[at] for row in self.rows)


def _histogram(sums: NDArray[np.float64]) -> Histogram:
    n, total, squares, *bins = sums.tolist()
    return Histogram(round(n), total, squares, tuple(round(b) for b in bins))


def fetch(made: Plan, resolved: Resolved) -> Fetched:
    """The plan's rows, as the engine returns them in one query."""
    table = made.where.run(made.expression)
    one_side = {"step": [None] * table.num_rows, "this": [True] * table.num_rows, "that": [False] * table.num_rows}
    columns = one_side | {name: table[name].to_pylist() for name in table.column_names if name not in COUNTED}
    values: Sequence[Values] = list(zip(*(columns[d] for d in resolved.dims), strict=True))
    lines = zip(columns["measure"], values, map(_day, columns["step"]), map(bool, columns["this"]), map(bool, columns["that"]), strict=True)
    rows = tuple(Row(*line) for line in lines)
    counts = np.column_stack([_numbers(table[c]) for c in COUNTED]) if rows else np.zeros((0, len(COUNTED)))
    return Fetched(resolved.dims, rows, counts)


def _numbers(column: pa.ChunkedArray) -> NDArray[np.float64]:
    """The column as doubles, by a way that does not load pandas: that alone costs a second when a server has just started."""
    return np.asarray(np.from_dlpack(column.cast(pa.float64()).combine_chunks()), dtype=np.float64)


def of_measures(fetched: Fetched, each: Sequence[Sequence[Measure]]) -> list[Fetched]:
    """The lines of each of these groups of versions, as if it had been fetched alone. Lines of one version stay in their order."""
    if len(each) == 1:
        return [fetched]
    places: dict[str, list[int]] = defaultdict(list)
    for at, row in enumerate(fetched.rows):
        places[row.measure].append(at)
    return [_part(fetched, sorted(at for m in versions for at in places[m.key])) for versions in each]


def _part(fetched: Fetched, places: list[int]) -> Fetched:
    return Fetched(fetched.dims, tuple(fetched.rows[at] for at in places), fetched.counts[places])


def _day(step: date | None) -> date | None:
    return step.date() if isinstance(step, datetime) else step


def values_of(made: Plan, dim: str, limits: Mapping[str, frozenset[str]]) -> frozenset[str | None]:
    """Every value of a dimension that the reader may see, on any day and of any measure, of audiences that are not protected."""
    table = made.where.table(made.source)
    table = table.filter(table.audience.notin(sorted(made.protected)))
    tests = [one_of(table[name], frozenset(v or None for v in seen)) for name, seen in sorted(limits.items())]
    rows = table.filter(ibis.and_(*tests)) if tests else table
    return frozenset(made.where.run(rows.select(dim).distinct())[dim].to_pylist())
