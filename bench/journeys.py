"""journeys: the touchpoint map and a journey over many millions of events, and their memory; beside pm4py and pandas on what these can hold."""

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

from bench.house import environment, made
from bench.result import ROOT, Result

ROWS = """
SELECT (printf('%012x', 1735689600000 + i) || substr(md5(i::VARCHAR), 1, 20))::UUID AS id, 'app' AS source, 'e' || i AS record,
  CASE WHEN k % 10 < 3 THEN (CASE WHEN s < 3 THEN 'payment_step' WHEN h % 100 < 9 THEN 'payment_blocked' WHEN s = 3 THEN 'payment_done'
      ELSE 'login' END)
    ELSE ['login', 'feature_use', 'feature_use', 'order', 'page_view'][1 + h % 5] END AS name,
  CASE WHEN k % 10 < 3 THEN (CASE WHEN s < 3 THEN ['choose', 'method', 'confirm'][1 + s] END)
    WHEN h % 5 IN (1, 2) THEN ['invoice', 'receipt', 'report', 'bank', 'payroll', 'export'][1 + (h >> 8) % 6] END AS step,
  make_timestamptz(1735689600000000 + (k >> 8) % 63072000000000 + s * 15000000 + (h >> 20) % 14000000) AS occurred_at, occurred_at AS received_at,
  ['SE', 'NO', 'DK', 'FI'][1 + p % 4] AS market, ['food', 'trades', 'retail', 'health'][1 + (p >> 2) % 4] AS segment,
  ['android', 'ios', 'web'][1 + (k >> 4) % 3] AS channel, 's' || v AS session, md5('p' || p)::UUID AS party, md5('a' || (p // 3))::UUID AS account,
  'app@1' AS contract
FROM (SELECT *, k % {parties} AS p FROM (
  SELECT i, i // 5 AS v, i % 5 AS s, (hash(i) >> 1)::BIGINT AS h, (hash(i // 5) >> 1)::BIGINT AS k FROM range({first}, {after}) t(i)))
"""
CALLS = """
SELECT (printf('%012x', 1735689600000 + i) || substr(md5('c' || i), 1, 20))::UUID AS id, 'desk' AS source, 'c' || i AS record, 'note' AS item,
  make_timestamptz(1735689600000000 + (h >> 8) % 63072000000000) AS occurred_at, occurred_at AS received_at, 'customer' AS audience, 'call' AS kind,
  'support' AS touchpoint, 'phone' AS channel, md5('p' || h % {parties})::UUID AS party, -0.5 + (h % 10) / 10.0 AS sentiment, 'desk@1' AS contract
FROM (SELECT i, (hash(i + 77) >> 1)::BIGINT AS h FROM range({calls}) t(i))
"""
STEP = 5_000_000
PEER_ROWS = 1_000_000
PAYMENT = ("choose", "method", "confirm", "payment_done")


def journeys(*, quick: bool, rows: int = 0) -> list[Result]:
    """The map and the payment journey. rows: how many events (20 million)."""
    rows = rows or (20_000 if quick else 20_000_000)
    label = f"{rows // 1_000_000} million events" if rows >= 1_000_000 else f"{rows:,} events"
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        _fill(data, rows)
        ours = _apart(data, "both")
        few = min(rows, PEER_ROWS)
        small = Path(folder) / "small"
        _fill(small, few)
        mine, theirs, frame = (_apart(small, what) for what in ("funnel", "pm4py", "pandas"))
    grown = _grown(theirs, rows / few)
    held = "2 cores, 2 GB for the engine"
    return [
        Result(f"journeys, map and payment, {label}", ours["seconds"], "s", 20, note=f"{held}; {ours['cpu']:.0f} s of processor time"),
        Result(f"journeys, map alone, {label}", ours["map"], "s"),
        Result(f"journeys, payment alone, {label}", ours["one"], "s"),
        Result(f"journeys, memory, {label}", ours["mb"], "MB", 4096),
        Result(f"journeys, funnel and variants, {few:,} events", mine["seconds"], "s", peer=theirs.get("seconds"), peer_name="pm4py", note=grown),
        Result(f"journeys, the same funnel, {few:,} events", mine["seconds"], "s", peer=frame.get("seconds"), peer_name="pandas, party by party"),
    ]  # fmt: skip


def _grown(theirs: dict[str, float], scale: float) -> str:
    """What pm4py (directly-follows moves, variants, durations) would need for all events, if it grew evenly."""
    if not theirs:
        return "pm4py is not installed"
    return f"{theirs['mb']:,.0f} MB; for {scale:g} times as many events, if it grew evenly, {theirs['seconds'] * scale:,.0f} s"


def _fill(data: Path, rows: int) -> None:
    """The rows straight into the hub's file."""
    made(data)
    with duckdb.connect(str(data / "hub.duckdb"), config={"memory_limit": "4GB", "threads": 2}) as con:
        con.execute("SET TimeZone = 'UTC'")
        parties = max(20, rows // 40)
        for first in range(0, rows, STEP):
            con.execute(f"INSERT INTO events BY NAME {ROWS.format(first=first, after=min(rows, first + STEP), parties=parties)}")
        con.execute(f"INSERT INTO feedback BY NAME {CALLS.format(calls=rows // 40, parties=parties)}")


def _apart(data: Path, what: str) -> dict[str, float]:
    """What a process of its own measured, so that its memory is its own; nothing where its library is not there."""
    found = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "bench.journeys", what, str(data)], cwd=ROOT, env=environment(data, memory_mb="2048"), text=True,
        capture_output=True, check=False,
    )  # fmt: skip
    if found.returncode == 3:
        return {}
    if found.returncode:
        raise RuntimeError(found.stderr[-2000:])
    return {name: float(value) for name, value in (pair.split("=") for pair in found.stdout.split())}


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _ours(data: Path, what: str) -> dict[str, float]:
    from gensvar.explain.journeys import Journey, Step
    from gensvar.explaining.journeys import counted_journeys, counted_map, source
    from gensvar.house import open_house
    from gensvar.kit.settings import read_settings

    steps = tuple(Step(name=s, event="payment_step", step=s) for s in PAYMENT[:3])
    journey = Journey(
        key="payment", name="payment", steps=(*steps, Step(name="done", event="payment_done")), blocked=(Step(name="stop", event="payment_blocked"),)
    )
    with open_house(read_settings({"data": str(data), "port": "0"}, env=environment(data, memory_mb="2048"))) as house:
        given, before = source(house, 730), time.process_time()
        one = _timed(lambda: counted_journeys(given, [journey]))
        drawn = _timed(lambda: counted_map(given)) if what == "both" else 0.0
    return {"one": one, "map": drawn, "seconds": one + drawn, "cpu": time.process_time() - before, "mb": _peak()}


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _frame(data: Path) -> Any:
    """The payment events, as a person would take them out for another library."""
    with duckdb.connect(str(data / "hub.duckdb"), read_only=True) as con:
        con.execute("SET TimeZone = 'UTC'")
        sql = """SELECT party::VARCHAR AS party, coalesce(step, name) AS activity, occurred_at FROM events
          WHERE name LIKE 'payment%' ORDER BY party, occurred_at"""
        return con.sql(sql).df()


def _pm4py(data: Path) -> dict[str, float]:
    try:
        import pm4py  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        raise SystemExit(3) from None

    def work() -> None:
        frame = _frame(data)
        log = pm4py.format_dataframe(frame, case_id="party", activity_key="activity", timestamp_key="occurred_at")
        pm4py.discover_dfg(log)
        pm4py.discover_performance_dfg(log)
        pm4py.get_variants(log)
        pm4py.get_all_case_durations(log)

    return {"seconds": _timed(work), "mb": _peak()}


def _pandas(data: Path) -> dict[str, float]:
    """A funnel in order for each party: the usual loop over groups."""

    def work() -> None:
        counts = [0] * len(PAYMENT)
        for _, mine in _frame(data).groupby("party"):
            at = None
            for i, step in enumerate(PAYMENT):
                times = mine.occurred_at[(mine.activity == step) & ((mine.occurred_at >= at) if at is not None else True)]
                if times.empty:
                    break
                at, counts[i] = times.iloc[0], counts[i] + 1

    return {"seconds": _timed(work), "mb": _peak()}


if __name__ == "__main__":
    part, folder = sys.argv[1], Path(sys.argv[2])
    measured = {"pm4py": _pm4py, "pandas": _pandas}.get(part)
    found = measured(folder) if measured else _ours(folder, part)
    print(" ".join(f"{name}={value}" for name, value in found.items()))
