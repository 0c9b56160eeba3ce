"""HTTP routes made from the operations: parse, check, call, answer. Every one of them has a rule of who may."""

import asyncio
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.spec import OpenAPIMediaType, OpenAPIResponse, Parameter, Reference, RequestBody, Schema
from litestar.openapi.spec import Operation as Spec

from gensvar.kit.errors import BadInput, NotAllowed
from gensvar.serve.access import Access
from gensvar.serve.desk import HouseDesk
from gensvar.serve.operations import OPERATIONS, Operation

JSON = "application/json"


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
        operation_class=_spec(operation),
    )(handle)


def parsed(params: type[msgspec.Struct], given: dict[str, Any] | bytes) -> Any:
    """The parameters, checked; BadInput names the place."""
    try:
        if isinstance(given, bytes):
            return msgspec.json.decode(given or b"{}", type=params)
        return msgspec.convert(given, params, strict=False)
    except (msgspec.DecodeError, UnicodeDecodeError) as wrong:
        raise BadInput(str(wrong), do=f"It takes: {(params.__doc__ or '').strip()}") from wrong


def _spec(operation: Operation[Any]) -> type[Spec]:
    """The operation's OpenAPI entry, from its parameters."""
    schema = msgspec.json.schema_components([operation.params], ref_template="#/x/{name}")[1][operation.params.__name__]
    as_parameters: list[Parameter | Reference] = [
        Parameter(name=name, param_in="query", required=name in schema.get("required", ()), schema=_schema(one))
        for name, one in schema.get("properties", {}).items()
    ]
    body = RequestBody(content={JSON: OpenAPIMediaType(schema=_schema(schema))}, required=True)
    problem = OpenAPIResponse(description="What is wrong, and what to do")

    class Described(Spec):
        def __post_init__(self) -> None:
            if operation.method == "GET":
                self.parameters = as_parameters
            else:
                self.request_body = body
            self.responses = {**(self.responses or {}), **{str(s): problem for s in (401, 403, 404, 409, 422, 503)}}

    return Described


def _schema(plain: dict[str, Any]) -> Schema:
    known = {"type": "type", "anyOf": "any_of", "enum": "enum", "default": "default", "description": "description"}
    made: dict[str, Any] = {known[k]: v for k, v in plain.items() if k in known}
    if "any_of" in made:
        made["any_of"] = [_schema(s) for s in made["any_of"]]
    if "items" in plain and isinstance(plain["items"], dict):
        made["items"] = _schema(plain["items"])
    if "properties" in plain:
        made |= {"properties": {k: _schema(v) for k, v in plain["properties"].items()}, "required": list(plain.get("required", ()))}
    return Schema(**made)
