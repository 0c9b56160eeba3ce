"""What a bench found, beside what was promised and beside what a user would pick instead."""

import json
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

ROOT = Path(__file__).parent.parent
RESULTS = ROOT / "bench" / "results.json"


@dataclass(frozen=True, slots=True)
class Result:
    """value: in the unit; None where it was not run. target: what design promises, met or not. peer: the same work done otherwise, in the same run.

    ratio: how many times better than the peer: above 1 is ours.
    """

    name: str
    value: float | None
    unit: str
    target: float | None = None
    wanted: Literal["at least", "at most"] = "at most"
    peer: float | None = None
    peer_name: str = ""
    note: str = ""

    @property
    def met(self) -> bool | None:
        if self.value is None or self.target is None:
            return None
        return self.value >= self.target if self.wanted == "at least" else self.value <= self.target

    @property
    def ratio(self) -> float | None:
        if not self.value or not self.peer:
            return None
        return self.value / self.peer if self.wanted == "at least" else self.peer / self.value

    def as_json(self, commit: str) -> dict[str, object]:
        return {**asdict(self), "met": self.met, "ratio": self.ratio, "commit": commit}


def commit() -> str:
    """The commit measured, with a mark where files differ from it; empty outside a checkout."""
    said = subprocess.run(["git", "describe", "--always", "--dirty", "--abbrev=12"], cwd=ROOT, capture_output=True, text=True, check=False)
    return said.stdout.strip()


def write(results: Sequence[Result], path: Path, beside: bool = False) -> None:
    """beside: results of other names that stand there already are kept."""
    new = {r.name for r in results}
    kept = [row for row in json.loads(path.read_text("utf-8")) if row["name"] not in new] if beside and path.is_file() else []
    path.write_text(json.dumps([*kept, *(r.as_json(commit()) for r in results)], indent=1, ensure_ascii=False) + "\n", "utf-8")


def show(results: Sequence[Result]) -> str:
    """The table a person reads."""
    rows = [("what", "value", "promised", "", "instead", "ratio"), *(_row(r) for r in results)]
    widths = [max(len(row[i]) for row in rows) for i in range(6)]
    return "\n".join("  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in rows)


def _row(r: Result) -> tuple[str, str, str, str, str, str]:
    sign = "≥" if r.wanted == "at least" else "≤"
    promised = f"{sign} {_number(r.target)}" if r.target is not None else ""
    peer = f"{_number(r.peer)} {r.peer_name}" if r.peer is not None else ""
    ratio = f"× {r.ratio:.1f}" if r.ratio else ""
    value = f"{_number(r.value)} {r.unit}" if r.value is not None else f"not run: {r.note}"
    return r.name, value, promised, {True: "met", False: "MISSED", None: ""}[r.met], peer, ratio


def _number(x: float | None) -> str:
    return "" if x is None else f"{x:,.0f}" if abs(x) >= 100 else f"{x:.3g}"


def quantile(seconds: Sequence[float], q: float) -> float:
    """The q-quantile, in milliseconds."""
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, int(q * len(ordered)))] * 1000


def median(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 2]
