"""A house with its ways in, and browsers that go through them as a person's would."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest
from argon2 import PasswordHasher
from litestar.testing import TestClient
from sqlalchemy import delete

from gensvar.house import House, open_house
from gensvar.kit.scope import whole
from gensvar.kit.settings import read_settings
from gensvar.ledger import Member
from gensvar.ledger.tables import ABOUT, ATTEMPTS, AUDIT, KEYS, LINKS, MEMBERS, SESSIONS
from gensvar.serve.access import Access
from gensvar.serve.app import build_app, page_settings
from gensvar.serve.desk import HouseDesk
from gensvar.serve.people import Passwords, Ways, ways_of
from gensvar.serve.web.pages import Pages
from tests.ledgers import HandClock

HERE = "http://127.0.0.1"
GOOD = "fyra lugna renar dansar"
OTHER = "sju glada laxar simmar"
TOKEN = re.compile(r'name="token" value="([0-9a-f]{128})"')
HEADERS = {"accept": "text/html,application/xhtml+xml", "sec-fetch-site": "same-origin", "accept-language": "en"}


@dataclass
class Counting(Passwords):
    """Cheap to run, and says how often it hashed or checked: what timing would tell, without a clock."""

    worked: int = 0

    def hash(self, plain: str) -> str:
        self.worked += 1
        return super().hash(plain)

    def matches(self, hashed: str, plain: str) -> bool:
        self.worked += 1
        return super().matches(hashed, plain)


def cheap() -> Counting:
    passwords = Counting(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    assert passwords.matches("", "so that nobody's hash is there") is False
    passwords.worked = 0
    return passwords


@dataclass
class Browser:
    """A person's browser: it keeps its cookies, and sends forms from the page that it is on. All of a place share one client."""

    client: "TestClient[Any]"
    cookies: httpx.Cookies = field(default_factory=httpx.Cookies)

    def ask(self, method: str, path: str, headers: dict[str, str] | None = None, **sent: Any) -> Any:
        self.client.cookies = self.cookies
        said = self.client.request(method, path, headers=headers, follow_redirects=False, **sent)
        self.cookies = httpx.Cookies(self.client.cookies)
        return said

    def get(self, path: str, **headers: str) -> Any:
        return self.ask("GET", path, headers)

    def token(self, on: str) -> str:
        """The form token of a page."""
        found = TOKEN.search(self.get(on).text)
        return found[1] if found else ""

    def post(self, path: str, on: str = "/login", headers: dict[str, str] | None = None, token: str | None = None, **fields: Any) -> Any:
        """Sends a form with the token of the page that it stands on. Names may be written a__b for a.b."""
        data = {name.replace("__", "."): value for name, value in fields.items()}
        return self.ask("POST", path, headers, data=data | {"token": self.token(on) if token is None else token})

    def signed_in(self, email: str, password: str = GOOD, **more: Any) -> Any:
        return self.post("/login", email=email, password=password, **more)

    def who(self) -> str | None:
        """The address of who is signed in, as the account page says."""
        said = self.get("/account.json", accept="application/json")
        return str(said.json()["email"]) if said.status_code == 200 else None

    def session(self) -> str | None:
        return self.cookies.get("gensvar") or self.cookies.get("__Host-gensvar")


@dataclass
class Place:
    """A house that is open to browsers. clock: its own, which the test moves."""

    house: House
    ways: Ways
    access: Access
    clock: HandClock
    client: "TestClient[Any]"

    @property
    def passwords(self) -> Counting:
        assert isinstance(self.ways.passwords, Counting)
        return self.ways.passwords

    def browser(self) -> Browser:
        """A fresh browser."""
        return Browser(self.client)

    def member(self, name: str = "anna", role: str = "viewer", password: str = GOOD, **scope: Any) -> Member:
        """A new member with a password."""
        given = whole().as_json() | scope
        return self.house.ledger.members.add(f"{name}@example.org", name.capitalize(), role, given, self.ways.passwords.hash(password))

    def came_in(self, member: Member, password: str = GOOD) -> Browser:
        """A browser in which she has signed in."""
        browser = self.browser()
        sent = browser.signed_in(member.email, password)
        assert (sent.status_code, browser.who()) == (303, member.email), said(sent)
        return browser

    def deeds(self) -> list[tuple[str, str, str]]:
        return [(d.who, d.did, d.what) for d in self.house.ledger.audit.rows(limit=10_000)]


def said(response: Any) -> str:
    """The words of a page, without its marks."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.text.partition("<main")[2].partition("</main>")[0])).split())


def opened_place(house: House, clock: HandClock, stack: ExitStack, base: str = HERE) -> Place:
    ways = ways_of(house, cheap())
    access = Access(house.settings, house.ledger)
    app = build_app(house, access, Pages(HouseDesk(house, whole()), page_settings(house), house, ways))

    client = stack.enter_context(TestClient(app, base_url=base))
    client.headers.update(HEADERS)
    return Place(house, ways, access, clock, client)


@pytest.fixture
def place_with(tmp_path: Path) -> Iterator[Callable[..., Place]]:
    """Opens a house with these settings."""
    with ExitStack() as stack:

        def opened(base: str = HERE, **settings: Any) -> Place:
            clock = HandClock()
            plain = read_settings({"data": str(tmp_path / "house"), "memory_mb": "512", "port": "0"}, env={})
            house = stack.enter_context(open_house(replace(plain, **settings), clock))
            return opened_place(house, clock, stack, base)

        yield opened


@pytest.fixture(scope="module")
def long_place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    clock = HandClock()
    settings = read_settings({"data": str(tmp_path_factory.mktemp("place") / "house"), "memory_mb": "512", "port": "0"}, env={})
    with ExitStack() as stack:
        yield opened_place(stack.enter_context(open_house(settings, clock)), clock, stack)


@pytest.fixture
def place(long_place: Place) -> Iterator[Place]:
    """One house for all tests of a file, with nobody in it at the start of each."""
    long_place.passwords.worked = 0
    yield long_place
    ledger = long_place.house.ledger
    with ledger._db.write() as conn:
        for table in (MEMBERS, SESSIONS, LINKS, ATTEMPTS, KEYS, AUDIT):
            conn.execute(delete(table))
        conn.execute(delete(ABOUT).where(ABOUT.c.name == "audit_head"))
    ledger.sessions.forget()
    long_place.ways._refused.clear()
