"""How the command line shows what was found of journeys."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.markup import escape

from gensvar.serve.show import _table, text

NOTHING = {
    "never": "Journeys have not been looked for yet: `gensvar why look` does so, and a server does so by itself each night.",
    "too_much": "This is too much to count while you wait: {rows} rows, at most {most}. Choose a shorter period or fewer customers.",
    "too_few": "Too few people come by here to be shown.",
}
MOVES = {"higher": "▲", "lower": "▼", "no visible difference": "＝", "cannot tell": "?"}


def journeys(seen: Mapping[str, Any], console: Console) -> None:
    """Where it chafes most, then each journey with how many finish."""
    if seen["found"] is None:
        console.print(NOTHING[seen["why"]].format(rows=text(seen["rows"]), most=text(seen["most"])))
        return
    friction(seen["found"]["friction"], console)
    rows = [
        {"journey": j["journey"]["key"], "name": j["journey"]["name"], "errands": j["counted"]["errands"], "finish": share(j["finished"]),
         "lost": lost(j["fates"]), "came_back": j["fates"]["returned"]}
        for j in seen["found"]["journeys"]
    ]  # fmt: skip
    _table(rows, ("journey", "name", "errands", "finish", "lost", "came_back"), console)
    for refused in seen["found"]["refused"]:
        console.print(f"  not told: {escape(refused['what'])}, {escape(refused['why'].replace('_', ' '))}")


def journey(found: Mapping[str, Any], console: Console) -> None:
    """How many finish, each step, where it chafes, the comparisons that were seen, and the most common ways."""
    if "journey" not in found:
        console.print(NOTHING[found["why"]].format(rows=text(found["rows"]), most=text(found["most"])))
        return
    console.print(f"[bold]{escape(found['journey']['name'])}: {share(found['finished'])} finish[/bold]")
    rows = [
        {"step": s["name"], "came": s["came"], "go_on": share(s["goes_on"]), "again": share(s["repeats"]), "stopped": s["stopped"],
         "channel": s["ended"]["channel"], "support": s["ended"]["support"], "left": s["ended"]["left"]}
        for s in found["steps"]
    ]  # fmt: skip
    _table(rows, ("step", "came", "go_on", "again", "stopped", "channel", "support", "left"), console)
    friction(found["friction"], console)
    for c in (c for c in found["compared"] if c["move"] in {"higher", "lower"}):
        where = c["step"] or "the whole"
        console.print(
            f"  {MOVES[c['move']]} {escape(c['by'])} {escape(c['group'])}, {escape(where)}: {share(c['here'])}, against {share(c['there'])}"
        )
    for path in found["paths"][:5]:
        console.print(f"  {path['errands']:,}  {escape(' → '.join('stopped' if s == '!' else s for s in path['steps']))}")
    console.print("That people stop after a step does not prove that the step made them stop.")


def friction(ranked: list[Mapping[str, Any]], console: Console) -> None:
    """The worst first: weight with its interval, and how sure its place is."""
    rows = [
        {"journey": f["journey"], "step": f["step"], "customers_lost": f["customers"], "place": _range(f["rank"], f["rank_low"], f["rank_high"]),
         "weight": _range(f["score"], f["low"], f["high"])}
        for f in ranked if f["customers"]
    ]  # fmt: skip
    if rows:
        _table(rows, ("journey", "step", "customers_lost", "weight", "place"), console)


def _range(value: float, low: float, high: float) -> str:
    """410 (300–540); the value alone where it is sure."""
    return f"{value:,.0f}" if low == high else f"{value:,.0f} ({low:,.0f}–{high:,.0f})"


def declared(found: Mapping[str, Any], console: Console) -> None:
    """The journey as it was understood."""
    console.print(f"{escape(found['key'])}: {escape(' → '.join(s['name'] for s in found['steps']))}. It is counted so from the next look on.")


def share(n: Mapping[str, Any]) -> str:
    """A share with its interval, or why there is none."""
    if n["value"] is None:
        return f"too few: {n['n']} of {n['least']}" if n["why"] == "too_few" else str(n["why"]).replace("_", " ")
    return f"{n['value']:.0%} ({100 * n['low']:.0f}–{100 * n['high']:.0f})"


def lost(fates: Mapping[str, int]) -> int:
    """Errands that were not finished."""
    return fates["channel"] + fates["support"] + fates["left"]
