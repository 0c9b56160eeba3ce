"""The inbox: durable before it answers, in order, lent to one owner at a time."""

import asyncio
import threading
from collections.abc import Sequence
from concurrent.futures import Future

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gensvar.kit.errors import Conflict, Unavailable
from gensvar.ledger import Entry, Ledger
from tests.ledgers import SECRET, HandClock


def put(ledger: Ledger, *sources: str, count: int = 1) -> list[int]:
    waiting = [ledger.inbox.submit("feedback", source, f"body {at}".encode(), count) for at, source in enumerate(sources)]
    return [future.result(10) for future in waiting]


def numbers(entries: Sequence[Entry]) -> list[int]:
    return [entry.id for entry in entries]


def test_what_was_sent_comes_out_as_it_was_sent(ledger: Ledger, ledger_clock: HandClock) -> None:
    body = bytes(range(256)) * 50
    sent = ledger.inbox.submit("delete", "hjälp", body, 7, key_id=3).result(10)
    assert ledger.inbox.take(10, "flow", 60) == [Entry(sent, "delete", "hjälp", body, 7, ledger_clock.now(), 3)]


def test_an_event_loop_waits_for_many_at_once(ledger: Ledger) -> None:
    async def send() -> list[int]:
        return await asyncio.gather(*(ledger.inbox.accept("feedback", "shop", b"{}", 1) for _ in range(200)))

    ids = asyncio.run(send())
    assert sorted(set(ids)) == sorted(ids)
    assert numbers(ledger.inbox.take(1000, "flow", 60)) == sorted(ids)


def test_a_request_that_was_given_up_harms_nobody(ledger: Ledger) -> None:
    async def send() -> int:
        left = asyncio.ensure_future(ledger.inbox.accept("feedback", "shop", b"left", 1))
        stayed = asyncio.ensure_future(ledger.inbox.accept("feedback", "shop", b"stayed", 1))
        await asyncio.sleep(0)
        left.cancel()
        return await stayed

    stayed = asyncio.run(send())
    assert stayed in numbers(ledger.inbox.take(10, "flow", 60))


def test_many_threads_get_ids_of_their_own_in_their_own_order(ledger: Ledger) -> None:
    got: dict[int, list[int]] = {}

    def send(thread: int) -> None:
        got[thread] = [ledger.inbox.submit("feedback", f"s{thread}", str(n).encode(), 1).result(20) for n in range(60)]

    threads = [threading.Thread(target=send, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    entries = ledger.inbox.take(10_000, "flow", 60)
    assert len({e.id for e in entries}) == len(entries) == 480
    for sender, ids in got.items():
        assert ids == sorted(ids)
        assert [int(e.body) for e in entries if e.source == f"s{sender}"] == list(range(60))


def test_a_callback_hears_of_the_commit(ledger: Ledger) -> None:
    heard: Future[tuple[int | None, Exception | None]] = Future()
    ledger.inbox.submit_nowait("events", "shop", b"{}", 1, None, lambda entry_id, failed: heard.set_result((entry_id, failed)))
    entry_id, failed = heard.result(10)
    assert failed is None
    assert numbers(ledger.inbox.take(1, "flow", 60)) == [entry_id]


def test_the_backlog_counts_entries_signals_and_age(ledger: Ledger, ledger_clock: HandClock) -> None:
    assert ledger.inbox.backlog() == (0, 0, None)
    began = ledger_clock.now()
    first = put(ledger, "a", count=100)
    ledger_clock.forward(5)
    put(ledger, "b", count=20)
    assert ledger.inbox.backlog() == (2, 120, began)
    ledger.inbox.take(1000, "flow", 60)
    assert ledger.inbox.backlog().signals == 120
    assert ledger.inbox.done(first) == 1
    assert ledger.inbox.backlog() == (1, 20, ledger_clock.now())


def test_a_taker_gets_about_as_many_signals_as_it_asks_for_and_at_least_one_entry(ledger: Ledger) -> None:
    ids = put(ledger, "a", "a", "a", count=100)
    assert numbers(ledger.inbox.take(250, "flow", 60)) == ids[:2]
    assert numbers(ledger.inbox.take(1, "flow", 60)) == ids[2:]
    assert ledger.inbox.take(250, "flow", 60) == []


def test_two_owners_never_hold_the_same_source(ledger: Ledger) -> None:
    ids = put(ledger, "a", "b", "a", "b")
    assert numbers(ledger.inbox.take(1, "one", 60)) == [ids[0]]
    assert numbers(ledger.inbox.take(10, "two", 60)) == [ids[1], ids[3]]
    assert numbers(ledger.inbox.take(10, "one", 60)) == [ids[2]]
    ledger.inbox.done(ids[1:2])
    assert ledger.inbox.take(10, "one", 60) == []


def test_a_source_is_free_once_all_of_it_is_done(ledger: Ledger) -> None:
    first = put(ledger, "a")
    ledger.inbox.take(10, "one", 60)
    second = put(ledger, "a")
    assert ledger.inbox.take(10, "two", 60) == []
    assert ledger.inbox.done(first, "one") == 1
    assert numbers(ledger.inbox.take(10, "two", 60)) == second


def test_a_silent_owner_loses_what_it_took(ledger: Ledger, ledger_clock: HandClock) -> None:
    ids = put(ledger, "a", "a")
    ledger.inbox.take(10, "one", 30)
    ledger_clock.forward(29)
    assert ledger.inbox.take(10, "two", 30) == []
    ledger_clock.forward(2)
    assert numbers(ledger.inbox.take(10, "two", 30)) == ids
    with pytest.raises(Conflict, match="no longer holds"):
        ledger.inbox.done(ids, "one")
    assert not ledger.inbox.beat("one", 30)
    assert ledger.inbox.done(ids, "two") == 2


def test_a_beat_keeps_what_was_taken(ledger: Ledger, ledger_clock: HandClock) -> None:
    put(ledger, "a")
    ledger.inbox.take(10, "one", 30)
    ledger_clock.forward(25)
    assert ledger.inbox.beat("one", 30)
    ledger_clock.forward(25)
    assert ledger.inbox.take(10, "two", 30) == []


def test_what_is_released_is_found_again(ledger: Ledger) -> None:
    ids = put(ledger, "a", "a", "b")
    ledger.inbox.take(10, "one", 60)
    ledger.inbox.release([ids[1]])
    assert ledger.inbox.take(10, "two", 60) == []
    assert numbers(ledger.inbox.take(10, "one", 60)) == [ids[1]]
    ledger.inbox.release(ids)
    assert numbers(ledger.inbox.take(10, "two", 60)) == ids


def test_ids_are_never_given_twice(ledger: Ledger) -> None:
    first = put(ledger, "a", "a")
    ledger.inbox.take(10, "flow", 60)
    ledger.inbox.done(first)
    assert min(put(ledger, "a")) > max(first)


def test_two_processes_share_one_postgres(ledger: Ledger, ledger_url: str, ledger_clock: HandClock) -> None:
    other = Ledger.open(ledger_url, SECRET, ledger_clock)
    both = [(ledger if n % 2 else other).inbox.submit("feedback", "a", b"x", 1) for n in range(100)]
    ids = sorted(future.result(20) for future in both)
    assert len(set(ids)) == 100
    taken = numbers(ledger.inbox.take(60, "one", 60))
    assert other.inbox.take(60, "two", 60) == []
    ledger.inbox.done(taken)
    assert taken + numbers(other.inbox.take(60, "two", 60)) == ids
    other.close()


def test_a_closed_inbox_commits_what_waits_and_then_takes_nothing(ledger_url: str, ledger_clock: HandClock) -> None:
    opened = Ledger.open(ledger_url, SECRET, ledger_clock)
    waiting = [opened.inbox.submit("feedback", "a", b"x", 1) for _ in range(500)]
    opened.close()
    assert len({future.result(0) for future in waiting}) == 500
    with pytest.raises(Unavailable, match="takes nothing"):
        opened.inbox.submit("feedback", "a", b"x", 1)
    again = Ledger.open(ledger_url, SECRET, ledger_clock)
    assert again.inbox.backlog().entries == 500
    again.close()


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(bodies=st.lists(st.tuples(st.sampled_from("abc"), st.binary(max_size=50), st.integers(1, 5)), max_size=20), limit=st.integers(1, 12))
def test_taking_step_by_step_gives_everything_once_in_order(ledger: Ledger, bodies: list[tuple[str, bytes, int]], limit: int) -> None:
    waiting = [ledger.inbox.submit("rows", source, body, count) for source, body, count in bodies]
    sent = {future.result(10): what for future, what in zip(waiting, bodies, strict=True)}
    seen: list[Entry] = []
    while entries := ledger.inbox.take(limit, "flow", 60):
        assert len(entries) == 1 or sum(e.count for e in entries) <= limit
        seen += entries
        ledger.inbox.done(numbers(entries), "flow")
    assert [(e.id, (e.source, e.body, e.count)) for e in seen] == sorted(sent.items())
    assert ledger.inbox.backlog() == (0, 0, None)
