"""What an assumption's words may mean, in five languages; what is not said is not guessed."""

from datetime import date

import pytest

from gensvar.explain.assumptions import Named, guessed

NAMES = (
    Named("measure", "csat.delivery", ("CSAT for delivery", "Nöjdhet med leverans", "Tyytyväisyys toimitukseen")),
    Named("measure", "csat.support", ("Satisfaction with support", "Nöjdhet med supporten")),
    Named("topic", "price", ("Price and value", "Pris och värde", "Pris og verdi", "Pris og værdi", "Hinta ja arvo")),
    Named("topic", "delivery", ("Delivery", "Leverans", "Levering", "Toimitus")),
    Named("market", "FI", ("Finland", "Suomi")),
    Named("market", "NO", ("Norway", "Norge", "Norja")),
)


@pytest.mark.parametrize(
    "text",
    [
        "Price is why they leave in Finland", "Priset är varför de lämnar oss i Finland", "Prisen er hvorfor de forlater oss i Finland",
        "Prisen er grunden til, at de opsiger i Finland", "Hinta on syy siihen, että he lähtevät Suomessa, hinta ja arvo",
    ],
)  # fmt: skip
def test_why_they_leave_somewhere_is_understood_in_each_language(text: str) -> None:
    found = guessed(text, NAMES)
    assert found.form == "outcome"
    assert found.topics[0] == "price"
    assert found.outcome == "left"
    assert found.where == {"market": ("FI",)}


def test_a_level_names_its_measure_place_and_way() -> None:
    found = guessed("Nöjdheten med leveransen är lägre i Norge", NAMES)
    assert (found.form, found.measures[0], found.where, found.way) == ("level", "csat.delivery", {"market": ("NO",)}, "lower")


def test_a_change_names_its_day() -> None:
    assert guessed("Support rose after 2026-08-03", NAMES).day == date(2026, 8, 3)
    assert guessed("Supporten blev bättre efter augusti 2026", NAMES).day == date(2026, 8, 1)
    assert guessed("Tuki parani elokuun 2026 jälkeen", NAMES).day == date(2026, 8, 1)
    assert guessed("Satisfaction with support rose after 2026-08-03", NAMES).form == "change"
    assert guessed("after 2026-13-45 all was better", NAMES).day is None


def test_what_matters_most_is_a_form_of_its_own() -> None:
    assert guessed("Delivery matters most in Norway", NAMES).form == "first"
    assert guessed("Leverans är viktigast i Norge", NAMES).form == "first"


def test_what_is_not_said_is_not_guessed() -> None:
    found = guessed("Our customers like colours", NAMES)
    assert (found.form, found.topics, found.where, found.way, found.outcome, found.day) == (None, (), {}, None, "", None)
    assert guessed("it is both higher and lower", NAMES).way is None
    assert guessed("", NAMES).form is None
