"""Impact of topics on a score, simulated: how often its intervals hold the truth, and what it names when scores are dealt out at random."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from evals.result import Result, covering
from gensvar.contracts import Measure
from gensvar.explain.impact import Counted, Impact, judged
from gensvar.stats.impact import Numbers, Sums, impacts, left_out
from gensvar.stats.jackknife import Replicated

BLOCKS: Final = 32
DRAWS: Final = 400
SHUFFLES: Final = 200
MOOD: Final = 0.15  # how much commoner each topic is among the sourest people
MEASURE: Final = Measure(id="score", version=1, metric="stars", low=0, high=5)


@dataclass(frozen=True, slots=True)
class Drawn:
    """Answers of people in strata who speak of topics that come together. truth: what each topic adds to the mean."""

    y: Numbers
    x: Numbers
    block: Numbers
    stratum: Numbers
    truth: Numbers


def drawn(seed: int, people: int, topics: int, strata: int) -> Drawn:
    """One to three answers each; a third of the topics lower the score, a third do nothing, a third lift it."""
    rng = np.random.default_rng(seed)
    person = np.repeat(np.arange(people), rng.integers(1, 4, people))
    n, mood = len(person), rng.random(people)[person]
    stratum = rng.integers(0, strata, people)[person].astype(float)
    common = np.linspace(0.04, 0.15, topics)
    x = (rng.random((n, topics)) < common + MOOD * mood[:, None]).astype(float)
    slope: Numbers = np.array([-0.3, 0.0, 0.15])[np.arange(topics) % 3]
    y = 3.0 - 0.1 * stratum / strata + x @ slope + rng.normal(0, 0.15, people)[person] + rng.normal(0, 0.3, n)
    block = (rng.permutation(people)[person] % BLOCKS).astype(float)
    return Drawn(y, x, block, stratum, np.asarray(slope * (common + MOOD / 2), np.float64))


def sums_of(d: Drawn) -> Sums:
    """The sums that an engine would count."""
    at, of = np.eye(BLOCKS)[d.block.astype(int)], np.eye(int(d.stratum.max()) + 1)[d.stratum.astype(int)]
    both = np.einsum("nk,ns->ksn", at, of, optimize=True)
    xx = np.stack([d.x[d.block == k].T @ d.x[d.block == k] for k in range(BLOCKS)])
    return Sums(both.sum(axis=2), both @ d.y, both @ d.x, both @ (d.x * d.y[:, None]), xx)


def coverage(people: int, topics: int, strata: int) -> Result:
    """The share of intervals that hold the truth."""
    hits = []
    for seed in range(DRAWS):
        d = drawn(seed, people, topics, strata)
        made = impacts(sums_of(d))
        low, high = Replicated.of(made.parts).limits()
        hits += ((low <= d.truth) & (d.truth <= high)).tolist()
    return covering(f"impact: coverage of 95 % intervals, {people} people, {topics} topics, {strata} strata", float(np.mean(hits)))


def nulls(people: int = 600, topics: int = 6) -> Result:
    """The share of runs on shuffled scores in which no topic is named."""
    quiet = []
    for seed in range(SHUFFLES):
        d = drawn(seed, people, topics, 2)
        rng = np.random.default_rng(10_000 + seed)
        shuffled = replace(d, y=rng.permutation(d.y))
        told = judged(Counted(tuple(f"topic{at:02d}-" for at in range(topics)), sums_of(shuffled), 2), MEASURE, 0, ("segment",))
        quiet.append(isinstance(told, Impact) and not any(v in {"lowers", "lifts"} for t in told.topics for v in (t.verdict, t.tones[0].verdict)))
    return Result("impact: runs on shuffled scores in which no topic is named", float(np.mean(quiet)), "share", 0.95)


def told_twice() -> list[Result]:
    """What two topics that are always together are given, as a share of what they share: by leaving out, and here."""
    both = (np.arange(2000) < 400).astype(float)
    d = Drawn(4.0 - both, np.column_stack([both, both]), (np.arange(2000) % BLOCKS).astype(float), np.zeros(2000), np.array([-0.2, 0.0]))
    usual = 2 * left_out(2000, float(d.y.sum()), 400, float(d.y[both > 0].sum()))
    ours = float(impacts(sums_of(d)).parts[0].sum())
    return [Result("impact: of what two topics share, told in all", ours / -0.2, "share", None, "score less score without", ours / usual)]


def evaluate() -> list[Result]:
    """Coverage for three sizes of house, nulls, and the double counting of the usual arithmetic."""
    return [*(coverage(*size) for size in ((150, 3, 2), (400, 6, 6), (1000, 12, 12))), nulls(), *told_twice()]
