"""How the command line shows what was found of reasons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.markup import escape

from gensvar.serve.show import _table, text

VERDICTS = {"lowers": "goes with less", "lifts": "goes with more", "none": "none seen", "unknown": "cannot tell"}
MOST_SHOWN = 30
STATES = {"scope": "looked for over the whole organisation, of which you see a part", "not_yet": "not looked for yet: gensvar why look"}
OUTCOME_VERDICTS = {
    "more": "more often", "less": "less often", "unconfirmed": "seen, not confirmed", "slight": "seen, perhaps small", "none": "none seen",
    "unknown": "cannot tell",
}  # fmt: skip
HIDDEN = {"protected": "only people who are protected answer it", "small_group": "so few people answered that they would not stay unknown"}
WHY = {"refused": "could not be looked for", "failed": "met something unforeseen; the log says what"}


@dataclass(frozen=True, slots=True)
class Unit:
    """How numbers of a metric's unit are written: times, digits, and what they are counted in."""

    times: float
    digits: int
    name: str

    def plain(self, value: float, sign: str = "") -> str:
        """+1.8"""
        return f"{self.times * value:{sign}.{self.digits}f}"

    def range(self, e: Mapping[str, float], sign: str = "+") -> str:
        """+1.1 … +2.5"""
        return f"{self.plain(e['low'], sign)} … {self.plain(e['high'], sign)}"


UNITS = {"share": Unit(100, 1, "In per cent"), "points": Unit(1, 1, "In points"), "scale": Unit(1, 2, "On the scale")}


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
    of = UNITS[found["unit"]]
    console.print(f"[bold]{escape(found['measure'])}: {of.plain(found['score'])} among {found['n']:,} answers whose comment was read[/bold]")
    rows = [{"topic": "(none spoken of)", "in_the_whole": of.plain(found["baseline"]["value"]), "interval": of.range(found["baseline"], "")}]
    rows += [
        {"topic": t["id"], **_part(t["part"], of), "answers": f"{t['n']:,}", "verdict": VERDICTS[t["verdict"]],
         "usual": text(None) if t["left_out"] is None else of.plain(t["left_out"], "+")}
        for t in found["topics"]
    ]  # fmt: skip
    rows += [{"topic": "(rarer ones)", **_part(found["rarer"], of)}] if found["rarer"] else []
    _table(rows, ("topic", "in_the_whole", "interval", "answers", "verdict", "usual"), console)
    console.print(f"{of.name}, each with its 95 % interval; usual: the score without those who spoke of it.")
    console.print("What goes with a score is not what causes it.")


def _part(e: Mapping[str, float], of: Unit) -> dict[str, str]:
    return {"in_the_whole": of.plain(e["value"], "+"), "interval": of.range(e, "+")}


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
    _table([_moved(x) for x in found["feed"]["lines"]], ("what", "where", "was", "now", "since", "until", "p"), console)


def _moved(line: Mapping[str, Any]) -> dict[str, str | None]:
    key = line["key"]
    was, now = (_level(n, line["unit"]) for n in (line["was"], line["now"]))
    ended = f"{'stayed' if line['stayed'] else 'over'} {line['ended']}" if line["ended"] else "stands"
    what = " ".join(dict.fromkeys((key["what"], key["name"])))
    return {
        "what": f"{'▲' if line['rose'] else '▼'} {what}", "where": key["value"] or None, "was": was, "now": now, "since": str(line["since"]),
        "until": ended, "p": f"{line['p']:.1g}",
    }  # fmt: skip


def _level(n: Mapping[str, float], unit: str) -> str:
    value, low, high = (f"{100 * n[end]:.2g}" if unit == "share" else f"{n[end]:.3g}" for end in ("value", "low", "high"))
    return f"{value}{' %' if unit == 'share' else ''} ({low}–{high})"


def outcomes(found: Mapping[str, Any], console: Console) -> None:
    """What was found of one outcome, reported first; or why nothing was."""
    if found["state"] != "told":
        console.print(escape(f"{found['outcome']}: {found.get('why') or STATES[found['state']]}".replace("_", " ")))
        return
    shown = found["associations"][:MOST_SHOWN]
    _table([_association(a) for a in shown], ("what_is_said", "tone", "times_as_often", "customers", "verdict", "it_takes"), console)
    if len(found["associations"]) > len(shown):
        console.print(f"{len(found['associations']) - len(shown)} more lines: choose a kind or a tone, or --json for all.")
    console.print(f"{found['tested']} tested, {found['below']} said too rarely to try; λ {found['inflation']}.")
    console.print("It takes: so many customers, about, to tell. Association, not cause.")


def _association(a: Mapping[str, Any]) -> dict[str, Any]:
    ratio = a["ratio"]
    return {
        "what_is_said": a["term"], "tone": a["tone"], "customers": f"{a['parties']:,}",
        "times_as_often": f"{ratio['value']:.2f} ({ratio['low']:.2f}–{ratio['high']:.2f})" if ratio else text(None),
        "verdict": OUTCOME_VERDICTS[a["verdict"]], "it_takes": f"{a['needed']:,}" if a["needed"] else None,
    }  # fmt: skip


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
