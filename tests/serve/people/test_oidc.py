"""Tokens that a house must not believe, from an issuer of the test's own whose answers can be bent."""

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from gensvar.serve.people.oidc import CLOCKS, NO_ANSWER, NOT_OURS, REFUSED, Begun, Fault, Issuer, Vouched

HERE = "https://login.example.org/realm"
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
KEY, OTHER_KEY = RSAKey.generate_key(2048), RSAKey.generate_key(2048)
BACK = "https://gensvar.example.org/login/sso/return"
BEGUN = Begun("state", "nonce", "verifier")


@dataclass
class Issuing:
    """A small honest issuer. claims, header, key, metadata: what its next token and its description say."""

    claims: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=lambda: {"alg": "RS256"})
    key: Any = field(default_factory=lambda: KEY)
    metadata: dict[str, Any] = field(default_factory=dict)
    asked: list[httpx.Request] = field(default_factory=list)
    token: str | None = None

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        path = request.url.path.removeprefix("/realm")
        if path == "/.well-known/openid-configuration":
            known = {"issuer": HERE, "authorization_endpoint": f"{HERE}/auth", "token_endpoint": f"{HERE}/token", "jwks_uri": f"{HERE}/keys"}
            return httpx.Response(200, json=known | self.metadata)
        if path == "/keys":
            return httpx.Response(200, json={"keys": [KEY.as_dict(private=False)]})
        now = int(NOW.timestamp())
        claims = {"iss": HERE, "sub": "anna", "aud": "gensvar", "iat": now, "exp": now + 300, "nonce": "nonce", "email": "a@example.org"}
        made = claims | {"email_verified": True, "name": "Anna"} | self.claims
        made = {name: value for name, value in made.items() if value is not None}
        return httpx.Response(200, json={"id_token": self.token or jwt.encode(self.header, made, self.key), "access_token": "x"})


def asked(issuing: Issuing, given: dict[str, str] | None = None, begun: Begun | None = BEGUN) -> Vouched | Fault:
    client = httpx.Client(transport=httpx.MockTransport(issuing))
    return Issuer(HERE, "gensvar", "secret", client, lambda: NOW).vouched(begun, given or {"code": "c", "state": "state"}, BACK)


def test_an_honest_token_is_believed() -> None:
    issuing = Issuing()
    assert asked(issuing) == Vouched(f"{HERE} anna", "a@example.org", verified=True, name="Anna")
    sent = next(r for r in issuing.asked if r.url.path == "/realm/token")
    assert sent.headers["authorization"].startswith("Basic ")
    assert b"code_verifier=verifier" in sent.content
    assert b"secret" not in sent.content


@pytest.mark.parametrize("claims", [
    {"nonce": "other"}, {"nonce": None}, {"iss": "https://evil.example.org"}, {"iss": HERE + "/"}, {"iss": None}, {"aud": "another"}, {"aud": None},
    {"aud": []}, {"aud": ["another"]}, {"sub": None}, {"exp": None}, {"iat": None}, {"exp": "soon"}, {"azp": "another"}, {"iat": {}},
    {"aud": ["gensvar", "another"], "azp": "another"},
])  # fmt: skip
def test_a_token_for_others_is_not(claims: dict[str, Any]) -> None:
    assert asked(Issuing(claims=claims)) == Fault(NOT_OURS)


@pytest.mark.parametrize(("claims", "seconds"), [({"iat": 1, "exp": 2}, None), ({"exp": -61}, 61), ({"iat": 61}, 61)])
def test_a_token_of_another_time_is_explained(claims: dict[str, int], seconds: int | None) -> None:
    now = int(NOW.timestamp())
    moved = claims if seconds is None else {name: now + by for name, by in claims.items()}
    fault = asked(Issuing(claims=moved))
    assert isinstance(fault, Fault)
    assert fault.message == CLOCKS
    assert seconds is None or fault.values == {"seconds": seconds}


@pytest.mark.parametrize("claims", [{"exp": -59}, {"iat": 59}])
def test_a_minute_is_forgiven(claims: dict[str, int]) -> None:
    assert isinstance(asked(Issuing(claims={name: int(NOW.timestamp()) + by for name, by in claims.items()})), Vouched)


def test_a_token_signed_by_another_is_not_believed() -> None:
    assert asked(Issuing(key=OTHER_KEY)) == Fault(NOT_OURS)


def test_a_token_signed_with_our_own_secret_or_with_the_public_key_is_not() -> None:
    public = base64.b64encode(KEY.as_der(private=False)).decode()
    for key in ("secret of thirty-two bytes or more", public):
        assert asked(Issuing(header={"alg": "HS256"}, key=OctKey.import_key(key))) == Fault(NOT_OURS)


@pytest.mark.parametrize("token", [
    "eyJhbGciOiJub25lIn0.eyJpc3MiOiJodHRwczovL2xvZ2luLmV4YW1wbGUub3JnL3JlYWxtIiwic3ViIjoiYW5uYSJ9.", "", "a.b.c", "é", "x" * 100_000, "..",
])  # fmt: skip
def test_what_is_no_signed_token_is_not(token: str) -> None:
    assert asked(Issuing(token=token or "\x00")) == Fault(NOT_OURS)


@pytest.mark.parametrize(("metadata", "fault"), [
    ({"issuer": "https://evil.example.org"}, NOT_OURS), ({"token_endpoint": "http://login.example.org/token"}, NO_ANSWER),
    ({"jwks_uri": "file:///etc/passwd"}, NO_ANSWER), ({"authorization_endpoint": "javascript:alert(1)"}, NO_ANSWER), ({"jwks_uri": None}, NO_ANSWER),
])  # fmt: skip
def test_a_description_that_leads_astray_is_not_followed(metadata: dict[str, Any], fault: str) -> None:
    assert asked(Issuing(metadata=metadata)) == Fault(fault)


@pytest.mark.parametrize("answer", [
    httpx.Response(500), httpx.Response(200, text="<html>"), httpx.Response(200, json=[1]), httpx.Response(200, content=b"{" * 2_000_000),
    httpx.Response(302, headers={"location": "https://evil.example.org"}), httpx.Response(200, json={}), httpx.Response(404),
])  # fmt: skip
def test_nonsense_is_told_as_such(answer: httpx.Response) -> None:
    client = httpx.Client(transport=httpx.MockTransport(lambda _: answer))
    issuer = Issuer(HERE, "gensvar", "secret", client, lambda: NOW)
    assert issuer.leads_to(BEGUN, BACK) == Fault(NO_ANSWER)


@pytest.mark.parametrize(("given", "begun"), [
    ({"code": "c", "state": "other"}, BEGUN), ({"code": "c"}, BEGUN), ({"code": "c", "state": "state"}, None), ({"code": "c", "state": ""}, BEGUN),
    ({"code": "c", "state": "state", "iss": "https://evil.example.org"}, BEGUN), ({"state": "state"}, BEGUN),
])  # fmt: skip
def test_what_does_not_belong_is_not_even_asked_about(given: dict[str, str], begun: Begun | None) -> None:
    issuing = Issuing()
    assert isinstance(asked(issuing, given, begun), Fault)
    assert issuing.asked == []


def test_a_refusal_is_told() -> None:
    assert asked(Issuing(), {"error": "access_denied", "state": "state"}) == Fault(REFUSED)


def test_the_secret_goes_where_the_issuer_wants_it() -> None:
    issuing = Issuing(metadata={"token_endpoint_auth_methods_supported": ["client_secret_post"]})
    assert isinstance(asked(issuing), Vouched)
    sent = next(r for r in issuing.asked if r.url.path == "/realm/token")
    assert "authorization" not in sent.headers
    assert b"client_secret=secret" in sent.content


def test_the_description_is_asked_for_once() -> None:
    issuing = Issuing()
    issuer = Issuer(HERE, "gensvar", "secret", httpx.Client(transport=httpx.MockTransport(issuing)), lambda: NOW)
    leads: list[Callable[[], object]] = [lambda: issuer.leads_to(Begun(), BACK)] * 3
    assert len({str(lead()) for lead in leads}) == 3
    assert [r.url.path for r in issuing.asked] == ["/realm/.well-known/openid-configuration"]
