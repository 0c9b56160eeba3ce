"""Traps of real exports, each in a small file of its own: what a data engineer would otherwise have had to correct by hand."""

import json
from pathlib import Path

import pytest

from gensvar.collect import suggest
from gensvar.contracts.contract import Contract
from tests.collect.files import csv_of, put
from tests.collect.test_suggest import usable


def made(folder: Path, header: list[str], rows: list[list[object]], name: str = "any.csv") -> Contract:
    return usable(suggest(put(folder, name, csv_of(header, rows)), "any"))


def desk(n: int = 40) -> list[list[object]]:
    return [[i, f"2026-03-{i % 28 + 1:02} 08:00:00", f"2026-04-01 02:00:{i % 60:02}", f"It does not work at all, number {i}"] for i in range(n)]


def test_a_warehouse_connector_writes_utc_and_its_own_time_is_not_the_time(tmp_path: Path) -> None:
    contract = made(tmp_path, ["id", "created_at", "_fivetran_synced", "description"], desk())
    assert contract.at is not None
    assert (contract.at.column, contract.at.zone) == ("created_at", "UTC")
    only = made(tmp_path, ["id", "_fivetran_synced", "description"], [[r[0], r[2], r[3]] for r in desk()])
    assert only.at is not None
    assert only.at.column is None


@pytest.mark.parametrize("name", ["via_source_to_address", "recipient", "cc"])
def test_the_address_that_was_written_to_is_nobody_who_wrote(tmp_path: Path, name: str) -> None:
    rows: list[list[object]] = [[*r, f"{('help', 'sales')[i % 2]}@example.org"] for i, r in enumerate(desk())]
    contract = made(tmp_path, ["id", "created_at", "updated_at", "description", name], rows)
    assert contract.party is None
    assert name in contract.ignore


def test_an_id_that_is_nearly_unique_still_names_the_record(tmp_path: Path) -> None:
    rows: list[list[object]] = [[i if i != 200 else 199, i % 5 + 1] for i in range(400)]
    suggestion = suggest(put(tmp_path, "a.csv", csv_of(["id", "How satisfied are you?"], rows)), "a")
    assert suggestion.contract.record == ("id",)
    assert "1 of 400 rows repeat one" in suggestion.notes()["record"]


def test_the_row_number_of_a_data_frame_says_nothing(tmp_path: Path) -> None:
    contract = made(tmp_path, ["Unnamed: 0", "stars"], [[i, i % 5 + 1] for i in range(60)])
    assert contract.ignore == ("Unnamed: 0",)
    assert contract.record == ()


def test_json_made_by_a_machine_is_no_text(tmp_path: Path) -> None:
    rows: list[list[object]] = [[f"Hello there, this is message {i}", json.dumps({"message": i, "padding": "x" * 60})] for i in range(40)]
    contract = made(tmp_path, ["message", "original_message"], rows)
    assert [a.text for a in contract.answers] == ["message"]
    assert "original_message" in contract.ignore


def test_special_categories_are_left_out(tmp_path: Path) -> None:
    rows: list[list[object]] = [[i % 5 + 1, ("white", "black", "asian")[i % 3], ("a", "b")[i % 2]] for i in range(60)]
    contract = made(tmp_path, ["How satisfied are you?", "What is your race?", "Religion"], rows)
    assert set(contract.ignore) == {"What is your race?", "Religion"}


def test_a_survey_about_the_workplace_is_answered_by_employees(tmp_path: Path) -> None:
    header = ["Does your employer listen?", "Is your manager fair?", "Would you tell your coworkers?"]
    assert made(tmp_path, header, [[("Yes", "No")[i % 2]] * 3 for i in range(40)]).audience == "employee"


def test_a_thin_column_takes_the_scale_of_the_one_asked_alike(tmp_path: Path) -> None:
    asked = "Overall, how much importance does your employer place on {} health?"
    rows: list[list[object]] = [[i % 11, (3, 5, 6)[i % 3]] for i in range(66)]
    contract = made(tmp_path, [asked.format("physical"), asked.format("mental")], rows)
    assert [(m.low, m.high) for m in contract.measures] == [(0, 10), (0, 10)]


def test_a_column_about_liking_is_a_share(tmp_path: Path) -> None:
    contract = made(tmp_path, ["Review", "Liked"], [[f"The soup was number {i} of all soups", i % 2] for i in range(60)])
    assert [(m.metric, m.low, m.high, m.cut) for m in contract.measures] == [("csat", 0, 1, 1)]


def test_an_empty_other_waits_for_its_answers(tmp_path: Path) -> None:
    header = ["#", "Which <strong>one</strong>?", "Which <strong>other</strong>?", "Other", "Submit Date (UTC)"]
    contract = made(tmp_path, header, [[i, ("A", "B")[i % 2], ("C", "D")[i % 2], "", "2026-03-31 10:00:00"] for i in range(40)])
    assert "Other" in {a.text for a in contract.answers}


def test_a_lone_option_of_several_words_is_a_choice(tmp_path: Path) -> None:
    option = "Mood Disorder (Depression, Bipolar Disorder, etc)"
    header = ["#", "Which <strong>one</strong>?", "Which <strong>other</strong>?", option, "Submit Date (UTC)"]
    contract = made(tmp_path, header, [[i, "A", "B", option if i == 3 else "", "2026-03-31 10:00:00"] for i in range(40)])
    assert option in {a.choice.column for a in contract.answers if a.choice}


def test_a_respondents_name_in_the_only_row_is_left_out(tmp_path: Path) -> None:
    head = csv_of(["V1", "V2", "V3", "Q1"], [["ResponseID", "ResponseSet", "Name", "How was it?"], ["R_1", "Default", "Anon Y. Mous", "Good"]])
    contract = usable(suggest(put(tmp_path, "legacy.csv", head), "legacy"))
    assert "Name" in contract.ignore
    assert "ResponseSet" in contract.attrs


def test_events_keep_what_they_were_worth(tmp_path: Path) -> None:
    rows: list[list[object]] = [[i % 9, ("main", "paid")[i % 2], f"2026-01-01 10:00:{i % 60:02}", (i % 2) * 99.5] for i in range(60)]
    contract = made(tmp_path, ["user_id", "event", "timestamp", "transaction_value"], rows)
    assert contract.event is not None
    assert contract.event.value == "transaction_value"


def test_a_table_of_people_or_organisations_is_known_by_its_name(tmp_path: Path) -> None:
    rows: list[list[object]] = [[900 + i, "2026-03-01 08:00:00", f"Name number {i}", ("TRUE", "FALSE")[i % 2]] for i in range(30)]
    for name, kind in (("user_data.csv", "person"), ("organization_data.csv", "account")):
        contract = made(tmp_path, ["id", "created_at", "name", "shared"], rows, name)
        assert (contract.target, contract.record) == ("parties", ("id",))
        assert contract.person is not None
        assert contract.person.kind == kind
        assert contract.party is not None
        assert (contract.party.external, contract.party.name) == ("id", "name")


def test_scales_around_nought_reach_as_far_as_their_neighbours(tmp_path: Path) -> None:
    header = ["Q1_1", "Q1_2", "Q1_3", "fondness"]
    rows: list[list[object]] = [[i % 7 - 3, (i + 2) % 7 - 3, (i + 4) % 7 - 3, i % 5 - 1] for i in range(70)]
    contract = made(tmp_path, header, rows)
    assert {(m.low, m.high) for m in contract.measures} == {(-3, 3)}
    assert len(contract.measures) == 4


def test_numbered_yes_and_no_of_a_survey_are_choices_and_totals_are_not(tmp_path: Path) -> None:
    said = ["Response ID", "", "", "", "Total optimism", "In uncertain times I expect the best"]
    rows: list[list[object]] = [[f"R_{i}", i % 2, (i + 1) % 2, (i // 2) % 2, 7 + i % 23, i % 5 + 1] for i in range(60)]
    path = put(tmp_path, "q.csv", csv_of(["ResponseId", "m1", "m2", "m3", "toptim", "op1"], [said, [f'{{"ImportId":"{n}"}}' for n in said], *rows]))
    contract = usable(suggest(path, "q"))
    assert {a.choice.column for a in contract.answers if a.choice} == {"m1", "m2", "m3"}
    assert "toptim" in contract.attrs
