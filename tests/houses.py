"""Houses for tests: a small shop with three sources, on each engine and each ledger."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from secrets import token_hex

import pytest

from gensvar import flow
from gensvar.house import House, open_house
from gensvar.hub import ids_of
from gensvar.kit.clock import At
from gensvar.kit.scope import Scope, whole
from gensvar.kit.settings import Settings, read_settings
from gensvar.serve.access import cookie_name
from gensvar.serve.jobs import Hands
from tests.engines import engine_settings
from tests.ledgers import Postgres

COMPANY = ("delivery", "terminals", "pulse")
NOW = At("2026-10-15T12:00:00")
SURVEY = """
source: survey
version: 1
owner: anna.berg
purpose: what customers say after a delivery
record: id
at: {column: answered, order: iso, zone: Europe/Stockholm}
kind: {always: survey}
party: {email: mail}
dimensions: {market: country, channel: {always: web}}
answers:
  - {item: rating, measure: csat.delivery@1, score: stars}
  - {item: why, text: comment}
measures:
  - {id: csat.delivery, version: 1, metric: csat, low: 1, high: 5, cut: 4, owner: anna.berg, name: {en: CSAT for delivery}}
"""
HEADER = "id,answered,mail,country,stars,comment\n"


@pytest.fixture(
    params=[
        "duckdb+sqlite",
        pytest.param("duckdb+postgres", marks=pytest.mark.postgres),
        pytest.param("spark+sqlite", marks=pytest.mark.spark),
        pytest.param("spark-cluster+postgres", marks=[pytest.mark.spark, pytest.mark.postgres]),
    ]
)
def house_settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """Settings of a house: each engine and each ledger, from one process to the largest."""
    kind, ledger = request.param.split("+")
    settings = engine_settings(kind, tmp_path, request.getfixturevalue("spark_servers"))
    if ledger == "sqlite":
        yield settings
        return
    server: Postgres = request.getfixturevalue("postgres_server")
    name = server.fresh()
    yield replace(settings, ledger=server.url(name))
    server.drop(name)


@pytest.fixture
def open_again(house_settings: Settings) -> Iterator[Callable[[], House]]:
    """Opens the house, as often as the test likes; what is left open is closed."""
    houses: list[House] = []

    def opened() -> House:
        houses.append(open_house(house_settings, NOW))
        return houses[-1]

    yield opened
    for house in houses:
        house.close()


@pytest.fixture
def house(open_again: Callable[[], House]) -> House:
    """A house that knows one source, `survey`."""
    made = open_again()
    flow.add_source(made, SURVEY, "test")
    return made


@pytest.fixture
def small_house(tmp_path: Path) -> Iterator[House]:
    """The same on DuckDB and SQLite alone, for what neither makes a difference to."""
    with open_house(read_settings({"data": str(tmp_path / "small"), "memory_mb": "512", "port": "0"}, env={}), NOW) as made:
        flow.add_source(made, SURVEY, "test")
        yield made


def emptied(house: House) -> None:
    """The house without any rows, for the next test: what was accepted is worked through first."""
    while flow.drain(house, "test"):
        pass
    for table in ("feedback", "events", "parties", "mentions"):
        house.engine.delete(table, ids_of(house.engine.run(house.engine.table(table).select("id"))))
    house.ledger.set_aside.settle(flow.open_ids(house, None, None), "discarded", "test")


@pytest.fixture(scope="module")
def long_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    settings = read_settings({"data": str(tmp_path_factory.mktemp("long") / "house"), "memory_mb": "512", "port": "0"}, env={})
    with open_house(settings, NOW) as made:
        flow.add_source(made, SURVEY, "test")
        yield made


@pytest.fixture
def empty_house(long_house: House) -> Iterator[House]:
    """One small house for all tests of a file, empty at the start of each: hundreds of tests in seconds."""
    yield long_house
    emptied(long_house)


def csv(folder: Path, *rows: str, name: str = "survey.csv") -> Path:
    """A file of the survey's rows."""
    path = folder / name
    path.write_text(HEADER + "".join(f"{r}\n" for r in rows), "utf-8")
    return path


@pytest.fixture(scope="module")
def company_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Three sources of the invented company, taken in; its flow is running."""
    from tests.world import source

    settings = read_settings({"data": str(tmp_path_factory.mktemp("company")), "memory_mb": "512", "today": "2026-11-01", "encoder": "none"}, env={})
    with open_house(settings) as made:
        for name in COMPANY:
            written = source(name)
            flow.add_source(made, written.contract_path.read_text("utf-8"), "test")
            flow.import_file(made, written.path, name)
        flow.release(made)
        hands = Hands(made)
        hands.start()
        yield made
        hands.stop()


def signed_in(house: House, role: str = "viewer", scope: Scope | None = None) -> dict[str, str]:
    """Headers of a browser in which a new member of this role has signed in; the member sees all unless a scope is given."""
    given = (scope or whole()).as_json()
    member = house.ledger.members.add(f"{role}.{token_hex(4)}@example.org", role.capitalize(), role, given)
    token = house.ledger.sessions.start(member.id, "password", "tests")
    return {"cookie": f"{cookie_name(house.settings)}={token}", "sec-fetch-site": "same-origin"}
