"""One outcome, from what was taken out of the hub: counted in the engine that is handed in, judged here."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from ibis import Table

from gensvar.explain.outcomes import exposure
from gensvar.explain.outcomes.counting import Grid, Stretches, at_risk, stretches
from gensvar.explain.outcomes.found import Looked, Ratio
from gensvar.explain.outcomes.judging import LARGEST_SHARE, LOOKED_FOR, judged, kept, ratio_of
from gensvar.explain.outcomes.registry import Outcome
from gensvar.explain.outcomes.scan import Scan, inflated, scanned
from gensvar.explain.outcomes.taken import WINDOW, Taken, month_day
from gensvar.stats.hazards import hazards
from gensvar.stats.needed import needed

Run = Callable[[ibis.Expr], pa.Table]


def looked(outcome: Outcome, taken: Taken, came: pa.Table, run: Run) -> Looked:
    """What is found of one outcome. came: unit, month of it, within or outside the months that are looked at."""
    bands = 1 if outcome.once else exposure.BANDS
    plain = Looked(
        outcome.name, made_of=outcome.made_of, unit=taken.unit, strata=(*taken.strata.held, *(() if outcome.once else ("earlier",))),
        first=taken.first, last=month_day(taken.first, taken.last), aside=taken.aside, window=WINDOW,
    )  # fmt: skip
    within = came.filter(pc.and_(pc.greater_equal(came["month"], 0), pc.less_equal(came["month"], taken.last)))
    if not len(within):
        return replace(plain, why="no_outcome")
    lives = _lives(outcome, taken, came)
    mentions, grid = ibis.memtable(taken.mentions), taken.grid(bands)
    first, second = _halves(run(exposure.counts(exposure.exposures(mentions, lives, WINDOW), "first_half")))
    if not len(first.term) and not len(second.term):
        return replace(plain, why="all_censored")
    scan = scanned(first, second, taken.comparator, grid)
    found = judged(scan, taken.terms, outcome.name, WINDOW, taken.valued, lambda hits: _checked(hits, taken, lives, grid, run))
    shown, left = kept(found)
    parties, events = _whole(outcome, taken, within)
    told = replace(
        plain, associations=shown, left=left, tested=int(scan.tested.sum()), below=int((scan.parties > 0).sum() - scan.tested.sum()),
        inflation=None if scan.factor is None else round(scan.factor, 3), parties=parties, events=events, notes=_notes(scan, taken),
    )  # fmt: skip
    return told if told.tested else replace(told, why="too_few", needed=_to_come(parties, events))


def too_late(moments: pa.Table, lives: pa.Table) -> dict[str, int]:
    """Texts, by month, that a unit wrote in the month in which it left or later."""
    leave, ended = lives["leave"].to_numpy(), lives["ended"].to_numpy(zero_copy_only=False)
    unit, month = moments["unit"].to_numpy(), moments["month"].to_numpy()
    return {"after_leaving": int((ended[unit] & (month >= leave[unit])).sum())}


def _lives(outcome: Outcome, taken: Taken, came: pa.Table) -> Table:
    lives = ibis.memtable(taken.lives)
    return lives if outcome.once else exposure.turns(ibis.memtable(taken.moments), lives, ibis.memtable(came))


def _halves(rows: pa.Table) -> tuple[Stretches, Stretches]:
    """The stretches of the first half of the units, and of the other."""
    first = rows["first_half"]
    return stretches(rows.filter(first)), stretches(rows.filter(pc.invert(first)))


def _checked(hits: Sequence[int], taken: Taken, lives: Table, grid: Grid, run: Run) -> Mapping[int, Ratio]:
    """The ratios of these once more, with strata by how much a unit writes."""
    beside = taken.comparator[list(hits)]
    kinds = np.unique(beside)
    wanted = pa.array([*hits, *kinds.tolist()], pa.int32())
    mentions = taken.mentions.filter(pc.is_in(taken.mentions["term"], wanted))
    exposed = exposure.by_activity(ibis.memtable(mentions), ibis.memtable(taken.moments), lives, WINDOW)
    rows = stretches(run(exposure.counts(exposed)))
    finer = Grid(grid.terms, grid.strata * exposure.WROTE, grid.months, grid.window)
    made = {k: at_risk(rows.of(k, k + 1), 1, finer) for k in wanted.to_pylist()}
    ratios = {hit: ratio_of(hazards(*made[hit], *made[int(kind)]), 0) for hit, kind in zip(hits, beside, strict=True)}
    return {hit: ratio for hit, ratio in ratios.items() if ratio is not None}


def _whole(outcome: Outcome, taken: Taken, came: pa.Table) -> tuple[int, int]:
    """(units with a text that counts, outcomes within the window after any text)."""
    enter, leave = (taken.lives[name].to_numpy() for name in ("enter", "leave"))
    unit, month = (taken.moments[name].to_numpy().astype(np.int64) for name in ("unit", "month"))
    counts = month < leave[unit]
    wide = taken.last + 1 + WINDOW
    wrote = np.zeros(len(leave) * wide, bool)
    wrote[unit * wide + month + WINDOW] = True
    who, when = (came[name].to_numpy().astype(np.int64) for name in ("unit", "month"))
    there = (when >= enter[who]) & (when == leave[who] if outcome.once else when <= leave[who])
    place = who[there] * wide + when[there] + WINDOW
    after = np.logical_or.reduce([wrote[place - k] for k in range(1, WINDOW + 1)]) if len(place) else place
    return int(np.count_nonzero(np.bincount(unit[counts]))), int(after.sum())


def _notes(scan: Scan, taken: Taken) -> tuple[str, ...]:
    notes = []
    if scan.factor is not None and inflated(scan.factor, int(scan.tested.sum())):
        notes.append("inflated")
    if not taken.strata.held:
        notes.append("no_strata")
    return tuple(notes)


def _to_come(parties: int, events: int) -> int:
    """Customers with a text that it would take, in two groups of equal size; 0 where not even the base rate is known."""
    if not events or not parties:
        return 0
    return 2 * needed(min(events / parties, LARGEST_SHARE / LOOKED_FOR), LOOKED_FOR)
