"""YAML nodes → the frozen values of a contract, led by their types; each thing that does not fit is a fault with its path and line."""

import math
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import date
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import yaml

from gensvar.contracts.contract import AnswerRule, Contract, Moment, Value
from gensvar.contracts.yaml_nodes import is_null, line, pairs
from gensvar.kit.errors import ContractError, nearest

RENAMED: dict[tuple[type, str], str] = {(Contract, "target"): "makes", (Contract, "reading"): "reads"}
FIXED_WHEN_SHORT = {(AnswerRule, "item"), (AnswerRule, "measure")}
OPTIONAL: dict[tuple[type, str], object] = {(Contract, "version"): 1}
BROKEN: Any = object()


@dataclass(slots=True)
class Faults:
    """What was found wrong, in the order of the document."""

    lines: list[str] = field(default_factory=list)

    def add(self, path: str, node: yaml.Node, message: str) -> Any:
        self.lines.append(f"{path or 'the contract'} (line {line(node)}): {message}")
        return BROKEN


def written_name(owner: type, name: str) -> str:
    """The name of a field in YAML."""
    return RENAMED.get((owner, name), name)


@cache
def hints(owner: type) -> dict[str, Any]:
    """Field → type, resolved."""
    return get_type_hints(owner)


def read_value(hint: Any, node: yaml.Node, path: str, faults: Faults, *, fixed: bool = False) -> Any:
    """The value of this type, or BROKEN when there is a fault. fixed: a bare word stands for itself and names no column."""
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return None if is_null(node) else read_value(_first(args), node, path, faults, fixed=fixed)
    if origin is Literal:
        return _one_of(args, node, path, faults)
    if origin in (tuple, frozenset):
        return _many(origin, args[0], node, path, faults)
    if origin is Mapping:
        return _mapping(args[1], node, path, faults)
    if hint in SCALARS:
        return _scalar(hint, node, path, faults)
    return _record(hint, node, path, faults, fixed=fixed)


def _first(args: tuple[Any, ...]) -> Any:
    return next(a for a in args if a is not type(None))


def _one_of(allowed: tuple[str, ...], node: yaml.Node, path: str, faults: Faults) -> Any:
    if isinstance(node, yaml.ScalarNode) and node.value in allowed:
        return node.value
    given = node.value if isinstance(node, yaml.ScalarNode) else "this"
    guess = nearest(given, allowed)
    return faults.add(path, node, f"{given!r} is not one of {', '.join(allowed)}" + (f"; did you mean {guess!r}?" if guess else ""))


def _many(kind: type, hint: Any, node: yaml.Node, path: str, faults: Faults) -> Any:
    if is_null(node):
        return kind()
    nodes = node.value if isinstance(node, yaml.SequenceNode) else [node]
    values = [read_value(hint, n, f"{path}[{i}]", faults) for i, n in enumerate(nodes)]
    return BROKEN if BROKEN in values else kind(values)


def _mapping(hint: Any, node: yaml.Node, path: str, faults: Faults) -> Any:
    if is_null(node):
        return {}
    if not isinstance(node, yaml.MappingNode):
        return faults.add(path, node, "names with values are meant, as {a: b}")
    found = {n: read_value(hint, v, f"{path}.{n}", faults) for n, v in _entries(node, path, faults)}
    return BROKEN if BROKEN in found.values() else found


def _entries(node: yaml.MappingNode, path: str, faults: Faults) -> list[tuple[str, yaml.Node]]:
    seen: set[str] = set()
    kept = []
    for name, key, value in pairs(node):
        if not isinstance(key, yaml.ScalarNode):
            faults.add(path, key, "a name must be one word or text")
        elif name in seen:
            faults.add(f"{path}.{name}".lstrip("."), key, "is written twice")
        else:
            kept.append((name, value))
        seen.add(name)
    return kept


def _text(value: str) -> str:
    return value


def _number(value: str) -> float:
    number = float(value.replace("_", "x"))
    if not math.isfinite(number):
        raise ValueError(value)
    return number


SCALARS: dict[Any, tuple[Callable[[str], Any], str]] = {
    str: (_text, "text"),
    int: (int, "a whole number"),
    float: (_number, "a number"),
    date: (date.fromisoformat, "a date as 2026-10-31"),
}


def _scalar(hint: Any, node: yaml.Node, path: str, faults: Faults) -> Any:
    read, meant = SCALARS[hint]
    if not isinstance(node, yaml.ScalarNode):
        return faults.add(path, node, f"{meant} is meant here, not a list or names with values")
    try:
        return read(node.value)
    except (ValueError, OverflowError):
        return faults.add(path, node, f"{node.value[:60]!r} is not {meant}")


def _record(owner: Any, node: yaml.Node, path: str, faults: Faults, *, fixed: bool) -> Any:
    if isinstance(node, yaml.ScalarNode) and owner in (Value, Moment) and not is_null(node):
        return owner(always=node.value) if fixed else owner(column=node.value)
    if not isinstance(node, yaml.MappingNode):
        return faults.add(path, node, f"names with values are meant here: {', '.join(_names(owner))}")
    before = len(faults.lines)
    values = _fields(owner, node, path, faults)
    if len(faults.lines) > before:
        return BROKEN
    try:
        return owner(**_given_by_default(owner) | values)
    except ContractError as wrong:
        for fault in wrong.faults:
            faults.add(path, node, fault)
        return BROKEN


def _given_by_default(owner: Any) -> dict[str, Any]:
    return {name: value for (of, name), value in OPTIONAL.items() if of is owner}


def _names(owner: Any) -> tuple[str, ...]:
    return tuple(written_name(owner, f.name) for f in fields(owner))


def _fields(owner: Any, node: yaml.MappingNode, path: str, faults: Faults) -> dict[str, Any]:
    known = {written_name(owner, f.name): f.name for f in fields(owner)}
    values: dict[str, Any] = {}
    for name, value in _entries(node, path, faults):
        inner = f"{path}.{name}".lstrip(".")
        if name not in known:
            guess = nearest(name, known)
            faults.add(inner, value, "no such name here" + (f"; did you mean {guess!r}?" if guess else f"; there are {', '.join(known)}"))
            continue
        own = known[name]
        values[own] = read_value(hints(owner)[own], value, inner, faults, fixed=(owner, own) in FIXED_WHEN_SHORT)
    for missing in _required(owner) - values.keys():
        faults.add(f"{path}.{written_name(owner, missing)}".lstrip("."), node, "must be given")
    return values


def _required(owner: Any) -> set[str]:
    bare = {f.name for f in fields(owner) if f.default is MISSING and f.default_factory is MISSING}
    return bare - {name for of, name in OPTIONAL if of is owner}
