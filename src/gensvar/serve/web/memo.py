"""What is remembered between two requests: pages already made, and facts for which some seconds do no harm."""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")
STALE_S = 2.0


@dataclass(frozen=True, slots=True)
class Kept(Generic[T]):
    """A value, the state of the hub that it was made of, and when its making began."""

    value: T
    state: Hashable
    at: float


class Memo(Generic[T]):
    """At most `most` values, one for each key, the least used forgotten first. Safe from several threads; each is made by one of them at a time.

    While signals come in, the hub reaches a new state twice a second, and a page takes longer to make than to send. So a page whose making began at
    most `stale_s` seconds ago is given out although the hub has moved on, and the next one is made meanwhile: what a reader sees is up to two
    seconds old. A page older than that is never given out: its reader waits for the new one. With 0, nothing but the newest is ever given out.
    """

    def __init__(self, most: int, now: Callable[[], float] = time.monotonic, stale_s: float = STALE_S) -> None:
        self._most, self._now, self._stale_s = most, now, stale_s
        self._kept: OrderedDict[Hashable, Kept[T]] = OrderedDict()
        self._making: dict[Hashable, Future[T]] = {}
        self._lock = Lock()
        self._hands = ThreadPoolExecutor(2, thread_name_prefix="pages")

    def get(self, key: Hashable, state: Hashable, make: Callable[[], T], *, newest: bool = False, wait_s: float | None = None) -> T:
        """The page kept under this key, if it is of this state or young enough; else the one that `make` now makes.

        newest: young is not enough; for a page that is asked for because the hub has moved on. wait_s: no longer than that; TimeoutError then,
        while the making goes on.
        """
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
                if kept.state == state:
                    return kept.value
            making = self._begun(key, state, make)
            if kept is not None and self._stale_s and not newest and self._now() - kept.at <= self._stale_s:
                return kept.value
        return making.result(wait_s)

    def _begun(self, key: Hashable, state: Hashable, make: Callable[[], T]) -> "Future[T]":
        """The making of the next page of this key: the one in hand, or a new one. The lock is held."""
        if key not in self._making:
            self._making[key] = self._hands.submit(self._make, key, state, make)
        return self._making[key]

    def _make(self, key: Hashable, state: Hashable, make: Callable[[], T]) -> T:
        began = self._now()
        try:
            made = make()
        except BaseException:
            with self._lock:
                del self._making[key]
            raise
        with self._lock:
            del self._making[key]
            self._kept[key] = Kept(made, state, began)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return made


class Lately(Generic[T]):
    """Values that may be this many seconds old. What is empty is asked for again each time, so that the first of anything is seen at once."""

    def __init__(self, seconds: float, now: Callable[[], float] = time.monotonic) -> None:
        self._seconds, self._now = seconds, now
        self._kept: dict[Hashable, Kept[T]] = {}

    def get(self, key: Hashable, make: Callable[[], T], state: Hashable = None) -> T:
        """state: as long as it is the one that the value was made of, the value may be of any age; None: only its age counts."""
        kept = self._kept.get(key)
        if kept is not None and kept.value and (self._now() - kept.at <= self._seconds or (state is not None and kept.state == state)):
            return kept.value
        made = Kept(make(), state, self._now())
        self._kept[key] = made
        return made.value
