"""Who may do what: every route has a rule; keys have rights; who shows nothing sees nothing."""

from dataclasses import replace

import pytest

from gensvar.kit.errors import TooMany
from gensvar.kit.rights import KEY_RIGHTS
from gensvar.kit.scope import whole
from gensvar.serve.access import Access, Caller
from gensvar.serve.operations import OPERATIONS
from tests.serve.conftest import Served


def asked(served: Served, method: str, path: str, headers: dict[str, str]) -> int:
    return int(served.client.request(method, path, headers=headers, json={} if method != "GET" else None).status_code)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda o: o.name)
def test_each_operation_asks_for_its_right(served: Served, operation: object) -> None:
    from gensvar.serve.operations import Operation

    assert isinstance(operation, Operation)
    for kind, rights in KEY_RIGHTS.items():
        status = asked(served, operation.method, operation.path, served.key(kind))
        may = operation.needs in rights and not operation.owner_only
        assert (status == 403) is not may, (operation.name, kind, status)


def test_keys_that_hold_no_longer_are_refused(served: Served) -> None:
    number, plain = served.house.ledger.keys.create("short", {"read"}, None)
    headers = {"authorization": f"Bearer {plain}"}
    assert served.client.get("/v1/measures", headers=headers).status_code == 200
    served.house.ledger.keys.revoke(number)
    served.access._keys.clear()
    assert served.client.get("/v1/measures", headers=headers).status_code == 401
    assert served.client.get("/v1/measures", headers={"authorization": "Bearer gsv_guess"}).status_code == 401


def test_nothing_but_health_is_open_to_whoever_shows_nothing(served: Served) -> None:
    del served.client.headers["authorization"]
    assert served.client.get("/health/live").status_code == 200
    for method, path in (("POST", "/v1/feedback"), ("GET", "/v1/measures"), ("GET", "/.json"), ("POST", "/v1/keys")):
        response = served.client.request(method, path, json={} if method == "POST" else None)
        assert response.status_code == 401, path
    assert served.client.post("/v1/feedback", json={}).headers["www-authenticate"] == "Bearer"


def test_a_browser_that_shows_nothing_is_led_to_sign_in_and_back(served: Served) -> None:
    del served.client.headers["authorization"]
    sent = served.client.get("/measures?period=all", headers={"accept": "text/html"}, follow_redirects=False)
    assert (sent.status_code, sent.headers["location"]) == (303, "/login?next=%2Fmeasures%3Fperiod%3Dall")


def test_a_key_may_send_only_so_fast(served: Served) -> None:
    now = [100.0]
    access = Access(replace(served.house.settings, rate=10), served.house.ledger, monotonic=lambda: now[0])
    caller = Caller("key test", frozenset({"ingest"}), whole(), key_id=1)
    access.spend(caller, 10)
    with pytest.raises(TooMany, match="Try again in 1 s"):
        access.spend(caller, 1)
    now[0] += 1.0
    access.spend(caller, 10)


def test_changes_are_in_the_audit(served: Served) -> None:
    served.client.post("/v1/keys", json={"name": "till"}, headers=served.key("admin"))
    assert [(d.who, d.did) for d in served.house.ledger.audit.rows(0, 10)] == [("key test", "make a key")]
    assert served.house.ledger.audit.verify() is None
