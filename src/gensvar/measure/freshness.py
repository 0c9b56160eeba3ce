"""When a source has gone silent: longer without a row than is usual for it."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

LEAST_DAYS, PATIENCE = 5, 2.0


def silent(days: Sequence[date], today: date) -> bool:
    """Whether the pause since the last active day is over twice the source's own longest usual pause (its 95th percentile), and over two days.

    days: active days, any order. A source with fewer than five of them has no usual pause, and is never called silent.
    """
    active = sorted(set(days))
    if len(active) < LEAST_DAYS:
        return False
    pauses = sorted((b - a).days for a, b in pairwise(active))
    usual = pauses[int(0.95 * (len(pauses) - 1))]
    return (today - active[-1]).days > max(2.0, PATIENCE * usual)
