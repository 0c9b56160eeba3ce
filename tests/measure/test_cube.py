"""The cube expression counts what the slow method counts, on any rows."""

from collections import defaultdict
from datetime import UTC, date, datetime
from typing import Any

import duckdb
import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gensvar.contracts import CUBES, Cube, Measure, Measures
from gensvar.contracts.daily import BINS
from gensvar.measure import count
from gensvar.measure.histogram import Histogram, histogram
from tests.measure.hub import ALL, CSAT, FEEDBACK, NPS, SCHEMA, WIDE, answers, connect

HALVES = Measure(id="halves", version=1, metric="stars", low=0.5, high=5, step=0.5)
SOME = Measures.of([CSAT, NPS, WIDE, HALVES])
SMALL = Cube("small", ("market",))
COUNTING = str(ibis.to_sql(count(FEEDBACK, SMALL, SOME), dialect="duckdb"))
rows = st.lists(
    st.fixed_dictionaries(
        {
            "occurred_at": st.datetimes(datetime(2026, 1, 1), datetime(2026, 1, 4)).map(lambda d: d.replace(tzinfo=UTC)),  # noqa: DTZ001
            "measure": st.sampled_from([CSAT.key, NPS.key, WIDE.key, HALVES.key, "unknown@1", None]),
            "score": st.one_of(st.none(), st.integers(-2, 12).map(float), st.sampled_from([0.5, 2.5, 3.7, 100.0, 99.9, 1e300, float("nan")])),
            "market": st.sampled_from(["SE", "NO", None]),
        }
    ),
    max_size=60,
)


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    return connect()


def counted(con: duckdb.DuckDBPyConnection, given_rows: list[dict[str, Any]], measures: Measures = SOME) -> list[dict[str, Any]]:
    con.register("feedback", pa.Table.from_pylist([{n: r.get(n) for n in SCHEMA.names} for r in given_rows], schema=SCHEMA))
    statement = COUNTING if measures is SOME else str(ibis.to_sql(count(FEEDBACK, SMALL, measures), dialect="duckdb"))
    return con.sql(statement).to_arrow_table().to_pylist()


def expected(given_rows: list[dict[str, Any]]) -> dict[tuple[date, str, str | None], Histogram]:
    scores: dict[tuple[date, str, str | None], list[float]] = defaultdict(list)
    plain: dict[tuple[date, str, str | None], int] = defaultdict(int)
    for row in given_rows:
        day, market = row["occurred_at"].date(), row["market"]
        if row["score"] is None:
            plain[day, "", market] += 1
        elif row["measure"] in SOME:
            scores[day, row["measure"], market].append(row["score"])
    known = {key: histogram(values, SOME.get(key[1])) for key, values in scores.items()}
    return {key: h for key, h in known.items() if h.n} | {key: Histogram(n) for key, n in plain.items()}


@settings(max_examples=40, deadline=None)
@given(given_rows=rows)
def test_equals_the_slow_method(con: duckdb.DuckDBPyConnection, given_rows: list[dict[str, Any]]) -> None:
    found = {
        (r["day"], r["measure"], r["market"]): Histogram(r["n"], r["total"], r["squares"], tuple(r[b] for b in BINS))
        for r in counted(con, given_rows)
    }
    wanted = expected(given_rows)
    assert found.keys() == wanted.keys()
    for key, histo in wanted.items():
        assert (found[key].n, found[key].bins) == (histo.n, histo.bins)
        assert (found[key].total, found[key].squares) == pytest.approx((histo.total, histo.squares))


def test_columns_are_those_of_the_contract() -> None:
    for cube in CUBES:
        found = count(FEEDBACK, cube, ALL)
        assert tuple(found.columns) == cube.table.names
        assert [found.schema()[c.name].to_pyarrow() for c in cube.table.columns] == [c.type for c in cube.table.columns]


def test_no_measure_defined_yet(con: duckdb.DuckDBPyConnection) -> None:
    found = counted(con, answers(CSAT, [None, 5], date(2026, 1, 1)), Measures())
    assert [(r["measure"], r["n"]) for r in found] == [("", 1)]


def test_the_day_is_utc(con: duckdb.DuckDBPyConnection) -> None:
    late = answers(CSAT, [5], date(2026, 3, 1))[0] | {"occurred_at": datetime(2026, 3, 1, 23, 59, 59, 999_999, tzinfo=UTC)}
    assert [r["day"] for r in counted(con, [late])] == [date(2026, 3, 1)]


def test_the_ends_of_a_wide_scale_have_a_place(con: duckdb.DuckDBPyConnection) -> None:
    found = counted(con, answers(WIDE, [0, 100, 50], date(2026, 1, 1)))[0]
    assert (found["n"], found["n0"], found["n5"], found["n10"]) == (3, 1, 1, 1)
