"""`suggest`: whole files become contracts that can be read back and used, each line with how sure and why."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gensvar.collect import suggest
from gensvar.collect.suggesting.suggestion import Suggestion
from gensvar.contracts.contract import AnswerRule, Contract
from gensvar.contracts.contract_yaml import read_contract, write_contract
from gensvar.contracts.measures import Measure
from gensvar.kit.errors import NotFound, Unreadable
from gensvar.measure.metrics import metric_of
from tests.collect.files import csv_of, put


def usable(suggestion: Suggestion) -> Contract:
    """The contract, once it is seen that it can be written, read back, and measured."""
    contract = suggestion.contract
    assert read_contract(write_contract(contract, suggestion.notes())) == contract
    for measure in contract.measures:
        metric_of(measure)
    known = {m.key for m in contract.measures}
    assert all(a.measure is None or a.measure.always in known for a in contract.answers)
    assert contract.columns() <= set(suggestion.found.names)
    assert all(0 < line.sure <= 1 for line in suggestion.lines)
    assert all(line.because for line in suggestion.lines)
    return contract


def answer(contract: Contract, column: str) -> AnswerRule:
    return next(a for a in contract.answers if column in (a.text, a.score, a.choice.column if a.choice else None))


def measure_of(contract: Contract, column: str) -> Measure:
    rule = answer(contract, column)
    assert rule.measure is not None
    return next(m for m in contract.measures if m.key == rule.measure.always)


SHOP_HEADER = [
    "order_no",
    "Skapad",
    "E-post",
    "Land",
    "Kanal",
    "Hur nöjd är du med leveransen?",
    "Skulle du rekommendera oss?",
    "Löste vi ditt ärende?",
    "Kommentar",
]
SHOP = csv_of(
    SHOP_HEADER,
    (
        [f"A{i:04}", f"{i % 28 + 1}.{i % 12 + 1}.2026 10:{i % 60:02}", f"kund{i}@example.org", ("SE", "NO", "FI")[i % 3], ("app", "web")[i % 2],
         i % 5 + 1, i % 11, ("Ja", "Delvis", "Nej")[i % 3], f"Leveransen nummer {i} kom lite för sent men personalen var trevlig"]
        for i in range(60)
    ),
)  # fmt: skip


def test_a_swedish_export_becomes_a_whole_contract(tmp_path: Path) -> None:
    suggestion = suggest(put(tmp_path, "butik.csv", SHOP), "butik", "anna.berg")
    contract = usable(suggestion)
    assert (contract.source, contract.owner, contract.version, contract.target) == ("butik", "anna.berg", 1, "feedback")
    assert contract.record == ("order_no",)
    assert contract.at is not None
    assert (contract.at.column, contract.at.order, contract.at.zone) == ("Skapad", "dmy", "Europe/Stockholm")
    assert contract.created == contract.at
    assert contract.party is not None
    assert contract.party.email == "E-post"
    assert {k: v.column for k, v in contract.dimensions.items()} == {"market": "Land", "channel": "Kanal"}
    assert contract.language is not None
    assert contract.language.always == "sv"
    assert contract.kind.always == "survey"
    satisfied = measure_of(contract, "Hur nöjd är du med leveransen?")
    assert (satisfied.id, satisfied.metric, satisfied.cut) == ("rating.hur_nojd_ar_du_med_leveransen", "csat", 4)
    assert measure_of(contract, "Skulle du rekommendera oss?").metric == "nps"
    assert measure_of(contract, "Löste vi ditt ärende?").metric == "gcr"
    assert answer(contract, "Kommentar").text == "Kommentar"


def test_every_line_says_how_sure_it_is(tmp_path: Path) -> None:
    suggestion = suggest(put(tmp_path, "butik.csv", SHOP), "butik")
    notes = suggestion.notes()
    assert {"record", "at", "at.order", "at.zone", "created", "party.email", "kind", "audience", "dimensions.market", "answers[0].measure"} <= set(
        notes
    )
    assert notes["at.zone"].startswith("50% sure")
    assert "first part goes to" in notes["at.order"]
    assert suggestion.contract.owner == ""


def test_ratings_with_a_nought_for_no_answer(tmp_path: Path) -> None:
    n = 400
    table = pa.table({
        "id": list(range(n)),
        "Seat comfort": [0 if i % 50 == 0 else i % 5 + 1 for i in range(n)],
        "Cleanliness": [i % 5 + 1 for i in range(n)],
        "Departure Delay in Minutes": [i % 97 for i in range(n)],
        "Customer Type": [("Loyal Customer", "disloyal Customer")[i % 2] for i in range(n)],
        "satisfaction": [("satisfied", "neutral or dissatisfied")[i % 3 == 0] for i in range(n)],
    })  # fmt: skip
    path = tmp_path / "flights.parquet"
    pq.write_table(table, path)
    os.utime(path, (1_790_000_000, 1_790_000_000))
    suggestion = suggest(path, "flights")
    contract = usable(suggestion)
    assert answer(contract, "Seat comfort").missing == answer(contract, "Cleanliness").missing == frozenset({"0"})
    assert {m.metric for m in contract.measures} == {"csat"}
    assert contract.attrs == ("Departure Delay in Minutes",)
    assert contract.dimensions["segment"].column == "Customer Type"
    assert contract.at is not None
    assert contract.at.always == datetime.fromtimestamp(1_790_000_000, UTC).date().isoformat()
    assert next(line for line in suggestion.lines if line.path == "at").sure <= 0.3


def test_a_qualtrics_export_leaves_personal_columns_out(tmp_path: Path) -> None:
    header = [
        "RecordedDate",
        "ResponseId",
        "IPAddress",
        "RecipientEmail",
        "LocationLatitude",
        "UserLanguage",
        "Finished",
        "Q1",
        "Q2_1",
        "Q2_2",
        "Q3_TEXT",
    ]
    said = ["Recorded Date", "Response ID", "IP Address", "Recipient Email", "Location Latitude",
            "User Language", "Finished", "How satisfied are you?",
            "Do you agree with each part? - It is quick", "Do you agree with each part? - It is cheap", "What should we improve?"]  # fmt: skip
    ids = ['{"ImportId":"recordedDate","timeZone":"Europe/Helsinki"}', *(f'{{"ImportId":"x{i}"}}' for i in range(len(header) - 1))]
    rows = [
        [
            f"2026-01-{i % 28 + 1:02} 10:00:00",
            f"R_{i}",
            f"192.0.2.{i}",
            "",
            "59.3",
            "EN",
            "1",
            i % 5 + 1,
            i % 7 + 1,
            i % 3 + 3,
            f"Make it {i} times quicker please",
        ]
        for i in range(40)
    ]
    contract = usable(suggest(put(tmp_path, "q.csv", csv_of(header, [said, ids, *rows])), "q"))
    assert {"IPAddress", "RecipientEmail", "LocationLatitude"} <= set(contract.ignore)
    assert not {"IPAddress", "LocationLatitude"} & set(contract.attrs)
    assert contract.record == ("ResponseId",)
    assert contract.at is not None
    assert contract.at.zone == "Europe/Helsinki"
    assert contract.language is not None
    assert contract.language.column == "UserLanguage"
    assert (measure_of(contract, "Q2_1").high, measure_of(contract, "Q2_2").high) == (7, 7)
    assert measure_of(contract, "Q1").wording == {"en": "How satisfied are you?"}


def test_several_choices_of_one_question_are_one_answer_each(tmp_path: Path) -> None:
    header = ["Respondent ID", "Which have you used?", "", "", "Rate our support"]
    parts = ["", "App", "Web", "Phone", "Response"]
    rows = [[1_000 + i, "App" if i % 2 else "", "Web" if i % 3 else "", "", ("Very good", "Good", "Poor", "N/A")[i % 4]] for i in range(40)]
    contract = usable(suggest(put(tmp_path, "s.csv", csv_of(header, [parts, *rows])), "s"))
    assert contract.record == ("Respondent ID",)
    assert answer(contract, "Which have you used? [App]").choice is not None
    assert answer(contract, "Which have you used? [Phone]").choice is not None
    assert answer(contract, "Rate our support").missing == frozenset({"N/A"})
    assert contract.reading.dialect == "surveymonkey"


def test_a_matrix_of_words_shares_one_scale(tmp_path: Path) -> None:
    words = ["gar nicht", "selten", "häufig", "sehr häufig"]
    rows = [";".join([words[i % 4], words[(i + 1) % 3], words[i % 2 + 2]]) for i in range(40)]
    text = "Wie häufig nutzen Sie das?;;\nBei der Arbeit;Zu Hause;Unterwegs\n" + "\n".join(rows) + "\n"
    contract = usable(suggest(put(tmp_path, "l.csv", text.replace(";;\n", ";;\n")), "l"))
    scales = {(m.low, m.high) for m in contract.measures} if contract.measures else set()
    assert len(scales) <= 1


def test_a_help_desk_becomes_tickets_with_kinds(tmp_path: Path) -> None:
    header = ["id", "created_at", "requester_id", "organization_id", "type", "via_channel", "subject", "description", "url"]
    rows = [[900 + i, f"2026-03-{i % 28 + 1:02} 08:00:00", 5_000 + i % 7, 70 + i % 3, ("problem", "question", "task")[i % 3], ("web", "email")[i % 2],
             f"Subject number {i}", f"The printer number {i} does not print any more", f"https://example.org/{i}"] for i in range(50)]  # fmt: skip
    contract = usable(suggest(put(tmp_path, "tickets.csv", csv_of(header, rows)), "desk"))
    assert (contract.kind.column, contract.kind.words["problem"]) == ("type", "complaint")
    assert contract.party is not None
    assert contract.party.external == "requester_id"
    assert contract.account is not None
    assert contract.account.external == "organization_id"
    assert {a.text for a in contract.answers} == {"subject", "description"}
    assert "url" in contract.ignore


def test_behaviour_becomes_events_and_a_register_becomes_people(tmp_path: Path) -> None:
    events = csv_of(["user_id", "event", "timestamp"], [[i % 9, ("main", "cart")[i % 2], f"2026-01-01 10:00:{i % 60:02}"] for i in range(60)])
    clicks = usable(suggest(put(tmp_path, "clicks.csv", events), "clicks"))
    assert clicks.target == "events"
    assert clicks.event is not None
    assert clicks.event.name.column == "event"
    people = csv_of(["customer_id", "plan", "tenure"], [[f"C{i}", ("basic", "pro")[i % 2], i] for i in range(30)])
    register = usable(suggest(put(tmp_path, "people.csv", people), "people"))
    assert (register.target, register.record) == ("parties", ("customer_id",))


def test_an_employee_survey_is_known_by_its_question(tmp_path: Path) -> None:
    text = csv_of(["Skulle du rekommendera oss som arbetsgivare?", "team"], [[i % 11, ("A", "B")[i % 2]] for i in range(44)])
    contract = usable(suggest(put(tmp_path, "pulse.csv", text), "pulse"))
    assert contract.audience == "employee"
    assert contract.measures[0].metric == "enps"
    assert contract.dimensions["unit"].column == "team"
    assert contract.record == ()


def test_what_cannot_be_suggested_from_is_told(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="header but no rows"):
        suggest(put(tmp_path, "a.csv", "id,score\n"), "a")
    with pytest.raises(Unreadable, match="no column that looks like"):
        suggest(put(tmp_path, "b.csv", csv_of(["blob"], [[f"{i:040x}"] for i in range(90)])), "b")
    with pytest.raises(NotFound):
        suggest(tmp_path / "none.csv", "c")


CELL = st.sampled_from(
    [
        "",
        "1",
        "5",
        "0",
        "10",
        "x",
        "Ja",
        "Nej",
        "2026-01-31",
        "31/01/2026",
        "a@example.org",
        "Very satisfied",
        "N/A",
        "Det tog alldeles för lång tid",
        "99",
        "3,5",
    ]
)
NAME = st.sampled_from(
    [
        "id",
        "score",
        "betyg",
        "Kommentar",
        "datum",
        "e-post",
        "namn",
        "kund_id",
        "Land",
        "type",
        "q1",
        "q2",
        "How satisfied are you?",
        "",
        "Rekommenderar du oss?",
    ]
)


@settings(max_examples=80, deadline=None)
@given(
    st.integers(1, 6).flatmap(
        lambda w: st.tuples(st.lists(NAME, min_size=w, max_size=w), st.lists(st.lists(CELL, min_size=w, max_size=w), min_size=1, max_size=30))
    )
)
def test_whatever_is_suggested_can_be_used(tmp_path_factory: pytest.TempPathFactory, made: tuple[list[str], list[list[str]]]) -> None:
    path = put(tmp_path_factory.mktemp("any"), "any.csv", csv_of(*made))
    try:
        suggestion = suggest(path, "any")
    except Unreadable:
        return
    usable(suggestion)
