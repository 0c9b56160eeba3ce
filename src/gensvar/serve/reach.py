"""How the command line reaches a house: opens it, or, where a server holds it, asks that server. The same operations either way."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from gensvar import flow
from gensvar.house import holder, open_house
from gensvar.kit import errors
from gensvar.kit.errors import GensvarError, Unavailable
from gensvar.kit.rights import WRITTEN_FIRST
from gensvar.kit.scope import whole
from gensvar.kit.settings import Settings
from gensvar.serve.desk import HouseDesk
from gensvar.serve.export import File
from gensvar.serve.operations import BY_NAME, parsed
from gensvar.serve.seen import told

if TYPE_CHECKING:
    import httpx

PATIENCE_S = 600.0


class Reach(Protocol):
    """The house, wherever it is open."""

    @property
    def url(self) -> str | None:
        """Of the server that holds it, or None when it was opened here."""
        ...

    def call(self, operation: str, /, **params: Any) -> Any:
        """What the operation answers, as plain JSON values."""
        ...

    def fetch(self, operation: str, /, **params: Any) -> bytes:
        """The file that the operation gives."""
        ...


@dataclass(frozen=True, slots=True)
class Here:
    """The house is open in this process."""

    desk: HouseDesk
    url: str | None = None

    def call(self, operation: str, /, **params: Any) -> Any:
        one = BY_NAME[operation]
        if one.method == "GET" and one.needs in WRITTEN_FIRST:
            self.desk.house.ledger.audit.append(self.desk.who, "read", one.path, told({k: str(v) for k, v in params.items() if v}))
        found = one.run(self.desk, parsed(one.params, params))
        if one.method != "GET" and not one.notes:
            self.desk.noted(one.name)
        return msgspec.json.decode(msgspec.json.encode(found, enc_hook=str))

    def fetch(self, operation: str, /, **params: Any) -> bytes:
        one = BY_NAME[operation]
        found: File = one.run(self.desk, parsed(one.params, params))
        return found.body


@dataclass(frozen=True, slots=True)
class There:
    """A server holds the house; it is asked over the loopback with the token that only the folder's owner can read."""

    url: str
    client: "httpx.Client"

    def call(self, operation: str, /, **params: Any) -> Any:
        return self._asked(operation, params).json()

    def fetch(self, operation: str, /, **params: Any) -> bytes:
        return self._asked(operation, params).content

    def _asked(self, operation: str, params: Mapping[str, Any]) -> "httpx.Response":
        import httpx

        one = BY_NAME[operation]
        given = {k: v for k, v in params.items() if v is not None}
        reads = one.method == "GET"
        try:
            response = self.client.request(one.method, one.path, params=given if reads else None, json=None if reads else given)
        except httpx.TransportError as broken:
            raise Unavailable(
                "The server that holds the data folder does not answer", where=self.url, do="Is it still starting? Try again."
            ) from broken
        if response.is_error:
            raise as_error(response.json())
        return response


def as_error(problem: Mapping[str, Any]) -> GensvarError:
    """The error that a problem document tells of."""
    name = str(problem.get("type", "")).rsplit(":", 1)[-1]
    kind = getattr(errors, name, GensvarError)
    detail = str(problem.get("detail") or problem.get("title") or "The server refused")
    return kind(detail.rstrip("."), faults=problem.get("faults", ())) if issubclass(kind, GensvarError) else GensvarError(detail)


def holds_data(settings: Settings) -> bool:
    """Whether the data folder is a house already, so that looking into it makes nothing new."""
    return any(settings.data.glob("ledger.*")) or holder(settings.data) is not None


@contextmanager
def reach(settings: Settings) -> Iterator[Reach]:
    """The house of these settings, wherever it is open; closed again afterwards where it was opened here."""
    facts = holder(settings.data)
    if facts and "url" in facts:
        import httpx

        headers = {"authorization": f"Bearer {facts['token']}"}
        with httpx.Client(base_url=str(facts["url"]), headers=headers, timeout=PATIENCE_S, trust_env=False) as client:
            yield There(str(facts["url"]), client)
        return
    with open_house(settings) as house:
        flow.release(house)  # a month may have ended since somebody last looked
        yield Here(HouseDesk(house, whole(), "the command line"))
