"""Who may do what: every route has a rule; keys have rights; this machine's browser cannot be made to act for another site."""

from dataclasses import replace

import pytest

from gensvar.kit.errors import TooMany
from gensvar.serve.access import Access, Caller, Right
from gensvar.serve.operations import OPERATIONS
from tests.serve.conftest import Served

RIGHTS: tuple[Right, ...] = ("ingest", "read", "admin")


def asked(served: Served, method: str, path: str, headers: dict[str, str]) -> int:
    return int(served.client.request(method, path, headers=headers, json={} if method != "GET" else None).status_code)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda o: o.name)
def test_each_operation_asks_for_its_right(served: Served, operation: object) -> None:
    from gensvar.serve.operations import Operation

    assert isinstance(operation, Operation)
    for right in RIGHTS:
        status = asked(served, operation.method, operation.path, served.key(right))
        may = right in (operation.needs, "admin") and not operation.owner_only
        assert (status == 403) is not may, (operation.name, right, status)


def test_keys_that_hold_no_longer_are_refused(served: Served) -> None:
    number, plain = served.house.ledger.keys.create("short", {"read"}, None)
    headers = {"authorization": f"Bearer {plain}"}
    assert served.client.get("/v1/measures", headers=headers).status_code == 200
    served.house.ledger.keys.revoke(number)
    served.access._known.clear()
    assert served.client.get("/v1/measures", headers=headers).status_code == 401
    assert served.client.get("/v1/measures", headers={"authorization": "Bearer gsv_guess"}).status_code == 401


def test_sending_always_needs_a_key(served: Served) -> None:
    response = served.client.post("/v1/feedback", json={})
    assert response.status_code == 401
    assert response.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "[::2]:80", ""])
def test_a_name_that_points_here_is_not_this_machine(served: Served, host: str) -> None:
    assert served.client.get("/v1/measures", headers={"host": host}).status_code in {400, 403}


@pytest.mark.parametrize(
    "headers", [{"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"origin": "https://evil.example"}, {"origin": "null"}]
)
def test_another_site_cannot_act_here(served: Served, headers: dict[str, str]) -> None:
    assert served.client.post("/v1/keys", json={"name": "x"}, headers=headers).status_code == 403
    assert served.client.post("/", headers=headers).status_code in {403, 404, 405}


def test_off_this_machine_everything_needs_a_key(served: Served) -> None:
    served.access.settings = replace(served.access.settings, host="0.0.0.0")  # noqa: S104
    assert served.client.get("/v1/measures").status_code == 401
    assert served.client.get("/").status_code == 401
    assert served.client.get("/health/live").status_code == 200
    assert served.client.get("/v1/measures", headers=served.key("read")).status_code == 200


def test_a_key_may_send_only_so_fast(served: Served) -> None:
    now = [100.0]
    access = Access(replace(served.house.settings, rate=10), served.house.ledger, monotonic=lambda: now[0])
    caller = Caller("key test", 1, served.access.verify({"host": "127.0.0.1"}, "read", changes=False).scope)
    access.spend(caller, 10)
    with pytest.raises(TooMany, match="Try again in 1 s"):
        access.spend(caller, 1)
    now[0] += 1.0
    access.spend(caller, 10)


def test_changes_are_in_the_audit(served: Served) -> None:
    served.client.post("/v1/keys", json={"name": "till"}, headers=served.key("admin"))
    assert [(d.who, d.did) for d in served.house.ledger.audit.rows(0, 10)] == [("key test", "new_key")]
    assert served.house.ledger.audit.verify() is None
