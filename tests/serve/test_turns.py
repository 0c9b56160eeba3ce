"""Turns: of one reader so many requests are in hand, the rest wait; others never wait for her; a flood is told to wait."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from gensvar.kit.settings import read_settings
from gensvar.serve.envelope import enveloped, reader_of
from gensvar.serve.turns import Turns

SETTINGS = read_settings({"data": "nowhere"}, env={})
COOKIE = "gensvar"


def request(path: str = "/", **headers: str) -> dict[str, Any]:
    given = {"host": "localhost", **headers}
    return {"type": "http", "method": "GET", "path": path, "headers": [(k.encode(), v.encode()) for k, v in given.items()]}


class Slow:
    """An application that answers when it is told to, and knows how many it had in hand at once."""

    def __init__(self) -> None:
        self.go = asyncio.Event()
        self.now = self.most = self.begun = 0

    async def __call__(self, _scope: Any, _receive: Any, send: Any) -> None:
        self.now, self.begun = self.now + 1, self.begun + 1
        self.most = max(self.most, self.now)
        try:
            await self.go.wait()
            await send({"type": "http.response.start", "status": 200, "headers": []})
        finally:
            self.now -= 1


async def asked(app: Any, scope: dict[str, Any]) -> tuple[int, dict[bytes, bytes]]:
    """The status and headers of the answer."""
    found: list[Any] = []

    async def send(message: Any) -> None:
        found.append(message)

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    await app(scope, receive, send)
    return found[0]["status"], dict(found[0]["headers"])


def test_one_reader_waits_for_herself_and_nobody_else() -> None:
    async def story() -> None:
        inner, turns = Slow(), Turns(3, 10)
        app = enveloped(inner, SETTINGS, turns)
        hers = [asyncio.create_task(asked(app, request(cookie="gensvar=hers"))) for _ in range(8)]
        await asyncio.sleep(0.01)
        assert inner.now == 3
        his = asyncio.create_task(asked(app, request(cookie="gensvar=his")))
        await asyncio.sleep(0.01)
        assert (inner.now, len(turns)) == (4, 2)
        inner.go.set()
        assert {status for status, _ in await asyncio.gather(*hers, his)} == {200}
        assert (inner.begun, inner.most, len(turns)) == (9, 4, 0)

    asyncio.run(story())


def test_a_flood_is_told_to_wait_and_nothing_of_it_is_left() -> None:
    async def story() -> None:
        inner, turns = Slow(), Turns(2, 3)
        app = enveloped(inner, SETTINGS, turns)
        tasks = [asyncio.create_task(asked(app, request(authorization="Bearer a"))) for _ in range(9)]
        await asyncio.sleep(0.01)
        inner.go.set()
        answers = await asyncio.gather(*tasks)
        assert sorted(status for status, _ in answers) == [200] * 5 + [429] * 4
        refused = next(headers for status, headers in answers if status == 429)
        assert refused[b"retry-after"] == b"1"
        assert refused[b"x-content-type-options"] == b"nosniff"
        assert (await asked(app, request(authorization="Bearer a")))[0] == 200
        assert len(turns) == 0

    asyncio.run(story())


@pytest.mark.parametrize("ended", [lambda task: task.cancel(), None], ids=["given up", "failed"])
def test_who_gives_up_or_fails_leaves_the_line(ended: Callable[[asyncio.Task[Any]], Any] | None) -> None:
    async def story() -> None:
        turns = Turns(1, 5)

        async def broken(_: Any, __: Any, ___: Any) -> None:
            await asyncio.sleep(0.02)
            raise RuntimeError

        app: Callable[..., Awaitable[None]] = enveloped(broken, SETTINGS, turns)
        tasks = [asyncio.create_task(asked(app, request())) for _ in range(4)]
        await asyncio.sleep(0.01)
        if ended:
            for task in tasks:
                ended(task)
        await asyncio.gather(*tasks, return_exceptions=True)
        assert len(turns) == 0

    asyncio.run(story())


@pytest.mark.parametrize("path", ["/static/page.css", "/live", "/health/ready", "/v1/feedback", "/v1/events"])
def test_what_is_limited_otherwise_takes_no_turn(path: str) -> None:
    assert reader_of({b"authorization": b"Bearer a"}, path, COOKIE) is None


def test_whose_turn_it_is() -> None:
    assert reader_of({b"authorization": b"Bearer a", b"cookie": b"gensvar=s"}, "/", COOKIE) == b"Bearer a"
    assert reader_of({b"cookie": b"other=x; gensvar=s"}, "/v1/answers", COOKIE) == b"s"
    assert reader_of({b"cookie": b"gensvar=s"}, "/", "__Host-gensvar") == b""
    assert reader_of({}, "/measures", COOKIE) == b""


@pytest.mark.parametrize("path", ["/login", "/login/second", "/login/sso/return", "/welcome/token"])
def test_whoever_is_on_her_way_in_waits_in_one_line_whatever_she_shows(path: str) -> None:
    assert reader_of({b"cookie": b"gensvar=made-up", b"authorization": b"Bearer made-up"}, path, COOKIE) == b""


def test_strangers_at_the_entrance_do_not_keep_readers_out() -> None:
    async def story() -> None:
        inner = Slow()
        app = enveloped(inner, replace(SETTINGS, public_url="http://localhost"), Turns(2, 2))
        at_the_door = [asyncio.create_task(asked(app, request("/login", cookie=f"gensvar={n}"))) for n in range(20)]
        await asyncio.sleep(0.01)
        assert inner.now == 2
        reader = asyncio.create_task(asked(app, request(cookie="gensvar=hers")))
        await asyncio.sleep(0.01)
        assert inner.now == 3
        inner.go.set()
        assert (await reader)[0] == 200
        assert sorted(status for status, _ in await asyncio.gather(*at_the_door)) == [200] * 4 + [429] * 16

    asyncio.run(story())
