"""Protected people at the other doors: comments without names, values that may be named, rows that are not shown."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from gensvar import flow
from gensvar.contracts.rows import SetAside
from gensvar.house import House, open_house
from gensvar.kit.errors import NotAllowed
from gensvar.kit.scope import Scope, whole
from gensvar.measure import Period, Question
from gensvar.serve.desk import HouseDesk
from gensvar.serve.desks.unnamed import COVER, Unnamed, unnamed_comments
from tests.flow.test_release import PULSE, TODAY, row, send, settings_in
from tests.houses import SURVEY, csv
from tests.laws.staff import AUGUST, MONTHS, SEPTEMBER, Said

WORDS = "too many meetings"


@pytest.fixture
def staffed(tmp_path: Path) -> Iterator[House]:
    with open_house(settings_in(tmp_path), TODAY) as house:
        flow.add_source(house, PULSE, "test")
        flow.add_source(house, SURVEY, "test")
        yield house


def writers(units: dict[str, int], month: int = 0, first: int = 0) -> list[str]:
    each = [unit for unit, count in units.items() for _ in range(count)]
    said = [Said(first + i, unit, "SE", MONTHS[month], float(i % 11)) for i, unit in enumerate(each)]
    return [row(s.person, s, f"{WORDS} {s.person} in our team" if i % 2 else f"fine {s.person}") for i, s in enumerate(said)]


def read(house: House, scope: Scope | None = None, period: Period | None = None, words: str = "", **where: str) -> list[Unnamed]:
    return unnamed_comments(house, scope or whole(), {d: (v,) for d, v in where.items()}, period, words, 500)


def test_comments_come_from_blocks_of_ten_writers_without_anything_that_tells_two_apart(staffed: House, tmp_path: Path) -> None:
    send(staffed, tmp_path, *writers({"A": 14, "B": 12, "C": 3}))
    found = read(staffed)
    assert len(found) == 29
    assert {f.month for f in found} == {MONTHS[0]}
    assert {f.dims.get("unit") for f in found} == {"A", None}, "the twelve stand in for the three, and neither is named"
    assert {f.audience for f in found} == {"employee"}
    assert set(Unnamed.__slots__) == {"text", "language", "month", "audience", "dims"}
    assert [f.text for f in read(staffed, unit="A")] == [f.text for f in found if f.dims.get("unit") == "A"]
    assert read(staffed, unit="C") == read(staffed, unit="nonsense") == []


def test_nine_writers_are_too_few_and_late_ones_wait(staffed: House, tmp_path: Path) -> None:
    send(staffed, tmp_path, *writers({"A": 9}))
    assert read(staffed) == []
    send(staffed, tmp_path, *writers({"A": 1}, first=50), name="tenth.csv")
    assert len(read(staffed)) == 10
    send(staffed, tmp_path, *writers({"A": 9}, first=60), name="late.csv")
    assert len(read(staffed)) == 10


def test_words_choose_texts_and_filters_choose_blocks(staffed: House, tmp_path: Path) -> None:
    send(staffed, tmp_path, *writers({"A": 12}), *writers({"A": 12}, month=1, first=100))
    assert len(read(staffed, words="MEETINGS team")) == 12
    assert len(read(staffed, period=AUGUST)) == len(read(staffed, period=SEPTEMBER)) == 12
    assert read(staffed, period=Period(AUGUST.first, AUGUST.first)) == []
    assert read(staffed, Scope(free_text=False)) == []
    assert read(staffed, Scope(rows={"unit": frozenset({"B"})})) == []
    assert read(staffed, Scope(rows={"audience": frozenset({"customer"})})) == []
    assert len(read(staffed, Scope(rows={"unit": frozenset({"A"})}))) == 24


def test_the_order_tells_nothing_and_pages_go_on(staffed: House, tmp_path: Path) -> None:
    send(staffed, tmp_path, *writers({"A": 40}))
    found = [f.text for f in read(staffed)]
    assert found == [f.text for f in read(staffed)]
    numbers = [int("".join(c for c in text if c.isdigit())) for text in found]
    assert numbers not in (sorted(numbers), sorted(numbers, reverse=True))
    paged = [f.text for after in (0, 15, 30) for f in unnamed_comments(staffed, whole(), {}, None, "", 15, after)]
    assert paged == found


def test_what_is_erased_is_gone_and_a_block_below_ten_with_it(staffed: House, tmp_path: Path) -> None:
    send(staffed, tmp_path, *writers({"A": 11}))
    flow.remove(staffed, "pulse", ["0"])
    assert len(read(staffed)) == 10
    flow.remove(staffed, "pulse", ["1"])
    assert read(staffed) == [], "nobody learns which one went"


def test_a_desk_names_only_what_may_be_named(staffed: House, tmp_path: Path) -> None:
    send(staffed, tmp_path, *writers({"A": 14, "B": 8, "D": 1}))
    flow.import_file(staffed, csv(tmp_path, "1,2026-09-01T10:00:00,a@example.org,DK,5,fine"), "survey")
    desk = HouseDesk(staffed, whole())
    assert desk.dimension_values("unit") == ["A", "B"]
    assert desk.dimension_values("market") == ["SE", "DK"]
    assert desk.audiences() == {"mood": "employee", "csat.delivery": "customer", "tone": "employee"}
    swedish = desk.under(Scope(rows={"unit": frozenset({"A"})}), "her")
    assert swedish.dimension_values("unit") == ["A"]


def test_no_row_of_theirs_is_shown_by_itself(staffed: House, tmp_path: Path) -> None:
    send(staffed, tmp_path, *writers({"A": 14}))
    flow.import_file(staffed, csv(tmp_path, "1,2026-09-01T10:00:00,a@example.org,DK,5,fine"), "survey")
    desk = HouseDesk(staffed, whole())
    for record in ("1", "nowhere"):
        with pytest.raises(NotAllowed, match="protected"):
            desk.record("pulse", record)
    assert [r["score"] for r in desk.record("survey", "1") if r["score"] is not None] == [5.0]


def test_a_row_set_aside_is_covered_and_can_still_be_repaired(staffed: House, tmp_path: Path) -> None:
    send(staffed, tmp_path, "900,2026-08-03,D,SE,44,whoever I am", *writers({"A": 14}))
    desk = HouseDesk(staffed, whole())
    (aside,) = desk.set_aside_page("pulse", None, "open", 0, 10)
    assert aside.record == COVER
    shown = desk.set_aside_row(aside.id)
    assert shown.raw == {"id": COVER, "answered": COVER, "team": COVER, "country": COVER, "mood": "44", "words": COVER}
    assert "whoever" not in json.dumps(shown.raw)
    assert desk.replay([aside.id], {**shown.raw, "mood": "4"})["accepted"] == 1
    found = staffed.engine.run(staffed.engine.table("feedback").filter(lambda t: t.record == "900")).to_pylist()
    assert {(r["unit"], r["score"]) for r in found if r["score"] is not None} == {("D", 4.0)}


def test_other_rows_set_aside_are_shown_as_they_are(staffed: House) -> None:
    staffed.ledger.set_aside.add([SetAside("survey", "bad_score", "?", json.dumps({"id": "1", "stars": "x"}), "1", field="stars")], "test")
    desk = HouseDesk(staffed, whole())
    (aside,) = desk.set_aside_page("survey", None, "open", 0, 10)
    assert (aside.record, desk.set_aside_row(aside.id).raw) == ("1", {"id": "1", "stars": "x"})


def test_the_desk_answers_from_what_was_released_at_once(staffed: House, tmp_path: Path) -> None:
    desk = HouseDesk(staffed, whole())
    question = Question("mood")
    desk.ask(question, "en")
    send(staffed, tmp_path, *writers({"A": 40}))
    assert desk.ask(question, "sv").groups[0].verdict.n == 40  # type: ignore[union-attr]
    assert "Medarbetares svar visas per hel månad när månaden är slut." in desk.ask(question, "sv").notes
    staffed.ledger.audit.append("test", "look", "", {})
    assert desk.release_anew() == {"released": 120}, "forty scores, forty texts and their tone"
