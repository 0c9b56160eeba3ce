"""One import: repeats and contradictions, surprises, wide and long forms, events and parties, people."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gensvar.contracts import EVENTS, FEEDBACK, PARTIES, Measures
from gensvar.contracts.contract_yaml import read_contract
from gensvar.contracts.rows import Batch, Fault
from gensvar.hub import Intake, receive
from gensvar.kit.errors import BadInput
from gensvar.kit.ids import identity_key, record_keys
from tests.hub.sources import NOW, SECRET, answers, batch, contract, good, reasons, received

NO_RECORD = """
source: wall
owner: o
purpose: p
at: {column: day, order: iso}
answers: [{item: said, text: said}]
"""
LONG = """
source: panel
owner: o
purpose: p
record: response
at: day
answers: [{item: {column: question}, measure: {column: question, words: {q1: csat.a@1, q2: csat.b@1}}, score: value}]
measures:
  - {id: csat.a, version: 1, metric: csat, low: 1, high: 5}
  - {id: csat.b, version: 1, metric: csat, low: 1, high: 5}
"""
ORDERS = """
source: shop
owner: o
purpose: p
makes: events
record: [shop, order]
at: {column: at, order: epoch_s}
event: {name: what, value: amount, session: visit, step: {column: page}}
account: {external: company, namespace: crm}
reads: {decimal: ","}
"""
STAFF = """
source: crm
owner: o
purpose: p
makes: parties
record: customer
at: {always: 2026-01-01}
party: {external: customer, email: mail, namespace: crm}
person: {kind: account, value: worth, started: since, ended: until}
dimensions: {market: country}
"""


def test_the_table_has_the_targets_columns_but_for_what_the_ledger_knows() -> None:
    got = received([good(1)])
    assert set(got.table.column_names) == (set(FEEDBACK.names) - {"id", "party", "account"}) | {"_row"}
    assert got.keys16 == record_keys("helpdesk", ["t1"])
    assert (
        answers(got)["t1", "rating"] | {"score": 4.0, "measure": "csat.support@2", "kind": "complaint", "local_kind": "Problem"}
        == answers(got)["t1", "rating"]
    )
    assert answers(got)["t1", "message"]["measure"] is None


def test_a_word_for_no_agreed_kind_is_other_and_kept() -> None:
    row = answers(received([good(1, type="Mystery"), good(2, type=None), good(3, type="REVIEW")]))
    assert [row[f"t{i}", "nps"]["kind"] for i in (1, 2, 3)] == ["other", "other", "review"]
    assert [row[f"t{i}", "nps"]["local_kind"] for i in (1, 2, 3)] == ["Mystery", None, "REVIEW"]


def test_the_same_row_again_is_counted_and_left_out() -> None:
    got = received([good(1), good(2), good(1)])
    assert (got.records, got.repeated, got.set_aside, got.read) == (["t1", "t2"], 1, (), 3)


def test_other_content_under_the_same_record_follows_the_contract() -> None:
    rows = [good(1), good(2), good(1, stars="2")]
    first = received(rows)
    assert reasons(first) == {"duplicate_record"}
    assert answers(first)["t1", "rating"]["score"] == 4
    last = received(rows, "surprises: {duplicate_record: last}")
    assert not last.set_aside
    assert answers(last)["t1", "rating"]["score"] == 2
    with pytest.raises(BadInput, match="line 4"):
        received(rows, "surprises: {duplicate_record: refuse}")


def test_repeats_are_known_across_batches_and_after_a_break() -> None:
    one = Intake(contract(), Measures(), SECRET)
    one.receive(batch([good(1)]), NOW)
    again = Intake(contract(), Measures(), SECRET)
    again.remember(batch([good(1)]))
    for intake in (one, again):
        got = intake.receive(batch([good(1), good(1, stars="1"), good(2)]), NOW)
        assert (got.records, got.repeated, reasons(got)) == (["t2"], 1, {"duplicate_record"})


def test_a_missing_record_can_be_accepted_as_its_content() -> None:
    rows = [good(1, ticket=None), good(1, ticket=None), good(2)]
    got = received(rows, "surprises: {missing_record: accept}")
    assert not got.set_aside
    assert len(set(got.records)) == 3
    with pytest.raises(BadInput, match="no record id"):
        received(rows, "surprises: {missing_record: refuse}")


def test_rows_without_ids_are_told_apart_by_content_and_ordinal() -> None:
    wall = read_contract(NO_RECORD)
    rows = [{"day": "2026-10-01", "said": "a"}, {"day": "2026-10-01", "said": "a"}, {"day": "2026-10-01", "said": "b"}]
    whole = receive(batch(rows), wall, Measures(), SECRET, NOW)
    parts = Intake(wall, Measures(), SECRET)
    split = [r for n in range(3) for r in parts.receive(batch(rows[n : n + 1]), NOW).records]
    swapped = receive(batch([dict(reversed(r.items())) for r in rows]), wall, Measures(), SECRET, NOW)
    assert whole.records == split == swapped.records
    assert whole.records[1] == whole.records[0] + "-2"


def test_columns_that_are_missing_or_new() -> None:
    row = good(1, campaign="spring kim@example.org")
    del row["stars"]
    with pytest.raises(BadInput, match="did you mean 'star'") as refused:
        received([{**row, "star": "4"}], "surprises: {new_column: refuse}")
    assert len(refused.value.faults) == 3
    got = received([row], "surprises: {missing_column: accept}")
    assert ("t1", "rating") not in answers(got)
    assert dict(answers(got)["t1", "message"]["attrs"]) == {"campaign": "spring [e-mail]"}


def test_ignored_columns_go_nowhere_and_may_be_missing() -> None:
    got = received([good(1, diary="secret")], "ignore: [diary, shoe size]")
    assert answers(got)["t1", "message"]["attrs"] is None


def test_a_long_form_names_its_items_and_never_replaces_a_whole_record() -> None:
    rows = [{"response": "r", "day": "2026-10-01", "question": q, "value": v} for q, v in (("q1", "4"), ("q2", "5"), ("q1", "4"), ("q9", "3"))]
    got = receive(batch(rows), read_contract(LONG), Measures(), SECRET, NOW)
    assert not got.whole
    assert got.repeated == 1
    assert {(r["item"], r["measure"], r["score"]) for r in got.table.to_pylist()} == {("q1", "csat.a@1", 4), ("q2", "csat.b@1", 5)}
    assert reasons(got) == {"unknown_measure"}
    assert received([good(1)]).whole


def test_events_of_a_shop() -> None:
    rows = [
        {"shop": "a|b", "order": "1", "at": "1790000000", "what": "order", "amount": "1.234,50", "visit": "v", "page": "/pay", "company": "c"},
        {"shop": "a", "order": "2", "at": "1790000000", "what": None, "amount": "1", "visit": None, "page": None, "company": None},
        {"shop": "a", "order": "3", "at": "1790000000", "what": "order", "amount": "much", "visit": None, "page": None, "company": None},
        {"shop": "a", "order": "4", "at": "-5", "what": "order", "amount": "2", "visit": None, "page": None, "company": None},
    ]
    got = receive(batch(rows), read_contract(ORDERS), Measures(), SECRET, NOW)
    assert set(got.table.column_names) == (set(EVENTS.names) - {"id", "party", "account"}) | {"_row"}
    assert [(r["record"], r["name"], r["value"], r["step"]) for r in got.table.to_pylist()] == [("a\\|b|1", "order", 1234.5, "/pay")]
    assert reasons(got) == {"missing_name", "bad_value", "bad_time"}
    assert got.people.account[0] == identity_key(SECRET, "external", "account:crm", "c")


def test_parties_of_a_customer_register() -> None:
    rows = [
        {"customer": "c", "mail": None, "worth": "12000", "since": "2020-01-01", "until": None, "country": "no"},
        {"customer": "d", "mail": None, "worth": "x", "since": None, "until": None, "country": "no"},
        {"customer": "e", "mail": None, "worth": None, "since": "once", "until": None, "country": "no"},
    ]
    got = receive(batch(rows), read_contract(STAFF), Measures(), SECRET, NOW)
    assert set(got.table.column_names) == (set(PARTIES.names) - {"id", "account"}) | {"_row"}
    assert [(r["kind"], r["value"], r["market"], r["ended_at"]) for r in got.table.to_pylist()] == [("account", 12000.0, "NO", None)]
    assert reasons(got) == {"bad_value", "bad_time"}
    assert got.people.account[0] == identity_key(SECRET, "external", "account:crm", "c")


def test_people_are_hashed_and_their_details_go_on_once() -> None:
    intake = Intake(contract(), Measures(), SECRET)
    row = good(1, mail=" Kim.Ek+x@EXAMPLE.org", tel="070-174 06 05", customer=" 7 ", name="Kim Ek")
    got = intake.receive(batch([row, good(2, mail="kim.ek+x@example.org")]), NOW)
    assert {(c.kind, c.value) for c in got.contacts} == {
        ("email", "kim.ek+x@example.org"),
        ("phone", "+46701740605"),
        ("external", "7"),
        ("name", "Kim Ek"),
    }
    assert got.people.email[0] == got.people.email[1] == identity_key(SECRET, "email", "", "kim.ek+x@example.org")
    assert intake.receive(batch([good(3, mail="kim.ek+x@example.org")]), NOW).contacts == ()


@pytest.mark.parametrize("nobody", ["-", "N/A", "unknown", "Anonymous", "null"])
def test_a_placeholder_names_nobody(nobody: str) -> None:
    got = received([good(1, mail=nobody, tel=nobody, customer=nobody)])
    assert not got.set_aside
    assert (got.people.email, got.people.phone, got.people.external) == ([None], [None], [None])


def test_a_record_id_that_is_an_address_is_hashed() -> None:
    got = receive(batch([good(1)]), replace(contract(), record=("mail",)), Measures(), SECRET, NOW)
    assert reasons(got) == {"missing_record"}
    got = receive(batch([good(1, mail="kim@example.org")]), replace(contract(), record=("mail",)), Measures(), SECRET, NOW)
    assert "@" not in got.records[0]
    assert len(got.records[0]) == 32


def test_what_could_not_be_read_as_a_row_is_set_aside_with_the_rest() -> None:
    faulty = Batch(batch([good(1)]).rows, [2], (Fault(3, "bad_line", "The line has 3 cells; the header has 12", "a;b;c"),))
    got = receive(faulty, contract(), Measures(), SECRET, NOW)
    assert [(s.reason, s.line, s.raw) for s in got.set_aside] == [("bad_line", 3, "a;b;c")]
    assert got.read == 2


def test_an_empty_batch_is_no_trouble() -> None:
    got = receive(Batch(batch([good(1)]).rows.slice(0, 0), []), contract(), Measures(), SECRET, NOW)
    assert (got.table.num_rows, got.records, got.read) == (0, [], 0)


def test_without_any_time_the_moment_of_intake_counts() -> None:
    got = receive(batch([good(1)]), replace(contract(), at=None), Measures(), SECRET, NOW)
    assert answers(got)["t1", "rating"]["occurred_at"] == NOW


def test_created_goes_into_the_id_and_stands_in_for_at() -> None:
    made = replace(contract(), created=contract().at, at=None)
    got = receive(batch([good(1, created="31/10/2026 10:00"), good(2, created=None)]), made, Measures(), SECRET, NOW)
    assert got.created_ms == [1793437200000]
    assert reasons(got) == {"bad_time"}


cells = st.one_of(st.none(), st.text(st.characters(codec="utf-8"), max_size=12), st.sampled_from(["4", "31/10/2026 10:00", "a@b.se", "problem"]))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.fixed_dictionaries(dict.fromkeys(good(0), cells)), min_size=1, max_size=6))
def test_no_row_is_lost_whatever_it_holds(rows: list[dict[str, str | None]]) -> None:
    got = received(rows)
    whole_rows_aside = {s.line for s in got.set_aside if not s.item and s.reason not in {"bad_email", "bad_phone", "bad_external"}}
    assert len(got.records) + got.repeated + len(whole_rows_aside) == len(rows)
    assert np.all(np.asarray(got.table["_row"]) < len(got.records))
    assert isinstance(got.table, pa.Table)
