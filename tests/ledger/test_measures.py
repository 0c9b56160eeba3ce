"""Definitions of measures."""

from datetime import date

import pytest

from gensvar.contracts import Measure
from gensvar.kit.errors import Conflict
from gensvar.ledger import Ledger

CSAT = Measure(
    id="csat.delivery", version=2, metric="csat", low=1, high=5, cut=4, name={"sv": "Nöjdhet", "en": "Satisfaction"},
    wording={"sv": "Hur nöjd är du?"}, owner="anna.berg", from_day=date(2026, 3, 1), note="since the new form",
)  # fmt: skip
NPS = Measure(id="nps", version=1, metric="nps", low=0, high=10)


def test_a_definition_comes_back_as_it_was_given(ledger: Ledger) -> None:
    ledger.measures.add([CSAT, NPS], "anna")
    assert dict(ledger.measures.all().by_key) == {"csat.delivery@2": CSAT, "nps@1": NPS}


def test_the_same_again_changes_nothing(ledger: Ledger) -> None:
    ledger.measures.add([CSAT], "anna")
    ledger.measures.add([NPS, CSAT, CSAT], "bo")
    ledger.measures.add([], "bo")
    assert len(ledger.measures.all().by_key) == 2


def test_another_content_under_the_same_key_is_refused_and_nothing_is_added(ledger: Ledger) -> None:
    ledger.measures.add([CSAT], "anna")
    other = Measure(id="csat.delivery", version=2, metric="csat", low=1, high=7, cut=4)
    with pytest.raises(Conflict) as refused:
        ledger.measures.add([NPS, other], "bo")
    assert "csat.delivery@2" in refused.value.faults[0]
    assert "high is" in refused.value.faults[0]
    assert dict(ledger.measures.all().by_key) == {"csat.delivery@2": CSAT}


def test_another_meaning_is_another_version(ledger: Ledger) -> None:
    third = Measure(id="csat.delivery", version=3, metric="csat", low=1, high=7)
    ledger.measures.add([CSAT], "anna")
    ledger.measures.add([third], "bo")
    assert ledger.measures.all().versions("csat.delivery") == (CSAT, third)
