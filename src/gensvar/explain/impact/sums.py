"""What the engine counted, as sums that statistics understand: blocks, strata and topics by place."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from gensvar.explain.impact.counting import BLOCKS, WHOLE
from gensvar.stats.impact import Sums

MOST_STRATA: Final = 200  # the largest; what is beyond is one stratum

Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """terms: what each feature of the sums stands for, as delivery- for delivery spoken ill of; strata: how many there are."""

    terms: tuple[str, ...]
    sums: Sums
    strata: int


def summed(rows: pa.Table, adjust: Sequence[str]) -> Counted:
    """The sums of what `counted` counts; strata beyond the 200 largest are taken together."""
    a, b = (np.asarray(rows[name].to_pylist(), dtype=object) for name in ("a", "b"))
    terms = tuple(sorted({str(t) for t in b} - {WHOLE}))
    place = {term: at for at, term in enumerate(terms)}
    block = rows["block"].to_numpy().astype(np.int64)
    n, total = rows["n"].to_numpy().astype(np.float64), rows["total"].to_numpy().astype(np.float64)
    whole, alone = a == WHOLE, b == WHOLE
    stratum, strata = _strata(rows, adjust, whole, np.where(alone, n, 0.0))
    sums = _empty(strata, len(terms))
    at = whole & alone
    np.add.at(sums.n, (block[at], stratum[at]), n[at])
    np.add.at(sums.y, (block[at], stratum[at]), total[at])
    at = whole & ~alone
    column = _places(b[at], place)
    np.add.at(sums.x, (block[at], stratum[at], column), n[at])
    np.add.at(sums.xy, (block[at], stratum[at], column), total[at])
    at = ~whole
    one, other = _places(a[at], place), _places(b[at], place)
    np.add.at(sums.xx, (block[at], one, other), n[at])
    np.add.at(sums.xx, (block[at], other, one), np.where(one == other, 0.0, n[at]))
    return Counted(terms, sums, strata)


def _empty(strata: int, p: int) -> Sums:
    shapes = ((strata,), (strata,), (strata, p), (strata, p), (p, p))
    return Sums(*(np.zeros((BLOCKS, *shape)) for shape in shapes))


def _places(names: NDArray[np.object_], place: dict[str, int]) -> Places:
    return np.fromiter((place[name] for name in names), np.int64, len(names))


def _strata(rows: pa.Table, adjust: Sequence[str], whole: NDArray[np.bool_], n: NDArray[np.float64]) -> tuple[Places, int]:
    """The stratum of each row by place, the largest first; rows of pairs have none and stand at 0."""
    keys = list(zip(*(rows[name].to_pylist() for name in adjust), strict=True)) if adjust else [()] * rows.num_rows
    sizes: dict[tuple[str | None, ...], float] = {}
    for key, is_whole, count in zip(keys, whole, n, strict=True):
        if is_whole:
            sizes[key] = sizes.get(key, 0.0) + count
    order = sorted(sizes, key=lambda key: (-sizes[key], str(key)))
    place = {key: min(at, MOST_STRATA - 1) for at, key in enumerate(order)}
    return np.fromiter((place.get(key, 0) for key in keys), np.int64, len(keys)), max(1, min(len(order), MOST_STRATA))
