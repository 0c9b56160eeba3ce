"""Voices as pages: what is shown, to whom, and that another's row and no row at all look the same."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

import pytest
from litestar.testing import TestClient
from sqlalchemy import Engine, event

from gensvar.house import House
from gensvar.kit.scope import Scope
from gensvar.serve.access import Access
from gensvar.serve.app import build_app
from gensvar.serve.seen import Seen
from gensvar.serve.web.asked import Asked, behind, voices_href
from gensvar.serve.web.voice_views import pieces
from gensvar.text.search import terms
from tests.houses import signed_in
from tests.serve.conftest import HERE, owner
from tests.serve.desks.spoken import name, rated, said, told

NO = Scope({"market": frozenset({"NO"})})
PARTY = bytes(15) + b"\x07"
PAGE = {"accept": "text/html"}
TOKEN = re.compile(r"[0-9a-f]{64,}")  # a form's token, masked anew on every page


@dataclass(frozen=True)
class Reading:
    house: House
    client: TestClient  # type: ignore[type-arg]

    def twin(self, address: str, headers: dict[str, str], status: int = 200) -> dict[str, object]:
        answer = self.client.get(address, headers=headers)
        assert answer.status_code == status, answer.text
        found: dict[str, object] = answer.json()
        return found


@pytest.fixture
def reading(small_house: House) -> Iterator[Reading]:
    told(
        small_house.engine,
        [
            said(1, "Leveransen kom för sent, ring [phone]", 20, "A", market="NO", party=PARTY, attrs={"subject": "Sent"}, language="sv"),
            rated(2, 2.0, 20, "A", market="NO"),
            said(3, "Allt bra", 21, "B", market="SE", party=PARTY),
            rated(4, 5.0, 21, "B", market="SE"),
            said(5, "Vi har för mycket att göra", 22, audience="employee", market="NO"),
        ],
    )
    access = Access(small_house.settings, small_house.ledger, seen=Seen(small_house.ledger.audit, small_house.clock.now))
    with TestClient(build_app(small_house, access), base_url=HERE) as client:
        yield Reading(small_house, client)


def test_the_list_is_within_the_readers_scope(reading: Reading) -> None:
    everywhere, norway = (signed_in(reading.house, "contributor", scope) for scope in (None, NO))
    assert [v["text"] for v in reading.twin("/voices.json", everywhere)["voices"]] == ["Allt bra", "Leveransen kom för sent, ring [phone]"]  # type: ignore[attr-defined]
    mine = reading.twin("/voices.json", norway)
    assert (mine["headline"], mine["total"], mine["about"]) == ("One voice", 1, False)
    assert "Allt bra" not in json.dumps(mine, ensure_ascii=False)
    assert "för mycket att göra" not in json.dumps(reading.twin("/voices.json?period=all&said=all", everywhere), ensure_ascii=False)


def test_what_the_ledger_is_asked_does_not_grow_with_the_rows(reading: Reading) -> None:
    asked: list[str] = []

    def heard(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    def of(scope: Scope | None) -> tuple[int, int]:
        who = signed_in(reading.house, "contributor", scope)
        reading.twin("/voices.json", who)  # what is found out once for all pages
        asked.clear()
        rows = reading.twin("/voices.json", who)["voices"]
        assert isinstance(rows, list)
        return len(rows), sum("FROM measures" in " ".join(one.split()) for one in asked)

    event.listen(Engine, "before_cursor_execute", heard)
    try:
        (few, for_few), (more, for_more) = of(NO), of(None)
    finally:
        event.remove(Engine, "before_cursor_execute", heard)
    assert (few, more) == (1, 2)
    assert for_few == for_more > 0


def test_a_page_quotes_in_the_language_it_was_said(reading: Reading) -> None:
    page = reading.client.get("/voices?q=sent", headers=signed_in(reading.house, "contributor") | PAGE).text
    assert '<blockquote lang="sv" dir="auto">' in page
    assert "för <mark>sent</mark>" in page
    assert '<span class="left-out">[phone]</span>' in page
    assert "2 of 5" in page
    assert "CSAT for delivery" in page


def test_anothers_voice_and_none_look_the_same(reading: Reading) -> None:
    norway = signed_in(reading.house, "contributor", NO)
    answers = {}
    for kind, row in {"another's": name(3, 21), "employee's": name(5, 22), "none": name(9, 21), "nonsense": "nonsense"}.items():
        answers[kind] = [
            (a.status_code, TOKEN.sub("TOKEN", a.text.replace(row, "ID")), a.headers.get("content-type"))
            for path in (f"/voices/{row}", f"/voices/{row}.json", f"/v1/voice?id={row}")
            for a in [reading.client.get(path, headers=norway | PAGE)]
        ]
    assert {a[0] for told_of in answers.values() for a in told_of} == {404}
    assert answers["another's"] == answers["employee's"] == answers["none"] == answers["nonsense"]
    assert reading.client.get(f"/voices/{name(1, 20)}", headers=norway).status_code == 200


def test_a_story_tells_all_within_the_scope(reading: Reading) -> None:
    story = reading.twin(f"/voices/{name(1, 20)}.json", signed_in(reading.house, "contributor"))
    assert [v["text"] for v in story["others"]] == ["Allt bra"]  # type: ignore[attr-defined]
    assert story["left_out"] == ["[phone]"]
    assert {"term": "subject", "text": "Sent", "code": False} in story["attrs"]  # type: ignore[operator]
    assert {r["term"]: r["text"] for r in story["source"]}["Owner"] == "anna.berg"  # type: ignore[attr-defined]
    norwegian = reading.twin(f"/voices/{name(1, 20)}.json", signed_in(reading.house, "contributor", NO))
    assert norwegian["others"] == []


def test_without_the_right_to_text_there_are_scores_alone(reading: Reading) -> None:
    mute = signed_in(reading.house, "contributor", Scope(free_text=False))
    page = reading.twin("/voices.json", mute)
    assert {v["text"] for v in page["voices"]} == {""}  # type: ignore[attr-defined]
    assert (page["reads_text"], page["unnamed"]) == (False, [])
    assert reading.client.get("/voices.json?q=sent", headers=mute).status_code == 403
    assert "Leveransen" not in reading.client.get(f"/voices/{name(1, 20)}", headers=mute | PAGE).text


@pytest.mark.parametrize("role", ["viewer", "auditor"])
def test_a_role_without_the_right_reads_nothing(reading: Reading, role: str) -> None:
    headers = signed_in(reading.house, role)
    for path in ("/voices", "/voices.json", f"/voices/{name(1, 20)}.json", "/voices-as/csv", "/v1/voices", f"/v1/voice?id={name(1, 20)}"):
        assert reading.client.get(path, headers=headers).status_code == 403
    assert "The voices behind it" not in reading.client.get("/measures/csat.delivery", headers=signed_in(reading.house, "viewer") | PAGE).text


def test_a_file_of_voices_needs_a_right_of_its_own(reading: Reading) -> None:
    assert reading.client.get("/voices-as/csv", headers=signed_in(reading.house, "contributor")).status_code == 403
    told(reading.house.engine, [said(8, "=HYPERLINK(1)", 23, market="NO")])
    analyst = signed_in(reading.house, "analyst", NO)
    file = reading.client.get("/voices-as/csv?sort=oldest", headers=analyst)
    assert file.headers["content-disposition"] == 'attachment; filename="voices.csv"'
    assert file.headers["x-content-type-options"] == "nosniff"
    lines = file.text.splitlines()
    assert [("Leveransen" in line, "HYPERLINK" in line) for line in lines[1:]] == [(True, False), (False, True)]
    assert ",=HYPERLINK" not in file.text
    assert "Allt bra" not in file.text
    assert reading.client.get("/voices-as/xlsx", headers=analyst).content.startswith(b"PK")
    assert reading.client.get("/voices-as/parquet", headers=analyst).content.startswith(b"PAR1")
    assert reading.client.get("/voices-as/exe", headers=analyst).status_code == 404
    assert [d.did for d in reading.house.ledger.audit.rows() if d.who.startswith("analyst")].count("export voices") == 3


def test_filters_stay_in_the_address(reading: Reading) -> None:
    told(reading.house.engine, [said(100 + i, f"nytt {i}", 24 + i / 100, market="NO") for i in range(30)])
    reader = signed_in(reading.house, "analyst")
    page = reading.twin("/voices.json?q=nytt&market=NO&sort=oldest", reader)
    following = dict(parse_qsl(urlsplit(str(page["next"])).query))
    assert {k: following[k] for k in ("q", "market", "sort")} == {"q": "nytt", "market": "NO", "sort": "oldest"}
    rest = reading.twin(str(page["next"]).replace("/voices?", "/voices.json?"), reader)
    assert len(page["voices"]) + len(rest["voices"]) == 30  # type: ignore[arg-type]
    assert rest["first"] == "/voices?q=nytt&market=NO&sort=oldest"
    assert page["table"] == {form: f"/voices-as/{form}?q=nytt&market=NO&sort=oldest" for form in ("csv", "xlsx", "parquet")}
    assert reading.twin("/voices.json?q=zzz", reader)["wider"] == "/voices?q=zzz&period=all"


@pytest.mark.parametrize("query", ["marknad=NO", "sort=lowest", "score=1..2", "after=xx", "q=" + "a" * 300, "period=soon", "where=x"])
def test_an_address_that_cannot_be_understood_says_so(reading: Reading, query: str) -> None:
    assert reading.client.get(f"/voices.json?{query}", headers=signed_in(reading.house, "contributor")).status_code == 422


def test_reading_is_written_down_without_what_was_searched_for(reading: Reading) -> None:
    reader = signed_in(reading.house, "contributor")
    reading.client.get("/voices?q=hemligt&market=NO", headers=reader)
    reading.client.get("/v1/voices?words=hemligt&where=market=NO", headers=reader)
    reading.client.get(f"/voices/{name(1, 20)}", headers=reader)
    rows = [d for d in reading.house.ledger.audit.rows(limit=100) if d.who.startswith("contributor")]
    assert [(d.did, d.what) for d in rows] == [("read", "/voices"), ("read", "/v1/voices"), ("read", f"/voices/{name(1, 20)}")]
    assert rows[0].detail == {"market": "NO", "q": "…"}
    assert "hemligt" not in "".join(str(d.detail) for d in rows)


def test_the_api_and_python_answer_alike(reading: Reading) -> None:
    from gensvar.serve.front import Hub

    found = reading.twin("/v1/voices?words=sent&measure=csat.delivery&score=bad&period=2026-09", signed_in(reading.house, "analyst"))
    here = Hub(reading.house).voices("sent", measure="csat.delivery", score="bad", period="2026-09")
    assert [v["id"] for v in found["voices"]] == [v.id for v in here.voices] == [name(1, 20)]  # type: ignore[attr-defined]
    assert found["voices"][0]["scores"][0] == {"measure": "csat.delivery@1", "value": 2.0, "low": 1.0, "high": 5.0, "mood": "bad"}  # type: ignore[index]


def test_the_voices_behind_a_number_have_its_filters() -> None:
    asked = Asked({"market": "NO,SE", "channel": "a b"}, "last month", "year before", "segment")
    assert voices_href(asked, "csat.delivery") == "/voices?market=NO%2CSE&channel=a+b&measure=csat.delivery&period=last+month"
    assert behind("/measures/csat.delivery" + asked.query()) == voices_href(asked, "csat.delivery")
    assert behind("/measures/csat.delivery%402?by=market") == "/voices?measure=csat.delivery%402"
    assert voices_href(Asked()) == "/voices"


def test_a_text_in_parts_is_the_text() -> None:
    text = "Ring [phone] om SENT, sent"
    parts = list(pieces(text, terms("sent phone")))
    assert "".join(p.text for p in parts) == text
    assert [(p.text, p.kind) for p in parts if p.kind] == [("[phone]", "left_out"), ("SENT", "hit"), ("sent", "hit")]


def test_the_owner_reads_with_her_token(reading: Reading) -> None:
    access = Access(reading.house.settings, reading.house.ledger)
    with TestClient(build_app(reading.house, access), base_url=HERE) as client:
        assert client.get("/voices.json", headers=owner(access)).json()["total"] == 2
