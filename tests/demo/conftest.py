"""The whole company, written once for the tests that recover what is planted in it."""

import pytest

from gensvar.demo import Company, write
from tests.demo.exports import Exports


@pytest.fixture(scope="session")
def full(tmp_path_factory: pytest.TempPathFactory) -> Company:
    """The company at its full size."""
    return write(tmp_path_factory.mktemp("kontovik"))


@pytest.fixture(scope="session")
def exports(full: Company) -> Exports:
    """The full company's files, read without any of our own readers."""
    return Exports(full)
