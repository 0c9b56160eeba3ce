"""Who saw what is in the audit: pages and answers within a second, what people wrote at once, refusals too; never what was searched for."""

from collections.abc import Iterator

import pytest
from litestar.testing import TestClient

from gensvar.house import House
from gensvar.serve.access import Access
from gensvar.serve.app import build_app
from gensvar.serve.seen import Seen
from tests.houses import signed_in
from tests.serve.conftest import HERE


@pytest.fixture
def kept(small_house: House) -> Iterator[tuple[House, TestClient, Seen]]:  # type: ignore[type-arg]
    seen = Seen(small_house.ledger.audit, small_house.clock.now)
    with TestClient(build_app(small_house, Access(small_house.settings, small_house.ledger, seen=seen)), base_url=HERE) as client:
        yield small_house, client, seen


def deeds(house: House) -> list[tuple[str, str, dict[str, str]]]:
    return [(d.did, d.what, dict(d.detail)) for d in house.ledger.audit.rows(0, 100)]


def test_pages_and_answers_are_noted_once_a_minute_for_each_reader(kept: tuple[House, TestClient, Seen]) -> None:  # type: ignore[type-arg]
    house, client, seen = kept
    hers = signed_in(house, "viewer")
    for _ in range(3):
        client.get("/measures/csat.delivery?market=SE", headers=hers)
        client.get("/v1/answers?measure=csat.delivery", headers=hers)
    assert deeds(house) == [], "gathered, so that reading costs no commit"
    seen.flush()
    assert deeds(house) == [("see", "/measures/csat.delivery", {"market": "SE"}), ("ask", "/v1/answers", {"measure": "csat.delivery"})]
    assert house.ledger.audit.verify() is None


def test_what_was_refused_is_noted_too(kept: tuple[House, TestClient, Seen]) -> None:  # type: ignore[type-arg]
    house, client, seen = kept
    assert client.get("/set-aside", headers=signed_in(house, "viewer")).status_code == 403
    seen.flush()
    assert deeds(house) == [("refuse", "/set-aside", {"needs": "sources"})]


def test_reading_what_people_wrote_is_noted_before_it_is_shown(kept: tuple[House, TestClient, Seen]) -> None:  # type: ignore[type-arg]
    house, client, _ = kept
    client.get("/v1/records?source=survey&record=secret-number", headers=signed_in(house, "analyst"))
    ((did, what, detail),) = deeds(house)
    assert (did, what) == ("read", "/v1/records")
    assert "secret-number" not in str(detail)


def test_static_files_health_and_the_open_door_are_nobodys_business(kept: tuple[House, TestClient, Seen]) -> None:  # type: ignore[type-arg]
    house, client, seen = kept
    for address in ("/health/live", "/login", "/static/nothing"):
        client.get(address, headers={"accept": "text/html"})
    seen.flush()
    assert deeds(house) == []
