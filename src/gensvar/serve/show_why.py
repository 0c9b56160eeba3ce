"""How the command line shows what was found of reasons."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.markup import escape

from gensvar.serve.show import text

WHY = {"refused": "could not be looked for", "failed": "met something unforeseen; the log says what"}


def looked(asked: Mapping[str, Any], console: Console) -> None:
    """What came of each thing that was looked for."""
    if not asked["result"]:
        console.print("Nothing was looked for.")
    for name, found in asked["result"].items():
        said = ", ".join(f"{key}: {text(value)}" for key, value in found.items() if key != "why")
        why = WHY.get(found.get("why", ""), str(found.get("why", "")).replace("_", " "))
        console.print(f"{escape(name)}  {escape('; '.join(part for part in (why, said) if part))}")
