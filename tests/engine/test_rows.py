"""Batches on their way in: fitted, one row per id, cut where ids leave gaps."""

from itertools import pairwise

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gensvar.contracts import TABLES
from gensvar.engine.rows import bounds, by_id, final, fitted, joined, newest, spans, uuid_bytes, uuid_text, uuids, with_text_ids
from gensvar.kit.errors import BadInput
from tests.engine.rows import ident, said, table

FEEDBACK = TABLES["feedback"]
ID = st.binary(min_size=16, max_size=16)


@settings(deadline=None)
@given(ids=st.lists(ID))
def test_ids_and_their_texts_are_one_and_sort_alike(ids: list[bytes]) -> None:
    assert [uuid_bytes(uuid_text(i)) for i in ids] == ids
    assert sorted(ids) == [uuid_bytes(t) for t in sorted(map(uuid_text, ids))]


@settings(deadline=None)
@given(ids=st.lists(st.one_of(ID, st.integers(0, 5).map(ident)), min_size=1))
def test_newest_is_sorted_and_keeps_the_last(ids: list[bytes]) -> None:
    found = newest(pa.table({"id": uuids(ids), "n": range(len(ids))}))
    last = {i: n for n, i in enumerate(ids)}
    assert dict(zip(found["id"].combine_chunks().storage.to_pylist(), found["n"].to_pylist(), strict=True)) == last
    assert found["id"].combine_chunks().storage.to_pylist() == sorted(last)
    assert bounds(found) == (uuid_text(min(ids)), uuid_text(max(ids)))


def test_newest_reads_a_slice_as_it_is() -> None:
    rows = pa.table({"id": uuids([ident(n) for n in (5, 4, 3, 2, 1)])}).slice(1, 3)
    assert newest(rows)["id"].combine_chunks().storage.to_pylist() == [ident(2), ident(3), ident(4)]


@settings(deadline=None)
@given(days=st.lists(st.sampled_from([0.0, 0.1, 0.2, 300.0, 300.1, -50.0, -700.0, -900.0])))
def test_spans_hold_every_row_once_in_order(days: list[float]) -> None:
    batch = by_id([ident(n, d) for n, d in enumerate(days)])
    parts = [p["id"].combine_chunks().storage.to_pylist() for p in spans(batch)]
    assert sorted(i for p in parts for i in p) == batch["id"].combine_chunks().storage.to_pylist()
    assert all(p and p == sorted(p) for p in parts)


def test_late_rows_do_not_widen_the_bounds_of_the_new_ones() -> None:
    new, late = [ident(n, n / 10_000) for n in range(200)], [ident(n, -90.0 * n) for n in range(1, 6)]
    crowd, scattered = spans(by_id(new + late))
    assert bounds(crowd) == (uuid_text(new[0]), uuid_text(new[-1]))
    assert scattered.num_rows == len(late)


def test_a_batch_of_one_time_is_one_span() -> None:
    assert [p.num_rows for p in spans(by_id([ident(n, n / 100) for n in range(100)]))] == [100]
    assert list(spans(by_id([]))) == []


@settings(deadline=None)
@given(ranges=st.lists(st.tuples(st.binary(min_size=1, max_size=1), st.binary(min_size=1, max_size=1))))
def test_joined_ranges_hold_the_same_and_do_not_overlap(ranges: list[tuple[bytes, bytes]]) -> None:
    out = joined(ranges)
    every = [bytes([n]) for n in range(256)]
    assert [any(a <= b <= c for a, c in out) for b in every] == [any(a <= b <= c for a, c in ranges) for b in every]
    assert all(a[1] < b[0] for a, b in pairwise(out))


def test_final_follows_chains_and_refuses_circles() -> None:
    a, b, c = ident(1), ident(2), ident(3)
    assert final({a: b, b: c}) == {a: c, b: c}
    with pytest.raises(BadInput, match="circle"):
        final({a: b, b: a})
    with pytest.raises(BadInput, match="circle"):
        final({a: a})


def test_ids_may_come_as_text_bytes_or_uuids() -> None:
    rows = table("feedback", [said(1, party=ident(2)), said(2)])
    as_bytes = rows.set_column(0, "id", rows["id"].combine_chunks().storage)
    assert fitted(with_text_ids(rows), FEEDBACK).equals(fitted(as_bytes, FEEDBACK))
    assert fitted(rows, FEEDBACK).schema == FEEDBACK.schema


@pytest.mark.parametrize(
    ("column", "values", "fault"),
    [
        ("score", ["good", "bad"], "score cannot be double"),
        ("id", ["not an id", None], "id cannot be extension<arrow.uuid>"),
        ("occurred_at", [{"a": 1}, None], "occurred_at cannot be timestamp"),
        ("kind", [None, None], "kind must not be empty, but is in 2 rows"),
    ],
)
def test_what_does_not_fit_is_named(column: str, values: list[object], fault: str) -> None:
    rows = table("feedback", [said(1), said(2)])
    with pytest.raises(BadInput) as refused:
        fitted(rows.set_column(rows.column_names.index(column), column, pa.array(values)), FEEDBACK)
    assert any(fault in f for f in refused.value.faults)
