"""Group commit: one thread writes for all. It takes what has gathered, inserts it at one stroke, commits once, then tells everybody who waits."""

import asyncio
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from typing import NamedTuple

from gensvar.kit.errors import Unavailable

MOST_ENTRIES, MOST_BYTES = 4096, 16 << 20
WAITING_BYTES = 256 << 20
GATHER_S = 0.0004  # who comes within it shares the commit, which takes longer than that

Told = Callable[[int | None, Exception | None], None]


class Waiting(NamedTuple):
    """An entry and whoever waits for it: a future of an event loop, or a function that is called in the writer's thread."""

    op: str
    source: str
    body: bytes
    signals: int
    key_id: int | None
    future: "asyncio.Future[int] | None" = None
    told: Told | None = None


Commit = Callable[[Sequence[Waiting]], Sequence[int]]


class GroupCommit:
    """commit: makes the entries durable, all or none, and returns their ids in order."""

    def __init__(self, commit: Commit) -> None:
        self._commit = commit
        self._queue: SimpleQueue[Waiting | None] = SimpleQueue()
        self._waiting_bytes = 0
        self._counting = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="gensvar-inbox", daemon=True)
        self._thread.start()

    def put(self, entry: Waiting) -> None:
        """Queues an entry; Unavailable where the writer has been closed, or lags behind by more than it may hold in memory."""
        with self._counting:
            if self._closed or self._waiting_bytes > WAITING_BYTES:
                raise Unavailable("The inbox takes nothing just now", do="Send it again in a moment.")
            self._waiting_bytes += len(entry.body)
            self._queue.put(entry)

    def close(self) -> None:
        """Commits what waits, then stops."""
        with self._counting:
            if not self._closed:
                self._closed = True
                self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        while batch := self._gathered():
            try:
                ids: Sequence[int] = self._commit(batch)
            except Exception as failed:  # noqa: BLE001  whatever it was, those who wait must hear it, and the writer goes on
                _tell(batch, None, failed)
            else:
                _tell(batch, ids, None)
            with self._counting:
                self._waiting_bytes -= sum(len(entry.body) for entry in batch)

    def _gathered(self) -> list[Waiting]:
        """Waits for one entry, then takes all that stand behind it, up to what one commit may hold; nothing when closed."""
        batch: list[Waiting] = []
        size = 0
        entry = self._queue.get()
        if entry is not None and self._queue.empty():
            time.sleep(GATHER_S)
        while entry is not None:
            batch.append(entry)
            size += len(entry.body)
            if len(batch) >= MOST_ENTRIES or size >= MOST_BYTES:
                return batch
            try:
                entry = self._queue.get_nowait()
            except Empty:
                return batch
        if batch:
            self._queue.put(None)
        return batch


def waits(future: "Future[int]") -> Told:
    """Passes the outcome on to a future that other threads wait for."""

    def told(entry_id: int | None, failed: Exception | None) -> None:
        if failed is not None:
            future.set_exception(failed)
        elif entry_id is not None:
            future.set_result(entry_id)

    return told


def _tell(batch: Sequence[Waiting], ids: Sequence[int] | None, failed: Exception | None) -> None:
    """Each loop is woken once, however many of its requests the commit held."""
    loops: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[int], int | None]]] = defaultdict(list)
    for at, entry in enumerate(batch):
        entry_id = ids[at] if ids is not None else None
        if entry.future is not None:
            loops[entry.future.get_loop()].append((entry.future, entry_id))
        elif entry.told is not None:
            entry.told(entry_id, failed)
    for loop, outcomes in loops.items():
        if not loop.is_closed():
            loop.call_soon_threadsafe(_settle, outcomes, failed)


def _settle(outcomes: "Sequence[tuple[asyncio.Future[int], int | None]]", failed: Exception | None) -> None:
    for future, entry_id in outcomes:
        if future.done():
            continue
        if failed is not None:
            future.set_exception(failed)
        elif entry_id is not None:
            future.set_result(entry_id)
