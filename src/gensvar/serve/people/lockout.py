"""Lockout: how long a wrong password makes one wait. Pure: earlier attempts and this moment in, a wait out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

WINDOW = timedelta(minutes=15)
NO_WAIT = timedelta()
FIRST_WAIT = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Limits:
    """slow: attempts within 15 minutes after which waits grow, doubling from 5 s; locked: after which there is none for 15 minutes."""

    slow: int
    locked: int

    def wait(self, before: Sequence[datetime], now: datetime) -> timedelta:
        """How long until the next attempt may be made, after these. before: oldest first.

        >>> from datetime import UTC
        >>> noon = datetime(2026, 11, 1, 12, tzinfo=UTC)
        >>> [Limits(5, 10).wait([noon] * n, noon).total_seconds() for n in (4, 5, 6, 10)]
        [0.0, 5.0, 10.0, 900.0]
        """
        lately = [at for at in before if before[-1] - WINDOW < at]  # up to the latest, so that a pause does not shorten itself
        if len(lately) < self.slow:
            return NO_WAIT
        pause = WINDOW if len(lately) >= self.locked else min(WINDOW, FIRST_WAIT * 2 ** (len(lately) - self.slow))
        return max(NO_WAIT, lately[-1] + pause - now)


ACCOUNT = Limits(slow=5, locked=10)
ADDRESS = Limits(slow=25, locked=50)  # a whole office may share one
