"""In short, words, needs: what their pages show to whom, and what they refuse."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from litestar.testing import TestClient

from gensvar.contracts import Measure
from gensvar.house import House
from gensvar.kit.scope import Scope
from gensvar.serve.access import Access
from gensvar.serve.app import build_app
from tests.houses import signed_in
from tests.serve.conftest import HERE
from tests.serve.desks.spoken import rated, said, told

NO = Scope({"market": frozenset({"NO"})})
SUGGESTS = {"reasons": ["intent.improvement", "mark.suggestion"], "topics": ["features", "features.missing"], "tones": ["features.missing=-0.40"]}
ROWS = [
    *(said(n, f"Leveransen kom alldeles för sent, {n} dagar", n % 25, language="sv", market="SE", sentiment=-0.8) for n in range(1, 61)),
    *(said(n, "Personalen är pålitlig och vänlig", n % 25, language="sv", market="SE", sentiment=0.8) for n in range(100, 120)),
    *(said(n, "Utanför var kaffet kallt", n % 25, language="sv", market="NO", sentiment=-0.5) for n in range(200, 255)),
    *(said(n, "Det vore bra med öppet på söndagar. Tack!", 3, language="sv", market="SE", **SUGGESTS) for n in range(300, 303)),
    said(400, "Vi anställda hinner inte", 3, audience="employee", language="sv", market="SE"),
]
TOKEN = re.compile(r'name="token" value="([0-9a-f]+)"')


@dataclass(frozen=True)
class Reading:
    house: House
    client: TestClient[Any]

    def twin(self, address: str, scope: Scope | None = None, role: str = "contributor") -> Any:
        answer = self.client.get(address, headers=signed_in(self.house, role, scope))
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture(scope="module")
def reading(long_house: House) -> Iterator[Reading]:
    told(long_house.engine, ROWS)
    with TestClient(build_app(long_house, Access(long_house.settings, long_house.ledger)), base_url=HERE) as client:
        yield Reading(long_house, client)


def test_the_selection_is_summed_up_in_quotes_that_lead_to_their_voices(reading: Reading) -> None:
    found = reading.twin("/voices/summary.json?period=all&market=SE")
    assert found["found"]["total"] == found["found"]["read"] == 83
    (sv,) = found["languages"]
    texts = ["".join(p["text"] for p in q["pieces"]) for q in sv["quotes"]]
    assert any("kom alldeles för sent" in text for text in texts)
    assert "Personalen är pålitlig och vänlig" in texts
    assert not any("anställda" in text for text in texts)
    answer = reading.client.get(sv["quotes"][0]["href"] + ".json", headers=signed_in(reading.house, "contributor"))
    assert texts[0] in answer.text
    assert any("protected" in note or "skyddade" in note or "skyddet" in note for note in found["notes"])


def test_a_scope_limits_what_is_summed_up(reading: Reading) -> None:
    theirs, narrowed = (reading.twin(f"/voices/summary.json?period=all{more}", scope)["found"] for more, scope in (("", NO), ("&market=NO", None)))
    assert theirs == narrowed
    assert theirs["total"] == 55


def test_few_texts_are_not_summed_up(reading: Reading) -> None:
    few = reading.twin("/voices/summary.json?period=all&q=s%C3%B6ndagar")
    assert few["why"]
    assert few["languages"] == []
    none = reading.twin("/voices/summary.json?period=all&q=finnsinte")
    assert none["found"]["total"] == 0
    assert none["why"]


def test_who_may_not_read_text_is_refused(reading: Reading) -> None:
    for address in ("/voices/summary", "/words", "/needs"):
        answer = reading.client.get(address, headers=signed_in(reading.house, "contributor", Scope(free_text=False)))
        assert answer.status_code == 403, address


def test_a_model_is_not_offered_where_there_is_none_and_asking_is_refused(reading: Reading) -> None:
    headers = signed_in(reading.house, "contributor") | {"accept": "text/html"}
    shown = reading.client.get("/voices/summary?period=all&lang=en", headers=headers).text
    assert "In other words" not in shown
    token = TOKEN.search(reading.client.get("/views?lang=en", headers=headers).text)
    assert token is None or reading.client.post("/voices/summary", headers=headers, data={"token": token[1]}).status_code == 404


def test_wanted_words_are_counted_with_what_is_said_instead(reading: Reading) -> None:
    reading.house.ledger.wanted_words.add("sv", "pålitlig", ("trygg",), "anna")
    reading.house.ledger.wanted_words.add("fi", "luotettava", (), "anna")
    found = reading.twin("/words.json?period=2026-09&market=SE")
    (sv,) = found["languages"]
    (wanted,) = found["found"]["languages"][0]["wanted"]
    assert (wanted["word"], wanted["part"]["k"], wanted["part"]["n"]) == ("pålitlig", 20, 83)
    assert wanted["tone"]["value"] == pytest.approx(0.8)
    assert wanted["moved"]["move"] == "cannot tell", "nothing was written the month before"
    assert {u["word"] for u in sv["used"]} >= {"leveransen", "personalen"}
    assert "pålitlig" not in {u["word"] for u in sv["used"]}
    assert [w["word"] for w in found["found"]["unread"]] == ["luotettava"]


def test_markets_are_told_apart_within_one_language(reading: Reading) -> None:
    told_apart = {t["title"]: {u["word"] for u in t["words"]} for t in reading.twin("/words.json?period=2026-09&lang=en")["languages"][0]["told"]}
    assert "kaffet" in told_apart["Norway"]
    assert "leveransen" in told_apart["Sweden"]
    alone = reading.twin("/words.json?period=2026-09", NO)["languages"][0]["told"]
    assert [(t["words"], bool(t["why"])) for t in alone] == [([], True)], "who sees one market has nothing to hold it against"


def test_words_are_added_and_removed_by_who_may(reading: Reading) -> None:
    headers = signed_in(reading.house, "owner") | {"accept": "text/html"}
    shown = reading.client.get("/words?period=all", headers=headers).text
    token = TOKEN.search(shown)
    assert token is not None
    sent = {"token": token[1], "language": "sv", "word": " snabb ", "also": "kvick, rapp"}
    assert reading.client.post("/words", headers=headers, data=sent, follow_redirects=False).status_code == 303
    kept = next(w for w in reading.house.ledger.wanted_words.standing() if w.word == "snabb")
    assert kept.also == ("kvick", "rapp")
    assert reading.client.post("/words", headers=headers, data=sent | {"word": "!!"}, follow_redirects=False).status_code == 422
    assert reading.client.post("/words", headers=headers, data=sent | {"language": "xx"}, follow_redirects=False).status_code == 422
    assert reading.client.post(f"/words/{kept.id}/remove", headers=headers, data=sent, follow_redirects=False).status_code == 303
    assert kept.id not in {w.id for w in reading.house.ledger.wanted_words.standing()}
    assert (
        'action="/words"'
        not in reading.client.get("/words", headers=signed_in(reading.house, "contributor")).text.split("<main")[1].split("<section")[-1]
    )


def test_needs_are_quoted_by_topic(reading: Reading) -> None:
    found = reading.twin("/needs.json?period=all")
    (subject,) = found["found"]["subjects"]
    assert (subject["topic"], subject["part"]["k"]) == ("features", 3)
    (asked,) = subject["asked"]
    assert asked["text"] in "Det vore bra med öppet på söndagar. Tack!"
    assert found["found"]["of"] == 138
    assert reading.twin("/needs.json?period=all&mark=need")["subjects"] == []
    assert reading.twin("/needs.json?period=all", NO)["found"]["total"] == 0


def test_expected_stands_against_delivered_where_both_were_asked(reading: Reading) -> None:
    assert reading.twin("/words.json?period=all")["against"] == []
    shape = {"version": 1, "metric": "stars", "low": 1, "high": 5, "owner": "anna", "name": {"en": "x"}}
    reading.house.ledger.measures.add([Measure(id=name, **shape) for name in ("expected.delivery", "delivered.delivery")], "anna")
    rows = []
    for n in range(500, 540):
        both = {"market": "SE" if n % 2 else "FI", "days": 2, "response": f"b{n}"}
        rows += [rated(n, 4.0, measure="expected.delivery@1", **both), rated(n + 500, 3.0 - n % 2, measure="delivered.delivery@1", **both)]
    told(reading.house.engine, [*rows, rated(2000, 5.0, 2, "alone", measure="expected.delivery@1", market="SE")])
    (pair,) = reading.twin("/words.json?period=2026-09&lang=en")["against"]
    assert pair["sentence"].startswith("Less was delivered than expected: −1.50 (")
    assert "40 pairs" in pair["sentence"]
    assert {g["group"]: g["visible"] for g in pair["groups"]} == {"Sweden": True, "Finland": True}
