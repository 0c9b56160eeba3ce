"""drivers: a million responses with twenty drivers, weighed exactly with intervals, from a wide table and from `feedback`; beside a peer."""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import ibis
import numpy as np

from bench.house import environment, made
from bench.result import Result, median
from gensvar.explain.drivers import Driver, Drivers, Rated, Study, counted, judged, moments, summed
from gensvar.house import open_house
from gensvar.kit.settings import read_settings
from gensvar.stats.lmg import correlations, lmg
from gensvar.stats.moments import Moments

DRIVERS = 20
SIZES = (6, 9)  # drivers for the peer, which doubles its time with each
PEER = "dominance-analysis 1.1.8"
DOMINANCE = "DOMINANCE_PYTHON"
"""Names an interpreter that has dominance-analysis: it wants older libraries than ours, so it lives in a place of its own."""
RATING = "least(4, greatest(0, (({mood} + (hash(i * 64 + {k}) >> 8) % 400) // 120)::INTEGER))"
WIDE = """
CREATE TABLE wide AS
SELECT NULL::VARCHAR AS part, (hash(i) % 50)::INTEGER AS block, {ratings},
  least(4, greatest(0, (({sum} + (hash(i) >> 9) % 12) // 18)::INTEGER))::INTEGER AS y
FROM (SELECT *, (hash(i * 7) >> 8) % 200 AS mood FROM range({n}) t(i))
"""
LONG = """
INSERT INTO feedback BY NAME
SELECT (printf('%012x', ms + k) || substr(md5((i * 32 + k)::VARCHAR), 1, 20))::UUID AS id, 'survey' AS source, 'r' || i AS record, 'q' || k AS item,
  md5(i::VARCHAR) AS response, make_timestamptz(ms * 1000) AS occurred_at, make_timestamptz(ms * 1000) AS received_at, 'customer' AS audience,
  'survey' AS kind, 'driver.d' || k || '@1' AS measure, score::DOUBLE AS score, 'SE' AS market,
  (printf('%012x', ms) || substr(md5((i // 2)::VARCHAR), 1, 20))::UUID AS party, 'survey@1' AS contract
FROM (
  SELECT i, k, 1735689600000 + floor(i * 31536000000.0 / {n})::BIGINT AS ms,
    1 + CASE WHEN k < {drivers} THEN least(4, greatest(0, (((hash(i * 7) >> 8) % 200 + (hash(i * 64 + k) >> 8) % 400) // 120)::INTEGER))
      ELSE least(4, greatest(0, (((hash(i * 7) >> 8) % 200 + (hash(i) >> 9) % 200) // 90)::INTEGER)) END AS score
  FROM range({first}, {after}) t(i), range({drivers} + 1) u(k)
)
"""
STEP = 100_000
Timed = tuple[float, Drivers]


def drivers(*, quick: bool) -> list[Result]:
    """Time and memory of exact weights with intervals, and the same beside the peer where there is one."""
    n, runs = (20_000, 1) if quick else (1_000_000, 5)
    label = f"{n // 1_000_000} million responses" if n >= 1_000_000 else f"{n:,} responses"
    with tempfile.TemporaryDirectory() as folder:
        wide_s = _wide(Path(folder) / "wide.duckdb", n, runs)
        long_s, memory = _apart(Path(folder) / "data", n, runs)
    return [
        Result(f"drivers: {label} × {DRIVERS}, exact LMG with intervals, wide table", wide_s, "s", 0.8),
        Result(f"drivers: {label} × {DRIVERS}, exact LMG with intervals, from feedback", long_s, "s", 3),
        Result(f"drivers: {label} × {DRIVERS}, from feedback, most memory", memory, "MB", None, note="the whole process, engine limited to 2 GB"),
        *_beside_peer(),
    ]


def _study() -> Study:
    rated = [Rated(f"driver.d{k}@1", 1, 5, 1) for k in range(DRIVERS + 1)]
    some = tuple(Driver("rating", r.key, r) for r in rated[:-1])
    return Study(rated[-1], some, (), date(2025, 1, 1), date(2025, 12, 31))


def _median(one: Callable[[], Drivers], runs: int) -> float:
    """Seconds, once unmeasured first: the statement is compiled once and kept."""
    took = []
    for _ in range(runs + 1):
        start = time.perf_counter()
        found = one()
        took.append(time.perf_counter() - start)
        assert len(found.weights) == DRIVERS
    return median(took[1:])


def _wide(path: Path, n: int, runs: int) -> float:
    ratings = ", ".join(f"{RATING.format(mood='mood', k=k)}::INTEGER AS x{k}" for k in range(DRIVERS))
    con = ibis.duckdb.connect(str(path), threads=2)
    total = " + ".join(f"{RATING.format(mood='mood', k=k)}" for k in range(DRIVERS))
    con.raw_sql(WIDE.format(ratings=ratings, sum=total, n=n))
    statement = str(con.compile(summed(con.table("wide"), DRIVERS)))

    def once() -> Drivers:
        rows = con.con.sql(statement).to_arrow_table()
        return _judged(counted(rows, DRIVERS)[None])

    took = _median(once, runs)
    con.disconnect()
    return took


def _judged(one: object) -> Drivers:
    found = judged(_study(), one)  # type: ignore[arg-type]
    assert isinstance(found, Drivers)
    return found


def _apart(data: Path, n: int, runs: int) -> tuple[float, float]:
    """Seconds and memory from `feedback`, in a process of its own, so that its memory is its own."""
    made(data)
    with duckdb.connect(str(data / "hub.duckdb"), config={"memory_limit": "6GB", "threads": 2}) as con:
        con.execute("SET TimeZone = 'UTC'")
        for first in range(0, n, STEP):
            con.execute(LONG.format(n=n, first=first, after=min(n, first + STEP), drivers=DRIVERS))
    said = subprocess.run([sys.executable, "-m", "bench.drivers", str(data), str(runs)], capture_output=True, text=True, check=True)
    told = json.loads(said.stdout.strip().splitlines()[-1])
    return float(told["seconds"]), float(told["mb"])


def _from_feedback(data: Path, runs: int) -> None:
    """Prints what it took; run by `_apart`."""
    settings = read_settings({"data": str(data), "port": "0"}, env=environment(data, memory_mb="2048"))
    with open_house(settings) as house:
        engine, study = house.engine, _study()

        def once() -> Drivers:
            rows = engine.run(moments(engine.table("feedback"), engine.table("events"), study))
            return _judged(counted(rows, DRIVERS)[None])

        seconds = _median(once, runs)
    print(json.dumps({"seconds": seconds, "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))


# ── beside the peer ──


def _beside_peer() -> list[Result]:
    """Exact LMG of airline passengers' ratings, ours and the peer's on the same rows; not run where the rows or the peer are not there."""
    data, python = os.environ.get("EVAL_DATA", ""), os.environ.get(DOMINANCE, "")
    file = Path(data) / "drivers_airline_satisfaction" / "passengers.parquet"
    names = [f"drivers: airline passengers × {p}, exact weights" for p in SIZES]
    if not data or not file.is_file() or not python:
        return [Result(name, None, "s", note=f"EVAL_DATA and {DOMINANCE} name the rows and the peer") for name in names]
    return [_one(name, file, python, p) for name, p in zip(names, SIZES, strict=True)]


def _one(name: str, file: Path, python: str, drivers: int) -> Result:
    said = subprocess.run(
        [python, str(Path(__file__).with_name("peer_dominance.py")), str(file), str(drivers)], capture_output=True, text=True, check=True
    )
    told = json.loads(said.stdout.strip().splitlines()[-1])
    rows = np.array(told["rows"], np.int64)
    start = time.perf_counter()
    block = np.arange(len(rows)) % 50
    ours = lmg(correlations(Moments.of(rows, block, 50).covariances()[0]))
    took = time.perf_counter() - start
    apart = float(np.abs(ours - np.array(told["weights"])).max())
    assert apart < 1e-6
    return Result(name, took, "s", None, "at most", float(told["seconds"]), PEER, note=f"{len(rows):,} rows; weights differ by {apart:.0e} at most")


if __name__ == "__main__":
    _from_feedback(Path(sys.argv[1]), int(sys.argv[2]))
