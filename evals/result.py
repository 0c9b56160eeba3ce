"""One number of an evaluation, the table that people read and the file that other programs read."""

import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import msgspec

FILE = Path(__file__).parent / "results.json"
COVERS = (0.93, 0.97)
"""How often a 95 % interval is to hold the truth, at least and at most."""


@dataclass(frozen=True, slots=True)
class Result:
    """value against target, both in unit; target None: measured, not yet promised. peer: what a user would pick instead; ratio: value ÷ its value.

    most: where more than this is a miss too, as where a 95 % interval holds the truth 99 times in 100.
    """

    name: str
    value: float
    unit: str
    target: float | None = None
    peer: str | None = None
    ratio: float | None = None
    most: float | None = None

    @property
    def met(self) -> bool | None:
        if self.target is None:
            return None
        return self.value >= self.target and (self.most is None or self.value <= self.most)

    @property
    def wanted(self) -> str:
        if self.target is None:
            return ""
        return f"≥ {self.target:g}" if self.most is None else f"{self.target:g}–{self.most:g}"


def table(results: Sequence[Result]) -> str:
    """One line each: name, value, unit, target, whether it is met."""
    said = {True: "met", False: "NOT MET", None: ""}
    wide = max((len(r.name) for r in results), default=0)
    return "\n".join(f"{r.name:<{wide}}  {r.value:>10.7g}  {r.unit:<14} {r.wanted:<9} {said[r.met]}" for r in results)


def commit() -> str:
    """The commit that the numbers were measured on; “+” where files had been changed since."""
    try:
        return subprocess.run(["git", "describe", "--always", "--dirty=+"], capture_output=True, text=True, check=True).stdout.strip()  # noqa: S607
    except (OSError, subprocess.CalledProcessError):
        return ""


def save(results: Sequence[Result], path: Path = FILE, beside: bool = False) -> None:
    """Writes {name, value, unit, target, met, peer, ratio, commit} for each. beside: results of other names that stand there already are kept."""
    at, new = commit(), {r.name for r in results}
    kept = [row for row in msgspec.json.decode(path.read_bytes()) if row["name"] not in new] if beside and path.is_file() else []
    rows = [*kept, *({**{k: v for k, v in asdict(r).items() if k != "most"}, "met": r.met, "commit": at} for r in results)]
    path.write_bytes(msgspec.json.format(msgspec.json.encode(rows), indent=1) + b"\n")


def covering(name: str, share: float, unit: str = "share") -> Result:
    """How often 95 % intervals hold the truth: neither less often than promised, nor so often that they are wider than need be."""
    low, high = COVERS
    return Result(name, share, unit, low, most=high)
