"""The eighteen months: which days are busy, at what hour, and how systems write them."""

from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np

from gensvar.demo.dice import Floats, Ints, pick

FIRST = date(2025, 5, 1)
LAST = date(2026, 10, 31)
COUNT = (LAST - FIRST).days + 1
ZONE = ZoneInfo("Europe/Stockholm")
EPOCH = date(1970, 1, 1)
WEEK = {"office": (1.25, 1.15, 1.1, 1.05, 0.9, 0.15, 0.1), "shop": (0.9, 0.9, 0.95, 1.0, 1.25, 1.3, 0.7)}
SEASON = {
    "office": (1.15, 1.1, 1.1, 1.0, 0.95, 0.85, 0.55, 0.9, 1.1, 1.1, 1.1, 0.9),
    "shop": (0.8, 0.85, 0.9, 0.95, 1, 1.05, 1.1, 1, 0.95, 0.95, 1.1, 1.4),
}
HOURS = (0, 0, 0, 0, 0, 1, 3, 8, 14, 16, 14, 9, 8, 13, 12, 10, 7, 4, 3, 3, 2, 1, 0, 0)
YEARLY_GROWTH = 0.18


def number(day: date) -> int:
    """Days since the first day; negative before it."""
    return (day - FIRST).days


def at(day: int) -> date:
    """The day with this number."""
    return FIRST + timedelta(days=day)


@cache
def busyness(rhythm: str) -> tuple[float, ...]:
    """One weight for each day: weekday × month × growth."""
    days = [at(i) for i in range(COUNT)]
    return tuple(WEEK[rhythm][d.weekday()] * SEASON[rhythm][d.month - 1] * (1 + YEARLY_GROWTH * i / 365) for i, d in enumerate(days))


def some_days(rng: np.random.Generator, count: int, rhythm: str) -> Ints:
    """Day numbers, drawn by how busy the days are."""
    return pick(rng, list(busyness(rhythm)), count)


def some_seconds(rng: np.random.Generator, count: int) -> Ints:
    """Seconds since local midnight, mostly in working hours."""
    return pick(rng, [float(h) for h in HOURS], count) * 3600 + rng.integers(0, 3600, count)


@cache
def written(form: str) -> tuple[str, ...]:
    """Each day as text, by strftime form."""
    return tuple(at(i).strftime(form) for i in range(COUNT + 1))


def stamps(day: Ints, second: Ints, form: str, seconds: bool = False) -> list[str]:
    """Local times as text: the day in this form, then 14:05 or 14:05:09."""
    dates = written(form)
    pairs = zip(day.tolist(), second.tolist(), strict=True)
    if seconds:
        return [f"{dates[d]} {s // 3600:02d}:{s // 60 % 60:02d}:{s % 60:02d}" for d, s in pairs]
    return [f"{dates[d]} {s // 3600:02d}:{s // 60 % 60:02d}" for d, s in pairs]


@cache
def _offsets() -> tuple[int, ...]:
    """Seconds that local time is ahead of UTC at noon, for each day."""
    noons = (datetime(d.year, d.month, d.day, 12, tzinfo=ZONE) for d in (at(i) for i in range(COUNT + 1)))
    return tuple(int((t.utcoffset() or timedelta()).total_seconds()) for t in noons)


def epoch_ms(day: Ints, second: Ints) -> Ints:
    """Milliseconds since 1970 (UTC) of local times."""
    start = (FIRST - EPOCH).days * 86_400
    moments: Ints = (start + day * 86_400 + second - np.array(_offsets(), np.int64)[day]) * 1000
    return moments


def since(day: Ints, start: date) -> Floats:
    """1.0 from this day on, 0.0 before."""
    return (day >= number(start)).astype(np.float64)
