"""What lies outside a scope: at no door does it appear, and nothing shown is moved by it. Walks every page and every operation."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from gensvar import flow
from gensvar.house import House, open_house
from gensvar.kit.rights import Right
from gensvar.kit.scope import Scope
from gensvar.kit.settings import read_settings
from gensvar.serve.access import Access
from gensvar.serve.app import build_app
from gensvar.serve.operations import OPERATIONS
from gensvar.serve.web.rooms import PAGES
from tests.houses import NOW, signed_in
from tests.serve.conftest import HERE

CONTRACT = """
source: panel
version: 1
owner: anna.berg
purpose: what customers say
record: id
at: {column: at, order: iso, zone: UTC}
kind: {always: survey}
party: {external: who}
dimensions: {market: market, segment: segment, channel: channel, journey: journey, touchpoint: touchpoint, product: product, unit: unit}
answers:
  - {item: rating, measure: csat.panel@1, score: stars}
  - {item: why, text: comment}
measures:
  - {id: csat.panel, version: 1, metric: csat, low: 1, high: 5, cut: 4, owner: anna.berg, name: {en: CSAT of the panel}}
"""
DIMENSIONS = ("segment", "channel", "journey", "touchpoint", "product", "unit")
HEAD = "id,at,who,market," + ",".join(DIMENSIONS) + ",stars,comment\n"
OUTSIDE = "utanför"
MINE = Scope({"market": frozenset({"SE", "FI"})})
SHOWS_ROWS: frozenset[Right] = frozenset({"answers", "voices", "rows"})
"""Rights whose pages are made of rows of the hub; the others show sources, people and deeds, which no scope limits."""
PLACE = re.compile(r"\{(\w+)(?::\w+)?\}")
INSIDE_PLACES = {"name": "csat.panel", "measure": "csat.panel", "unit": "inside0", "id": "1", "topic": "delivery"}
CHANGING = {"epoch", "id", "next", "prev", "after", "before", "token", "loop"}
"""`loop` counts what sources have sent, for those who may see sources: no scope limits that."""


def lines(market: str, word: str, count: int, first: int) -> Iterator[str]:
    for i in range(first, first + count):
        values = ",".join(f"{word}{i % 2}" for _ in DIMENSIONS)
        day = f"2026-{7 + i % 3:02d}-{1 + i % 28:02d}T{i % 24:02d}:00:00"
        yield f"{i},{day},person-{word}-{i % 40},{market},{values},{1 + i % 5},{word} said this number {i % 7}\n"


@dataclass(frozen=True)
class Reader:
    """Somebody who sees Sweden and Finland only, in front of one house."""

    house: House
    client: TestClient[Any]
    headers: dict[str, str]

    def get(self, address: str) -> Any:
        return self.client.get(address, headers=self.headers)


def opened(folder: Path, *, with_outside: bool) -> Iterator[Reader]:
    """Both houses have one secret, so that people bear the same ids: limits are found by leaving out blocks of people, told apart by their ids."""
    (folder / "house").mkdir()
    (folder / "house" / "secret.key").write_text("5e" * 32, "ascii")
    settings = read_settings({"data": str(folder / "house"), "memory_mb": "512", "today": "2026-10-15"}, env={})
    with open_house(settings, NOW) as house:
        flow.add_source(house, CONTRACT, "test")
        rows = [*lines("SE", "inside", 300, 0), *lines("FI", "inside", 100, 1000), *(lines("NO", OUTSIDE, 500, 5000) if with_outside else ())]
        (folder / "panel.csv").write_text(HEAD + "".join(rows), "utf-8")
        flow.import_file(house, folder / "panel.csv", "panel")
        with TestClient(build_app(house, Access(house.settings, house.ledger)), base_url=HERE) as client:
            yield Reader(house, client, signed_in(house, "analyst", MINE))


@pytest.fixture(scope="module")
def among(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    yield from opened(tmp_path_factory.mktemp("among"), with_outside=True)


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    yield from opened(tmp_path_factory.mktemp("alone"), with_outside=False)


def addresses() -> list[str]:
    """Every page that shows rows, plain and cut, with its twin."""
    found = []
    for page in PAGES:
        if page.right in SHOWS_ROWS:
            path = PLACE.sub(lambda place: INSIDE_PLACES.get(place[1], "inside0"), page.path)
            twin = "/.json" if path == "/" else f"{path}.json"
            found += [path, twin, *(f"{twin}?{query}" for query in ("period=all", "market=NO", "by=market", "by=segment&period=all"))]
    return found


def steady(value: Any) -> Any:
    """Without what differs between any two houses."""
    if isinstance(value, dict):
        return {k: steady(v) for k, v in value.items() if k not in CHANGING}
    return [steady(v) for v in value] if isinstance(value, list) else value


@pytest.mark.parametrize("address", addresses())
def test_a_page_neither_shows_nor_feels_what_is_outside(among: Reader, alone: Reader, address: str) -> None:
    seen, without = among.get(address), alone.get(address)
    assert OUTSIDE not in seen.text
    assert json.dumps(OUTSIDE)[1:-1] not in seen.text
    assert seen.status_code == without.status_code
    assert seen.status_code < 500
    if ".json" in address:
        assert steady(seen.json()) == steady(without.json())


QUESTIONS = ("measure=csat.panel", "measure=csat.panel&by=market", "measure=csat.panel&by=segment,unit&period=2026-Q3&compare=previous&grain=month")


@pytest.mark.parametrize("query", [*QUESTIONS, "measure=csat.panel&where=market=NO", "measure=csat.panel&where=segment=utanför0"])
def test_an_answer_neither_shows_nor_feels_what_is_outside(among: Reader, alone: Reader, query: str) -> None:
    seen, without = among.get(f"/v1/answers?{query}"), alone.get(f"/v1/answers?{query}")
    assert steady(seen.json()) == steady(without.json())


@pytest.mark.parametrize("operation", [o for o in OPERATIONS if o.method == "GET" and o.needs in SHOWS_ROWS], ids=lambda o: o.name)
def test_no_operation_shows_what_is_outside(among: Reader, operation: Any) -> None:
    given = {"measure": "csat.panel", "source": "panel", "record": "5000", "id": "1", "unit": "inside0", "words": "said", "dimension": "segment"}
    fields = {k: v for k, v in given.items() if k in operation.params.__struct_fields__}
    answer = among.client.get(operation.path, params=fields, headers=among.headers)
    assert answer.status_code < 500
    assert OUTSIDE not in answer.text.replace(given["record"], "")


def test_home_tells_nothing_of_sources_to_who_may_not_see_them(among: Reader, alone: Reader) -> None:
    seen, without = (r.client.get("/.json", headers=signed_in(r.house, "contributor", MINE)).json() for r in (among, alone))
    assert seen["loop"] == without["loop"]


def test_the_same_doors_do_show_it_to_whoever_may_see_all(among: Reader) -> None:
    """So that the walk above can fail."""
    whole = signed_in(among.house, "analyst")
    assert OUTSIDE in among.client.get("/measures/csat.panel.json?by=segment&period=all", headers=whole).text
    assert OUTSIDE in among.client.get("/v1/records?source=panel&record=5000", headers=whole).text
