"""Moments of parties as they were counted → shares with intervals that know that a party's errands are alike."""

from collections.abc import Mapping
from typing import Any, Final

from gensvar.explain.journeys.found import Number
from gensvar.stats.clustered import Clustered

LEAST: Final = 30
"""Errands behind a share; with fewer nothing is told."""


def clustered(row: Mapping[str, Any], steps: int) -> list[Clustered]:
    """The moments of one row of counts: the whole first, then each step."""
    return [Clustered(*(int(row.get(f"n{5 * i + m}") or 0) for m in range(5))) for i in range(steps + 1)]


def share(found: Clustered) -> Number:
    """y of x with the interval of clusters; too few under LEAST."""
    if found.x < LEAST:
        return Number(None, None, None, found.x, "too_few" if found.x else "nothing", LEAST)
    limits = found.interval()
    return Number(limits.value, limits.low, limits.high, found.x)
