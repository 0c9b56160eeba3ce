"""How the command line shows why a measure changed."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.markup import escape

from gensvar.explain.change import NO_TEXT, NO_TOPIC
from gensvar.serve.show import _table, text
from gensvar.serve.show_why import UNITS, Unit

MOST_TOPICS = 10
PARTS = ("who_answered", "what_they_said")
CHANGES = {"share": "In percentage points.", "points": "In points.", "scale": "In steps of the scale."}
PLAIN = {NO_TEXT: "wrote nothing", NO_TOPIC: "wrote of no topic"}


def change(found: Mapping[str, Any], console: Console) -> None:
    """The sentence; each part of the change with its interval, adding up to it; and the topics with the largest parts."""
    console.print(f"[bold]{escape(found['sentence'])}[/bold]")
    of = UNITS[found["unit"]]
    if found["who_answered"] is not None:
        steps = [("who answered", found["who_answered"]), *((f"  {d}", p) for d, p in found["who_answered_by_dimension"].items())]
        steps += [("what they said", found["what_they_said"])]
        steps += [("  all others" if c["pooled"] else f"  {c['name']}", c["what_they_said"]) for c in found["cells"]]
        rows = [{"part": name, "of_the_change": of.plain(p["value"], "+"), "interval": of.range(p), "q": _q(p)} for name, p in steps]
        _table(rows, ("part", "of_the_change", "interval", "q"), console)
    spoken = sorted(found.get("spoken_of", {"topics": []})["topics"], key=lambda c: -max(abs(c[k]["value"]) for k in PARTS))[:MOST_TOPICS]
    if spoken:
        rows = [_topic(c, of) for c in spoken]
        _table(rows, ("spoken_of", "by_how_often", "interval", "by_how_they_score", "their_interval"), console)
    console.print(CHANGES[found["unit"]])
    for note in found["notes"]:
        console.print(f"  note: {escape(note)}")


def _q(part: Mapping[str, Any]) -> str:
    return text(None) if part["q"] is None else f"{part['q']:.3f}"


def _topic(cell: Mapping[str, Any], of: Unit) -> dict[str, str]:
    often, scored = cell["who_answered"], cell["what_they_said"]
    name = "rarer topics" if cell["pooled"] else PLAIN.get(cell["name"]) or f"{cell['name']} ({cell['tone']})"
    return {
        "spoken_of": name, "by_how_often": of.plain(often["value"], "+"), "interval": of.range(often),
        "by_how_they_score": of.plain(scored["value"], "+"), "their_interval": of.range(scored),
    }  # fmt: skip
