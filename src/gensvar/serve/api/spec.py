"""What a route takes, as OpenAPI says it: made from the very structs that the route decodes with."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from litestar.openapi.spec import OpenAPIMediaType, OpenAPIResponse, Operation, Parameter, Reference, RequestBody, Schema

JSON = "application/json"
PROBLEMS = ("400", "401", "403", "404", "405", "409", "413", "415", "422", "429", "503", "507")
NAMES = {
    "type": "type", "anyOf": "any_of", "enum": "enum", "default": "default", "description": "description", "format": "format",
    "minLength": "min_length", "maxLength": "max_length", "minimum": "minimum", "maximum": "maximum", "maxItems": "max_items",
}  # fmt: skip


def with_query(params: type[msgspec.Struct]) -> type[Operation]:
    """An operation whose query holds these fields."""
    plain, parts = _plain(params)
    required = plain.get("required", ())
    fields: list[Parameter | Reference] = [
        Parameter(name=name, param_in="query", required=name in required, schema=_schema(one, parts)) for name, one in plain["properties"].items()
    ]
    return _described(parameters=fields)


def with_body(item: type[msgspec.Struct], most: int = 1) -> type[Operation]:
    """An operation whose JSON body is this struct, or up to `most` of them."""
    plain, parts = _plain(item)
    one = _schema(plain, parts)
    schema = one if most == 1 else Schema(one_of=[one, _schema({"type": "array", "items": plain, "maxItems": most}, parts)])
    return _described(request_body=RequestBody(content={JSON: OpenAPIMediaType(schema=schema)}, required=True))


def with_problems() -> type[Operation]:
    """An operation whose address says all that it takes."""
    return _described()


def _described(**given: Any) -> type[Operation]:
    problem = OpenAPIResponse(description="What is wrong, where, and what to do (RFC 9457)")

    @dataclass
    class Described(Operation):
        def __post_init__(self) -> None:
            for name, value in given.items():
                setattr(self, name, value)
            self.responses = {**(self.responses or {}), **dict.fromkeys(PROBLEMS, problem)}

    return Described


def _plain(struct: type[msgspec.Struct]) -> tuple[dict[str, Any], Mapping[str, Any]]:
    _, parts = msgspec.json.schema_components([struct], ref_template="{name}")
    return {"properties": {}, **parts[struct.__name__]}, parts


def _schema(plain: Mapping[str, Any], parts: Mapping[str, Any]) -> Schema:
    """A JSON schema as Litestar's; references are written out."""
    if "$ref" in plain:
        return _schema(parts[plain["$ref"]], parts)
    made: dict[str, Any] = {NAMES[k]: v for k, v in plain.items() if k in NAMES}
    if "any_of" in made:
        made["any_of"] = [_schema(s, parts) for s in made["any_of"]]
    if isinstance(plain.get("items"), Mapping):
        made["items"] = _schema(plain["items"], parts)
    if isinstance(plain.get("additionalProperties"), Mapping):
        made["additional_properties"] = _schema(plain["additionalProperties"], parts)
    if "properties" in plain:
        made |= {"properties": {k: _schema(v, parts) for k, v in plain["properties"].items()}, "required": list(plain.get("required", ()))}
    return Schema(**made)
