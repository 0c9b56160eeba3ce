"""Contracts as YAML: what is written is read back the same; every fault is listed at once; YAML's traps are none."""

from datetime import date
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from gensvar.contracts import DIMENSIONS, KINDS, Contract, Measure
from gensvar.contracts.contract import AnswerRule, EventRule, Moment, PartyRule, People, Reading, Surprises, Value
from gensvar.contracts.contract_yaml import read_contract, write_contract
from gensvar.contracts.measure_form import measure_dict, measure_of
from gensvar.kit.errors import ContractError

LEAST = "source: a\nowner: b\npurpose: c\nanswers: [{item: said, text: message}]\n"

words = st.text(st.characters(codec="utf-8"), max_size=12)
columns = st.one_of(words.filter(bool), st.sampled_from(["NO", "yes", "null", "~", "007", "1e3", "2026-01-01", "a: b", "#", "- x", "=", "<<"]))
values = st.one_of(
    st.builds(Value, column=columns, words=st.dictionaries(words, words, max_size=3), other=st.none() | words), st.builds(Value, always=words)
)
kinds = st.one_of(
    st.builds(Value, column=columns, words=st.dictionaries(words, st.sampled_from(KINDS), max_size=3)),
    st.sampled_from(KINDS).map(lambda k: Value(always=k)),
)
orders = st.sampled_from(["iso", "ymd", "dmy", "mdy", "ydm", "epoch_s", "epoch_ms", "excel"])
moments = st.builds(Moment, column=columns, order=orders, zone=st.sampled_from(["UTC", "Europe/Oslo"]))
people = st.builds(People, email=columns, name=st.none() | columns, namespace=words, region=st.none() | st.just("NO"))
numbers = st.floats(-1e6, 1e6, allow_nan=False)
scored = st.builds(
    AnswerRule, item=values, measure=st.just(Value(always="csat.a@1")), score=columns, words=st.dictionaries(words, numbers, max_size=3)
)
spoken = st.builds(AnswerRule, item=values, text=columns, choice=st.none() | values, missing=st.frozensets(words, max_size=3))
measures = st.builds(
    Measure,
    id=st.sampled_from(["csat.a", "nps"]), version=st.integers(1, 9), metric=st.just("csat"), low=st.floats(-5, 0), high=st.floats(1, 9),
    name=st.dictionaries(words, words, max_size=2), owner=words, from_day=st.none() | st.dates(date(1990, 1, 1)), note=words,
)  # fmt: skip
surprises = st.builds(Surprises, new_column=st.sampled_from(["accept", "refuse"]), bad_value=st.sampled_from(["accept", "set_aside", "refuse"]))
shared = {
    "source": st.from_regex(r"[a-z0-9][a-z0-9_.\-]{0,20}", fullmatch=True), "version": st.integers(1, 10**6), "owner": words, "purpose": words,
    "record": st.lists(columns, max_size=3, unique=True).map(tuple), "at": st.none() | moments, "created": st.none() | moments, "kind": kinds,
    "language": st.none() | values, "party": st.none() | people, "dimensions": st.dictionaries(st.sampled_from(DIMENSIONS), values, max_size=3),
    "attrs": st.lists(columns, max_size=3, unique=True).map(tuple), "surprises": surprises,
    "reading": st.builds(Reading, sheet=st.none() | words, header_rows=st.none() | st.integers(0, 5)),
    "measures": st.lists(measures, max_size=2, unique_by=lambda m: m.key).map(tuple),
}  # fmt: skip
feedback = st.builds(Contract, **shared, answers=st.lists(scored | spoken, min_size=1, max_size=3, unique_by=lambda a: a.item.always).map(tuple))
events = st.builds(Contract, **shared, target=st.just("events"), event=st.builds(EventRule, name=values, step=st.none() | values))
parties = st.builds(
    Contract,
    **{**shared, "party": people},
    target=st.just("parties"),
    person=st.builds(PartyRule, value=st.none() | columns, started=st.none() | moments),
)


@settings(max_examples=150, deadline=None)
@given(feedback | events | parties, st.dictionaries(st.sampled_from(["source", "at.order", "answers[0].item", "dimensions"]), words, max_size=3))
def test_what_is_written_is_read_back_the_same(contract: Contract, notes: dict[str, str]) -> None:
    assert read_contract(write_contract(contract, notes)) == contract


@settings(max_examples=50, deadline=None)
@given(feedback)
def test_every_yaml_reader_reads_the_same_words(contract: Contract) -> None:
    plain: dict[str, Any] = yaml.safe_load(write_contract(contract))
    assert (plain["source"], plain["owner"], plain["purpose"]) == (contract.source, contract.owner, contract.purpose)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200) | st.text("{}[]:-#&*!|>'\"%@`,? \nab", max_size=60))
def test_any_text_is_a_contract_or_an_error_that_says_why(text: str) -> None:
    assert isinstance(read_or_refuse(text), Contract) or str(read_or_refuse(text))


def read_or_refuse(text: str) -> Contract | ContractError:
    try:
        return read_contract(text)
    except ContractError as wrong:
        return wrong


def test_norway_is_no_and_yes_is_a_word() -> None:
    got = read_contract(LEAST + "dimensions: {market: {column: land, words: {NO: NO, Norge: NO}}, unit: {always: on}, product: 007}")
    assert got.dimensions["market"].words == {"NO": "NO", "Norge": "NO"}
    assert got.dimensions["unit"].always == "on"
    assert got.dimensions["product"].column == "007"


def test_short_forms() -> None:
    got = read_contract(LEAST + "record: id\nat: when\nattrs: [x]\nlanguage: null\n")
    assert (got.record, got.at, got.attrs, got.language) == (("id",), Moment(column="when"), ("x",), None)
    assert got.answers[0].item == Value(always="said")


def test_notes_stand_beside_their_lines() -> None:
    text = write_contract(read_contract(LEAST + "at: {column: d, order: dmy}"), {"at.order": "days over 12\nseen", "answers[0].text": "long"})
    assert "at: {column: d, order: dmy}  # order: days over 12 seen" in text
    assert "- {item: said, text: message}  # text: long" in text


FAULTS = [
    ("", "empty"),
    ("just words", "names with values are meant"),
    ("[1, 2]", "names with values are meant"),
    ("a: b: c", "not YAML"),
    ("\x00", "not YAML"),
    ("source: [", "not YAML"),
    ("--- a\n--- b", "not YAML"),
    ("a: &x [1]\nb: *x", "anchor"),
    ("a: !!python/object/apply:os.system [ls]", "tag"),
    ("{" * 50, "levels deep"),
    ("[" * 5_000, "levels deep"),
    ("x" * 1_000_001, "1,000,000 are allowed"),
    (LEAST + "source: b", "written twice"),
    (LEAST + "? [a]\n: b", "must be one word"),
    (LEAST + "verson: 2", "did you mean 'version'"),
    (LEAST + "version: 0", "1 or more"),
    (LEAST + "version: two", "not a whole number"),
    (LEAST + "audience: alien", "not one of customer"),
    (LEAST + "audience: costumer", "did you mean 'customer'"),
    (LEAST + "kind: {always: complain}", "did you mean 'complaint'"),
    (LEAST + "dimensions: {markt: x}", "did you mean 'market'"),
    (LEAST + "dimensions: {market: {}}", "either `column` or `always`"),
    (LEAST + "dimensions: {market: {always: SE, words: {a: b}}}", "need a `column`"),
    (LEAST + "dimensions: [a]", "names with values are meant"),
    (LEAST + "at: {column: a, order: dmyy}", "did you mean 'dmy'"),
    (LEAST + "at: {column: a, zone: Europe/Stokholm}", "no time zone"),
    (LEAST + "at: {column: a, zone: ../../etc/passwd}", "no time zone"),
    (LEAST + "party: {name: x}", "at least one of email"),
    (LEAST + "party: {email: x, region: sweden}", "two capital letters"),
    (LEAST + "makes: events", "event: must be given"),
    (LEAST + "makes: parties", "person and party: must be given"),
    (LEAST + "record: [a, a]", "stands there 2 times"),
    (LEAST + "surprises: {bad_value: ignore}", "not one of accept"),
    (LEAST + "measures: [{id: X, version: 0, metric: m, low: 5, high: 1}]", "the low end must be below"),
    (LEAST + "measures: [{id: x, version: 1, metric: m, low: .inf, high: 1}]", "not a number"),
    (LEAST.replace("source: a", "source: Över allt"), "must be 1 to 64"),
    (LEAST.replace("source: a\n", ""), "source (line 1): must be given"),
    (LEAST.replace("text: message", "kind: type"), "at least one of text, score and choice"),
    (LEAST.replace("text: message", "score: stars"), "needs a measure"),
    (LEAST.replace("text: message", "score: s, measure: csat"), "csat.support@2"),
]


@pytest.mark.parametrize(("text", "says"), FAULTS, ids=lambda t: repr(t[-24:]))
def test_a_contract_with_a_fault_says_what_is_wrong(text: str, says: str) -> None:
    with pytest.raises(ContractError) as wrong:
        read_contract(text)
    assert says in str(wrong.value)


def test_all_faults_come_at_once_with_their_lines() -> None:
    with pytest.raises(ContractError) as wrong:
        read_contract("sorce: a\nversion: x\nat: {zone: 1, colum: b}\nanswers:\n  - {item: a, scoer: b}\n")
    assert len(wrong.value.faults) == 7
    assert any("answers[0].scoer (line 5)" in f and "'score'" in f for f in wrong.value.faults)


@settings(deadline=None)
@given(measures)
def test_a_measure_goes_to_plain_values_and_back(measure: Measure) -> None:
    assert measure_of(measure_dict(measure)) == measure


@pytest.mark.parametrize("plain", [{}, {"id": 1}, {"id": "x", "version": 1, "metric": "m", "low": 5, "high": 1}, {"id": "x", "version": "one"}])
def test_what_is_no_measure_is_refused(plain: dict[str, Any]) -> None:
    with pytest.raises(ContractError):
        measure_of(plain)
