"""The API as its users meet it: 202 only after a commit, problems that say what to do, one bad item never costs its neighbours."""

from typing import Any

import pytest

from tests.serve.conftest import Served

AT = "2026-09-10T08:00:00Z"
GOOD = {"source": "survey", "record": "a", "item": "rating", "measure": "csat.delivery@1", "score": 5, "occurred_at": AT}


def post(served: Served, body: Any, path: str = "/v1/feedback", **headers: str) -> Any:
    return served.client.post(path, json=body, headers=served.key("ingest") | headers)


def test_one_item_is_accepted_and_then_answers(served: Served) -> None:
    response = post(served, GOOD)
    assert response.status_code == 202
    assert response.json()["accepted"] == 1
    served.flowed()
    (row,) = served.client.get("/v1/records", params={"source": "survey", "record": "a"}).json()
    assert row["id"].replace("-", "").endswith(response.json()["ids"][0])
    answer = served.client.get("/v1/answers", params={"measure": "csat.delivery"}).json()
    assert answer["groups"][0]["n"] == 1


def test_a_bad_item_is_told_of_and_its_neighbours_are_taken(served: Served) -> None:
    response = post(served, [GOOD, {**GOOD, "record": "b", "score": "five"}, {**GOOD, "record": "c", "source": "survy"}, {**GOOD, "record": "d"}])
    assert response.status_code == 202
    assert response.json()["accepted"] == 2
    assert {p["index"] for p in response.json()["problems"]} == {1, 2}
    assert "did you mean 'survey'" in response.json()["problems"][1]["detail"]
    served.flowed()
    assert served.client.get("/v1/status").json()["rows"]["feedback"] == 2


def test_nothing_good_is_a_problem_with_all_faults(served: Served) -> None:
    response = post(served, [{**GOOD, "score": "five"}, {**GOOD, "scroe": 4}])
    assert response.status_code == 422
    assert response.headers["content-type"].startswith("application/problem+json")
    problem = response.json()
    assert len(problem["faults"]) == 2
    assert "'score'" in problem["faults"][1]
    assert problem["do"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422), (b"{", 422), (b"null", 422), (b"[]", 422), (b"5", 422), (b'"text"', 422), (b"\xff\xfe", 422), (b"[[[[[[]]]]]]", 422),
        (b"[" * 100_000, 422), (b'{"source":"survey","score":NaN}', 422), (b'{"source":"survey","score":1e999}', 422),
    ],
)  # fmt: skip
def test_bodies_that_are_no_items_are_refused(served: Served, body: bytes, status: int) -> None:
    response = served.client.post("/v1/feedback", content=body, headers=served.key("ingest"))
    assert response.status_code == status, response.text
    assert response.json()["detail"]


def test_more_than_a_thousand_items_are_refused(served: Served) -> None:
    response = post(served, [{**GOOD, "record": str(i)} for i in range(1001)])
    assert response.status_code in {413, 422}
    assert served.house.ledger.inbox.backlog().entries == 0


def test_deleting_goes_through_the_same_inbox(served: Served) -> None:
    post(served, [GOOD, {**GOOD, "record": "b/ö"}])
    served.flowed()
    assert served.client.delete("/v1/feedback/survey/b%2F%C3%B6", headers=served.key("ingest")).status_code == 202
    served.flowed()
    assert [r["record"] for r in served.client.get("/v1/records", params={"source": "survey", "record": "a"}).json()] == ["a"]
    assert served.client.get("/v1/records", params={"source": "survey", "record": "b/ö"}).json() == []
    assert served.client.delete("/v1/feedback/nobody/x", headers=served.key("ingest")).status_code == 404


def test_questions_that_cannot_be_asked_say_why(served: Served) -> None:
    for params, word in (
        ({"measure": "csat.delivry"}, "csat.delivery"),
        ({"measure": "csat.delivery", "by": "markt"}, "market"),
        ({"measure": "csat.delivery", "period": "2026-Q9"}, "2026-Q9"),
        ({"measure": "csat.delivery", "colour": "red"}, "colour"),
        ({}, "measure"),
    ):
        response = served.client.get("/v1/answers", params=params)
        assert response.status_code in {404, 422}, response.text
        assert word in response.text


def test_unknown_addresses_and_wrong_methods_are_problems_too(served: Served) -> None:
    for method, path in (("GET", "/v1/nothing"), ("PUT", "/v1/answers")):
        response = served.client.request(method, path)
        assert response.status_code in {404, 405}
        assert response.json()["title"]


def test_a_file_sent_over_http_is_imported(served: Served) -> None:
    body = b"id,answered,mail,country,stars,comment\n1,2026-09-01T10:00,a@example.com,SE,5,Bra\n"
    sent = served.client.post("/v1/files", params={"source": "survey", "name": "../../etc/answers.csv"}, content=body, headers=served.key("admin"))
    assert sent.status_code == 202
    job = served.client.get("/v1/job", params={"id": sent.json()["job"]}).json()
    assert job["state"] == "waiting"
    (stored,) = (served.house.settings.data / "uploads").iterdir()
    assert stored.name.endswith("-answers.csv")
    refused = served.client.post("/v1/files", params={"source": "nobody", "name": "a.csv"}, content=body, headers=served.key("admin"))
    assert refused.status_code == 404
    assert len(list((served.house.settings.data / "uploads").iterdir())) == 1


def test_the_schema_names_every_operation(served: Served) -> None:
    schema = served.client.get("/v1/schema/openapi.json").json()
    assert {"/v1/answers", "/v1/feedback", "/v1/events", "/v1/sources", "/v1/set-aside"} <= set(schema["paths"])
    ask = schema["paths"]["/v1/answers"]["get"]
    assert {p["name"]: p["required"] for p in ask["parameters"]}["measure"] is True


def test_health_says_nothing_of_anybody(served: Served) -> None:
    assert served.client.get("/health/live").json() == {"state": "alive"}
    assert served.client.get("/health/ready").json()["state"] == "ready"
    metrics = served.client.get("/health/metrics").text
    assert "gensvar_inbox_signals 0.0" in metrics
