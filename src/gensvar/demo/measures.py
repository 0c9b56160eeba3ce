"""The company's own definitions: what each score means, in five languages, and who answers for it."""

import tomllib
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from gensvar.contracts.measures import Measure


def _measure(entry: dict[str, Any]) -> Measure:
    day = entry.pop("from_day", None)
    return Measure(**entry, from_day=day if isinstance(day, date) else None)


@cache
def measures() -> dict[str, Measure]:
    """Every measure by key, as csat.delivery@2."""
    entries = tomllib.loads(files("gensvar.demo").joinpath("measures.toml").read_text("utf-8"))["measure"]
    return {m.key: m for m in map(_measure, entries)}


def some(*keys: str) -> tuple[Measure, ...]:
    """These measures, for a contract."""
    return tuple(measures()[k] for k in keys)
