"""Patterns of the house's own: in force until they are removed."""

import pytest

from gensvar.kit.errors import NotFound
from gensvar.ledger import Ledger


def test_patterns_are_in_force_until_they_are_removed(ledger: Ledger) -> None:
    first = ledger.patterns.add("member number", r"\bM-\d{6}\b", "anna")
    second = ledger.patterns.add("meter", r"\bMTR\d{8}\b", "bo")
    assert [(p.id, p.name, p.pattern, p.by) for p in ledger.patterns.standing()] == [
        (first, "member number", r"\bM-\d{6}\b", "anna"),
        (second, "meter", r"\bMTR\d{8}\b", "bo"),
    ]
    assert ledger.patterns.remove(first) == "member number"
    assert [p.id for p in ledger.patterns.standing()] == [second]
    with pytest.raises(NotFound):
        ledger.patterns.remove(first)
