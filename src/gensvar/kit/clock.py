"""The clock is an argument: the only place that asks the machine for the time."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """The moment, UTC, microseconds."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class At:
    """A clock that stands still, for tests and for replaying a day.

    >>> At("2026-11-01").now().isoformat()
    '2026-11-01T00:00:00+00:00'
    """

    moment: str

    def now(self) -> datetime:
        at = datetime.fromisoformat(self.moment)
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
