"""The frozen values of a contract → lines of YAML, short where they can be, with remarks beside them."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, fields
from datetime import date
from functools import cache
from typing import Any

import yaml

from gensvar.contracts.contract import Contract, Moment, Value
from gensvar.contracts.yaml_read import FIXED_WHEN_SHORT, written_name

WIDEST = 110
PLAIN = re.compile(r"[^\W\d_][\w.@/+\-]*( [\w.@/+\-]+)*|\d[\w.@]*")
ODD = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]")
ALWAYS_WRITTEN = {(Contract, "source"), (Contract, "version"), (Contract, "owner"), (Contract, "purpose")}


@cache
def _resolver() -> Any:
    return yaml.SafeLoader("")


def word(text: str) -> str:
    """One scalar: bare where every YAML reader takes it as the same text, otherwise in double quotes."""
    if PLAIN.fullmatch(text) and _resolver().resolve(yaml.ScalarNode, text, (True, False)) == "tag:yaml.org,2002:str":
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return ODD.sub(lambda m: f"\\u{ord(m[0]):04x}", quoted)


def _number(value: float) -> str:
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(float(value))


def tree(value: Any, *, fixed: bool = False) -> Any:
    """The value as nested dicts, lists and finished scalars, defaults left out and short forms used."""
    if isinstance(value, str):
        return word(value)
    if isinstance(value, date):
        return word(value.isoformat())
    if isinstance(value, bool | int | float):
        return _number(value)
    if isinstance(value, Mapping):
        return {word(k): tree(v) for k, v in value.items()}
    if isinstance(value, frozenset):
        return [word(v) for v in sorted(value)]
    if isinstance(value, tuple):
        return [tree(v) for v in value]
    return _short(value, fixed) or _record(value)


def _short(value: Any, fixed: bool) -> str | None:
    if value == Value(column=getattr(value, "column", None)) and value.column is not None and not fixed:
        return word(value.column)
    if value == Value(always=getattr(value, "always", None)) and value.always is not None and fixed:
        return word(value.always)
    if value == Moment(column=getattr(value, "column", None)) and value.column is not None:
        return word(value.column)
    return None


def _record(value: Any) -> dict[str, Any]:
    owner = type(value)
    return {
        written_name(owner, f.name): tree(getattr(value, f.name), fixed=(owner, f.name) in FIXED_WHEN_SHORT)
        for f in fields(value)
        if (owner, f.name) in ALWAYS_WRITTEN or getattr(value, f.name) != _default(f)
    }


def _default(f: Field[Any]) -> Any:
    return f.default_factory() if f.default_factory is not MISSING else f.default


def flow(node: Any) -> str:
    """On one line."""
    if isinstance(node, dict):
        return "{" + ", ".join(f"{k}: {flow(v)}" for k, v in node.items()) + "}"
    return "[" + ", ".join(map(flow, node)) + "]" if isinstance(node, list) else str(node)


def lines(contract: Contract, notes: Mapping[str, str]) -> Iterator[str]:
    """The lines of the document. A note stands on the line that holds its path."""
    whole = _record(contract)
    if len(contract.record) == 1:
        whole["record"] = word(contract.record[0])
    yield from _block(whole, "", 0, notes)


def _block(node: Any, path: str, indent: int, notes: Mapping[str, str]) -> Iterator[str]:
    pad = " " * indent
    for lead, inner, value in _children(node, path):
        text = flow(value)
        opened = isinstance(value, dict | list) and value and (len(pad + lead + text) > WIDEST or _wants_lines(inner))
        if not opened:
            yield f"{pad}{lead} {text}{_remark(inner, notes, deep=True)}"
        elif lead == "-":
            first, *rest = _block(value, inner, indent + 2, notes)
            yield f"{pad}- {first.lstrip(' ')}"
            yield from rest
        else:
            yield f"{pad}{lead}{_remark(inner, notes, deep=False)}"
            yield from _block(value, inner, indent + 2, notes)


def _children(node: Any, path: str) -> Iterator[tuple[str, str, Any]]:
    if isinstance(node, list):
        yield from (("-", f"{path}[{i}]", v) for i, v in enumerate(node))
    else:
        yield from ((f"{k}:", f"{path}.{k}".lstrip("."), v) for k, v in node.items())


def _wants_lines(path: str) -> bool:
    return path in {"dimensions", "answers", "measures"}


def _remark(path: str, notes: Mapping[str, str], *, deep: bool) -> str:
    said = [_said(path, p, n) for p, n in notes.items() if p == path or (deep and p.startswith((f"{path}.", f"{path}[")))]
    text = " ".join("; ".join(said).split())
    return f"  # {''.join(c if c.isprintable() else ' ' for c in text)}" if text else ""


def _said(path: str, of: str, note: str) -> str:
    rest = of.removeprefix(path).lstrip(".")
    return f"{rest}: {note}" if rest else note
