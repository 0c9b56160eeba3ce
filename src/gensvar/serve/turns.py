"""Turns: how much one reader may ask for at once, so that nobody keeps the others waiting. What is above waits its turn; a flood is refused."""

import asyncio
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from gensvar.kit.errors import TooMany


@dataclass(eq=False, slots=True)
class Line:
    """free: a place for each request that may be in hand. here: those in hand and those that wait."""

    free: asyncio.Semaphore
    here: int = 0


@dataclass(slots=True)
class Turns:
    """at_once: requests of one reader in hand; waiting: those that may wait behind them. A line that is empty is forgotten."""

    at_once: int
    waiting: int
    _lines: dict[Hashable, Line] = field(default_factory=dict)

    def __len__(self) -> int:
        """How many readers have something in hand."""
        return len(self._lines)

    def full(self, of: Hashable) -> TooMany | None:
        """What to tell a reader whose line is as long as it may be; None where there is room."""
        line = self._lines.get(of)
        if line is None or line.here < self.at_once + self.waiting:
            return None
        return TooMany(f"More than {self.at_once + self.waiting} requests wait for an answer already", do="Wait until they are answered.")

    @asynccontextmanager
    async def turn(self, of: Hashable) -> AsyncIterator[None]:
        """Begins when it is this request's turn."""
        line = self._lines.setdefault(of, Line(asyncio.Semaphore(self.at_once)))
        line.here += 1
        try:
            async with line.free:
                yield
        finally:
            line.here -= 1
            if not line.here:
                self._lines.pop(of, None)
