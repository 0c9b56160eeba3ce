"""What is Spark's alone: addresses that are wrong, tables in a warehouse, other sessions, the copy of the cubes."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import ibis
import pyarrow as pa
import pytest

from gensvar.contracts import CUBES
from gensvar.engine import Engine, Merged, open_engine
from gensvar.engine.duck import DuckEngine
from gensvar.engine.spark import SparkEngine, _again, _runs
from gensvar.engine.spark_cubes import CubeCopy
from gensvar.kit.errors import SettingsError, Unavailable, UnsupportedOnEngine
from gensvar.kit.settings import read_settings
from tests.engine.rows import counted, day, ident, said, table
from tests.engines import Servers, engine_settings, gap

pytestmark = pytest.mark.spark


@pytest.fixture
def spark(tmp_path: Path, spark_servers: Servers) -> SparkEngine:
    engine = open_engine(engine_settings("spark", tmp_path, spark_servers))
    assert isinstance(engine, SparkEngine)
    return engine


def test_a_server_that_does_not_answer_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=r"No Spark Connect server answers at 127\.0\.0\.1:1 "):
        open_engine(read_settings({"hub": "sc://127.0.0.1:1", "data": str(tmp_path)}, env={}))


@pytest.mark.parametrize("address", ["localhost:15002", "http://localhost:15002", "sc://"])
def test_an_address_of_another_kind_is_refused(tmp_path: Path, address: str) -> None:
    with pytest.raises(SettingsError, match="sc://host:15002"):
        open_engine(read_settings({"hub": address, "data": str(tmp_path)}, env={}))


def test_without_the_extra_it_says_how_to_get_it() -> None:
    code = (
        "import sys; sys.modules['pyspark'] = None\n"
        "from gensvar.engine import open_engine; from gensvar.kit.settings import read_settings\n"
        "open_engine(read_settings({'hub': 'sc://x:1'}, env={}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "Unavailable: Spark needs a part that is not installed" in done.stderr
    assert "pip install 'gensvar[spark]'" in done.stderr


def test_a_program_without_a_file_may_use_it(tmp_path: Path, spark_servers: Servers) -> None:
    code = (
        "import sys, warnings; warnings.simplefilter('ignore'); from gensvar.engine.spark import SparkEngine\n"
        "e = SparkEngine(*sys.argv[1:]); print(e.run(e.table('feedback').count()).num_rows); e.close()"
    )
    command = [sys.executable, "-c", code, spark_servers.address("spark"), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "1", done.stderr


def test_the_core_does_not_load_spark() -> None:
    code = "import sys, gensvar.engine, gensvar.engine.duck; sys.exit('pyspark' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_two_sessions_share_one_warehouse(opened: Callable[[], Engine], engine_kind: str) -> None:
    if engine_kind == "duckdb":
        return
    first, second = opened(), opened()
    first.merge("feedback", table("feedback", [said(1)]))
    assert second.merge("feedback", table("feedback", [said(1), said(2)])) == Merged(1, 0, 1)
    assert first.run(first.table("feedback").count())[0][0].as_py() == 2
    first.bump()
    assert second.epoch() == 1


def test_a_table_of_an_older_version_gets_the_columns_that_it_lacks(spark: SparkEngine, tmp_path: Path, spark_servers: Servers) -> None:
    spark.merge(
        "events", pa.table({"id": [str(ident(1).hex())], "source": ["s"], "record": ["e1"], "name": ["order"], **_moments(), "contract": ["s@1"]})
    )
    old = "SELECT id, source, record, name, occurred_at, received_at, contract FROM {}"
    spark._session.write(old.format(spark._at("events")), spark._path("events"), "overwrite", {"overwriteSchema": "true"})
    spark.close()
    with open_engine(engine_settings("spark", tmp_path, spark_servers)) as again:
        found = again.run(again.table("events")).select(["record", "value", "attrs"]).to_pylist()
        assert found == [{"record": "e1", "value": None, "attrs": None}]


def _moments() -> dict[str, pa.Array]:
    return {n: pa.array([0], pa.timestamp("us", tz="UTC")) for n in ("occurred_at", "received_at")}


def test_a_large_batch_goes_in_several_commits(spark: SparkEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gensvar.engine.spark.COMMIT_ROWS", 7)
    rows = table("feedback", [said(n, n) for n in range(20)])
    assert spark.merge("feedback", rows) == Merged(20, 0, 0)
    assert spark.merge("feedback", rows) == Merged(0, 0, 20)
    assert spark.delete("feedback", [ident(n, n) for n in range(20)]) == 20
    spark.close()


def test_a_backup_is_written_a_few_days_at_a_time() -> None:
    days = [(day(n), 90_000) for n in range(5)] + [(day(9), 500_000), (day(10), 1)]
    assert list(_runs(days)) == [(day(0), day(1)), (day(2), day(3)), (day(4), day(4)), (day(9), day(9)), (day(10), day(10))]
    assert list(_runs([])) == []


def test_a_commit_that_came_second_is_tried_again() -> None:
    from pyspark.errors import PySparkException

    tries = []

    def step() -> int:
        tries.append(1)
        if len(tries) < 3:
            raise PySparkException("Failed to commit transaction: 0")
        return 7

    assert _again(step) == 7

    def other() -> int:
        raise PySparkException("no such column")

    with pytest.raises(PySparkException, match="no such column"):
        _again(other)


def test_the_copy_is_read_anew_only_when_the_epoch_moves() -> None:
    reads: list[str] = []
    with DuckEngine(":memory:") as hub, DuckEngine(":memory:") as beside:

        def run(expr: ibis.Expr) -> pa.Table:
            reads.append("read")
            return hub.run(expr)

        copy = CubeCopy(beside, run, hub.table, hub.epoch)
        hub.merge("feedback", table("feedback", [said(1)]))
        hub.replace_days("daily", counted(hub.table("feedback")), None)
        copy.stale(hub.bump())
        for _ in range(3):
            t = copy.fresh().table("daily")
            assert copy.fresh().run(t.n.sum())[0][0].as_py() == 1
        assert len(reads) == len(CUBES)
        copy.stale(hub.bump())
        assert copy.fresh().epoch() == 2
        assert len(reads) == 2 * len(CUBES)


@gap("spark", "statements of DuckDB's own cannot run there", raises=UnsupportedOnEngine)
def test_a_signed_gap_is_expected_to_fail_there_and_nowhere_else(engine: Engine) -> None:
    if engine.name == "spark":
        raise UnsupportedOnEngine("Spark has no such thing")
