"""A real browser, found or on Debian installed, and the pages behind a real server. Never skipped: without a browser the tests fail and say why."""

import asyncio
import os
import shutil
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from granian.constants import Interfaces
from granian.server.embed import Server
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from tests.serve.web.conftest import application
from tests.serve.web.desk import FakeDesk, empty_desk, full_desk

NAMES = ("chromium", "chromium-browser", "google-chrome")
SWITCHES = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
WAIT_S = 20
LINGER_S = 1  # a browser that is still open keeps its connections, and the server would wait for them


def found_browser() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def browser_path() -> str:
    """Where Chromium is; on Debian, as root, it is installed first."""
    path = found_browser()
    if path is None and shutil.which("apt-get") and os.geteuid() == 0:
        for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "chromium"]):
            subprocess.run(command, check=False, capture_output=True, timeout=600)
        path = found_browser()
    if path is None:
        pytest.fail(f"The browser tests need Chromium: none of {', '.join(NAMES)} is on the path. On Debian: apt-get install chromium.")
    return path


@dataclass
class Site:
    """The pages of one desk, or of one house, served. address: without a slash at the end. headers: sent with every request."""

    desk: FakeDesk
    address: str
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Watched:
    """A page in the browser, and everything it complained of."""

    page: Page
    site: Site
    complaints: list[str] = field(default_factory=list)

    def open(self, address: str) -> Page:
        self.page.goto(self.site.address + address)
        return self.page


def served(desk: FakeDesk, uploads: Path) -> Iterator[Site]:
    with listening(application(desk, uploads)) as address:
        yield Site(desk, address)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def listening(app: Any, at: int | None = None) -> Iterator[str]:
    """The address at which the application can be reached. at: a port, else a free one."""
    port = at or free_port()
    server = Server(app, address="127.0.0.1", port=port, interface=Interfaces.ASGI, log_enabled=False)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()), daemon=True)
    thread.start()
    _wait_for(port)
    yield f"http://127.0.0.1:{port}"
    server.stop()
    thread.join(LINGER_S)


def _wait_for(port: int) -> None:
    for _ in range(WAIT_S * 10):
        with socket.socket() as one:
            one.settimeout(0.1)
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        threading.Event().wait(0.1)
    pytest.fail("The server did not come up")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    yield from served(full_desk(), tmp_path_factory.mktemp("uploads"))


@pytest.fixture(scope="session")
def empty_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    yield from served(empty_desk(), tmp_path_factory.mktemp("uploads"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Gone with its module: while Playwright is at work its loop runs in this thread, and no other test could run one."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser_path(), args=list(SWITCHES))
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser: Browser, site: Site, request: pytest.FixtureRequest) -> Iterator[Callable[..., Watched]]:
    """A new visitor: `visit(width=360, scheme="dark")`. Whatever her browser complains of fails the test."""
    opened: list[Watched] = []

    def visitor(width: int = 1440, scheme: str = "light", to: Site = site, scripts: bool = True) -> Watched:
        size = {"width": width, "height": 900}
        context = browser.new_context(viewport=size, color_scheme=scheme, locale="en-GB", java_script_enabled=scripts, reduced_motion="reduce")  # type: ignore[arg-type]
        context.set_extra_http_headers(to.headers)
        watched = Watched(context.new_page(), to)
        watched.page.on("console", lambda message: _noted(watched, message))
        watched.page.on("pageerror", lambda error: watched.complaints.append(str(error)))
        opened.append(watched)
        return watched

    yield visitor
    complaints = [c for w in opened for c in w.complaints]
    for watched in opened:
        watched.page.context.close()
    assert not complaints


def _noted(watched: Watched, message: ConsoleMessage) -> None:
    if message.type in {"error", "warning"}:
        watched.complaints.append(f"{message.type}: {message.text}")
