"""A small honest engine for these tests: DuckDB in memory, `feedback` and its cubes, counted by the expression under test."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import ibis
import pyarrow as pa

from gensvar.contracts import CUBES, DIMENSIONS, Measure, Measures
from gensvar.measure import count

COLUMNS = ("source", "kind", "audience", "language", *DIMENSIONS)
SCHEMA = pa.schema(
    [("occurred_at", pa.timestamp("us", tz="UTC")), ("measure", pa.string()), ("score", pa.float64()), *((c, pa.string()) for c in COLUMNS)]
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
    return [
        {**DEFAULTS, "occurred_at": at + timedelta(seconds=i), "measure": measure.key, "score": s, **values} for i, s in enumerate(scores)
    ]


@dataclass
class Hub:
    """rows: feedback; queries: how many were run."""

    rows: list[dict[str, Any]]
    measures: Measures = ALL
    queries: int = 0
    con: Any = field(default_factory=lambda: ibis.duckdb.connect(threads=1))

    def __post_init__(self) -> None:
        self.con.raw_sql("SET TimeZone = 'UTC'")
        table = pa.Table.from_pylist([{name: row.get(name) for name in SCHEMA.names} for row in self.rows], schema=SCHEMA)
        self.con.con.register("given", table)
        self.con.raw_sql("CREATE TABLE feedback AS SELECT * FROM given")
        for cube in CUBES:
            counted = ibis.to_sql(count(self.con.table("feedback"), cube, self.measures), dialect="duckdb")
            self.con.raw_sql(f"CREATE TABLE {cube.name} AS {counted}")

    def cubes(self) -> "Hub":
        return self

    def table(self, name: str) -> ibis.Table:
        return self.con.table(name)

    def run(self, expr: ibis.Expr) -> pa.Table:
        self.queries += 1
        return expr.to_pyarrow()

    def epoch(self) -> int:
        return 7


def scores_of(shares: Mapping[float, int]) -> list[float]:
    """Score → how many, laid out."""
    return [score for score, n in shares.items() for _ in range(n)]
