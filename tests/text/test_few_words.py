"""Few-shot without vectors: by the words of the examples, and by words that always mean the topic."""

import pytest

from gensvar.text.few_words import FALSE_ALARM, corpus, few_words

QUEUES = ["Kön i kassan var jättelång", "Stod 20 minuter i kö", "långa köer hela tiden", "alldeles för få kassor öppna, lång kö", "kön rör sig inte"]


def test_words_of_the_examples_are_found_again_and_other_texts_are_left_alone() -> None:
    model = few_words({"queues": QUEUES}, {})
    found = (model.probabilities(["Alldeles för lång kö i kassan igen", "Maten var god och personalen trevlig"])[:, 0] >= 0.5).tolist()
    assert found == [True, False]
    assert (model.probabilities(corpus()) >= 0.5).mean() == pytest.approx(model.alarms[0], abs=1e-4)
    assert model.alarms[0] <= FALSE_ALARM + 1e-3


def test_a_word_that_always_means_the_topic_is_enough_whatever_its_ending() -> None:
    model = few_words({"club": []}, {"club": ["bonuspoäng", "stammis"]})
    texts = ["Mina BONUSPOÄNGEN försvann", "stammisrabatt saknas", "hyperstammis", "inga poäng"]
    assert (model.probabilities(texts)[:, 0] >= 0.5).tolist() == [True, True, False, False]
