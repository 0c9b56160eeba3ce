"""A reader at a terminal: commands of gensvar run in this process, a server in its own, all else in bash; one folder for each page."""

import contextlib
import io
import os
import shlex
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gensvar.serve.cli import main
from tests.docs.page import Typed
from tests.world import SIZE

WRITTEN_AS, PLAIN = "127.0.0.1:8460", set("|<>;&$`*~")
SERVES = ("gensvar up", "make demo")


@dataclass
class Terminal:
    """folder: where the reader stands. address: of the server that the page has started, in place of the one that is written."""

    folder: Path
    address: str = WRITTEN_AS
    env: dict[str, str] = field(default_factory=dict)
    running: list[subprocess.Popen[str]] = field(default_factory=list)
    names: dict[str, Any] = field(default_factory=dict)

    def type(self, line: Typed) -> str:
        """What is said, exit code and all."""
        command = line.command.replace(WRITTEN_AS, self.address)
        if command.startswith("export "):
            name, _, value = command.removeprefix("export ").partition("=")
            self.env[name] = self.bash(f"echo {value}").strip() if "$" in value else value
            return ""
        if command.startswith(SERVES):
            return self.serve(command)
        words = shlex.split(command)
        own = words[0] == "gensvar" and not PLAIN & set(command.replace("'", ""))
        said = self.ours(words[1:]) if own else self.bash(command)
        return said.replace(self.address, WRITTEN_AS)

    def ours(self, words: list[str]) -> str:
        """A command of gensvar, run here."""
        said = io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said), contextlib.chdir(self.folder), contextlib.suppress(SystemExit):
            main(words)
        return said.getvalue()

    def bash(self, command: str) -> str:
        """Any other command. The commands of the virtual environment come first on the path."""
        env = {**os.environ, **self.env, "COLUMNS": "140", "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
        run = subprocess.run(["bash", "-c", command], cwd=self.folder, env=env, capture_output=True, text=True, timeout=120, check=False)
        return run.stdout + run.stderr

    def serve(self, command: str) -> str:
        """A server, until the page ends; its address is its own."""
        small = ["--size", str(SIZE), "--no-browser"] if command == "make demo" else []
        words = [sys.executable, "-m", "gensvar", *shlex.split(command)[1:], *small, "--port", "0"]
        env = {**os.environ, **self.env, "PYTHONUNBUFFERED": "1"}
        process = subprocess.Popen(words, cwd=self.folder, env=env, stdout=subprocess.PIPE, text=True)
        self.running.append(process)
        assert process.stdout
        line = next((x for x in process.stdout if "Gensvar is at" in x), "")
        self.address = line.split("http://")[1].split()[0] if line else self.address
        return line.replace(self.address, WRITTEN_AS)

    def close(self) -> None:
        """Stops what runs, and leaves nothing behind."""
        for process in self.running:
            process.send_signal(signal.SIGINT)
            process.wait(30)
            if process.stdout:
                process.stdout.close()
        shutil.rmtree(self.folder, ignore_errors=True)
