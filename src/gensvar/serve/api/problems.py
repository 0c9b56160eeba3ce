"""Errors as RFC 9457 problem details: type, title, status, detail, instance, and all the faults at once."""

import logging
from collections.abc import Mapping
from secrets import token_hex
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.types import ExceptionHandlersMap

from gensvar.kit.errors import GensvarError, TooMany, of_system

log = logging.getLogger("gensvar.serve")
PROBLEM = "application/problem+json"
NO_GUESSING = {"x-content-type-options": "nosniff"}  # it repeats the address, which no browser may take for a page
TITLES = {400: "This cannot be understood", 404: "There is no such address", 405: "Not in this way", 413: "Too large", 415: "Not in this form"}


def problem_of(error: GensvarError, instance: str) -> dict[str, Any]:
    """The problem document of one of our errors."""
    body: dict[str, Any] = {
        "type": f"urn:gensvar:problem:{type(error).__name__}",
        "title": error.title,
        "status": error.status,
        "detail": str(error).split("\n", 1)[0],
        "instance": instance,
    }
    extra = {"where": error.where, "nearest": error.nearest, "do": error.do, "faults": list(error.faults)}
    return body | {k: v for k, v in extra.items() if v}


def respond(body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Response[bytes]:
    return Response(msgspec.json.encode(body), status_code=body["status"], media_type=PROBLEM, headers=NO_GUESSING | dict(headers or {}))


def headers_of(error: GensvarError) -> dict[str, str]:
    """What HTTP asks to be said beside some errors: when to come back, how to say who one is."""
    return {"retry-after": "1"} if isinstance(error, TooMany) else {"www-authenticate": "Bearer"} if error.status == 401 else {}


def ours(request: Request[Any, Any, Any], error: GensvarError) -> Response[bytes]:
    return respond(problem_of(error, request.url.path), headers_of(error))


def theirs(request: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    """What the web framework refuses by itself: an unknown address, a wrong method, a parameter that does not fit."""
    faults = (
        [f"{f.get('key', '')}: {f.get('message', '')}" for f in error.extra or [] if isinstance(f, dict)]
        if isinstance(error, ValidationException)
        else []
    )
    body: dict[str, Any] = {
        "type": f"urn:gensvar:problem:{type(error).__name__}",
        "title": TITLES.get(error.status_code, "It cannot be done"),
        "status": error.status_code,
        "detail": error.detail or TITLES.get(error.status_code, ""),
        "instance": request.url.path,
    }
    return respond(body | ({"faults": faults} if faults else {}), error.headers)


def of_the_system(request: Request[Any, Any, Any], error: OSError) -> Response[bytes]:
    """A full disk, or a file that is not ours to read."""
    told = of_system(error)
    return ours(request, told) if told else unforeseen(request, error)


def unforeseen(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """A fault of ours: logged in full under a number, which is all that the asker is told."""
    return respond(problem_of(logged(request.method, request.url.path, error), request.url.path))


def logged(method: str, path: str, error: Exception) -> GensvarError:
    """What the asker is told of a fault of ours, once it is in the log."""
    number = token_hex(4)
    log.error("fault %s at %s %r", number, method, path, exc_info=error)
    return GensvarError(f"It is our fault, and is in the log as {number}", do="Try again. Nothing that was accepted is lost.")


HANDLERS: ExceptionHandlersMap = {GensvarError: ours, HTTPException: theirs, OSError: of_the_system, Exception: unforeseen}
