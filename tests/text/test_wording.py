"""Words of texts: without names, placeholders and words that say nothing; wanted words in every form."""

import pytest

from gensvar.text.stopwords import stopwords
from gensvar.text.wording import content, spoken, uses, wording


def test_neither_placeholders_nor_names_nor_links_are_words() -> None:
    texts = ["Jag talade med Karin i kassan, [name] ringde", "Då svarade Karin på [e-mail]", "Karin var snabb, se https://example.org/karin"]
    found = wording(texts, "sv")
    assert not {"karin", "name", "mail", "https", "example"} & set().union(*found.stems)
    assert "snabb" in found.counts


def test_a_word_that_begins_a_sentence_is_no_name_and_shouting_is_none() -> None:
    found = wording(["Leveransen kom. Leveransen var sen", "bra leveranser, SNABB leverans", "Snabb"], "sv")
    assert found.counts["leverans"] == 2
    assert found.counts["snabb"] == 2
    assert found.forms["leverans"] == "leveransen"


def test_german_nouns_are_words_and_given_names_are_not() -> None:
    found = wording(["Die Lieferung von Karin kam, und die Lieferung war gut"] * 3, "de")
    assert "lieferung" in found.forms.values()
    assert not any("karin" in one for one in found.stems)


@pytest.mark.parametrize(
    ("text", "language", "phrases", "used"),
    [
        ("De är pålitliga", "sv", ["pålitlig"], True),
        ("Det är lätt att använda", "sv", ["lätt att använda"], True),
        ("Det är lätt, men svårt att använda", "sv", ["lätt att använda"], False),
        ("Deliveries were fast", "en", ["delivery"], True),
        ("[fast delivery]", "en", ["fast"], False),
        ("snabbköp", "sv", ["snabb"], False),
        ("snabb", "sv", [], False),
        ("Hyvä palvelu ja luotettavaa", "fi", ["luotettava"], True),
    ],
)
def test_whether_a_text_uses_a_word(text: str, language: str, phrases: list[str], used: bool) -> None:
    assert uses(spoken(text, language), [spoken(phrase, language) for phrase in phrases]) is used


def test_words_that_judge_say_something() -> None:
    assert content("Det var bra men inte lätt", "sv") == ["bra", "lätt"]
    assert content("good help", "en") == ["good", "help"]
    assert stopwords("-") == frozenset()
