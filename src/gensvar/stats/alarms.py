"""Whether any of many weekly series has moved: over windows of several lengths, all held to one rate of false discoveries, each told once.

The rule: a window of 1, 2, 4 and 8 weeks is held against the 40 weeks before it, less those in which the series had already been told to have moved;
the four p values are made one (Cauchy's combination, which bears that they share weeks); of all series of the week those are named that Benjamini
and Hochberg name at 0.17, fewer than fifty series being held as fifty. A window with a week in it that was told already says nothing new. An onset
ends when the last four weeks no longer differ; one that lasts thirteen weeks is the new level, and what comes after is held against that. Weeks of
which too little is known end nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from gensvar.stats.negative_binomial import Numbers, dispersion, mid_tails

Mask = NDArray[np.bool_]
WINDOWS: Final = (1, 2, 4, 8)
BASE: Final = 40
LEAST_BASE: Final = 12  # weeks before a window; with fewer nothing is said
RATE: Final = 0.17
BOARD: Final = 50  # series that share the rate; fewer have their part of it, so that one alone does not have all false alarms
ENDED: Final = 0.2  # p of the last four weeks, above which an onset has ended
LAST: Final = 4
STAYS: Final = 13  # weeks after which what was told is the new level
LEAST_COUNT: Final = 10.0
DOUBT: Final = 0.6  # standard errors; by simulation (evals/alarms.py), so that fifty such series keep to one false alarm a month
SMALLEST: Final = 1e-15


@dataclass(frozen=True, slots=True)
class Tails:
    """For each series: the chance of at most so much and of at least so much in the window, if nothing had moved; nan where it cannot be told."""

    low: Numbers
    high: Numbers

    @property
    def p(self) -> Numbers:
        """Two-sided."""
        found: Numbers = np.minimum(1.0, 2 * np.minimum(self.low, self.high))
        return found


class Weekly(Protocol):
    """Many series over the same weeks."""

    @property
    def shape(self) -> tuple[int, int]:
        """(series, weeks)"""
        ...

    def tails(self, window: slice, base: slice, kept: Mask) -> Tails:
        """The window against the weeks of the base that are kept (series × weeks)."""
        ...


@dataclass(frozen=True, slots=True)
class Counts:
    """counts, exposure: series × weeks; what is expected of a week is its exposure times a rate that is the series' own.

    each: series scatter each in a way of its own (sources that come in bursts beside steady ones), so that no dispersion is shared.
    """

    counts: Numbers
    exposure: Numbers
    each: bool = False

    @property
    def shape(self) -> tuple[int, int]:
        rows, weeks = self.counts.shape
        return rows, weeks

    def tails(self, window: slice, base: slice, kept: Mask) -> Tails:
        """Negative binomial mid-p. α is that of the base, for a sum over weeks α ÷ weeks; that the rate is itself an estimate widens it."""
        before = self.before(base, kept)
        seen, exposed, weeks = self.counts[:, window].sum(axis=1), self.exposure[:, window].sum(axis=1), window.stop - window.start
        told = (before.weeks >= LEAST_BASE) & (exposed > 0) & (before.exposed > 0) & (before.seen + seen >= LEAST_COUNT)
        mean = np.where(told, before.rate * exposed, 1.0)
        low, high = mid_tails(seen, mean, np.where(told, before.doubt(weeks), 0.0))
        return Tails(np.where(told, low, np.nan), np.where(told, high, np.nan))

    def before(self, base: slice, kept: Mask) -> "Before":
        """What the kept weeks of a base say of each series."""
        keep = kept[:, base] & (self.exposure[:, base] > 0)
        counts, exposure = np.where(keep, self.counts[:, base], 0.0), np.where(keep, self.exposure[:, base], 0.0)
        seen, exposed, weeks = counts.sum(axis=1), exposure.sum(axis=1), keep.sum(axis=1).astype(np.float64)
        plain = np.divide(seen, exposed, out=np.zeros_like(seen), where=exposed > 0)
        scatter = np.where(keep, (counts - plain[:, None] * exposure) ** 2, 0.0).sum(axis=1)
        mean = seen / np.maximum(weeks, 1)
        shared = dispersion(weeks, mean, scatter)
        return Before(seen, exposed, weeks, _own(weeks, mean, scatter) if self.each else np.full(len(seen), shared))


@dataclass(frozen=True, slots=True)
class Before:
    """Counts, exposure and number of the weeks before a window, and α, for each series."""

    seen: Numbers
    exposed: Numbers
    weeks: Numbers
    alpha: Numbers

    @property
    def rate(self) -> Numbers:
        """With half a count more, so that what was never seen has a rate too (Jeffreys' prior of a Poisson rate)."""
        found: Numbers = (self.seen + 0.5) / np.maximum(self.exposed, SMALLEST)
        return found

    def doubt(self, weeks: float) -> Numbers:
        """The α of a sum over so many weeks whose rate is an estimate: variances of the sum and of the rate, each relative to the mean, added."""
        found: Numbers = self.alpha * (1 / weeks + 1 / np.maximum(self.weeks, 1)) + 1 / (self.seen + 0.5)
        return found


def _own(weeks: Numbers, mean: Numbers, scatter: Numbers) -> Numbers:
    """Each series' own α, raised by a part of its standard error: some forty weeks tell of it so roughly that who trusts it cries wolf too often."""
    free, mu = np.maximum(weeks - 1, 1), np.maximum(mean, SMALLEST)
    found = np.maximum((scatter / free - mean) / mu**2, 0.0)
    own: Numbers = np.where(mean > 0, found + DOUBT * np.sqrt(2 / free) * (1 / mu + found), 0.0)
    return own


@dataclass(frozen=True, slots=True)
class Levels:
    """n, total, squares: series × weeks: how many answers, their sum and sum of squares. least: answers that a side must have. noise: the variance of
    one answer of each series, where all were as likely; so that a few equal answers are not taken for certainty.
    """

    n: Numbers
    total: Numbers
    squares: Numbers
    noise: Numbers
    least: float = 30.0

    @property
    def shape(self) -> tuple[int, int]:
        rows, weeks = self.n.shape
        return rows, weeks

    def tails(self, window: slice, base: slice, kept: Mask) -> Tails:
        """Normal, with the variance of both sides together and two pseudo-answers, and that of the weeks’ own levels."""
        keep = kept[:, base] & (self.n[:, base] > 0)
        n, total, squares = (np.where(keep, x[:, base], 0.0).sum(axis=1) for x in (self.n, self.total, self.squares))
        m, more, square = (x[:, window].sum(axis=1) for x in (self.n, self.total, self.squares))
        told = (keep.sum(axis=1) >= LEAST_BASE) & (n >= self.least) & (m >= self.least)
        n, m = np.maximum(n, 1), np.maximum(m, 1)
        variance = self._variance(n + m, total + more, squares + square)
        weeks = 1 / np.maximum(keep.sum(axis=1), 1) + 1 / (window.stop - window.start)
        spread = variance * (1 / n + 1 / m + self.unrest(base, kept) * weeks)
        z = np.where(told, (more / m - total / n) / np.sqrt(spread), np.nan)
        return Tails(ndtr(z), ndtr(-z))

    def _variance(self, n: Numbers, total: Numbers, squares: Numbers) -> Numbers:
        mean = total / n
        found: Numbers = (np.maximum(squares - n * mean**2, 0.0) + 2 * self.noise) / (n + 1)
        return found

    def unrest(self, base: slice, kept: Mask) -> float:
        """How much the true level of a week varies, as a part of one answer's variance, shared by all series, ≥ 0: by moments, so that large series,
        in which it shows most, are not held to be surer than they are. DerSimonian & Laird 1986, Control. Clin. Trials 7:177.
        """
        n = np.where(kept[:, base], self.n[:, base], 0.0)
        sums, total, squares = n.sum(axis=1), *(np.where(n > 0, x[:, base], 0.0).sum(axis=1) for x in (self.total, self.squares))
        mean = np.divide(total, sums, out=np.zeros_like(total), where=sums > 0)
        each = np.divide(self.total[:, base], n, out=np.broadcast_to(mean[:, None], n.shape).copy(), where=n > 0)
        variance = self._variance(np.maximum(sums, 1), total, squares)
        misfit = (n * (each - mean[:, None]) ** 2).sum(axis=1) / np.maximum(variance, SMALLEST) - np.maximum((n > 0).sum(axis=1) - 1, 0)
        weight = sums - (n**2).sum(axis=1) / np.maximum(sums, 1)
        enough = sums >= self.least
        return max(0.0, float(misfit[enough].sum() / max(weight[enough].sum(), 1.0)))


@dataclass(frozen=True, slots=True)
class Onset:
    """One series that moved. since: the first week of the window that shows it best; told: the week in which it could be told.

    p: of that week, before it is held against the others; q: after. ended: the first week that no longer differs; stayed: it is the new level.
    """

    series: int
    since: int
    told: int
    rose: bool
    p: float
    q: float
    ended: int | None = None
    stayed: bool = False


@dataclass(frozen=True, slots=True)
class Watched:
    """onsets in the order of telling; kept: which weeks still count as usual (series × weeks); tested: series looked at in the last week."""

    onsets: tuple[Onset, ...]
    kept: Mask
    tested: int


@dataclass(frozen=True, slots=True)
class Week:
    """What one week shows, for each series: p of all windows as one (nan: not tested), whether it rose, the window that shows it best, and whether
    the last four weeks are known and as usual.
    """

    p: Numbers
    rose: Mask
    window: NDArray[np.int64]
    usual: Mask


def week(of: Weekly, at: int, kept: Mask) -> Week:
    """All windows that end with this week."""
    found = [(length, of.tails(slice(at + 1 - length, at + 1), slice(max(0, at + 1 - length - BASE), at + 1 - length), kept)) for length in WINDOWS]
    p = np.array([tails.p for _, tails in found])
    fresh = np.array([kept[:, at + 1 - length : at + 1].all(axis=1) for length in WINDOWS])
    each = np.where(fresh, p, np.nan)
    best = np.argmin(np.where(np.isnan(each), np.inf, each), axis=0)
    rows = np.arange(each.shape[1])
    rose = np.array([tails.high < tails.low for _, tails in found])[best, rows]
    usual = p[WINDOWS.index(LAST)] > ENDED  # nan is not: of what has fallen silent nobody knows that it is as before
    return Week(together(each), rose, np.array(WINDOWS)[best], usual)


def together(p: Numbers) -> Numbers:
    """One p of several that may depend on each other, along the first axis; nan ones are left out. Liu & Xie 2020, JASA 115:393, equation 1.

    >>> together(np.array([[0.01], [0.5], [np.nan]])).round(4).tolist()
    [0.0195]
    """
    told = ~np.isnan(p)
    angle = np.where(told, np.tan((0.5 - np.clip(p, SMALLEST, 1 - SMALLEST)) * np.pi), 0.0)
    many = told.sum(axis=0)
    mean = angle.sum(axis=0) / np.maximum(many, 1)
    found = np.where(mean > 1, np.arctan(1 / np.maximum(mean, 1)) / np.pi, 0.5 - np.arctan(mean) / np.pi)
    one: Numbers = np.where(many > 0, found, np.nan)
    return one


def discoveries(p: Numbers) -> Numbers:
    """q of each (Benjamini & Hochberg 1995), over those that are not nan; as though there were fifty where there are fewer."""
    q, told = np.full_like(p, np.nan), ~np.isnan(p)
    many = int(told.sum())
    falling = np.argsort(p[told])[::-1]
    steps = p[told][falling] * max(many, BOARD) / np.arange(many, 0, -1)
    found = np.empty(many)
    found[falling] = np.minimum(np.minimum.accumulate(steps), 1.0) if many else steps
    q[told] = found
    return q


def watch(of: Weekly, first: int, rate: float = RATE) -> Watched:
    """Goes through the weeks from `first` as they came, each with no more than was known then."""
    rows, weeks = of.shape
    kept, done, tested = np.ones((rows, weeks), np.bool_), list[Onset](), 0
    open_: dict[int, Onset] = {}
    for at in range(max(first, max(WINDOWS) - 1), weeks):
        seen = week(of, at, kept)
        tested = int((~np.isnan(seen.p)).sum())
        closed = _close(open_, done, seen.usual, at, kept)
        q = discoveries(seen.p)
        for row in np.flatnonzero(q <= rate).tolist():
            if row not in open_ and row not in closed:
                open_[row] = Onset(row, at + 1 - int(seen.window[row]), at, bool(seen.rose[row]), float(seen.p[row]), float(q[row]))
                kept[row, open_[row].since : at] = False
        for row in open_:
            kept[row, at] = False
    found = sorted([*done, *open_.values()], key=lambda o: (o.told, o.p, o.series))
    return Watched(tuple(found), kept, tested)


def _close(open_: dict[int, Onset], done: list[Onset], usual: Mask, at: int, kept: Mask) -> frozenset[int]:
    """Those that have ended go from `open_` to `done`; what stayed is usual from its own beginning on, and what was before is not.

    The series that were closed: this week was held against what is no longer their usual, so it says nothing of them.
    """
    before = frozenset(open_)
    for row, onset in list(open_.items()):
        if usual[row]:
            done.append(_with_end(onset, at, stayed=False))
        elif at - onset.told >= STAYS:
            done.append(_with_end(onset, at, stayed=True))
            kept[row, : onset.since], kept[row, onset.since : at] = False, True
        else:
            continue
        del open_[row]
    return before - frozenset(open_)


def _with_end(o: Onset, at: int, *, stayed: bool) -> Onset:
    return Onset(o.series, o.since, o.told, o.rose, o.p, o.q, at, stayed)


def smallest_seen(relative: Sequence[float] | Numbers, tested: int, rate: float = RATE, power: float = 0.8) -> Numbers:
    """How large a change must be to be seen `power` of the time, in standard errors' unit: relative × (z of the strictest step of BH + z of power).

    relative: standard error of each series' change. tested: among how many it must stand out (one alone must meet rate ÷ tested: Bonferroni's step).
    """
    need = float(ndtri(1 - rate / (2 * max(tested, BOARD))) + ndtri(power))
    found: Numbers = np.asarray(relative, dtype=np.float64) * need
    return found
