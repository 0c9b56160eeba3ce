"""why-change: a change taken apart over four dimensions of a large hub, from its cubes: counting, every part, its interval."""

import tempfile
import time
from pathlib import Path

from bench.answers import filled
from bench.house import opened
from bench.result import Result, quantile
from gensvar.kit.scope import whole
from gensvar.measure import Question, parse_question
from gensvar.serve.desk import HouseDesk
from gensvar.serve.desks import why_change as desk

ASKED = (
    ("", "", "2026-Q3", "previous"), ("", "market=NO", "2026-Q3", "previous"), ("channel", "", "2026-10", "year before"),
    ("segment", "market=SE,NO", "2026", "previous"), ("", "market=NO", "2026-Q3", "market=SE"),
)  # fmt: skip


def why_change(*, quick: bool, rows: int = 0) -> list[Result]:
    """How long a decomposition takes, no answer kept from before. rows: how many the hub holds (10 million)."""
    rows = rows or (20_000 if quick else 10_000_000)
    label = f"{rows // 1_000_000} million rows" if rows >= 1_000_000 else f"{rows:,} rows"
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        filled(data, rows)
        took, parts = _timed(data, 1 if quick else 8)
    note = f"{parts} parts with intervals: four dimensions, every set of them, and three further cubes"
    return [
        Result(f"change taken apart from the cubes, {label}, p50", quantile(took, 0.5), "ms", 100, note=note),
        Result(f"change taken apart from the cubes, {label}, p95", quantile(took, 0.95), "ms", 250),
    ]


def _timed(data: Path, runs: int) -> tuple[list[float], int]:
    """(seconds of each, parts of the first)."""
    took, parts = list[float](), 0
    with opened(data) as house:
        questions = [parse_question("csat.delivery", by, where, period, "", against, today=house.today()) for by, where, period, against in ASKED]
        for run in range(runs + 1):
            for question in questions:
                seconds, count = _one(HouseDesk(house, whole()), question)
                parts = parts or count
                took += [seconds] if run else []
    return took, parts


def _one(fresh: HouseDesk, question: Question) -> tuple[float, int]:
    """Seconds, and how many parts were told."""
    start = time.perf_counter()
    found = desk.parts_of(fresh, question, "en")
    seconds = time.perf_counter() - start
    return seconds, 2 + len(found.who) + 2 * len(found.cells) + 2 * len(found.alone)
