"""Words of texts: without names, placeholders and words that say nothing; wanted words in every form."""

import re
from collections import Counter, defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gensvar.text.redact.names import lexicon
from gensvar.text.stems import folded_word
from gensvar.text.stopwords import stopwords
from gensvar.text.wording import bare, content, spoken, uses, wording


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


WORDS = ["Leveransen", "leveranser", "LEVERANS", "sen", "Sen", "Karin", "Acme", "acme", "bra", "och", "[namn]", "www.x.se", "a@b.se", "Ö", "42"]
MARKS = [" ", " ", " ", ", ", ". ", "  ", "\n", ";  ", "-"]


def slowly(texts: list[str], language: str) -> tuple[list[set[str]], dict[str, Counter[str]]]:
    """The same by reading every word with all that is known of it, one after the other: stems of each text, and stem → how it is written."""
    found, forms = [], defaultdict[str, Counter[str]](Counter)
    inside, capital = Counter[str](), Counter[str]()
    for text in texts:
        plain, stems = bare(text), set[str]()
        for m in re.finditer(r"[^\W\d_]+", plain):
            stem = next(iter(content(m[0], language)), "")
            if not stem or (m[0][0].isupper() and folded_word(m[0]) in lexicon().given):
                continue
            stems.add(stem)
            forms[stem][folded_word(m[0])] += 1
            before = plain[max(0, m.start() - 3) : m.start()].rstrip(" ")
            if before and (before[-1].isalpha() or before[-1] in ",;") and plain[m.start() - 1] == " ":
                inside[stem] += 1
                capital[stem] += m[0][0].isupper() and not (len(m[0]) > 1 and m[0].isupper())
        found.append(stems)
    names = set() if language == "de" else {s for s, n in inside.items() if capital[s] >= 0.6 * n}
    return [one - names for one in found], {s: f for s, f in forms.items() if s not in names}


@given(st.lists(st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(MARKS)), max_size=12), max_size=6), st.sampled_from(["sv", "de", "-"]))
@settings(max_examples=80, deadline=None)
def test_words_are_those_that_one_finds_by_reading_each(texts: list[list[tuple[str, str]]], language: str) -> None:
    written = ["".join(word + mark for word, mark in one) for one in texts]
    stems, forms = slowly(written, language)
    found = wording(written, language)
    assert [set(one) for one in found.stems] == stems
    assert set(found.forms) == set(forms)
    assert all(forms[s][form] == max(forms[s].values()) for s, form in found.forms.items())
