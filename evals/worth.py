"""Onboarding, feature value, employees and customers: what intervals cover, false alarms, and what the invented company gives back."""

from datetime import date
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from evals.result import Result, covering
from gensvar import flow
from gensvar.demo import planted, write
from gensvar.demo.scene import TODAY
from gensvar.explain.onboarding import Onboarding
from gensvar.explain.units import Series, Units, judged
from gensvar.explaining import features, onboarding
from gensvar.house import House, open_house
from gensvar.kit.settings import read_settings
from gensvar.stats.panels import together
from gensvar.stats.partial import Sums, gaps
from gensvar.stats.risks import Strata, risks

DRAWS, BLOCKS = 2_000, 32
NEEDED: Final = ("crm_accounts", "product", "projects")
"""The sources that the planted truths of onboarding and use lie in: the rest takes minutes to read."""
Floats = NDArray[np.float64]


def evaluate(folder: Path) -> list[Result]:
    """Simulations, then the company at full size."""
    return [*simulated(), *in_the_company(folder)]


def simulated(draws: int = DRAWS) -> list[Result]:
    rng = np.random.default_rng(11)
    panels = {units: panel_coverage(rng, units, draws // 2) for units in (5, 8, 12, 20, 40)}
    return [
        *(covering(f"worth: risk difference of {add:g} covered", risk_coverage(rng, add, 1.0, draws)) for add in (0.0, 0.12)),
        covering("worth: risk ratio of 1.4 covered", risk_coverage(rng, 0.0, 1.4, draws)),
        covering("worth: a feature beside use covered", flag_coverage(rng, draws // 2)),
        *(covering(f"worth: employees and customers, {units} units covered", share) for units, share in panels.items()),
        Result("worth: no link, 7 lags, nothing stands", unlinked(rng, draws // 10), "share of draws", 0.93),
    ]


def risk_coverage(rng: np.random.Generator, add: float, ratio: float, draws: int) -> float:
    """Sparse strata in which the sign is commoner where success is."""
    n, base = rng.integers(4, 30, (draws, 40)), rng.uniform(0.25, 0.55, (draws, 40))
    n1 = rng.binomial(n, base)
    n0 = n - n1
    found = risks(Strata(*(part.astype(np.float64) for part in (rng.binomial(n1, base * ratio + add), n1, rng.binomial(n0, base), n0))))
    low, high, true = (found.ratio_low, found.ratio_high, ratio) if ratio != 1.0 else (found.low, found.high, add)
    return float(np.mean((low <= true) & (true <= high)))


def flag_coverage(rng: np.random.Generator, draws: int, people: int = 200, effect: float = 0.2) -> float:
    """Heavy users use the feature more and fare better for that alone; each person comes three times."""
    covered = 0
    for _ in range(draws):
        person = np.repeat(np.arange(people), 3)
        lasting, use = rng.normal(size=people)[person], rng.normal(size=people)[person] + 0.5 * rng.normal(size=len(person))
        flag = (use + rng.normal(size=len(use)) > 0.3).astype(float)
        y = 0.8 * use + effect * flag + 0.7 * lasting + rng.normal(size=len(use))
        found = gaps(summed(np.column_stack([np.ones(len(use)), use]), flag[:, None], y, rng.integers(0, BLOCKS, people)[person]))
        covered += bool(found.low[0] <= effect <= found.high[0])
    return covered / draws


def summed(z: Floats, flags: Floats, y: Floats, block: NDArray[np.int64]) -> Sums:
    """Added up by block."""
    parts = [(z[b].T @ z[b], z[b].T @ y[b], flags[b].sum(axis=0), z[b].T @ flags[b], flags[b].T @ y[b]) for b in (block == i for i in range(BLOCKS))]
    return Sums(*(np.stack(part) for part in zip(*parts, strict=True)))


def panel_coverage(rng: np.random.Generator, units: int, draws: int, months: int = 10, slope: float = 0.3) -> float:
    """Units differ for good, the season moves both, and a month resembles the last."""
    covered = 0
    for _ in range(draws):
        lasting, season = rng.normal(size=(units, 1)), rng.normal(size=(1, months))
        x = 2 * lasting + season + resembling(rng, units, months)
        y = 3 * lasting + 2 * season + slope * x + resembling(rng, units, months)
        unit, month = np.meshgrid(np.arange(units), np.arange(months), indexing="ij")
        found = together(x.ravel(), y.ravel(), unit.ravel(), month.ravel())
        covered += found is not None and found.slope_low <= slope <= found.slope_high
    return covered / draws


def resembling(rng: np.random.Generator, units: int, months: int, r: float = 0.4) -> Floats:
    out = rng.normal(size=(units, months))
    for at in range(1, months):
        out[:, at] = r * out[:, at - 1] + np.sqrt(1 - r * r) * out[:, at]
    return out


def unlinked(rng: np.random.Generator, draws: int) -> float:
    """Share of draws in which nothing stands at any lag, where nothing is planted."""
    return float(np.mean([not judged(Units("unit", "", "", (), ()), series(rng, 10, 12), series(rng, 10, 12)).standing for _ in range(draws)]))


def series(rng: np.random.Generator, units: int, months: int) -> Series:
    numbers = 3 * rng.normal(size=(units, 1)) + resembling(rng, units, months)
    return {f"u{u}": {date(2025 + m // 12, m % 12 + 1, 1): float(numbers[u, m]) for m in range(months)} for u in range(units)}


def in_the_company(folder: Path, size: float = 1.0) -> list[Result]:
    """What is planted comes back, and nothing stands where nothing is."""
    company = write(folder / "files", size=size)
    with open_house(read_settings({"data": folder / "house", "today": TODAY.isoformat(), "encoder": "none"}, env={})) as house:
        with house.ledger.transaction():
            house.ledger.measures.add(company.measures, "evaluation")
        for name in NEEDED:
            flow.add_source(house, company.file(name).contract_path.read_text("utf-8"), "evaluation")
            flow.import_file(house, company.file(name).path, name)
        return [*early_training(onboarding.onboarding(house, onboarding.Asked())), *no_feature(house)]


def early_training(found: Onboarding) -> list[Result]:
    """The planted ratio lies in the interval, the sign stands first, and nothing that is not planted stands."""
    plan = planted()["onboarding"]
    first = found.marks[0]
    covered = first.ratio_low is not None and first.ratio_high is not None and first.ratio_low <= plan["ratio"] <= first.ratio_high
    others = [m for m in found.standing if m.name != "training"]
    return [
        Result(
            "planted: early training marks success", float((first.name, first.form, first.verdict) == ("training", "soon", "more")), "yes or no", 1.0
        ),
        Result(f"planted: the ratio of early training, {plan['ratio']}, as it is found", round(first.ratio or 0.0, 3), "ratio"),
        Result("planted: the ratio of early training is covered", float(covered), "yes or no", 1.0),
        Result("planted: no other early sign stands", float(not others), "yes or no", 1.0),
    ]


def no_feature(house: House) -> list[Result]:
    """Features are used at random in the invented company, but for how much customers use in all."""
    found = features.features(house, features.Asked())
    app = [(f, g) for f, g in found.standing if f.name not in {"training", "kickoff", "data_migrated", "first_export", "follow_up", "stalled"}]
    return [Result("planted: no feature of the app stands", float(bool(found.tested) and not app), "yes or no", 1.0)]
