"""Live: tells open pages that the hub has moved on. One watcher for each server process; a stream carries the epoch and nothing else."""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Hashable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from litestar import Request, get
from litestar.handlers import HTTPRouteHandler
from litestar.response import ServerSentEvent
from litestar.response.sse import ServerSentEventMessage

from gensvar.kit.errors import NotAllowed, TooMany, Unauthenticated
from gensvar.serve.access import BY_ITSELF, Access, Caller
from gensvar.serve.web import guard

LIVE = "/live"
log = logging.getLogger("gensvar.serve")
LOOK_S, SHARE = 0.2, 4.0  # how often the epoch is looked at; where looking is slow, at most a fifth of the time goes to it
MOST_OF_ONE, MOST = 12, 1000  # streams of one session, and of this process: each open page that is seen holds one
HEADERS: Mapping[str, str] = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds: between two events, between two signs of life, until a client counts as too slow, and until a stream ends and is opened anew."""

    gap: float = 1.0
    beat: float = 20.0
    patience: float = 10.0
    longest: float = 3600.0


@dataclass(eq=False, slots=True)
class Listener:
    """One open stream. of: whose it is; moved: set when there is something to say, or nothing more to say."""

    of: Hashable
    moved: asyncio.Event = field(default_factory=asyncio.Event)


class Live:
    """Fans the epoch out to open pages. epoch: may block, and is asked off the event loop, only while somebody listens."""

    def __init__(self, epoch: Callable[[], int], pace: Pace | None = None) -> None:
        self._epoch, self._pace = epoch, pace or Pace()
        self._now: int | None = None
        self._listeners: set[Listener] = set()
        self._watcher: asyncio.Task[None] | None = None
        self._closed = False

    def __deepcopy__(self, _: dict[int, Any]) -> "Live":
        """Itself: Litestar copies what its handlers hold, and there is one watcher."""
        return self

    @property
    def listeners(self) -> int:
        """How many streams are open."""
        return len(self._listeners)

    def must_have_room(self, of: Hashable) -> None:
        """TooMany where this session, or this process, holds as many streams as it may."""
        if len(self._listeners) >= MOST or Counter(one.of for one in self._listeners)[of] >= MOST_OF_ONE:
            raise TooMany("More pages are open than can be kept up to date", do="Close some, or reload this page by hand.")

    def close(self) -> None:
        """Ends every stream, so that the server need not wait for pages that are open. Call it on the event loop."""
        self._closed = True
        for one in self._listeners:
            one.moved.set()

    async def stream(self, of: Hashable, holds: Callable[[], bool]) -> AsyncIterator[ServerSentEventMessage]:
        """The epoch now, then each later one as it comes, at most one in a second; a sign of life in between.

        holds: whether the reader may still be told; asked off the event loop before everything that is said. `end` tells her that she may not.
        """
        self.must_have_room(of)
        me, told, began = Listener(of), None, time.monotonic()
        self._listeners.add(me)
        self._watch()
        try:
            while not self._closed and time.monotonic() - began < self._pace.longest:
                if not await asyncio.to_thread(holds):
                    yield ServerSentEventMessage(event="end", data="")
                    return
                told, message = self._now, self._message(told)
                sent = time.monotonic()
                yield message
                if time.monotonic() - sent > self._pace.patience:
                    return
                await self._next(me)
        finally:
            self._listeners.discard(me)

    def _message(self, told: int | None) -> ServerSentEventMessage:
        if self._now is None or self._now == told:
            return ServerSentEventMessage(comment="here", data=None)
        return ServerSentEventMessage(event="epoch", data=str(self._now))

    async def _next(self, me: Listener) -> None:
        """Waits for the gap, then for something to say, or until it is time for a sign of life."""
        await asyncio.sleep(self._pace.gap if self._now is not None and not self._closed else 0)
        with suppress(TimeoutError):
            await asyncio.wait_for(me.moved.wait(), self._pace.beat)
        me.moved.clear()

    def _watch(self) -> None:
        if self._watcher is None or self._watcher.done():
            self._watcher = asyncio.create_task(self._watching())

    async def _watching(self) -> None:
        while self._listeners and not self._closed:
            began = time.monotonic()
            now = await self._looked()
            if now is not None and now != self._now:
                self._now = now
                for one in self._listeners:
                    one.moved.set()
            await asyncio.sleep(max(LOOK_S, SHARE * (time.monotonic() - began)))
        self._now = None  # whoever listens next is told what is so then

    async def _looked(self) -> int | None:
        """The epoch; None where the hub cannot say, which it will be asked again."""
        try:
            return await asyncio.to_thread(self._epoch)
        except Exception:
            log.exception("the hub does not say its epoch; open pages wait")
            return None


def live_routes(live: Live, access: Access) -> list[HTTPRouteHandler]:
    """GET /live, for whoever is signed in."""

    async def handler(request: Request[Any, Any, Any]) -> ServerSentEvent:
        caller: Caller = request.state.caller
        of = caller.session.hash if caller.session else caller.who
        live.must_have_room(of)
        kept = {"cookie": request.headers.get("cookie", ""), BY_ITSELF: "1"}
        return ServerSentEvent(live.stream(of, lambda: holds(access, kept, caller)), headers=guard.HEADERS | dict(HEADERS))

    return [get(LIVE, include_in_schema=False, opt={"right": "member"})(handler)]


def holds(access: Access, headers: Mapping[str, str], caller: Caller) -> bool:
    """Whether the reader is still signed in, and still may see exactly what she might when she began to listen."""
    try:
        return access.verify(headers, "member", changes=False).seen_as == caller.seen_as
    except (Unauthenticated, NotAllowed):
        return False
