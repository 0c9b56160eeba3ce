"""Who leaves and when: a daily hazard that is higher for half a year after somebody at the firm complained of integration."""

from collections.abc import Iterable

import numpy as np

from gensvar.demo import days
from gensvar.demo.dice import Flags, Floats, Ints
from gensvar.demo.draft import INTEGRATION, Draft, complains_of
from gensvar.demo.town import SEGMENTS, SMALL_N, SMALL_SEGMENT, Town
from gensvar.demo.truth import planted

STAYS = 10**6
PLANTED = planted()["integration_and_leaving"]
RATIO, WINDOW_DAYS = float(PLANTED["ratio"]), int(PLANTED["window_days"])
SETTLING_DAYS = 60


def complaints(town: Town, drafts: Iterable[Draft]) -> tuple[Ints, Ints]:
    """Account and day of each text that speaks ill of integration."""
    said = [(town.account_of[d.person], d.day, complains_of(d, INTEGRATION)) for d in drafts]
    return np.concatenate([a[f] for a, _, f in said]), np.concatenate([d[f] for _, d, f in said])


def exposed(accounts: int, account: Ints, day: Ints) -> Flags:
    """accounts × days: whether the firm complained of integration on one of the WINDOW_DAYS days before."""
    edges = np.zeros((accounts, days.COUNT + 1), np.int64)
    np.add.at(edges, (account, np.minimum(day + 1, days.COUNT)), 1)
    np.add.at(edges, (account, np.minimum(day + 1 + WINDOW_DAYS, days.COUNT)), -1)
    return np.cumsum(edges, axis=1)[:, : days.COUNT] > 0


def hazards(town: Town) -> Floats:
    """Chance of leaving per day for each firm that never complained."""
    return np.array([PLANTED["monthly_hazard"][a.segment] / 30.4 for a in town.accounts])


def _leavers(rng: np.random.Generator, risk: Floats, group: Ints, carry: Floats) -> Ints:
    """Indexes that leave today. carry: what each group still owes, so that the number who leave follows the sum of hazards to within one."""
    carry += np.bincount(group, weights=risk, minlength=len(carry))
    chosen: list[int] = []
    for g in np.flatnonzero(carry >= 1).tolist():
        able = np.flatnonzero((group == g) & (risk > 0))
        count = min(int(carry[g]), len(able))
        carry[g] -= count
        chosen += rng.choice(able, count, replace=False).tolist()
    return np.array(chosen, np.int64)


def leaving(town: Town, rng: np.random.Generator, complained: Flags) -> Ints:
    """The day on which each firm leaves, or STAYS. Within segment and exposure all are equally likely, so the planted ratio is there to be found."""
    base, left = hazards(town), np.full(len(town.accounts), STAYS, np.int64)
    order = [*SEGMENTS, SMALL_SEGMENT]
    segment = np.array([order.index(a.segment) for a in town.accounts])
    carry = rng.random(2 * len(order))
    for day in range(days.COUNT):
        there = (left > day) & (town.started + SETTLING_DAYS <= day)
        risk = base * there * np.where(complained[:, day], RATIO, 1.0)
        left[_leavers(rng, risk, segment * 2 + complained[:, day], carry)] = day
    left[:SMALL_N] = STAYS
    return left


def staying(town: Town, draft: Draft, left: Ints) -> Draft:
    """What is still said: nothing after the firm has left."""
    return draft.take(draft.day < left[town.account_of[draft.person]])
