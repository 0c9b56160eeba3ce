"""map_batches: work over rows, here or elsewhere, with the same result."""

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from gensvar.engine import Engine
from gensvar.engine.mapping import worked
from tests.engine.rows import said, table

SCHEMA = pa.schema([("id", pa.string()), ("long", pa.int64())])


def lengths(batch: pa.RecordBatch) -> pa.RecordBatch:
    return pa.record_batch([batch.column("id"), pc.utf8_length(batch.column("text")).cast(pa.int64())], schema=SCHEMA)


def broken(batch: pa.RecordBatch) -> pa.RecordBatch:
    raise ValueError("the model is missing")


@pytest.mark.parametrize("workers", [1, 2])
def test_every_row_is_worked_on_once(engine: Engine, workers: int) -> None:
    engine.merge("feedback", table("feedback", [said(n, text="x" * n) for n in range(25)]))
    t = engine.table("feedback")
    found = engine.map_batches(t.filter(t.score > 0).select("id", "text"), lengths, SCHEMA, workers)
    assert found.schema == SCHEMA
    assert sorted(found.column("long").to_pylist()) == list(range(25))
    assert sorted(found.column("id").to_pylist()) == sorted(engine.run(t.id).column(0).to_pylist())


def test_no_rows_give_an_empty_table(engine: Engine) -> None:
    found = engine.map_batches(engine.table("feedback").select("id", "text"), lengths, SCHEMA)
    assert (found.num_rows, found.schema) == (0, SCHEMA)


def test_work_that_fails_says_why(engine: Engine) -> None:
    engine.merge("feedback", table("feedback", [said(1, text="x")]))
    with pytest.raises(Exception, match="the model is missing"):
        engine.map_batches(engine.table("feedback").select("id", "text"), broken, SCHEMA)
    assert engine.run(engine.table("feedback").count()).num_rows == 1


def whole(batch: pa.RecordBatch) -> pa.RecordBatch:
    return batch


@pytest.mark.parametrize("workers", [1, 2])
def test_batches_keep_their_order_and_few_wait(workers: int) -> None:
    given = [pa.record_batch({"n": [n]}) for n in range(12)]
    taken: list[int] = []

    def source() -> object:
        for n, batch in enumerate(given):
            taken.append(n)
            yield batch

    out = worked(source(), whole, workers)  # type: ignore[arg-type]
    assert next(iter(out)).column("n").to_pylist() == [0]
    assert len(taken) <= 2 * workers
    assert [b.column("n")[0].as_py() for b in out] == list(range(1, 12))
