"""HTTP routes made from the operations: parse, check, call, answer. Every one of them has a rule of who may."""

import asyncio
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.handlers import HTTPRouteHandler

from gensvar.kit.errors import NotAllowed
from gensvar.serve.access import Access
from gensvar.serve.api.spec import JSON, with_body, with_query
from gensvar.serve.desk import HouseDesk
from gensvar.serve.operations import OPERATIONS, Operation, parsed


def api_routes(desk: HouseDesk, access: Access) -> list[HTTPRouteHandler]:
    """One handler for each operation."""
    return [_route(operation, desk, access) for operation in OPERATIONS]


def _route(operation: Operation[Any], desk: HouseDesk, access: Access) -> HTTPRouteHandler:
    changes = operation.method != "GET"

    async def handle(request: Request[Any, Any, Any]) -> Response[bytes]:
        caller = access.verify(request.headers, operation.needs, changes=changes)
        if operation.owner_only and caller.key_id is not None:
            raise NotAllowed("This touches files of the server's machine", do="Do it on that machine, with the gensvar command.")
        params = parsed(operation.params, dict(request.query_params) if not changes else await request.body())
        found = await asyncio.to_thread(operation.run, desk, params)
        if changes:
            await asyncio.to_thread(desk.noted, caller.who, operation.name)
        return Response(msgspec.json.encode(found, enc_hook=str), media_type=JSON)

    return HTTPRouteHandler(
        operation.path,
        http_method=operation.method,
        name=operation.name,
        operation_id=operation.name,
        summary=operation.help,
        status_code=200,
        media_type=JSON,
        operation_class=(with_body if changes else with_query)(operation.params),
    )(handle)
