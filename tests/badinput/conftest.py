"""One running house for each file of tests, emptied after each test: hundreds of kinds of bad input in seconds."""

from collections.abc import Iterator

import pytest
from litestar.testing import TestClient

from gensvar.house import House
from gensvar.serve.access import Access
from gensvar.serve.app import build_app
from tests.houses import emptied
from tests.serve.conftest import HERE, Served, owner


@pytest.fixture(scope="module")
def long_served(long_house: House) -> Iterator[Served]:
    access = Access(long_house.settings, long_house.ledger)
    with TestClient(build_app(long_house, access), base_url=HERE) as client:
        client.headers.update(owner(access))
        yield Served(long_house, client, access)


@pytest.fixture
def served(long_served: Served) -> Iterator[Served]:
    """The house behind the API, empty at the start of each test."""
    yield long_served
    emptied(long_served.house)
