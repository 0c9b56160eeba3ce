"""A page of the documentation, read as its reader does: what to write into a file, what to type, what is then said."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"
FENCE = re.compile(r"^```(\w*)[ ]?([^\n`]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Block:
    """kind: console, python, yaml …; file: where the reader saves it, or empty."""

    kind: str
    file: str
    text: str


@dataclass(frozen=True, slots=True)
class Typed:
    """A command, and the lines that the page promises for it, in order; … stands for anything."""

    command: str
    says: tuple[str, ...]


def blocks(page: Path) -> Iterator[Block]:
    """The fenced blocks of a page, in order."""
    for kind, words, text in FENCE.findall(page.read_text("utf-8")):
        named = re.search(r"file=(\S+)", words)
        yield Block(kind, named[1] if named else "", text)


def typed(console: str) -> Iterator[Typed]:
    """The commands of a console block. A command goes on where its line ends with a backslash."""
    for part in re.split(r"^\$ ", console.replace("\\\n", ""), flags=re.MULTILINE)[1:]:
        command, *says = part.rstrip("\n").split("\n")
        yield Typed(" ".join(command.split()) if "'" not in command else command, tuple(s for s in says if s.strip()))


def missing(says: tuple[str, ...], said: str) -> str | None:
    """The first promised line that was not said, in order; None when all were. Spaces that do not break are spaces to a reader."""
    lines = iter(re.sub("[\u00a0\u202f]", " ", said).splitlines())
    for promise in says:
        form = re.compile(".*".join(re.escape(p.strip()) for p in promise.split("…")), re.DOTALL)
        if promise.strip() != "…" and not any(form.fullmatch(line.strip()) for line in lines):
            return promise
    return None
