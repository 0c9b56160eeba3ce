"""Findings: the latest of a kind and key, those before it, and no more than two months of nights."""

from gensvar.ledger import Ledger
from gensvar.ledger.findings import KEPT


def test_the_latest_of_each_key_is_what_is_found_and_those_before_are_kept(ledger: Ledger) -> None:
    assert ledger.findings.latest("drivers", "csat") is None
    assert ledger.findings.all("drivers") == {}
    first = ledger.findings.keep("drivers", "csat", {"n": 900})
    second = ledger.findings.keep("drivers", "csat", {"n": 950})
    ledger.findings.keep("drivers", "nps", {"n": 12})
    ledger.findings.keep("outcomes", "csat", {"n": 1})
    assert {key: found.body for key, found in ledger.findings.all("drivers").items()} == {"csat": {"n": 950}, "nps": {"n": 12}}
    assert [(f.id, f.body["n"]) for f in ledger.findings.history("drivers", "csat")] == [(second, 950), (first, 900)]
    newest = ledger.findings.latest("drivers", "csat")
    assert newest is not None
    assert (newest.kind, newest.key, newest.id) == ("drivers", "csat", second)


def test_two_months_of_nights_are_kept(ledger: Ledger) -> None:
    for night in range(KEPT + 5):
        ledger.findings.keep("changed", "", {"night": night})
    ledger.findings.keep("changed", "other", {"night": -1})
    kept = ledger.findings.history("changed", "", 2 * KEPT)
    assert [f.body["night"] for f in kept] == list(range(KEPT + 4, 4, -1))
    assert len(ledger.findings.history("changed", "other")) == 1
