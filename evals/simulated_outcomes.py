"""Customers who write and leave, with known truths: seeded, as large as one likes. Read by evaluations, benches and tests; nothing of it is real.

Term PLANTED, in a negative text, multiplies the monthly chance of leaving by `ratio` for the six months after. Term CONFOUNDED does nothing, but is
commoner in the segment that leaves most. Those who write much leave more. No other term does anything.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

MONTHS, WINDOW, NEVER = 24, 6, -99
PLANTED, CONFOUNDED = 20, 30
NEGATIVE: Final = 0.35  # of all texts; the others are neutral
SEGMENTS: Final = np.array([1.4, 1.1, 0.8, 0.6])  # how much more each leaves
MARKETS: Final = np.array([1.0, 0.9, 1.1, 1.0, 1.2])
Ints = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class People:
    """lives: unit, stratum, first_half, enter, leave, ended, value. texts: unit, month, negative, terms (a list of numbers below `terms`)."""

    lives: pa.Table
    texts: pa.Table
    terms: int

    def mentions(self) -> pa.Table:
        """unit, month, term: 3 × term + tone, and from 3 · terms on one for every text of a tone."""
        lists = self.texts["terms"].combine_chunks()
        lengths = np.diff(lists.offsets.to_numpy())
        unit, month = self.texts["unit"].to_numpy(), self.texts["month"].to_numpy()
        tone = np.where(self.texts["negative"].to_numpy(zero_copy_only=False), 0, 1).astype(np.int32)
        said = lists.values.to_numpy().astype(np.int32) * 3 + np.repeat(tone, lengths)
        any_ = [tone + np.int32(3 * self.terms + 3 * kind) for kind in (0, 1)]
        return pa.table({
            "unit": np.concatenate([np.repeat(unit, lengths), unit, unit]),
            "month": np.concatenate([np.repeat(month, lengths), month, month]),
            "term": np.concatenate([said, *any_]),
        })  # fmt: skip

    def moments(self) -> pa.Table:
        return self.texts.select(["unit", "month"])

    def shuffled(self, rng: np.random.Generator) -> "People":
        """The same texts, with lives dealt out anew: nothing that is said has to do with who leaves."""
        order = rng.permutation(len(self.lives))
        return People(self.lives.take(order).set_column(0, "unit", self.lives["unit"]), self.texts, self.terms)


def people(
    parties: int,
    terms: int,
    seed: int,
    *,
    ratio: float = 1.4,
    base: float = 0.012,
    planted: float = 0.004,
    confounded: float = 0.02,
    talk: float = 0.1,
) -> People:
    """planted, confounded: shares of texts, and of the first segment's texts, that have the term beyond chance. At a base of 0.012, 21 % leave.

    talk: how much likelier those are to leave who write much, which no register holds.
    """
    rng = np.random.default_rng(seed)
    market, segment = rng.choice(5, parties, p=[0.4, 0.25, 0.2, 0.1, 0.05]), rng.choice(4, parties, p=[0.5, 0.3, 0.15, 0.05])
    enter = np.where(rng.random(parties) < 0.5, 0, rng.integers(0, MONTHS, parties)).astype(np.int32)
    talks = rng.gamma(1.0, 1.0, parties)
    risk = base * SEGMENTS[segment] * MARKETS[market] * np.exp(talk * np.minimum(talks, 4) - 0.1)
    count = rng.poisson(3.6 * talks)
    unit = np.repeat(np.arange(parties, dtype=np.int32), count)
    month = (enter[unit] + rng.integers(0, MONTHS, len(unit)) % np.maximum(MONTHS - enter[unit], 1)).astype(np.int32)
    negative = rng.random(len(unit)) < NEGATIVE
    said, first, lengths = _said(rng, len(unit), terms)
    said[first[rng.random(len(unit)) < planted]] = PLANTED
    said[first[(segment[unit] == 0) & (rng.random(len(unit)) < confounded)]] = CONFOUNDED
    has = np.zeros(len(unit), bool)
    has[np.repeat(np.arange(len(unit)), lengths)[said == PLANTED]] = True
    leave, ended = _left(rng, risk, enter, unit[has & negative], month[has & negative], ratio)
    kept = month <= leave[unit]
    lives = pa.table({
        "unit": np.arange(parties, dtype=np.int32), "stratum": (market * 4 + segment).astype(np.int32), "first_half": rng.random(parties) < 0.5,
        "enter": enter, "leave": leave, "ended": ended, "value": np.round(rng.lognormal(7, 1, parties), 2),
    })  # fmt: skip
    lists = pa.ListArray.from_arrays(pa.array(np.r_[0, np.cumsum(lengths[kept])].astype(np.int32)), pa.array(said[np.repeat(kept, lengths)]))
    return People(lives, pa.table({"unit": unit[kept], "month": month[kept], "negative": negative[kept], "terms": lists}), terms)


def _said(rng: np.random.Generator, texts: int, terms: int) -> tuple[NDArray[np.int16], NDArray[np.int64], NDArray[np.int64]]:
    """The terms of every text in a row (Zipf; 4 to 12 a text), where each text begins, and how many it has."""
    shares = 1 / np.arange(3, terms + 3)
    lengths = rng.integers(4, 13, texts)
    said = np.searchsorted(np.cumsum(shares / shares.sum()), rng.random(int(lengths.sum())))
    return np.minimum(said, terms - 1).astype(np.int16), np.r_[0, np.cumsum(lengths)][:-1], lengths


def _left(rng: np.random.Generator, risk: NDArray[np.float64], enter: Ints, unit: Ints, month: Ints, ratio: float) -> tuple[Ints, NDArray[np.bool_]]:
    """(last month, whether it left then): month by month, those who were there; 15 % are lost to sight at some time."""
    parties = len(risk)
    latest, leave = np.full(parties, NEVER), np.full(parties, MONTHS - 1, np.int32)
    ended, there = np.zeros(parties, bool), np.ones(parties, bool)
    lost = np.where(rng.random(parties) < 0.15, rng.integers(0, MONTHS, parties), MONTHS)
    for at in range(MONTHS):
        exposed = (at - latest >= 1) & (at - latest <= WINDOW)
        goes = there & (enter <= at) & (rng.random(parties) < risk * np.where(exposed, ratio, 1.0))
        ended |= goes
        gone = goes | (there & (lost == at))
        leave[gone], there = at, there & ~gone
        latest[unit[month == at]] = at
    return leave, ended
