"""The weekly counts, on every engine as a plain loop over the same rows counts them."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import ibis
import pyarrow as pa

from gensvar.contracts import CUBES, EVENTS, FEEDBACK, Measures
from gensvar.contracts.measures import Measure
from gensvar.engine import Engine
from gensvar.explain.changed import by_week, friction_by_week, open_to_all, quality_by_week, rows_by_week, theme_weeks
from gensvar.explain.changed.boards import day_of
from gensvar.kit.ids import record_key, row_ids
from gensvar.measure.cube import by_scale, count, once

CSAT = Measure(id="csat", version=1, metric="csat", low=1, high=5, cut=4)
ALL = Measures.of([CSAT])
START = datetime(2026, 9, 28, 8, tzinfo=UTC)  # a Monday


def monday(at: datetime) -> date:
    return at.date() - timedelta(days=at.weekday())


def feedback(n: int = 60) -> list[dict[str, Any]]:
    """Scores 1…7 (6 and 7 are off the scale), every third with a text, every other text read; some of an employee."""
    return [
        {
            "source": ("shop", "till")[i % 2], "occurred_at": START + timedelta(hours=13 * i), "measure": CSAT.key, "score": float(1 + i % 7),
            "text": "ja" if i % 3 == 0 else None, "sentiment": 0.5 if i % 6 == 0 else None, "audience": "employee" if i % 10 == 9 else "customer",
            "market": "SE", "kind": "survey",
        }
        for i in range(n)
    ]  # fmt: skip


def events(n: int = 40) -> list[dict[str, Any]]:
    names = ("payment_step", "payment_blocked", "login")
    return [
        {
            "source": "app", "name": names[i % 3], "step": None if i % 3 == 2 else ("choose", "confirm")[i // 20], "session": f"s{i // 4}",
            "occurred_at": START + timedelta(hours=10 * i),
        }
        for i in range(n)
    ]  # fmt: skip


def merged(engine: Engine, table: str, rows: list[dict[str, Any]], schema: pa.Schema) -> None:
    ids = [row_ids([record_key(r["source"], str(at))], ["x"], [round(r["occurred_at"].timestamp() * 1000)])[0] for at, r in enumerate(rows)]
    whole = [
        {**r, "id": i, "record": str(at), "item": "x", "received_at": r["occurred_at"], "contract": "c@1"}
        for at, (r, i) in enumerate(zip(rows, ids, strict=True))
    ]
    engine.merge(table, pa.Table.from_pylist([{name: r.get(name) for name in schema.names} for r in whole], schema=schema))


def weekly(engine: Engine, expr: ibis.Table, *keys: str) -> dict[tuple[Any, ...], Mapping[str, Any]]:
    return {(day_of(r["week"]), *(r[k] for k in keys)): r for r in engine.run(expr).to_pylist()}


def test_every_engine_counts_weeks_as_a_loop_does(engine: Engine) -> None:
    rows = feedback()
    merged(engine, "feedback", rows, FEEDBACK.schema)
    merged(engine, "events", events(), EVENTS.schema)
    for cube in CUBES:
        engine.replace_days(cube.name, count(engine.table("feedback"), cube, ALL), None)
    engine.bump()
    open_rows = [r for r in rows if r["audience"] != "employee"]

    cube = open_to_all(engine.cubes().table("daily_source"), ["employee"])
    levels = weekly(engine.cubes(), by_week(cube, "source"), "measure", "source")
    plain = Counter((monday(r["occurred_at"]), CSAT.key, r["source"]) for r in open_rows if r["score"] <= 5)
    assert {k: r["n"] for k, r in levels.items()} == plain
    volumes = weekly(engine.cubes(), rows_by_week(once(cube), "source"), "source")
    assert {k: r["n"] for k, r in volumes.items()} == Counter((monday(r["occurred_at"]), r["source"]) for r in open_rows if r["score"] <= 5)

    quality = weekly(engine, quality_by_week(open_to_all(engine.table("feedback"), ["employee"]), by_scale(ALL)), "source")
    for (week, source), found in quality.items():
        mine = [r for r in open_rows if (monday(r["occurred_at"]), r["source"]) == (week, source)]
        unread = sum(r["text"] is not None and r["sentiment"] is None for r in mine)
        assert (found["n"], found["texts"], found["unread"]) == (len(mine), sum(r["text"] is not None for r in mine), unread)
        assert (found["scored"], found["off"]) == (len(mine), sum(r["score"] > 5 for r in mine))

    friction = weekly(engine, friction_by_week(engine.table("events")), "step")
    visits: dict[tuple[Any, ...], bool] = {}
    for e in events():
        if e["step"]:
            key = (monday(e["occurred_at"]), e["step"], e["session"])
            visits[key] = visits.get(key, False) or "block" in e["name"]
    assert {k: r["n"] for k, r in friction.items()} == Counter(k[:2] for k in visits)
    assert {k: r["stopped"] for k, r in friction.items() if r["stopped"]} == Counter(k[:2] for k, stopped in visits.items() if stopped)

    ids = [str(i) for i in engine.run(engine.table("feedback").select(id=engine.table("feedback").id.cast("string")).limit(5))["id"].to_pylist()]
    members = ibis.memtable(pa.table({"theme": ["t"] * 5, "text": ids}))
    assert sum(r["n"] for r in engine.run(theme_weeks(engine.table("feedback"), members)).to_pylist()) == 5
