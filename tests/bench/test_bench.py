"""The bench: every part runs at a tiny size, and says what was promised beside what was found."""

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from bench.__main__ import NOT_RUN, PARTS
from bench.result import ROOT, Result, quantile, show

KEYS = {"name", "value", "unit", "target", "met", "peer", "ratio", "commit"}
BEATEN = {
    "accept": 3, "flow": 0, "import": 0, "people": 0, "answers": 2, "weight": 0, "reading": 0, "search": 1, "texts": 0, "pages": 0, "why-change": 0,
    "drivers": 0, "outcomes": 1, "journeys": 2 if find_spec("pm4py") else 1,
}  # fmt: skip
"""Part → how many of its entries stand beside a peer, where no real data is there."""
NEEDS = "EVAL_DATA"


@pytest.mark.postgres
@pytest.mark.parametrize("part", PARTS)
def test_every_part_runs(part: str, tmp_path: Path) -> None:
    out = tmp_path / "results.json"
    command = [sys.executable, "-m", "bench", part, "--quick", "--out", str(out)]
    bare = {name: value for name, value in os.environ.items() if name != NEEDS}
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, env=bare)
    assert done.returncode == 0, done.stderr
    found = json.loads(out.read_text("utf-8"))
    assert found
    for entry in found:
        assert set(entry) >= KEYS
        assert entry["value"] > 0 if NEEDS not in entry["note"] else entry["value"] is None
        assert entry["name"] in done.stdout
    assert sum(entry["ratio"] is not None for entry in found) == BEATEN[part]


def test_a_result_says_whether_it_was_met_and_how_much_better_it_is() -> None:
    rate = Result("rate", 6_000, "requests/s", 5_000, "at least", 1_000)
    wait = Result("wait", 30, "ms", 15, "at most", 60)
    assert (rate.met, rate.ratio, wait.met, wait.ratio) == (True, 6.0, False, 2.0)
    assert Result("later", None, "ms", 15).met is None


def test_what_was_not_run_is_said_too() -> None:
    told = show([Result(name, None, "ms", 50, note="--large") for name in NOT_RUN])
    assert told.count("not run: --large") == len(NOT_RUN)


def test_quantiles_are_of_those_measured() -> None:
    assert quantile([0.003, 0.001, 0.002], 0.5) == 2.0
    assert quantile([0.001], 0.99) == 1.0
