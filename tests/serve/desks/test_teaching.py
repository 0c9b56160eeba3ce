"""What a house teaches its readers: ratings for nothing, labels by hand, into force only where it helps; and back out again."""

from collections.abc import Iterator, Sequence

import numpy as np
import pytest

from gensvar import flow, reading
from gensvar.house import House, open_house
from gensvar.kit.errors import BadInput, NotFound
from gensvar.kit.scope import whole
from gensvar.kit.settings import read_settings
from gensvar.ledger import Label
from gensvar.serve.desks import labelling, teaching
from gensvar.serve.desks.text_quality import quality
from gensvar.text import teach
from gensvar.text.compact import packed
from gensvar.text.keys import key_of
from tests.houses import NOW, SURVEY, csv

SAID = {5: "Leveransen var sjuk", 1: "Leveransen var lagom"}
"""A house whose customers mean praise by a word that no reader knows."""


def encode(texts: Sequence[str]) -> list[bytes]:
    """A small honest encoder: one direction for each of the two words, and a little of its own for each text."""
    vectors = np.zeros((len(texts), 384), np.float32)
    for row, text in zip(vectors, texts, strict=True):
        row[0 if "sjuk" in text else 1] = 1
        row[2 + key_of(text)[0] % 300] = 0.4
    return packed(np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32))


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house with 160 comments beside ratings, read by an encoder, and taught by its ratings."""
    folder = tmp_path_factory.mktemp("taught")
    settings = read_settings({"data": str(folder / "house"), "memory_mb": "512", "encoder": "e5-small"}, env={})
    with open_house(settings, NOW) as house:
        flow.add_source(house, SURVEY, "test")
        stars = [5 if i % 2 else 1 for i in range(160)]
        rows = [f"{i},2026-09-{1 + i % 28:02d}T10:00:00,p{i}@x.se,SE,{s},{SAID[s]} vecka {i}" for i, s in enumerate(stars)]
        rows += [f"{900 + i},2026-09-01T10:00:00,q{i}@x.se,SE,3,{SAID[5]} ibland {i}" for i in range(5)]
        flow.import_file(house, csv(folder, *rows), "survey")
        feedback = house.engine.table("feedback")
        texts = house.engine.run(feedback.filter(feedback.text.notnull()).select("text"))["text"].to_pylist()
        house.ledger.vectors.put(dict(zip(map(key_of, texts), encode(texts), strict=True)), house.understanding().encoder)
        yield house


def test_ratings_beside_comments_are_labels_and_the_middle_says_nothing(taught: House) -> None:
    found = teaching.by_rating(taught, 1_000)
    assert len(found) == 160
    assert all((one.tone == teach.POSITIVE) == ("sjuk" in one.text) for one in found)
    assert len(teaching.by_rating(taught, 10)) == 10


def test_ratings_teach_go_into_force_and_are_stopped_and_used_again(taught: House) -> None:
    before = taught.understanding().version
    outcome = teaching.teach_house(taught, "anna")[0]
    assert (outcome.kind, outcome.hand, outcome.ratings, outcome.in_force) == ("vectors", 0, 160, True)
    assert outcome.trial.helps
    assert taught.understanding().version == f"{before}+own-{outcome.number}"
    text = "Leveransen var sjuk igen"
    (read,), seen = taught.understanding().readings([text], ["sv"], {key_of(text): encode([text])[0]})
    assert seen
    assert read.whole.tones[2] > 2 * read.whole.tones[0], "what raters of these words gave, positive rather than negative"
    assert reading.unread(taught) == 165
    assert teaching.teach_house(taught, "anna")[0].new is False
    _stopped_and_used(taught, outcome.number)


def _stopped_and_used(taught: House, number: int | None) -> None:
    assert number is not None
    assert teaching.stop(taught, "anna", "vectors") == number
    assert "own" not in taught.understanding().version
    with pytest.raises(NotFound):
        teaching.stop(taught, "anna", "vectors")
    assert teaching.use(taught, "anna", number).state == "in force"
    tried = taught.ledger.text_models.add(
        "vectors", "tried", {"trial": {"n": 60, "why": "no gain", "before": None, "after": None, "gain": None}}, b"", "x"
    )
    with pytest.raises(BadInput, match="did not help"):
        teaching.use(taught, "anna", tried)
    with pytest.raises(NotFound):
        teaching.use(taught, "anna", labelling.draw(taught, whole(), "anna", "fair", 1).id)
    with pytest.raises(BadInput, match="vectors"):
        teaching.stop(taught, "anna", "vector")


def test_labels_by_hand_count_before_ratings_and_the_page_adds_up(taught: House) -> None:
    draw = labelling.draw(taught, whole(), "anna", "fair", 60)
    praise = {key_of(one.text) for one in teaching.by_rating(taught, 1_000) if one.tone == teach.POSITIVE}
    for member in (1, 2):
        for at, one in enumerate(draw.rows):
            tone = "positive" if one.key in praise else "neutral" if at % 20 == 0 and member == 2 else "negative"
            taught.ledger.labels.add(Label(one.key, bytes.fromhex(one.row.replace("-", "")), "sv", tone, member, f"member {member}"))
    hand = teaching.by_hand(taught)
    assert len(hand) == 60
    assert not any(one.rating for one in hand)
    lessons = teaching.lessons(taught, hand + teaching.by_rating(taught, 100), "vectors", None)
    assert int(lessons.counts.sum()) == 60
    found = quality(taught, whole())
    assert (found.own.n, found.own.missing, found.together.n) == (60, 0, 60)
    assert found.own.accuracy is not None
    assert found.own.accuracy.low <= found.own.accuracy.value <= found.own.accuracy.high
    assert found.together.same is not None
    assert found.together.same.value >= 0.9
    assert found.together.pair == ("member 1", "member 2")
    assert sum(one.n for one in found.own.tones) == 60
    assert found.reach.texts == 165
