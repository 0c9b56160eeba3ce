"""Real servers to be killed: born from the nursery, found by what they announce of themselves, asked over HTTP."""

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PATIENCE_S = 60.0
FEW_THREADS = {"OPENBLAS_NUM_THREADS": "1", "GENSVAR_MEMORY_MB": "256", "PYTHONPATH": str(ROOT)}


class Nursery:
    """The process that servers are forked from; see nursery.py."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("nursery.py"))],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ | FEW_THREADS, cwd=ROOT,
        )  # fmt: skip

    def born(self, words: list[str], said: Path) -> int:
        """The process id of `gensvar` with these words; what it prints goes to the file."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps([words, str(said)]) + "\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())

    def close(self) -> None:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.close()
        self.process.wait(PATIENCE_S)
        self.process.stdout.close()


@dataclass
class Running:
    """A server that answers. port and token: as it announced them."""

    pid: int
    port: int
    token: str

    def kill(self) -> None:
        """SIGKILL: the process has no say in it."""
        os.kill(self.pid, signal.SIGKILL)
        gone(self.pid)

    def stop(self) -> None:
        """SIGTERM: it finishes what is in hand."""
        os.kill(self.pid, signal.SIGTERM)
        gone(self.pid)

    def asked(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Status and JSON of one request by the owner of the data folder; OSError or HTTPException when the server dies of it."""
        with closing(Asker(self.port, self.token)) as asker:
            return asker.asked(method, path, body)


@dataclass
class Asker:
    """One kept-open connection with a key."""

    port: int
    key: str
    connection: http.client.HTTPConnection | None = field(default=None)

    def asked(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        raw = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        self.connection.request(method, path, raw, {"authorization": f"Bearer {self.key}"})
        response = self.connection.getresponse()
        return response.status, json.loads(response.read() or b"null")

    def close(self) -> None:
        if self.connection:
            self.connection.close()


def gone(pid: int) -> None:
    """Waits until the process is no more."""
    wait_for(lambda: not Path(f"/proc/{pid}").exists(), f"process {pid} to end")


def wait_for(ready: Any, what: str, patience_s: float = PATIENCE_S) -> Any:
    """What `ready` gives once it is true; fails after a minute."""
    deadline = time.monotonic() + patience_s
    while not (found := ready()):
        assert time.monotonic() < deadline, f"waited too long for {what}"
        time.sleep(0.01)
    return found


def announced(data: Path, pid: int) -> dict[str, Any] | None:
    """What this very process announced in the data folder, once it answers."""
    try:
        facts: dict[str, Any] = json.loads((data / "gensvar.lock").read_text("utf-8"))
    except (OSError, ValueError):
        return None
    if facts.get("pid") != pid or "url" not in facts:
        return None
    try:
        with closing(Asker(int(facts["url"].rsplit(":", 1)[1]), facts["token"])) as asker:
            asker.asked("GET", "/health/live")
    except (OSError, http.client.HTTPException):
        return None
    return facts


def served(nursery: Nursery, data: Path) -> Running:
    """`gensvar up` on this data folder, answering."""
    said = data.parent / "said.txt"
    pid = nursery.born(["up", "--data", str(data), "--port", "0"], said)

    def ready() -> dict[str, Any] | None:
        assert Path(f"/proc/{pid}").exists(), said.read_text("utf-8")[-2000:]
        return announced(data, pid)

    facts = wait_for(ready, "the server to answer")
    return Running(pid, int(facts["url"].rsplit(":", 1)[1]), facts["token"])
