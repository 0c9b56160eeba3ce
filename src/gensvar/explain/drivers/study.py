"""What is studied: an outcome, what may drive it, among whom and when. Frozen and hashable, so that equal studies are one statement to the engine."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from gensvar.contracts.measures import Measure

Kind = Literal["rating", "topic", "behaviour", "dimension"]
MOST_DRIVERS = 20
SMALL = 1_000  # points of a scale whose products stay within 32 bits
Where = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Rated:
    """A measure's key and scale. A score is counted in steps from the low end; whatever is off the scale (0 for “does not apply”) is missing."""

    key: str
    low: float
    high: float
    step: float
    better: str = "up"

    @classmethod
    def of(cls, measure: Measure) -> "Rated":
        return cls(measure.key, measure.low, measure.high, measure.step, measure.better)

    @property
    def steps(self) -> int:
        """From one end of the scale to the other."""
        return round((self.high - self.low) / self.step)


@dataclass(frozen=True, slots=True)
class Driver:
    """One thing that may drive. rating: name is the measure's key. topic: its id; −1, 0 or 1 by the tone in which it is spoken of.

    behaviour: an event's name, or name.step; how often in the days before. dimension: dimension=value, 1 or 0, held against all other values.
    """

    kind: Kind
    name: str
    rated: Rated | None = None

    @property
    def steps(self) -> int:
        """What it can be counts from 0 to this."""
        ends: dict[Kind, int] = {"topic": 2, "behaviour": MOST_TIMES, "dimension": 1}
        return self.rated.steps if self.rated else ends[self.kind]


MOST_TIMES = 200  # of an event, in the days before an answer; more count as so many


@dataclass(frozen=True, slots=True)
class Event:
    """An outcome that happens: whether the party had this event within so many days after its answers. until: the day up to which is known."""

    name: str
    days: int
    until: date


@dataclass(frozen=True, slots=True)
class Study:
    """where: dimension → values ('' means missing). first, last: UTC days. by: the dimension whose values are studied one by one.

    before: days before an answer in which behaviour counts. left_out: audiences of which no row is counted.
    """

    outcome: Rated | Event
    drivers: tuple[Driver, ...]
    where: Where = ()
    first: date | None = None
    last: date | None = None
    by: str = ""
    before: int = 90
    left_out: tuple[str, ...] = ()

    def of(self, *kinds: Kind) -> tuple[tuple[int, Driver], ...]:
        """The drivers of these kinds, each with its place."""
        return tuple((at, d) for at, d in enumerate(self.drivers) if d.kind in kinds)

    @property
    def dims(self) -> tuple[str, ...]:
        """The dimensions that are asked about, once each."""
        own = [d.name.partition("=")[0] for _, d in self.of("dimension")]
        return tuple(dict.fromkeys([*(name for name, _ in self.where), *([self.by] if self.by else []), *own]))
