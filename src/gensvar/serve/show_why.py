"""How the command line shows what was found of reasons."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.markup import escape

from gensvar.serve.show import _table, text

WHY = {"refused": "could not be looked for", "failed": "met something unforeseen; the log says what"}


def looked(asked: Mapping[str, Any], console: Console) -> None:
    """What came of each thing that was looked for."""
    if not asked["result"]:
        console.print("Nothing was looked for.")
    for name, found in asked["result"].items():
        said = ", ".join(f"{key}: {text(value)}" for key, value in found.items() if key != "why")
        why = WHY.get(found.get("why", ""), str(found.get("why", "")).replace("_", " "))
        console.print(f"{escape(name)}  {escape('; '.join(part for part in (why, said) if part))}")


def drivers(found: Mapping[str, Any], console: Console) -> None:
    """The answer in a sentence, the weights of the whole, and what is said of each part."""
    console.print(f"[bold]{escape(found['sentence'])}[/bold]")
    if found["found"] is None:
        return
    whole, said = found["found"]["whole"], found["said"]
    rows = [_weight(one, found["names"]) for one in whole.get("weights", ())]
    if rows:
        r2 = whole["r2"]
        console.print(f"  together they explain {r2['value']:.0%} ({r2['low']:.0%} to {r2['high']:.0%}), n {whole['n']:,} of {whole['responses']:,}")
        _table(rows, ("driver", "share", "interval", "rank", "goes", "performance"), console)
    for part in ("parts", "differences", "moved", "left"):
        for sentence in said[part]:
            console.print(f"  {escape(sentence)}")
    for note in said["notes"]:
        console.print(f"  note: {escape(note)}")


def _weight(one: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    share, done = one["share"], one["performance"]
    goes = {"with": "with it", "against": "against it", "unclear": "cannot tell"}
    return {
        "driver": names.get(one["name"], one["name"]), "share": f"{share['value']:.0%}", "interval": f"{share['low']:.0%} to {share['high']:.0%}",
        "rank": f"{one['rank']} ({one['rank_low']}–{one['rank_high']})", "goes": goes[one["sign"]],
        "performance": f"{done['mean']['value']:.0%} ({done['mean']['low']:.0%} to {done['mean']['high']:.0%})" if done else "",
    }  # fmt: skip
