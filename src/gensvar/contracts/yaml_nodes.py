"""YAML as nodes: parsed safely, with a line for each value, and nothing read as anything but text, so that `NO` is Norway."""

from collections.abc import Iterator
from typing import Any

import yaml

from gensvar.kit.errors import ContractError

MOST_CHARACTERS = 1_000_000
DEEPEST = 12
MOST_NODES = 100_000
NULLS = frozenset({"", "~", "null", "Null", "NULL"})
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the one in C is five times as fast, where the wheel brings it
DO = "Correct the contract and send it again."


def parse(text: str) -> yaml.Node:
    """The document's root node. ContractError when it is not YAML, too large, too deep, or uses anchors, aliases or tags of its own."""
    if len(text) > MOST_CHARACTERS:
        raise ContractError(f"The contract has {len(text):,} characters; {MOST_CHARACTERS:,} are allowed", do=DO)
    try:
        _guard(text)
        root = yaml.compose(text, Loader=LOADER)
    except yaml.YAMLError as broken:
        raise ContractError("The contract is not YAML", where=_place(broken), do=DO, faults=[_problem(broken)]) from None
    except (ValueError, UnicodeError) as broken:
        raise ContractError("The contract is not YAML", do=DO, faults=[str(broken)]) from None
    if root is None:
        raise ContractError("The contract is empty", do="Start from `gensvar sources suggest FILE`.")
    return root


def _guard(text: str) -> None:
    depth = 0
    for count, event in enumerate(yaml.parse(text, Loader=LOADER)):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        fault = _danger(event, depth, count)
        if fault:
            raise ContractError(f"The contract {fault}", where=f"line {event.start_mark.line + 1}" if event.start_mark else "", do=DO)


def _danger(event: yaml.Event, depth: int, count: int) -> str:
    if depth > DEEPEST:
        return f"is nested more than {DEEPEST} levels deep"
    if count > MOST_NODES:
        return f"has more than {MOST_NODES:,} parts"
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
        return "uses an anchor or alias; write the value out"
    tag = getattr(event, "tag", None)
    if tag:
        return f"uses the tag {tag}; tags are not read"
    return ""


def _place(broken: yaml.YAMLError) -> str:
    mark = getattr(broken, "problem_mark", None)
    return f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""


def _problem(broken: yaml.YAMLError) -> str:
    return str(getattr(broken, "problem", None) or getattr(broken, "reason", None) or broken)


def line(node: yaml.Node) -> int:
    """1-based line where the node starts."""
    return int(node.start_mark.line) + 1


def is_null(node: yaml.Node) -> bool:
    """Whether nothing is written there: empty, ~ or null without quotes."""
    return isinstance(node, yaml.ScalarNode) and not node.style and node.value in NULLS


def pairs(node: yaml.MappingNode) -> Iterator[tuple[str, yaml.Node, yaml.Node]]:
    """Each entry as (its name, key node, value node); a key that is no plain text has the name ''."""
    for key, value in node.value:
        yield (key.value if isinstance(key, yaml.ScalarNode) else ""), key, value
