"""Live: the epoch to those who listen and may be told, no oftener than is useful, to no more than there is room for."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta

import pytest
from litestar.response.sse import ServerSentEventMessage

from gensvar.house import House
from gensvar.kit.errors import TooMany
from gensvar.kit.scope import whole
from gensvar.ledger.sessions import Sessions
from gensvar.serve.access import Access
from gensvar.serve.web import live
from gensvar.serve.web.live import Live, Pace, holds
from tests.houses import signed_in
from tests.ledgers import HandClock

QUICK = Pace(gap=0.05, beat=0.2)
WAIT_S = 5.0
Stream = AsyncIterator[ServerSentEventMessage]


class Hub:
    """An epoch that a test moves, and how often it was asked for."""

    def __init__(self) -> None:
        self.value, self.asked, self.broken = 7, 0, False

    def epoch(self) -> int:
        self.asked += 1
        if self.broken:
            raise ConnectionError("gone for a moment")
        return self.value


async def events(stream: Stream, n: int) -> list[str]:
    """The first n epochs that are told; signs of life between them are not counted."""
    told: list[str] = []
    async with asyncio.timeout(WAIT_S):
        async for message in stream:
            if message.event == "epoch":
                told.append(str(message.data))
            if len(told) == n:
                return told
    return told


def run(test: Callable[[Hub, Live], "asyncio.Future[None]"] | Callable[[Hub, Live], object], pace: Pace = QUICK) -> None:
    async def inside() -> None:
        hub = Hub()
        await test(hub, Live(hub.epoch, pace))  # type: ignore[misc]

    asyncio.run(inside())


def test_the_epoch_is_told_at_once_and_again_when_it_moves() -> None:
    async def test(hub: Hub, made: Live) -> None:
        stream = made.stream("anna", lambda: True)
        assert await events(stream, 1) == ["7"]
        hub.value = 8
        assert await events(stream, 1) == ["8"]

    run(test)


def test_everybody_who_listens_is_told_by_one_watcher() -> None:
    async def test(hub: Hub, made: Live) -> None:
        streams = [made.stream(f"reader {i}", lambda: True) for i in range(20)]
        await asyncio.gather(*(events(s, 1) for s in streams))
        hub.value, before = 8, hub.asked
        assert await asyncio.gather(*(events(s, 1) for s in streams)) == [["8"]] * 20
        assert hub.asked - before < 10, "one watcher asks, not each stream"

    run(test)


def test_moves_that_follow_each_other_closely_are_told_as_one() -> None:
    async def test(hub: Hub, made: Live) -> None:
        stream = made.stream("anna", lambda: True)
        await events(stream, 1)
        clock = asyncio.get_running_loop().time
        began, told = clock(), []
        while clock() - began < 1.2:
            hub.value += 1
            told += await events(stream, 1)
        assert len(told) <= 4, "at most one in 0.4 s"
        assert told == sorted(told, key=int)

    run(test, Pace(gap=0.4, beat=0.2))


def test_a_quiet_stream_gives_a_sign_of_life() -> None:
    async def test(hub: Hub, made: Live) -> None:
        stream = made.stream("anna", lambda: True)
        await events(stream, 1)
        async with asyncio.timeout(WAIT_S):
            message = await anext(stream)
        assert (message.comment, message.data) == ("here", None)
        assert message.encode().startswith(b": here")

    run(test)


def test_who_may_no_longer_be_told_is_told_that_and_nothing_else() -> None:
    async def test(hub: Hub, made: Live) -> None:
        may = [True]
        stream = made.stream("anna", lambda: may[0])
        await events(stream, 1)
        may[0], hub.value = False, 8
        last = [m async for m in stream]
        assert [(m.event, m.data) for m in last] == [("end", "")]
        assert made.listeners == 0

    run(test)


def test_there_is_room_for_some_streams_of_one_and_some_in_all(monkeypatch: pytest.MonkeyPatch) -> None:
    async def test(hub: Hub, made: Live) -> None:
        mine = [made.stream("anna", lambda: True) for _ in range(live.MOST_OF_ONE)]
        await asyncio.gather(*(events(s, 1) for s in mine))
        with pytest.raises(TooMany):
            made.must_have_room("anna")
        with pytest.raises(TooMany):
            await anext(made.stream("anna", lambda: True))
        made.must_have_room("bo")
        monkeypatch.setattr(live, "MOST", live.MOST_OF_ONE)
        with pytest.raises(TooMany):
            made.must_have_room("bo")
        await mine[0].aclose()  # type: ignore[attr-defined]
        made.must_have_room("anna")

    run(test)


def test_a_hub_that_cannot_say_is_asked_again(caplog: pytest.LogCaptureFixture) -> None:
    async def test(hub: Hub, made: Live) -> None:
        hub.broken = True
        stream = made.stream("anna", lambda: True)
        assert (await anext(stream)).comment == "here"
        await asyncio.sleep(0.3)
        hub.broken = False
        assert await events(stream, 1) == ["7"]

    run(test)
    assert "does not say its epoch" in caplog.text


def test_closing_ends_every_stream_at_once() -> None:
    async def test(hub: Hub, made: Live) -> None:
        stream = made.stream("anna", lambda: True)
        await events(stream, 1)
        rest = asyncio.ensure_future(events(stream, 1))
        await asyncio.sleep(0.1)
        made.close()
        assert await asyncio.wait_for(rest, 1) == []

    run(test, Pace(gap=0.05, beat=60))


def test_a_stream_ends_after_a_while_and_a_reader_who_is_too_slow_is_dropped() -> None:
    async def old(hub: Hub, made: Live) -> None:
        assert len([m async for m in made.stream("anna", lambda: True)]) < 10

    run(old, Pace(gap=0.05, beat=0.1, longest=0.3))

    async def slow(hub: Hub, made: Live) -> None:
        seen = 0
        async for _ in made.stream("anna", lambda: True):
            seen += 1
            await asyncio.sleep(0.2)
        assert seen == 1

    run(slow, Pace(gap=0.05, beat=0.1, patience=0.1))


def test_nobody_listens_and_nobody_asks() -> None:
    async def test(hub: Hub, made: Live) -> None:
        stream = made.stream("anna", lambda: True)
        await events(stream, 1)
        await stream.aclose()  # type: ignore[attr-defined]
        await asyncio.sleep(2 * live.LOOK_S)
        before = hub.asked
        await asyncio.sleep(2 * live.LOOK_S)
        assert hub.asked == before
        hub.value = 9
        assert await events(made.stream("anna", lambda: True), 1) == ["9"], "and never what was so then"

    run(test)


def test_a_stream_holds_as_long_as_the_session_and_the_rights_do(small_house: House) -> None:
    access = Access(small_house.settings, small_house.ledger)
    headers = signed_in(small_house, "viewer")
    caller = access.verify(headers, "member", changes=False)
    assert holds(access, headers, caller)
    assert caller.session is not None
    assert caller.member is not None
    small_house.ledger.members.change(caller.member.id, role="analyst")
    access.forget(caller.member.id)
    assert not holds(access, headers, caller), "other rights: another page"
    now = access.verify(headers, "member", changes=False)
    small_house.ledger.sessions.end_hash(caller.session.hash)
    assert not holds(access, headers, now)


def test_an_open_page_keeps_no_session_from_ending(small_house: House) -> None:
    clock = HandClock(datetime(2026, 11, 1, 8, tzinfo=UTC))
    sessions = Sessions(small_house.ledger.sessions._db, clock.now, small_house.secret)
    member = small_house.ledger.members.add("anna@example.org", "Anna", "viewer", whole().as_json())
    token = sessions.start(member.id, "password", "tests")
    for hours, used, alive in ((7, False, True), (1, False, False)):
        clock.at += timedelta(hours=hours)
        assert (sessions.find(token, used=used) is not None) is alive, "eight hours after she was last there"
    clock.at -= timedelta(hours=2)
    assert sessions.find(token) is not None
    clock.at += timedelta(hours=7)
    assert sessions.find(token, used=False) is not None, "she was there in between"
