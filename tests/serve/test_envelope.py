"""What every answer carries, however it was made; and by which names the house may be asked for."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from litestar.testing import TestClient

from gensvar.house import House
from gensvar.kit.errors import GensvarError
from gensvar.kit.settings import Settings, read_settings
from gensvar.serve.access import Access
from gensvar.serve.app import build_app
from gensvar.serve.envelope import ALWAYS, BY_TLS, DATA_POLICY, carried, names_of, without_port
from tests.houses import signed_in
from tests.serve.conftest import HERE, Served, owner

DOORS = (
    ("GET", "/"), ("GET", "/.json"), ("GET", "/measures"), ("GET", "/nope"), ("GET", "/nope.json"), ("GET", "/static/none.css"), ("PUT", "/"),
    ("GET", "/v1/measures"), ("GET", "/v1/records"), ("GET", "/v1/nope"), ("POST", "/v1/feedback"), ("POST", "/v1/keys"), ("PUT", "/v1/feedback"),
    ("GET", "/v1/schema"), ("GET", "/v1/schema/openapi.json"), ("GET", "/v1/schema/none"), ("OPTIONS", "/v1/feedback"), ("TRACE", "/"),
    ("GET", "/health/live"), ("GET", "/health/ready"), ("GET", "/health/metrics"), ("POST", "/logout"), ("HEAD", "/"),
)  # fmt: skip
HTML = {"accept": "text/html"}
SITE = "https://gensvar.example.org"


def policy_of(text: str) -> dict[str, str]:
    return {name: rest.strip() for name, _, rest in (part.strip().partition(" ") for part in text.split(";"))}


@pytest.fixture
def public(small_house: House) -> Iterator[TestClient[Any]]:
    """The house as it is reached by TLS, through a proxy that leaves the name as it is."""
    house = replace(small_house, settings=replace(small_house.settings, public_url=SITE))
    access = Access(house.settings, house.ledger)
    with TestClient(build_app(house, access), base_url=SITE.replace("https", "http")) as client:
        client.headers.update(owner(access))
        yield client


def asked(client: TestClient[Any], method: str, path: str, headers: dict[str, str]) -> Any:
    return client.request(method, path, headers=headers, content=None if method in {"GET", "HEAD"} else b"", follow_redirects=False)


@pytest.mark.parametrize("known", [True, False], ids=["the owner", "nobody"])
def test_every_answer_carries_what_keeps_a_browser_safe(served: Served, *, known: bool) -> None:
    if not known:
        del served.client.headers["authorization"]
    for (method, path), accept in product(DOORS, ({}, HTML)):
        answer = asked(served.client, method, path, accept)
        headers, policy = answer.headers, policy_of(answer.headers["content-security-policy"])
        assert headers["x-content-type-options"] == "nosniff"
        assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
        assert policy.get("object-src", "'none'") == "'none'"
        assert headers["referrer-policy"] in {"same-origin", "no-referrer"}
        assert headers["cross-origin-resource-policy"] == headers["cross-origin-opener-policy"] == "same-origin"
        assert "access-control-allow-origin" not in headers
        assert "strict-transport-security" not in headers
        assert not answer.content or headers["content-type"].count("charset") == headers["content-type"].startswith("text/"), path


def test_nothing_is_kept_by_a_browser_or_anything_between(served: Served) -> None:
    for (method, path), accept in product(DOORS, ({}, HTML)):
        assert "no-store" in asked(served.client, method, path, accept).headers["cache-control"], path


def test_data_is_never_shown_as_a_page(served: Served) -> None:
    for method, path in DOORS:
        if path.startswith(("/v1/", "/health/")):
            assert asked(served.client, method, path, HTML).headers["content-security-policy"].encode() == DATA_POLICY, path


def test_the_schema_is_data_alone(served: Served) -> None:
    """The framework's own pages for it would load scripts from elsewhere, into our origin."""
    for path in ("", "/", "/openapi.json", "/scalar", "/swagger", "/redoc", "/elements", "/rapidoc", "/openapi.yaml"):
        answer = served.client.get(f"/v1/schema{path}", headers=HTML)
        assert "<script" not in answer.text, path
        assert "cdn." not in answer.text, path
    document = served.client.get("/v1/schema")
    assert document.headers["content-type"].startswith("application/vnd.oai.openapi+json")
    assert not [path for path in document.json()["paths"] if path.startswith("/v1/schema")]


def test_where_people_come_by_tls_every_answer_says_so(public: TestClient[Any]) -> None:
    for method, path in DOORS:
        assert asked(public, method, path, {}).headers["strict-transport-security"] == "max-age=63072000; includeSubDomains"


def test_where_people_come_by_tls_no_cookie_travels_without(public: TestClient[Any]) -> None:
    del public.headers["authorization"]
    made = [value for path in ("/nope?lang=fi", "/nope") for value in public.get(path, headers=HTML).headers.get_list("set-cookie")]
    assert {cookie.partition("=")[0] for cookie in made} == {"__Host-gensvar_form", "__Host-gensvar_language"}
    for cookie in made:
        said = [part.strip().lower() for part in cookie.split(";")[1:]]
        assert said.count("secure") == said.count("httponly") == said.count("path=/") == 1
        assert not any(part.startswith("domain") for part in said)
        assert any(part.startswith("samesite=") for part in said)


def test_a_cookie_that_a_neighbour_could_have_planted_counts_for_nothing(public: TestClient[Any]) -> None:
    del public.headers["authorization"]
    planted = {**HTML, "cookie": f"gensvar_form={'a' * 32}; gensvar_language=fi; gensvar=x"}
    answer = public.get("/nope", headers=planted)
    assert '<html lang="en">' in answer.text
    assert "__Host-gensvar_form" in answer.headers["set-cookie"], "a visitor without a name of ours is given one"


def test_this_machine_is_asked_for_by_its_own_names(served: Served) -> None:
    hers = signed_in(served.house)
    del served.client.headers["authorization"]
    for host in ("127.0.0.1", "127.0.0.1:8460", "localhost:9", "LOCALHOST", "[::1]:8460", "localhost."):
        assert served.client.get("/measures", headers={**hers, "host": host}).status_code == 200, host


STRANGE = ("evil.example", "evil.example:8460", "127.0.0.1.evil.example", "localhost.evil.example", "10.0.0.1", "a b/c", "[::2]")


def test_a_name_that_somebody_has_pointed_here_is_refused(served: Served) -> None:
    """Whoever is signed in, and whoever only looks, is not led to believe that another's page is this house."""
    del served.client.headers["authorization"]
    ways = (("GET", "/measures"), ("POST", "/login/guest"), ("GET", "/v1/measures"), ("GET", "/static/none.css"))
    for host, (method, path), headers in product(STRANGE, ways, (signed_in(served.house), {})):
        answer = asked(served.client, method, path, {**headers, "host": host})
        assert answer.status_code == 403, (host, path)
        assert "public_url" in answer.json()["do"]
        assert answer.headers["content-security-policy"].encode() == DATA_POLICY
        assert "set-cookie" not in answer.headers


def test_a_key_and_a_supervisor_ask_by_any_name(served: Served) -> None:
    other = {"host": "10.0.0.5:8460"}
    assert served.client.get("/v1/measures", headers=other).status_code == 200
    del served.client.headers["authorization"]
    assert served.client.get("/health/ready", headers=other).status_code == 200


def test_the_public_name_is_one_of_ours(public: TestClient[Any]) -> None:
    del public.headers["authorization"]
    assert public.get("/measures", headers=HTML, follow_redirects=False).status_code == 303
    assert public.get("/measures", headers={**HTML, "host": "127.0.0.1:8460"}, follow_redirects=False).status_code == 303
    assert public.get("/measures", headers={**HTML, "host": "evil.example"}, follow_redirects=False).status_code == 403


def settings(**given: str) -> Settings:
    return read_settings({"data": "nowhere", **given}, env={})


def test_which_names_are_ours() -> None:
    assert names_of(settings()).ours == frozenset({"127.0.0.1", "::1", "localhost"})
    assert names_of(settings(host="192.0.2.1")).ours is None
    assert names_of(settings(host="192.0.2.1", public_url="https://Gensvar.Example.org:8443")).ours == frozenset(
        {"127.0.0.1", "::1", "localhost", "gensvar.example.org"}
    )
    assert names_of(settings(public_url="http://10.0.0.5:8460")).refused({b"host": b"10.0.0.5"}, "/") == ""


@pytest.mark.parametrize(("header", "name"), [("a.b:1", "a.b"), ("[::1]", "::1"), ("::1", "::1"), ("A.", "a"), ("", ""), (":80", "")])
def test_a_host_without_its_port(header: str, name: str) -> None:
    assert without_port(header) == name


def test_what_an_answer_says_itself_stays_as_it_is() -> None:
    own = [(b"Cache-Control", b"public, max-age=1"), (b"set-cookie", b"a=b; HttpOnly"), (b"Set-Cookie", b"c=d; secure; Path=/")]
    made = carried(list(own), (*ALWAYS, BY_TLS), by_tls=True)
    assert made[:3] == [own[0], (b"set-cookie", b"a=b; HttpOnly; Secure"), own[2]]
    assert [name.lower() for name, _ in made].count(b"cache-control") == 1
    assert carried(list(own), ALWAYS, by_tls=False)[:3] == own


def test_a_fault_of_ours_is_told_by_a_number_and_nothing_else(small_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret of the inside: /etc/passwd SELECT")

    access = Access(small_house.settings, small_house.ledger)
    app = build_app(small_house, access)
    monkeypatch.setattr("gensvar.serve.desk.HouseDesk.measure_list", broken)
    with TestClient(app, base_url=HERE, raise_server_exceptions=False) as client:
        answer = client.get("/v1/measures", headers=owner(access))
    assert answer.status_code == GensvarError.status
    assert "secret" not in answer.text
    assert "passwd" not in answer.text
    assert "Traceback" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"
