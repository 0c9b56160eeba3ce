"""The pages with a desk behind them, as one small application."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar, Request, Response
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.testing import TestClient

from gensvar.kit.clock import At
from gensvar.kit.rights import EVERY
from gensvar.kit.scope import whole
from gensvar.serve.access import Caller
from gensvar.serve.web import hub_pages
from gensvar.serve.web.pages import Pages, PageSettings, router
from tests.serve.web.desk import FakeDesk, empty_desk, full_desk

BROWSER = {"accept": "text/html,application/xhtml+xml", "sec-fetch-site": "same-origin"}


def application(desk: FakeDesk, uploads: Path) -> Litestar:
    web = Pages(desk, PageSettings(uploads=uploads, clock=At("2026-11-01"), secret=b"s" * 32))

    def problem(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
        return web.problem(request, error)

    def everybody(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
        connection.state.caller = Caller("tester", EVERY - {"member"}, whole())  # as the owner by her token: nobody's account

    return Litestar([router(web, hub_pages.PAGES, hub_pages.FORMS)], guards=[everybody], openapi_config=None, exception_handlers={Exception: problem})


@pytest.fixture(scope="session")
def reading_desk() -> FakeDesk:
    """For tests that only read."""
    return full_desk()


@pytest.fixture(scope="session")
def reader(reading_desk: FakeDesk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient[Litestar]]:
    with TestClient(application(reading_desk, tmp_path_factory.mktemp("uploads"))) as client:
        client.headers.update(BROWSER)
        yield client


@pytest.fixture
def desk(reading_desk: FakeDesk) -> FakeDesk:
    """For tests that change something; the answers are shared, since nothing changes those."""
    fresh = FakeDesk(reading_desk.hub)
    fresh.aside = list(reading_desk.aside)
    return fresh


@pytest.fixture
def client(desk: FakeDesk, tmp_path: Path) -> Iterator[TestClient[Litestar]]:
    with TestClient(application(desk, tmp_path / "uploads")) as client:
        client.headers.update(BROWSER)
        yield client


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[TestClient[Litestar]]:
    with TestClient(application(empty_desk(), tmp_path / "uploads")) as client:
        client.headers.update(BROWSER)
        yield client
