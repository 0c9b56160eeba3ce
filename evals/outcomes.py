"""Words × tone × outcome on customers whose truth is known: false alarms, what intervals cover, power; the planted 1.4 of the invented company."""

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Final

import ibis
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from evals.dilution import redrawn
from evals.result import Result, covering
from evals.simulated_outcomes import MONTHS, PLANTED, People, people
from gensvar.demo import Company
from gensvar.demo.fate import SETTLING_DAYS, WINDOW_DAYS
from gensvar.explain.outcomes import Association, Looked
from gensvar.explain.outcomes.found import Ratio
from gensvar.explain.outcomes.judging import Term
from gensvar.explain.outcomes.looking import looked
from gensvar.explain.outcomes.registry import OUTCOMES
from gensvar.explain.outcomes.strata import Strata
from gensvar.explain.outcomes.taken import Taken
from gensvar.explaining import outcomes
from gensvar.house import House
from gensvar.reading import read_again
from gensvar.stats.hazards import Hazards, hazards
from gensvar.stats.needed import power
from gensvar.text.compact import packed
from gensvar.text.encoder.e5 import E5

RATIO: Final = 1.4
REPORTED: Final = ("more", "less")
LEFT: Final = OUTCOMES[0]
NULLS, COVERED, DRAWN = 200, 2_000, 12
SIZES: Final = (2_000, 5_000, 10_000, 20_000)
RATIOS: Final = (1.2, 1.4, 1.7, 2.0)


def evaluate() -> list[Result]:
    """What needs no house. The invented company's part stands with the rest of it, in `evals.company`."""
    return [*nulls(), covered(), covered(talk=0.1), covered(COVERED // 2, talk=0.3), *redrawn()]


def looked_at(made: People) -> Looked:
    """As a house would look at them."""
    terms = tuple(Term(f"word:en:w{i}", "word", {"en": f"w{i}"}, "en") for i in range(made.terms))
    held = Strata(("segment", "market"), {("", "", i): i for i in range(20)})
    names = pa.nulls(len(made.lives), pa.string())
    taken = Taken(date(2024, 1, 1), MONTHS - 1, terms, made.mentions(), made.moments(), made.lives, names, held, "person", {})
    came = made.lives.filter(made.lives["ended"]).select(["unit", "leave"]).rename_columns(["unit", "month"])
    return looked(LEFT, taken, came, run)


def run(expr: ibis.Expr) -> pa.Table:
    found: pa.Table = expr.to_pyarrow()
    return found


def planted_in(found: Looked) -> Association | None:
    return next((a for a in found.associations if a.term == f"word:en:w{PLANTED}" and a.tone == "negative"), None)


def nulls(runs: int = NULLS) -> list[Result]:
    """Lives dealt out anew among those who wrote: how often nothing is reported, and how often nothing is so much as called sure."""
    rng, base = np.random.default_rng(20261122), people(5_000, 120, 77, base=0.02)
    found = [looked_at(base.shuffled(rng)) for _ in range(runs)]
    tested = float(np.mean([one.tested for one in found]))
    silent, near = (_silent(found, said) for said in (REPORTED, (*REPORTED, "unconfirmed", "slight")))
    return [
        Result("outcomes: label-shuffled runs in which nothing is reported", silent, f"of {runs}, {tested:.0f} tests each", 0.95),
        Result("outcomes: label-shuffled runs in which nothing passes even before the held-out half", near, f"of {runs}", 0.93),
    ]


def _silent(found: list[Looked], said: tuple[str, ...]) -> float:
    """Share of runs in which no association has any of these verdicts."""
    return float(np.mean([not any(a.verdict in said for a in one.associations) for one in found]))


def covered(runs: int = COVERED, talk: float = 0.0) -> Result:
    """Companies of 2,500 with a planted term; the share of intervals that hold 1.4."""
    found = [planted_in(looked_at(people(2_500, 40, 1_000 + seed, planted=0.05, base=0.02, talk=talk))) for seed in range(runs)]
    return covering_of([a.ratio for a in found if a is not None and a.ratio is not None], talk)


def covering_of(found: Sequence[Ratio], talk: float) -> Result:
    """How many hold 1.4, with the error of so many runs (1.96 standard errors), and where their middle lies. talk: as in `people`."""
    share = float(np.mean([r.low <= RATIO <= r.high for r in found]))
    error, middle = 196 * (share * (1 - share) / len(found)) ** 0.5, float(np.exp(np.mean([np.log(r.value) for r in found])))
    where = f", where who writes twice the mean leaves {np.exp(talk):.2f} times as much, unknown to all" if talk else ""
    return covering(
        f"outcomes: intervals of the planted ratio that hold it{where}", share, f"of {len(found)}, ± {error:.1f} points; middle ratio {middle:.2f}"
    )


def power_curves(runs: int = DRAWN) -> list[str]:
    """Rows of the table in docs/explanation/words-and-outcomes.md: customers → how often a planted term is reported, for each ratio."""
    rows = []
    for size in SIZES:
        each, exposed = [], 0.0
        for ratio in RATIOS:
            found = [planted_in(looked_at(people(size, 200, 50 + seed, ratio=ratio, planted=0.03))) for seed in range(runs)]
            exposed = float(np.mean([a.parties for a in found if a is not None]))
            each.append(f"{np.mean([a is not None and a.verdict == 'more' for a in found]):.0%}")
        rows.append(f"| {size:,} | {exposed:,.0f} | {' | '.join(each)} |")
    return rows


def power_reckoned(base: float, sizes: tuple[int, ...] = (100, 250, 500, 1_000, 2_000, 4_000)) -> list[str]:
    """The same by formula, for one test, with as many to compare with."""
    return [f"| {size:,} | {' | '.join(f'{power(size, base, ratio):.0%}' for ratio in RATIOS)} |" for size in sizes]


def in_the_company(company: Company, house: House) -> list[Result]:
    """The planted ratio, by what was really written, by what the fast model read, and by what the encoder read after it."""
    true, fast = by_truth(company), _ratio(house)
    read_again(house, encoded)
    read = _ratio(house)
    return [
        Result("outcomes: integration and leaving, ratio by what was written (1.4 planted)", round(float(true.ratio[0]), 3), _told(true)),
        Result("outcomes: that interval holds 1.4", float(true.low[0] <= RATIO <= true.high[0]), "yes = 1", 1),
        Result("outcomes: integration and leaving, ratio as read", round(read.value, 3), f"{read.low:.2f} to {read.high:.2f}"),
        Result("outcomes: that interval, as read, holds 1.4", float(read.low <= RATIO <= read.high), "yes = 1", 1),
        Result("outcomes: that ratio as read by the fast model alone", round(fast.value, 3), f"{fast.low:.2f} to {fast.high:.2f}"),
    ]


def encoded(texts: Sequence[str]) -> list[bytes]:
    """The vectors of texts by the encoder that ships."""
    return packed(_encoder().encode(texts))


@cache
def _encoder() -> E5:
    return E5.load(2)


def _ratio(house: House) -> Ratio:
    read = as_read(house)
    assert read is not None, "nobody was read to complain of integration"
    assert read.ratio is not None, "too few leave to tell"
    return read.ratio


def _told(found: Hazards) -> str:
    return f"{found.low[0]:.2f} to {found.high[0]:.2f}"


def as_read(house: House) -> Association | None:
    """What the nightly look would say of integration, spoken ill of, and leaving."""
    found = outcomes.look(house, LEFT, outcomes.take(house))
    return next((a for a in found.associations if a.term == "topic:features.integration" and a.tone == "negative"), None)


def by_truth(company: Company) -> Hazards:
    """Complaints as they were written, day by day, within segment, beside all who are at risk: the recipe of truths.toml."""
    spells, first = company.truth.spells, min(s.first for s in company.truth.spells)
    days = (max(s.last for s in spells) - first).days + 1
    row = {s.account: i for i, s in enumerate(spells)}
    exposed = _exposed(len(spells), days, [(row[c.account], (c.day - first).days) for c in company.truth.complaints])
    kinds = sorted({s.segment for s in spells})
    cells = [np.zeros((len(kinds), days), np.int64) for _ in range(4)]
    for at, spell in enumerate(spells):
        begin = _begins(spell.first, first)
        end = (spell.last - first).days
        there = np.zeros(days, bool)
        there[begin : end + 1] = True
        for cell, who in zip(cells[::2], (exposed[at] & there, there), strict=True):
            cell[kinds.index(spell.segment)] += who
        if spell.left and there[end]:
            cells[3][kinds.index(spell.segment), end] += 1
            cells[1][kinds.index(spell.segment), end] += int(exposed[at, end])
    n1, d1, n, d = (cell.reshape(1, -1) for cell in cells)
    return hazards(n1, d1, n, d)


def _exposed(accounts: int, days: int, complaints: list[tuple[int, int]]) -> NDArray[np.bool_]:
    """accounts × days: whether somebody complained on one of the WINDOW_DAYS days before."""
    found = np.zeros((accounts, days), bool)
    for account, day in complaints:
        found[account, day + 1 : day + 1 + WINDOW_DAYS] = True
    return found


def _begins(seen: date, first: date) -> int:
    """The day at which an account's time at risk begins: settled, or there from the first day."""
    return (seen - first).days + (SETTLING_DAYS if seen > first else 0)


if __name__ == "__main__":
    print("\n".join(power_curves()))
