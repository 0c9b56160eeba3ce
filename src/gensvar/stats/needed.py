"""How many customers a question takes: before it is asked, or where it cannot be answered yet."""

from math import ceil, inf, log, sqrt
from statistics import NormalDist


def needed(base: float, ratio: float, others: float = 1.0, level: float = 0.95, power: float = 0.8) -> int:
    """Customers in the smaller group for a risk ratio to be seen (two-sided) with this power; `others`: those in the other group for each of them.

    base: share of the others who meet the outcome, 0…1; the ratio must leave the share of the group below 1. Assumes one test: over many tests, more.
    ValueError where that is not so. Source: Fleiss, Levin & Paik 2003, Statistical Methods for Rates and Proportions, 3rd ed., equation 4.14, with
    4.19 for unequal groups, without the continuity correction.

    >>> [needed(base, 1.4) for base in (0.05, 0.10, 0.15, 0.20)]
    [2213, 1035, 643, 447]
    """
    share = base * ratio
    if not 0 < base < 1 or not 0 < share < 1 or ratio == 1 or not 0 < others < inf:
        raise ValueError("needs shares between 0 and 1 that differ, and both groups")
    normal = NormalDist()
    middle = (share + others * base) / (1 + others)
    under_null = normal.inv_cdf((1 + level) / 2) * sqrt((1 + 1 / others) * middle * (1 - middle))
    under_ratio = normal.inv_cdf(power) * sqrt(share * (1 - share) + base * (1 - base) / others)
    return ceil(((under_null + under_ratio) / (share - base)) ** 2)


def scaled(n: int, error: float, ratio: float, level: float = 0.95, power: float = 0.8) -> int:
    """Customers it takes, where n gave ln(ratio) this standard error: as many more as its variance must shrink for the ratio to be seen.

    Assumes that those to come are as those who came. Source: Schoenfeld 1981, Biometrika 68:316: what is known grows with the events.

    >>> scaled(100, 0.24, 1.4)
    400
    """
    normal = NormalDist()
    wanted = abs(log(ratio)) / (normal.inv_cdf((1 + level) / 2) + normal.inv_cdf(power))
    return ceil(n * (error / wanted) ** 2)


def power(size: float, base: float, ratio: float, others: float = 1.0, level: float = 0.95) -> float:
    """Chance, 0…1, to see this risk ratio with `size` customers in the smaller group. The same formula, solved for the power.

    >>> round(power(2213, 0.05, 1.4), 2)
    0.8
    """
    normal, share = NormalDist(), base * ratio
    middle = (share + others * base) / (1 + others)
    under_null = normal.inv_cdf((1 + level) / 2) * sqrt((1 + 1 / others) * middle * (1 - middle))
    spread = sqrt(share * (1 - share) + base * (1 - base) / others)
    return normal.cdf((abs(share - base) * sqrt(size) - under_null) / spread)
