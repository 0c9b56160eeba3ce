"""The one question shape that every page, API call, alert and briefing asks."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Grain = Literal["day", "week", "month", "quarter", "year"]
GRAINS: tuple[Grain, ...] = ("day", "week", "month", "quarter", "year")


@dataclass(frozen=True, slots=True)
class Period:
    """Whole UTC days, both ends included. label: how it was asked for, as 2026-Q3 or 2026-10."""

    first: date
    last: date
    label: str = ""


@dataclass(frozen=True, slots=True)
class Against:
    """What to compare with: the period just before of the same length, the same a year before, any period, another group,
    or (rest) all other groups of the same question.

    group: dimension → values, replacing those of the question's filter.
    """

    how: Literal["previous", "year_before", "period", "group", "rest"]
    period: Period | None = None
    group: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Question:
    """measure: csat.delivery (all its versions, never joined) or csat.delivery@2. by: dimensions. where: dimension → values ('' means missing).

    period: None is everything. grain: also cut by time. compare: None for no comparison.
    """

    measure: str
    by: tuple[str, ...] = ()
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    period: Period | None = None
    grain: Grain | None = None
    compare: Against | None = None

    @property
    def key(self) -> Hashable:
        """Equal for equal questions, so that an answer can be kept under it."""
        against = self.compare and (self.compare.how, self.compare.period, _named(self.compare.group))
        return self.measure, self.by, _named(self.where), self.period, self.grain, against


def _named(values: Mapping[str, tuple[str, ...]]) -> Hashable:
    return tuple((name, tuple(given)) for name, given in values.items())
