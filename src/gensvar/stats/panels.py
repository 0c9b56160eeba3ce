"""Panels: whether two numbers move together within units over time, whatever is lasting in each unit and common to all in a month."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gensvar.stats.many import Numbers
from gensvar.stats.normal import t_of, two_sided_t

Whole = NDArray[np.int64]
FLAT = 1e-9


@dataclass(frozen=True, slots=True)
class Together:
    """r: correlation of what is left of both, −1…1; slope: of y per one x, with limits; freedom: of the t behind them. n: pairs of units × times."""

    r: float
    low: float
    high: float
    slope: float
    slope_low: float
    slope_high: float
    p: float
    freedom: float
    n: int
    units: int
    times: int


def together(x: Numbers, y: Numbers, unit: Whole, time: Whole, level: float = 0.95) -> Together | None:
    """How x and y move together within units, with months' common moves taken out; None where either does not move.

    x, y, unit, time: aligned, one for each unit and time at most. Two-way fixed effects by least squares. Interval: the bias-reduced cluster-robust
    variance with Satterthwaite's degrees of freedom, by unit, made for few units (Bell & McCaffrey 2002, Survey Methodology 28:169; Imbens & Kolesár
    2016, REStat 98:701, eq. 9–10). r is the slope of both in standard deviations of what is left; its limits take those deviations as known.
    """
    units, times = (np.unique(ids, return_inverse=True)[1].astype(np.int64) for ids in (unit, time))
    dummies = np.hstack([np.eye(units.max() + 1)[units], np.eye(times.max() + 1)[times][:, 1:]])
    basis = _basis(dummies)
    rest_x, rest_y = (values - basis @ (basis.T @ values) for values in (x, y))
    sd_x, sd_y = float(np.sqrt((rest_x**2).mean())), float(np.sqrt((rest_y**2).mean()))
    if sd_x <= FLAT * max(1.0, float(np.abs(x).max())) or sd_y <= FLAT * max(1.0, float(np.abs(y).max())) or units.max() < 1:
        return None
    slope = float(rest_x @ rest_y / (rest_x @ rest_x))
    error, freedom = _robust(np.column_stack([basis, rest_x / np.linalg.norm(rest_x)]), rest_x, rest_y - slope * rest_x, units)
    half, times_r = t_of(level, freedom) * error, sd_x / sd_y
    p = two_sided_t(slope / error, freedom) if error > 0 else 1.0
    r, reach = slope * times_r, half * times_r
    return Together(
        r,
        max(-1.0, r - reach),
        min(1.0, r + reach),
        slope,
        slope - half,
        slope + half,
        p,
        freedom,
        len(x),
        int(units.max()) + 1,
        int(times.max()) + 1,
    )


def _basis(columns: Numbers) -> Numbers:
    """Orthonormal columns that span these."""
    left, size, _ = np.linalg.svd(columns, full_matrices=False)
    return left[:, size > FLAT * size[0]]


def _robust(basis: Numbers, rest_x: Numbers, residual: Numbers, units: Whole) -> tuple[float, float]:
    """Standard error of the slope, and its degrees of freedom. basis: orthonormal, of the whole design."""
    pull = rest_x / (rest_x @ rest_x)
    scores, spread = [], []
    for unit in range(int(units.max()) + 1):
        here = np.flatnonzero(units == unit)
        adjusted = _half_inverse(np.eye(len(here)) - basis[here] @ basis[here].T) @ pull[here]
        scores.append(adjusted @ residual[here])
        column = np.zeros(len(units))
        column[here] = adjusted
        spread.append(column - basis @ (basis[here].T @ adjusted))
    crossed = np.stack(spread) @ np.stack(spread).T
    return float(np.sqrt(np.sum(np.square(scores)))), float(max(np.trace(crossed) ** 2 / max((crossed**2).sum(), 1e-300), 1.0))


def _half_inverse(matrix: Numbers) -> Numbers:
    """The symmetric inverse root, of what can be inverted: a unit's own mean takes one direction away."""
    values, vectors = np.linalg.eigh(matrix)
    keep = values > 1e-8
    return np.asarray((vectors[:, keep] / np.sqrt(values[keep])) @ vectors[:, keep].T, np.float64)


def pairs_needed(r: float, taken: int, level: float = 0.95, power: float = 0.8) -> int:
    """About how many pairs of unit and month it takes for a correlation of r to be seen this often; taken: means that are taken out first.

    Source: Fisher 1921 (Metron 1:3), the transformed correlation, with the degrees of freedom that the means cost.

    >>> pairs_needed(0.3, 20)
    105
    """
    from gensvar.stats.normal import z_of

    return int(np.ceil(((z_of(level) + z_of(2 * power - 1)) / np.arctanh(r)) ** 2)) + 3 + taken
