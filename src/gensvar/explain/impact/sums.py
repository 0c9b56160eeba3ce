"""What the engine counted, as sums that statistics understand: blocks, strata and topics by place."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
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

    def of(self, topic: str) -> list[int]:
        """The places of a topic's terms, one for each tone."""
        return [at for at, term in enumerate(self.terms) if term[:-1] == topic]

    def answers(self, terms: Sequence[int]) -> int:
        """How many speak so; terms: places of one topic, of whose tones an answer has one."""
        return int(self.sums.x[:, :, list(terms)].sum())


def summed(rows: pa.Table, adjust: Sequence[str]) -> Counted:
    """The sums of what `counted` counts; strata beyond the 200 largest are taken together."""
    terms, a, b = _terms(rows)
    block = rows["block"].to_numpy().astype(np.int64)
    n, total = (rows[name].to_numpy().astype(np.float64) for name in ("n", "total"))
    whole, alone = a < 0, b < 0
    stratum, strata = _strata(rows, adjust, np.where(alone, n, 0.0))
    sums = _empty(strata, len(terms))
    at = whole & alone
    np.add.at(sums.n, (block[at], stratum[at]), n[at])
    np.add.at(sums.y, (block[at], stratum[at]), total[at])
    at = whole & ~alone
    np.add.at(sums.x, (block[at], stratum[at], b[at]), n[at])
    np.add.at(sums.xy, (block[at], stratum[at], b[at]), total[at])
    np.add.at(sums.xx, (block[~whole], a[~whole], b[~whole]), n[~whole])
    at = ~whole & (a != b)
    np.add.at(sums.xx, (block[at], b[at], a[at]), n[at])
    return Counted(terms, sums, strata)


def _terms(rows: pa.Table) -> tuple[tuple[str, ...], Places, Places]:
    """The terms by name, and the places of a and b among them; −1 for every answer."""
    found = sorted(set(rows["b"].unique().to_pylist()) - {WHOLE})
    names = pa.array(found, pa.string())
    a, b = (pc.fill_null(pc.index_in(rows[name].cast(pa.string()), names), -1).to_numpy().astype(np.int64) for name in ("a", "b"))
    return tuple(found), a, b


def _empty(strata: int, p: int) -> Sums:
    shapes = ((strata,), (strata,), (strata, p), (strata, p), (p, p))
    return Sums(*(np.zeros((BLOCKS, *shape)) for shape in shapes))


def _strata(rows: pa.Table, adjust: Sequence[str], n: NDArray[np.float64]) -> tuple[Places, int]:
    """The stratum of each row by place, the largest first; n: the answers of rows that are of no topic."""
    key = np.zeros(rows.num_rows, np.int64)
    for name in adjust:
        coded = rows[name].combine_chunks().dictionary_encode()
        places = pc.fill_null(coded.indices, len(coded.dictionary)).to_numpy(zero_copy_only=False).astype(np.int64)
        key = key * (len(coded.dictionary) + 1) + places
    keys, inverse = np.unique(key, return_inverse=True)
    size = np.bincount(inverse, weights=n, minlength=len(keys))
    rank = np.empty(len(keys), np.int64)
    rank[np.argsort(-size, kind="stable")] = np.arange(len(keys))
    held = int((size > 0).sum())
    return np.minimum(rank, MOST_STRATA - 1)[inverse], max(1, min(held, MOST_STRATA))
