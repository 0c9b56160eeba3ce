"""How the command line shows why a measure changed."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.markup import escape

from gensvar.explain.change import NO_TEXT, NO_TOPIC
from gensvar.serve.show import _table, text

MOST_TOPICS = 10
PARTS = ("who_answered", "what_they_said")
PLAIN = {NO_TEXT: "wrote nothing", NO_TOPIC: "wrote of no topic"}


def change(found: Mapping[str, Any], console: Console) -> None:
    """The sentence; each part of the change with its interval, adding up to it; and the topics with the largest parts."""
    console.print(f"[bold]{escape(found['sentence'])}[/bold]")
    if found["who_answered"] is not None:
        steps = [("who answered", found["who_answered"]), *((f"  {d}", p) for d, p in found["who_answered_by_dimension"].items())]
        steps += [("what they said", found["what_they_said"])]
        steps += [("  all others" if c["pooled"] else f"  {c['name']}", c["what_they_said"]) for c in found["cells"]]
        rows = [{"part": name, "of_the_change": p["value"], "interval": _interval(p), "q": p["q"]} for name, p in steps]
        _table(rows, ("part", "of_the_change", "interval", "q"), console)
    spoken = sorted(found.get("spoken_of", {"topics": []})["topics"], key=lambda c: -max(abs(c[k]["value"]) for k in PARTS))[:MOST_TOPICS]
    if spoken:
        _table([_topic(c) for c in spoken], ("spoken_of", "by_how_often", "interval", "by_how_they_score", "their_interval"), console)
    for note in found["notes"]:
        console.print(f"  note: {escape(note)}")


def _interval(part: Mapping[str, float]) -> str:
    return f"{text(part['low'])} to {text(part['high'])}"


def _topic(cell: Mapping[str, Any]) -> Mapping[str, Any]:
    often, scored = cell["who_answered"], cell["what_they_said"]
    name = "rarer topics" if cell["pooled"] else PLAIN.get(cell["name"]) or f"{cell['name']} ({cell['tone']})"
    return {
        "spoken_of": name, "by_how_often": often["value"], "interval": _interval(often),
        "by_how_they_score": scored["value"], "their_interval": _interval(scored),
    }  # fmt: skip
