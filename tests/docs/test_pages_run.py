"""Docs that run: what a tutorial or a guide tells the reader to type is typed, on the small world, and says what the page promises."""

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.page import DOCS, Block, blocks, missing, typed
from tests.docs.shell import Terminal

RUN = sorted(p for part in ("tutorial", "how-to") for p in (DOCS / part).glob("*.md"))


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    monkeypatch.setenv("COLUMNS", "140")
    at = Terminal(tmp_path / "reader")
    at.folder.mkdir()
    yield at
    at.close()


@pytest.mark.parametrize("page", RUN, ids=[f"{p.parent.name}/{p.stem}" for p in RUN])
def test_what_the_page_tells_to_type(page: Path, terminal: Terminal) -> None:
    needs = {b.text.split()[1] for b in blocks(page) if b.kind == "console" and b.text.startswith("$ curl")}
    if needs and not shutil.which("curl"):
        pytest.skip("the page types curl, and this machine has none")
    for block in blocks(page):
        follow(block, terminal)


def follow(block: Block, terminal: Terminal) -> None:
    """One block, as a reader follows it."""
    if block.file:
        (terminal.folder / block.file).write_text(block.text, "utf-8")
    elif block.kind == "console":
        for line in typed(block.text):
            said = terminal.type(line)
            assert "Traceback" not in said, f"$ {line.command}\n{said}"
            absent = missing(line.says, said)
            assert absent is None, f"$ {line.command}\nthe page promises: {absent}\nit said:\n{said}"
    elif block.kind == "python":
        with contextlib.chdir(terminal.folder):
            exec(compile(block.text, "page", "exec"), terminal.names)  # noqa: S102 the page's own example
