"""Themes of a house: what is new or grows, under one id from run to run; nobody protected is in them; where none can be found it says why."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from gensvar import flow, theming
from gensvar.house import House, open_house
from gensvar.kit.clock import At
from gensvar.kit.settings import read_settings
from gensvar.text.keys import key_of
from tests.houses import SURVEY, csv
from tests.text.themes.planted import SAID, Planted, planted

TODAY = date(2026, 10, 15)
EARLY, LATE = date(2026, 6, 1), date(2026, 10, 1)
WORLD = planted(each=60, loose=120)


def day(theme: str, at: int) -> date:
    """Lockers only lately, invoices mostly early, the others all the time."""
    late = {"lockers": True, "invoice": at % 10 == 0}.get(theme, at % 3 == 0)
    return (LATE if late else EARLY) + timedelta(days=at % 14)


def fill(house: House, folder: Path, world: Planted, name: str = "survey.csv", first: int = 0) -> None:
    """The planted texts as answers, in Sweden and Norway, and their vectors as if an encoder had read them."""
    rows = [
        f'{first + at},{day(theme, at)}T10:00,p{at}@example.com,{"SE" if at % 2 else "NO"},4,"{text}"'
        for at, (text, theme) in enumerate(zip(world.texts, world.themes, strict=True))
    ]
    flow.import_file(house, csv(folder, *rows, name=name), "survey")
    see(house, world)


def see(house: House, world: Planted) -> None:
    texts = house.engine.run(house.engine.table("feedback").select("text")).to_pylist()
    by_number = {text.split()[-1]: vector for text, vector in zip(world.texts, world.vectors, strict=True)}
    said = [r["text"] for r in texts if r["text"]]
    house.ledger.vectors.put({key_of(t): by_number[t.split()[-1]] for t in said if t.split()[-1] in by_number}, house.understanding().encoder)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("themes")


@pytest.fixture(scope="module")
def found(folder: Path) -> Iterator[House]:
    settings = read_settings({"data": str(folder / "house"), "memory_mb": "512", "port": "0", "today": TODAY.isoformat()}, env={})
    with open_house(settings, At("2026-10-15T12:00:00")) as house:
        flow.add_source(house, SURVEY, "test")
        fill(house, folder, WORLD)
        theming.run(house)
        yield house


def named(house: House) -> dict[str, str]:
    """Planted theme → the id it is kept under."""
    first = {name: said["sv"].split()[0].lower() for name, said in SAID.items()}
    themes = house.ledger.themes.all()
    return {name: t.id for name, word in first.items() for t in themes if word in " ".join(w for said in t.body["words"].values() for w in said)}


def test_what_came_lately_is_new_what_has_gone_down_fades_and_the_rest_is_steady(found: House) -> None:
    states = {name: found.ledger.themes.get(theme).state for name, theme in named(found).items()}
    assert states == {"lockers": "new", "chat": "steady", "invoice": "fading", "colour": "steady"}
    body = found.ledger.themes.get(named(found)["lockers"]).body
    assert body["then"][0] == 0
    assert len(body["members"]) >= 55
    assert set(body["quotes"]) <= set(body["members"])
    run = found.ledger.themes.runs(1)[0].body
    assert (run["shown"], run["texts"], run["before"]) == (4, 360, 0)
    assert sum(n for _, n in run["weeks"]) == 360


def test_another_run_keeps_every_identity_and_what_people_said(found: House, folder: Path) -> None:
    before = named(found)
    found.ledger.themes.rename(before["chat"], "The robot")
    fill(found, folder, planted(each=15, loose=20, seed=5), "more.csv", 1000)
    told = theming.run(found)
    assert named(found) == before
    assert (told["before"], told["kept"]) == (4, 4)
    assert found.ledger.themes.get(before["chat"]).name == "The robot"


def test_a_theme_that_is_no_longer_found_is_gone_and_comes_back_as_itself(found: House) -> None:
    before = named(found)
    themes = found.ledger.themes.all()
    lost = next(t for t in themes if t.id == before["colour"])
    rest = theming._gone([lost], datetime(2026, 10, 20, tzinfo=UTC))
    assert [t.state for t in rest] == ["gone"]
    assert list(theming._gone([lost], datetime(2027, 10, 20, tzinfo=UTC))) == []
    found.ledger.themes.keep([replace(t, state="gone") for t in themes], {"shown": 0})
    theming.run(found)
    assert named(found) == before
    assert all(t.state != "gone" for t in found.ledger.themes.all())


def test_where_no_theme_can_be_found_it_says_why(tmp_path: Path) -> None:
    plain = {"data": str(tmp_path / "house"), "memory_mb": "512", "port": "0", "today": TODAY.isoformat()}
    with open_house(read_settings(plain, env={}), At("2026-10-15T12:00:00")) as house:
        flow.add_source(house, SURVEY, "test")
        assert theming.due(house)
        assert theming.run(house)["why"] == "too_few"
        assert not theming.due(house)
        few = replace(WORLD, texts=WORLD.texts[:210], themes=WORLD.themes[:210], points=WORLD.points[:150])
        rows = [f'{at},{EARLY}T10:00,p{at}@example.com,SE,4,"{text}"' for at, text in enumerate(few.texts)]
        flow.import_file(house, csv(tmp_path, *rows), "survey")
        assert theming.run(house)["why"] == "nothing_read"
    with open_house(read_settings({**plain, "encoder": "none"}, env={}), At("2026-10-16T04:00:00")) as house:
        assert theming.run(house)["why"] == "no_encoder"
        assert house.ledger.themes.all() == []


def test_nobody_of_a_protected_audience_is_in_a_theme(tmp_path: Path) -> None:
    settings = read_settings({"data": str(tmp_path / "house"), "memory_mb": "512", "port": "0", "today": TODAY.isoformat()}, env={})
    with open_house(settings, At("2026-10-15T12:00:00")) as house:
        flow.add_source(house, SURVEY + "audience: employee\n", "test")
        fill(house, tmp_path, WORLD)
        assert theming.run(house) == {"why": "too_few", "texts": 0, "least": 200}


def test_the_search_is_due_once_a_night(tmp_path: Path) -> None:
    plain = {"data": str(tmp_path / "house"), "memory_mb": "512", "port": "0", "zone": "Europe/Stockholm"}
    for at, due in (("2026-10-15T12:00:00", False), ("2026-10-16T00:30:00", False), ("2026-10-16T01:30:00", True)):
        with open_house(read_settings(plain, env={}), At(at)) as house:
            if at.startswith("2026-10-15"):
                house.ledger.themes.keep([], {"shown": 0})
            assert theming.due(house) is due
