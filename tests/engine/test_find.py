"""ids_between, ids_of, days_of: finding rows again by their ids, or by source and record."""

import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gensvar.engine import Engine
from gensvar.engine.rows import FOUND, uuid_text
from gensvar.kit.ids import id_range
from tests.engine.rows import START, day, happened, ident, said, somebody, table


def records(found: pa.Table) -> list[str]:
    return sorted(found.column("record").to_pylist())


def moment(days: float) -> int:
    return int(START.timestamp() * 1000 + days * 86_400_000)


def test_rows_of_a_moment_are_found_by_its_range(engine: Engine) -> None:
    engine.merge("feedback", table("feedback", [said(1, 0), said(2, 0, record="r1", item="text"), said(3, 1), said(4, 400)]))
    found = engine.ids_between("feedback", [id_range(moment(0)), id_range(moment(400)), id_range(moment(7))])
    assert found.schema == FOUND
    assert [(r["record"], r["item"]) for r in sorted(found.to_pylist(), key=str)] == [("r1", "rating"), ("r1", "text"), ("r4", "rating")]
    assert found.filter(pa.compute.equal(found["record"], "r4")).to_pylist() == [
        {"id": uuid_text(ident(4, 400)), "source": "helpdesk", "record": "r4", "item": "rating", "occurred_at": said(4, 400)["occurred_at"]}
    ]


def test_ends_are_included_and_overlapping_ranges_find_a_row_once(engine: Engine) -> None:
    engine.merge("feedback", table("feedback", [said(n, n) for n in range(6)]))
    ranges = [(ident(1, 1), ident(3, 3)), (ident(2, 2), ident(4, 4)), (ident(4, 4), ident(4, 4)), (ident(9, 9), ident(8, 8))]
    assert records(engine.ids_between("feedback", ranges)) == ["r1", "r2", "r3", "r4"]


def test_no_ranges_and_no_records_find_nothing(engine: Engine) -> None:
    engine.merge("feedback", table("feedback", [said(1)]))
    assert engine.ids_between("feedback", []).num_rows == 0
    assert engine.ids_of("feedback", "helpdesk", []).num_rows == 0
    assert engine.ids_of("feedback", "helpdesk", []).schema == FOUND
    assert engine.days_of("feedback", []) == frozenset()


def test_a_column_that_a_table_does_not_have_is_null(engine: Engine) -> None:
    engine.merge("events", table("events", [happened(1)]))
    engine.merge("parties", table("parties", [somebody(1)]))
    (event,) = engine.ids_between("events", [id_range(moment(0))]).to_pylist()
    assert (event["record"], event["item"]) == ("e1", None)
    (party,) = engine.ids_between("parties", [id_range(moment(0))]).to_pylist()
    assert (party["source"], party["occurred_at"]) == (None, None)


def test_records_of_a_source_are_found(engine: Engine) -> None:
    rows = [said(1), said(2, 50, record="r1", item="text"), said(3, source="other", record="r1"), said(4)]
    engine.merge("feedback", table("feedback", rows))
    assert records(engine.ids_of("feedback", "helpdesk", ["r1", "r1", "r9"])) == ["r1", "r1"]
    assert records(engine.ids_of("feedback", "other", ["r1", "r4"])) == ["r1"]


def test_a_record_with_quotes_is_only_a_record(engine: Engine) -> None:
    odd = "r'1\"; DROP TABLE feedback --"
    engine.merge("feedback", table("feedback", [said(1, record=odd)]))
    assert records(engine.ids_of("feedback", "helpdesk", [odd])) == [odd]


def test_days_are_those_the_rows_now_stand_on(engine: Engine) -> None:
    engine.merge("feedback", table("feedback", [said(1, 0), said(2, 1), said(3, 400)]))
    engine.merge("feedback", table("feedback", [said(1, 0, occurred_at=said(0, 5)["occurred_at"])]))
    assert engine.days_of("feedback", [ident(1, 0), ident(3, 400), ident(9, 9)]) == {day(5), day(400)}


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ranges=st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=6))
def test_any_ranges_find_what_a_loop_would(engine: Engine, ranges: list[tuple[int, int]]) -> None:
    engine.merge("feedback", table("feedback", [said(n, n / 3) for n in range(0, 31, 2)]))
    found = engine.ids_between("feedback", [(ident(a, a / 3), ident(b, b / 3)) for a, b in ranges])
    assert records(found) == sorted(f"r{n}" for n in range(0, 31, 2) if any(a <= n <= b for a, b in ranges))
