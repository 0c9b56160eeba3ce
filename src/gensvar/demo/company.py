"""Kontovik, an invented company: writes the files that its systems would have exported, with a contract beside each."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from gensvar.contracts.contract import Contract
from gensvar.contracts.contract_yaml import write_contract
from gensvar.contracts.measures import Measure
from gensvar.demo import days
from gensvar.demo.dice import Dice, Ints
from gensvar.demo.draft import Draft
from gensvar.demo.fate import STAYS, complaints, exposed, leaving, staying
from gensvar.demo.measures import measures
from gensvar.demo.sources import SOURCES, World
from gensvar.demo.spellings import directory
from gensvar.demo.town import Town, settle
from gensvar.demo.truth import Complaint, Said, Spell, Truth

EMPTY = Draft(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.int64), {})


@dataclass(frozen=True, slots=True)
class Written:
    """One source: its export and its contract, each a file, and the contract as a value."""

    name: str
    path: Path
    contract_path: Path
    contract: Contract


@dataclass(frozen=True, slots=True)
class Company:
    """files: in the order to import them (registers first). truth: what is planted in them, never written to disk."""

    folder: Path
    files: tuple[Written, ...]
    measures: tuple[Measure, ...]
    truth: Truth

    def file(self, name: str) -> Written:
        """The source with this name."""
        return next(f for f in self.files if f.name == name)


def write(folder: Path, seed: int = 7, size: float = 1.0) -> Company:
    """The invented company on disk: the same bytes for the same seed and size. size 1: about 60,000 answers, 400,000 events, 6,000 parties."""
    folder.mkdir(parents=True, exist_ok=True)
    dice = Dice(seed)
    town = settle(dice, size)
    world = World(dice, town, directory(dice, town), size)
    drafts = {s.name: s.draft(world) for s in SOURCES if s.draft}
    from_customers = [drafts[s.name] for s in SOURCES if s.draft and s.leaves and "topic" in drafts[s.name].columns]
    said_of = complaints(town, from_customers)
    left = leaving(town, dice.numbers("leaving"), exposed(len(town.accounts), *said_of))
    world = replace(world, left=left)
    kept = {s.name: staying(town, drafts[s.name], left) if s.leaves else drafts[s.name] for s in SOURCES if s.draft}
    files, said = zip(*(_save(world, kept.get(s.name, EMPTY), s.name, folder) for s in SOURCES), strict=True)
    same = tuple(k for entries in world.known.values() for k in entries)
    truth = Truth(same, tuple(t for texts in said for t in texts), _complaints(town, left, *said_of), _spells(town, left))
    return Company(folder, tuple(files), tuple(measures().values()), truth)


def _save(world: World, draft: Draft, name: str, folder: Path) -> tuple[Written, tuple[Said, ...]]:
    """The source's export and its contract on disk."""
    source = next(s for s in SOURCES if s.name == name)
    path, contract_path = folder / source.file, folder / f"{name}.contract.yaml"
    said = source.save(world, draft, path)
    contract_path.write_text(write_contract(source.contract), "utf-8", newline="\n")
    return Written(name, path, contract_path, source.contract), said


def _complaints(town: Town, left: Ints, account: Ints, day: Ints) -> tuple[Complaint, ...]:
    """Complaints of integration that were really written: before the firm left."""
    order = np.lexsort((account, day))
    pairs = zip(account[order].tolist(), day[order].tolist(), strict=True)
    return tuple(Complaint(town.accounts[a].number, days.at(d)) for a, d in pairs if d < left[a])


def _spells(town: Town, left: Ints) -> tuple[Spell, ...]:
    """Every account's time as a customer within the eighteen months."""
    rows = zip(town.accounts, left.tolist(), strict=True)
    last = days.COUNT - 1
    return tuple(Spell(a.number, a.segment, a.market, max(a.started, days.FIRST), days.at(min(day, last)), day != STAYS) for a, day in rows)
