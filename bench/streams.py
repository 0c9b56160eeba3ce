"""flow, import, people: what comes in, once it has been accepted."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import duckdb
import msgspec
import pyarrow as pa

from bench.house import CONTRACT, START, WITH_PEOPLE, body, environment, gensvar, made, opened
from bench.result import Result, median
from gensvar import flow as product
from gensvar.contracts.contract_yaml import read_contract
from gensvar.contracts.rows import Batch
from gensvar.house import House
from gensvar.hub import Intake

LONG = 200
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


def texts(*, quick: bool) -> list[Result]:
    """The same for signals with a text of some 200 characters, no two alike, each read by all fast models on its way."""
    batches, runs = (3, 1) if quick else (200, 3)
    said = written()
    with tempfile.TemporaryDirectory() as folder:
        made(Path(folder) / "data")
        rates = [_drained(Path(folder) / "data", batches, run, lambda first: worded(said, first, 100)) for run in range(runs + 1)][1:]
    return [Result("flow: texts of 200 characters from the inbox to the cube", median(rates), "signals/s", 4_000, "at least")]


def written() -> list[str]:
    """Texts of the corpus that ships, in ten languages, one after another till each has some 200 characters."""
    lines = [line.split("\t")[-1] for file in sorted(files("gensvar.text").joinpath("corpus").iterdir(), key=str) if file.name.endswith(".tsv")
             for line in file.read_text("utf-8").splitlines()]  # fmt: skip
    made, whole = [], ""
    for line in lines:
        whole = f"{whole} {line}".strip()
        if len(whole) >= LONG:
            made.append(whole[:LONG])
            whole = ""
    return made


def worded(said: list[str], first: int, count: int) -> bytes:
    """A body of signals with these texts, each with a number that no other has."""
    day = START.isoformat()
    rows = [
        {"source": "bench", "record": f"t{i}", "item": "said", "kind": "review", "occurred_at": day, "market": "SE",
         "text": f"{said[i % len(said)]} ({i})"}
        for i in range(first, first + count)
    ]  # fmt: skip
    return msgspec.json.encode(rows)


def _drained(data: Path, batches: int, run: int, made_of: Callable[[int], bytes] = lambda first: body(first, 100)) -> float:
    with opened(data) as house:
        first, before = run * 100_000_000, _rows(house)
        waiting = [house.ledger.inbox.submit("feedback", "", made_of(first + i * 100), 100, None) for i in range(batches)]
        for one in waiting:
            one.result()
        start = counted = time.perf_counter()
        while product.drain(house, "bench"):
            if time.perf_counter() - counted > 1:
                product.recount(house)
                counted = time.perf_counter()
        product.recount(house)
        spent = time.perf_counter() - start
        assert _rows(house) == before + batches * 100, "not all that was sent is in the hub"
        return batches * 100 / spent


def _rows(house: House) -> int:
    return int(house.engine.run(house.engine.table("feedback").aggregate(n=lambda t: t.count()))["n"][0].as_py())


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
