"""A small honest engine for these tests: DuckDB in memory, `feedback` and its cubes, counted by the expression under test."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
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
CSAT = Measure(id="csat.delivery", version=1, metric="csat", low=1, high=5, name={"en": "CSAT for delivery", "sv": "CSAT för leverans"})
CSAT2 = Measure(id="csat.delivery", version=2, metric="csat", low=1, high=7)
NPS = Measure(id="nps", version=1, metric="nps", low=0, high=10, name={"en": "NPS"})
STARS = Measure(id="stars.app", version=1, metric="stars", low=1, high=5)
WIDE = Measure(id="scale.mood", version=1, metric="scale", low=0, high=100)
ENPS = Measure(id="enps", version=1, metric="enps", low=0, high=10)
ALL = Measures.of([CSAT, CSAT2, NPS, STARS, WIDE, ENPS])


def answers(measure: Measure, scores: Iterable[float | None], day: date, **values: str | None) -> list[dict[str, Any]]:
    """One feedback row for each score, all on this day."""
    at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    return [{**DEFAULTS, "occurred_at": at + timedelta(seconds=i), "measure": measure.key, "score": s, **values} for i, s in enumerate(scores)]


def connect() -> duckdb.DuckDBPyConnection:
    """An empty DuckDB in memory whose days are UTC."""
    con = duckdb.connect(config={"threads": 1})
    con.execute("SET TimeZone = 'UTC'")
    return con


def run_on(con: duckdb.DuckDBPyConnection, expr: ibis.Table) -> pa.Table:
    return con.sql(str(ibis.to_sql(expr, dialect="duckdb"))).to_arrow_table()


@dataclass
class Hub:
    """rows: feedback; queries: how many were run."""

    rows: list[dict[str, Any]]
    queries: int = 0
    con: duckdb.DuckDBPyConnection = field(default_factory=connect)

    def __post_init__(self) -> None:
        given = pa.Table.from_pylist([{name: row.get(name) for name in SCHEMA.names} for row in self.rows], schema=SCHEMA)
        self.con.register("given", given)
        self.con.execute("CREATE TABLE feedback AS SELECT * FROM given")
        for cube in CUBES:
            self.con.execute(f"CREATE TABLE {cube.name} AS {counting(cube.name)}")

    def cubes(self) -> "Hub":
        return self

    def table(self, name: str) -> ibis.Table:
        return TABLES[name]

    def run(self, expr: ibis.Expr) -> pa.Table:
        self.queries += 1
        return run_on(self.con, expr)

    def epoch(self) -> int:
        return 7


FEEDBACK = ibis.table(ibis.Schema.from_pyarrow(SCHEMA), name="feedback")
TABLES = {"feedback": FEEDBACK, **{c.name: ibis.table(ibis.Schema.from_pyarrow(c.table.schema), name=c.name) for c in CUBES}}


@cache
def counting(name: str) -> str:
    """The statement that counts a cube."""
    cube = next(c for c in CUBES if c.name == name)
    return str(ibis.to_sql(count(FEEDBACK, cube, ALL), dialect="duckdb"))
