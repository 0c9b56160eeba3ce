"""The log of implementation projects: what happens at new customers until they are up and running, or not (semicolons, Norwegian words and dates)."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from gensvar.contracts.contract import Contract, EventRule, Moment, Reading, Value
from gensvar.demo import days
from gensvar.demo.dice import Flags, Floats, Ints
from gensvar.demo.draft import Draft
from gensvar.demo.fate import STAYS
from gensvar.demo.files import save_csv
from gensvar.demo.sources.source import COUNTRY, COUNTRY_VALUE, Source, World, customer, numbered
from gensvar.demo.town import PLANS
from gensvar.demo.truth import Said, planted

STEPS = {
    "oppstart": "kickoff", "opplæring": "training", "data flyttet": "data_migrated", "første eksport": "first_export", "oppfølging": "follow_up",
    "i drift": "go_live", "stanset": "stalled",
}  # fmt: skip
WORDS = {name: word for word, name in STEPS.items()}
LATER_TRAINING, STALLS = 0.45, 0.7
EVERY_DAYS, GIVEN_UP = 21, 150
Row = tuple[int, int, str]


def new_firms(world: World) -> Ints:
    """Indexes of the firms that became customers within the eighteen months."""
    return np.flatnonzero(world.town.started >= 0).astype(np.int64)


def trained(world: World, firms: Ints) -> Flags:
    """Whether each was trained in its first fortnight: more often the larger its plan."""
    rng, shares = world.dice.numbers("projects/training"), planted()["onboarding"]["trained"]
    chance = np.array([shares[world.town.accounts[f].plan] for f in firms.tolist()])
    early: Flags = rng.random(len(firms)) < chance
    return early


def succeeding(world: World, firms: Ints, early: Flags) -> Flags:
    """Whether each goes live: within plan and training just as many as planned, to within one, and any as likely as another."""
    rng, plan = world.dice.numbers("projects/going live"), planted()["onboarding"]
    goes = np.zeros(len(firms), np.bool_)
    plans = np.array([PLANS.index(world.town.accounts[f].plan) for f in firms.tolist()])
    for index, name in enumerate(PLANS):
        for taught in (False, True):
            here = np.flatnonzero((plans == index) & (early == taught))
            share = plan["goes_live"][name] * (plan["ratio"] if taught else 1.0)
            goes[rng.choice(here, int(share * len(here) + rng.random()), replace=False)] = True
    return goes


def _steps(start: int, early: bool, goes: bool, chance: Floats, wait: Ints) -> Iterator[tuple[int, str]]:
    """Day and step of one firm. chance, wait: its own lots."""
    plan = planted()["onboarding"]
    first, last = plan["goes_live_after"]
    end = start + (first + int(wait[0]) % (last - first) if goes else GIVEN_UP)
    yield start + 1 + int(wait[1]) % 8, "kickoff"
    if early:
        yield start + 2 + int(wait[2]) % (plan["within_days"] - 2), "training"
    elif chance[0] < LATER_TRAINING:
        yield start + plan["within_days"] + 2 + int(wait[2]) % 50, "training"
    if chance[1] < 0.72:
        yield start + 6 + int(wait[3]) % 30, "data_migrated"
    if chance[2] < 0.55:
        yield start + 5 + int(wait[4]) % 50, "first_export"
    for day in range(start + EVERY_DAYS, end, EVERY_DAYS):
        yield day, "follow_up"
    if goes or chance[3] < STALLS:
        yield end, "go_live" if goes else "stalled"


def log(world: World) -> list[Row]:
    """Firm, day and step of each entry, in time order: none after the firm has left or the eighteen months are over."""
    firms = new_firms(world)
    early, rng = trained(world, firms), world.dice.numbers("projects")
    goes, chance, wait = succeeding(world, firms, early), rng.random((len(firms), 4)), rng.integers(0, 10**6, (len(firms), 5))
    left = world.left if world.left is not None else np.full(len(world.town.accounts), STAYS)
    rows = [
        (firm, day, step)
        for i, firm in enumerate(firms.tolist())
        for day, step in _steps(int(world.town.started[firm]), bool(early[i]), bool(goes[i]), chance[i], wait[i])
        if day < min(int(left[firm]), days.COUNT)
    ]
    return sorted(rows, key=lambda row: (row[1], row[0], row[2]))


def save(world: World, _: Draft, path: Path) -> tuple[Said, ...]:
    """One row for each entry."""
    rows = log(world)
    firms = [world.town.accounts[firm] for firm, _, _ in rows]
    second = days.some_seconds(world.dice.numbers("projects/hours"), len(rows))
    save_csv(path, {
        "Logg-nr": numbered("PL", len(rows)),
        "Tidspunkt": days.stamps(np.array([day for _, day, _ in rows], np.int64), second, "%d.%m.%Y"),
        "Kundenr": [f.number for f in firms],
        "Hva": [WORDS[step] for _, _, step in rows],
        "Land": [COUNTRY[f.market] for f in firms],
        "Avtale": [f.plan for f in firms],
    }, delimiter=";")  # fmt: skip
    return ()


SOURCE = Source(
    contract=Contract(
        source="projects", version=1, owner="Outi Kallio", purpose="How far the implementation at each new customer has come.", target="events",
        record=("Logg-nr",), created=Moment(column="Tidspunkt", order="dmy", zone="Europe/Stockholm"),
        at=Moment(column="Tidspunkt", order="dmy", zone="Europe/Stockholm"),
        account=customer("Kundenr"),
        dimensions={"market": COUNTRY_VALUE, "product": Value(column="Avtale"), "journey": Value(always="onboarding")},
        event=EventRule(name=Value(column="Hva", words=STEPS)),
        reading=Reading(format="csv", delimiter=";", encoding="utf-8"),
    ),
    file="project_log.csv", save=save,
)  # fmt: skip
