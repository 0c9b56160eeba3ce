"""Languages: plain texts are known, texts without words are not, and what a source is known to hold is heeded."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tools.text.data import Example
from tools.text.tongues import LONGEST, PIECES, cut, handfuls, neighbours, pages

from gensvar.text.language import LANGUAGES, OF_MARKET, UNSURE, bare, detect, prior_of, spoken

KNOWN = {
    "sv": "Jag väntade i en timme på att någon skulle svara i telefonen, och sedan bröts samtalet.",
    "nb": "Jeg ventet en time på at noen skulle svare på telefonen, og så ble samtalen brutt.",
    "da": "Jeg ventede en time på at nogen skulle tage telefonen, og så blev samtalen afbrudt.",
    "fi": "Odotin tunnin että joku vastaisi puhelimeen, ja sitten puhelu katkesi.",
    "en": "I waited an hour for somebody to answer the phone, and then the call was cut off.",
    "de": "Ich habe eine Stunde gewartet, bis jemand ans Telefon ging, dann wurde das Gespräch unterbrochen.",
    "fr": "J'ai attendu une heure que quelqu'un réponde au téléphone, puis l'appel a été coupé.",
    "nl": "Ik heb een uur gewacht tot iemand de telefoon opnam en toen werd het gesprek verbroken.",
    "es": "Esperé una hora a que alguien contestara el teléfono y luego se cortó la llamada.",
    "pt": "Esperei uma hora até que alguém atendesse o telefone e depois a chamada caiu.",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_plain_texts(language: str) -> None:
    found = detect([KNOWN[language]])[0]
    assert found.language == language
    assert found.probability > 0.8


@pytest.mark.parametrize(
    "text", ["", "   ", "12345", "👍👍", "!!!", "https://example.org/sv/hej", "@tåg", "你好世界", "привет мир", "[e-post]", "x", "\ud800"]
)
def test_cannot_tell(text: str) -> None:
    assert detect([text])[0].language is None


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("tack så mycket", "sv"), ("tusen takk for hjelpen", "nb"), ("mange tak for hjælpen", "da"), ("kiitos paljon", "fi"),
        ("Trevlig personal", "sv"), ("Sålt en bil", "sv"), ("Min upplevelse", "sv"), ("Lidt uheldig", "da"), ("Lækre produkter", "da"),
        ("Fik en vare retur", "da"), ("Fikk ikke svar", "nb"), ("veldig fornøyd", "nb"), ("sehr gut danke", "de"),
    ],
)  # fmt: skip
def test_few_words(text: str, language: str) -> None:
    assert detect([text])[0].language == language


def test_links_and_handles_are_in_no_language() -> None:
    assert bare("Hej @tåg se https://example.org/the/train #fail <br>") == "Hej se"
    assert detect(["@TheTrainCompany #great https://example.org/all-of-this varför kommer inte tåget"])[0].language == "sv"


def test_only_what_may_be() -> None:
    assert detect([KNOWN["nb"]], among=("sv", "da"))[0].language in {"sv", "da", None}
    assert {g.language for g in detect(list(KNOWN.values()), among=("en",))} <= {"en", None}


def test_a_prior_decides_what_words_do_not() -> None:
    text = "super service"
    assert detect([text], prior={"da": 0.98, "nb": 0.02})[0].language == "da"
    assert detect([text], prior={"nb": 0.98, "da": 0.02})[0].language == "nb"
    assert detect([KNOWN["sv"]], prior={"nb": 0.9, "sv": 0.1})[0].language == "sv"


def test_the_market_of_a_row_decides_between_neighbours_and_what_is_told_stays() -> None:
    texts, nothing = pa.array(["super service", "super service", KNOWN["fi"], None, "?"]), pa.nulls(5, pa.string())
    assert spoken(texts, nothing, pa.array(["DK", "NO", "SE", "SE", "SE"]), LANGUAGES).to_pylist() == ["da", "nb", "fi", None, None]
    told = pa.array(["sv-FI", None, "xx", "sv", "fi"])
    assert spoken(texts, told, pa.array(["NO", "NO", None, None, None]), LANGUAGES).to_pylist() == ["sv-FI", "nb", "xx", "sv", "fi"]
    assert spoken(texts, nothing, nothing, ()).to_pylist() == [None] * 5
    for market in (*OF_MARKET, "Region 4", None):
        prior = prior_of(market)
        assert prior is None or (sum(prior.values()) == pytest.approx(1) and set(prior) == set(LANGUAGES))


def test_nearest_neighbours_are_told_apart_by_one_word() -> None:
    said = detect(["Det er noget rod", "Det er noe rot", "Jeg kommer igen", "Jeg kommer igjen", "Maten var god", "Maden var god"])
    assert [g.language for g in said] == ["da", "nb", "da", "nb", "nb", "da"]


def test_what_could_be_many_languages_is_unknown_or_said_with_little_trust() -> None:
    found = detect(["Re: KSTA", "BMVI", "RT"])
    assert all(g.language is None or UNSURE <= g.probability < 0.9 for g in found)


def test_the_words_of_neighbours_stand_in_one_language_only() -> None:
    words = neighbours()
    assert set(words) == {"da", "nb", "sv"}
    assert all(len(column) > 400 for column in words.values())
    assert len(set().union(*words.values())) == sum(map(len, words.values()))
    assert {"noget", "hjælp"} <= set(words["da"])
    assert "noe" in words["nb"]
    assert "ikke" not in words["da"] + words["nb"]
    assert {len(e.text.split()) for e in handfuls(np.random.default_rng(0), 1)} == {1, 2, 3}


def test_pages_teach_the_languages_that_they_are_in() -> None:
    found = pages()
    assert {e.language for e in found} == {"sv", "nb", "da", "fi"}
    assert not any("{" in e.text or "%(" in e.text for e in found)


def test_texts_are_cut_as_short_feedback_is() -> None:
    long = Example(" ".join(f"ord{'a' * (i % 7)}" for i in range(60)), "sv", "own")
    found = [text for text, _ in cut([long], np.random.default_rng(0))]
    assert len(found[0].split()) == LONGEST
    assert [1 <= len(piece.split()) <= 8 for piece in found[1:]] == [True] * PIECES
    assert [text for text, _ in cut([Example("hej då", "sv", "own")], np.random.default_rng(0))] == ["hej då"]


@given(st.lists(st.text(max_size=60), max_size=5))
def test_any_text(texts: list[str]) -> None:
    found = detect(texts)
    assert len(found) == len(texts)
    assert all(g.language is None or g.language in LANGUAGES for g in found)
    assert all(0 <= g.probability <= 1 for g in found)


def test_company_changes_nothing() -> None:
    together = detect(list(KNOWN.values()))
    assert [g.language for g in together] == [detect([t])[0].language for t in KNOWN.values()]
