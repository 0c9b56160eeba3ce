"""One number of an evaluation, the table that people read and the file that other programs read."""

import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import msgspec

FILE = Path(__file__).parent / "results.json"


@dataclass(frozen=True, slots=True)
class Result:
    """value against target, both in unit; target None: measured, not yet promised. peer: what a user would pick instead; ratio: value ÷ its value."""

    name: str
    value: float
    unit: str
    target: float | None = None
    peer: str | None = None
    ratio: float | None = None

    @property
    def met(self) -> bool | None:
        return None if self.target is None else self.value >= self.target


def table(results: Sequence[Result]) -> str:
    """One line each: name, value, unit, target, whether it is met."""
    said = {True: "met", False: "NOT MET", None: ""}
    wide = max((len(r.name) for r in results), default=0)
    return "\n".join(
        f"{r.name:<{wide}}  {r.value:>10.7g}  {r.unit:<14} {'' if r.target is None else f'≥ {r.target:g}':<8} {said[r.met]}" for r in results
    )


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
    rows = [*kept, *({**asdict(r), "met": r.met, "commit": at} for r in results)]
    path.write_bytes(msgspec.json.format(msgspec.json.encode(rows), indent=1) + b"\n")
