"""Medians from counts of times in quarter octaves: they add, and are right to within a tenth."""

from collections.abc import Mapping

from gensvar.explain.journeys.counts import bin_seconds


def median_seconds(bins: Mapping[int, int]) -> float | None:
    """The median in seconds, the times of a bin taken to lie evenly in it on the scale of octaves; None of nothing.

    >>> round(median_seconds({40: 1, 44: 2, 48: 1}), 3)
    2.434
    """
    total, seen = sum(bins.values()), 0
    for at in sorted(bins):
        if bins[at] and seen + bins[at] >= total / 2:
            return bin_seconds(at + (total / 2 - seen) / bins[at])
        seen += bins[at]
    return None
