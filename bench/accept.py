"""accept: signals over HTTP, durable before they are answered, with the flow running; beside FastAPI and an insert for each request."""

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench import load
from bench.house import Server, body, made, served, stopped, wait_for
from bench.postgres import postgres
from bench.result import Result, median

BATCH = 100
CONNECTIONS = 16


def accept(*, quick: bool) -> list[Result]:
    """Each rate is the median of three runs, after a warm-up of the same kind."""
    seconds, runs = (0.3, 1) if quick else (5.0, 3)
    with tempfile.TemporaryDirectory() as folder:
        made(Path(folder) / "data")
        with served(Path(folder) / "data") as server:
            ours = _rates(server, seconds, runs)
    with postgres() as place, _peer(place) as server:
        theirs = _rates(server, seconds, runs)
    name = "FastAPI + SQLAlchemy on PostgreSQL"
    return [
        Result("accept: one signal a request, 16 connections", ours[0], "requests/s", 5_000, "at least", theirs[0], name),
        Result("accept: the same, p99", ours[1], "ms", 15, "at most", theirs[1], name),
        Result("accept: 100 signals a request", ours[2], "signals/s", 120_000, "at least", theirs[2], name),
    ]


def _rates(server: Server, seconds: float, runs: int) -> tuple[float, float, float]:
    """(requests/s of one signal, their p99 in ms, signals/s in batches)."""
    single = [_run(server, 1, seconds, run) for run in range(runs + 1)][1:]
    batches = [_run(server, BATCH, seconds, run) for run in range(runs + 1)][1:]
    rates, p99 = [s.ok / s.took for s in single], [s.quantile(0.99) for s in single]
    return median(rates), median(p99), median([b.ok * BATCH / b.took for b in batches])


def _run(server: Server, size: int, seconds: float, run: int) -> load.Load:
    first, most = (run * 10 + (size > 1)) * 10_000_000, int(seconds * (12_000 if size == 1 else 3_000))
    requests = [load.request("POST", "/v1/feedback", body(first + i * size, size), server.headers) for i in range(most)]
    done = load.run(server.host, server.port, requests, seconds, CONNECTIONS)
    assert done.ok
    assert not done.other, done.first_other
    return done


@contextmanager
def _peer(place: Path) -> Iterator[Server]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "uvicorn", "bench.peer_intake:app", "--port", str(port), "--log-level", "error", "--no-access-log"]
    process = subprocess.Popen(command, env={**os.environ, "BENCH_POSTGRES": str(place)})
    with stopped(process):
        wait_for("127.0.0.1", port, "/")
        yield Server(process, "127.0.0.1", port)
