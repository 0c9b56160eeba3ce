"""Every text is read before it is in the hub, and again by the encoder; topics and reasons are asked like any measure, on every engine."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from hashlib import blake2b
from pathlib import Path

import ibis
import numpy as np
import pytest

from gensvar import flow, reading
from gensvar.contracts.tone import TONE
from gensvar.contracts.topic_changes import added, removed
from gensvar.enrich.shifts import By, Shift, together
from gensvar.house import House
from gensvar.kit.errors import BadInput
from gensvar.kit.protected import Protected
from gensvar.kit.scope import whole
from gensvar.measure import Answer, ask, parse_question
from gensvar.text.compact import packed
from gensvar.text.keys import key_of
from tests.houses import csv

TEXTS = ("Leveransen kom en vecka för sent, dåligt", "Väldigt bra och hjälpsam personal, tack!", "Leveransen kom en vecka för sent, dåligt", "")
ROWS = tuple(f"{i},2026-09-0{i}T10:00,p{i}@example.com,{'SE' if i % 2 else 'NO'},{i},{words!r}".replace("'", '"') for i, words in enumerate(TEXTS, 1))


def drawn(texts: Sequence[str]) -> list[bytes]:
    """Vectors of length 1 that depend on the text alone."""
    made = [np.random.default_rng(int.from_bytes(blake2b(t.encode(), digest_size=4).digest(), "big")).normal(size=384) for t in texts]
    return packed(np.array([one / np.linalg.norm(one) for one in made], np.float32))


def texts(house: House) -> list[dict[str, object]]:
    feedback = house.engine.table("feedback")
    found: list[dict[str, object]] = house.engine.run(feedback.filter(feedback.item == "why").order_by("record")).to_pylist()
    return found


def listed(value: object) -> list[str]:
    assert isinstance(value, list)
    return value


def asked(house: House, **words: str) -> Answer:
    question = parse_question("tone", **{"by": "", "where": "", "period": "", "grain": "", "compare": ""} | words, today=date(2026, 10, 15))
    return ask(question, house.engine, house.ledger.measures.all(), whole(), house.today())


def counted(answer: Answer) -> dict[str, int]:
    return {group.key.get("topic") or group.key.get("reason") or "": getattr(group.verdict, "n", 0) for group in answer.groups}


def test_a_text_is_read_on_its_way_in_and_the_tone_of_topics_can_be_asked_for(house: House, tmp_path: Path) -> None:
    assert TONE.key not in house.ledger.measures.all()
    flow.import_file(house, csv(tmp_path, *ROWS), "survey")
    first, second, third = texts(house)
    assert [row["language"] for row in (first, second, third)] == ["sv"] * 3, "found out, since the source does not tell"
    assert first["sentiment"] < 0 < second["sentiment"]  # type: ignore[operator]
    assert {name: first[name] for name in ("sentiment", "topics", "tones", "reasons")} == {
        name: third[name] for name in ("sentiment", "topics", "tones", "reasons")
    }
    assert all(row["enriched_by"] == house.understanding().version for row in (first, second, third))
    assert TONE.key in house.ledger.measures.all()
    assert counted(asked(house)) == {"": 3}
    said = Counter(topic for row in (first, second, third) for topic in listed(row["topics"]))
    assert "delivery" in said
    assert counted(asked(house, by="topic")) == said
    assert counted(asked(house, by="topic", where="topic=delivery")) == {"delivery": said["delivery"]}
    felt = Counter(reason for row in (first, third) for reason in listed(row["reasons"]))
    assert counted(asked(house, by="reason", where="market=SE")) == felt


def test_rows_without_text_are_read_by_nobody(house: House, tmp_path: Path) -> None:
    flow.import_file(house, csv(tmp_path, *ROWS), "survey")
    feedback = house.engine.table("feedback")
    ratings = house.engine.run(feedback.filter(feedback.item == "rating")).to_pylist()
    assert len(ratings) == 4
    assert all(row["enriched_by"] is None and row["sentiment"] is None and row["language"] is None for row in ratings)


def test_what_is_not_of_texts_has_no_topics(house: House, tmp_path: Path) -> None:
    flow.import_file(house, csv(tmp_path, *ROWS), "survey")
    question = parse_question("csat.delivery", by="topic", where="", period="", grain="", compare="", today=date(2026, 10, 15))
    with pytest.raises(BadInput, match="not of texts"):
        ask(question, house.engine, house.ledger.measures.all(), whole(), house.today())
    with pytest.raises(BadInput, match="not by both"):
        asked(house, by="topic", where="reason=intent.help")


def test_the_encoder_reads_each_text_once_and_what_is_sent_again_stays_as_it_was_read(small_house: House, tmp_path: Path) -> None:
    house, given = small_house, []

    def encode(new: Sequence[str]) -> list[bytes]:
        given.extend(new)
        return drawn(new)

    flow.import_file(house, csv(tmp_path, *ROWS), "survey")
    assert reading.unread(house) == 3
    assert [reading.read_again(house, encode), reading.read_again(house, encode)] == [3, 0]
    assert reading.unread(house) == 0
    assert sorted(given) == sorted(set(TEXTS) - {""})
    before = texts(house)
    assert {row["enriched_by"] for row in before} == {house.understanding().refined}
    flow.import_file(house, csv(tmp_path, *ROWS, name="again.csv"), "survey")
    after = texts(house)
    assert [{k: v for k, v in row.items() if k != "received_at"} for row in after] == [
        {k: v for k, v in row.items() if k != "received_at"} for row in before
    ]
    flow.recount(house)
    assert counted(asked(house)) == {"": 3}


def test_a_text_that_changed_while_it_was_encoded_keeps_what_it_says_now(small_house: House, tmp_path: Path) -> None:
    house = small_house
    flow.import_file(house, csv(tmp_path, *ROWS[:1]), "survey")

    def encode(new: Sequence[str]) -> list[bytes]:
        flow.import_file(house, csv(tmp_path, ROWS[0].replace(TEXTS[0], "Allt var mycket bra"), name="changed.csv"), "survey")
        return drawn(new)

    assert reading.read_again(house, encode) == 1
    (row,) = texts(house)
    assert row["text"] == "Allt var mycket bra"
    assert row["enriched_by"] == house.understanding().refined
    assert reading.unread(house) == 0
    stored = house.ledger.vectors.get([key_of(t) for t in (*TEXTS, "Allt var mycket bra")], house.understanding().encoder)
    assert set(stored) == {key_of(TEXTS[0]), key_of("Allt var mycket bra")}


def test_no_text_is_read_anew_before_all_have_their_vectors(small_house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "ENCODED_AT_ONCE", 4)
    house = small_house
    flow.import_file(house, csv(tmp_path, *(f"{i},2026-09-{1 + i:02d}T10:00,,SE,3,Text {i}" for i in range(10))), "survey")
    again, readers = reading.Again(house), []
    while again.step(drawn):
        readers.append({str(row["enriched_by"]) for row in texts(house)})
    assert len(readers) > 3
    assert all(len(one) == 1 for one in readers), "never some of the days by another reader than the others"
    assert readers[-1] == {house.understanding().refined} != readers[0]


def read_on(house: House) -> tuple[int, By]:
    """How many texts were read again without the encoder, and which topics moved."""
    again, rows = reading.Again(house), 0
    moved: By = {}
    while again.step(None):
        rows, moved = rows + again.rows, together(moved, again.moved)
    return rows, moved


def test_models_that_changed_read_everything_again_by_the_workers_of_each_engine_and_tell_what_moved(house: House, tmp_path: Path) -> None:
    flow.import_file(house, csv(tmp_path, *ROWS), "survey")
    before = texts(house)
    topics = house.ledger.taxonomies
    topics.change(removed(added(topics.current(), {"en": "Slow"}, [], terms=["vecka"]), "delivery"), "removed", "anna")
    spread = replace(house, settings=replace(house.settings, encoder="none", workers=2))
    assert reading.unread(spread) == 3
    rows, moved = read_on(spread)
    after = texts(house)
    assert [row["sentiment"] for row in after] == [row["sentiment"] for row in before]
    assert "delivery" in listed(before[0]["topics"])
    assert "delivery" not in listed(after[0]["topics"])

    said = moved["customer"]
    assert (rows, set(moved), said.texts, said.moved, said.anew) == (3, {"customer"}, 3, 2, 0)
    assert (said.topics["delivery"], said.topics["slow"]) == (Shift(2, 0, 2), Shift(0, 2, 0))
    assert said.moves[("delivery", "slow")] == 2
    assert read_on(spread) == (0, {})

    ids = {t.id for t in topics.current()}
    feedback = house.engine.table("feedback")
    house.engine.merge("feedback", house.engine.run(feedback.filter(feedback.text.notnull()).mutate(enriched_by=ibis.literal("earlier"))))
    rows, moved = read_on(spread)
    assert (rows, moved["customer"].texts, moved["customer"].moved, moved["customer"].anew) == (3, 3, 0, 3)
    assert not moved["customer"].moves
    assert [row["topics"] for row in texts(house)] == [row["topics"] for row in after]
    assert {t.id for t in topics.current()} == ids, "an id is the same however often texts are read"


def test_of_protected_people_nothing_is_told_that_moved(small_house: House, tmp_path: Path) -> None:
    flow.import_file(small_house, csv(tmp_path, *ROWS), "survey")
    small_house.ledger.taxonomies.change(removed(small_house.ledger.taxonomies.current(), "delivery"), "removed", "anna")
    settings = replace(small_house.settings, encoder="none", anonymous=Protected.read("customer=3"))
    assert read_on(replace(small_house, settings=settings)) == (3, {})


def test_what_is_removed_leaves_no_vector(small_house: House, tmp_path: Path) -> None:
    house = small_house
    flow.import_file(house, csv(tmp_path, *ROWS), "survey")
    reading.read_again(house, drawn)
    assert house.ledger.vectors.count(house.understanding().encoder) == 2
    flow.remove(house, "survey", ["2"])
    assert house.ledger.vectors.get([key_of(TEXTS[1])], house.understanding().encoder) == {}
    assert house.ledger.vectors.count(house.understanding().encoder) == 1


def test_texts_of_an_earlier_release_are_read_and_their_tone_can_be_asked_for(small_house: House, tmp_path: Path) -> None:
    house = small_house
    flow.import_file(house, csv(tmp_path, *ROWS), "survey")
    with house.ledger._db.write() as conn:
        conn.exec_driver_sql("DELETE FROM measures WHERE key = 'tone@1'")
    assert TONE.key not in house.ledger.measures.all()
    assert reading.read_again(house, drawn) == 3
    assert TONE.key in house.ledger.measures.all()
    flow.recount(house)
    assert counted(asked(house)) == {"": 3}


def test_what_is_taken_out_of_a_text_is_replaced_in_the_language_that_was_found_out(house: House, tmp_path: Path) -> None:
    flow.import_file(
        house, csv(tmp_path, '1,2026-09-01T10:00,a@example.org,NO,5,"Ingen svarer når jeg ringer, skriv heller til kari@example.org"'), "survey"
    )
    (row,) = texts(house)
    assert (row["language"], row["text"]) == ("nb", "Ingen svarer når jeg ringer, skriv heller til [e-post]")
