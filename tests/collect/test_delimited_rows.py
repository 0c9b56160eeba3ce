"""Blocks of a delimited file: whichever way a block is read, and wherever it ends, the rows, lines and faults are the same."""

import csv
import io
import tempfile
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gensvar.collect.batches import in_batches
from gensvar.collect.delimited_rows import Shape, _plain, read_delimited
from gensvar.contracts.rows import Batch, Fault

SHAPE = Shape(("a", "b"), ",", None)
cells = st.text(st.sampled_from('x7 é\t;😀"'), max_size=4)
lines = st.lists(cells, min_size=1, max_size=3).map(",".join) | st.just("1,2") | st.just('"a\nb",2') | st.just("")
texts = st.tuples(st.lists(lines, max_size=12), st.sampled_from(["\n", "\r\n", "\r"]), st.booleans()).map(
    lambda t: t[1].join(t[0]) + (t[1] if t[2] else "")
)


def read_whole(text: str, block: int, most: int = 1_000) -> tuple[list[tuple[object, ...]], list[int], list[Fault]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        path.write_text(text, "utf-8", newline="")
        batches = list(read_delimited(path, "utf-8", ",", ["a", "b"], 0, most, block))
    rows = [tuple(row.values()) for batch in batches for row in batch.rows.to_pylist()]
    return rows, [line for batch in batches for line in batch.lines], [fault for batch in batches for fault in batch.faults]


@settings(max_examples=300, deadline=None)
@given(texts, st.integers(1, 9), st.integers(1, 4))
def test_where_a_block_ends_changes_nothing(text: str, block: int, most: int) -> None:
    assert read_whole(text, block, most) == read_whole(text, 1 << 20)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(cells, cells), min_size=1, max_size=8))
def test_a_plain_block_is_what_the_csv_module_says(rows: list[tuple[str, str]]) -> None:
    text = "".join(f"{a},{b}\n" for a, b in rows)
    found = _plain(text, SHAPE)
    assert (found is None) == ('"' in text)
    if found is not None:
        assert [list(row.values()) for row in found.to_pylist()] == list(csv.reader(io.StringIO(text, newline="")))


NOT_PLAIN = ["\n1,2\n", "1,2\n\n3,4\n", "1\n", "1,2,3\n", '1,"2"\n', "1,\0\n", "1,2\r3,4\r", "1,\udc80\n", "\ufeff1,2\n"]


@pytest.mark.parametrize("text", NOT_PLAIN, ids=map(ascii, NOT_PLAIN))
def test_what_is_not_plain_is_left_to_the_slower_way(text: str) -> None:
    assert _plain(text, SHAPE) is None


def test_a_backslash_is_plain_only_where_it_escapes_nothing() -> None:
    assert _plain("1,a\\b\n", SHAPE) is not None
    assert _plain("1,a\\b\n", Shape(SHAPE.names, ",", "\\")) is None


def piece(first: int, after: int, *faults: int) -> Batch:
    return Batch(
        pa.table({"a": pa.array(map(str, range(first, after)), pa.string())}), range(first, after), tuple(Fault(f, "r", "m", "x") for f in faults)
    )


@given(st.integers(1, 12))
def test_batches_have_at_most_so_many_rows_and_every_fault_once_among_its_neighbours(most: int) -> None:
    batches = list(in_batches([piece(0, 5), piece(5, 5, 5), piece(6, 9), piece(10, 20, 9, 20)], most))
    assert [n for batch in batches for n in batch.lines] == [n for n in range(20) if n not in (5, 9)]
    assert sorted(fault.line for batch in batches for fault in batch.faults) == [5, 9, 20]
    assert all(batch.rows.num_rows == len(batch.lines) <= most for batch in batches)
    for batch, following in pairwise(batches):
        assert all(fault.line < following.lines[0] for fault in batch.faults)
