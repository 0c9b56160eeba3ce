"""How the command line shows what was found of reasons."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from gensvar.serve.show import _table, text

VERDICTS = {"lowers": "goes with less", "lifts": "goes with more", "none": "no visible difference", "unknown": "cannot tell"}
MOST_SHOWN = 30
STATES = {"scope": "looked for over the whole organisation, of which you see a part", "not_yet": "not looked for yet: gensvar why look"}
OUTCOME_VERDICTS = {
    "more": "more often", "less": "less often", "unconfirmed": "seen, not confirmed", "none": "no visible difference",
    "unknown": "cannot be known yet",
}  # fmt: skip
HIDDEN = {"protected": "only people who are protected answer it", "small_group": "so few people answered that they would not stay unknown"}
WHY = {"refused": "could not be looked for", "failed": "met something unforeseen; the log says what"}


def looked(asked: Mapping[str, Any], console: Console) -> None:
    """What came of each thing that was looked for."""
    if not asked["result"]:
        console.print("Nothing was looked for.")
    for name, found in asked["result"].items():
        said = ", ".join(f"{key}: {text(value)}" for key, value in found.items() if key != "why")
        why = WHY.get(found.get("why", ""), str(found.get("why", "")).replace("_", " "))
        console.print(f"{escape(name)}  {escape('; '.join(part for part in (why, said) if part))}")


def impact(found: Mapping[str, Any], console: Console) -> None:
    """The score as a sum: baseline, each topic with its interval and the usual arithmetic beside it, the rarer ones."""
    if found["state"] != "told":
        needed = "" if found["state"] == "hidden" else f"{found['n']} answers have a comment that was read, {found['least']} are needed"
        console.print(f"{escape(found['measure'])}: cannot tell; {escape(needed or HIDDEN[found['why']])}")
        return
    console.print(f"{escape(found['measure'])}: {found['score']:.4g} among {found['n']} answers whose comment was read")
    table = Table("topic", "in the whole", "95 % interval", "answers", "what can be told", "usual arithmetic")
    table.add_row("(none spoken of)", *_effect(found["baseline"]), "", "", "")
    for t in found["topics"]:
        usual = "" if t["left_out"] is None else f"{t['left_out']:+.3g}"
        table.add_row(escape(t["id"]), *_effect(t["part"], "+"), str(t["n"]), VERDICTS[t["verdict"]], usual)
    if found["rarer"]:
        table.add_row("(rarer ones)", *_effect(found["rarer"], "+"), "", "", "")
    console.print(table)
    console.print("What goes with a score is not what causes it.")


def _effect(e: Mapping[str, float], sign: str = "") -> tuple[str, str]:
    return f"{e['value']:{sign}.3g}", f"{e['low']:{sign}.3g} … {e['high']:{sign}.3g}"


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


def changed(found: Mapping[str, Any], console: Console) -> None:
    """Each thing that moved: what and where, from what to what, since when, and whether it still stands."""
    if found["feed"] is None:
        console.print("Nothing has been looked at yet: `gensvar why look` does so, once twenty weeks have come in.")
        return
    table = Table("", "what", "where", "was", "now", "since", "until", "p")
    for x in found["feed"]["lines"]:
        key, factor = x["key"], 100 if x["unit"] == "share" else 1
        ended = ("new level from " if x["stayed"] else "as before from ") + str(x["ended"]) if x["ended"] else "it stands"
        was, now = (f"{factor * x[side]['value']:.3g} ({factor * x[side]['low']:.3g}…{factor * x[side]['high']:.3g})" for side in ("was", "now"))
        what = f"{key['what']} {key['name']}"
        table.add_row("▲" if x["rose"] else "▼", escape(what), escape(key["value"]), was, now, str(x["since"]), ended, f"{x['p']:.1g}")
    console.print(table)


HIDDEN_WHY = "This is found over all customers, and what you may see is limited to some of them."


def onboarding(found: Mapping[str, Any], console: Console) -> None:
    """The early signs that stand, then how many were tested."""
    if _untold(found, console):
        return
    console.print(f"{found['n']} new customers, {found['hits']} succeeded ({escape(found['success'])} within {found['within']} days).")
    shown = [
        {
            "sign": " ".join(part for part in (m["name"], m["step"], m["form"]) if part), "verdict": m["verdict"],
            "had it": f"{m['people']}/{m['of']}", "difference": _points(m["difference"], m["low"], m["high"]), "q": _small(m["q"]),
            "halves": m["again"],
        }
        for m in found["marks"] if m["difference"] is not None
    ]  # fmt: skip
    _rows(shown[:MOST_SIGNS], console)
    console.print(f"{found['tested']} signs were tested. It is association, not cause.")


def features(found: Mapping[str, Any], console: Console) -> None:
    """Every feature with each outcome: as it stands, and among customers who use as much."""
    if _untold(found, console):
        return
    console.print(f"{found['customers']} customers in {found['periods']} periods of {found['use']} days; the {found['after']} days after each.")
    shown = [
        {
            "feature": "/".join(part for part in (f["name"], f["step"]) if part), "outcome": g["outcome"], "verdict": g["verdict"],
            "as it stands": _apart(g, "plain", "plain_low", "plain_high"), "use alike": _apart(g, "value", "low", "high"), "q": _small(g["q"]),
        }
        for f in found["features"] for g in f["gaps"]
    ]  # fmt: skip
    _rows(shown[:MOST_SIGNS], console)
    console.print(f"{found['tested']} differences were tested. Customers choose what they use: it is association, not cause.")


def units(found: Mapping[str, Any], console: Console) -> None:
    """Each lag, and the warning."""
    console.print(escape(f"{found['employees'] or '?'} against {found['customers'] or '?'} by {found['dimension']}"))
    if found["why"]:
        console.print(f"Cannot tell: {found['why'].replace('_', ' ')}.")
    shown = [
        {"lag, months": one["lag"], "verdict": one["verdict"], "r": _small(one["r"]), "low": _small(one["low"]), "high": _small(one["high"]),
         "q": _small(one["q"]), "pairs": one["n"], "units": one["units"], "pairs it takes": one["pairs_needed"] or None}
        for one in found["lags"]
    ]  # fmt: skip
    _rows(shown, console)
    console.print(escape(found["warning"]))


MOST_SIGNS = 25


def _untold(found: Mapping[str, Any], console: Console) -> bool:
    """Says why nothing is told, where nothing is."""
    if found["state"] == "hidden":
        console.print(HIDDEN_WHY)
    elif found["why"]:
        console.print(f"Nothing can be told: {found['why'].replace('_', ' ')}.")
    return found["state"] == "hidden" or bool(found["why"])


def _points(value: float | None, low: float | None, high: float | None) -> str | None:
    return None if value is None or low is None or high is None else f"{100 * value:+.0f} ({100 * low:+.0f}…{100 * high:+.0f})"


def _apart(gap: Mapping[str, Any], *names: str) -> str | None:
    value, low, high = (gap[name] for name in names)
    return f"{value:+.2f} ({low:+.2f}…{high:+.2f})" if gap["outcome"] == "satisfaction" and value is not None else _points(value, low, high)


def _small(value: float | None) -> str | None:
    return None if value is None else f"{value:.3f}"


def _rows(rows: Sequence[Mapping[str, Any]], console: Console) -> None:
    if rows:
        _table(rows, tuple(rows[0]), console)


def outcomes(found: Mapping[str, Any], console: Console) -> None:
    """What was found of one outcome, reported first; or why nothing was."""
    if found["state"] != "told":
        console.print(escape(f"{found['outcome']}: {found.get('why') or STATES[found['state']]}".replace("_", " ")))
        return
    table = Table("what is said", "tone", "times as often", "95 % interval", "customers", "what can be told")
    for a in found["associations"][:MOST_SHOWN]:
        ratio = a["ratio"]
        shown = (f"{ratio['value']:.2f}", f"{ratio['low']:.2f}–{ratio['high']:.2f}") if ratio else ("", "")
        table.add_row(escape(a["term"]), a["tone"], *shown, str(a["parties"]), OUTCOME_VERDICTS[a["verdict"]])
    console.print(table)
    console.print(f"{found['tested']} tested, {found['below']} said too rarely to try; λ {found['inflation']}. Association, not cause.")


def assumptions(found: Sequence[Mapping[str, Any]], console: Console) -> None:
    """Each assumption with what answers say of it, closed ones last."""
    if not found:
        console.print("Nobody has written down an assumption yet: `gensvar why assume` does so.")
    for told in found:
        assumed(told, console)


def assumed(told: Mapping[str, Any], console: Console) -> None:
    """One assumption: in whose words, what answers say, the difference or ratio with its interval, and when it is asked again."""
    one, e = told["assumption"], told["evidence"]
    said = "closed" if one["removed_at"] else e["says"].replace("_", " ") if e else "being asked" if told["counting"] else "not asked"
    console.print(f"{one['id']}  {said}: “{escape(one['text'])}” ({escape(one['by'])})")
    if e and e["gap"]:
        console.print(f"   {e['gap']['value']:.3g} ({e['gap']['low']:.3g} … {e['gap']['high']:.3g}), {e['n']} answers")
    if e and e["ranks"]:
        console.print(f"   rank {e['ranks'][0]} of {e['ranks'][3]} ({e['ranks'][1]} to {e['ranks'][2]}); first stands {escape(e['leader'])}")
    if told["due"]:
        console.print(f"   asked again on {told['due']}")
