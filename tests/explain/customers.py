"""Invented customers as tables of a hub: who began and ended when, what they did and said. Written into any engine, or read as plain rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
import pyarrow as pa

from gensvar.contracts import EVENTS, FEEDBACK, PARTIES
from gensvar.engine import Engine

BEGIN = datetime(2025, 1, 1, tzinfo=UTC)
Row = dict[str, Any]


def number(name: str, at: int) -> bytes:
    """An id whose last digits are a hash, as they are in a hub."""
    from hashlib import blake2b

    return UUID(bytes=blake2b(f"{name}{at}".encode(), digest_size=16).digest()).bytes


@dataclass
class Customers:
    """rows of parties, events and feedback. Days are since BEGIN."""

    parties: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)
    feedback: list[Row] = field(default_factory=list)

    def account(self, at: int, start: float, end: float | None = None, audience: str = "customer", **dims: str) -> bytes:
        made = number("account", at)
        moments = {"first_seen": day(start), "started_at": day(start), "ended_at": None if end is None else day(end)}
        self.parties.append({"id": made, "kind": "account", "audience": audience, **moments, **dims})
        return made

    def did(self, account: bytes, name: str, when: float, step: str | None = None, session: str | None = None) -> None:
        at = len(self.events)
        known = {"id": number("event", at), "source": "app", "record": str(at), "contract": "app@1", "received_at": day(when)}
        self.events.append({**known, "name": name, "step": step, "session": session, "occurred_at": day(when), "account": account})

    def said(self, account: bytes, when: float, audience: str = "customer", kind: str = "survey", **values: Any) -> None:
        at = len(self.feedback)
        known = {"id": number("row", at), "source": "survey", "record": str(at), "item": "a", "contract": "survey@1", "received_at": day(when)}
        self.feedback.append({**known, "kind": kind, "audience": audience, "occurred_at": day(when), "account": account, **values})

    def into(self, engine: Engine) -> Engine:
        """Written into the engine's tables."""
        for spec, rows in ((PARTIES, self.parties), (EVENTS, self.events), (FEEDBACK, self.feedback)):
            if rows:
                engine.merge(spec.name, pa.Table.from_pylist([{c.name: r.get(c.name) for c in spec.columns} for r in rows], schema=spec.schema))
        engine.bump()
        return engine


def day(number_of: float) -> datetime:
    return BEGIN + timedelta(days=number_of)


def seconds(number_of: float) -> int:
    return int(day(number_of).timestamp())


def some(rng: np.random.Generator, count: int, trained: float = 0.0) -> Customers:
    """New customers over a year, of three plans. Larger plans train more, go live more and start in another market.

    trained: by how much training in the first fortnight raises the share that goes live. “tour” is done by half, and has nothing to do with it.
    """
    made = Customers()
    for at in range(count):
        plan = int(rng.integers(0, 3))
        who = made.account(at, float(rng.integers(0, 240)), market=("SE", "NO")[at % 2], segment="food", product=f"plan {plan}")
        start = (made.parties[-1]["started_at"] - BEGIN).days
        taught = rng.random() < (0.2, 0.5, 0.8)[plan]
        if taught:
            made.did(who, "training", start + rng.uniform(1, 13))
        if rng.random() < 0.5:
            made.did(who, "tour", start + rng.uniform(0, 29), step=("short", "long")[int(rng.integers(0, 2))])
        if rng.random() < (0.3, 0.45, 0.6)[plan] + trained * taught:
            made.did(who, "go_live", start + rng.uniform(35, 100))
    return made


def states(rows: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    return {row["state"]: row["n"] for row in rows}
