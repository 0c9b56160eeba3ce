"""Firms whose people write and that leave: rows of a hub, put there as the flow would have."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any
from uuid import UUID

import numpy as np
import pyarrow as pa

from gensvar.contracts import TABLES
from gensvar.engine import Engine

MONTHS = 12
LATE, DEAR = "Försenad leverans igen, dåligt", "Priset är för högt, dåligt"
INTRANET = """
source: intranet
owner: o
purpose: p
makes: events
audience: employee
record: page
at: {column: at, order: epoch_s}
event: {name: what}
"""


def id_of(kind: str, number: int) -> bytes:
    return blake2b(f"{kind} {number}".encode(), digest_size=16).digest()


def moment(month: int, day: int = 15) -> datetime:
    """Month 0 is November 2025; the clock of the houses stands at the 15th of October 2026."""
    at = 2025 * 12 + 10 + month
    return datetime(at // 12, at % 12 + 1, day, tzinfo=UTC)


def put(engine: Engine, name: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Rows of a table; what is left out is null."""
    schema = TABLES[name].schema
    columns = [[row.get(f.name) for row in rows] for f in schema]
    engine.merge(name, pa.table([_column(c, f.type) for c, f in zip(columns, schema, strict=True)], schema=schema))


def _column(values: list[Any], kind: pa.DataType) -> pa.Array:
    if isinstance(kind, pa.UuidType):
        return pa.ExtensionArray.from_storage(kind, pa.array(values, pa.binary(16)))
    return pa.array(values, kind)


def said(number: int, month: int, text: str, tone: float, topics: Mapping[str, float], **more: Any) -> dict[str, Any]:
    """A text by the person of this number."""
    return {
        "id": id_of("text", number * 100 + month), "source": "test", "record": f"{number}-{month}", "item": "text", "occurred_at": moment(month),
        "received_at": moment(month), "audience": "customer", "kind": "survey", "text": text, "language": "sv", "party": id_of("person", number),
        "sentiment": tone, "topics": list(topics), "tones": [f"{t}={v}" for t, v in topics.items()], "contract": "test@1", **more,
    }  # fmt: skip


def happened(name: str, number: int, month: int, **more: Any) -> dict[str, Any]:
    """Something that befell the firm of this number."""
    return {
        "id": id_of(name, number * 100 + month), "source": "test", "record": f"{name}-{number}-{month}", "name": name,
        "occurred_at": moment(month, 20),
        "received_at": moment(month, 20), "account": id_of("firm", number), "contract": "test@1", **more,
    }  # fmt: skip


def firm(number: int, **more: Any) -> dict[str, Any]:
    segment = "food" if number % 2 else "retail"
    return {
        "id": id_of("firm", number), "kind": "account", "audience": "customer", "first_seen": moment(-20), "segment": segment, "product": "basic",
        "value": 100.0, "started_at": moment(-20), **more,
    }  # fmt: skip


def person(number: int) -> dict[str, Any]:
    return {
        "id": id_of("person", number), "kind": "person", "audience": "customer", "first_seen": moment(-20), "account": id_of("firm", number),
        "started_at": moment(-20),
    }  # fmt: skip


def fill(engine: Engine, firms: int = 600, seed: int = 1, ratio: float = 3.0) -> None:
    """Each firm writes once, of deliveries or of prices; those who wrote of deliveries leave `ratio` times as often in the six months after."""
    rng = np.random.default_rng(seed)
    of_delivery, month = rng.random(firms) < 0.4, rng.integers(0, 5, firms)
    wait = rng.geometric(np.where(of_delivery, 0.04 * ratio, 0.04), firms)
    left = month + wait
    put(engine, "parties", [*(firm(i) for i in range(firms)), *(person(i) for i in range(firms))])
    put(engine, "events", [happened("churn", i, int(left[i])) for i in range(firms) if left[i] < MONTHS - 1])
    texts = [
        said(i, int(month[i]), LATE, -0.5, {"delivery": -0.6, "delivery.late": -0.6}) if of_delivery[i]
        else said(i, int(month[i]), DEAR, -0.5, {"price": -0.6}) for i in range(firms)
    ]  # fmt: skip
    put(engine, "feedback", texts)


def uuid_text(raw: bytes) -> str:
    return str(UUID(bytes=raw))
