"""Contracts in force and their history."""

import pytest

from gensvar.contracts import Contract
from gensvar.kit.errors import Conflict, NotFound
from gensvar.ledger import Ledger
from tests.ledgers import HandClock


def contract(version: int, source: str = "helpdesk") -> Contract:
    return Contract(source=source, version=version, owner="anna.berg", purpose="every ticket")


def test_the_latest_version_is_in_force(ledger: Ledger, ledger_clock: HandClock) -> None:
    first = ledger_clock.now()
    ledger.contracts.add("source: helpdesk # 1", contract(1), "anna")
    ledger_clock.forward(60)
    ledger.contracts.add("source: helpdesk # 2", contract(2), "bo")
    assert ledger.contracts.current("helpdesk") == "source: helpdesk # 2"
    assert ledger.contracts.version("helpdesk", 1) == "source: helpdesk # 1"
    assert [(a.version, a.by) for a in ledger.contracts.history("helpdesk")] == [(1, "anna"), (2, "bo")]
    assert ledger.contracts.history("helpdesk")[0].added_at == first
    assert [tuple(a)[:3] for a in ledger.contracts.all()] == [("helpdesk", 2, "source: helpdesk # 2")]


def test_versions_are_compared_as_numbers(ledger: Ledger) -> None:
    for version in (9, 10):
        ledger.contracts.add(f"v{version}", contract(version), "anna")
    assert ledger.contracts.current("helpdesk") == "v10"


def test_the_same_again_changes_nothing(ledger: Ledger) -> None:
    ledger.contracts.add("text", contract(1), "anna")
    ledger.contracts.add("text", contract(1), "bo")
    assert [a.by for a in ledger.contracts.history("helpdesk")] == ["anna"]


@pytest.mark.parametrize(("version", "yaml"), [(2, "another"), (1, "old")])
def test_a_version_never_changes(ledger: Ledger, version: int, yaml: str) -> None:
    ledger.contracts.add("text", contract(2), "anna")
    with pytest.raises(Conflict, match="Give it version 3"):
        ledger.contracts.add(yaml, contract(version), "bo")
    assert ledger.contracts.current("helpdesk") == "text"


def test_a_removed_source_keeps_its_history_and_can_come_back(ledger: Ledger) -> None:
    ledger.contracts.add("text", contract(1), "anna")
    ledger.contracts.add("other", contract(1, "shop"), "anna")
    ledger.contracts.remove("helpdesk")
    assert ledger.contracts.current("helpdesk") is None
    assert [a.source for a in ledger.contracts.all()] == ["shop"]
    assert len(ledger.contracts.history("helpdesk")) == 1
    ledger.contracts.add("text", contract(1), "anna")
    assert ledger.contracts.current("helpdesk") == "text"


def test_an_unknown_source_is_told_with_the_nearest(ledger: Ledger) -> None:
    ledger.contracts.add("text", contract(1), "anna")
    assert ledger.contracts.current("helpdsk") is None
    with pytest.raises(NotFound, match="Did you mean 'helpdesk'"):
        ledger.contracts.remove("helpdsk")
    with pytest.raises(NotFound, match="No version 7"):
        ledger.contracts.version("helpdesk", 7)


def test_any_text_can_be_kept(ledger: Ledger) -> None:
    ledger.contracts.add("purpose: räksmörgås \x00 🦐 \ud800", contract(1), "Åsa")
    assert ledger.contracts.current("helpdesk") == "purpose: räksmörgås ␀ 🦐 ?"
