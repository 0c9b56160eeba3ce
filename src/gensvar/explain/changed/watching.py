"""What moved on a board: each onset as a line that says from what to what, with intervals; and how small a change could have been seen. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final, Literal

import msgspec
import numpy as np

from gensvar.explain.changed.boards import WEEK, CountBoard, Key, Kind, LevelBoard, histogram_of
from gensvar.measure.answer import Estimate
from gensvar.measure.metrics import difference, metric_of
from gensvar.stats import z_of
from gensvar.stats.alarms import BASE, LEAST_BASE, Counts, Levels, Mask, Onset, smallest_seen, watch
from gensvar.stats.negative_binomial import Numbers

Unit = Literal["share", "points", "scale", "weekly"]
Season = Literal["unknown", "unlike", "alike"]
YEAR: Final = 52
TRACED: Final = 6  # decimals of a week's value
LEAST_YEAR_BEFORE: Final = 8
ALIKE_Z: Final = 1.645
MOST_DOUBT: Final = 0.35  # standard error of a year before's own change; with more a doubling would not have shown
NEAR: Final = 4  # weeks between two onsets that may be one
LONGEST_WINDOW: Final = 8
MOST_LOG: Final = 7.0  # a thousandfold; more is as good as never


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that moved. since: the Monday from which; told: that of the week in which it could be told; ended: from which it is as before.

    was, now: the weeks before and those since, in the unit (weekly: so many a week). change: now less was for levels, now ÷ was for counts.
    p: how surprising the week of telling was; q: after all of its family. season: whether the same weeks a year before moved alike.
    trouble: a source whose quality was amiss at the time. also: where else the same was seen. trace: the weeks of the last year, one value each, in
    the unit of was; None where nothing was said.
    """

    kind: Kind
    key: Key
    rose: bool
    since: date
    told: date
    ended: date | None
    stayed: bool
    p: float
    q: float
    unit: Unit
    was: Estimate
    now: Estimate
    change: Estimate
    season: Season = "unknown"
    trouble: str = ""
    also: tuple[Key, ...] = ()
    trace: tuple[float | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """One series that was watched. weekly: answers or counts a week of late; smallest: the change that would be seen 4 times in 5 within 8 weeks.

    In the measure's unit for a level; as a part of what it is for a count (0.3: 30 % more).
    """

    kind: Kind
    key: Key
    weekly: float
    smallest: float


@dataclass(frozen=True, slots=True)
class Family:
    """What was watched of one kind. series: all; tested: that had enough in the last week; spread: dispersion α, or how much levels of weeks vary."""

    kind: Kind
    series: int
    tested: int
    spread: float


@dataclass(frozen=True, slots=True)
class Feed:
    """What moved, latest told first. first, last: Mondays of the weeks that were watched. silent: sources that have gone quiet.

    left: families that cannot be counted within what the reader may see.
    """

    first: date
    last: date
    lines: tuple[Line, ...]
    families: tuple[Family, ...]
    seen: tuple[Seen, ...]
    silent: tuple[str, ...] = ()
    left: tuple[Kind, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    lines: tuple[Line, ...] = ()
    family: Family | None = None
    seen: tuple[Seen, ...] = field(default=())


def levels(board: LevelBoard, weeks: Sequence[date], first: int) -> Found:
    """Of the levels. first: the place of the first week that may tell."""
    if not board.keys or not weeks:
        return Found()
    made = watch(board.levels, first)
    lines = [_level_line(board, o, weeks, made.kept) for o in made.onsets]
    last = slice(max(0, len(weeks) - BASE), len(weeks))
    unrest = board.levels.unrest(last, made.kept)
    seen = _levels_seen(board, last, made.tested, unrest)
    return Found(tuple(x for x in lines if x), Family("level", len(board.keys), made.tested, unrest), tuple(seen))


def _level_line(board: LevelBoard, o: Onset, weeks: Sequence[date], kept: Mask) -> Line | None:
    measure, bins = board.measures[o.series], board.bins[o.series]
    since, until = o.since, o.ended or len(weeks)
    base = slice(max(0, since - BASE), since)
    usual = kept[o.series, base] if kept[o.series, base].any() else slice(None)
    was, now = histogram_of(bins[base][usual]), histogram_of(bins[since:until])
    then, here = metric_of(measure).verdict(was, measure), metric_of(measure).verdict(now, measure)
    if not isinstance(then, Estimate) or not isinstance(here, Estimate):
        return None
    gap = difference(now, was, measure)
    change = Estimate(gap.value, gap.low, gap.high, here.n)
    line = _line("level", board.keys[o.series], o, weeks, metric_of(measure).unit, then, here, change)
    return replace(line, trace=_trace(board.levels.total[o.series], board.levels.n[o.series]))


def _trace(part: Numbers, of: Numbers) -> tuple[float | None, ...]:
    return tuple(round(float(a / b), TRACED) if b > 0 else None for a, b in zip(part[-YEAR:], of[-YEAR:], strict=True))


def _line(kind: Kind, key: Key, o: Onset, weeks: Sequence[date], unit: Unit, was: Estimate, now: Estimate, change: Estimate) -> Line:
    ended = None if o.ended is None else weeks[o.ended]
    return Line(kind, key, o.rose, weeks[o.since], weeks[o.told], ended, o.stayed, o.p, o.q, unit, was, now, change)


def _levels_seen(board: LevelBoard, last: slice, tested: int, unrest: float) -> Iterable[Seen]:
    of: Levels = board.levels
    n = of.n[:, last].sum(axis=1)
    long = last.stop - last.start
    weekly = n / max(long, 1)
    enough = (n >= 2 * of.least) & (long >= LEAST_BASE)
    mean = of.total[:, last].sum(axis=1) / np.maximum(n, 1)
    variance = np.maximum(of.squares[:, last].sum(axis=1) / np.maximum(n, 1) - mean**2, 0.0)
    weeks = 1 / LONGEST_WINDOW + 1 / max(long, 1)
    error = np.sqrt(variance * (1 / np.maximum(LONGEST_WINDOW * weekly, 1) + 1 / np.maximum(n, 1) + unrest * weeks))
    smallest = smallest_seen(error, tested)
    return [Seen("level", board.keys[i], float(weekly[i]), float(smallest[i])) for i in np.flatnonzero(enough).tolist()]


def counts(board: CountBoard, weeks: Sequence[date], first: int) -> Found:
    """Of a board of counts. first: the place of the first week that may tell."""
    if not board.keys or not weeks:
        return Found()
    made = watch(board.counts, first)
    lines = tuple(_count_line(board, o, weeks, made.kept) for o in made.onsets)
    last = slice(max(0, len(weeks) - BASE), len(weeks))
    before = board.counts.before(last, made.kept)
    told = np.flatnonzero((before.weeks >= LEAST_BASE) & (before.seen > 0)).tolist()
    smallest = np.expm1(np.minimum(smallest_seen(np.sqrt(_relative(before.alpha, before.weeks, before.seen)), made.tested), MOST_LOG))
    seen = tuple(Seen(board.kind, board.keys[i], float(before.seen[i] / before.weeks[i]), float(smallest[i])) for i in told)
    spread = float(np.median(before.alpha[told])) if told else 0.0
    return Found(lines, Family(board.kind, len(board.keys), made.tested, spread), seen)


def _relative(alpha: Numbers, weeks: Numbers, seen: Numbers) -> Numbers:
    """Variance of the log of a change over eight weeks."""
    weekly = np.maximum(seen / np.maximum(weeks, 1), 1e-9)
    found: Numbers = alpha * (1 / LONGEST_WINDOW + 1 / np.maximum(weeks, 1)) + 1 / (LONGEST_WINDOW * weekly) + 1 / (seen + 0.5)
    return found


def _count_line(board: CountBoard, o: Onset, weeks: Sequence[date], kept: Mask) -> Line:
    of, row = board.counts, o.series
    since, until = o.since, o.ended or len(weeks)
    base = slice(max(0, since - BASE), since)
    usual = kept if kept[row, base].any() else np.ones_like(kept)
    before = of.before(base, usual)
    alpha = float(before.alpha[row])
    was = _rate(float(before.seen[row]), float(before.exposed[row]), float(before.weeks[row]), alpha, share=board.share)
    seen, exposed = float(of.counts[row, since:until].sum()), float(of.exposure[row, since:until].sum())
    now = _rate(seen, exposed, until - since, alpha, share=board.share)
    doubt = alpha / (until - since) + 1 / (seen + 0.5) + float(before.doubt(1e9)[row])
    factor = (seen + 0.5) / max(exposed, 1e-9) / float(before.rate[row])
    change = _about(factor, doubt, round(seen))
    line = _line(board.kind, board.keys[row], o, weeks, "share" if board.share else "weekly", was, now, change)
    return replace(line, season=season_of(of, o), trace=_trace(of.counts[row], of.exposure[row]))


def _rate(seen: float, exposed: float, weeks: float, alpha: float, *, share: bool) -> Estimate:
    """A share of what it is a part of, or so many a week; the interval on a log scale, with the dispersion of weeks."""
    value = (seen + 0.5) / max(exposed, 1e-9)
    found = _about(value, alpha / max(weeks, 1) + 1 / (seen + 0.5), round(seen))
    plain = seen / max(exposed, 1e-9)
    top = 1.0 if share else np.inf
    return Estimate(min(plain, top), min(found.low, plain, top), min(max(found.high, plain), top), round(seen))


def _about(value: float, variance: float, n: int) -> Estimate:
    half = z_of(0.95) * float(np.sqrt(variance))
    return Estimate(float(value), float(value * np.exp(-half)), float(value * np.exp(half)), n)


def season_of(of: Counts, o: Onset) -> Season:
    """Whether the same weeks a year before moved the same way, and as far as can be told by as much; unknown without eight weeks before those."""
    if o.since - YEAR < LEAST_YEAR_BEFORE:
        return "unknown"
    then, error = _log_change(of, o.series, o.since - YEAR, o.told - YEAR)
    now, doubt = _log_change(of, o.series, o.since, o.told)
    if error >= MOST_DOUBT:
        return "unknown"
    moved = then * (1 if o.rose else -1) > ALIKE_Z * error
    return "alike" if moved and abs(now - then) < ALIKE_Z * float(np.hypot(error, doubt)) else "unlike"


def _log_change(of: Counts, row: int, since: int, told: int) -> tuple[float, float]:
    """The logarithm of how many times its usual a stretch of weeks is, and its standard error."""
    before = of.before(slice(max(0, since - BASE), since), np.ones(of.counts.shape, np.bool_))
    seen, exposed = float(of.counts[row, since : told + 1].sum()), float(of.exposure[row, since : told + 1].sum())
    change = np.log((seen + 0.5) / max(exposed, 1e-9) / before.rate[row])
    return float(change), float(np.sqrt(before.doubt(told + 1 - since)[row] + 1 / (seen + 0.5)))


# ── together ──


def gathered(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Lines of one thing that moved the same way at about the same time as one: the most surprising, which names where else; latest told first."""
    kept: list[Line] = []
    for line in sorted(lines, key=lambda x: (x.p, x.told, x.key.dimension)):
        at = next((i for i, k in enumerate(kept) if _same(k, line)), None)
        if at is None:
            kept.append(line)
        else:
            kept[at] = replace(kept[at], also=tuple(dict.fromkeys((*kept[at].also, line.key))))
    return tuple(sorted(kept, key=lambda x: (-x.told.toordinal(), x.p)))


def _same(a: Line, b: Line) -> bool:
    """Volumes of several sources that move together are one thing, whichever they are."""
    one = a.kind == b.kind == "volume" or (a.kind, a.key.what, a.key.name) == (b.kind, b.key.what, b.key.name)
    return one and a.rose == b.rose and a.key != b.key and abs((a.since - b.since) / WEEK) <= NEAR


def troubled(lines: Iterable[Line], source_of: Mapping[str, str]) -> tuple[Line, ...]:
    """Levels of a measure that one source brings, with that source where its quality was amiss at about the time. source_of: measure → source."""
    every = tuple(lines)
    amiss = [x for x in every if x.kind == "quality" and x.rose]
    return tuple(replace(x, trouble=_trouble(x, amiss, source_of)) if x.kind == "level" else x for x in every)


def _trouble(line: Line, amiss: Sequence[Line], source_of: Mapping[str, str]) -> str:
    source = source_of.get(line.key.name, "")
    near: Callable[[Line], bool] = lambda x: x.key.name == source and abs((x.since - line.since) / WEEK) <= 2 * NEAR  # noqa: E731
    return source if source and any(map(near, amiss)) else ""


def feed_json(feed: Feed) -> dict[str, Any]:
    """Plain types, for the ledger."""
    plain: dict[str, Any] = msgspec.to_builtins(feed)
    return plain


def feed_from(plain: Mapping[str, Any]) -> Feed:
    """The feed that `feed_json` wrote."""
    return msgspec.convert(dict(plain), Feed)
