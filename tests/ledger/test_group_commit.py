"""The writer's thread, with commits that a test controls."""

import asyncio
import threading
from collections.abc import Sequence
from concurrent.futures import Future

import pytest

from gensvar.kit.errors import StorageFull, Unavailable
from gensvar.ledger import group_commit
from gensvar.ledger.group_commit import GroupCommit, Waiting, waits


class Store:
    """Keeps what is committed; waits for the test, or falls, where the test says so."""

    def __init__(self) -> None:
        self.batches: list[list[bytes]] = []
        self.go, self.begun = threading.Event(), threading.Event()
        self.full = False
        self.go.set()

    def commit(self, batch: Sequence[Waiting]) -> Sequence[int]:
        self.begun.set()
        assert self.go.wait(10)
        if self.full:
            raise StorageFull("full")
        self.batches.append([entry.body for entry in batch])
        return range(len(batch))


def send(writer: GroupCommit, body: bytes) -> "Future[int]":
    future: Future[int] = Future()
    writer.put(Waiting("feedback", "shop", body, 1, None, told=waits(future)))
    return future


def hold(store: Store, writer: GroupCommit) -> "Future[int]":
    """An entry whose commit has begun and waits."""
    store.go.clear()
    store.begun.clear()
    first = send(writer, b"first")
    assert store.begun.wait(10)
    return first


def test_what_gathers_during_a_commit_goes_in_the_next_one() -> None:
    store = Store()
    writer = GroupCommit(store.commit)
    first = hold(store, writer)
    later = [send(writer, b"%d" % n) for n in range(20)]
    assert not first.done()
    store.go.set()
    assert [future.result(10) for future in later] == list(range(20))
    assert [len(batch) for batch in store.batches] == [1, 20]
    writer.close()


@pytest.mark.parametrize(("name", "limit", "sizes"), [("MOST_ENTRIES", 8, [1, 8, 8, 4]), ("MOST_BYTES", 50, [1, 10, 10])])
def test_one_commit_holds_only_so_much(name: str, limit: int, sizes: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(group_commit, name, limit)
    store = Store()
    writer = GroupCommit(store.commit)
    hold(store, writer)
    later = [send(writer, b"12345") for _ in range(20)]
    store.go.set()
    for future in later:
        future.result(10)
    assert [len(batch) for batch in store.batches] == sizes
    writer.close()


def test_an_error_is_told_to_its_own_batch_only() -> None:
    store = Store()
    writer = GroupCommit(store.commit)
    hold(store, writer)
    store.full = True
    failing = [send(writer, b"x") for _ in range(3)]
    store.go.set()
    for future in failing:
        with pytest.raises(StorageFull):
            future.result(10)
    store.full = False
    assert send(writer, b"y").result(10) == 0
    assert store.batches == [[b"y"]]
    writer.close()


def test_a_loop_is_woken_once_for_a_whole_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store()
    writer = GroupCommit(store.commit)

    async def gather() -> tuple[list[int], int]:
        loop, woken = asyncio.get_running_loop(), 0
        wake = loop.call_soon_threadsafe

        def counted(*args: object, **kwargs: object) -> asyncio.Handle:
            nonlocal woken
            woken += 1
            return wake(*args, **kwargs)  # type: ignore[arg-type]

        monkeypatch.setattr(loop, "call_soon_threadsafe", counted)
        hold(store, writer)
        futures = [loop.create_future() for _ in range(100)]
        for future in futures:
            writer.put(Waiting("feedback", "shop", b"x", 1, None, future=future))
        store.go.set()
        return await asyncio.gather(*futures), woken

    assert asyncio.run(gather()) == (list(range(100)), 1)
    writer.close()


def test_a_loop_that_has_ended_harms_nobody() -> None:
    store = Store()
    writer = GroupCommit(store.commit)
    hold(store, writer)
    loop = asyncio.new_event_loop()
    writer.put(Waiting("feedback", "shop", b"x", 1, None, future=loop.create_future()))
    loop.close()
    other = send(writer, b"y")
    store.go.set()
    assert other.result(10) == 1
    writer.close()


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(group_commit, "WAITING_BYTES", 100)
    store = Store()
    writer = GroupCommit(store.commit)
    hold(store, writer)
    waiting = send(writer, b"x" * 200)
    with pytest.raises(Unavailable, match="takes nothing"):
        send(writer, b"y")
    store.go.set()
    waiting.result(10)
    writer.close()
    with pytest.raises(Unavailable):
        send(writer, b"z")
    writer.close()


def test_closing_commits_what_waits() -> None:
    store = Store()
    writer = GroupCommit(store.commit)
    hold(store, writer)
    later = [send(writer, b"x") for _ in range(5)]
    threading.Timer(0.05, store.go.set).start()
    writer.close()
    assert [future.result(0) for future in later] == list(range(5))
