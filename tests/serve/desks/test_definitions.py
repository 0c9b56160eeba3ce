"""Definitions: who asks what, what each source calls it, and how a definition is changed."""

from dataclasses import replace

import pytest

from gensvar import flow
from gensvar.contracts import Contract, Measure
from gensvar.contracts.contract import AnswerRule, Value
from gensvar.contracts.contract_yaml import read_contract
from gensvar.house import House
from gensvar.kit.errors import BadInput, Conflict, ContractError, NotAllowed
from gensvar.serve.desks import definitions
from gensvar.serve.desks.definitions import Feed, Local
from tests.houses import SURVEY

HELPDESK = Contract(
    source="helpdesk", version=2, owner="bo", purpose="every ticket",
    kind=Value(column="type", words={"problem": "complaint", "fel": "complaint", "fråga": "question"}, other="other"),
    dimensions={"market": Value(column="country", words={"Sverige": "SE", "NO": "NO"}), "channel": Value(always="mail")},
    answers=(
        AnswerRule(item=Value(always="rating"), measure=Value(column="form", words={"a": "csat.support@1", "b": "csat.support@2"}), score="stars",
                   kind=Value(always="survey")),
        AnswerRule(item=Value(column="field"), text="text"),
    ),
)  # fmt: skip


def test_each_version_tells_who_asks_it() -> None:
    asked = definitions.feeds([HELPDESK, read_contract(SURVEY)])
    assert asked["csat.delivery@1"] == (Feed("survey", "anna.berg", "customer", "rating"),)
    assert asked["csat.support@1"] == asked["csat.support@2"] == (Feed("helpdesk", "bo", "customer", "rating", "form"),)


def test_a_kind_tells_what_each_source_calls_it() -> None:
    kinds = definitions.local_kinds([read_contract(SURVEY), HELPDESK])
    assert kinds["complaint"] == (Local("helpdesk", "type", ("problem", "fel")),)
    assert kinds["survey"] == (Local("helpdesk", "", ()), Local("survey", "", ()))
    assert kinds["other"] == (Local("helpdesk", "type", ()),)


def test_a_dimension_tells_where_each_source_has_it() -> None:
    found = definitions.local_dimensions([HELPDESK, read_contract(SURVEY)])
    assert found["market"] == (Local("helpdesk", "country", ("Sverige → SE",)), Local("survey", "country"))
    assert found["channel"] == (Local("helpdesk", ""), Local("survey", ""))


def delivery(house: House) -> Measure:
    return house.ledger.measures.all().versions("csat.delivery")[-1]


def test_a_proposal_becomes_the_next_version_and_the_old_one_stays(small_house: House) -> None:
    before = delivery(small_house)
    number = definitions.propose(small_house, "bo", replace(before, wording={"en": "How was it?"}), "plainer")
    assert delivery(small_house) == before
    made = definitions.approve(small_house, "anna", number, "good")
    assert made == delivery(small_house) == replace(before, version=2, wording={"en": "How was it?"})
    assert small_house.ledger.measures.all().versions("csat.delivery")[0] == before
    assert small_house.ledger.proposals.get(number).state == "approved"
    assert [(d.who, d.did) for d in small_house.ledger.audit.rows()][-2:] == [("bo", "propose definition"), ("anna", "approve definition")]


def test_two_proposals_become_two_versions(small_house: House) -> None:
    first = definitions.propose(small_house, "bo", replace(delivery(small_house), cut=3.0), "kinder")
    second = definitions.propose(small_house, "eva", replace(delivery(small_house), cut=5.0), "stricter")
    assert definitions.approve(small_house, "anna", second, "").version == 2
    assert definitions.approve(small_house, "anna", first, "").key == "csat.delivery@3"
    with pytest.raises(Conflict):
        definitions.approve(small_house, "anna", first, "")
    assert delivery(small_house).version == 3


def test_a_proposal_changes_something_and_says_why(small_house: House) -> None:
    same = delivery(small_house)
    with pytest.raises(BadInput, match="says already"):
        definitions.propose(small_house, "bo", same, "why not")
    for why in ("", " ", "x" * 1001):
        with pytest.raises(BadInput, match="says why"):
            definitions.propose(small_house, "bo", replace(same, cut=3.0), why)
    with pytest.raises(ContractError, match="cannot be read as csat"):
        definitions.propose(small_house, "bo", replace(same, better="down"), "why not")
    assert small_house.ledger.proposals.all() == []


def test_declining_takes_a_reason_and_changes_nothing(small_house: House) -> None:
    before = delivery(small_house)
    number = definitions.propose(small_house, "bo", replace(before, cut=3.0), "kinder")
    with pytest.raises(BadInput):
        definitions.decline(small_house, "anna", number, " ")
    assert definitions.decline(small_house, "anna", number, "the trend would break").state == "declined"
    assert delivery(small_house) == before


def test_one_takes_back_ones_own(small_house: House) -> None:
    number = definitions.propose(small_house, "bo", replace(delivery(small_house), cut=3.0), "kinder")
    with pytest.raises(NotAllowed):
        definitions.withdraw(small_house, "eva", number)
    definitions.withdraw(small_house, "bo", number)
    assert small_house.ledger.proposals.get(number).state == "withdrawn"


def test_a_failed_approval_leaves_the_proposal_open(small_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    number = definitions.propose(small_house, "bo", replace(delivery(small_house), cut=3.0), "kinder")

    def full(*_: object) -> None:
        raise OSError

    monkeypatch.setattr(small_house.ledger.measures, "add", full)
    with pytest.raises(OSError):  # noqa: PT011 whatever is raised
        definitions.approve(small_house, "anna", number, "")
    assert small_house.ledger.proposals.get(number).state == "open"


def test_remarks_stand_beside_a_measure_that_is_there(small_house: House) -> None:
    number = definitions.remark(small_house, "anna", "csat.delivery", " Norway was  not asked ")
    assert [r.text for r in small_house.ledger.remarks.standing("csat.delivery")] == ["Norway was not asked"]
    assert definitions.unremark(small_house, "anna", number) == "csat.delivery"
    with pytest.raises(BadInput):
        definitions.remark(small_house, "anna", "csat.delivery", "")


def test_contracts_of_a_house_feed_the_definitions(small_house: House) -> None:
    assert set(definitions.feeds(flow.contracts(small_house).values())) == {"csat.delivery@1"}
