"""People of different roles before the pages of a house: what they are shown, and the forms that they send."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from litestar.testing import TestClient

from gensvar import flow
from gensvar.house import House
from gensvar.kit.scope import Scope
from gensvar.serve.access import Access
from gensvar.serve.app import build_app
from tests.houses import csv, signed_in
from tests.serve.conftest import HERE

TOKEN = re.compile(r'name="token" value="(\w+)"')


@dataclass
class Visitor:
    """Somebody who has signed in."""

    house: House
    client: TestClient[Any]
    headers: dict[str, str]
    answers: list[int] = field(default_factory=list)

    def get(self, address: str) -> str:
        answer = self.client.get(address, headers={**self.headers, "accept": "text/html"}, follow_redirects=False)
        self.answers.append(answer.status_code)
        return str(answer.text)

    def page(self, address: str) -> str:
        """The page, which must be there."""
        shown = self.get(address)
        assert self.answers[-1] == 200, shown
        return shown

    def twin(self, address: str) -> Any:
        path, mark, query = address.partition("?")
        answer = self.client.get(f"{path}.json{mark}{query}" if path != "/" else f"/.json{mark}{query}", headers=self.headers)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, to: str, page: str, **form: str) -> Any:
        """The answer to a form that is sent with the token of the page on which it stands."""
        found = TOKEN.search(page)
        given = {**form, **({"token": found[1]} if found else {})}
        return self.client.post(to, data=given, headers={**self.headers, "accept": "text/html"}, follow_redirects=False)

    def send(self, to: str, at: str = "/views", **form: str) -> tuple[int, str]:
        """The same from the page at an address; the status, and where it leads."""
        answer = self.post(to, self.get(at), **form)
        return answer.status_code, answer.headers.get("location", "")


@dataclass
class Site:
    house: House
    client: TestClient[Any]

    def visitor(self, role: str, scope: Scope | None = None) -> Visitor:
        self.client.cookies.clear()
        return Visitor(self.house, self.client, signed_in(self.house, role, scope))


@contextmanager
def site_of(house: House) -> Iterator[Site]:
    """The pages of a house, without a socket."""
    with TestClient(build_app(house, Access(house.settings, house.ledger)), base_url=HERE) as client:
        yield Site(house, client)


def sixty_texts(house: House, folder: Path, words: Sequence[str]) -> None:
    """Takes in sixty comments, which say these things in turn."""
    rows = [f"{i},2026-09-{1 + i % 28:02d}T10:00:00,p{i}@x.se,SE,{1 + i % 5},{words[i % len(words)]} nummer {i}" for i in range(60)]
    flow.import_file(house, csv(folder, *rows), "survey")
