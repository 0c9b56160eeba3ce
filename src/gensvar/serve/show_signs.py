"""How the command line shows what goes with success, use and fellow workers: early signs, features, units."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape

from gensvar.serve.show import _table, text

HIDDEN = {
    "scope": "This cannot be counted from your part alone: one customer stands on both sides of what limits it.",
    "small_group": "Asked this way, it could show people among so few that they would not stay unknown. Without any choice it is open to you.",
}
VERDICTS = {
    "more": "more", "less": "less", "together": "together", "against": "opposite", "no_difference": "none seen", "no_visible": "none seen",
    "cannot_tell": "cannot tell",
}  # fmt: skip
FORMS = {"did": "", "bad": "spoken ill of", "good": "spoken well of", "effort": "hard work told of", "low": "a low score"}
MOST = 25


def onboarding(found: Mapping[str, Any], console: Console) -> None:
    """The early signs that stand, then how many were tested."""
    if _untold(found, console):
        return
    success = f"{escape(found['success'])} within {found['within']} days"
    console.print(f"[bold]{found['n']:,} new customers, {found['hits']:,} succeeded ({success}).[/bold]")
    shown = [
        {"sign": _named(m["name"], m["step"], FORMS.get(m["form"], m["form"])), "verdict": VERDICTS[m["verdict"]],
         "had_it": f"{m['people']:,}/{m['of']:,}", "difference": _points(m, "difference", "low", "high"), "halves": m["again"],
         "it_takes": m["needs"] or None}
        for m in found["marks"] if m["difference"] is not None
    ]  # fmt: skip
    _most(shown, console)
    console.print("Difference in percentage points; halves: of the customers, in which it is seen; it takes: so many customers, about, to tell.")
    console.print(f"{found['tested']} signs were tested. It is association, not cause.")


def features(found: Mapping[str, Any], console: Console) -> None:
    """Every feature with each outcome: as it stands, and among customers who use as much."""
    if _untold(found, console):
        return
    console.print(
        f"[bold]{found['customers']:,} customers in {found['periods']:,} periods of {found['use']} days; the {found['after']} days after each.[/bold]"
    )
    shown = [
        {"feature": _named(f["name"], f["step"]), "outcome": g["outcome"], "verdict": VERDICTS[g["verdict"]],
         "all": _apart(g, "plain", "plain_low", "plain_high"), "equal_use": _apart(g, "value", "low", "high"), "q": _q(g["q"])}
        for f in found["features"] for g in f["gaps"]
    ]  # fmt: skip
    _most(shown, console)
    console.print("Among all who used it, and among customers who use as much: satisfaction in steps of its scale, the rest in percentage points.")
    console.print(f"{found['tested']} differences were tested. Customers choose what they use: it is association, not cause.")


def units(found: Mapping[str, Any], console: Console) -> None:
    """Each lag, and the warning."""
    if _hidden(found, console):
        return
    console.print(escape(f"{found['employees'] or '?'} against {found['customers'] or '?'} by {found['dimension']}"))
    if found["why"]:
        console.print(f"Cannot tell: {found['why'].replace('_', ' ')}.")
    shown = [
        {"lag,_months": one["lag"], "verdict": VERDICTS[one["verdict"]], "r": _range(one, "r", "low", "high"), "q": _q(one["q"]),
         "pairs": one["n"], "units": one["units"], "it_takes": one["pairs_needed"] or None}
        for one in found["lags"]
    ]  # fmt: skip
    _most(shown, console)
    console.print(escape(found["warning"]))


def _untold(found: Mapping[str, Any], console: Console) -> bool:
    """Says why nothing is told, where nothing is."""
    if found["why"] and not _hidden(found, console):
        console.print(f"Nothing can be told: {found['why'].replace('_', ' ')}.")
    return bool(found["why"])


def _hidden(found: Mapping[str, Any], console: Console) -> bool:
    """Says why this reader is not shown it, where she is not."""
    if found["state"] == "hidden":
        console.print(HIDDEN[found["why"]])
    return bool(found["state"] == "hidden")


def _most(rows: Sequence[Mapping[str, Any]], console: Console) -> None:
    if rows:
        _table(rows[:MOST], tuple(rows[0]), console)
    if len(rows) > MOST:
        console.print(f"{len(rows) - MOST} more lines: --json gives all.")


def _named(*parts: str) -> str:
    return " ".join(part.replace("_", " ") for part in parts if part)


def _points(one: Mapping[str, Any], *names: str) -> str:
    value, low, high = (one[name] for name in names)
    return text(None) if value is None else f"{100 * value:+.0f} ({100 * low:+.0f}…{100 * high:+.0f})"


def _apart(gap: Mapping[str, Any], *names: str) -> str:
    value, low, high = (gap[name] for name in names)
    return f"{value:+.2f} ({low:+.2f}…{high:+.2f})" if gap["outcome"] == "satisfaction" and value is not None else _points(gap, *names)


def _range(one: Mapping[str, Any], *names: str) -> str:
    value, low, high = (one[name] for name in names)
    return text(None) if value is None else f"{value:.2f} ({low:.2f}…{high:.2f})"


def _q(value: float | None) -> str:
    return text(None) if value is None else f"{value:.3f}"
