"""Wanted words: in force until they are removed, one of a kind in each language."""

import pytest

from gensvar.kit.errors import Conflict, NotFound
from gensvar.ledger import Ledger


def test_words_are_wanted_until_they_are_removed(ledger: Ledger) -> None:
    words = ledger.wanted_words
    first = words.add("sv", "pålitlig", ("trygg", "att lita på"), "anna")
    second = words.add("en", "reliable", (), "bo")
    assert [(w.id, w.language, w.word, w.phrases, w.by) for w in words.standing()] == [
        (second, "en", "reliable", ("reliable",), "bo"),
        (first, "sv", "pålitlig", ("pålitlig", "trygg", "att lita på"), "anna"),
    ]
    with pytest.raises(Conflict):
        words.add("sv", "pålitlig", (), "bo")
    assert words.remove(first) == "pålitlig"
    assert [w.id for w in words.standing()] == [second]
    assert words.add("sv", "pålitlig", (), "bo") > second, "what was removed may be wanted again"
    with pytest.raises(NotFound):
        words.remove(first)
