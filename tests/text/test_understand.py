"""What a reader promises of any text, and what it understands of plain ones in each language."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gensvar.text.encoder.e5 import E5
from gensvar.text.heads import Heads
from gensvar.text.labels import CAUSES, EMOTIONS, FLAGS, INTENTS, TONES, TOPICS, top
from gensvar.text.outputs import COLUMNS, EMOTION, TONE, TOPIC, exact, probabilities
from gensvar.text.reading import Judgement, Reading
from gensvar.text.student import Student
from gensvar.text.understand import MOST_TOPICS, Reader

ANY = st.text(max_size=120)
READER = Reader.load()


def one(text: str) -> Reading:
    return READER.read([text], [None])[0]


def holds(j: Judgement) -> None:
    """What is true of every judgement."""
    assert -1 <= j.value <= 1
    assert j.tone in TONES
    assert sum(j.tones) == pytest.approx(1, abs=0.001)
    assert j.probability == max(j.tones)
    assert 0 <= j.certainty <= 1
    assert len(j.topics) <= MOST_TOPICS
    assert all(t.topic in TOPICS and 0 <= t.probability <= 1 and -1 <= t.value <= 1 for t in j.topics)
    assert [t.probability for t in j.topics] == sorted((t.probability for t in j.topics), reverse=True)
    named = {t.topic for t in j.topics}
    assert not any(top(t) in named for t in named if top(t) != t)
    assert j.intent in INTENTS
    assert j.emotion in EMOTIONS
    assert set(j.causes) <= set(CAUSES)
    assert set(j.flags) <= set(FLAGS)


@settings(max_examples=60)
@given(st.lists(ANY, max_size=5))
def test_any_text_is_read(texts: list[str]) -> None:
    found = READER.read(texts, [None] * len(texts))
    assert len(found) == len(texts)
    for text, r in zip(texts, found, strict=True):
        holds(r.whole)
        assert r.said is bool(r.sentences)
        for s in r.sentences:
            assert 0 <= s.start < s.end <= len(text)
            holds(s.judged)


@settings(max_examples=30)
@given(st.lists(ANY, min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_company_and_order_change_nothing(texts: list[str], random: object) -> None:
    together = READER.read(texts, [None] * len(texts))
    alone = [one(t) for t in texts]
    for a, b in zip(together, alone, strict=True):
        np.testing.assert_allclose(a.whole.tones, b.whole.tones, atol=2e-3)
        assert len(a.sentences) == len(b.sentences)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   \n",
        "...",
        "\x00",
        "1" * 1_000_000,
        "a" * 1_000_000,
        "<script>alert(1)</script>",
        "def f(x): return x",
        "\ud800",
        "‮abc‬",
        "你好 мир שלום",
        "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘!͖̬̰̙̗̿̋ͥͥ̂ͣ̐́́͜͞",
    ],
)
def test_hostile_texts(text: str) -> None:
    r = one(text)
    holds(r.whole)
    assert r.said or r.whole.certainty == 0


def test_a_long_text_takes_no_longer_than_its_first_part() -> None:
    begun = time.process_time()
    one("Bra service men dyrt. " * 50_000)
    assert time.process_time() - begun < 5


def test_nothing_said_is_nothing_judged() -> None:
    r = one(" \n ")
    assert (r.said, r.sentences, r.whole.tone, r.whole.certainty) == (False, (), "neutral", 0.0)


def test_languages_are_passed_through() -> None:
    assert [r.language for r in READER.read(["Hej", "Hei"], ["sv", None])] == ["sv", None]
    with pytest.raises(ValueError, match="1 texts, 2 languages"):
        READER.read(["Hej"], ["sv", "nb"])
    assert READER.read([], []) == []


BAD = [
    "Fruktansvärt dålig service, aldrig mer!",
    "Elendig kundeservice, aldri igjen",
    "Forfærdelig service, aldrig igen",
    "Surkea palvelu, en suosittele kenellekään",
    "Terrible service, never again",
    "Schrecklicher Service, nie wieder",
]
GOOD = [
    "Fantastisk service och trevlig personal!",
    "Veldig hyggelig og hjelpsom betjening, anbefales!",
    "Fantastisk service, kan varmt anbefales",
    "Erinomainen palvelu, suosittelen lämpimästi!",
    "Fantastic service and lovely staff!",
    "Toller Service, sehr freundlich, gerne wieder!",
]


@pytest.mark.parametrize(("bad", "good"), list(zip(BAD, GOOD, strict=True)))
def test_blame_and_praise_in_six_languages(bad: str, good: str) -> None:
    assert one(bad).whole.tone == "negative"
    assert one(good).whole.tone == "positive"
    assert one(bad).whole.value < 0 < one(good).whole.value


def test_contrast_is_heard_by_sentence() -> None:
    r = one("Maten var fantastisk och vällagad. Servicen var däremot bedrövlig och långsam!")
    first, second = (s.judged.value for s in r.sentences)
    assert first > 0 > second
    assert r.whole.tones[TONES.index("mixed")] > one("Maten var fantastisk och vällagad.").whole.tones[TONES.index("mixed")]


@pytest.mark.parametrize(("text", "sign"), [("👍👍", 1), ("😡", -1), ("❤️", 1), ("🤬🤬", -1)])
def test_emoji_have_a_tone(text: str, sign: int) -> None:
    assert one(text).whole.value * sign > 0


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("Paketet kom aldrig fram", "delivery"), ("The app keeps crashing after the update", "reliability"), ("Viel zu teuer", "price"),
        ("Maten var god", "food"), ("Jeg satt i telefonkø i en time før noen svarte", "support"), ("Lönen är för låg", "work.pay"),
    ],
)  # fmt: skip
def test_topics_by_vectors(text: str, topic: str, e5: E5) -> None:
    found = READER.refine([one(text)], e5.encode([text]))[0]
    assert topic in {top(t.topic) for t in found.whole.topics}


@pytest.fixture(scope="module")
def e5() -> E5:
    return E5.load()


def test_refining_keeps_sentences_and_judges_the_whole_anew(e5: E5) -> None:
    texts = ["Kan inte klaga på något", "", "Hyfsat men inget jag skulle köpa igen"]
    before = READER.read(texts, ["sv"] * 3)
    after = READER.refine(before, e5.encode(texts))
    assert [r.sentences for r in after] == [r.sentences for r in before]
    assert after[1] == before[1]
    assert after[2].whole != before[2].whole
    for r in after:
        holds(r.whole)
    assert READER.refine([], np.zeros((0, 384), np.float32)) == []
    with pytest.raises(ValueError, match="1 readings, 2 vectors"):
        READER.refine(before[:1], np.zeros((2, 384), np.float32))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The integration lost our receipts and nobody at support answered.", "en"),
        ("Integrationen tappade våra kvitton och supporten svarade aldrig.", "sv"),
    ],
)
def test_a_topic_moves_as_the_encoder_moves_its_text(text: str, language: str, e5: E5) -> None:
    fast = READER.read([text], [language])
    slow = READER.refine(fast, e5.encode([text]))[0].whole
    before = {t.topic: t.value for t in fast[0].whole.topics}
    moved = np.arctanh(slow.value) - np.arctanh(fast[0].whole.value)
    found = [(t.value, before[t.topic]) for t in slow.topics if t.topic in before]
    assert found
    assert abs(moved) > 0.05
    for now, then in found:
        assert np.arctanh(now) - np.arctanh(then) == pytest.approx(moved, abs=5e-3)


def test_a_language_has_a_tilt_of_its_own(e5: E5) -> None:
    text = "Toimitus tuli tiistaina, ja laatikko oli ruskea."
    finnish, unknown = (READER.refine(READER.read([text], [language]), e5.encode([text]))[0].whole.tones for language in ("fi", None))
    assert finnish[1] < unknown[1], "Finnish texts to learn from were mostly neutral, which is taken back"


def test_the_heads_name_the_vectors_they_read(e5: E5) -> None:
    assert Heads.load().encoder == e5.version


def test_what_is_about_the_same_lies_nearer_when_feelings_are_left_out(e5: E5) -> None:
    seen = e5.encode(["Leveransen var fantastisk", "Leveransen var bedrövlig", "Maten var fantastisk", "Maten var bedrövlig"])
    about = Heads.load().about(seen)
    np.testing.assert_allclose(np.linalg.norm(about, axis=1), 1, atol=1e-5)
    before, after = (near[0, 1] - near[0, 2] + near[2, 3] - near[1, 3] for near in (seen @ seen.T, about @ about.T))
    assert after > before + 0.02


@pytest.mark.parametrize(("text", "language", "tone"), [
    ("Inte bra", "sv", "negative"), ("Leveransen kom för sent", "sv", "negative"), ("Ikke bra", "nb", "negative"),
    ("Leveringen kom for sent", "da", "negative"),
    ("Toimitus oli myöhässä", "fi", "negative"), ("Nicht gut", "de", "negative"), ("Not good", "en", "negative"),
    ("Tack för hjälpen!", "sv", "positive"),
])  # fmt: skip
def test_short_feedback_is_read_as_it_is_meant(text: str, language: str, tone: str) -> None:
    assert READER.read([text], [language])[0].whole.tone == tone


def test_nothing_overflows() -> None:
    holds(one("not " * 19_000).whole)


def test_sums_of_parts_are_the_sum_of_the_whole() -> None:
    student = Student.load()
    parts = student.sums(["Bra mat", "men dyrt", "Aldrig mer"])
    whole = parts.over(np.array([0, 2]))
    np.testing.assert_allclose(whole.rows[0], parts.rows[0] + parts.rows[1], rtol=1e-5)
    np.testing.assert_allclose(whole.squares, [parts.squares[:2].sum(), parts.squares[2]], rtol=1e-5)
    assert student.scores(whole).shape == (2, COLUMNS)


def test_columns_of_all_models() -> None:
    assert len(TONES) + len(TOPICS) + len(INTENTS) + len(CAUSES) + len(FLAGS) + len(EMOTIONS) == COLUMNS
    assert EMOTION.stop == COLUMNS
    scores = np.zeros((1, COLUMNS), np.float32)
    scores[0, TONE] = [5, 0, 0, 0]
    scores[0, TOPIC][TOPICS.index("delivery.late")] = 4
    said = probabilities(scores)
    assert said.tones[0].argmax() == 0
    assert said.topics[0, TOPICS.index("delivery")] == said.topics[0, TOPICS.index("delivery.late")]
    named = said.topics > 0.9
    assert [TOPICS[i] for i in np.flatnonzero(exact(named)[0])] == ["delivery.late"]
