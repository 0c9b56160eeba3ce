"""Measures: what a score means. A definition is data with an owner: scale, direction, cut-off, wording per language, version."""

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from gensvar.kit.errors import ContractError, NotFound, nearest

BIN_COUNT = 11
FARTHEST, MOST_POINTS = 1e9, 1_000_000  # sums of squares over a hundred million answers stay exact to six figures
ID_FORM = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One version of one measure. id: lower-case words with dots between, as csat.delivery. version: counts from 1.

    low, high, step: the scale in its own unit. cut: the least score that counts as good, where there is one.
    metric: an entry of the metric registry (nps, enps, csat, ces5, ces7, gcr, stars, scale). better: up or down. from_day: first day it was asked.
    name, wording: language → what it is called, and how it is asked. owner: who answers for it. note: for whoever reads the definition.
    """

    id: str
    version: int
    metric: str
    low: float
    high: float
    step: float = 1.0
    better: str = "up"
    cut: float | None = None
    name: Mapping[str, str] = field(default_factory=dict)
    wording: Mapping[str, str] = field(default_factory=dict)
    owner: str = ""
    from_day: date | None = None
    note: str = ""

    def __post_init__(self) -> None:
        faults = list(self._faults())
        if faults:
            raise ContractError(f"Measure {self.id!r} version {self.version} cannot be used", faults=faults, do="Correct its definition.")

    def _faults(self) -> Iterator[str]:
        if not ID_FORM.fullmatch(self.id):
            yield f"id {self.id!r}: lower-case words with dots between, as csat.delivery"
        if self.version < 1:
            yield f"version {self.version}: counts from 1"
        if not (math.isfinite(self.low) and math.isfinite(self.high) and self.low < self.high):
            yield f"scale {self.low}…{self.high}: the low end must be below the high end"
        elif max(abs(self.low), abs(self.high)) > FARTHEST:
            yield f"scale {self.low}…{self.high}: its ends may lie {FARTHEST:,.0f} from 0 at most"
        if not 0 < self.step < math.inf:
            yield f"step {self.step}: must be above 0"
        elif self.low < self.high and (self.high - self.low) / self.step > MOST_POINTS:
            yield f"step {self.step}: the scale {self.low}…{self.high} would have more than {MOST_POINTS:,} points"
        elif (self.high - self.low) / self.step < 1:
            yield f"step {self.step}: the scale {self.low}…{self.high} would have one point"
        if self.better not in {"up", "down"}:
            yield f"better {self.better!r}: up or down"
        if self.cut is not None and not self.low <= self.cut <= self.high:
            yield f"cut {self.cut}: must lie on the scale {self.low}…{self.high}"

    @property
    def key(self) -> str:
        """What `feedback.measure` holds: csat.delivery@2."""
        return f"{self.id}@{self.version}"

    @property
    def points(self) -> int:
        """How many different scores the scale has."""
        return round((self.high - self.low) / self.step) + 1

    @property
    def exact(self) -> bool:
        """Whether each score has a histogram column of its own."""
        return self.points <= BIN_COUNT

    @property
    def width(self) -> float:
        """Width of one histogram column, in the scale's unit."""
        return self.step if self.exact else (self.high - self.low) / BIN_COUNT

    def title(self, language: str) -> str:
        """Its name in this language, else in English, else its id."""
        return self.name.get(language) or self.name.get("en") or self.id


@dataclass(frozen=True, slots=True)
class Measures:
    """Every definition in force, by key. Frozen: a new definition is a new value."""

    by_key: Mapping[str, Measure] = field(default_factory=dict)

    @classmethod
    def of(cls, measures: Iterable[Measure]) -> "Measures":
        return cls({m.key: m for m in measures})

    def __iter__(self) -> Iterator[Measure]:
        return iter(self.by_key.values())

    def __contains__(self, key: str) -> bool:
        return key in self.by_key

    def with_(self, more: Iterable[Measure]) -> "Measures":
        return Measures({**self.by_key, **{m.key: m for m in more}})

    def get(self, key: str) -> Measure:
        """The definition with this key (csat.delivery@2); NotFound with the nearest otherwise."""
        if key not in self.by_key:
            raise NotFound(f"No measure {key!r}", nearest=nearest(key, self.by_key), do="`gensvar measures` lists them.")
        return self.by_key[key]

    def versions(self, name: str) -> tuple[Measure, ...]:
        """All versions of a measure, oldest first: of csat.delivery, or the one that csat.delivery@2 names."""
        if "@" in name:
            return (self.get(name),)
        found = tuple(sorted((m for m in self if m.id == name), key=lambda m: m.version))
        if not found:
            raise NotFound(f"No measure {name!r}", nearest=nearest(name, {m.id for m in self}), do="`gensvar measures` lists them.")
        return found
