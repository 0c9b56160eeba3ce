"""The straight way in: POST /v1/feedback and /v1/events are answered before the web framework, whose routing costs more than their work.

The framework has the same two routes, over the same function, for its schema; whatever is out of the ordinary is left to it.
"""

from collections.abc import Mapping
from typing import Any

import msgspec
from litestar.types import ASGIApp, Receive, Scope, Send

from gensvar.kit.errors import GensvarError, of_system
from gensvar.serve.api.ingest import Door, Op, accepted
from gensvar.serve.api.problems import PROBLEM, headers_of, logged, problem_of
from gensvar.serve.api.spec import JSON

WAYS: Mapping[str, Op] = {"/v1/feedback": "feedback", "/v1/events": "events"}
SAFE = (b"x-content-type-options", b"nosniff")


def straight(app: ASGIApp, door: Door, most_bytes: int) -> ASGIApp:
    """The application with the straight way before it. Bodies whose length is not told, or is above `most_bytes`, go to the framework."""

    async def way(scope: Scope, receive: Receive, send: Send) -> None:
        plain: Any = scope
        op = WAYS.get(plain["path"]) if plain["type"] == "http" and plain["method"] == "POST" else None
        if op is None:
            return await app(scope, receive, send)
        headers = {k.decode("latin-1"): v.decode("latin-1") for k, v in plain["headers"]}
        length = headers.get("content-length", "")
        if not length.isdigit() or int(length) > most_bytes:
            return await app(scope, receive, send)
        return await _answer(door, op, headers, plain["path"], receive, send)

    return way


async def _answer(door: Door, op: Op, headers: Mapping[str, str], path: str, receive: Receive, send: Send) -> None:
    try:
        caller = door.access.verify(headers, "ingest", changes=True)
        body = await _body(receive)
        if body is None:
            return
        await _send(send, 202, JSON, await accepted(door, caller, op, body), {})
    except Exception as error:  # noqa: BLE001 whoever sent it must be told, whatever it was
        told = error if isinstance(error, GensvarError) else (of_system(error) if isinstance(error, OSError) else None)
        problem = told or logged("POST", path, error)
        await _send(send, problem.status, PROBLEM, msgspec.json.encode(problem_of(problem, path)), headers_of(problem))


async def _body(receive: Receive) -> bytes | None:
    """The whole body, or None where the client has gone."""
    parts: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        parts.append(message["body"])
        if not message["more_body"]:
            return b"".join(parts)


async def _send(send: Send, status: int, kind: str, body: bytes, more: Mapping[str, str]) -> None:
    extra = [(k.encode(), v.encode()) for k, v in more.items()]
    headers = [(b"content-type", kind.encode()), (b"content-length", str(len(body)).encode()), SAFE, *extra]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
