"""Sub-topics that a word gives away: nearly always rightly, in each language, whatever the models say, and in the tone of the right sentence."""

from dataclasses import replace
from importlib.resources import files

import numpy as np
import pytest

from gensvar.text.labels import TOPICS, top
from gensvar.text.telling import WORDS, given_away
from gensvar.text.understand import Reader

RIGHTLY, LEAST = 0.8, 4  # of the corpus' texts with such a word, and of how many at least that is said
READER = Reader.load()
INTEGRATION = {
    "sv": "Integrationen mot bokföringen stannar varje natt.",
    "nb": "Koblingen til regnskapet faller ut hver natt.",
    "da": "Synkroniseringen med regnskabet stopper hver nat.",
    "fi": "Integraatio kirjanpitoon katkeaa joka yö.",
    "en": "The sync with our ledger stops every night.",
    "de": "Die Schnittstelle zur Buchhaltung fällt jede Nacht aus.",
}


def rows() -> list[tuple[set[str], str]]:
    """Topics and text of each row of the corpus that ships."""
    folder = files("gensvar.text") / "corpus"
    lines = [line.split("\t") for entry in folder.iterdir() if entry.name.endswith(".tsv") for line in entry.read_text("utf-8").splitlines()]
    return [({said.rpartition(":")[0] for said in line[1].split()}, line[-1]) for line in lines if len(line) > 2]


@pytest.mark.parametrize("topic", WORDS)
def test_of_the_corpus_texts_with_a_word_four_in_five_have_its_topic(topic: str) -> None:
    having = [topics for topics, text in rows() if topic in given_away(text)]
    assert len(having) >= LEAST
    assert sum(topic in topics for topics in having) >= RIGHTLY * len(having)


def test_every_topic_ships() -> None:
    assert set(WORDS) <= set(TOPICS)


@pytest.mark.parametrize("language", INTEGRATION)
def test_a_broken_link_between_programs_is_found_in_each_language(language: str) -> None:
    found = READER.read([INTEGRATION[language]], [language])[0]
    for judged in (found.whole, found.sentences[0].judged):
        named = [t.topic for t in judged.topics]
        assert named[0] == "features.integration"
        assert top(named[0]) not in named, "the part stands for the whole"


@pytest.mark.parametrize(
    "text", ["A tap over the sink", "Apinoita on söpö katsella", "Fra synkende skip", "Das ist garantiert falsch", "Det kommer takuulla"]
)
def test_a_word_that_only_looks_alike_gives_nothing_away(text: str) -> None:
    assert given_away(text) == ()


def test_the_tone_is_that_of_the_sentence_where_the_word_stands() -> None:
    found = READER.read(["I love the staff, they are wonderful. The integration is awful, it breaks all the time!"], ["en"])[0]
    (tone,) = [t.value for t in found.whole.topics if t.topic == "features.integration"]
    assert tone == pytest.approx(found.sentences[1].judged.value, abs=2e-4)
    assert tone < found.sentences[0].judged.value


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The app is useless and crashes, but the integration is great!", "en"),
        ("Appen är värdelös och kraschar, men integrationen är jättebra!", "sv"),
    ],
)
def test_the_tone_is_that_of_the_clause_where_the_word_stands(text: str, language: str) -> None:
    found = READER.read([text], [language])[0]
    for judged in (found.whole, found.sentences[0].judged):
        (tone,) = [t.value for t in judged.topics if t.topic == "features.integration"]
        assert tone > max(0.2, judged.value)


def test_no_vector_takes_it_back() -> None:
    text = INTEGRATION["sv"]
    fast = READER.read([text, "Bra"], ["sv", "sv"])
    nothing = np.zeros((2, 384), np.float32)
    slow = READER.refine(fast, nothing)
    assert [(t.topic, t.probability) for t in slow[0].whole.topics][:1] == [(t.topic, t.probability) for t in fast[0].whole.topics][:1]
    bare = replace(fast[0], whole=replace(fast[0].whole, topics=()))
    assert "features.integration" not in {t.topic for t in READER.refine([bare], nothing[:1])[0].whole.topics}
