"""Engines for tests: what takes `engine` runs on DuckDB and on Spark (Sail, in one process and as a local cluster), one server per session."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from gensvar.engine import Engine, open_engine
from gensvar.kit.settings import Settings, read_settings

ROOT = Path(__file__).parent.parent
KINDS = ("duckdb", "spark", "spark-cluster")
MODES = {"spark": "local", "spark-cluster": "local-cluster"}
SERVER = """
import sys
from pysail.spark import SparkConnectServer
server = SparkConnectServer()
server.start()
print(server.listening_address[1], flush=True)
sys.stdin.read()  # until whoever started it is gone, however it went
"""


def gap(engine: str, reason: str, raises: type[Exception]) -> pytest.MarkDecorator:
    """Signs that a test fails on this engine ("spark" is both modes of it), why and with what; once it passes there, it fails for that."""
    return pytest.mark.gap(engine, reason, raises)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "gap(engine, reason, raises): a signed gap, which fails when the test starts to pass")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        kind = item.callspec.params.get("engine_kind") if isinstance(item, pytest.Function) and hasattr(item, "callspec") else None
        for mark in item.iter_markers("gap"):
            engine, reason, raises = mark.args
            if kind is not None and kind in {engine, f"{engine}-cluster"}:
                item.add_marker(pytest.mark.xfail(reason=f"{engine}: {reason}", raises=raises, strict=True))


@dataclass
class Servers:
    """Sail servers, each started when first asked for and stopped with the session."""

    running: dict[str, tuple[subprocess.Popen[str], int]]

    def address(self, kind: str) -> str:
        if kind not in self.running:
            self.running[kind] = _start(MODES[kind])
        return f"sc://127.0.0.1:{self.running[kind][1]}"

    def stop(self) -> None:
        for process, _ in self.running.values():
            process.communicate()


def _start(mode: str) -> tuple[subprocess.Popen[str], int]:
    env = {**os.environ, "SAIL_MODE": mode, "RUST_LOG": "off", "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", SERVER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=env,
        cwd=ROOT,
    )
    assert process.stdout is not None
    return process, int(process.stdout.readline())


def engine_settings(kind: str, folder: Path, servers: Servers) -> Settings:
    """Settings by which an engine of this kind keeps everything in the folder."""
    flags = {"data": str(folder / "data"), "warehouse": str(folder / "warehouse"), "memory_mb": "512"}
    return read_settings(flags if kind == "duckdb" else {**flags, "hub": servers.address(kind)}, env={})


@pytest.fixture(scope="session")
def spark_servers() -> Iterator[Servers]:
    servers = Servers({})
    yield servers
    servers.stop()


@pytest.fixture(params=[k if k == "duckdb" else pytest.param(k, marks=pytest.mark.spark) for k in KINDS])
def engine_kind(request: pytest.FixtureRequest) -> str:
    """The kind of engine that the test runs on now; each test that asks for an engine runs once on each."""
    return str(request.param)


@pytest.fixture
def opened(engine_kind: str, tmp_path: Path, spark_servers: Servers) -> Iterator[Callable[[], Engine]]:
    """Opens the test's hub, as often as the test likes; what is left open is closed."""
    engines: list[Engine] = []

    def opened() -> Engine:
        engines.append(open_engine(engine_settings(engine_kind, tmp_path, spark_servers)))
        return engines[-1]

    yield opened
    for engine in engines:
        engine.close()


@pytest.fixture
def engine(opened: Callable[[], Engine]) -> Engine:
    """An empty hub."""
    return opened()


@pytest.fixture
def duck(tmp_path: Path) -> Iterator[Engine]:
    """An empty hub on DuckDB alone, for what no engine makes a difference to."""
    engine = open_engine(read_settings({"data": str(tmp_path / "duck"), "memory_mb": "512"}, env={}))
    yield engine
    engine.close()
