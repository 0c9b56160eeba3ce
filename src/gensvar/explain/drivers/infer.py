"""From counts to what may be said of them: weights with their doubt, or a refusal that says why."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from gensvar.explain.drivers.counted import Counted, Missing, pairwise
from gensvar.explain.drivers.found import Caution, Drivers, Found, Gap, Left, Moved, Performance, Quadrant, Range, Refused, Sign, Weight
from gensvar.explain.drivers.found import Difference as Differs
from gensvar.explain.drivers.study import Driver, Study
from gensvar.stats.drivers import Weights, entangled, weights
from gensvar.stats.jackknife import Replicated
from gensvar.stats.lmg import lmg
from gensvar.stats.many import adjusted
from gensvar.stats.moments import Moments
from gensvar.stats.ranks import Ranks, ranks

Numbers = NDArray[np.float64]
LEAST, LEAST_A_DRIVER = 120, 20  # responses, in all and for each driver: from there on the intervals cover 93 % or more, by simulation
LEAST_BLOCKS = 20  # of parties, of fifty
SELDOM = 0.3  # of the responses that must have a driver
SURE = 0.05
HALO, TANGLED = 0.6, 5.0
MOST_PARTS = 12
POSITIVE = 1e-8


def least_of(drivers: int) -> int:
    """The fewest responses without a gap that weights are said of.

    >>> least_of(3), least_of(10)
    (120, 200)
    """
    return max(LEAST, LEAST_A_DRIVER * drivers)


def rare(study: Study, counted: Counted) -> tuple[Left, ...]:
    """The drivers that too few responses have: each would cost the others' answers, so they are left out and the rest is counted again."""
    floor = SELDOM * counted.responses
    few = [(d, n) for d, n in zip(study.drivers, counted.answered, strict=True) if n < floor]
    return tuple(Left(d.name, d.kind, "seldom" if n else "nobody", n) for d, n in few)


def tangle(study: Study, counted: Counted) -> tuple[Left, ...]:
    """The drivers that are constant or say what another says, among responses without a gap."""
    names, answered = study.drivers, counted.answered
    if counted.complete.count < least_of(len(names)):
        return ()
    places = entangled(counted.complete)
    return tuple(
        Left(names[at].name, names[at].kind, "constant" if like is None else "same", answered[at], "" if like is None else names[like].name)
        for at, like in sorted(places.items())
        if at < len(names)
    )


def judged(study: Study, counted: Counted, part: str | None = None, smallest: int = 1, left: Sequence[Left] = ()) -> Drivers | Refused:
    """What may be said of one group. smallest: the fewest people that a reader may be shown numbers of."""
    refused = _refused(study, counted, part, smallest, left)
    if refused is not None:
        return refused
    own = tangle(study, counted)
    gone = {one.name for one in own}
    places = [at for at, d in enumerate(study.drivers) if d.name not in gone]
    drivers = [study.drivers[at] for at in places]
    if len(drivers) < 2:
        return Refused(part, "one_driver" if drivers else "no_drivers", counted.responses, counted.complete.count, left=(*left, *own))
    solved = weighed(counted, places)
    if not max(solved.p, solved.p_parties) < SURE:
        return Refused(part, "nothing_explained", counted.responses, counted.complete.count, least_of(len(drivers)), left=(*left, *own))
    return _drivers(solved, drivers, places, counted, part, (*left, *own))


def weighed(counted: Counted, places: Sequence[int]) -> Weights:
    """The weights of the drivers at these places."""
    return weights(counted.complete.columns([*places, counted.complete.total.shape[1] - 1]))


def _refused(study: Study, counted: Counted, part: str | None, smallest: int, left: Sequence[Left]) -> Refused | None:
    n, least = counted.complete.count, least_of(len(study.drivers))
    plain = Refused(part, "too_few", counted.responses, n, least, 0, tuple(left))
    if not study.drivers:
        return replace(plain, why="no_drivers")
    if counted.responses and counted.responses < smallest:
        return Refused(part, "small_group")
    if n < max(least, smallest):
        kept = n / counted.responses if n else 1.0
        return replace(plain, more=int(np.ceil((least - n) / kept)))
    if counted.complete.filled < LEAST_BLOCKS:
        return replace(plain, why="few_people")
    if len(study.drivers) in entangled(counted.complete):
        return replace(plain, why="constant_outcome")
    return None


def _drivers(solved: Weights, drivers: list[Driver], places: list[int], counted: Counted, part: str | None, left: tuple[Left, ...]) -> Drivers:
    order = ranks(solved.weights)
    beside, pairs, why_not = _pairwise(counted.missing, places)
    made = _weights(solved, order, drivers, [counted.answered[p] for p in places], beside)
    r2 = ranges(solved.r2, shares=True)[0]
    leaders = tuple(w.name for w in made if w.rank_low == 1)
    signs: tuple[tuple[Caution, bool], ...] = (("halo", solved.halo > HALO), ("collinear", bool(solved.tangled.max() > TANGLED)))
    return Drivers(
        part, counted.responses, solved.n, r2, made, leaders[0] if len(leaders) == 1 else "", leaders, solved.halo, solved.condition,
        tuple(name for name, seen in signs if seen), left, pairs, why_not,
    )  # fmt: skip


def _weights(solved: Weights, order: Ranks, drivers: Sequence[Driver], answered: Sequence[int], beside: Numbers | None) -> tuple[Weight, ...]:
    shares, johnson, slopes = ranges(solved.weights, shares=True), ranges(solved.johnson, shares=True), ranges(solved.slopes)
    performance = performances(solved.means, drivers)
    made = [
        Weight(
            name=d.name, kind=d.kind, share=shares[i], johnson=johnson[i], pairwise=None if beside is None else float(beside[i]),
            rank=int(order.rank[i]), rank_low=int(order.low[i]), rank_high=int(order.high[i]), first=float(order.first[i]),
            sign=_sign(slopes[i]), slope=slopes[i], tangled=float(solved.tangled[i]), answered=answered[i], performance=performance[i],
            quadrant=_quadrant(shares[i], performance[i], len(drivers)),
        )
        for i, d in enumerate(drivers)
    ]  # fmt: skip
    return tuple(sorted(made, key=lambda w: w.rank))


def ranges(found: Replicated, *, shares: bool = False) -> list[Range]:
    low, high = found.share_limits() if shares else found.limits()
    return [Range(float(v), float(a), float(b)) for v, a, b in zip(found.value, low, high, strict=True)]


def _sign(slope: Range) -> Sign:
    return "with" if slope.low > 0 else "against" if slope.high < 0 else "unclear"


def performances(means: Replicated, drivers: Sequence[Driver]) -> list[Performance | None]:
    """How each rated driver is doing, 0…1 of its scale, and against the mean of the others; None for what is not rated, or has no others."""
    rated = [i for i, d in enumerate(drivers) if d.rated is not None]
    found: list[Performance | None] = [None] * len(drivers)
    if len(rated) < 2:
        return found
    flipped = np.array([1.0 if d.rated and d.rated.better == "down" else 0.0 for d in drivers])[rated]
    steps = np.array([drivers[i].steps for i in rated], np.float64)
    done = Replicated(*(np.abs(flipped - side / steps) for side in (means.value[rated], means.left_out[:, rated])))
    others = Replicated(*((side.sum(axis=-1, keepdims=True) - side) / (len(rated) - 1) for side in (done.value, done.left_out)))
    gap = gaps(done - others)
    for at, mean, beside in zip(rated, ranges(done), gap, strict=True):
        found[at] = Performance(Range(mean.value, max(0.0, mean.low), min(1.0, mean.high)), beside)
    return found


def gaps(found: Replicated) -> list[Gap]:
    """Differences with their q, adjusted over all of them."""
    q = adjusted([float(p) for p in found.p()])
    return [Gap(one.value, one.low, one.high, each) for one, each in zip(ranges(found), q, strict=True)]


def _quadrant(share: Range, performance: Performance | None, drivers: int) -> Quadrant:
    """Where the intervals allow it: against an even share of 1/p, and against the mean of the other drivers."""
    even = 1 / drivers
    if performance is None or share.low <= even <= share.high or performance.from_rest.q >= SURE:
        return ""
    below = performance.from_rest.value < 0
    if share.value > even:
        return "mend" if below else "keep"
    return "watch" if below else "enough"


def _pairwise(missing: Missing | None, places: Sequence[int]) -> tuple[Numbers | None, int | None, str]:
    """LMG of the pairwise correlations as shares, the fewest answers behind one, and why there are none: many drivers, or no possible matrix."""
    if missing is None:
        return None, None, "many"
    columns = [*places, missing.there.shape[1] - 1]
    found, n = pairwise(Missing(missing.there[:, columns], missing.moments.columns(columns)))
    if not np.isfinite(found).all() or np.linalg.eigvalsh(found).min() < POSITIVE:
        return None, None, "not_positive"
    shares = lmg(found)
    return shares / shares.sum(), int(n.min()), ""


# ── parts beside one another, and times ──


def parted(study: Study, parts: Mapping[str | None, Counted], together: Counted, smallest: int = 1) -> Found:
    """Each part, and how it differs from the rest of the whole; without `by` there are none."""
    whole = judged(study, together, None, smallest)
    if not study.by:
        return Found(whole)
    ordered = sorted(parts.items(), key=lambda one: (-one[1].responses, one[0] or ""))
    shown = ordered[:MOST_PARTS]
    each = tuple(judged(study, counted, name, smallest) for name, counted in shown)
    told = _differences(
        study, [(one, counted) for one, (_, counted) in zip(each, shown, strict=True) if isinstance(one, Drivers)], together, smallest
    )
    return Found(whole, each, told, len(ordered) - len(shown))


def _differences(study: Study, each: Sequence[tuple[Drivers, Counted]], together: Counted, smallest: int) -> tuple[Differs, ...]:
    """Of every driver of every part from the rest of the whole, adjusted over all of them, surest first."""
    made: list[tuple[str | None, str, float, float, Replicated]] = []
    for one, counted in each:
        rest = together.complete - counted.complete
        places = [at for at, d in enumerate(study.drivers) if one.of(d.name)]
        columns = [*places, len(study.drivers)]
        if rest.count < max(least_of(len(places)), smallest) or rest.filled < LEAST_BLOCKS or entangled(rest.columns(columns)):
            continue
        here, there = weighed(counted, places).weights, weights(rest.columns(columns)).weights
        gap = here - there
        made += [(one.part, study.drivers[p].name, float(here.value[i]), float(there.value[i]), gap.at([i])) for i, p in enumerate(places)]
    found = gaps(joined([gap for *_, gap in made])) if made else []
    told = [Differs(part, name, a, b, gap, gap.q < SURE) for (part, name, a, b, _), gap in zip(made, found, strict=True)]
    return tuple(sorted(told, key=lambda d: (d.gap.q, -abs(d.gap.value))))


def joined(some: Sequence[Replicated]) -> Replicated:
    """Several side by side."""
    return Replicated(np.concatenate([one.value for one in some]), np.concatenate([one.left_out for one in some], axis=1))


def moved(names: Sequence[str], now: Replicated, then: Replicated) -> tuple[Moved, ...]:
    """How each weight moved between two times on the same blocks of parties; who answered at both is counted once as far as chance goes."""
    found = gaps(now - then)
    rows = zip(names, now.value, then.value, found, strict=True)
    made = [Moved(name, float(a), float(b), gap, gap.q < SURE) for name, a, b, gap in rows]
    return tuple(sorted(made, key=lambda m: (m.gap.q, -abs(m.gap.value))))


def moved_between(study: Study, now: Counted, then: Counted) -> tuple[tuple[Moved, ...], str]:
    """The same from counts of two times; and why not, where one of them is too thin."""
    places = [at for at, d in enumerate(study.drivers) if d.name not in {one.name for one in (*tangle(study, now), *tangle(study, then))}]
    if len(places) < 2 or min(now.complete.count, then.complete.count) < least_of(len(places)):
        return (), "too_few"
    if min(now.complete.filled, then.complete.filled) < LEAST_BLOCKS or _varies_not(now.complete) or _varies_not(then.complete):
        return (), "too_few"
    return moved([study.drivers[p].name for p in places], weighed(now, places).weights, weighed(then, places).weights), ""


def _varies_not(moments: Moments) -> bool:
    last = moments.total.shape[1] - 1
    return last in entangled(moments.columns([last]))
