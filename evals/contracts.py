"""Are the suggested contracts right? Facts about real exports, written by hand, against what `suggest` says of them."""

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.result import Result
from gensvar import collect
from gensvar.contracts import Contract

FACTS = Path(__file__).parent / "facts.toml"
TARGET = 0.90


@dataclass(frozen=True, slots=True)
class Fact:
    """What was expected of one thing in one file, and what the contract says."""

    file: str
    format: str
    what: str
    expected: object
    said: object

    @property
    def right(self) -> bool:
        return self.expected == self.said


def columns(said: str) -> list[int]:
    """The places, from 0, that 1,3-5 names.

    >>> columns("1,3-5")
    [0, 2, 3, 4]
    """
    out: list[int] = []
    for part in filter(None, said.split(",")):
        first, _, last = part.partition("-")
        out.extend(range(int(first) - 1, int(last or first)))
    return out


def uses(contract: Contract) -> dict[str, str]:
    """What the contract does with each column: score, text, choice, attr or left_out."""
    found = dict.fromkeys(contract.ignore, "left_out") | dict.fromkeys(contract.attrs, "attr")
    for a in contract.answers:
        for use, column in (("score", a.score), ("text", a.text), ("choice", a.choice.column if a.choice else None)):
            if column:
                found[column] = use
    return found


def facts(about: Mapping[str, Any], contract: Contract, names: Sequence[str]) -> Iterator[Fact]:
    """Every fact of one file, beside what the contract says of it."""
    path, kind = Path(about["path"]).name, about["format"]

    def fact(what: str, expected: object, said: object) -> Fact:
        return Fact(path, kind, what, expected, said)

    yield fact("target", about.get("target", "feedback"), contract.target)
    if "audience" in about:
        yield fact("audience", about["audience"], contract.audience)
    yield fact("record", tuple(names[i - 1] for i in about["record"]), contract.record)
    at = contract.at
    yield fact("time", names[about["at"][0] - 1] if about["at"] else None, at.column if at else None)
    if about["at"]:
        yield fact("order", about["at"][1], at.order if at else None)
        if about["at"][2]:
            yield fact("zone", about["at"][2], at.zone if at else None)
    used = uses(contract)
    for use in ("choice", "text", "attr", "left_out"):
        for i in columns(about.get(use, "")):
            yield fact(f"column {i + 1}", use, used.get(names[i]))
    yield from (fact(*f) for f in _scored(about, contract, names))


def _scored(about: Mapping[str, Any], contract: Contract, names: Sequence[str]) -> Iterator[tuple[str, object, object]]:
    """Metric, scale, direction and codes for no answer of each rated column."""
    measures = {m.key: m for m in contract.measures}
    rules = {a.score: a for a in contract.answers if a.score}
    down = set(columns(about.get("down", "")))
    for where, metric, low, high, missing in about.get("scores", ()):
        for i in columns(where):
            rule = rules.get(names[i])
            measure = measures.get(rule.measure.always or "") if rule and rule.measure else None
            yield f"column {i + 1}: metric", metric, measure.metric if measure else None
            yield f"column {i + 1}: scale", (low, high), (measure.low, measure.high) if measure else None
            yield f"column {i + 1}: direction", "down" if i in down else "up", measure.better if measure else None
            yield f"column {i + 1}: missing", set(missing), set(rule.missing) if rule else None


def judged(data: Path) -> list[Fact]:
    """Every fact of every file that lies in the folder."""
    found: list[Fact] = []
    for about in tomllib.loads(FACTS.read_text("utf-8"))["file"]:
        path = data / about["path"]
        if not path.exists():
            print(f"  not there, left out: {about['path']}")
            continue
        made = collect.suggest(path, path.stem.lower(), "the evaluation")
        found.extend(facts(about, made.contract, made.found.names))
    return found


def evaluate(data: Path) -> list[Result]:
    """The share of facts that are right, in all and for each format; the misses are printed."""
    found = judged(data)
    if not found:
        return []
    for f in found:
        if not f.right:
            print(f"  miss: {f.file}, {f.what}: {f.said!r}, is {f.expected!r}"[:180])
    all_of, right = Counter(f.format for f in found), Counter(f.format for f in found if f.right)
    whole = Result("suggested contract, all facts right", sum(right.values()) / len(found), f"of {len(found)}", TARGET)
    return [whole, *(Result(f"suggested contract, {kind}", right[kind] / n, f"of {n}", TARGET) for kind, n in all_of.items())]
