"""answers: pages and answers from the cubes of a large hub, and what such a hub costs to hold, to start and to add to; beside PostgreSQL."""

import http.client
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import duckdb
import psycopg
import pyarrow as pa

from bench.crowd import crowded
from bench.house import MEASURE, Server, made, opened, served
from bench.postgres import postgres
from bench.result import Result, median, quantile
from gensvar import flow
from gensvar.contracts.feedback import FEEDBACK
from gensvar.engine import Engine
from gensvar.house import House
from gensvar.kit.ids import row_ids
from gensvar.kit.scope import whole
from gensvar.measure import ask, parse_question

FIRST, DAYS = date(2025, 1, 1), 730
ROWS = """
SELECT (printf('%012x', ms) || substr(md5(i::VARCHAR), 1, 20))::UUID AS id, 'survey' AS source, 'b' || i AS record, 'rating' AS item,
  make_timestamptz(ms * 1000) AS occurred_at, make_timestamptz(ms * 1000) AS received_at, 'customer' AS audience, 'survey' AS kind,
  ['csat.delivery@1', 'csat.support@1', 'nps.brand@1'][1 + i % 3] AS measure, (1 + h % 5)::DOUBLE AS score,
  ['SE', 'NO', 'DK', 'FI', 'DE', 'NL'][1 + (h >> 3) % 6] AS market, ['small', 'middle', 'large', 'public'][1 + (h >> 8) % 4] AS segment,
  ['web', 'app', 'mail', 'phone', 'store', 'chat'][1 + (h >> 12) % 6] AS channel,
  ['order', 'delivery', 'invoice', 'support', 'renewal'][1 + (h >> 20) % 5] AS touchpoint,
  'p' || (h >> 28) % 40 AS product, 'survey@1' AS contract
FROM (
  SELECT i, (hash(i) >> 1)::BIGINT AS h, 1735689600000 + floor(i * 63072000000.0 / {rows})::BIGINT AS ms FROM range({first}, {after}) t(i)
)
"""
CUTS = ("", "market", "segment", "channel", "market,channel", "touchpoint")
PERIODS = ("2026-Q3", "2026-10", "2026", "2025-Q2", "last 12 months")
WHERE = ("", "market=SE", "market=NO,DK;channel=app")
NARROW = "measure, occurred_at, score, market, segment, channel, touchpoint"
SHARED = {"source": "survey", "item": "rating", "measure": MEASURE, "market": "SE", "audience": "customer", "kind": "survey", "contract": "survey@1"}
STEP = 10_000_000
T = TypeVar("T")


def answers(*, quick: bool, rows: int = 0) -> list[Result]:
    """All that is measured on one large hub. rows: how many it holds (10 million)."""
    rows = rows or (20_000 if quick else 10_000_000)
    runs = 1 if quick else 5
    label = f"{rows // 1_000_000} million rows" if rows >= 1_000_000 else f"{rows:,} rows"
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        filled(data, rows)
        ours = _asked(data, runs)
        theirs = _peer(data, rows, runs) if rows <= STEP else []
        pages, held, starts = _over_http(data, runs)
        crowd = crowded(data, seconds=3 if quick else 60)
        merged = _merged(data, runs)
    return [
        Result(f"answer from the cube, {label}, p50", quantile(ours, 0.5), "ms", None, "at most", _ms(theirs, 0.5), "PostgreSQL"),
        Result(f"answer from the cube, {label}, p95", quantile(ours, 0.95), "ms", 50, "at most", _ms(theirs, 0.95), "PostgreSQL"),
        Result(f"whole page over HTTP, {label}, p95", quantile(pages, 0.95), "ms", 100),
        Result(f"page with 50 readers at once, {label}, p50", quantile(crowd, 0.5), "ms", None),
        Result(f"page with 50 readers at once, {label}, p95", quantile(crowd, 0.95), "ms", 100, note=f"{len(crowd):,} pages, signals coming in"),
        Result(f"memory of an idle server, {label}", held, "MB", 600),
        Result(f"start to first page, {label}", median(starts), "s", 3),
        Result(f"merge of 10,000 rows into {label}", median(merged) * 1000, "ms", 20 if rows > STEP else None),
    ]


def _ms(seconds: Sequence[float], q: float) -> float | None:
    return quantile(seconds, q) if seconds else None


def filled(data: Path, rows: int) -> None:
    """The rows straight into the hub's file, then counted as the flow counts them."""
    made(data)
    with duckdb.connect(str(data / "hub.duckdb"), config={"memory_limit": "6GB", "threads": 2}) as con:
        con.execute("SET TimeZone = 'UTC'")
        for first in range(0, rows, STEP):
            con.execute(f"INSERT INTO feedback BY NAME {ROWS.format(first=first, after=min(rows, first + STEP), rows=rows)}")
    with opened(data) as house:
        house.ledger.days.mark([FIRST + timedelta(days=i) for i in range(DAYS)])
        flow.recount(house)


def _questions() -> list[dict[str, str]]:
    return [
        {"measure": MEASURE.split("@", maxsplit=1)[0], "by": by, "where": where, "period": period, "compare": "previous" if i % 2 else ""}
        for i, (by, period, where) in enumerate((b, p, w) for b in CUTS for p in PERIODS for w in WHERE)
        if not any(f"{d}=" in where for d in by.split(",") if d)
    ]


def _asked(data: Path, runs: int) -> list[float]:
    """Seconds of each answer, every question once unmeasured first."""
    with opened(data) as house:
        measures = house.ledger.measures.all()

        def one(words: dict[str, str]) -> None:
            ask(parse_question(grain="", today=house.today(), **words), house.engine, measures, whole(), house.today())

        return _timed(one, _questions(), runs)


def _timed(one: Callable[[T], object], all_of_them: Sequence[T], runs: int) -> list[float]:
    for each in all_of_them:
        one(each)
    took = []
    for each in [e for _ in range(runs) for e in all_of_them]:
        start = time.perf_counter()
        one(each)
        took.append(time.perf_counter() - start)
    return took


def _over_http(data: Path, runs: int) -> tuple[list[float], float, list[float]]:
    """(seconds of each page, resident memory of the idle server in MB, seconds from start to first page)."""
    starts = []
    for _ in range(min(runs, 3)):
        with served(data) as server:
            starts.append(server.started_s)
    with served(data) as server:
        pages = _timed(lambda path: _page(server, path), ("/", "/measures/csat.delivery", "/sources"), runs * 10)
        time.sleep(min(runs, 3))
        return pages, server.memory_mb(), starts


def _page(server: Server, path: str) -> None:
    link = http.client.HTTPConnection(server.host, server.port, timeout=60)
    link.request("GET", path, headers={"authorization": f"Bearer {server.key}"})
    response = link.getresponse()
    said = response.read()
    assert response.status == 200, said[:500]
    link.close()


def _merged(data: Path, runs: int) -> list[float]:
    """Seconds of each merge of 10,000 recent rows, every tenth of which is there already."""
    with opened(data) as house:
        return [_merge(house.engine, house, run) for run in range(runs + 1)][1:]


def _merge(engine: Engine, house: House, run: int) -> float:
    at = datetime.combine(house.today(), datetime.min.time(), UTC)
    numbers = range(run * 9_000, run * 9_000 + 10_000)
    moments = [int(at.timestamp() * 1000) + i * 100 for i in numbers]
    ids = row_ids([b"k" * 16] * len(numbers), [str(i) for i in numbers], moments)
    count = len(ids)
    columns = {
        "id": pa.ExtensionArray.from_storage(pa.uuid(), pa.array(ids, pa.binary(16))),
        "record": pa.array([f"m{i}" for i in numbers]),
        "score": pa.array([float(1 + i % 5) for i in numbers]),
        "occurred_at": pa.array([m * 1000 for m in moments]).cast(FEEDBACK.schema.field("occurred_at").type),
        **{name: pa.repeat(said, count) for name, said in SHARED.items()},
    }
    columns["received_at"] = columns["occurred_at"]
    rows = pa.table([columns[f.name] if f.name in columns else pa.nulls(count, f.type) for f in FEEDBACK.schema], schema=FEEDBACK.schema)
    start = time.perf_counter()
    engine.merge("feedback", rows)
    return time.perf_counter() - start


def _peer(data: Path, rows: int, runs: int) -> list[float]:
    """Seconds of the same counts from the same rows in PostgreSQL, with an index that covers them."""
    with postgres() as place, psycopg.connect(host=str(place), user="gensvar", dbname="postgres", autocommit=True) as conn:
        conn.execute(
            "CREATE TABLE answer (measure text, occurred_at timestamptz, score float8, market text, segment text, channel text, touchpoint text)"
        )
        _copy(data, conn)
        conn.execute("CREATE INDEX ON answer (measure, occurred_at) INCLUDE (score, market, segment, channel, touchpoint)")
        conn.execute("VACUUM ANALYZE answer")
        assert conn.execute("SELECT count(*) FROM answer").fetchone() == (rows,)
        with opened(data) as house:
            statements = [_statement(words, house.today()) for words in _questions()]
        return _timed(lambda sql: conn.execute(sql).fetchall(), statements, 1 if runs < 5 else 2)


def _copy(data: Path, conn: "psycopg.Connection[tuple[object, ...]]") -> None:
    with duckdb.connect(str(data / "hub.duckdb"), read_only=True) as con, tempfile.TemporaryDirectory() as folder:
        con.execute("SET TimeZone = 'UTC'")
        path = Path(folder) / "rows.csv"
        con.execute(f"COPY (SELECT {NARROW} FROM feedback) TO '{path}' (HEADER false)")
        with path.open("rb") as file, conn.cursor().copy(f"COPY answer ({NARROW}) FROM STDIN (FORMAT csv)") as copy:
            while piece := file.read(1 << 20):
                copy.write(piece)


def _statement(words: dict[str, str], today: date) -> str:
    """The question as somebody would write it by hand: n, Σ, Σ² and a count for each score, of this period and of the one before."""
    question = parse_question(grain="", today=today, **words)
    assert question.period is not None
    first, last = question.period.first, question.period.last
    since = first - (last - first) - timedelta(days=1) if words["compare"] else first
    where = " ".join(f"AND {k} IN ({', '.join(f'{v!r}' for v in values.split(','))})" for k, values in _pairs(words["where"]))
    by = "".join(f", {d}" for d in words["by"].split(",") if d)
    counts = ", ".join(f"count(*) FILTER (WHERE score = {i})" for i in range(1, 6))
    return f"""SELECT occurred_at >= '{first}' AS this{by}, count(*), sum(score), sum(score * score), {counts} FROM answer
WHERE measure = '{MEASURE}' AND occurred_at >= '{since}' AND occurred_at < '{last + timedelta(days=1)}' {where} GROUP BY 1{by}"""


def _pairs(where: str) -> list[tuple[str, str]]:
    return [(k, v) for k, _, v in (part.partition("=") for part in where.split(";") if part)]
