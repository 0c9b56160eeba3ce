"""Words by their stems: what it means that a text has a word, in every language that has rules."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gensvar.text.near_words import nearest_words, slips
from gensvar.text.search import Term, matches, terms
from gensvar.text.stems import ALGORITHMS, bare, fit, fits, has, ruled, stem_spans, stems, tokens

LETTERS = st.text("abcåäöøæéüñABÅÉ-' 4", max_size=24)


@pytest.mark.parametrize(
    ("language", "asked", "said"),
    [
        ("sv", "leveransen", "Alla leveranser blev sena"), ("sv", "leveransen", "hemleveranser"), ("nb", "bilene", "en bil"),
        ("da", "regninger", "regningen"),
        ("fi", "toimituksen", "toimitukset myöhässä"), ("en", "deliveries", "the delivery"), ("de", "Lieferungen", "schnelle Lieferung"),
        ("fr", "livraisons", "la livraison"), ("nl", "rekeningen", "de rekening"), ("es", "entregas", "la entrega"), ("pt", "entregas", "a entrega"),
        ("no", "bilene", "en bil"), ("sv-FI", "bilarna", "en bil"),
    ],
)  # fmt: skip
def test_a_word_is_found_in_another_form_of_its_language(language: str, asked: str, said: str) -> None:
    (term,) = terms(asked)
    assert has(said, language, term)
    assert fits(said, language, terms(asked))
    assert not fits(said, language, terms(f"-{asked}"))
    assert not has(said, None, term)
    assert stem_spans(said, language, [term])


@pytest.mark.parametrize(
    ("language", "asked", "said"),
    [
        ("sv", "bilar", "en mobil"),
        ("sv", '"leveransen"', "leveranser"),
        ("en", "deliveries", "the delivering"),
        ("sv", "åka", "aka"),
        ("sv", "får", "far"),
    ],
)
def test_other_words_are_not_found(language: str, asked: str, said: str) -> None:
    assert not fits(said, language, terms(asked))


@given(text=LETTERS, word=LETTERS, language=st.sampled_from([*ALGORITHMS, None]))
def test_what_is_written_is_always_found(text: str, word: str, language: str | None) -> None:
    for term in terms(word):
        if matches(text, [Term(term.words, phrase=term.phrase)]):
            assert has(text, language, term)


@given(text=LETTERS, language=st.sampled_from(sorted(ALGORITHMS)))
def test_case_and_accents_change_no_word(text: str, language: str) -> None:
    assert [t for t in tokens(text.upper()) if "ß" not in t] == tokens(text)
    for token in tokens(text):
        assert all(bare(Term((s,))) == s for s in stems(token, language))


def test_a_language_without_rules_has_no_stems() -> None:
    assert [ruled(name) for name in ("is", "", None, "nn-NO", "pt-BR")] == ["-", "-", "-", "nb", "pt"]
    assert stems("bilar", "-") == ()


def test_the_exact_word_in_a_short_text_fits_best() -> None:
    wanted = terms("leveransen")
    exact, inflected, inside, lost = (fit(t, "sv", wanted) for t in ("leveransen", "leveranser", "hemleveransen", "leveransen " + "ord " * 80))
    assert exact > inflected > inside > 0
    assert exact > lost > 0


@given(one=st.text("abc", max_size=6), other=st.text("abc", max_size=6))
def test_slips_are_a_distance(one: str, other: str) -> None:
    assert slips(one, other, 20) == slips(other, one, 20)
    assert (slips(one, other, 20) == 0) == (one == other)
    assert slips(one, one[:-1], 3) == min(1, len(one))
    assert abs(len(one) - len(other)) <= slips(one, other, 20) <= max(len(one), len(other))


def test_the_nearest_word_is_the_most_frequent_of_the_nearest() -> None:
    assert nearest_words("leverns", [("leverans", 2), ("leverens", 5), ("levern", 1), ("leveranser", 9)]) == ["leverens", "leverans", "levern"]
    assert nearest_words("bra", [("bro", 2)]) == []
