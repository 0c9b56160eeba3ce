"""What was understood becomes columns: parents beside their parts, the stronger tone where a topic is met twice, effort only where it is told of."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gensvar.contracts.topics import Taxonomy, Topic, shipped
from gensvar.enrich import READ, ReadBatch, Understanding, encoder_version, with_columns
from gensvar.enrich.columns import Understood, understood
from gensvar.enrich.work import READ_ROWS
from gensvar.text.labels import TOPICS, top
from gensvar.text.reading import Judgement, Reading, TopicTone

HOUSE = Understanding(("sv", "en"))


def judged(*topics: tuple[str, float], causes: tuple[str, ...] = (), intent: str = "complaint") -> Reading:
    found = tuple(TopicTone(topic, 0.9, value) for topic, value in topics)
    whole = Judgement(-0.25, "negative", (0.6, 0.2, 0.1, 0.1), found, intent, causes, ("urgent",), "anger", 0.61234)
    return Reading("sv", whole, (), "some-1")


def read(reading: Reading, taxonomy: Taxonomy | None = None) -> Understood:
    return understood(reading, taxonomy or shipped(), "v")


def test_a_part_brings_its_topic_with_the_strongest_tone() -> None:
    found = read(judged(("delivery.late", -0.8), ("delivery.courier", 0.5), ("price", 0.1)))
    assert found.topics == ("delivery", "delivery.late", "delivery.courier", "price")
    assert found.tones == ("delivery=-0.796875", "delivery.late=-0.796875", "delivery.courier=0.5", "price=0.09375")


def test_reasons_say_their_kind() -> None:
    found = read(judged(causes=("technical_obstacle", "superfluous_steps")))
    assert found.reasons == ("intent.complaint", "emotion.anger", "cause.technical_obstacle", "cause.superfluous_steps", "mark.urgent")
    assert (found.intent, found.sentiment, found.certainty, found.language) == ("complaint", -0.25, 0.6123, "sv")


@pytest.mark.parametrize(
    ("reading", "effort"),
    [
        (judged(causes=("left_to_user",)), 1.0),
        (judged(causes=("technical_obstacle",)), None),
        (judged(("usability.checkout", 0.7)), 0.0),
        (judged(("usability", -0.7)), None),
        (judged(("usability", 0.9), causes=("unclear_instructions",)), 1.0),
        (judged(), None),
    ],
)
def test_effort_is_told_or_it_is_not_known(reading: Reading, effort: float | None) -> None:
    assert read(reading).effort == effort


def test_a_text_that_says_nothing_has_only_a_version() -> None:
    said = judged(("price", 0.5))
    silent = Reading(None, said.whole, (), "some-1", said=False)
    assert read(silent) == Understood(None, None, None, None, None, None, None, None, "v")


def test_topics_stand_as_the_taxonomy_has_them_today() -> None:
    topics = dict(shipped().topics)
    topics["delivery.late"] = Topic(id="delivery.late", parent="delivery", into="trip.delay")
    topics["price"] = Topic(id="price", removed=True)
    found = read(judged(("delivery.late", -0.8), ("price", 0.4), ("nothing.known", 1.0)), Taxonomy(3, topics))
    assert found.topics == ("trip", "trip.delay")


@given(st.lists(st.tuples(st.sampled_from(TOPICS), st.floats(-1, 1)), max_size=8))
def test_every_part_stands_beside_its_whole_and_every_topic_has_one_tone(said: list[tuple[str, float]]) -> None:
    found = read(judged(*said))
    topics, tones = found.topics or (), found.tones or ()
    assert [tone.partition("=")[0] for tone in tones] == list(topics)
    assert len(set(topics)) == len(topics)
    assert {top(topic) for topic in topics} <= set(topics)
    assert {topic for topic, _ in said} <= set(topics)
    assert all(-1 <= float(tone.partition("=")[2]) <= 1 for tone in tones)


def test_columns_are_filled_where_there_is_text_and_a_language_that_was_told_stays() -> None:
    rows = pa.table({"text": ["Bra", None, "Dåligt"], "language": ["sv", "nb", None], "score": [1, 2, 3]})
    found = HOUSE.enriched(rows, {})
    assert found.column_names[:3] == ["text", "language", "score"]
    assert found["language"].to_pylist()[1] == "nb"
    assert [value is None for value in found["enriched_by"].to_pylist()] == [False, True, False]
    assert found["topics"].to_pylist()[1] is None


def test_rows_without_any_text_come_back_as_they_are() -> None:
    for rows in (pa.table({"score": [1.0]}), pa.table({"text": pa.array([None, ""], pa.string())})):
        assert HOUSE.enriched(rows, {}) is rows


def test_equal_texts_are_read_alike_wherever_they_stand() -> None:
    texts = ["Leveransen var sen", "Tack!", "Leveransen var sen"]
    together = HOUSE.enriched(pa.table({"text": texts, "language": ["sv"] * 3}), {}).to_pylist()
    alone = [HOUSE.enriched(pa.table({"text": [t], "language": ["sv"]}), {}).to_pylist()[0] for t in texts]
    assert together == alone


def test_work_over_batches_says_the_same_as_reading_at_once() -> None:
    rows = pa.table({"id": ["a", "b", "c"], "text": ["Leveransen var sen", None, "👍"], "language": pa.array([None, None, None], pa.string())})
    made = ReadBatch(HOUSE)(rows.to_batches()[0])
    assert made.schema == READ_ROWS
    assert made.to_pylist() == HOUSE.enriched(rows, {}).select(READ_ROWS.names).to_pylist()
    nothing = ReadBatch(HOUSE)(rows.slice(0, 0).to_batches(max_chunksize=1)[0] if rows.slice(0, 0).to_batches() else _empty(rows))
    assert nothing.num_rows == 0
    assert nothing.schema == READ_ROWS


def _empty(rows: pa.Table) -> pa.RecordBatch:
    return pa.RecordBatch.from_pylist([], schema=rows.schema)


def test_with_columns_puts_each_value_in_its_place() -> None:
    one = read(judged(("price", 0.5)))
    rows = with_columns(pa.table({"text": ["a", "b"]}), [1], [one])
    assert rows.select(list(READ)).to_pylist()[0] == dict.fromkeys(READ)
    assert rows["topics"].to_pylist()[1] == ["price"]


def test_each_encoder_has_a_version_of_its_own() -> None:
    versions = [
        encoder_version(*given)
        for given in (("e5-small",), ("/models/a",), ("/models/b",), ("https://m.example/v1", "x"), ("https://m.example/v1", "y"))
    ]
    assert len(set(versions)) == 5
    assert versions[0].startswith("e5-small")
    assert encoder_version("none") == ""
