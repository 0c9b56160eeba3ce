"""Risks: how much more often something comes true with a mark than without it, held alike in other things by strata (Mantel–Haenszel)."""

from dataclasses import dataclass

import numpy as np

from gensvar.stats.many import Numbers
from gensvar.stats.normal import z_of


@dataclass(frozen=True, slots=True)
class Risks:
    """One for each mark. difference: of shares, −1…1; ratio: of shares, above 0; p: two-sided, of no difference in any stratum.

    NaN where no stratum has both kinds, or where nobody of either came true.
    """

    difference: Numbers
    low: Numbers
    high: Numbers
    ratio: Numbers
    ratio_low: Numbers
    ratio_high: Numbers
    p: Numbers


@dataclass(frozen=True, slots=True)
class Strata:
    """hits and people with the mark, and without it: each marks × strata, whole numbers. They add exactly over days, halves and strata."""

    hits: Numbers
    people: Numbers
    other_hits: Numbers
    others: Numbers

    def crude(self) -> "Strata":
        """The same without strata: what a reader would count by hand."""
        return Strata(*(part.sum(axis=1, keepdims=True) for part in (self.hits, self.people, self.other_hits, self.others)))


def risks(strata: Strata, level: float = 0.95) -> Risks:
    """The common difference and the common ratio over strata, with intervals, and a p value.

    Assumes that each person is in one stratum once. Sparse strata are fine, as long as there are many.
    Source: difference Sato 1989 (Biometrics 45:1323, eq. 3), ratio and its variance Greenland & Robins 1985 (Biometrics 41:55, eq. 13),
    p Mantel & Haenszel 1959 (J. Natl. Cancer Inst. 22:719) without a correction.
    """
    a, n1, b, n0 = strata.hits, strata.people, strata.other_hits, strata.others
    n = n1 + n0
    whole = np.maximum(n, 1)
    z = z_of(level)
    with np.errstate(divide="ignore", invalid="ignore"):
        difference, error = _difference(a, n1, b, n0, whole)
        log_ratio, log_error = _log_ratio(a, n1, b, n0, whole)
        p = _null(a, n1, b, n0, whole)
        low, high = np.maximum(-1, difference - z * error), np.minimum(1, difference + z * error)
        return Risks(difference, low, high, np.exp(log_ratio), np.exp(log_ratio - z * log_error), np.exp(log_ratio + z * log_error), p)


def _difference(a: Numbers, n1: Numbers, b: Numbers, n0: Numbers, n: Numbers) -> tuple[Numbers, Numbers]:
    """The common difference and its standard error."""
    weight = (n1 * n0 / n).sum(axis=1)
    value = ((a * n0 - b * n1) / n).sum(axis=1) / weight
    tilt = ((n1**2 * b - n0**2 * a + n1 * n0 * (n0 - n1) / 2) / n**2).sum(axis=1)
    noise = ((a * (n0 - b) + b * (n1 - a)) / (2 * n)).sum(axis=1)
    return value, np.sqrt(np.maximum(value * tilt + noise, 0)) / weight


def _log_ratio(a: Numbers, n1: Numbers, b: Numbers, n0: Numbers, n: Numbers) -> tuple[Numbers, Numbers]:
    """The logarithm of the common ratio and its standard error."""
    above, below = (a * n0 / n).sum(axis=1), (b * n1 / n).sum(axis=1)
    spread = ((n1 * n0 * (a + b) - a * b * n) / n**2).sum(axis=1)
    known = (above > 0) & (below > 0)
    return np.where(known, np.log(above) - np.log(below), np.nan), np.sqrt(spread / (above * below))


def _null(a: Numbers, n1: Numbers, b: Numbers, n0: Numbers, n: Numbers) -> Numbers:
    """p of the Mantel–Haenszel test: 1 where nothing can be told."""
    from scipy.special import erfc

    hits = a + b
    expected = (n1 * hits / n).sum(axis=1)
    variance = (n1 * n0 * hits * (n - hits) / (n**2 * np.maximum(n - 1, 1))).sum(axis=1)
    z = np.abs(a.sum(axis=1) - expected) / np.sqrt(variance)
    return np.where(variance > 0, erfc(z / np.sqrt(2)), 1.0)


def needed(share: float, base: float, gap: float, level: float = 0.95, power: float = 0.8) -> int:
    """About how many people it takes in all for a gap of shares to be seen this often, where this share of them has the mark.

    share: 0…1 of people with the mark; base: share of all that come true. Source: Fleiss, Levin & Paik 2003, Statistical Methods for Rates and
    Proportions, section 4.2, for unequal groups.

    >>> needed(0.5, 0.5, 0.15)
    349
    """
    spread = min(max(base * (1 - base), 0.05), 0.25) / max(share * (1 - share), 1e-6)
    return int(np.ceil((z_of(level) + z_of(2 * power - 1)) ** 2 * spread / gap**2))
