"""Weekly counts as boards: many series over the same weeks, of one family, ready to be watched. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, Literal, cast

import numpy as np
import pyarrow as pa

from gensvar.contracts.daily import COUNT_COLUMNS
from gensvar.contracts.measures import Measure
from gensvar.measure.histogram import Histogram
from gensvar.measure.metrics import metric_of
from gensvar.stats import Balance, Share
from gensvar.stats.alarms import Counts, Levels
from gensvar.stats.negative_binomial import Numbers

Kind = Literal["level", "volume", "topic", "friction", "quality"]
KINDS: Final[tuple[Kind, ...]] = ("level", "volume", "topic", "friction", "quality")
WEEK: Final = timedelta(weeks=1)
LEAST_WEEKS: Final = 20  # twelve to hold against, and eight to look at
POINTS: Final = 100.0


@dataclass(frozen=True, slots=True)
class Key:
    """What one series is of. what: measure (its key), topic, theme, tone (of a topic), source, market, step, aside, unread, off; name: which one.

    dimension, value: the group; empty for the whole.
    """

    what: str
    name: str
    dimension: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class LevelBoard:
    """levels beside keys, measures and their histograms (series × weeks × 14 columns as in the cubes)."""

    keys: tuple[Key, ...]
    measures: tuple[Measure, ...]
    bins: Numbers
    levels: Levels


@dataclass(frozen=True, slots=True)
class CountBoard:
    """counts beside keys. share: a count is a part of its exposure (texts that say so of all texts), not so many a week."""

    kind: Kind
    keys: tuple[Key, ...]
    counts: Counts
    share: bool


Cells = Mapping[tuple[Any, ...], Numbers]


def weeks_between(first: date, last: date) -> tuple[date, ...]:
    """Mondays, both ends included.

    >>> [d.day for d in weeks_between(date(2026, 10, 5), date(2026, 10, 19))]
    [5, 12, 19]
    """
    return tuple(first + WEEK * at for at in range((last - first).days // 7 + 1)) if first <= last else ()


def cells(table: pa.Table, keys: Sequence[str], columns: Sequence[str], weeks: Sequence[date]) -> dict[tuple[Any, ...], Numbers]:
    """Values of the key columns → weeks × columns. Rows of other weeks are left out."""
    place = {week: at for at, week in enumerate(weeks)}
    found: dict[tuple[Any, ...], Numbers] = {}
    matrix = np.column_stack([np.asarray(table[c].cast(pa.float64()).to_numpy(zero_copy_only=False)) for c in columns])
    at = [place.get(day_of(week)) for week in table["week"].to_pylist()]
    names = zip(*(table[k].to_pylist() for k in keys), strict=True) if keys else [()] * table.num_rows
    for row, (week, name) in enumerate(zip(at, names, strict=True)):
        if week is not None:
            found.setdefault(name, np.zeros((len(weeks), len(columns))))[week] += np.nan_to_num(matrix[row])
    return found


def day_of(moment: Any) -> date:
    """A day, where an engine gives a day or the moment at its start."""
    found = moment.date() if hasattr(moment, "date") else moment
    return cast("date", found)


# ── levels ──


def level_board(groups: Iterable[tuple[Key, Measure, Numbers]]) -> LevelBoard:
    """A series for each; a group that has all the answers of its whole is the whole, and is left out."""
    kept = list(_distinct(groups))
    keys, measures, bins = tuple(k for k, _, _ in kept), tuple(m for _, m, _ in kept), [b for _, _, b in kept]
    stacked = np.stack(bins) if bins else np.zeros((0, 0, len(COUNT_COLUMNS)))
    moments = [moments_of(b, m) for m, b in zip(measures, bins, strict=True)]
    n, total, squares = (np.stack([x[i] for x in moments]) if moments else np.zeros((0, 0)) for i in range(3))
    noise = np.array([x[3] for x in moments])
    return LevelBoard(keys, measures, stacked, Levels(n, total, squares, noise))


def _distinct(groups: Iterable[tuple[Key, Measure, Numbers]]) -> Iterable[tuple[Key, Measure, Numbers]]:
    wholes: dict[tuple[str, str], float] = {}
    for key, measure, bins in groups:
        n = float(bins[:, 0].sum())
        if not key.dimension:
            wholes[key.what, key.name] = n
            yield key, measure, bins
        elif n < wholes.get((key.what, key.name), np.inf):
            yield key, measure, bins


def moments_of(bins: Numbers, measure: Measure) -> tuple[Numbers, Numbers, Numbers, float]:
    """n, Σ, Σ² of what the metric is a mean of, for each week, in its unit; and the variance of one answer if all were as likely.

    A share is the mean of 0 and 1, a balance that of −100, 0 and 100.
    """
    n, total, squares, *steps = (bins[:, i] for i in range(bins.shape[1]))
    found = metric_of(measure).read(Histogram(cast("int", n), cast("float", total), cast("float", squares), cast("Any", tuple(steps))), measure)
    if isinstance(found, Share):
        k = np.asarray(found.k, dtype=np.float64)
        return n, k, k, 0.25
    if isinstance(found, Balance):
        against, pro = np.asarray(found.against, dtype=np.float64), np.asarray(found.pro, dtype=np.float64)
        return n, POINTS * (pro - against), POINTS**2 * (pro + against), POINTS**2 * 2 / 3
    return n, total, squares, found.scale.spread


def histogram_of(bins: Numbers) -> Histogram:
    """The weeks of one series as one."""
    n, total, squares, *steps = bins.sum(axis=0).tolist()
    return Histogram(round(n), total, squares, tuple(round(s) for s in steps))


# ── counts ──


def volume_board(found: Mapping[Key, Numbers]) -> CountBoard:
    """So many a week; each scatters in its own way."""
    keys = tuple(found)
    counts = _stacked([found[k] for k in keys])
    return CountBoard("volume", keys, Counts(counts, np.ones_like(counts), each=True), share=False)


def part_board(kind: Kind, parts: Mapping[Key, tuple[Numbers, Numbers]], *, each: bool = False) -> CountBoard:
    """Each series a part of its own whole: (counts, of how many)."""
    keys = tuple(parts)
    return CountBoard(kind, keys, Counts(_stacked([parts[k][0] for k in keys]), _stacked([parts[k][1] for k in keys]), each), share=True)


def standardised(counts: Mapping[str, Numbers], texts: Numbers) -> tuple[Numbers, Numbers]:
    """Counts of all sources together, and how many were to be expected of the week's mix of sources, scaled to texts: so that a wave of a survey in
    which nobody speaks of invoices is not taken for a fall of invoices. Indirect standardisation: Breslow & Day 1987, volume II, section 2.3.

    counts: source → weeks; texts: sources × weeks, in the same order.
    """
    each = _stacked(list(counts.values()))
    rate = each.sum(axis=1) / np.maximum(texts.sum(axis=1), 1)
    expected = rate @ texts
    scale = texts.sum() / expected.sum() if expected.sum() > 0 else 0.0
    return each.sum(axis=0), expected * scale


def _stacked(rows: Sequence[Numbers]) -> Numbers:
    return np.stack(rows).astype(np.float64) if rows else np.zeros((0, 0))
