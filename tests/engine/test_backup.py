"""save and load: a backup that appears whole, fits or is refused, and can move between engines."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gensvar.contracts import TABLES
from gensvar.engine import Engine, Merged
from gensvar.engine.backup import LIST
from gensvar.kit.errors import Conflict, Unreadable
from tests.engine.rows import counted, happened, ident, named, said, somebody, table

ROWS = {
    "feedback": table("feedback", [said(1, attrs={"a": "b"}, topics=["x"], party=ident(5), text="Ö"), said(2, 700), said(3, attrs={}, topics=[])]),
    "events": table("events", [happened(1, value=2.5)]),
    "parties": table("parties", [somebody(5, account=ident(6))]),
    "mentions": table("mentions", [named(1, ident(5))]),
}


@pytest.fixture
def hub(engine: Engine) -> Engine:
    for name, rows in ROWS.items():
        engine.merge(name, rows)
    engine.replace_days("daily", counted(engine.table("feedback")), None)
    engine.bump()
    return engine


def content(engine: Engine) -> dict[str, list[str]]:
    return {name: sorted(map(str, engine.run(engine.table(name)).to_pylist())) for name in TABLES}


def test_what_was_saved_comes_back(hub: Engine, tmp_path: Path) -> None:
    before = content(hub)
    hub.save(tmp_path / "backup")
    hub.delete("feedback", [ident(1)])
    hub.merge("events", table("events", [happened(9)]))
    hub.load(tmp_path / "backup")
    assert content(hub) == before
    assert hub.epoch() > 1
    assert hub.merge("feedback", ROWS["feedback"]) == Merged(0, 0, 3)


def test_a_backup_moves_to_an_engine_of_another_kind(hub: Engine, duck: Engine, tmp_path: Path) -> None:
    hub.save(tmp_path / "there")
    duck.load(tmp_path / "there")
    assert content(duck) == content(hub)
    duck.save(tmp_path / "back")
    before = content(hub)
    hub.load(tmp_path / "back")
    assert content(hub) == before
    assert hub.merge("feedback", ROWS["feedback"]) == Merged(0, 0, 3)


def test_an_empty_hub_can_be_saved_and_loaded(engine: Engine, tmp_path: Path) -> None:
    engine.save(tmp_path / "backup")
    engine.merge("feedback", ROWS["feedback"])
    engine.load(tmp_path / "backup")
    assert set(map(len, content(engine).values())) == {0}


def test_a_folder_that_is_there_is_left_alone(duck: Engine, tmp_path: Path) -> None:
    with pytest.raises(Conflict, match="already"):
        duck.save(tmp_path)
    assert not (tmp_path / LIST).exists()


def test_a_backup_that_fails_leaves_no_folder(duck: Engine, tmp_path: Path) -> None:
    duck.close()
    with pytest.raises(Exception, match="closed"):
        duck.save(tmp_path / "backup")
    assert not list(tmp_path.glob("backup*"))


def rewritten(file: Path, rows: pa.Table) -> None:
    pq.write_table(rows, file)


def with_value(events: pa.Table, values: list[object]) -> pa.Table:
    return events.set_column(events.column_names.index("value"), "value", pa.array(values))


DAMAGE = {
    "not a backup": lambda f: (f / LIST).unlink(),
    "is not a backup": lambda f: (f / LIST).write_text("{"),
    "format 99": lambda f: (f / LIST).write_text(json.dumps({"format": 99, "epoch": 1, "rows": {}})),
    "no table 'visits'": lambda f: (f / LIST).write_text(json.dumps({"format": 1, "epoch": 1, "rows": {"visits": 3}})),
    "cannot be read": lambda f: (f / "events.parquet").write_bytes((f / "events.parquet").read_bytes()[:-20]),
    "holds 0 rows, not 3": lambda f: rewritten(f / "feedback.parquet", pq.read_table(f / "feedback.parquet").slice(0, 0)),
    "a column 'colour'": lambda f: rewritten(f / "events.parquet", pq.read_table(f / "events.parquet").append_column("colour", pa.array(["red"]))),
    "lacks the column 'record'": lambda f: rewritten(f / "events.parquet", pq.read_table(f / "events.parquet").drop_columns(["record"])),
    "in 'value', not double": lambda f: rewritten(f / "events.parquet", with_value(pq.read_table(f / "events.parquet"), ["much"])),
    "the column 'value' twice": lambda f: rewritten(
        f / "events.parquet", pq.read_table(f / "events.parquet").append_column("value", pa.array([1.0]))
    ),
}


@pytest.mark.parametrize("said_so", DAMAGE)
def test_a_damaged_backup_is_refused_and_changes_nothing(duck: Engine, tmp_path: Path, said_so: str) -> None:
    for name, rows in ROWS.items():
        duck.merge(name, rows)
    duck.save(tmp_path / "backup")
    before = content(duck)
    DAMAGE[said_so](tmp_path / "backup")
    with pytest.raises(Unreadable, match=said_so):
        duck.load(tmp_path / "backup")
    assert content(duck) == before


def test_an_older_backup_without_a_newer_column_is_loaded(duck: Engine, tmp_path: Path) -> None:
    duck.merge("events", ROWS["events"])
    duck.save(tmp_path / "backup")
    file = tmp_path / "backup" / "events.parquet"
    rewritten(file, pq.read_table(file).drop_columns(["step"]))
    duck.load(tmp_path / "backup")
    assert duck.run(duck.table("events").select("record", "step")).to_pylist() == [{"record": "e1", "step": None}]
