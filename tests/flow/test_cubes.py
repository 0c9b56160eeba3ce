"""Small cubes are summed up from a larger one: they say the same as the rows, and a house of an earlier release gets them when it opens."""

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa

from gensvar import flow
from gensvar.contracts import CUBES
from gensvar.house import House
from gensvar.measure.cube import count
from tests.houses import csv

ROWS = (
    "1,2026-09-01T10:00,a@example.org,SE,5,bra", "2,2026-09-01T11:00,b@example.org,NO,2,", "3,2026-09-02T10:00,,SE,3,nja",
    "4,2026-09-02T10:00,c@example.org,,4,", "5,2026-09-03T10:00,,SE,,bara text",
)  # fmt: skip


def shown(rows: pa.Table) -> list[str]:
    """Rows in one order, sums to nine decimals: engines add in an order of their own."""
    return sorted(str({k: round(v, 12) if isinstance(v, float) else v for k, v in row.items()}) for row in rows.to_pylist())


def held(house: House, name: str) -> list[str]:
    return shown(house.engine.run(house.engine.table(name)))


def counted(house: House, name: str) -> list[str]:
    cube = next(c for c in CUBES if c.name == name)
    rows = count(house.engine.table("feedback"), cube, house.ledger.measures.all())
    return shown(house.engine.run(rows).cast(cube.table.schema))


def test_every_cube_says_what_the_rows_say(house: House, tmp_path: Path) -> None:
    flow.import_file(house, csv(tmp_path, *ROWS), "survey")
    for cube in CUBES:
        assert held(house, cube.name) == counted(house, cube.name), cube.name
        assert held(house, cube.name) or cube.each
    flow.import_file(house, csv(tmp_path, ROWS[0].replace(",5,", ",1,"), name="again.csv"), "survey")
    for cube in CUBES:
        assert held(house, cube.name) == counted(house, cube.name), cube.name


def test_a_house_that_lacks_a_cube_gets_it_when_it_opens(open_again: Callable[[], House], tmp_path: Path) -> None:
    from tests.houses import SURVEY

    first = open_again()
    flow.add_source(first, SURVEY, "test")
    flow.import_file(first, csv(tmp_path, *ROWS), "survey")
    wanted = held(first, "daily_market")
    first.engine.replace_days("daily_market", first.engine.table("daily_market").filter(False), None)
    assert held(first, "daily_market") == []
    first.close()
    assert held(open_again(), "daily_market") == wanted
