"""What must be in the hub after any number of crashes, kept by those who send: for each record the states that it may be in."""

import random
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

State = tuple[str, float] | None
"""(day, score) of a record that is there; None where it is not."""
ASIDE: State = ("aside", 99.0)


@dataclass
class Truth:
    """may: record → its possible states; more than one only where an answer never came."""

    may: dict[str, set[State]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    acknowledged: int = 0

    def sending(self, changes: dict[str, State]) -> None:
        """From now on each may have happened."""
        with self.lock:
            for record, state in changes.items():
                self.may.setdefault(record, {None}).add(state)

    def told(self, changes: dict[str, State]) -> None:
        """The server has said that it is safe."""
        with self.lock:
            self.acknowledged += len(changes)
            for record, state in changes.items():
                self.may[record] = {state}

    def refused(self, records: Iterable[str]) -> None:
        with self.lock:
            for record in records:
                self.may[record] = {None}


@dataclass
class Sender:
    """Sends what a client would, one request at a time: single items, batches with a bad one in them, repeats, updates, deletions."""

    name: str
    truth: Truth
    chance: random.Random
    mine: list[str] = field(default_factory=list)
    states: dict[str, State] = field(default_factory=dict)
    count: int = 0

    def next(self) -> tuple[str, str, Any, dict[str, State], list[str]]:
        """(method, path, body, what it changes, records that must be refused)."""
        draw = self.chance.random()
        if self.mine and draw < 0.12:
            record = self.chance.choice(self.mine)
            return "DELETE", f"/v1/feedback/survey/{record}", None, {record: None}, []
        if self.mine and draw < 0.35:
            record = self.chance.choice(self.mine)
            state = self._state() if draw < 0.25 else self.states.get(record) or self._state()
            return "POST", "/v1/feedback", item(record, state), {record: state}, []
        if draw < 0.7:
            record = self._new()
            return "POST", "/v1/feedback", item(record, (state := self._state())), {record: state}, []
        changes = {self._new(): self._state() for _ in range(self.chance.randint(2, 40))}
        aside, bad = self._fresh("aside"), self._fresh("bad")
        body = [item(r, s) for r, s in changes.items()]
        body.insert(len(body) // 2, {**item(bad, ("2026-09-01", 1.0)), "score": "five"})
        body.append({**item(aside, ("2026-09-01", 99.0))})
        return "POST", "/v1/feedback", body, {**changes, aside: ASIDE}, [bad]

    def kept(self, changes: dict[str, State]) -> None:
        self.states.update(changes)

    def _fresh(self, kind: str = "r") -> str:
        self.count += 1
        return f"{self.name}-{kind}-{self.count}"

    def _new(self) -> str:
        self.mine.append(self._fresh())
        return self.mine[-1]

    def _state(self) -> State:
        return f"2026-09-{self.chance.randint(1, 28):02d}", float(self.chance.randint(1, 5))


def item(record: str, state: State) -> dict[str, Any]:
    day, score = state or ("2026-09-01", 1.0)
    shared = {"source": "survey", "record": record, "item": "rating", "measure": "csat.delivery@1"}
    return {**shared, "score": score, "occurred_at": f"{day}T12:00:00Z", "party": {"external": record[:12]}}


def export(path: Path, truth: Truth, chance: random.Random) -> dict[str, State]:
    """A file of a few records that are in no other, and what it makes of each."""
    changes: dict[str, State] = {f"{path.stem}-{i}": (f"2026-08-{chance.randint(1, 28):02d}", float(chance.randint(1, 5))) for i in range(60)}
    rows = [f"{r},{s[0]}T12:00,p{i}@example.com,SE,{s[1]:g}," for i, (r, s) in enumerate(changes.items()) if s]
    path.write_text("\n".join(["id,answered,mail,country,stars,comment", *rows]) + "\n", "utf-8")
    truth.sending(changes)
    return changes
