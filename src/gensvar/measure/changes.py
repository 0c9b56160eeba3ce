"""Changes: this side less that side for every group, adjusted for how many comparisons were made, and what may be said of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, floor, inf, log10
from typing import TypeVar

from gensvar.contracts.measures import Measure
from gensvar.measure.answer import Change, Estimate, Hidden, Move, NotComparable, TooFew, Verdict
from gensvar.measure.histogram import Histogram
from gensvar.measure.metrics import difference, metric_of
from gensvar.stats import Difference, adjusted, z_of

ALPHA, POWER = 0.05, 0.80
Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Pair:
    """One group on both sides: counts, and the verdicts on them."""

    measure: Measure
    this: Histogram
    that: Histogram
    now: Verdict
    then: Verdict

    @property
    def found(self) -> Difference | None:
        """The difference, where both sides have enough answers and may be shown."""
        if isinstance(self.now, Estimate) and isinstance(self.then, Estimate):
            return difference(self.this, self.that, self.measure)
        return None


def changes(pairs: Mapping[Key, Pair]) -> dict[Key, Change]:
    """One for each pair. q is adjusted over all of them (Benjamini–Hochberg); rose and fell are said only where q < 0.05."""
    found = {key: pair.found for key, pair in pairs.items()}
    tested = {key: d for key, d in found.items() if d is not None}
    q = dict(zip(tested, adjusted([d.p for d in tested.values()]), strict=True))
    reach = seen_from(len(tested))
    return {
        key: _told(pair, tested[key], q[key], reach) if key in tested else Change("cannot tell", pair.then, more=_wanting(pair, reach))
        for key, pair in pairs.items()
    }


def seen_from(comparisons: int) -> float:
    """How many standard errors a change must be to be seen 4 times in 5, among so many comparisons (Bonferroni: no less than BH needs)."""
    return z_of(1 - ALPHA / max(comparisons, 1)) + z_of(2 * POWER - 1)


def _told(pair: Pair, found: Difference, q: float, reach: float) -> Change:
    matters = metric_of(pair.measure).change_that_matters(pair.measure)
    move = moved(found, q, matters, reach)
    more = _wanting(pair, reach) if move == "cannot tell" else 0
    return Change(move, pair.then, found.value, found.low, found.high, found.p, q, more)


def moved(found: Difference, q: float, matters: float, reach: float) -> Move:
    """The verdict on a difference. `no visible change` needs that a change that matters is ruled out, or would most likely have been seen."""
    if q < ALPHA:
        return "rose" if found.value > 0 else "fell"
    ruled_out = -matters <= found.low and found.high <= matters
    error = (found.high - found.low) / (2 * z_of(1 - ALPHA))
    would_be_seen = found.p >= ALPHA and reach * error <= matters
    return "no visible change" if ruled_out or would_be_seen else "cannot tell"


def _wanting(pair: Pair, reach: float) -> int:
    """`more` of a pair; 0 where it says nothing: a side that is hidden, or not comparable."""
    if isinstance(pair.now, Hidden) or isinstance(pair.then, Hidden | NotComparable):
        return 0
    metric = metric_of(pair.measure)
    error = metric.change_that_matters(pair.measure) / reach
    spread = metric.read(pair.this, pair.measure).variance, metric.read(pair.that, pair.measure).variance
    more = further(pair.this.n, pair.that.n, spread, error)
    short = pair.now.least - pair.now.n if isinstance(pair.now, TooFew) else 0
    return max(more, short, 1)


def further(n: int, other: int, spread: tuple[float, float], error: float) -> int:
    """About how many further answers bring the standard error of a difference down to this; to two digits, rounded up.

    n, other: answers now on each side; spread: variance of one answer on each. The first side alone grows if that can do; else both.
    """
    room = error**2 - spread[1] / max(other, 1)
    alone = spread[0] / room - n if room > 0 else inf
    each = (spread[0] + spread[1]) / error**2
    both = max(0.0, each - n) + max(0.0, each - other)
    return to_two_digits(max(min(alone, both), 0.0))


def to_two_digits(count: float) -> int:
    """Rounded up, since a promise of too few would be broken.

    >>> to_two_digits(134.2), to_two_digits(7.1)
    (140, 8)
    """
    if count < 1:
        return ceil(count)
    unit: int = 10 ** max(0, floor(log10(count)) - 1)
    return ceil(count / unit) * unit
