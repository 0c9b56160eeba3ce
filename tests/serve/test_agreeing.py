"""Annotations and definitions by API: the same functions as behind the pages."""

from typing import Any

from tests.serve.conftest import Served

BETTER = "[{id: csat.delivery, version: 9, metric: csat, low: 1, high: 5, cut: 5, owner: bo}]"


def sent(served: Served, address: str, **given: Any) -> tuple[int, Any]:
    answer = served.client.post(f"/v1/{address}", json=given)
    return answer.status_code, answer.json()


def test_a_note_by_api_stands_and_is_taken_away(served: Served) -> None:
    status, made = sent(served, "annotations", day="2026-10-01", text="New guides", measure="csat.delivery", where="market=SE")
    assert (status, made) == (200, {"id": made["id"]})
    (found,) = served.client.get("/v1/annotations").json()
    assert (found["text"], found["where"], found["by"]) == ("New guides", {"market": ["SE"]}, "the owner of the data folder")
    assert sent(served, "annotations/remove", id=made["id"])[0] == 200
    assert served.client.get("/v1/annotations").json() == []
    assert sent(served, "annotations/remove", id=made["id"])[0] == 404


def test_a_key_that_only_reads_notes_nothing(served: Served) -> None:
    headers = served.key("read")
    assert served.client.get("/v1/annotations", headers=headers).status_code == 200
    assert served.client.post("/v1/annotations", headers=headers, json={"day": "2026-10-01", "text": "x"}).status_code == 403


def test_what_cannot_be_noted_is_refused(served: Served) -> None:
    for given in (
        {"day": "x", "text": "x"},
        {"day": "2026-10-01", "text": ""},
        {"day": "2026-10-01"},
        {"day": "2026-10-01", "text": "x", "where": "a"},
    ):
        assert sent(served, "annotations", **given)[0] == 422
    assert served.client.get("/v1/annotations").json() == []


def test_definitions_tell_who_asks_them(served: Served) -> None:
    (found,) = served.client.get("/v1/definitions").json()
    assert found["definition"]["id"] == "csat.delivery"
    assert [feed["source"] for feed in found["asked_by"]] == ["survey"]


def test_a_proposal_is_made_and_settled(served: Served) -> None:
    _, made = sent(served, "proposals", yaml=BETTER, why="stricter")
    assert sent(served, "proposals/settle", id=made["id"], how="decline")[0] == 422
    status, version = sent(served, "proposals/settle", id=made["id"], how="approve")
    assert (status, version["version"], version["cut"]) == (200, 2, 5)
    (proposal,) = served.client.get("/v1/proposals").json()
    assert proposal["state"] == "approved"
    assert sent(served, "proposals/settle", id=made["id"], how="approve")[0] == 409


def test_a_proposal_is_about_one_definition_that_is_there(served: Served) -> None:
    assert sent(served, "proposals", yaml="[]", why="x")[0] == 422
    assert sent(served, "proposals", yaml=BETTER.replace("csat.delivery", "csat.delivry"), why="x")[0] == 404
    assert sent(served, "proposals", yaml=BETTER, why="")[0] == 422
    assert served.client.get("/v1/proposals").json() == []
