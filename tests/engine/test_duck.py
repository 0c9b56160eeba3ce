"""What is DuckDB's alone: the lock, the full disk, older files, little read for a merge, readers that do not wait."""

import json
import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path
from threading import Event, Thread

import duckdb
import pytest

from gensvar.contracts import TABLES
from gensvar.engine import duck_sql
from gensvar.engine.duck import DuckEngine
from gensvar.engine.rows import bounds
from gensvar.kit.errors import Unavailable
from tests.engine.rows import counted, ident, said, table

ROOT = Path(__file__).parent.parent.parent

FULL = """
import json, random, resource, sys
from pathlib import Path
from gensvar.engine.duck import DuckEngine
from gensvar.kit.errors import StorageFull
from tests.engine.rows import said, table

path = Path(sys.argv[1])
engine = DuckEngine(path, 256)
words = random.Random(7)
def rows(k): return table("feedback", [said(1000 * k + n, k, text="".join(words.choices("abcdefgh", k=300))) for n in range(1000)])
def held(): return engine.run(engine.table("feedback").count())[0][0].as_py()
def full(step):
    try: step()
    except StorageFull as told: return str(told)
    raise SystemExit("it was not full")

for k in range(4): engine.merge("feedback", rows(k))
engine.checkpoint()
engine.merge("feedback", rows(4))
free, ceiling = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 10_000, ceiling))
out = {"checkpoint": full(engine.checkpoint), "held": held()}
log = path.with_name(path.name + ".wal").stat().st_size
resource.setrlimit(resource.RLIMIT_FSIZE, (log + 10_000, ceiling))
out |= {"merge": full(lambda: engine.merge("feedback", rows(5))), "still": held()}
resource.setrlimit(resource.RLIMIT_FSIZE, (free, ceiling))
engine.merge("feedback", rows(6))
engine.checkpoint()
out["after"] = held()
engine.close()
print(json.dumps(out))
"""


def python(code: str, *args: object) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]), "TZ": "America/New_York"}
    return subprocess.run([sys.executable, "-c", code, *map(str, args)], capture_output=True, text=True, env=env, check=False, timeout=120)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "hub.duckdb"


@pytest.mark.faults
def test_a_full_disk_is_told_loses_nothing_and_is_survived(path: Path) -> None:
    done = python(FULL, path)
    assert done.returncode == 0, done.stderr
    out = json.loads(done.stdout)
    assert "Free some space" in out["checkpoint"]
    assert "Free some space" in out["merge"]
    assert (out["held"], out["still"], out["after"]) == (5000, 5000, 6000)
    with DuckEngine(path) as engine:
        assert engine.run(engine.table("feedback").count())[0][0].as_py() == 6000


def test_a_second_process_is_refused(path: Path) -> None:
    with DuckEngine(path):
        done = python("import sys; from gensvar.engine.duck import DuckEngine; DuckEngine(sys.argv[1])", path)
    assert "InUse: Another process holds" in done.stderr
    assert "GENSVAR_DATA" in done.stderr


def test_a_file_that_is_no_hub_is_not_overwritten(path: Path) -> None:
    path.write_bytes(b"this is a letter" * 1000)
    with pytest.raises(duckdb.Error):
        DuckEngine(path)
    assert path.read_bytes().startswith(b"this is a letter")


def test_a_closed_hub_says_so(path: Path) -> None:
    engine = DuckEngine(path)
    engine.close()
    engine.close()
    for use in (engine.epoch, engine.bump, lambda: engine.merge("feedback", table("feedback", [said(1)]))):
        with pytest.raises(Unavailable, match="closed"):
            use()
    DuckEngine(path).close()


def test_an_older_file_gets_the_columns_that_it_lacks(path: Path) -> None:
    with DuckEngine(path) as engine:
        engine.merge("feedback", table("feedback", [said(1, effort=0.5)]))
    with duckdb.connect(str(path)) as con:
        con.execute("ALTER TABLE feedback DROP COLUMN effort")
        con.execute("ALTER TABLE feedback DROP COLUMN attrs")
        con.execute("DROP TABLE daily_unit")
    with DuckEngine(path) as engine:
        found = engine.run(engine.table("feedback")).select(["record", "effort", "attrs"]).to_pylist()
        assert found == [{"record": "r1", "effort": None, "attrs": None}]
        assert engine.merge("feedback", table("feedback", [said(1, effort=0.5)])).updated == 1
        assert engine.run(engine.table("daily_unit").count())[0][0].as_py() == 0


def test_a_day_is_utc_wherever_the_machine_stands(path: Path) -> None:
    with DuckEngine(path) as engine:
        engine.merge("feedback", table("feedback", [said(1, 0.01), said(2, 0.99)]))
    done = python(
        "import sys; from gensvar.engine.duck import DuckEngine; e = DuckEngine(sys.argv[1]); t = e.table('feedback');"
        "print(set(e.run(t.select(d=t.occurred_at.date())).column('d').to_pylist()), e.run(t).schema.field('occurred_at').type)",
        path,
    )
    assert done.stdout.strip() == f"{ {date(2026, 1, 1)}!r} timestamp[us, tz=UTC]", done.stderr


def test_nothing_is_fetched_from_the_network(path: Path) -> None:
    with DuckEngine(path) as engine:
        assert engine._reader.rows("SELECT current_setting('autoinstall_known_extensions'), current_setting('autoload_known_extensions')") == [
            (False, False)
        ]


def test_a_merge_reads_only_where_its_ids_may_be(path: Path) -> None:
    """EXPLAIN ANALYZE of the look for known ids: 300,000 rows in three row groups, of which one can hold the batch."""
    with DuckEngine(path) as engine:
        with engine._file.writing() as con:
            con.execute(
                "INSERT INTO feedback (id, record) SELECT (lpad(to_hex(1767225600000 + i * 1000), 12, '0') || lpad(to_hex(i), 20, '0'))::UUID,"
                " i::VARCHAR FROM range(300000) r(i)"
            )
        engine.checkpoint()
        batch = table("feedback", [said(299_999, 299_999 / 86_400)])
        with engine._file.writing(batch=batch) as con:
            plan = con.execute("EXPLAIN (ANALYZE, FORMAT json) " + duck_sql.known(TABLES["feedback"]), bounds(batch)).fetchall()[0][1]
        read = re.search(r'"total_rows_scanned": (\d+)', plan)
        assert read is not None
        assert int(read[1]) < 122_880
        assert engine.merge("feedback", batch).updated == 1


def test_a_reader_does_not_wait_for_a_writer_and_sees_whole_merges(path: Path) -> None:
    with DuckEngine(path) as engine:
        engine.merge("feedback", table("feedback", [said(1)]))
        inside, read = Event(), Event()

        def write() -> None:
            with engine._file.writing() as con:
                con.execute("DELETE FROM feedback")
                inside.set()
                assert read.wait(30)

        writer = Thread(target=write)
        writer.start()
        assert inside.wait(30)
        t = engine.table("feedback")
        assert engine.run(t.count())[0][0].as_py() == 1
        assert engine.days_of("feedback", [ident(1)]) == {date(2026, 1, 1)}
        read.set()
        writer.join()
        assert engine.run(t.count())[0][0].as_py() == 0


def test_what_is_interrupted_is_undone(path: Path) -> None:
    def interrupted(engine: DuckEngine) -> None:
        with engine._file.writing() as con:
            con.execute("DELETE FROM daily")
            raise KeyboardInterrupt

    with DuckEngine(path) as engine:
        engine.merge("feedback", table("feedback", [said(1)]))
        engine.replace_days("daily", counted(engine.table("feedback")), None)
        with pytest.raises(KeyboardInterrupt):
            interrupted(engine)
        assert engine.run(engine.table("daily").count())[0][0].as_py() == 1


@pytest.mark.faults
def test_a_process_that_is_killed_leaves_what_it_had_merged(path: Path) -> None:
    code = (
        "import os, signal, sys; from gensvar.engine.duck import DuckEngine; from tests.engine.rows import said, table; e = DuckEngine(sys.argv[1]);"
        "[e.merge('feedback', table('feedback', [said(n), said(100 + n)])) for n in range(5)]; e.bump();"
        "writing = e._file.writing(); con = writing.__enter__(); con.execute('DELETE FROM feedback'); os.kill(os.getpid(), signal.SIGKILL)"
    )
    assert python(code, path).returncode == -9
    with DuckEngine(path) as engine:
        assert (engine.run(engine.table("feedback").count())[0][0].as_py(), engine.epoch()) == (10, 1)


def test_memory_is_bounded_by_the_setting(path: Path) -> None:
    with DuckEngine(path, memory_mb=300, threads=1) as engine:
        assert engine._reader.rows("SELECT current_setting('memory_limit'), current_setting('threads')") == [("286.1 MiB", 1)]
