"""What every test of bad input does: send it among good neighbours, and look what became of each."""

from typing import Any

import msgspec

from gensvar import flow
from tests.serve.conftest import Served

AT = "2026-09-10T08:00:00Z"
LEFT = {"source": "survey", "record": "left", "item": "rating", "measure": "csat.delivery@1", "score": 5, "occurred_at": AT}
RIGHT = {**LEFT, "record": "right", "score": 1}


def good(**changed: Any) -> dict[str, Any]:
    """A good item with record `x`, changed; a value of `...` leaves the field out."""
    made = {**LEFT, "record": "x", **changed}
    return {k: v for k, v in made.items() if v is not ...}


def fine(response: Any) -> Any:
    """The JSON of an answer that is no fault of ours: a clear problem that says what is wrong, or what was asked for."""
    assert response.status_code < 500, response.text
    said = msgspec.json.decode(response.content) if "json" in response.headers.get("content-type", "") else response.text
    if response.status_code >= 400:
        assert response.headers["content-type"].startswith("application/problem+json"), response.text
        assert said["status"] == response.status_code
        assert said["title"]
        assert said["detail"]
    return said


def sent(served: Served, body: Any, path: str = "/v1/feedback", **headers: str) -> Any:
    """The response to a body: bytes as they are, else as JSON."""
    content = body if isinstance(body, bytes) else msgspec.json.encode(body)
    return served.client.post(path, content=content, headers=served.key("ingest") | {"content-type": "application/json"} | headers)


def records(served: Served, table: str = "feedback") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = served.house.engine.run(served.house.engine.table(table)).to_pylist()
    return found


def reasons(served: Served) -> set[str]:
    kept = (served.house.ledger.set_aside.get(i) for i in flow.open_ids(served.house, None, None))
    return {k.row.reason for k in kept}


def between_neighbours(served: Served, raw: bytes, path: str = "/v1/feedback") -> Any:
    """Sends raw JSON between two good items; both must be in afterwards, whatever became of it. The answer."""
    body = b"[" + msgspec.json.encode(LEFT) + b"," + raw + b"," + msgspec.json.encode(RIGHT) + b"]"
    response = sent(served, body, path)
    said = fine(response)
    assert response.status_code == 202, said
    served.flowed()
    assert {"left", "right"} <= {r["record"] for r in records(served)}
    return said
