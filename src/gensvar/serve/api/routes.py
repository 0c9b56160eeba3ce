"""HTTP routes made from the operations: parse, call, answer. What each needs is checked before, by the guard of the application."""

import asyncio
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.handlers import HTTPRouteHandler

from gensvar.kit.errors import NotAllowed
from gensvar.serve.access import Caller
from gensvar.serve.api.spec import JSON, with_body, with_query
from gensvar.serve.desk import HouseDesk
from gensvar.serve.export import File
from gensvar.serve.operations import OPERATIONS, Operation, parsed

PRIVATE = {"cache-control": "private, no-store", "x-content-type-options": "nosniff"}


def api_routes(desk: HouseDesk) -> list[HTTPRouteHandler]:
    """One handler for each operation."""
    return [_route(operation, desk) for operation in OPERATIONS]


def _route(operation: Operation[Any], desk: HouseDesk) -> HTTPRouteHandler:
    changes = operation.method != "GET"

    async def handle(request: Request[Any, Any, Any]) -> Response[bytes]:
        caller: Caller = request.state.caller
        if operation.owner_only and not caller.owner:
            raise NotAllowed("This touches files of the server's machine", do="Do it on that machine, with the gensvar command.")
        params = parsed(operation.params, dict(request.query_params) if not changes else await request.body())
        hers = desk.under(caller.scope, caller.who)
        found = await asyncio.to_thread(operation.run, hers, params)
        if changes and not operation.notes:
            await asyncio.to_thread(hers.noted, operation.name)
        if isinstance(found, File):
            return Response(found.body, media_type=found.type, headers=found.headers())
        return Response(msgspec.json.encode(found, enc_hook=str), media_type=JSON, headers=PRIVATE)

    return HTTPRouteHandler(
        operation.path,
        http_method=operation.method,
        name=operation.name,
        operation_id=operation.name,
        summary=operation.help,
        status_code=200,
        media_type=operation.gives,
        operation_class=(with_body if changes else with_query)(operation.params),
        opt={"right": operation.needs},
    )(handle)
