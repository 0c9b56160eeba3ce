"""A question is a sentence in each of the five languages."""

import pytest

from gensvar.contracts import DIMENSIONS
from gensvar.serve.web.asked import AGAINST, GRAIN_NAMES, PERIODS, Asked
from gensvar.serve.web.sentence import place_of, sentence_of
from gensvar.serve.web.words import LANGUAGES, Words
from tests.serve.web.desk import DELIVERY

NORWAY = Asked({"market": "NO"}, "last quarter", "year before")
MANY = Asked({"market": "NO,SE", "channel": "app", "product": "50%25"}, "2026-Q3", "market=DK", "segment", "week")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Delivery, in Norway, last quarter, against the same quarter last year"),
        ("sv", "Leverans, i Norge, förra kvartalet, mot samma kvartal i fjol"),
        ("nb", "Levering, i Norge, forrige kvartal, mot samme kvartal i fjor"),
        ("da", "Levering, i Norge, sidste kvartal, mod samme kvartal sidste år"),
        ("fi", "Toimitus, Norja, viime neljännes, verrattuna viime vuoden samaan neljännekseen"),
    ],
)
def test_one_filter_and_a_comparison(language: str, said: str) -> None:
    assert sentence_of(NORWAY, DELIVERY, Words(language)) == said


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Delivery, in Norway and Sweden, channel app, product 50%, by segment, 2026-Q3, against in Denmark, trend by week"),
        ("sv", "Leverans, i Norge och Sverige, kanal app, produkt 50%, per segment, 2026-Q3, mot i Danmark, trend per vecka"),
        ("nb", "Levering, i Norge og Sverige, kanal app, produkt 50%, per segment, 2026-Q3, mot i Danmark, trend per uke"),
        ("da", "Levering, i Norge og Sverige, kanal app, produkt 50%, pr. segment, 2026-Q3, mod i Danmark, tendens pr. uge"),
        ("fi", "Toimitus, Norja ja Ruotsi, kanava: app, tuote: 50%, segmenteittäin, 2026-Q3, verrattuna: Tanska, kehitys viikoittain"),
    ],
)
def test_many_filters(language: str, said: str) -> None:
    assert sentence_of(MANY, DELIVERY, Words(language)) == said


def test_what_stands_at_its_default_is_said_and_nothing_else() -> None:
    assert sentence_of(Asked(), DELIVERY, Words("en")) == "Delivery, last 3 months, against the period before"
    assert sentence_of(Asked(period="all"), None, Words("en")) == "Everything, all time"
    assert sentence_of(Asked(against="none"), DELIVERY, Words("en")) == "Delivery, last 3 months"
    assert sentence_of(Asked(against="2025-Q3"), DELIVERY, Words("en")) == "Delivery, last 3 months, against 2025-Q3"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_question_has_a_sentence_of_its_own(language: str) -> None:
    asked = [Asked(period=p, against=a, by=b, grain=g) for p in PERIODS for a in AGAINST for b in ("", *DIMENSIONS) for g in GRAIN_NAMES]
    said = {sentence_of(a, DELIVERY, Words(language)) for a in asked}
    different = {(a.period, a.against_text, a.by, a.grain) for a in asked}
    assert len(said) == len(different)
    assert not any("{" in s or ", ," in s for s in said)


def test_the_place_alone() -> None:
    assert place_of(NORWAY, Words("en")) == "in Norway"
    assert place_of(Asked({"channel": ""}), Words("en")) == "channel channel not stated"
    assert place_of(Asked(), Words("sv")) == ""
