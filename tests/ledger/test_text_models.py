"""Versions of what a house taught: one of a kind is in force, and all stay in the history."""

import pytest

from gensvar.kit.errors import NotFound
from gensvar.ledger import Ledger


def test_one_of_a_kind_is_in_force(ledger: Ledger) -> None:
    models = ledger.text_models
    first, second = (models.add("tone", "in force", {"n": n}, bytes([n]), "anna") for n in (50, 60))
    other = models.add("words", "in force", {}, b"w", "anna")
    tried = models.add("tone", "tried", {"n": 70}, b"t", "bo")
    assert (models.in_force("tone"), models.in_force("words"), models.in_force("topics")) == (second, other, None)
    assert [(m.id, m.state, m.numbers["n"]) for m in models.history("tone")] == [
        (tried, "tried", 70),
        (second, "in force", 60),
        (first, "stopped", 50),
    ]
    assert models.use(first).state == "in force"
    assert (models.get(second).state, models.in_force("tone"), models.body(first)) == ("stopped", first, bytes([50]))
    assert (models.stop("tone"), models.stop("tone"), models.in_force("tone")) == (first, None, None)
    assert models.in_force("words") == other


def test_what_is_not_there_is_not_found(ledger: Ledger) -> None:
    for ask in (ledger.text_models.get, ledger.text_models.body, ledger.text_models.use):
        with pytest.raises(NotFound):
            ask(7)
