"""What is taken out of the hub once for all outcomes: small numbers for each mention, and how long each unit is there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from gensvar.explain.outcomes.counting import Grid
from gensvar.explain.outcomes.judging import Term
from gensvar.explain.outcomes.strata import Profile, Strata, strata

WINDOW: Final = 6  # months after a text
TEXT, TOPIC = 0, 1  # which texts a term is compared with: those of its tone as a whole, or those that speak of anything in it


@dataclass(frozen=True, slots=True)
class Taken:
    """first: the first month, of which all are counted; last: the number of the last. terms: by number; mention numbers are 3 × term + tone.

    mentions: unit, month, term (those from 3 · len(terms) on stand for every text of a tone). moments: unit, month of every text.
    lives: unit, stratum, first_half, enter, leave, ended, value. names: id of a unit, by its number. aside: why → rows left out.
    currencies: in which values are told, '' for those that do not say; where there are several, nobody's value is known.
    """

    first: date
    last: int
    terms: tuple[Term, ...]
    mentions: pa.Table
    moments: pa.Table
    lives: pa.Table
    names: pa.Array
    strata: Strata
    unit: str
    aside: Mapping[str, int]
    currencies: tuple[str, ...] = ()

    def grid(self, bands: int = 1) -> Grid:
        """The numbers of everything that is counted; bands: parts of each stratum."""
        return Grid(3 * len(self.terms) + 6, max(1, self.strata.count) * bands, self.last + 1, WINDOW)

    @property
    def comparator(self) -> NDArray[np.int64]:
        """For each mention number, that of every text in the same tone."""
        whole = 3 * len(self.terms)
        kinds = np.repeat(np.array([TOPIC if t.kind == "topic" else TEXT for t in self.terms], np.int64), 3)
        found: NDArray[np.int64] = whole + 3 * kinds + np.tile(np.arange(3), len(self.terms))
        return found

    @property
    def valued(self) -> bool:
        """Whether any unit's value is known."""
        return bool(self.lives["value"].null_count < len(self.lives))


def month_day(first: date, month: int) -> date:
    """The first day of a month, by its number.

    >>> month_day(date(2025, 11, 1), 3).isoformat()
    '2026-02-01'
    """
    at = first.year * 12 + first.month - 1 + month
    return date(at // 12, at % 12 + 1, 1)


def month_number(first: date, day: date) -> int:
    """The number of a day's month, counted from that of `first`."""
    return (day.year - first.year) * 12 + day.month - first.month


def numbered(units: pa.Table) -> tuple[pa.Table, pa.Array, Strata, int]:
    """(lives, names, strata, units set aside because they ended before they began) of the rows of `lives.units`."""
    sound = units.filter(pc.invert(units["faulty"]))
    profiles, which = _profiles(sound)
    held = strata(dict(zip(profiles, np.bincount(which, minlength=len(profiles)).tolist(), strict=True)))
    stratum = np.array([held.of[p] for p in profiles], np.int32)
    columns = {name: sound[name].combine_chunks() for name in ("first_half", "enter", "leave", "ended", "value")}
    numbers = {"unit": pa.array(np.arange(len(sound), dtype=np.int32)), "stratum": pa.array(stratum[which])}
    return pa.table({**numbers, **columns}), sound["unit"].combine_chunks().cast(pa.string()), held, len(units) - len(sound)


def _profiles(units: pa.Table) -> tuple[list[Profile], NDArray[np.int64]]:
    """The different profiles, and which of them each unit has."""
    parts = [units[name].combine_chunks().dictionary_encode() for name in ("segment", "product", "cohort")]
    place = np.zeros(len(units), np.int64)
    for part in parts:
        place = place * max(1, len(part.dictionary)) + part.indices.to_numpy()
    _, first, which = np.unique(place, return_index=True, return_inverse=True)
    found = zip(*(part.take(pa.array(first)).to_pylist() for part in parts), strict=True)
    return [(segment, product, cohort) for segment, product, cohort in found], which


def unit_of(accounts: int, units: int) -> str:
    """Whose time is counted: account, person or both."""
    return "account" if accounts == units else "both" if accounts else "person"
