"""What the page says of its own false alarms is what the evaluation measured."""

import json
from pathlib import Path

from gensvar.explain.changed import PROMISED, STATED, Stated

MEASURED = {r["name"]: r for r in json.loads((Path(__file__).parents[3] / "evals" / "results.json").read_text("utf-8"))}


def measured(alpha: float) -> Stated:
    board = f"alarms, α = {alpha:g}"

    def value(what: str) -> float:
        return float(MEASURED[f"{board}{what}"]["value"])

    apart = "months from one false alarm to the next"
    false, own = (round(12 / value(f"{rule}: {apart}"), 1) for rule in ("", ", each with a scatter of its own"))
    power, large = (round(value(what), 2) for what in (": told of a rise of 30 % within 8 weeks", ": the same with 50 texts a week or more"))
    return Stated(alpha, false, own, power, large, value(": weeks until told, median"))


def test_what_is_stated_was_measured_and_keeps_the_promise() -> None:
    assert tuple(measured(s.alpha) for s in STATED) == STATED
    assert all(max(s.false, s.own) <= PROMISED for s in STATED)
    assert all(r["met"] is not False for name, r in MEASURED.items() if name.startswith("alarms, "))
