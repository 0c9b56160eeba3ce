"""Rows of feedback for the tests of Voices: what was said, when, by whom and where."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from gensvar.engine import Engine
from gensvar.hub import ids_of
from tests.engine.rows import Row, table

START = datetime(2026, 9, 1, 12, tzinfo=UTC)


def ident(n: int, days: float) -> bytes:
    return int((START + timedelta(days=days)).timestamp() * 1000).to_bytes(6, "big") + n.to_bytes(10, "big")


def name(n: int, days: float = 0) -> str:
    """The id of that row as text."""
    h = ident(n, days).hex()
    return f"{h[:8]}-{h[8:12]}-{h[12:16]}-{h[16:20]}-{h[20:]}"


def said(n: int, text: str | None = None, days: float = 0, response: str | None = None, **more: Any) -> Row:
    """One row: without a score it is a plain utterance."""
    return {
        "id": ident(n, days), "source": "survey", "record": f"r{n}", "item": "why", "response": response or f"p{n}",
        "occurred_at": START + timedelta(days=days), "received_at": START, "audience": "customer", "kind": "survey", "text": text,
        "contract": "survey@1", **more,
    }  # fmt: skip


def rated(n: int, score: float, days: float = 0, response: str | None = None, **more: Any) -> Row:
    """One row with a score of csat.delivery@1, of the same moment as the utterance with that response."""
    return said(n, None, days, response, **{"measure": "csat.delivery@1", "score": score, "item": "rating", **more})


def told(engine: Engine, rows: Iterable[Row]) -> None:
    engine.merge("feedback", table("feedback", rows))


def forgotten(engine: Engine) -> None:
    engine.delete("feedback", ids_of(engine.run(engine.table("feedback").select("id"))))


def numbers(found: Iterable[Any]) -> list[int]:
    """Which rows these voices are, by their n."""
    return [int(v.id[-12:], 16) for v in found]


def texts(found: Iterable[Any]) -> list[str | None]:
    return [v.text for v in found]


Plain = Mapping[str, Any]
