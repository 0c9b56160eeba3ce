"""What misreading does to a ratio: the invented company's leavers drawn anew, counted by what was written and by what a reader would have found."""

from dataclasses import dataclass
from typing import Final

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from evals.result import Result
from gensvar.demo import days
from gensvar.demo.dice import Dice
from gensvar.demo.draft import INTEGRATION, SILENT, Draft, complains_of
from gensvar.demo.fate import RATIO, STAYS, exposed, leaving
from gensvar.demo.sources import SOURCES, World
from gensvar.demo.spellings import directory
from gensvar.demo.town import Town, settle
from gensvar.explain.outcomes import exposure
from gensvar.explain.outcomes.counting import Grid, at_risk, stretches
from gensvar.explain.outcomes.taken import WINDOW
from gensvar.stats.hazards import hazards

DRAWN: Final = 100
FOUND, RIGHT = 0.65, 0.78
"""Of the company's complaints of integration, the share that the reader finds; of what it finds, the share that is one."""
ILL_FOUND, ILL_WRONG = 0.87, 0.44
"""The same of ill tone as a whole: the share found, and the share of other texts that are read as ill."""
Flags = NDArray[np.bool_]
Ints = NDArray[np.int64]


def redrawn(runs: int = DRAWN) -> list[Result]:
    """The middle ratio over companies that differ in who leaves, counted as the nightly look counts."""
    spoken = Spoken.of_company()
    found = np.array([spoken.ratios(seed) for seed in range(runs)])
    written, read, reckoned = np.exp(np.log(found).mean(0)).round(3).tolist()
    drawn = f"{RATIO} planted, {runs} companies"
    return [
        Result("outcomes: ratio by what was written, counted as each night", written, drawn, 1.34, most=1.44),
        Result(f"outcomes: the same where {FOUND:.0%} is found and {RIGHT:.0%} of it is right", read, drawn),
        Result("outcomes: that ratio reckoned from who was truly exposed", reckoned, drawn),
    ]


@dataclass(frozen=True, slots=True)
class Spoken:
    """town; account, day, complains, ill: of each text, whether of integration in ill tone, and whether in ill tone of anything."""

    town: Town
    account: Ints
    day: Ints
    complains: Flags
    ill: Flags

    @classmethod
    def of_company(cls) -> "Spoken":
        """Every text that customers would write if nobody left."""
        dice = Dice(7)
        town = settle(dice, 1.0)
        world = World(dice, town, directory(dice, town), 1.0)
        drafts = [s.draft(world) for s in SOURCES if s.draft and s.leaves]
        toned = [d for d in drafts if "topic" in d.columns]
        texts = [d.take(d["topic"] != SILENT) for d in toned]
        columns = ([town.account_of[d.person] for d in texts], [d.day for d in texts], [complains_of(d, INTEGRATION) for d in texts], _ill(texts))
        return cls(town, *(np.concatenate(c) for c in columns))

    def ratios(self, seed: int) -> tuple[float, float, float]:
        """(by what was written, by what is read, reckoned from the time that is truly exposed) of one company drawn anew."""
        rng = np.random.default_rng(seed)
        left = leaving(self.town, rng, exposed(len(self.town.accounts), self.account[self.complains], self.day[self.complains]))
        read, ill = self._read(rng, self.complains, FOUND, self._falsely()), self._read(rng, self.ill, ILL_FOUND, ILL_WRONG)
        return self._ratio(left, self.complains, self.ill), self._ratio(left, read, read | ill), self._reckoned(left, read, read | ill)

    def _read(self, rng: np.random.Generator, true: Flags, found: float, wrongly: float) -> Flags:
        return np.where(true, rng.random(len(true)) < found, rng.random(len(true)) < wrongly)

    def _falsely(self) -> float:
        """The share of other texts that are read as complaints, so that RIGHT of what is found is right."""
        return float(FOUND * self.complains.sum() * (1 - RIGHT) / RIGHT / (~self.complains).sum())

    def _said(self, left: Ints, which: Flags) -> tuple[Ints, Ints]:
        """Account and month of these texts, as far as they were written: before the firm had left."""
        kept = which & (self.day < left[self.account])
        return self.account[kept], MONTH[self.day[kept]]

    def _ratio(self, left: Ints, complains: Flags, ill: Flags) -> float:
        parts = [(*self._said(left, which), term) for term, which in enumerate((complains, ill))]
        mentions = pa.table({
            "unit": np.concatenate([unit for unit, _, _ in parts]).astype(np.int32),
            "month": np.concatenate([month for _, month, _ in parts]).astype(np.int32),
            "term": np.concatenate([np.full(len(unit), term, np.int32) for unit, _, term in parts]),
        })  # fmt: skip
        lives = self._lives(left)
        counted = exposure.counts(exposure.exposures(ibis.memtable(mentions), ibis.memtable(lives), WINDOW)).to_pyarrow()
        n, d = at_risk(stretches(counted), 2, Grid(2, int(pc.max(lives["stratum"]).as_py()) + 1, int(MONTH[-1]) + 1, WINDOW))
        return float(hazards(n[:1], d[:1], n[1:], d[1:]).ratio[0])

    def _lives(self, left: Ints) -> pa.Table:
        count = len(self.town.accounts)
        segment = np.unique([a.segment for a in self.town.accounts], return_inverse=True)[1]
        enter, leave = (MONTH[np.clip(day, 0, days.COUNT - 1)].astype(np.int32) for day in (np.asarray(self.town.started), left))
        whole = {"unit": np.arange(count, dtype=np.int32), "stratum": segment.astype(np.int32), "enter": enter, "leave": leave}
        return pa.table({**whole, "ended": left != STAYS, "value": np.ones(count)})

    def _reckoned(self, left: Ints, read: Flags, ill: Flags) -> float:
        """From the shares of the exposed time, and of the compared, in which the firm had truly complained."""
        true, seen, compared = (self._months(left, which) for which in (self.complains, read, ill))
        one, other = (1 + (RATIO - 1) * (true & there).sum() / there.sum() for there in (seen, compared & ~seen))
        return float(one / other)

    def _months(self, left: Ints, which: Flags) -> Flags:
        """accounts × months: exposed, and there."""
        lives, found = self._lives(left), np.zeros((len(left), int(MONTH[-1]) + 1), bool)
        unit, month = self._said(left, which)
        for later in range(1, WINDOW + 1):
            inside = month + later <= MONTH[-1]
            found[unit[inside], month[inside] + later] = True
        at = np.arange(found.shape[1])
        return found & (at >= lives["enter"].to_numpy()[:, None]) & (at <= lives["leave"].to_numpy()[:, None])


def _ill(texts: list[Draft]) -> list[Flags]:
    return [(d["tone"] < 0) | ((d["topic2"] >= 0) & (d["tone2"] < 0)) for d in texts]


MONTH: Final[Ints] = np.array([(d.year - days.FIRST.year) * 12 + d.month - days.FIRST.month for d in map(days.at, range(days.COUNT))])
"""The month of each day, counted from the first."""


if __name__ == "__main__":
    print("\n".join(f"{r.name}: {r.value}" for r in redrawn()))
