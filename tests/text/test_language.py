"""Languages: plain texts are known, texts without words are not, and what a source is known to hold is heeded."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gensvar.text.language import LANGUAGES, bare, detect

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
    [("tack så mycket", "sv"), ("tusen takk for hjelpen", "nb"), ("mange tak for hjælpen", "da"), ("kiitos paljon", "fi"), ("sehr gut danke", "de")],
)
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


@given(st.lists(st.text(max_size=60), max_size=5))
def test_any_text(texts: list[str]) -> None:
    found = detect(texts)
    assert len(found) == len(texts)
    assert all(g.language is None or g.language in LANGUAGES for g in found)
    assert all(0 <= g.probability <= 1 for g in found)


def test_company_changes_nothing() -> None:
    together = detect(list(KNOWN.values()))
    assert [g.language for g in together] == [detect([t])[0].language for t in KNOWN.values()]
