"""A shop whose log is a mess: doubles, rows out of order, one moment for several steps, clocks ahead and never set, rows of nobody. And its errands,
walked one row at a time in Python: the slow way that the engines must agree with."""

import random
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pyarrow as pa

from gensvar.contracts import EVENTS, FEEDBACK
from gensvar.contracts.measures import Measure
from gensvar.engine import Engine
from gensvar.explain.journeys import Journey, Step
from gensvar.explain.journeys.rows import BLOCKED, Span

START, NOW = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)
SPAN = Span(START, NOW)
BUY = Journey(
    key="buy", name="Buy", steps=(Step(name="basket", event="checkout", step="basket"), Step(name="address", event="checkout", step="address"),
    Step(name="pay", event="checkout", step="pay"), Step(name="done", event="paid")), blocked=(Step(name="refused", event="refused"),),
    window_hours=72, pause_minutes=30, support_hours=24,
)  # fmt: skip
EASE = Measure(id="ces7.buy", version=1, metric="ces7", low=1, high=7)
GOAL = Measure(id="gcr.buy", version=1, metric="gcr", low=0, high=2)
NAMES = {("checkout", "basket"): 1, ("checkout", "address"): 2, ("checkout", "pay"): 3, ("paid", None): 4, ("refused", None): BLOCKED}


def party(n: int) -> bytes:
    return UUID(int=(n + 1) * 2**64 + n).bytes


@dataclass
class Log:
    """Rows of events and feedback, as dicts."""

    events: list[dict[str, Any]] = field(default_factory=list)
    feedback: list[dict[str, Any]] = field(default_factory=list)

    def event(self, who: int | None, at: datetime, name: str, step: str | None = None, **more: Any) -> None:
        n = len(self.events)
        row = {"id": UUID(int=n + 1).bytes, "source": "shop", "record": str(n), "name": name, "step": step, "occurred_at": at, "received_at": at}
        self.events.append({**row, "party": None if who is None else party(who), "contract": "shop@1", "channel": "web", "market": "SE", **more})

    def said(self, who: int | None, at: datetime, kind: str = "call", **more: Any) -> None:
        n = len(self.feedback)
        row = {"id": UUID(int=n + 1).bytes, "source": "desk", "record": str(n), "item": "note", "occurred_at": at, "received_at": at, "kind": kind}
        self.feedback.append(
            {**row, "audience": "customer", "party": None if who is None else party(who), "contract": "desk@1", "channel": "phone", **more}
        )

    def into(self, engine: Engine) -> None:
        """The rows in the hub."""
        for name, spec, rows in (("events", EVENTS, self.events), ("feedback", FEEDBACK, self.feedback)):
            if rows:
                engine.merge(name, pa.Table.from_pylist([{c.name: r.get(c.name) for c in spec.columns} for r in rows], schema=spec.schema))


def messy(seed: int, people: int = 40, errands: int = 160) -> Log:
    """Errands of a few people over three months, and then the mess."""
    lot, log = random.Random(seed), Log()
    for _ in range(errands):
        who, at = lot.randrange(people), START + timedelta(minutes=lot.randrange(130_000))
        channel = lot.choice(("web", "app"))
        for name, step in list(NAMES)[: lot.choice((1, 2, 3, 3, 4, 4, 4))]:
            for _ in range(lot.choice((1, 1, 1, 2))):
                at += timedelta(seconds=lot.choice((0, 0, 3, 40, 400, 4000, 90_000)), microseconds=lot.choice((0, 0, 300, 250_400, 700_600)))
                log.event(who, at, name, step, channel=channel, market=("SE", "NO")[who % 2], session=f"s{lot.randrange(9)}")
        if lot.random() < 0.2:
            log.event(who, at + timedelta(seconds=lot.choice((0, 9))), "refused", channel=channel, market=("SE", "NO")[who % 2])
        if lot.random() < 0.3:
            log.said(who, at + timedelta(hours=lot.randrange(40)), lot.choice(("call", "survey", "return")))
    for row in lot.sample(log.events, 20):
        log.event(None, row["occurred_at"], row["name"], row["step"], **{k: row[k] for k in ("party", "channel", "market")})
    for at in (datetime(1970, 1, 1, tzinfo=UTC), datetime(2038, 1, 19, tzinfo=UTC)):
        log.event(1, at, "paid")
    log.event(None, START + timedelta(days=3), "paid")
    log.event(2, START + timedelta(days=3), "page_view")
    lot.shuffle(log.events)
    for n, row in enumerate(log.events):
        row["id"], row["record"] = UUID(int=n + 1).bytes, str(n)
    return log


def beside(*logs: Log) -> Log:
    """All of them in one hub, in which nobody of one is anybody of another: one look is enough for many messes."""
    every = Log()
    for at, log in enumerate(logs, 1):
        for mine, rows in ((every.events, log.events), (every.feedback, log.feedback)):
            for row in rows:
                n, who = len(mine), row["party"] and bytes([at]) + row["party"][1:]
                mine.append({**row, "id": UUID(int=n + 1).bytes, "record": str(n), "party": who})
    return every


@dataclass
class Walked:
    """One errand, as it is walked."""

    who: bytes
    rows: list[tuple[int, int]] = field(default_factory=list)
    paused: bool = False
    contacted: bool = False
    elsewhere: bool = False

    @property
    def far(self) -> int:
        return max((c for _, c in self.rows if c < BLOCKED), default=1)

    @property
    def done(self) -> bool:
        return any(c == 4 for _, c in self.rows)

    @property
    def stopped(self) -> bool:
        return any(c == BLOCKED for _, c in self.rows)

    @property
    def fate(self) -> str:
        if self.done:
            return "returned" if self.paused or self.stopped else "straight"
        if self.rows[-1][0] > round(NOW.timestamp() * 1000) - 72 * 3_600_000:
            return "unknown"
        return "support" if self.contacted else "channel" if self.elsewhere else "left"

    @property
    def path(self) -> tuple[str, ...]:
        codes = [c for i, (_, c) in enumerate(self.rows) if not i or self.rows[i - 1][1] != c]
        return tuple("!" if c == BLOCKED else BUY.steps[c - 1].name for c in codes) if len(codes) <= 12 else ("…",)

    @property
    def in_order(self) -> int:
        """How many steps were first taken in their order, from the first on."""
        first = {c: min(at * 1024 + c for at, code in self.rows if code == c) for _, c in self.rows}
        count = 0
        for c in range(1, 5):
            if c not in first or (c > 1 and first[c] < first[c - 1]):
                break
            count += 1
        return count


def walked(log: Log) -> list[Walked]:
    """The errands of the log, walked row by row."""
    rows: dict[bytes, set[tuple[int, int, str]]] = {}
    for r in log.events:
        code = NAMES.get((r["name"], r["step"]))
        if code and r["party"] and START <= r["occurred_at"] < NOW:
            rows.setdefault(r["party"], set()).add((_ms(r["occurred_at"]), code, ""))
    for r in log.feedback:
        if r["party"] in rows and START <= r["occurred_at"] < NOW:
            rows[r["party"]].add((_ms(r["occurred_at"]), 513 if r["kind"] == "call" else 512 if r["kind"] == "survey" else 514, r["kind"]))
    return [errand for who, mine in rows.items() for errand in _errands(who, sorted(mine))]


def _ms(at: datetime) -> int:
    return (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


def _errands(who: bytes, rows: Iterable[tuple[int, int, str]]) -> Iterator[Walked]:
    now: Walked | None = None
    ended, last = False, 0
    for at, code, kind in rows:
        if kind:
            if now and at - last <= 24 * 3_600_000:
                now.contacted |= kind == "call"
                now.elsewhere |= kind == "return"
            continue
        gap = at - last
        if now is None or gap > 72 * 3_600_000 or (ended and (code == 1 or gap > 30 * 60_000)):
            if now:
                yield now
            now = Walked(who)
        elif gap > 30 * 60_000:
            now.paused = True
        now.rows.append((at, code))
        last, ended = at, True if code == 4 else False if code == 1 else ended
    if now:
        yield now


def tally(errands: Iterable[Walked], of: Any) -> Counter[Any]:
    return Counter(of(e) for e in errands)
