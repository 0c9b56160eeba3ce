"""The measures of texts: intervals, mappings, and sets that no model has seen."""

import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from evals.text_data import Case, sets
from tools.text import data

from evals import intervals, text_languages, text_tones, text_topic_tones, text_topics
from gensvar.text.labels import TOPICS
from gensvar.text.reading import TopicTone
from gensvar.text.understand import Reader

RIGHT, SAID = np.array([0, 0, 1, 1, 2, 2]), np.array([0, 1, 1, 1, 2, 0])


def test_measures() -> None:
    """scikit-learn 1.7: accuracy_score 0.6667, f1_score(average="macro") 0.6556."""
    assert intervals.accuracy(RIGHT, SAID) == pytest.approx(4 / 6)
    assert intervals.macro_f1(RIGHT, SAID) == pytest.approx(0.6556, abs=1e-4)
    assert intervals.recall(RIGHT, SAID, 1) == 1
    both = np.array([[True, False], [True, True]])
    assert intervals.macro_f1_of_many(both, both) == 1
    assert intervals.macro_f1_of_many(both, ~both) == 0


def test_an_interval_holds_the_value() -> None:
    said = intervals.interval(intervals.accuracy, np.arange(100) % 2, np.zeros(100, int))
    low, high = map(float, said.removeprefix("n 100, ").split("–"))
    assert low < 0.5 < high


def test_the_mapping_names_topics_that_there_are() -> None:
    for mapped in tomllib.loads(text_topics.MAP.read_text("utf-8")).values():
        assert all(topic in TOPICS for topics in mapped.values() for topic in topics)


def test_topics_stand_for_their_own() -> None:
    reading = Reader.load().read(["Maten var god och smaken fantastisk, härlig mat"], ["sv"])[0]
    said = {t.topic for t in reading.whole.topics}
    assert text_topics.means(reading, ["food"]) is any(t.startswith("food") for t in said)
    assert not text_topics.means(reading, ["trip.luggage"])
    right, _ = text_topics.grids([Case("x", 0, frozenset({"a"}))], [reading], {"a": ["food"], "b": ["trip"]})
    assert right.tolist() == [[True, False]]


def test_tones_of_two_and_of_three_classes() -> None:
    reader = Reader.load()
    found = reader.read(["Fantastisk service och trevlig personal!", "Fruktansvärt dålig service, aldrig mer!"], ["sv", "sv"])
    assert text_tones.said(found, 2).tolist() == [data.POSITIVE, data.NEGATIVE]
    assert text_tones.said(found, 3).tolist() == [data.POSITIVE, data.NEGATIVE]
    assert len(text_tones.cascaded(found, found)) == 2


def test_tones_of_topics_are_those_that_people_and_we_judged() -> None:
    one = Reader.load().read(["Maten var fantastisk, men personalen var otrevlig och elak!"], ["sv"])[0]
    whole = replace(one.whole, topics=(TopicTone("food.taste", 1.0, 0.6), TopicTone("staff", 1.0, -0.6), TopicTone("price", 1.0, 0.1)))
    known = text_topic_tones.Case("x", {"food": data.POSITIVE, "staff": data.POSITIVE})
    right, said = text_topic_tones.judged([known], [replace(one, whole=whole)])
    assert (right.tolist(), said.tolist()) == ([data.POSITIVE] * 2, [data.POSITIVE, data.NEGATIVE])
    every = text_topic_tones.Case("x", {text_topic_tones.ANY: data.NEGATIVE})
    right, said = text_topic_tones.judged([every], [replace(one, whole=whole)])
    assert (right.tolist(), said.tolist()) == ([data.NEGATIVE] * 3, [data.POSITIVE, data.NEGATIVE, data.NEUTRAL])


def test_opinions_that_disagree_on_a_topic_say_nothing_of_it() -> None:
    said = [("FOOD", "positive"), ("DRINK", " Negative"), ("ROOM", "neutral"), ("NOTHING", "positive")]
    mapped = {"FOOD": ["food"], "DRINK": ["food", "price"], "ROOM": ["premises"]}
    assert text_topic_tones.mapped(said, mapped) == {"price": data.NEGATIVE, "premises": data.NEUTRAL}


def put(folder: Path, name: str, rows: list[dict[str, object]]) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(rows), folder / f"{name}.parquet")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Small sets of invented texts, laid out as the public ones."""
    words = ["juna", "myöhässä", "hyvä", "huono", "asema", "lippu", "talvi", "kesä", "ruoka", "palvelu"]
    texts = [f"{a} {b} {c}" for a in words for b in words for c in words[:3]]
    put(
        tmp_path,
        "sentiment_fi_finnsentiment/sentences",
        [{"text": t, "label": ("negative", "neutral", "positive")[i % 3]} for i, t in enumerate(texts)],
    )
    put(
        tmp_path,
        "sentiment_sv_reviews/reviews",
        [{"text": f"Flytten gick {w} för {i}", "label": "positive" if i % 2 else "negative"} for i, w in enumerate(texts)],
    )
    splits = ("train", "dev", "test")
    put(
        tmp_path,
        "sentiment_no_norec_sentence/sentences",
        [{"text": f"Filmen er {t}", "label": ("mixed", "neutral")[i % 2], "split": splits[i % 3]} for i, t in enumerate(texts)],
    )
    return tmp_path


def test_what_is_measured_was_never_learned(folder: Path) -> None:
    learned = {data.key(e.text) for e in data.labelled(folder)}
    reported, choosing = sets(folder), sets(folder, choosing=True)
    assert sum(len(s.cases) for s in reported) > 100
    for one, other in zip(reported, choosing, strict=True):
        keys, others = {data.key(c.text) for c in one.cases}, {data.key(c.text) for c in other.cases}
        assert not keys & learned
        if one.name != "Norwegian review sentences":
            assert not keys & others


def test_a_missing_set_is_no_set(tmp_path: Path) -> None:
    assert all(not s.cases for s in sets(tmp_path))
    assert text_languages.evaluate(tmp_path) == []
    assert text_topic_tones.evaluate(tmp_path) == []
    assert data.labelled(tmp_path) == list(data.once([*data.emoji(), *data.phrases()]))
