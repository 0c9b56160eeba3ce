"""What the engine counts of the wide table: sums and sums of products, by part, by block of parties, and by what is missing. They add exactly."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations_with_replacement
from typing import Any

import ibis
import numpy as np
import pyarrow as pa
from ibis import Table
from numpy.typing import NDArray

from gensvar.explain.drivers.study import SMALL, Event, Study
from gensvar.explain.drivers.wide import BLOCKS, FIGURES, OUTCOME, place, wide
from gensvar.stats.moments import Moments

MOST_PAIRED = 12  # drivers up to which each combination of missing ones is counted apart, as pairwise correlations need it
Numbers = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Missing:
    """Rows by which columns are there: there (patterns, columns), n, total, products of each pattern."""

    there: NDArray[np.bool_]
    moments: Moments


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """Of one part. complete: moments of responses that miss nothing, by block. responses: all that have the outcome; answered: each driver, of those.

    missing: all responses by what they miss; None beyond twelve drivers.
    """

    complete: Moments
    responses: int
    answered: tuple[int, ...]
    missing: Missing | None

    @property
    def lost(self) -> int:
        """Responses that miss a driver, and are left out."""
        return self.responses - self.complete.count


def moments(feedback: Table, events: Table, study: Study) -> Table:
    """The counts as one expression, the same value for the same study, so that the engine compiles it once."""
    return _built(feedback.op(), events.op(), study)


@lru_cache(maxsize=128)
def _built(feedback: Any, events: Any, study: Study) -> Table:
    return summed(wide(feedback.to_expr(), events.to_expr(), study), len(study.drivers), _widest(study))


def _widest(study: Study) -> str:
    """The type in which a product of any two columns is exact."""
    steps = [d.steps for d in study.drivers] + ([] if isinstance(study.outcome, Event) else [study.outcome.steps])
    return "int32" if max(steps) <= SMALL else "int64"


def summed(rows: Table, drivers: int, kind: str = "int32") -> Table:
    """Of a wide table: n, sums and sums of products by part, block (of complete rows) and pattern of what is missing."""
    names = [place(at) for at in range(drivers)]
    gone = _pattern(rows, names)
    marked = rows.mutate(gone=gone, block=ibis.ifelse(gone == 0, rows.block, -1))
    columns = [marked[n].cast(kind) if drivers > MOST_PAIRED else marked[n].fill_null(0).cast(kind) for n in names]
    columns.append(marked[OUTCOME].cast(kind))
    sums = {f"s{i}": c.sum().cast("int64") for i, c in enumerate(columns)}
    pairs = combinations_with_replacement(range(drivers + 1), 2)
    products = {f"p{i}_{j}": (columns[i] * columns[j]).sum().cast("int64") for i, j in pairs}
    there = {f"a{i}": marked[n].count() for i, n in enumerate(names)} if drivers > MOST_PAIRED else {}
    return marked.group_by("part", "block", "gone").agg(n=marked.count(), **sums, **products, **there)


def _pattern(rows: Table, names: list[str]) -> Any:
    """Which drivers are missing, as bits; beyond twelve only whether any is."""
    if len(names) > MOST_PAIRED:
        return ibis.or_(*(rows[n].isnull() for n in names)).cast("int32")
    bits = [ibis.ifelse(rows[n].isnull(), ibis.literal(1 << at, "int32"), ibis.literal(0, "int32")) for at, n in enumerate(names)]
    return sum(bits[1:], start=bits[0])


def counted(rows: pa.Table, drivers: int) -> Mapping[str | None, Counted]:
    """Part → its counts, from the rows that `moments` gives; without `by` the one part is None."""
    parts = rows["part"].to_pylist()
    values = _numbers(rows, drivers)
    names = list(dict.fromkeys(parts))
    of = {name: at for at, name in enumerate(names)}
    which = np.array([of[p] for p in parts], np.int64)
    return {name: _one(rows, values, np.flatnonzero(which == at), drivers) for name, at in of.items()}


def whole(parts: Mapping[str | None, Counted]) -> Counted | None:
    """All parts as one; None where there is none."""
    all_ = list(parts.values())
    if not all_:
        return None
    missing = [one.missing for one in all_ if one.missing is not None]
    together = Missing(np.concatenate([m.there for m in missing]), _stacked([m.moments for m in missing])) if len(missing) == len(all_) else None
    complete = sum((one.complete for one in all_[1:]), start=all_[0].complete)
    answered = tuple(int(n) for n in np.sum([one.answered for one in all_], axis=0))
    return Counted(complete, sum(one.responses for one in all_), answered, together)


def _stacked(some: list[Moments]) -> Moments:
    arrays = (np.concatenate([getattr(m, name) for m in some]) for name in ("n", "total", "products"))
    return Moments(*arrays)


def _numbers(rows: pa.Table, drivers: int) -> Moments:
    """Of each row of the engine's answer, as if it were a block."""
    size = drivers + 1
    products = np.zeros((rows.num_rows, size, size), np.int64)
    for i, j in combinations_with_replacement(range(size), 2):
        products[:, i, j] = products[:, j, i] = _whole(rows, f"p{i}_{j}")
    return Moments(_whole(rows, "n"), np.stack([_whole(rows, f"s{i}") for i in range(size)], axis=1), products)


def _whole(rows: pa.Table, name: str) -> Ints:
    found: Ints = rows[name].fill_null(0).to_numpy().astype(np.int64)
    return found


def _one(rows: pa.Table, values: Moments, at: Ints, drivers: int) -> Counted:
    gone = _whole(rows, "gone")[at]
    mine = Moments(values.n[at], values.total[at], values.products[at])
    full = np.flatnonzero(gone == 0)
    complete = Moments.none(BLOCKS, drivers + 1)
    blocks = _whole(rows, "block")[at[full]]
    for whole_, part in ((complete.n, mine.n), (complete.total, mine.total), (complete.products, mine.products)):
        np.add.at(whole_, blocks, part[full])
    responses = int(mine.n.sum())
    if drivers > MOST_PAIRED:
        return Counted(complete, responses, tuple(int(_whole(rows, f"a{i}")[at].sum()) for i in range(drivers)), None)
    there = np.concatenate([(gone[:, None] >> np.arange(drivers)) & 1 == 0, np.ones((len(gone), 1), np.bool_)], axis=1)
    answered = tuple(int(n) for n in (mine.n[:, None] * there[:, :-1]).sum(axis=0))
    return Counted(complete, responses, answered, Missing(there, mine))


def block_of(code: str) -> int:
    """The block of somebody whose id ends so: the engine's rule, once more.

    >>> block_of("0a"), block_of("ff"), block_of("zz")
    (10, 5, 33)
    """
    tens, ones = (FIGURES.find(figure) for figure in code)
    return (tens * 16 + ones + BLOCKS) % BLOCKS


def pairwise(missing: Missing) -> tuple[Numbers, Ints]:
    """Correlations, each of all rows that have both columns, and how many rows those are. NaN where there are too few, or nothing varies."""
    there, m = missing.there.astype(np.int64), missing.moments
    n = np.einsum("m,mi,mj->ij", m.n, there, there)
    sums = np.einsum("mi,mj->ij", m.total, there)
    squares = np.einsum("mii,mj->ij", m.products, there)
    with np.errstate(divide="ignore", invalid="ignore"):
        means = sums / n
        spread = squares / n - means**2
        found: Numbers = (m.products.sum(axis=0) / n - means * means.T) / np.sqrt(spread * spread.T)
    return found, n
