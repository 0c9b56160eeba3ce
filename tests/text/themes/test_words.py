"""Telling words: the log-odds against a slower count of the same, what is left out, and languages side by side."""

from math import log, sqrt

import pytest

from gensvar.text.themes.words import PRIOR, Lexicon, words_of

TEXTS = (
    *("the parcel locker was stuck again",) * 3, "a locker ate my parcel", "parcel locker far away", "Parcel Locker out of order",
    "delivery was slow", "nice delivery driver", "the delivery came early", "slow delivery again", "lovely staff", "the price is high",
)  # fmt: skip
LOCKERS = range(6)


def test_the_score_is_the_log_odds_of_monroe_and_others_over_texts_that_have_the_word() -> None:
    """By hand, equations 16 and 22: y = 2 of 6 texts, 4 in all of 12, α = PRIOR · 4/12."""
    lexicon = Lexicon.of(["delivery slow", "delivery", *["staff"] * 4, "delivery", "delivery", *["price"] * 4], "en")
    a, y, rest, n, others = PRIOR * 4 / 12, 2, 2, 6, 6
    gap = log((y + a) / (n + PRIOR - y - a)) - log((rest + a) / (others + PRIOR - rest - a))
    term = next(t for t, form in lexicon.forms.items() if form == "delivery")
    assert lexicon._score(term, 2, 6) == pytest.approx(gap / sqrt(1 / (y + a) + 1 / (rest + a)))
    assert lexicon._score(term, 2, 6) == pytest.approx(0.0)
    assert lexicon._score(term, 4, 6) > 0 > lexicon._score(term, 0, 6)


def test_two_words_that_stand_together_are_said_together_and_no_word_twice() -> None:
    said = Lexicon.of(TEXTS, "en").telling(LOCKERS)
    assert said[0] in {"parcel locker", "locker", "parcel"}
    stems = " ".join(said).split()
    assert len(stems) == len(set(stems))
    assert not {"the", "was", "delivery"} & set(stems)


def test_placeholders_numbers_and_words_of_all_texts_are_never_telling() -> None:
    texts = ["locker [phone] 4711 order", "locker [phone] 4711 order", "locker [e-mail] order", "locker order"] + ["slow order [phone]"] * 8
    said = " ".join(Lexicon.of(texts, "en").telling(range(4)))
    assert "locker" in said
    assert all(word not in said for word in ("phone", "mail", "4711", "order"))


def test_each_language_has_its_own_words_and_a_few_texts_of_one_say_nothing() -> None:
    texts = [*TEXTS, *["paketskåpet gick sönder"] * 5, *["snabb leverans"] * 8, "pakkeboksen virker ikke"]
    languages = ["en"] * len(TEXTS) + ["sv"] * 13 + ["da"]
    group = [*LOCKERS, *range(12, 17), 25]
    (said,) = words_of(texts, languages, [group])
    assert list(said) == ["en", "sv"]
    assert "paketskåpet" in " ".join(said["sv"])


@pytest.mark.parametrize(
    ("language", "greeting", "close"),
    [("sv", "Hejsan", "Mvh"), ("nb", "Heisann", "Mvh"), ("da", "Hejsa", "Mvh"), ("fi", "Moikka", "Terveisin"), ("en", "Hey", "Cheers")],
)
def test_how_people_greet_tells_of_no_theme(language: str, greeting: str, close: str) -> None:
    texts = [f"{greeting}! Zibra kvorn. {close}"] * 6 + ["Zibra", "Fludde", "Mirak"] * 6
    assert Lexicon.of(texts, language).telling(range(6))[0].split()[-1].lower() == "kvorn"
    assert not {greeting.lower(), close.lower()} & set(" ".join(Lexicon.of(texts, language).telling(range(6))).lower().split())
