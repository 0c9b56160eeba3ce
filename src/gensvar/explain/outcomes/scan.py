"""Every term's hazard ratio against those who wrote in the same tone in the same window: over all units, and over each half of them."""

from dataclasses import dataclass, fields
from typing import Final

import numpy as np
from numpy.typing import NDArray

from gensvar.explain.outcomes.counting import Counted, Grid, Numbers, Stretches, at_risk, cells, per_term, pieces
from gensvar.stats import adjusted
from gensvar.stats.hazards import Hazards, deflated, hazards_by, inflation

LEAST_EXPECTED: Final = 10.0  # events among the exposed, were nothing associated; below it nothing is shown
SURE: Final = 0.05  # false discoveries among all that is found
FIRST_SURE: Final = 0.10  # the same in one half, before it is tried on the other
HELD: Final = 0.05  # p in the other half
INFLATED: Final = 1.1  # λ from which on the tests are not taken at their word
LAMBDA_ERROR: Final = 2.34  # √tests × the standard error of λ where nothing is associated: ½ ÷ the density of χ² at its median ÷ that median
FEW_TESTS: Final = 20  # below which λ tells nothing

Places = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Scan:
    """One entry for each term. whole, first, second: of all units and of the two halves. time, others: months at risk of exposed and comparator.

    tested: enough events are expected. q: among the tested, NaN for the others. factor: λ, None with fewer than FEW_TESTS tests.
    held_first, held_second: what was found in the other half held in this one.
    """

    whole: Hazards
    first: Hazards
    second: Hazards
    time: Counted
    others: Counted
    parties: Counted
    value: Numbers
    waits: Counted
    tested: Flags
    q: Numbers
    factor: float | None
    held_first: Flags
    held_second: Flags


def scanned(first: Stretches, second: Stretches, comparator: Places, grid: Grid) -> Scan:
    """first, second: stretches of the two halves; terms are 0 … len(comparator) − 1, and comparator[t] is the number, above them, of the term that
    stands for every text in the same tone; its stretches hold those of t.
    """
    terms = len(comparator)
    kinds = np.unique(comparator)
    totals = [_totals(half, kinds, grid) for half in (first, second)]
    found = [_piece(first.of(a, b), second.of(a, b), comparator[a:b], kinds, totals, b - a, grid) for a, b in pieces(grid, terms)]
    each = [_joined([piece[0][i] for piece in found]) for i in range(3)]
    time, others = (np.concatenate([piece[1][i] for piece in found]) for i in range(2))
    one, two = (per_term(half.of(0, terms), terms, grid.window) for half in (first, second))
    parties, value, waits = one[0] + two[0], one[1] + two[1], one[2] + two[2]
    whole, factor, tested = _honest(each[0])
    q = _q(whole.p, tested)
    return Scan(
        whole, each[1], each[2], time, others, parties, value, waits, tested, q, factor,
        held_first=_held(each[2], each[1]), held_second=_held(each[1], each[2]),
    )  # fmt: skip


def _totals(half: Stretches, kinds: Places, grid: Grid) -> tuple[Counted, Counted]:
    """At risk and events of each comparator: kinds × cells."""
    risk = [at_risk(half.of(int(k), int(k) + 1), 1, grid) for k in kinds]
    return np.concatenate([r for r, _ in risk]), np.concatenate([d for _, d in risk])


def _piece(
    one: Stretches, two: Stretches, comparator: Places, kinds: Places, totals: list[tuple[Counted, Counted]], terms: int, grid: Grid
) -> tuple[list[Hazards], tuple[Counted, Counted]]:
    """Hazards of the whole and of both halves, and months at risk of exposed and others, for some terms. Only cells with exposed are looked at."""
    at = np.searchsorted(kinds, comparator)
    there = [cells(half, terms, grid) for half in (one, two)]
    all_ = [(n[at[which], cell], d[at[which], cell]) for (which, cell, _, _), (n, d) in zip(there, totals, strict=True)]
    (n_one, d_one), (n_two, d_two) = totals
    whole = _added(there, n_one.shape[1])
    beside = at[whole[0]], whole[1]
    made = [
        hazards_by(whole[0], terms, whole[2], whole[3], (n_one + n_two)[beside], (d_one + d_two)[beside]),
        *(hazards_by(which, terms, n1, d1, *both) for (which, _, n1, d1), both in zip(there, all_, strict=True)),
    ]
    time = np.bincount(whole[0], whole[2], terms).astype(np.int64)
    return made, (time, (n_one + n_two).sum(1)[at] - time)


def _added(halves: list[tuple[Places, Places, Counted, Counted]], wide: int) -> tuple[Places, Places, Counted, Counted]:
    """The cells of both halves, those of one place added up."""
    place = np.concatenate([which * wide + cell for which, cell, _, _ in halves])
    there, where = np.unique(place, return_inverse=True)
    risk, events = (np.bincount(where, np.concatenate([half[i] for half in halves]), len(there)).astype(np.int64) for i in (2, 3))
    return there // wide, there % wide, risk, events


def _joined(parts: list[Hazards]) -> Hazards:
    return Hazards(*(np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(Hazards)))


def _honest(found: Hazards) -> tuple[Hazards, float | None, Flags]:
    """What was found, with z ÷ √λ and intervals √λ times as wide where λ is too high; λ; and which were tested."""
    tested = (found.expected >= LEAST_EXPECTED) & np.isfinite(found.p) & np.isfinite(found.ratio)
    if tested.sum() < FEW_TESTS:
        return found, None, tested
    factor = inflation(found.z[tested])
    if not inflated(factor, int(tested.sum())):
        return found, factor, tested
    z, p = deflated(found.z, factor)
    with np.errstate(divide="ignore", invalid="ignore"):
        low, high = (found.ratio * (end / found.ratio) ** np.sqrt(factor) for end in (found.low, found.high))
    zero = found.ratio == 0
    low, high = np.where(zero, 0.0, low), np.where(zero, found.high * np.sqrt(factor), high)
    return Hazards(found.observed, found.expected, found.variance, found.ratio, low, high, z, p), factor, tested


def inflated(factor: float, tests: int) -> bool:
    """Whether λ is above 1.1, and by more than two standard errors: of few tests it is often high by chance alone.

    >>> inflated(1.15, 10_000), inflated(1.15, 400)
    (True, False)
    """
    return bool(factor > max(INFLATED, 1 + 2 * LAMBDA_ERROR / np.sqrt(tests)))


def _q(p: Numbers, tested: Flags) -> Numbers:
    q = np.full(len(p), np.nan)
    if tested.any():
        q[tested] = adjusted(p[tested].tolist())
    return q


def _held(here: Hazards, there: Hazards) -> Flags:
    """Whether what was found in `here`, among all tested there, was seen in `there` too, in the same direction."""
    tested = (here.expected >= LEAST_EXPECTED / 2) & np.isfinite(here.p)
    found = _q(here.p, tested) < FIRST_SURE
    same: Flags = found & (np.sign(here.z) == np.sign(there.z)) & (there.p < HELD)
    return same
