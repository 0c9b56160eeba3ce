"""The authorisation matrix: every address × every role, every kind of key, and nobody. An address without a rule cannot be mounted."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from litestar import Litestar, get
from litestar.handlers import HTTPRouteHandler
from litestar.testing import TestClient

from gensvar.house import House
from gensvar.kit.errors import GensvarError
from gensvar.kit.rights import EVERY, KEY_RIGHTS, RIGHTS, ROLES, Right, role_of
from gensvar.serve import app as application
from gensvar.serve.access import Access
from gensvar.serve.api.ingest import Door
from gensvar.serve.app import API, READS, build_framework, handlers_of, pages_of
from gensvar.serve.web.pages import Pages
from gensvar.serve.web.rooms import FORMS, PAGES
from tests.houses import signed_in
from tests.serve.conftest import HERE

PLACE = re.compile(r"\{(\w+)(?::\w+)?\}")
ENDLESS = {"/live"}
"""Streams that answer for as long as somebody listens: whom they let in is tested beside them."""


@dataclass(frozen=True)
class Built:
    """A house as one framework application, with what made it."""

    house: House
    app: Litestar
    pages: Pages
    client: TestClient[Litestar]


@pytest.fixture(scope="module")
def built(long_house: House) -> Iterator[Built]:
    access, pages = Access(long_house.settings, long_house.ledger), pages_of(long_house)
    app = build_framework(long_house, access, Door(access, long_house.ledger), pages)
    with TestClient(app, base_url=HERE) as client:
        yield Built(long_house, app, pages, client)


def doors(app: Litestar) -> list[tuple[str, str, HTTPRouteHandler]]:
    """Every method and address, with its handler; whatever stands between braces is one that does not exist."""
    found = {(method, PLACE.sub("1", path)): h for path, h in handlers_of(app) for method in sorted(h.http_methods) if method != "HEAD"}
    return [(method, path, h) for (method, path), h in sorted(found.items()) if path not in ENDLESS]


def refused(built: Built, method: str, path: str, headers: dict[str, str]) -> int:
    """401 or 403 where the guard refuses; 0 where it lets pass, whatever becomes of the request then."""
    answer = built.client.request(method, path, headers=headers, follow_redirects=False, **({} if method == "GET" else {"content": b""}))
    by_the_guard = answer.status_code == 401 or (answer.status_code == 403 and " may not " in answer.text)
    return answer.status_code if by_the_guard else 0


def test_there_is_a_door_for_every_page_and_form(built: Built) -> None:
    known = {(method, path) for method, path, _ in doors(built.app)}
    for page in PAGES:
        assert {("GET", PLACE.sub("1", address)) for address in page.addresses if address not in ENDLESS} <= known
    assert {("POST", PLACE.sub("1", form.path)) for form in FORMS} <= known
    assert len(known) > 40


@pytest.mark.parametrize("role", ROLES)
def test_a_role_may_what_it_may_and_nothing_else(built: Built, role: str) -> None:
    rights = role_of(role).rights
    for method, path, handler in doors(built.app):
        right: Right = handler.opt["right"]
        got = refused(built, method, path, signed_in(built.house, role))
        if right == "open":
            assert got == 0, (role, method, path)
        elif method not in READS and path.startswith(API):
            assert got == 401, (role, method, path, "a signed-in browser changes things by pages, where forms are guarded")
        else:
            assert got == (0 if right in rights else 403), (role, method, path, right)


@pytest.mark.parametrize("kind", KEY_RIGHTS)
def test_a_key_may_what_its_kind_may(built: Built, kind: str) -> None:
    _, plain = built.house.ledger.keys.create("matrix", {kind}, None)
    headers = {"authorization": f"Bearer {plain}", "sec-fetch-site": "same-origin"}
    for method, path, handler in doors(built.app):
        right: Right = handler.opt["right"]
        assert refused(built, method, path, headers) == (0 if right in {*KEY_RIGHTS[kind], "open"} else 403), (kind, method, path, right)


def test_whoever_shows_nothing_or_something_false_gets_nowhere(built: Built) -> None:
    for headers in ({}, {"cookie": "gensvar=" + "a" * 43}, {"authorization": "Basic YTpi"}, {"cookie": "gensvar="}):
        for method, path, handler in doors(built.app):
            assert refused(built, method, path, {**headers, "sec-fetch-site": "same-origin"}) == (0 if handler.opt["right"] == "open" else 401)


def test_a_false_key_is_refused_even_where_nothing_is_needed_beside_a_session(built: Built) -> None:
    headers = {**signed_in(built.house, "administrator"), "authorization": "Bearer gsv_guess"}
    assert refused(built, "GET", "/measures", headers) == 401


def test_forms_come_from_our_own_pages_only(built: Built) -> None:
    for form in FORMS:
        path = PLACE.sub("1", form.path)
        for foreign in ({"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"origin": "https://evil.example"}, {"origin": "null"}):
            hers = {**signed_in(built.house, "administrator"), **foreign}
            answer = built.client.post(path, headers=hers, content=b"", follow_redirects=False)
            assert answer.status_code == 403, (path, foreign)
            assert "Another site" in answer.text, (path, foreign)


def test_an_address_without_a_rule_cannot_be_mounted(built: Built, monkeypatch: pytest.MonkeyPatch) -> None:
    @get("/bare", sync_to_thread=False)
    def bare() -> str:
        return ""

    monkeypatch.setattr(application, "health_routes", lambda _: [bare])
    access = Access(built.house.settings, built.house.ledger)
    with pytest.raises(GensvarError, match="No rule says who may ask for /bare"):
        build_framework(built.house, access, Door(access, built.house.ledger), built.pages)


def test_every_right_is_said_and_given_to_somebody() -> None:
    assert set(RIGHTS) == EVERY
    given = {right for role in ROLES.values() for right in role.rights} | {r for rights in KEY_RIGHTS.values() for r in rights}
    assert given == EVERY
    assert not ROLES["auditor"].rights & {"answers", "voices", "rows"}, "an auditor sees deeds, not answers"
    assert all("member" in role.rights for role in ROLES.values())
    assert "member" not in KEY_RIGHTS["admin"], "a key is nobody's account"
