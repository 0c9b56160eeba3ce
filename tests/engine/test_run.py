"""run: any expression, the same types from every engine, safe from several threads."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import ibis
import pyarrow as pa
import pytest

from gensvar.contracts import TABLES
from gensvar.engine import Engine
from gensvar.engine.rows import uuid_text
from gensvar.kit.errors import NotFound
from tests.engine.rows import happened, ident, said, table


def test_rows_come_back_as_they_went_in(engine: Engine) -> None:
    moment = datetime(2026, 3, 29, 1, 59, 59, 123456, tzinfo=UTC)
    sent = said(
        1, occurred_at=moment, text="Tack! 😀 «ŵ»", attrs={"plan": "a", "ö": "å"}, topics=["price", "delivery"], party=ident(7), sentiment=-0.5
    )
    engine.merge("feedback", table("feedback", [sent, said(2, attrs={}, topics=[])]))
    t = engine.table("feedback")
    first, second = engine.run(t.order_by("record")).to_pylist()
    assert first["id"] == uuid_text(ident(1))
    assert first["party"] == uuid_text(ident(7))
    assert first["occurred_at"] == moment
    assert dict(first["attrs"]) == {"plan": "a", "ö": "å"}
    assert first["topics"] == ["price", "delivery"]
    assert (first["text"], first["sentiment"], first["market"]) == ("Tack! 😀 «ŵ»", -0.5, None)
    assert (second["attrs"], second["topics"]) == ([], [])


@pytest.mark.parametrize("name", TABLES)
def test_every_table_has_the_contract_s_columns_and_types(engine: Engine, name: str) -> None:
    found = engine.run(engine.table(name)).schema
    promised = TABLES[name].schema
    assert found.names == promised.names
    for f, p in zip(found, promised, strict=True):
        assert f.type == (pa.string() if p.type == pa.uuid() else p.type)


def test_counts_and_sums_have_one_type_on_every_engine(engine: Engine) -> None:
    engine.merge("events", table("events", [happened(1, value=1.5), happened(2, value=2.5)]))
    t = engine.table("events")
    found = engine.run(t.group_by("name").agg(n=t.count(), total=t.value.sum(), some=t.value.count()))
    assert found.to_pylist() == [{"name": "order", "n": 2, "total": 4.0, "some": 2}]
    assert [str(f.type) for f in found.schema] == ["string", "int64", "double", "int64"]


def test_a_value_is_a_table_of_one_column(engine: Engine) -> None:
    assert engine.run(engine.table("feedback").count()).to_pydict().popitem()[1] == [0]


def test_days_are_utc_days(engine: Engine) -> None:
    moments = [datetime(2026, 1, 1, 0, 0, tzinfo=UTC), datetime(2026, 1, 1, 23, 59, 59, 999999, tzinfo=UTC)]
    engine.merge("feedback", table("feedback", [said(n, occurred_at=m) for n, m in enumerate(moments)]))
    t = engine.table("feedback")
    assert {str(d) for d in engine.run(t.select(d=t.occurred_at.date())).column("d").to_pylist()} == {"2026-01-01"}


@pytest.mark.parametrize("wanted", [["r1"], []])
def test_an_expression_may_bring_a_table_along(engine: Engine, wanted: list[str]) -> None:
    engine.merge("feedback", table("feedback", [said(1), said(2)]))
    brought = ibis.memtable(pa.table({"record": pa.array(wanted, pa.string())}))
    found = engine.run(engine.table("feedback").join(brought, "record").select("record"))
    assert found.column("record").to_pylist() == wanted


def test_ids_are_found_by_their_text(engine: Engine) -> None:
    engine.merge("feedback", table("feedback", [said(1), said(2)]))
    t = engine.table("feedback")
    assert engine.run(t.filter(t.id == uuid_text(ident(2))).select("record")).to_pylist() == [{"record": "r2"}]


def test_several_threads_may_read_while_one_merges(engine: Engine) -> None:
    t = engine.table("feedback")

    def read(_: int) -> int:
        return int(engine.run(t.filter(t.score > 0).agg(n=ibis._.count()))["n"][0].as_py())

    with ThreadPoolExecutor(4) as pool:
        reads = pool.map(read, range(24))
        for n in range(4):
            engine.merge("feedback", table("feedback", [said(5 * n + k, days=n) for k in range(5)]))
        assert {n % 5 for n in reads} == {0}, "a read saw half a merge"
    assert read(0) == 20


def test_an_unknown_table_is_named_with_the_nearest(engine: Engine) -> None:
    with pytest.raises(NotFound) as missing:
        engine.table("event")
    assert missing.value.nearest == "events"
