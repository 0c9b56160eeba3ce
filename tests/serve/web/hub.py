"""Rows in memory behind the pages' desk: `feedback` and its cubes in one DuckDB, counted by the product's own expression."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import duckdb
import ibis
import pyarrow as pa

from gensvar.contracts import CUBES, DIMENSIONS, Measure, Measures
from gensvar.measure import count

COLUMNS = ("source", "kind", "audience", "language", *DIMENSIONS)
READ = (("sentiment", pa.float64()), ("tones", pa.list_(pa.string())), ("reasons", pa.list_(pa.string())))
SCHEMA = pa.schema(
    [("occurred_at", pa.timestamp("us", tz="UTC")), ("measure", pa.string()), ("score", pa.float64()), *((c, pa.string()) for c in COLUMNS), *READ]
)
DEFAULTS = {"source": "survey", "kind": "survey", "audience": "customer", "language": "sv", "market": "SE"}


def answers(measure: Measure, scores: Iterable[float], day: date, **values: str) -> list[dict[str, Any]]:
    """One feedback row for each score, all on this day."""
    at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    return [{**DEFAULTS, "occurred_at": at + timedelta(seconds=i), "measure": measure.key, "score": s, **values} for i, s in enumerate(scores)]


FEEDBACK = ibis.table(ibis.Schema.from_pyarrow(SCHEMA), name="feedback")
TABLES = {"feedback": FEEDBACK, **{c.name: ibis.table(ibis.Schema.from_pyarrow(c.table.schema), name=c.name) for c in CUBES}}


def connect() -> duckdb.DuckDBPyConnection:
    """An empty DuckDB in memory whose days are UTC."""
    con = duckdb.connect(config={"threads": 1})
    con.execute("SET TimeZone = 'UTC'")
    return con


@dataclass
class Hub:
    rows: list[dict[str, Any]]
    measures: Measures
    con: duckdb.DuckDBPyConnection = field(default_factory=connect)

    def __post_init__(self) -> None:
        given = pa.Table.from_pylist([{name: row.get(name) for name in SCHEMA.names} for row in self.rows], schema=SCHEMA)
        self.con.register("given", given)
        self.con.execute("CREATE TABLE feedback AS SELECT * FROM given")
        for cube in CUBES:
            counted = ibis.to_sql(count(FEEDBACK, cube, self.measures), dialect="duckdb")
            self.con.execute(f"CREATE TABLE {cube.name} AS {counted}")

    def cubes(self) -> "Hub":
        return self

    def table(self, name: str) -> ibis.Table:
        return TABLES[name]

    def run(self, expr: ibis.Expr) -> pa.Table:
        return self.con.sql(str(ibis.to_sql(expr, dialect="duckdb"))).to_arrow_table()

    def epoch(self) -> int:
        return 7
