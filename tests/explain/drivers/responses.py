"""Responses with ratings side by side, as the hub holds them: one row for each rating, and one for the text."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from gensvar.contracts import EVENTS, FEEDBACK, Measure
from gensvar.explain.drivers import Driver, Rated, Study
from gensvar.kit.ids import record_key, row_ids

SPACE = UUID(int=11)
DAY = datetime(2026, 9, 1, 12, tzinfo=UTC)
OVERALL = Measure(id="csat.overall", version=1, metric="csat", low=1, high=5, name={"en": "Overall satisfaction", "sv": "Nöjdhet totalt"})
PARTS = tuple(
    Measure(id=f"driver.{name}", version=1, metric="csat", low=1, high=5, name={"en": name.capitalize()}) for name in ("delivery", "price", "app")
)
DRIVERS = tuple(Driver("rating", m.key, Rated.of(m)) for m in PARTS)
STUDY = Study(Rated.of(OVERALL), DRIVERS)


@dataclass(frozen=True, slots=True)
class Given:
    """One response. scores: measure → score; said: topic → tone, None where nothing was written or read; who: None where nobody knows."""

    who: int | None
    scores: Mapping[str, float | None]
    said: Mapping[str, float] | None = None
    market: str | None = "SE"
    audience: str = "customer"
    account: int | None = None
    at: datetime = DAY


@dataclass(frozen=True, slots=True)
class Happened:
    """One event. who, account: as of responses."""

    name: str
    at: datetime
    who: int | None = None
    account: int | None = None
    step: str | None = None
    dims: Mapping[str, str] = field(default_factory=dict)


def person(who: int | None) -> bytes | None:
    return None if who is None else uuid5(SPACE, f"person {who}").bytes


def firm(which: int | None) -> bytes | None:
    return None if which is None else uuid5(SPACE, f"account {which}").bytes


def response(at: int) -> str:
    return uuid5(SPACE, f"response {at}").hex


def feedback(given: Iterable[Given]) -> pa.Table:
    rows = [row for at, one in enumerate(given) for row in _rows(at, one)]
    return pa.Table.from_pylist([{c.name: r.get(c.name) for c in FEEDBACK.columns} for r in rows], schema=FEEDBACK.schema)


def _rows(at: int, one: Given) -> Sequence[dict[str, Any]]:
    items = [*one.scores, *(["text"] if one.said is not None else [])]
    moment = round(one.at.timestamp() * 1000) + at
    ids = row_ids([record_key("survey", str(at))] * len(items), items, [moment] * len(items))
    shared = {
        "source": "survey", "record": str(at), "response": response(at), "occurred_at": one.at + timedelta(milliseconds=at),
        "received_at": one.at, "audience": one.audience, "kind": "survey", "market": one.market, "contract": "survey@1",
        "party": person(one.who), "account": firm(one.account),
    }  # fmt: skip
    rows = []
    for item, id_ in zip(items, ids, strict=True):
        about = item.removeprefix("driver.").partition("@")[0] if item.startswith("driver.") else None
        rated = {"measure": item, "score": one.scores.get(item), "touchpoint": about}
        said = {"text": "…", "topics": list(one.said or {}), "tones": [f"{t}={v}" for t, v in (one.said or {}).items()], "sentiment": 0.0}
        rows.append({**shared, "id": id_, "item": item, **(said if item == "text" else rated)})
    return rows


def events(given: Iterable[Happened]) -> pa.Table:
    rows = []
    for at, one in enumerate(given):
        (id_,) = row_ids([record_key("app", str(at))], ["event"], [round(one.at.timestamp() * 1000) + at])
        rows.append(
            {"id": id_, "source": "app", "record": str(at), "name": one.name, "step": one.step, "occurred_at": one.at, "received_at": one.at,
             "party": person(one.who), "account": firm(one.account), "contract": "app@1", **one.dims}
        )  # fmt: skip
    return pa.Table.from_pylist([{c.name: r.get(c.name) for c in EVENTS.columns} for r in rows], schema=EVENTS.schema)


def drawn(seed: int, n: int, slopes: Sequence[float] = (0.6, 0.3, 0.1), market: str = "SE", start: int = 0, at: datetime = DAY) -> list[Given]:
    """Answers 1…5 of n people that lean on one mood; the whole follows its parts by these slopes."""
    draw = np.random.default_rng(seed)
    mood = draw.standard_normal((n, 1)) * 0.5
    parts = np.clip(np.rint(3.6 + mood + 0.9 * draw.standard_normal((n, len(slopes)))), 1, 5)
    whole = np.clip(np.rint(3.6 + 1.3 * ((parts - 3.6) @ np.array(slopes)) + 0.4 * draw.standard_normal(n)), 1, 5)
    return [Given(start + i, _scores(whole[i], parts[i]), market=market, at=at) for i in range(n)]


def _scores(whole: float, parts: NDArray[np.float64]) -> dict[str, float | None]:
    return {OVERALL.key: float(whole), **{m.key: float(v) for m, v in zip(PARTS, parts, strict=False)}}
