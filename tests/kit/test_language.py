"""Every message is translated into every language with the same places to fill, and numbers are written as readers write them."""

import re
from datetime import date
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import gensvar
from gensvar.kit.errors import BadInput
from gensvar.kit.language import LANGUAGES, catalogue, phrase, translator

SOURCE = Path(gensvar.__file__).parent
TRANSLATED = tuple(language for language in LANGUAGES if language != "en")
PLACES = re.compile(r"\{(\w+)")
KEYWORDS = {"phrase": None, "gettext": None, "t": None, "ngettext": (1, 2)}
Message = str | tuple[str, ...]


def messages(folder: str) -> set[Message]:
    """What stands in the code as phrase("…"), t("…") or ngettext("…", "…")."""
    found = extract_from_dir(str(SOURCE / folder), method_map=[("**.py", "python")], keywords=KEYWORDS)
    return {message for _, _, message, _, _ in found if message}


def places(text: Message | None) -> list[set[str]]:
    forms = text if isinstance(text, tuple | list) else (text or "",)
    return [set(PLACES.findall(form)) for form in forms]


@pytest.mark.parametrize("language", TRANSLATED)
@pytest.mark.parametrize("folder", ["kit", "measure"])
def test_every_message_is_translated(language: str, folder: str) -> None:
    known = catalogue(language)
    missing = []
    for message in messages(folder):
        found = known.get(message[0] if isinstance(message, tuple) else message)
        forms = () if found is None else found.string if isinstance(found.string, tuple) else (found.string,)
        if not forms or not all(forms):
            missing.append(message)
    assert not missing


@pytest.mark.parametrize("path", sorted((SOURCE / "kit" / "locale").rglob("*.po")), ids=lambda p: f"{p.parts[-3]}-{p.stem}")
def test_places_to_fill_are_the_same(path: Path) -> None:
    with path.open("rb") as file:
        found_messages = list(read_po(file, locale=path.parts[-3]))
    for message in found_messages:
        if message.id:
            wanted = set().union(*places(message.id))
            assert all(found - {"n"} == wanted - {"n"} for found in places(message.string)), message.id
            assert [s for s in places(message.string) if "n" in s] or "n" not in wanted, message.id
            assert not message.fuzzy, message.id


def test_every_language_has_the_same_messages() -> None:
    ids = {language: {str(m.id) for m in catalogue(language) if m.id} for language in TRANSLATED}
    assert len(ids["sv"]) > 40
    for language in TRANSLATED:
        assert ids[language] ^ ids["sv"] == set()


def test_every_metric_says_itself_in_every_language() -> None:
    from gensvar.measure import METRICS

    for metric in METRICS.values():
        said = {language: translator(language)(metric.says) for language in LANGUAGES}
        assert said["en"] == metric.says
        assert all(said[language] != metric.says for language in TRANSLATED)


@pytest.mark.parametrize(("language", "number", "percent", "month", "country"), [
    ("en", "1,234.5", "72 %", "October 2026", "Norway"), ("sv", "1 234,5", "72 %", "oktober 2026", "Norge"),
    ("nb", "1 234,5", "72 %", "oktober 2026", "Norge"), ("da", "1.234,5", "72 %", "oktober 2026", "Norge"),
    ("fi", "1 234,5", "72 %", "lokakuu 2026", "Norja"),
])  # fmt: skip
def test_numbers_and_dates(language: str, number: str, percent: str, month: str, country: str) -> None:
    t = translator(language)
    spaced = re.compile(r"[\u00a0\u202f]")
    assert spaced.sub(" ", t.number(1234.5, 1)) == number
    assert t.number(-1, 0) == "−1"
    assert t.number(-0.2, 0) == "0"
    assert spaced.sub(" ", t.percent(0.7249)) == percent
    assert t.month(date(2026, 10, 5)) == month
    assert t.country("NO") == country
    assert t.country("Europe") == "Europe"
    assert "2026" in t.day(date(2026, 10, 5))


def test_plurals() -> None:
    t = translator("fi")
    assert t.ngettext("About {n} more answer is needed.", "About {n} more answers are needed.", 1) == "Tarvitaan noin 1 vastaus lisää."
    assert t.ngettext("About {n} more answer is needed.", "About {n} more answers are needed.", 20) == "Tarvitaan noin 20 vastausta lisää."
    assert translator("en").ngettext("{n} other", "{n} others", 1) == "1 other"


def test_languages_by_other_names() -> None:
    assert translator("sv-SE").language == "sv"
    assert translator("no").language == translator("nn_NO").language == "nb"
    with pytest.raises(BadInput, match="Languages: en, sv"):
        translator("de")
    assert phrase("As it is.") == "As it is."
    assert translator("sv")("Not translated {x}", x=1) == "Not translated 1"
