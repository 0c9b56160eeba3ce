"""Scored answers with comments, as the hub holds them: two rows of one response each, one with the score and one with what is said."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid5

import pyarrow as pa

from gensvar.contracts import FEEDBACK, Measure
from gensvar.kit.ids import record_key, row_ids

CSAT = Measure(id="csat.delivery", version=1, metric="csat", low=1, high=5, cut=4, name={"en": "CSAT for delivery", "sv": "CSAT för leverans"})
NPS = Measure(id="nps", version=1, metric="nps", low=0, high=10, name={"en": "NPS"})
SPACE = UUID(int=7)
DAY = datetime(2026, 9, 1, 12, tzinfo=UTC)


class Given(NamedTuple):
    """One response. said: topic → tone; None: it holds no text, or one that nobody read."""

    who: int | None
    score: float | None
    said: dict[str, float] | None
    market: str | None = "SE"
    segment: str | None = "food"
    audience: str = "customer"


def rows_of(given: Iterable[Given], measure: Measure = CSAT) -> pa.Table:
    """The rows of `feedback`, complete enough for any engine to take."""
    rows = [row for at, one in enumerate(given) for row in _two(at, one, measure)]
    return pa.Table.from_pylist([{c.name: r.get(c.name) for c in FEEDBACK.columns} for r in rows], schema=FEEDBACK.schema)


def _two(at: int, one: Given, measure: Measure) -> Sequence[dict[str, Any]]:
    when = DAY + timedelta(minutes=at)
    shared = {
        "source": "survey", "record": str(at), "response": uuid5(SPACE, f"response {at}").hex, "occurred_at": when, "received_at": when,
        "audience": one.audience, "kind": "survey", "market": one.market, "segment": one.segment, "contract": "survey@1",
        "party": None if one.who is None else uuid5(SPACE, f"person {one.who}").bytes,
    }  # fmt: skip
    moment = round(when.timestamp() * 1000)
    score, text = row_ids([record_key("survey", str(at))] * 2, ["score", "text"], [moment] * 2)
    rows = [{**shared, "id": score, "item": "score", "measure": measure.key, "score": one.score}]
    if one.said is not None:
        tones = [f"{topic}={tone}" for topic, tone in one.said.items()]
        read = {"text": "…", "sentiment": 0.0, "topics": list(one.said), "tones": tones}
        rows.append({**shared, "id": text, "item": "text", **read})
    return rows
