"""Wall-clock times of a zone → UTC, in bulk, with the hours that summer time skips pointed out."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

FIRST, LAST = datetime(1969, 12, 1, tzinfo=UTC), datetime(2101, 2, 1, tzinfo=UTC)
STEP = timedelta(days=2)
SECOND = 1_000_000
Moments = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Shifts:
    """The moments a zone's offset changes. at: seconds UTC; before, after: offset from UTC in seconds; at[0] lies before all times."""

    at: Moments
    before: Moments
    after: Moments


@lru_cache(maxsize=64)
def shifts(zone: str) -> Shifts:
    """The zone's changes of offset, 1970…2100, found to the second by halving."""
    tz = ZoneInfo(zone)
    start = _offset(tz, FIRST)
    found = [(-(1 << 40), start, start)]
    moment = FIRST
    while moment < LAST:
        later = moment + STEP
        if _offset(tz, moment) != _offset(tz, later):
            change = _change(tz, moment, later)
            found.append((int(change.timestamp()), _offset(tz, moment), _offset(tz, later)))
        moment = later
    at, before, after = (np.array(column, dtype=np.int64) for column in zip(*found, strict=True))
    return Shifts(at, before, after)


def _offset(tz: ZoneInfo, moment: datetime) -> int:
    return int((moment.astimezone(tz).utcoffset() or timedelta()).total_seconds())


def _change(tz: ZoneInfo, low: datetime, high: datetime) -> datetime:
    before = _offset(tz, low)
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) // 2
        middle = middle.replace(microsecond=0)
        low, high = (middle, high) if _offset(tz, middle) == before else (low, middle)
    return high


def to_utc(wall: Moments, zone: str) -> tuple[Moments, Mask]:
    """(microseconds UTC, whether that wall-clock time exists). An hour that comes twice means its first time."""
    if zone == "UTC":
        return wall, np.ones(len(wall), dtype=bool)
    s = shifts(zone)
    border = s.at + np.maximum(s.before, s.after)
    seconds = np.floor_divide(wall, SECOND)
    index = np.searchsorted(border, seconds, side="right") - 1
    following = np.minimum(index + 1, len(border) - 1)
    skipped = (following > index) & (seconds >= s.at[following] + s.before[following]) & (s.after[following] > s.before[following])
    return wall - s.after[index] * SECOND, ~skipped
