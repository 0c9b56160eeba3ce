"""How long the pages of text take, of the invented company: the first visit of a server that has just begun, and every later one."""

import http.client
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.house import Server, environment, served
from bench.result import Result, quantile
from bench.weight import Silent
from gensvar.demo import scene
from gensvar.kit.settings import read_settings

COUNTED = ("/topics", "/topics/reasons", "/topics/delivery")
READ = ("/words", "/needs", "/voices", "/voices/summary")
COUNTED_MS, READ_MS, FIRST_MS = 100.0, 500.0, 1000.0
TURNS = 40


def pages(*, quick: bool) -> list[Result]:
    """Pages that are answered from cubes, and those that read texts. No encoder reads meanwhile: it would take the time of one core."""
    told = {"today": scene.TODAY.isoformat(), "encoder": "none"}
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        scene.play(read_settings({"data": str(data)}, env=environment(data, **told)), 0.02 if quick else 1.0, Silent())
        with served(data, **told) as server:
            return list(_visits(server, 2 if quick else TURNS))


def _visits(server: Server, turns: int) -> Iterator[Result]:
    first = {path: _seconds(server, path) for path in (*COUNTED, *READ)}
    for path in (*COUNTED, *READ):
        later = [_seconds(server, path) for _ in range(turns)]
        yield Result(f"{path}, first visit", 1000 * first[path], "ms", FIRST_MS)
        yield Result(f"{path}, p95", quantile(later, 0.95), "ms", COUNTED_MS if path in COUNTED else READ_MS)


def _seconds(server: Server, path: str) -> float:
    link = http.client.HTTPConnection(server.host, server.port, timeout=60)
    began = time.perf_counter()
    link.request("GET", path, headers={"authorization": f"Bearer {server.key}", "accept": "text/html"})
    response = link.getresponse()
    said = response.read()
    took = time.perf_counter() - began
    link.close()
    assert response.status == 200, said[:500]
    return took
