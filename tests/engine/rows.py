"""Rows for the tests of the engine room."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta

import ibis
import pyarrow as pa

from gensvar.contracts import TABLES
from gensvar.contracts.table import MAP, UUID

START = datetime(2026, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
Row = Mapping[str, object]


def day(n: int) -> date:
    return (START + n * DAY).date()


def ident(n: int, days: float = 0) -> bytes:
    """An id whose moment lies this many days after the start, told apart by n."""
    moment = int((START + days * DAY).timestamp() * 1000)
    return moment.to_bytes(6, "big") + n.to_bytes(10, "big")


def said(n: int, days: float = 0, **more: object) -> Row:
    """A row of feedback."""
    return {
        "id": ident(n, days), "source": "helpdesk", "record": f"r{n}", "item": "rating", "occurred_at": START + days * DAY, "received_at": START,
        "audience": "customer", "kind": "survey", "measure": "csat.support@1", "score": 4.0, "contract": "helpdesk@1", **more,
    }  # fmt: skip


def happened(n: int, days: float = 0, **more: object) -> Row:
    """A row of events."""
    return {
        "id": ident(n, days), "source": "shop", "record": f"e{n}", "name": "order", "occurred_at": START + days * DAY, "received_at": START,
        "contract": "shop@1", **more,
    }  # fmt: skip


def somebody(n: int, **more: object) -> Row:
    """A row of parties."""
    return {"id": ident(n), "kind": "person", "first_seen": START, **more}


def named(n: int, party: bytes, **more: object) -> Row:
    """A row of mentions."""
    return {
        "id": ident(n), "source": "helpdesk", "record": f"r{n}", "occurred_at": START, "received_at": START, "key_kind": "email",
        "key": "0" * 32, "party_kind": "person", "party": party, "evidence": "new", **more,
    }  # fmt: skip


def table(name: str, rows: Iterable[Row]) -> pa.Table:
    """Rows as the table of this name would take them."""
    rows = list(rows)
    columns = {}
    for c in TABLES[name].columns:
        values = [r.get(c.name) for r in rows]
        if c.type == UUID:
            columns[c.name] = pa.ExtensionArray.from_storage(UUID, pa.array(values, pa.binary(16)))
        elif c.type == MAP:
            columns[c.name] = pa.array([list(v.items()) if isinstance(v, dict) else v for v in values], MAP)
        else:
            columns[c.name] = pa.array(values, c.type)
    return pa.table(columns, schema=TABLES[name].schema)


def counted(feedback: ibis.Table) -> ibis.Table:
    """A cube expression over feedback: rows and Σ per day, measure and dimension; the rest is nought."""
    f = feedback
    keys = {"day": f.occurred_at.date(), "measure": f.measure, **{d: f[d] for d in ("audience", "market", "segment", "channel", "touchpoint")}}
    bins = {f"n{i}": f.score.count(where=f.score == i) for i in range(11)}
    return f.group_by(**keys).agg(n=f.count(), total=f.score.sum(), squares=(f.score * f.score).sum(), **bins)
