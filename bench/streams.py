"""flow, import, people: what comes in, once it has been accepted."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb
import pyarrow as pa

from bench.house import CONTRACT, START, WITH_PEOPLE, body, environment, gensvar, made, opened
from bench.result import Result, median
from gensvar import flow as product
from gensvar.contracts.contract_yaml import read_contract
from gensvar.contracts.rows import Batch
from gensvar.house import House
from gensvar.hub import Intake

NARROW = """COPY (SELECT 'r' || i AS id, strftime(TIMESTAMP '2025-01-01' + to_seconds((i * 7919) % 31536000), '%Y-%m-%dT%H:%M:%S') AS answered,
  ['SE', 'NO', 'DK', 'FI', 'DE', 'NL'][1 + i % 6] AS country, ['web', 'app', 'mail', 'phone'][1 + i % 4] AS channel, 1 + (i * 31) % 5 AS stars
  FROM range({rows}) t(i)) TO '{path}' (HEADER)"""


def flow(*, quick: bool) -> list[Result]:
    """Signals a second from the inbox to the counted cube, cubes counted anew once a second, as a server does."""
    batches, runs = (20, 1) if quick else (1_000, 3)
    with tempfile.TemporaryDirectory() as folder:
        made(Path(folder) / "data")
        rates = [_drained(Path(folder) / "data", batches, run) for run in range(runs + 1)][1:]
    return [Result("flow: scores from the inbox to the cube", median(rates), "signals/s", 100_000, "at least")]


def _drained(data: Path, batches: int, run: int) -> float:
    with opened(data) as house:
        first = run * 100_000_000
        waiting = [house.ledger.inbox.submit("feedback", "", body(first + i * 100, 100), 100, None) for i in range(batches)]
        for one in waiting:
            one.result()
        start = counted = time.perf_counter()
        while product.drain(house, "bench"):
            if time.perf_counter() - counted > 1:
                product.recount(house)
                counted = time.perf_counter()
        product.recount(house)
        return batches * 100 / (time.perf_counter() - start)


def imported(*, quick: bool) -> list[Result]:
    """One million rows of five columns, by the command, from start to receipt; and the most memory it held."""
    rows, runs = (2_000, 1) if quick else (1_000_000, 3)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "survey.csv"
        duckdb.sql(NARROW.format(rows=rows, path=path))
        took, memory = zip(*(_import(Path(folder) / f"data{run}", path) for run in range(runs)), strict=True)
    return [
        Result("import: CSV of 1 million rows into the hub", median(took), "s", 20),
        Result("import: most memory meanwhile", median(memory), "MB", 2_000),
    ]


def _import(data: Path, path: Path) -> tuple[float, float]:
    contract = data.with_suffix(".yaml")
    contract.write_text(CONTRACT, "utf-8")
    gensvar(data, "sources", "add", str(contract))
    start = time.perf_counter()
    command = [sys.executable, "-m", "gensvar", "import", str(path), "--source", "survey", "--json"]
    process = subprocess.Popen(command, env=environment(data), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, process.stderr.read() if process.stderr else None
    return time.perf_counter() - start, used.ru_maxrss / 1024


def people(*, quick: bool) -> list[Result]:
    """Who a million records name, by e-mail address, 50,000 at a time, everything kept; then a thousand more."""
    rows, at_once = (2_000, 1_000) if quick else (1_000_000, 50_000)
    with tempfile.TemporaryDirectory() as folder:
        made(Path(folder) / "data")
        with opened(Path(folder) / "data") as house:
            start = time.perf_counter()
            spent = sum(_recognised(house, first, at_once) for first in range(0, rows, at_once))
            whole = time.perf_counter() - start
            few = median([_recognised(house, rows + i * 1_000, 1_000) for i in range(3)])
    return [
        Result("identity: 1 million mentions, exact keys", spent, "s", 30, note=f"{whole:.1f} s with reading the addresses"),
        Result("identity: 1,000 new mentions among them", few, "s", 1),
    ]


def _recognised(house: House, first: int, rows: int) -> float:
    """Seconds of recognising alone; one person in three comes again."""
    numbers = range(first, first + rows)
    columns = {
        "id": [f"p{i}" for i in numbers],
        "answered": [START.isoformat()] * rows,
        "mail": [f"person{i - i % 3}@example.com" for i in numbers],
        "country": ["SE"] * rows,
        "channel": ["web"] * rows,
        "stars": ["4"] * rows,
    }
    intake = Intake(read_contract(WITH_PEOPLE), house.ledger.measures.all(), house.secret)
    received = intake.receive(Batch(pa.table(columns), range(2, rows + 2)), START)
    moments, _ = house.ledger.seen.moments(received.keys16, received.created_ms, int(START.timestamp() * 1000))
    start = time.perf_counter()
    product.recognise(house, received, moments, START)
    return time.perf_counter() - start
