"""The command line tells reasons in words and whole cells, also in a terminal of eighty columns."""

from collections.abc import Callable, Mapping
from io import StringIO
from typing import Any

from rich.console import Console

from gensvar.serve import show_change, show_signs, show_why

MARK = {
    "name": "feature_use", "step": "invoice", "form": "often", "people": 218, "of": 603, "verdict": "cannot_tell", "difference": 0.054, "low": -0.034,
    "high": 0.142, "q": 0.5781, "again": "neither", "needs": 1640,
}  # fmt: skip
GAP = {
    "outcome": "satisfaction", "verdict": "no_difference", "plain": -0.0977, "plain_low": -0.3657, "plain_high": 0.1703, "value": -0.3189,
    "low": -0.7197, "high": 0.0821, "q": 0.5441,
}  # fmt: skip
LINE = {
    "key": {"what": "texts", "name": "texts", "dimension": "market", "value": "NO"}, "rose": True, "since": "2026-08-31", "ended": None,
    "stayed": False, "p": 2.3e-6, "unit": "count", "was": {"value": 63.61, "low": 60.52, "high": 66.97},
    "now": {"value": 86.48, "low": 79.51, "high": 94.22},
}  # fmt: skip
SAID = {
    "term": "topic:delivery.speed", "tone": "negative", "verdict": "unknown", "ratio": {"value": 1.1834, "low": 0.9231, "high": 1.5172},
    "parties": 1121, "needed": 2213,
}  # fmt: skip
PART = {"value": -0.02863, "low": -0.0435, "high": -0.0132, "q": 0.00306}


def shown(show: Callable[[Any, Console], None], value: Mapping[str, Any], width: int = 80) -> str:
    said = StringIO()
    show(value, Console(file=said, width=width))
    return said.getvalue()


def test_an_early_sign_is_told_in_words_with_how_many_it_takes() -> None:
    told = {"state": "told", "why": "", "n": 1603, "hits": 927, "success": "go_live", "within": 120, "tested": 55, "marks": [MARK]}
    said = shown(show_signs.onboarding, told)
    assert "1,603 new customers, 927 succeeded (go_live within 120 days)." in said
    assert "feature use invoice often" in said
    assert "cannot tell" in said
    assert "+5 (-3…+14)" in said
    assert "1640" in said


def test_a_feature_has_both_differences_in_one_line() -> None:
    feature = {"name": "feature_use", "step": "", "gaps": [GAP, GAP | {"outcome": "help", "value": None}]}
    told = {"state": "told", "why": "", "customers": 2004, "periods": 7845, "use": 90, "after": 90, "tested": 2, "features": [feature]}
    line, help_line = (line for line in shown(show_signs.features, told, 100).splitlines() if line.startswith("feature use"))
    assert line.split("  ")[0] == "feature use"
    assert "-0.10 (-0.37…+0.17)" in line
    assert "-0.32 (-0.72…+0.08)" in line
    assert "–" in help_line


def test_what_cannot_be_told_says_why() -> None:
    assert "Nothing can be told: no events." in shown(show_signs.features, {"state": "told", "why": "no_events"})
    assert "from your part alone" in shown(show_signs.onboarding, {"state": "hidden", "why": "scope"})
    assert "so few" in shown(show_signs.units, {"state": "hidden", "why": "small_group", "warning": ""})


def test_no_cell_of_what_changed_is_broken_at_a_hundred_columns() -> None:
    line = shown(show_why.changed, {"feed": {"lines": [LINE]}}, 100).splitlines()[1]
    assert line.split() == ["▲", "texts", "NO", "63.6", "(60.5–67)", "86.5", "(79.5–94.2)", "2026-08-31", "stands", "2e-06"]


def test_an_association_says_how_many_customers_would_tell() -> None:
    told = {"state": "told", "associations": [SAID] * 31, "tested": 315, "below": 4186, "inflation": 0.94}
    said = shown(show_why.outcomes, told)
    assert "1.18 (0.92–1.52)" in said
    assert "2,213" in said
    assert "1 more lines" in said


def test_a_change_is_told_in_the_unit_of_its_metric() -> None:
    told: dict[str, Any] = {
        "sentence": "CSAT fell.", "unit": "share", "who_answered": PART, "who_answered_by_dimension": {"market": PART}, "what_they_said": PART,
        "cells": [{"pooled": False, "name": "NO", "what_they_said": PART}], "notes": [],
    }  # fmt: skip
    assert "-2.9           -4.3 … -1.3  0.003" in shown(show_change.change, told)
    assert "-0.03" in shown(show_change.change, told | {"unit": "scale"})


def test_the_parts_of_a_score_are_told_in_its_unit() -> None:
    topic = {"id": "support", "part": PART, "n": 1363, "verdict": "lowers", "left_out": None}
    told = {
        "state": "told", "measure": "csat.support@1", "unit": "share", "score": 0.6031, "n": 2552, "baseline": PART, "topics": [topic], "rarer": None,
    }  # fmt: skip
    said = shown(show_why.impact, told)
    assert "csat.support@1: 60.3 among 2,552 answers" in said
    assert "goes with less" in said
    assert "In per cent" in said
