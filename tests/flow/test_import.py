"""A file goes in once, however often it is sent; what changes replaces; what does not fit is set aside and can be repaired."""

from collections.abc import Callable
from pathlib import Path

import pytest

from gensvar import flow
from gensvar.flow import Receipt
from gensvar.house import House
from gensvar.kit.errors import BadInput, Conflict, ContractError, NotFound
from gensvar.kit.scope import whole
from gensvar.measure import Answer, Estimate, TooFew, ask, parse_question
from tests.houses import SURVEY, csv

GOOD = ("1,2026-09-01T10:00,a@example.com,SE,5,Snabbt", "2,2026-09-02T10:00,b@example.com,NO,2,Sent", "3,2026-09-03T10:00,A@Example.com,SE,4,")


def numbers(house: House, **asked: str) -> Answer:
    words = {"by": "", "where": "", "period": "", "grain": "", "compare": ""} | asked
    question = parse_question("csat.delivery", **words, today=house.today())
    return ask(question, house.engine, house.ledger.measures.all(), whole(), house.today())


def rows(house: House, table: str = "feedback") -> list[dict[str, object]]:
    found: list[dict[str, object]] = house.engine.run(house.engine.table(table)).to_pylist()
    return found


def test_a_file_becomes_one_row_per_answer(house: House, tmp_path: Path) -> None:
    receipt = flow.import_file(house, csv(tmp_path, *GOOD), "survey")
    assert receipt == Receipt(read=3, accepted=5)
    assert {(r["record"], r["item"]) for r in rows(house)} == {("1", "rating"), ("1", "why"), ("2", "rating"), ("2", "why"), ("3", "rating")}
    assert sum(g.verdict.n for g in numbers(house).groups if isinstance(g.verdict, Estimate | TooFew)) == 3


def test_the_same_file_again_changes_nothing(house: House, tmp_path: Path) -> None:
    path = csv(tmp_path, *GOOD)
    flow.import_file(house, path, "survey")
    before = sorted(rows(house), key=lambda r: str(r["id"]))
    assert flow.import_file(house, path, "survey") == Receipt(read=3, unchanged=5)
    assert sorted(rows(house), key=lambda r: str(r["id"])) == before


def test_an_update_replaces_the_record_also_when_it_corrects_the_time(house: House, tmp_path: Path) -> None:
    flow.import_file(house, csv(tmp_path, *GOOD), "survey")
    changed = csv(tmp_path, "1,2026-08-01T10:00,a@example.com,SE,1,", name="corrected.csv")
    receipt = flow.import_file(house, changed, "survey")
    assert (receipt.updated, receipt.removed, receipt.accepted) == (1, 1, 0)
    mine = [r for r in rows(house) if r["record"] == "1"]
    assert [(r["item"], r["score"], r["occurred_at"].isoformat()) for r in mine] == [("rating", 1.0, "2026-08-01T08:00:00+00:00")]  # type: ignore[attr-defined]
    assert numbers(house, period="2026-08").groups[0].verdict.n == 1  # type: ignore[union-attr]
    assert numbers(house, period="2026-09").groups[0].verdict.n == 2  # type: ignore[union-attr]


def test_people_are_told_apart_by_exact_keys_and_never_named(house: House, tmp_path: Path) -> None:
    flow.import_file(house, csv(tmp_path, *GOOD), "survey")
    party = {r["record"]: r["party"] for r in rows(house)}
    assert party["1"] == party["3"] != party["2"]
    assert len(rows(house, "parties")) == 2
    assert "example.com" not in str([rows(house, t) for t in ("feedback", "parties", "mentions")]).lower()


def test_a_bad_answer_is_set_aside_and_its_neighbours_go_in(house: House, tmp_path: Path) -> None:
    receipt = flow.import_file(house, csv(tmp_path, GOOD[0], "9,2026-09-05T10:00,c@example.com,SE,11,Bra"), "survey")
    assert (receipt.accepted, dict(receipt.set_aside)) == (3, {"off_scale": 1})
    (aside,) = house.ledger.set_aside.page()
    assert (aside.row.record, aside.row.item, aside.row.line) == ("9", "rating", 3)
    repaired = {**flow.raw_of(aside.row), "stars": "1"}
    made = flow.replay(house, [aside.id], repaired)
    assert (made.accepted, made.unchanged) == (1, 1)
    assert not house.ledger.set_aside.page()
    with pytest.raises(Conflict, match="replayed already"):
        flow.replay(house, [aside.id])


def test_a_row_that_is_still_wrong_stays_open(house: House, tmp_path: Path) -> None:
    flow.import_file(house, csv(tmp_path, "9,2026-09-05T10:00,c@example.com,SE,11,Bra"), "survey")
    (aside,) = house.ledger.set_aside.page()
    assert dict(flow.replay(house, [aside.id]).set_aside) == {"off_scale": 1}
    assert [k.id for k in house.ledger.set_aside.page()] == [aside.id]


def test_a_newer_contract_takes_in_what_the_older_set_aside(house: House, tmp_path: Path) -> None:
    flow.import_file(house, csv(tmp_path, "9,2026-09-05T10:00,c@example.com,SE,fem,Bra"), "survey")
    newer = SURVEY.replace("version: 1\nowner", "version: 2\nowner").replace("score: stars}", "score: stars, words: {fem: 5}}")
    flow.add_source(house, newer, "anna.berg")
    assert flow.replay(house, flow.open_ids(house, "survey", None)).accepted == 1
    assert {r["contract"] for r in rows(house) if r["item"] == "rating"} == {"survey@2"}


def test_a_stopped_import_goes_on_where_it_was(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = csv(tmp_path, *(f"{i},2026-09-01T10:00,p{i}@example.com,SE,{1 + i % 5}," for i in range(30)))
    small = flow.collect.read
    monkeypatch.setattr(flow.collect, "read", lambda path, reading: small(path, reading, batch_rows=10))
    first = flow.import_file(house, path, "survey", lambda _, read: read < 20)
    assert first == Receipt(read=20, accepted=20)
    again = flow.import_file(house, path, "survey")
    assert again == Receipt(read=30, accepted=30)
    assert len(rows(house)) == 30


def test_what_was_marked_before_a_crash_is_counted_after_it(
    house: House, tmp_path: Path, open_again: Callable[[], House], monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(_: House) -> bool:
        raise KeyboardInterrupt

    counted = flow.recount
    monkeypatch.setattr(flow, "recount", crash)
    with pytest.raises(KeyboardInterrupt):
        flow.import_file(house, csv(tmp_path, *GOOD), "survey")
    house.close()
    again = open_again()
    assert counted(again)
    assert numbers(again).groups[0].verdict.n == 3  # type: ignore[union-attr]


def test_removing_a_record_removes_every_row_of_it(house: House, tmp_path: Path) -> None:
    flow.import_file(house, csv(tmp_path, *GOOD), "survey")
    assert flow.remove(house, "survey", ["1"]) == 3
    flow.recount(house)
    assert {r["record"] for r in rows(house)} == {"2", "3"}
    assert numbers(house).groups[0].verdict.n == 2  # type: ignore[union-attr]


def test_errors_name_the_nearest(small_house: House, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="Did you mean 'survey'"):
        flow.import_file(small_house, csv(tmp_path, *GOOD), "survy")
    with pytest.raises(ContractError, match=r"no measure 'csat\.delivry@1'"):
        flow.add_source(
            small_house, SURVEY.replace("measure: csat.delivery@1", "measure: csat.delivry@1").replace("source: survey", "source: b"), "x"
        )
    with pytest.raises(BadInput, match="belong to one row"):
        flow.replay(small_house, [1, 2], {"stars": "1"})


def test_rows_without_an_answer_are_told_of(small_house: House, tmp_path: Path) -> None:
    receipt = flow.import_file(small_house, csv(tmp_path, GOOD[0], "7,2026-09-05T10:00,c@example.com,SE,,"), "survey")
    assert (receipt.read, receipt.accepted, receipt.empty) == (2, 2, 1)
