"""An answering desk, made once."""

import pytest

from tests.serve.web.desk import FakeDesk, full_desk


@pytest.fixture(scope="session")
def reading_desk() -> FakeDesk:
    """For tests that only read."""
    return full_desk()
