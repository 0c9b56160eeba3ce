"""Search words: case and accents do not matter, å ä ö ø æ are letters of their own, and every sign stands for itself."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gensvar.kit.errors import BadInput
from gensvar.text.search import Term, folded, matches, pattern, spans, terms

NORDIC = st.text(alphabet="aåäeéoöøæuünñAÅÖØÆÉ sS-.%_*()[]\\'", max_size=12)


@pytest.mark.parametrize(
    ("query", "text", "found"),
    [
        ("leverans", "Hemleveransen kom", True), ("LEVERANS", "leverans", True), ("café", "CAFE", True), ("cafe", "på café", True),
        ("har", "hår", False), ("hår", "har", False), ("hår", "HÅR", True), ("för", "for", False), ("blå", "blö", False), ("ø", "o", False),
        ("brød", "BRØD", True), ("ae", "æ", False), ("naïve", "naive", True), ("über", "uber", True),
        ("kom sent", "sent kom den", True), ("kom sent", "den kom", False), ("kom -sent", "den kom", True), ("kom -sent", "kom för sent", False),
        ('"kom sent"', "den kom   sent!", True), ('"kom sent"', "sent kom", False), ('"sen"', "sent", False), ('-"för sent"', "sent för", True),
        ("“kom sent”", "kom sent", True), ("100%", "100 kr", False), ("100%", "100% nöjd", True), ("a_b", "axb", False), (".*", "x", False),
        ("(a|b)", "a", False), ("o'brien", "O’Brien", True), ("e-post", "e‑post", True), ("a\\b", "a\\b", True), ("😤", "huono 😤", True),
        ("привет", "ПРИВЕТ", True), ("^den", "den", False), ("<b>", "<b>x", True),
    ],
)  # fmt: skip
def test_what_is_found(query: str, text: str, found: bool) -> None:
    assert matches(text, terms(query)) is found
    assert matches(unicodedata.normalize("NFD", text), terms(query)) is found
    assert matches(text, terms(unicodedata.normalize("NFD", query))) is found


def test_what_is_asked_for() -> None:
    assert terms('kom "för sent" -skadat -"helt fel"') == (
        Term(("kom",)), Term(("för", "sent"), phrase=True), Term(("skadat",), without=True), Term(("helt", "fel"), without=True, phrase=True),
    )  # fmt: skip
    assert terms('  - "" " ') == ()
    assert terms('"half open') == (Term(("half", "open"), phrase=True),)
    assert terms("a\x00b") == (Term(("a",)), Term(("b",)))


def test_more_than_can_be_searched_for_is_refused() -> None:
    with pytest.raises(BadInput, match="more than 10 words"):
        terms("a b c d e f g h i j k")
    with pytest.raises(BadInput, match="longer than 200"):
        terms("a" * 201)


def test_where_it_stands() -> None:
    assert [("Den kom för SENT, sent"[a:b]) for a, b in spans("Den kom för SENT, sent", terms("sent kom -x"))] == ["kom", "SENT", "sent"]
    assert spans("abcabc", terms("abc bca")) == [(0, 6)]
    assert spans("allt bra", terms("-bra")) == []


@given(NORDIC, NORDIC)
def test_a_word_is_found_exactly_where_its_letters_are(word: str, text: str) -> None:
    """The law: searching is finding the folded word in the folded text."""
    wanted = terms(word)
    plain = "".join(map(folded, text))
    if len(wanted) == 1 and not wanted[0].phrase:
        assert matches(text, wanted) is (("".join(map(folded, wanted[0].words[0])) in plain) != wanted[0].without)


@given(st.text(max_size=30))
def test_any_words_make_a_pattern_that_can_be_read(query: str) -> None:
    for term in terms(query):
        re.compile(pattern(term).replace("\\p{L}\\p{N}", "\\w"))
        assert matches(" ".join(term.words), [term]) is not term.without
