"""Nothing that somebody wrote becomes a part of a page: neither an element, nor an attribute, nor a script, nor an address that runs."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar.testing import TestClient

from gensvar.house import House, open_house
from gensvar.kit.settings import read_settings
from gensvar.serve.access import Access
from gensvar.serve.app import build_app
from tests.houses import NOW, signed_in
from tests.serve.conftest import HERE
from tests.serve.web.planted import EVIL, MARK, Markup, addresses, planted

ADDRESSES = ("href", "src", "action", "hx-get", "hx-post", "formaction", "data")
LEADS = ("/", "#", "?")


@pytest.fixture(scope="module")
def plant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    settings = read_settings({"data": str(tmp_path_factory.mktemp("plant") / "house"), "memory_mb": "512", "port": "0"}, env={})
    with open_house(settings, NOW) as house:
        planted(house, tmp_path_factory.mktemp("files"))
        yield house


@pytest.fixture(scope="module")
def client(plant: House) -> Iterator[TestClient]:  # type: ignore[type-arg]
    with TestClient(build_app(plant, Access(plant.settings, plant.ledger)), base_url=HERE) as made:
        made.headers.update(signed_in(plant, "administrator"))
        yield made


def faults(page: str) -> Iterator[str]:
    """What of a page was not made by us."""
    found = Markup(page)
    for tag, attrs in found.elements:
        if MARK in (attrs.get("class") or "") or tag in {"iframe", "object", "embed", "base", "style", "math"}:
            yield f"<{tag} {attrs}>"
        yield from (f"{tag} {name}" for name in attrs if name.startswith("on") or name == "style")
        for name in ADDRESSES:
            value = attrs.get(name)
            if value and not value.startswith((*LEADS, "mailto:", "POST")):
                yield f"{tag} {name}={value[:80]}"
            if value and value.startswith("//"):
                yield f"{tag} {name}={value[:80]}"
    for attrs, text in found.scripts:
        if attrs.get("type") == "application/json":
            json.loads(text)
            if "<" in text:
                yield f"a script island with <: {text[:80]}"
        elif text.strip() or not (attrs.get("src") or "").startswith("/static/"):
            yield f"a script of its own: {text[:80]}"


def test_no_page_holds_what_was_planted(plant: House, client: TestClient) -> None:  # type: ignore[type-arg]
    shown, seen = 0, 0
    for address in addresses(plant):
        answer = client.get(address, headers={"accept": "text/html"})
        assert answer.status_code in {200, 404, 422}, (address, answer.text[:500])
        assert answer.headers["content-type"].startswith("text/html"), address
        assert "script-src 'self'" in answer.headers["content-security-policy"]
        assert list(faults(answer.text)) == [], address
        assert "49$49" not in answer.text, address
        shown += MARK in Markup(answer.text).text
        seen += answer.status_code == 200
    assert shown > 40, "what was planted must be seen as text, or this test looks at nothing"
    assert seen > 60


def test_no_twin_can_be_taken_for_a_page(plant: House, client: TestClient) -> None:  # type: ignore[type-arg]
    marked = 0
    for address in addresses(plant):
        path, _, query = address.partition("?")
        answer = client.get(f"{path}.json{'?' if query else ''}{query}", headers={"accept": "text/html"})
        assert answer.headers["content-type"].partition(";")[0] in {"application/json", "application/problem+json"}, address
        assert answer.headers["x-content-type-options"] == "nosniff"
        marked += MARK in answer.text
    assert marked > 40


@pytest.mark.parametrize(
    "path", ["/v1/voices?limit=500&texts=false", "/v1/audit?limit=500", "/v1/set-aside", "/v1/answers?measure=csat.planted&by=market"]
)
def test_no_answer_of_the_api_can_be_taken_for_a_page(client: TestClient, path: str) -> None:  # type: ignore[type-arg]
    answer = client.get(path, headers={"accept": "text/html"})
    assert answer.status_code == 200
    assert MARK in answer.text
    assert answer.headers["content-type"].partition(";")[0] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", ["/voices-as/csv?period=all", "/audit-as/csv"])
def test_no_file_can_be_taken_for_a_page(client: TestClient, path: str) -> None:  # type: ignore[type-arg]
    answer = client.get(path, headers={"accept": "text/html"})
    assert MARK in answer.text
    assert answer.headers["content-disposition"].startswith("attachment; ")
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_headers_hold_nothing_of_it(client: TestClient) -> None:  # type: ignore[type-arg]
    for text in (*EVIL[:4], "a\r\nset-cookie: x=1"):
        for path in ("/voices", "/voices-as/csv"):
            answer = client.get(path, params={"market": text, "period": "all"})
            assert not any(MARK in value or "x=1" in value for value in answer.headers.values())


def test_the_test_sees_what_it_looks_for(tmp_path: Path) -> None:
    """Each payload, unescaped, is found; else the tests above would pass for nothing."""
    for text in EVIL[:4]:
        assert list(faults(f"<p><input value='{text}'></p>")) or list(faults(f"<p>{text}</p>"))
    assert list(faults(f'<a href="{EVIL[4]}">x</a>'))
    assert list(faults('<script type="application/json">{"a": "<b"}</script>'))
    assert list(faults("<script>1</script>"))
    assert list(faults('<a href="//elsewhere">x</a>'))
