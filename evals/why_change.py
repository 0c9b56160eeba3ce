"""Why a measure changed, where the truth is known: what intervals hold, how many local patterns are false, and the planted truths of the company."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from evals.company import Told, told
from evals.result import Result, covering
from gensvar.contracts import Measure
from gensvar.demo.truth import planted
from gensvar.explain.change import Decomposed
from gensvar.kit.scope import whole
from gensvar.measure import NotComparable, parse_question
from gensvar.measure.local import Cell, Grid, Named, search
from gensvar.serve.desk import HouseDesk
from gensvar.serve.desks.why_change import parts_of
from gensvar.stats import Prior
from gensvar.stats.decompose import Belongs, Linear, Tally, TwoFold, order_free, together

Numbers = npt.NDArray[np.float64]
RUNS, SEARCHES = 2000, 200
SHARE, FIVES = Prior(4.0, 0.5, 0.5), Prior(2.0, 3.0, 11.0, spread=True)
CSAT: Final = Measure(id="csat.delivery", version=1, metric="csat", low=1, high=5)
WEEKS, SIZES, LEAST = 13, (4, 4, 5, 4), 30


@dataclass(frozen=True, slots=True)
class Truth:
    """Shares and means of six cells, of two dimensions with three and two values, on both sides; the smallest has one answer in twenty."""

    shares: tuple[Numbers, Numbers]
    means: tuple[Numbers, Numbers]


TRUTH = Truth(
    (np.array([0.30, 0.20, 0.20, 0.15, 0.10, 0.05]), np.array([0.22, 0.20, 0.18, 0.16, 0.16, 0.08])),
    (np.array([0.80, 0.74, 0.62, 0.70, 0.55, 0.90]), np.array([0.85, 0.70, 0.62, 0.78, 0.48, 0.80])),
)
CODES = np.array([[0, 0], [0, 1], [1, 0], [1, 1], [2, 0], [2, 1]])
SINGLE = 5  # values of both dimensions


def evaluate(folder: Path) -> list[Result]:
    """Simulations, then the company at full size."""
    with told(folder, 1.0) as world:
        return [*coverage(), *local(), *in_the_company(world)]


# ── intervals ──


def coverage() -> list[Result]:
    """The lowest and the highest share of intervals, over all parts that add up, that hold the truth; 2,000 pairs of samples of each size. Those of
    each value's own mix apart: where neither its share nor what it says differs they are wider than need be.
    """
    found = []
    for what, fives in (("shares", False), ("means", True)):
        for n in (200, 500, 2000):
            share = held(n, fives=fives)
            for name, some in (("intervals", share[:-SINGLE]), ("each value's own mix", share[-SINGLE:])):
                said = f"why it changed: {name}, {what}, {n:,} answers a side"
                found += [covering(f"{said}, {end} that hold", float(one)) for end, one in (("least", some.min()), ("most", some.max()))]
    return found


def held(n: int, *, fives: bool) -> Numbers:
    """For each part how often its interval holds the truth: level of cells, mix and level in all, mix by dimension; then the mix of each value."""
    times, prior = (4.0, FIVES) if fives else (1.0, SHARE)
    exact = [Tally(1e9 * p, 1e9 * p * m, 1e9 * p * m) for p, m in zip(TRUTH.shares, TRUTH.means, strict=True)]
    true = times * parts(exact[0], exact[1], SHARE)[1].value
    rng, hits = np.random.default_rng(n), np.zeros(len(true))
    for _ in range(RUNS):
        this, that = (drawn(rng, n, side, fives=fives) for side in (0, 1))
        fold, made = parts(this, that, prior)
        found = fold.judged(made)
        hits += (found.low <= true) & (true <= found.high)
    share: Numbers = hits / RUNS
    return share


def parts(this: Tally, that: Tally, prior: Prior) -> tuple[TwoFold, Linear]:
    folds = [
        TwoFold(this, that, Belongs.of(np.unique(CODES[:, some], axis=0, return_inverse=True)[1].reshape(-1)), prior) for some in ([0], [1], [0, 1])
    ]
    one = [fold.mix(np.zeros(fold.belongs.count, np.int64)) for fold in folds]
    by_dimension = order_free({frozenset({0}): one[0], frozenset({1}): one[1], frozenset({0, 1}): one[2]}, 2)
    return folds[2], together([folds[2].level(), folds[2].whole(), by_dimension, folds[0].mix(), folds[1].mix()])


def drawn(rng: np.random.Generator, n: int, side: int, *, fives: bool) -> Tally:
    """Good or not; or whole scores from 1 to 5 whose mean is 1 + 4 m."""
    cell = rng.choice(6, n, p=TRUTH.shares[side])
    y = 1.0 + rng.binomial(4, TRUTH.means[side][cell]) if fives else rng.binomial(1, TRUTH.means[side][cell]).astype(float)
    return Tally(*(np.bincount(cell, y**power, 6).astype(float) for power in (0, 1, 2)))


# ── local patterns ──


def local() -> list[Result]:
    """200 pages where nothing is planted, and 200 with two things planted: how often something false is named, and how large a part of what is."""
    quiet = [not search([invented(seed, ())], LEAST).named for seed in range(SEARCHES)]
    effects = ((("market", 0), -0.6), (("channel", 1), 0.6))
    shares = [_false(search([invented(10_000 + seed, effects)], LEAST).named, effects) for seed in range(SEARCHES)]
    found = [_found(search([invented(10_000 + seed, effects)], LEAST).named, effects) for seed in range(40)]
    return [
        Result("why it changed: local patterns, pages without any where there is none", float(np.mean(quiet)), "share", 0.95),
        Result("why it changed: local patterns, named that are true where two are planted", 1 - float(np.mean(shares)), "share", 0.95),
        Result("why it changed: local patterns, planted that are named", float(np.mean(found)), "share", 0.8),
    ]


Effect = tuple[tuple[str, int], float]
DIMS = ("market", "segment", "channel", "touchpoint")


def invented(seed: int, effects: Sequence[Effect], answers: int = 20_000) -> Grid:
    """Thirteen weeks against the thirteen before, over four dimensions; effects: values whose satisfaction moves by so many logits."""
    rng = np.random.default_rng(seed)
    codes = np.array(np.unravel_index(np.arange(np.prod(SIZES)), SIZES)).T
    weight = np.prod([rng.dirichlet(np.full(k, 3.0))[codes[:, i]] for i, k in enumerate(SIZES)], axis=0)
    levels = np.sum([rng.normal(0, 0.3, k)[codes[:, i]] for i, k in enumerate(SIZES)], axis=0)
    logit = 1.0 + levels[:, None] * np.ones(2 * WEEKS)
    this = np.arange(2 * WEEKS) < WEEKS
    for (dim, value), effect in effects:
        logit[np.ix_(codes[:, DIMS.index(dim)] == value, this)] += effect
    n = rng.poisson(answers / WEEKS * weight[:, None] * np.ones(2 * WEEKS))
    good = rng.binomial(n, 1 / (1 + np.exp(-logit)))
    counts = np.zeros((*n.shape, 14))
    counts[..., 0], counts[..., 1], counts[..., 2] = n, 5 * good + 2 * (n - good), 25 * good + 4 * (n - good)
    counts[..., 3 + 4], counts[..., 3 + 1] = good, n - good
    names = tuple(tuple(f"{d}{i}" for i in range(k)) for d, k in zip(DIMS, SIZES, strict=True))
    return Grid(CSAT, DIMS, names, codes, counts, this)


def _cells(effects: Sequence[Effect]) -> set[Cell]:
    return {Cell.of({dim: f"{dim}{value}"}) for (dim, value), _ in effects}


def _false(named: Sequence[Named], effects: Sequence[Effect]) -> float:
    """Share of what is named that has nothing planted in it, or around it."""
    true = _cells(effects)
    cells = [n.cell for n in named]
    return sum(not any(c == t or c.within(t) for t in true) for c in cells) / max(len(cells), 1)


def _found(named: Sequence[Named], effects: Sequence[Effect]) -> float:
    return len(_cells(effects) & {n.cell for n in named}) / len(effects)


# ── the company ──


def in_the_company(world: Told) -> list[Result]:
    """1 where the planted truth comes to light as what it is, else 0."""
    found = {
        "planted: delivery’s fall in Norway is what was said there, and who answered is not": fell_in_norway(world),
        "planted: nor is it what was said elsewhere": nowhere_else(world),
        "planted: a change over a new wording is not taken apart": wording_is_refused(world),
        "planted: the parts add up to the change": adds_up(world),
    }
    return [Result(name, float(true), "yes or no", 1.0) for name, true in found.items()]


def _asked(world: Told, measure: str, period: str, where: str = "") -> Decomposed:
    desk = HouseDesk(world.house, whole())
    return parts_of(desk, parse_question(measure, "", where, period, "", "previous", today=desk.today()), "en")


def _over_the_fall(world: Told) -> tuple[Decomposed, str]:
    fall = planted()["real_fall"]
    first: date = fall["day"]
    return _asked(world, fall["measure"], f"{first}..{first + timedelta(days=91)}"), fall["market"]


def fell_in_norway(world: Told) -> bool:
    found, market = _over_the_fall(world)
    cell = next(c for c in found.cells if c.name == market)
    return cell.level.visible and cell.level.value < 0 and found.mix is not None and not found.mix.visible


def nowhere_else(world: Told) -> bool:
    found, market = _over_the_fall(world)
    return not any(c.level.visible and c.level.value < 0 for c in found.cells if c.name != market)


def wording_is_refused(world: Told) -> bool:
    change = planted()["wording_change"]
    first: date = change["day"]
    found = _asked(world, change["measure"], f"{first}..{first + timedelta(days=60)}")
    return found.why == "versions" and found.mix is None and found.change is not None and isinstance(found.change.then, NotComparable)


def adds_up(world: Told) -> bool:
    found, _ = _over_the_fall(world)
    if found.total is None or found.mix is None:
        return False
    whole_of_it = sum(p.value for p in found.who.values()) + sum(c.level.value for c in found.cells)
    return abs(whole_of_it - found.total.value) < 1e-12
