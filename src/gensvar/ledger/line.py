"""A line to wait in: one at a time, first come, first served, so that a busy thread cannot keep the others out."""

import threading
from collections import deque
from types import TracebackType


class Line:
    """`with line:` waits for its turn. Not re-entrant."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._busy = False

    def __enter__(self) -> None:
        with self._guard:
            if not self._busy:
                self._busy = True
                return
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append(turn)
        try:
            turn.acquire()
        except BaseException:
            self._leave(turn)
            raise

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        with self._guard:
            self._next()

    def _next(self) -> None:
        if self._waiting:
            self._waiting.popleft().release()
        else:
            self._busy = False

    def _leave(self, turn: threading.Lock) -> None:
        """Whoever is interrupted while waiting gives up the place, or the turn where it has just been given."""
        with self._guard:
            if turn in self._waiting:
                self._waiting.remove(turn)
            else:
                self._next()
