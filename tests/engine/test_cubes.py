"""replace_days, epoch, bump and cubes: what was counted, and that pages see it."""

from collections.abc import Callable
from datetime import date

import duckdb
import ibis
import pyarrow as pa
import pytest

from gensvar.engine import Engine
from gensvar.engine.spark_session import PySparkException
from tests.engine.rows import START, counted, day, said, table


def cells(engine: Engine) -> dict[date, tuple[int, float]]:
    t = engine.table("daily")
    found = engine.run(t.group_by("day").agg(n=t.n.sum(), total=t.total.sum())).to_pylist()
    return {r["day"]: (r["n"], r["total"]) for r in found}


@pytest.fixture
def hub(engine: Engine) -> Engine:
    """Four rows on three days, counted."""
    engine.merge("feedback", table("feedback", [said(1, 0), said(2, 0, market="SE"), said(3, 1), said(4, 2)]))
    engine.replace_days("daily", counted(engine.table("feedback")), None)
    return engine


def test_all_days_are_counted(hub: Engine) -> None:
    assert cells(hub) == {day(0): (2, 8.0), day(1): (1, 4.0), day(2): (1, 4.0)}
    t = hub.table("daily")
    row = hub.run(t.filter(t.market == "SE")).to_pylist()[0]
    assert (row["measure"], row["squares"], row["n4"], row["n5"], row["channel"]) == ("csat.support@1", 16.0, 1, 0, None)


def test_only_the_days_named_are_replaced(hub: Engine) -> None:
    hub.merge("feedback", table("feedback", [said(1, 0, score=1.0), said(3, 1, score=2.0)]))
    hub.replace_days("daily", counted(hub.table("feedback")), frozenset({day(1)}))
    assert cells(hub) == {day(0): (2, 8.0), day(1): (1, 2.0), day(2): (1, 4.0)}


def test_a_day_without_rows_any_more_goes(hub: Engine) -> None:
    hub.merge("feedback", table("feedback", [said(4, 2, occurred_at=START)]))
    hub.replace_days("daily", counted(hub.table("feedback")), frozenset({day(0), day(2)}))
    assert cells(hub) == {day(0): (3, 12.0), day(1): (1, 4.0)}


def test_no_days_change_nothing_and_a_repeat_changes_nothing(hub: Engine) -> None:
    before = cells(hub)
    hub.merge("feedback", table("feedback", [said(9, 0)]))
    hub.replace_days("daily", counted(hub.table("feedback")), frozenset())
    assert cells(hub) == before
    for _ in range(2):
        hub.replace_days("daily", counted(hub.table("feedback")), frozenset({day(0)}))
    assert cells(hub)[day(0)] == (3, 12.0)


def test_the_expression_may_bring_a_table_along(hub: Engine) -> None:
    t = hub.table("feedback")
    kept = ibis.memtable(pa.table({"record": ["r3"]}))
    hub.replace_days("daily", counted(t.semi_join(kept, "record")), None)
    assert cells(hub) == {day(1): (1, 4.0)}


def test_an_expression_that_fails_leaves_the_cube_as_it_was(hub: Engine) -> None:
    before = cells(hub)
    t = hub.table("feedback")
    broken = counted(t).mutate(n=ibis._.measure.cast("int64"))
    with pytest.raises((duckdb.Error, PySparkException)):  # in a cluster the word of whichever task failed first, not always that of the cast
        hub.replace_days("daily", broken, None)
    assert cells(hub) == before


def test_the_epoch_grows_and_survives_a_new_start(opened: Callable[[], Engine]) -> None:
    first = opened()
    assert first.epoch() == 0
    assert [first.bump(), first.bump(), first.epoch()] == [1, 2, 2]
    first.close()
    assert opened().epoch() == 2


def test_pages_see_the_cubes_of_the_present_epoch(hub: Engine) -> None:
    hub.bump()
    assert cells(hub.cubes()) == cells(hub)
    assert hub.cubes().epoch() == hub.epoch()
    hub.merge("feedback", table("feedback", [said(9, 0)]))
    hub.replace_days("daily", counted(hub.table("feedback")), frozenset({day(0)}))
    hub.bump()
    assert cells(hub.cubes())[day(0)] == (3, 12.0)
    assert hub.cubes().epoch() == 2


def test_pages_see_what_was_counted_before_a_new_start(hub: Engine, opened: Callable[[], Engine]) -> None:
    hub.bump()
    hub.close()
    assert cells(opened().cubes()) == {day(0): (2, 8.0), day(1): (1, 4.0), day(2): (1, 4.0)}
