"""collect: source files → raw rows. Reads: one file. Writes: nothing. Promises: a broken line is told and its neighbours are read."""

from pathlib import Path
from typing import TYPE_CHECKING

from gensvar.collect.found import Found
from gensvar.collect.reading import look, read

if TYPE_CHECKING:
    from gensvar.collect.suggesting.suggestion import Suggestion
    from gensvar.contracts.measures import Measures


def suggest(path: Path, source: str, owner: str = "", zone: str = "Europe/Stockholm", known: "Measures | None" = None) -> "Suggestion":
    """A first contract for a file, and how sure each line is; known: measures defined already. What it needs is loaded when it is first asked."""
    from gensvar.collect.suggesting.suggestion import suggest as suggested

    return suggested(path, source, owner, zone, known)


__all__ = ["Found", "look", "read", "suggest"]
