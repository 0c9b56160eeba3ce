"""A running house behind the API, without a socket."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from litestar.testing import TestClient

from gensvar import flow
from gensvar.house import House
from gensvar.serve.access import Access
from gensvar.serve.app import build_app

HERE = "http://127.0.0.1"


def owner(access: Access) -> dict[str, str]:
    """Headers of whoever holds the data folder."""
    return {"authorization": f"Bearer {access.token}"}


@dataclass(frozen=True)
class Served:
    """A house, its application, and keys for it."""

    house: House
    client: TestClient  # type: ignore[type-arg]
    access: Access

    def key(self, *scopes: str, days: int | None = None) -> dict[str, str]:
        """Headers with a new key that has these rights."""
        _, plain = self.house.ledger.keys.create("test", set(scopes), days)
        return {"authorization": f"Bearer {plain}"}

    def flowed(self) -> None:
        """Everything accepted is in the hub and counted."""
        while flow.drain(self.house, "test"):
            pass
        flow.recount(self.house)


@pytest.fixture
def served(small_house: House) -> Iterator[Served]:
    access = Access(small_house.settings, small_house.ledger)
    with TestClient(build_app(small_house, access), base_url=HERE) as client:
        client.headers.update(owner(access))
        yield Served(small_house, client, access)
