"""What is planted, from `truths.toml`, and what was really written: who is who, who said what, who left."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from gensvar.demo.spellings import Known


@cache
def planted() -> dict[str, Any]:
    """truths.toml as it stands."""
    return tomllib.loads(files("gensvar.demo").joinpath("truths.toml").read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class Said:
    """One text. about: (topic, tone −1…1) pairs; employee topics begin with work."""

    source: str
    record: str
    item: str
    language: str
    about: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Complaint:
    """Somebody at the account spoke ill of integration on this day."""

    account: str
    day: date


@dataclass(frozen=True, slots=True)
class Spell:
    """An account's time as a customer within the eighteen months; left: whether it ended by leaving."""

    account: str
    segment: str
    market: str
    first: date
    last: date
    left: bool


@dataclass(frozen=True, slots=True)
class Truth:
    """same: who is who in three systems, one row for each person and system. said: every text. complaints and spells: for the hazard."""

    same: tuple[Known, ...]
    said: tuple[Said, ...]
    complaints: tuple[Complaint, ...]
    spells: tuple[Spell, ...]
