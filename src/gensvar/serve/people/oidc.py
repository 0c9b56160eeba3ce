"""Single sign-on: OpenID Connect's authorization code flow with PKCE, state and nonce. The only place here that uses the network."""

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import httpx
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from authlib.oidc.discovery import OpenIDProviderMetadata, get_well_known_url
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from gensvar.kit.ids import same_secret
from gensvar.kit.language import phrase

SCOPES = "openid email profile"
SIGNED_BY = [
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "ES512",
    "EdDSA",
]  # by a key pair; never "none", never the secret
LEEWAY_S = 60
KNOWN_S = 3600.0
PATIENCE_S = 10.0
LONGEST = 1 << 20
NO_ANSWER = phrase("The sign-on service does not answer as it should. Try again, or sign in with a password.")
REFUSED = phrase("The sign-on service did not let you in.")
OTHER_BROWSER = phrase("This answer does not belong to a sign-in that was begun in this browser. Begin again here.")
USED = phrase("The sign-on service does not know this answer, or it has been used already. Begin again here.")
NOT_OURS = phrase("The sign-on service’s answer was not made for this house, or not by that service.")
CLOCKS = phrase("The clocks of this server and of the sign-on service differ by {seconds} seconds. Ask whoever runs the server to set its clock.")


@dataclass(frozen=True, slots=True)
class Fault:
    """Why somebody is not let in: a phrase to be translated, with its values. status: of the page that says it."""

    message: str
    values: Mapping[str, object] = field(default_factory=dict)
    status: int = 401


@dataclass(frozen=True, slots=True)
class Begun:
    """What one sign-in began with; the browser keeps it, sealed, until it comes back."""

    state: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))


@dataclass(frozen=True, slots=True)
class Vouched:
    """Whom the issuer vouches for. subject: issuer and its own id of the person, which never changes; verified: whether the address is hers."""

    subject: str
    email: str
    verified: bool
    name: str


class _Wrong(Exception):
    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message)
        self.fault = Fault(message, values)


@dataclass
class Issuer:
    """One issuer. client: to reach it with; now: this house's clock. What it says of itself is asked again after an hour."""

    address: str
    client_id: str
    client_secret: str
    client: httpx.Client
    now: Callable[[], datetime]
    _known: tuple[float, dict[str, Any]] | None = None

    @property
    def host(self) -> str:
        return urlsplit(self.address).netloc

    def leads_to(self, begun: Begun, back: str) -> str | Fault:
        """The address at which she signs in over there. back: where she comes back to."""
        try:
            found = self._metadata()["authorization_endpoint"]
        except _Wrong as wrong:
            return wrong.fault
        challenge = {"code_challenge": create_s256_code_challenge(begun.verifier), "code_challenge_method": "S256"}
        return str(prepare_grant_uri(found, self.client_id, "code", back, SCOPES, begun.state, nonce=begun.nonce, **challenge))

    def vouched(self, begun: Begun | None, given: Mapping[str, str], back: str) -> Vouched | Fault:
        """Who has come back. given: what stands in the address. Fault where anything does not fit what was begun."""
        if begun is None or not same_secret(given.get("state", ""), begun.state):
            return Fault(OTHER_BROWSER)
        if given.get("iss", self.address) != self.address:
            return Fault(NOT_OURS)
        if "error" in given or not given.get("code"):
            return Fault(REFUSED)
        try:
            return self._of(self._claims(self._exchanged(given["code"], begun, back), begun.nonce))
        except _Wrong as wrong:
            return wrong.fault

    def _exchanged(self, code: str, begun: Begun, back: str) -> str:
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": begun.verifier}
        found = self._metadata()
        basic = "client_secret_basic" in found.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        if not basic:
            form |= {"client_id": self.client_id, "client_secret": self.client_secret}
        auth = httpx.BasicAuth(self.client_id, self.client_secret) if basic else None
        said = self._asked("POST", found["token_endpoint"], data=form, auth=auth)
        if said is None:
            raise _Wrong(USED)
        if not isinstance(said.get("id_token"), str):
            raise _Wrong(NO_ANSWER)
        return str(said["id_token"])

    def _claims(self, id_token: str, nonce: str) -> CodeIDToken:
        keys = self._asked("GET", self._metadata()["jwks_uri"])
        if keys is None:
            raise _Wrong(NO_ANSWER)
        try:
            token = jwt.decode(id_token, KeySet.import_key_set(keys), algorithms=SIGNED_BY)  # type: ignore[arg-type]
            must = {"iss": {"essential": True, "value": self.address}, "aud": {"essential": True, "value": self.client_id}}
            claims = CodeIDToken(token.claims, token.header, must, {"nonce": nonce, "client_id": self.client_id})
            self._in_time(claims)
            claims.validate(now=int(self.now().timestamp()), leeway=LEEWAY_S)
        except (JoseError, ValueError, KeyError, TypeError) as wrong:
            raise _Wrong(NOT_OURS) from wrong
        return claims

    def _in_time(self, claims: Mapping[str, Any]) -> None:
        """Says so where what is wrong with a token is a clock: it was made in the future, or had ended when it came."""
        now = self.now().timestamp()
        ahead, behind = float(claims["iat"]) - now, now - float(claims["exp"])
        if max(ahead, behind) > LEEWAY_S:
            raise _Wrong(CLOCKS, seconds=round(max(ahead, behind)))

    def _of(self, claims: Mapping[str, Any]) -> Vouched:
        name, email = claims.get("name"), claims.get("email")
        verified = claims.get("email_verified") is True
        return Vouched(
            f"{self.address} {claims['sub']}", email if isinstance(email, str) else "", verified, name if isinstance(name, str) else "",
        )  # fmt: skip

    def _metadata(self) -> dict[str, Any]:
        if self._known is not None and time.monotonic() - self._known[0] < KNOWN_S:
            return self._known[1]
        found = self._asked("GET", get_well_known_url(self.address, external=True))
        try:
            metadata = OpenIDProviderMetadata(found or {})
            for name in ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri"):
                self._same_kind(str(metadata[name]))
        except (KeyError, ValueError) as wrong:
            raise _Wrong(NO_ANSWER) from wrong
        if metadata["issuer"] != self.address:
            raise _Wrong(NOT_OURS)
        self._known = time.monotonic(), dict(metadata)
        return self._known[1]

    def _same_kind(self, address: str) -> None:
        """An issuer reached by TLS does not lead anywhere without it."""
        if urlsplit(address).scheme not in {"https", urlsplit(self.address).scheme}:
            raise ValueError(address)

    def _asked(self, method: str, address: str, **sent: Any) -> dict[str, Any] | None:
        """What it says, as JSON; None where it refuses. A redirect is not followed."""
        try:
            said = self.client.request(method, address, headers={"accept": "application/json"}, timeout=PATIENCE_S, **sent)
            if said.is_error:
                return None
            found = said.json() if len(said.content) <= LONGEST else None
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as wrong:
            raise _Wrong(NO_ANSWER) from wrong
        if not isinstance(found, dict):
            raise _Wrong(NO_ANSWER)
        return found
