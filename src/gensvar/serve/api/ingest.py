"""Accept first, durably: what is sent is answered 202 only after it is committed to the inbox; the flow does the rest."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec
from litestar import Request, Response, delete, post
from litestar.params import FromPath

from gensvar.hub import Decoded, EventItem, FeedbackItem, decode
from gensvar.kit.errors import BadInput, NotFound, nearest
from gensvar.ledger import Ledger
from gensvar.serve.access import Access, Caller
from gensvar.serve.api.spec import JSON, with_body, with_problems

MOST_ITEMS = 1_000
SENDING = {"right": "ingest"}
Op = Literal["feedback", "events"]
SOURCES_MEMORY_S = 2.0


@dataclass(slots=True)
class Door:
    """What the intake needs: who may send, which sources there are, and where it is kept."""

    access: Access
    ledger: Ledger
    monotonic: Callable[[], float] = time.monotonic
    _sources: tuple[float, frozenset[str]] = field(default=(-1e9, frozenset()))

    def sources(self) -> frozenset[str]:
        """The sources that have a contract, as of some seconds ago at most."""
        if self.monotonic() - self._sources[0] > SOURCES_MEMORY_S:
            self.look_again()
        return self._sources[1]

    def look_again(self) -> None:
        self._sources = (self.monotonic(), frozenset(c.source for c in self.ledger.contracts.all()))


class Taken(msgspec.Struct, frozen=True, omit_defaults=True):
    """accepted: signals now safe; receipt: the inbox entry; ids: what each row's id will end with; problems: what was not taken, and why."""

    accepted: int
    receipt: int
    ids: list[str]
    problems: list[dict[str, Any]] = []


class Deletion(msgspec.Struct, frozen=True):
    source: str
    record: str


async def accepted(door: Door, caller: Caller, op: Op, body: bytes) -> bytes:
    """The answer to what was sent, as JSON, once it is on disk."""
    decoded = _known_only(decode(body, op), door)
    if not decoded.items:
        raise BadInput("None of it could be taken in", faults=[f"item {i}: {m}" for i, m in decoded.problems], do="Correct it and send it again.")
    door.access.spend(caller, len(decoded.items))
    kept = msgspec.json.encode(decoded.items) if decoded.problems else body
    receipt = await door.ledger.inbox.accept(op, "", kept, len(decoded.items), caller.key_id)
    problems = [{"index": i, "detail": m} for i, m in decoded.problems]
    return msgspec.json.encode(Taken(len(decoded.items), receipt, decoded.ids(), problems))


async def _accept(request: Request[Any, Any, Any], door: Door, op: Op) -> Response[bytes]:
    return Response(await accepted(door, request.state.caller, op, await request.body()), status_code=202, media_type=JSON)


def _known_only(decoded: Decoded, door: Door) -> Decoded:
    """Items of sources that nobody has described are refused, with the nearest name."""
    known = door.sources()
    if all(item.source in known for item in decoded.items):
        return decoded
    door.look_again()
    known = door.sources()
    return decoded.refusing(lambda item: None if item.source in known else _unknown(item.source, known))


def _unknown(source: str, known: frozenset[str]) -> str:
    guess = nearest(source, known)
    return f"no source {source!r}" + (f"; did you mean {guess!r}?" if guess else "; `gensvar sources add` describes one")


def ingest_routes(door: Door) -> list[Any]:
    """POST /v1/feedback, POST /v1/events, DELETE /v1/feedback/{source}/{record}."""

    @post(
        "/v1/feedback",
        status_code=202,
        summary="Send one or up to 1,000 feedback items",
        operation_class=with_body(FeedbackItem, MOST_ITEMS),
        media_type=JSON,
        opt=SENDING,
    )
    async def feedback(request: Request[Any, Any, Any]) -> Response[bytes]:
        return await _accept(request, door, "feedback")

    @post(
        "/v1/events",
        status_code=202,
        summary="Send one or up to 1,000 events",
        operation_class=with_body(EventItem, MOST_ITEMS),
        media_type=JSON,
        opt=SENDING,
    )
    async def events(request: Request[Any, Any, Any]) -> Response[bytes]:
        return await _accept(request, door, "events")

    @delete(
        "/v1/feedback/{source:str}/{record:path}",
        status_code=202,
        summary="Delete every row of one record",
        operation_class=with_problems(),
        media_type=JSON,
        opt=SENDING,
    )
    async def remove(request: Request[Any, Any, Any], source: FromPath[str], record: FromPath[str]) -> Response[bytes]:
        caller: Caller = request.state.caller
        if source not in door.sources():
            raise NotFound(f"No source {source!r}", nearest=nearest(source, door.sources()))
        body = msgspec.json.encode([Deletion(source, record.removeprefix("/"))])
        receipt = await door.ledger.inbox.accept("delete", source, body, 1, caller.key_id)
        return Response(msgspec.json.encode(Taken(1, receipt, [])), status_code=202, media_type=JSON)

    return [feedback, events, remove]


__all__ = ["Deletion", "Door", "Op", "Taken", "accepted", "ingest_routes"]
