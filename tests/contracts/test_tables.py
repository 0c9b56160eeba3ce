"""The tables say what they hold: every column has a meaning, every key and clock exists, and numbers have units."""

import pyarrow as pa
import pytest

from gensvar.contracts import DIMENSIONS, FEEDBACK, TABLES, Measure, Measures, TableSpec
from gensvar.kit.errors import ContractError, NotFound


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda t: t.name)
def test_a_table_explains_itself(table: TableSpec) -> None:
    assert all(c.meaning for c in table.columns)
    assert len(set(table.names)) == len(table.names)
    assert {*table.key, table.time, *table.quiet} <= set(table.names)
    assert all(c.unit for c in table.columns if pa.types.is_timestamp(c.type))
    assert [f.nullable for f in table.schema] == [not c.required for c in table.columns]


def test_feedback_holds_every_dimension() -> None:
    assert set(DIMENSIONS) <= set(FEEDBACK.names)


def test_measures_are_found_by_key_and_by_name() -> None:
    one, two = (Measure(id="csat.a", version=v, metric="csat", low=1, high=5) for v in (1, 2))
    known = Measures.of([two, one])
    assert known.get("csat.a@2") == two
    assert known.versions("csat.a") == (one, two)
    assert known.versions("csat.a@1") == (one,)
    with pytest.raises(NotFound, match=r"csat\.a@2"):
        known.get("csat.a@3")
    with pytest.raises(NotFound, match=r"csat\.a"):
        known.versions("csat.b")


def test_a_scale_knows_its_points() -> None:
    halves = Measure(id="s", version=1, metric="stars", low=0, high=5, step=0.5)
    wide = Measure(id="s", version=1, metric="scale", low=0, high=100)
    assert (halves.points, halves.exact, halves.width) == (11, True, 0.5)
    assert (wide.points, wide.exact) == (101, False)


def test_a_measure_lists_all_its_faults() -> None:
    with pytest.raises(ContractError) as wrong:
        Measure(id="Bad Id", version=0, metric="csat", low=5, high=1, step=0, better="sideways", cut=9)
    assert len(wrong.value.faults) == 6
