"""The pages of journeys: what was last found, one journey, what is missing, and what a reader of few may not be told."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from litestar.testing import TestClient

from gensvar.explain.journeys import KIND, LIST, MAP, JourneysFound, found_json
from gensvar.house import House
from gensvar.kit.scope import Scope
from gensvar.serve.access import Access
from gensvar.serve.app import build_app
from tests.houses import signed_in
from tests.serve.conftest import HERE
from tests.serve.web.journeying import FOUND, JOURNEYS, voice
from tests.serve.web.journeying import MAP as SAMPLE


@pytest.fixture
def client(small_house: House) -> Iterator["TestClient[Any]"]:
    with TestClient(build_app(small_house, Access(small_house.settings, small_house.ledger)), base_url=HERE) as made:
        yield made


@pytest.fixture
def found(small_house: House) -> House:
    """A house in which journeys were looked for last night."""
    small_house.ledger.findings.keep(KIND, LIST, found_json(JOURNEYS))
    small_house.ledger.findings.keep(KIND, MAP, found_json(SAMPLE))
    return small_house


def get(client: "TestClient[Any]", house: House, address: str, role: str = "administrator", scope: Scope | None = None) -> Any:
    answer = client.get(address, headers=signed_in(house, role, *([scope] if scope else [])))
    assert answer.status_code == 200, answer.text[-400:]
    return answer.json() if ".json" in address else answer.text


def test_what_is_worst_stands_first(found: House, client: "TestClient[Any]") -> None:
    page = get(client, found, "/journeys.json")
    assert page["sentence"] == "Customers get stuck most at Confirm in Payment"
    assert page["stuck"][0]["sentence"].startswith("Confirm in Payment: 142 customers were lost. Of 950 errands, 12")
    assert page["stuck"][0]["standing"] == "Place 1, and surely so."
    assert page["stuck"][1]["standing"] == "Place 2; it may be anywhere from 2 to 3."
    assert page["made"].startswith("Last looked at: ")
    assert [card["key"] for card in page["cards"]] == ["payment", "return"]
    assert page["cards"][1]["sentence"] == "Return: how many finish cannot be told: too few: 7 of 30."
    assert page["flow"]["spec"]
    assert page["bars"]["spec"]
    assert page["tones"]["spec"]
    assert page["refused"] == ["Booking: nothing in the events says that it was finished.", "Gift card: 12 errands, where 30 are needed."]


def test_one_journey_says_how_many_finish_and_what_became_of_the_others(found: House, client: "TestClient[Any]") -> None:
    page = get(client, found, "/journeys/payment.json?compare=channel")
    assert page["sentence"].startswith("81")
    assert "% (" in page["sentence"], "with its interval"
    assert page["sentence"].endswith("finish Payment. Most are lost at Confirm.")
    assert page["fates_says"].startswith(
        "Of 260 errands that stood still, 70 came back and finished; 190 did not: 20 turned to another channel, 75 turned to support"
    )
    assert page["told"][1]["became"].startswith("150 stood still at Confirm: 20 turned to another channel")
    assert page["told"][-1]["became"] == "70 of those who finished had stood still on the way."
    assert page["told"][1]["voices"] == "/voices?touchpoint=payment&period=last+12+months"
    assert page["differences"][0]["sentence"].startswith("android: fewer")
    assert "say that they reached their goal" in page["stated_says"]
    assert page["paths"]["rows"][1][0] == "Choose → Confirm → stopped"
    text = get(client, found, "/journeys/payment?compare=channel")
    assert "Where it chafes" in text
    assert 'name="compare"' in text


def test_what_is_said_of_the_whole_journey_is_said_once(small_house: House, client: "TestClient[Any]") -> None:
    alike = replace(FOUND, steps=tuple(replace(s, voice=voice(64, -0.3)) for s in FOUND.steps))
    small_house.ledger.findings.keep(KIND, LIST, found_json(JourneysFound((alike,), ())))
    page = get(client, small_house, "/journeys/payment.json")
    assert len(page["spoken"]["topics"]) == 1
    assert page["spoken"]["voices"].startswith("/voices?touchpoint=payment&")
    assert {(len(step["topics"]), step["voices"]) for step in page["told"]} == {(0, "")}
    assert page["steps"]["table"]["head"][-1] == "topics"
    text = get(client, small_house, "/journeys/payment")
    assert text.count("Of the whole journey:") == 1
    assert "Nobody has said anything here" not in text


def test_too_few_is_a_state_of_the_page(found: House, client: "TestClient[Any]") -> None:
    page = get(client, found, "/journeys/return.json")
    assert page["steps"]["spec"] is None
    assert page["friction"] is None
    assert "too few: 7 of 30" in page["sentence"]


def test_a_comparison_that_is_not_there_says_what_it_takes(found: House, client: "TestClient[Any]") -> None:
    page = get(client, found, "/journeys/payment.json?compare=before_after")
    assert page["asked_to_compare"] == "Choose the day that parts before from after."
    assert get(client, found, "/journeys/payment.json?compare=segment")["asked_to_compare"].startswith("There are no two groups")


def test_without_voices_no_link_leads_to_them(found: House, client: "TestClient[Any]") -> None:
    page = get(client, found, "/journeys/payment.json", role="viewer")
    assert all(step["voices"] == "" for step in page["told"])
    assert all(place["voices"] == "" for place in page["stuck"])


def test_numbers_of_fewer_people_than_the_reader_may_see_are_not_told(found: House, client: "TestClient[Any]") -> None:
    page = get(client, found, "/journeys.json", scope=Scope(least={"customer": 50}))
    assert [card["key"] for card in page["cards"]] == ["payment"]
    assert [place["step"] for place in page["stuck"]] == ["Confirm"]
    one = get(client, found, "/journeys/payment.json", scope=Scope(least={"customer": 50}))
    assert one["fates"]["spec"] is None, "20 turned to another channel: the split is not told"


def test_before_anything_was_looked_for_the_page_says_so(small_house: House, client: "TestClient[Any]") -> None:
    page = get(client, small_house, "/journeys.json")
    assert page["why"].startswith("Journeys have not been looked for yet.")
    assert page["cards"] == []
    assert client.get("/journeys/payment", headers=signed_in(small_house, "administrator")).status_code == 404


@pytest.mark.parametrize("query", ["compare=planet", "nonsense=1", "day=yesterday", "by=planet"])
def test_what_the_address_cannot_mean_is_refused(found: House, client: "TestClient[Any]", query: str) -> None:
    assert client.get(f"/journeys?{query}", headers=signed_in(found, "administrator")).status_code == 422


def test_a_name_that_is_nearly_right_is_told(found: House, client: "TestClient[Any]") -> None:
    answer = client.get("/journeys/paymnt.json", headers=signed_in(found, "administrator"))
    assert (answer.status_code, answer.json()["nearest"]) == (404, "payment")
