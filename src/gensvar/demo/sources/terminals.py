"""Smileys on the card terminals, 1–5. New firmware first turns the scale round, then sends 0–100, until it is mended."""

from pathlib import Path

import numpy as np

from gensvar.contracts.contract import AnswerRule, Contract, Moment, Reading, Value
from gensvar.demo import days
from gensvar.demo.dice import Flags, Ints
from gensvar.demo.draft import Draft, occasions, rated
from gensvar.demo.files import save_csv
from gensvar.demo.measures import some
from gensvar.demo.sources.source import Source, World, customer, numbered
from gensvar.demo.truth import Said, planted

PRESSES, LEAST = 4_600, 1_500
EARLY = 0.45


def _faulty(seen: Draft, early: Flags) -> tuple[Flags, Flags]:
    """Which presses come from a terminal that turns the scale round, and which from one that sends hundredths."""
    plan = planted()["wrong_scores"]
    turned = early & (days.since(seen.day, plan["reversed_from"]) > 0) & (days.since(seen.day, plan["hundred_from"]) == 0)
    hundred = early & (days.since(seen.day, plan["hundred_from"]) > 0) & (days.since(seen.day, plan["fixed_on"]) == 0)
    return turned, hundred


def draft(world: World) -> Draft:
    """True scores, and what the terminal makes of them."""
    rng = world.dice.numbers("terminals")
    seen = occasions(world.town, rng, max(LEAST, world.count(PRESSES)), "shop")
    true, early = rated(rng, 4.1, 1.0, len(seen)), (world.town.account_of[seen.person] * 7 % 100) < EARLY * 100
    turned, hundred = _faulty(seen, early)
    sent = np.where(turned, 6 - true, np.where(hundred, np.clip((true - 1) * 25 + rng.integers(-12, 13, len(seen)), 0, 100), true))
    return seen.with_(sent=sent, firmware=_firmware(seen.day, early))


def _firmware(day: Ints, early: Flags) -> Ints:
    """Index of the firmware: 4.1 everywhere, then 4.2, 4.3 and 4.4 on the terminals that get it early."""
    plan = planted()["wrong_scores"]
    step = sum((days.since(day, plan[k]) for k in ("reversed_from", "hundred_from", "fixed_on")), np.zeros(len(day)))
    return np.where(early, step, 0).astype(np.int64)


def save(world: World, seen: Draft, path: Path) -> tuple[Said, ...]:
    """One row for each press."""
    firms = world.accounts(seen)
    save_csv(path, {
        "press_id": numbered("T", len(seen)),
        "pressed_at": days.stamps(seen.day, seen.second, "%Y/%m/%d", seconds=True),
        "terminal": [f"TX-{f.number}-{i % 2 + 1}" for i, f in enumerate(firms)],
        "firmware": [f"4.{n + 1}" for n in seen["firmware"].tolist()],
        "merchant": [f.number for f in firms],
        "market": [f.market for f in firms],
        "score": seen["sent"].tolist(),
    }, delimiter="|")  # fmt: skip
    return ()


SOURCE = Source(
    contract=Contract(
        source="terminals", version=1, owner="Sami Peltola", purpose="How shoppers find paying at our customers' terminals.", audience="public",
        record=("press_id",), created=Moment(column="pressed_at", order="ymd", zone="Europe/Stockholm"),
        at=Moment(column="pressed_at", order="ymd", zone="Europe/Stockholm"),
        kind=Value(always="survey"), account=customer("merchant"),
        dimensions={"market": Value(column="market"), "channel": Value(always="terminal"), "touchpoint": Value(always="payment"),
                    "product": Value(always="Terminal X")},
        attrs=("firmware", "terminal"),
        answers=(AnswerRule(item=Value(always="press"), measure=Value(always="csat.terminal@1"), score="score"),),
        reading=Reading(format="csv", delimiter="|", encoding="utf-8"),
        measures=some("csat.terminal@1"),
    ),
    file="terminal_smileys.txt", save=save, draft=draft,
)  # fmt: skip
