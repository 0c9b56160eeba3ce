"""SPSS files (.sav, .zsav, .por) by pyreadstat: question texts, value labels, missing codes and multiple-response sets stay with their columns."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyreadstat

from gensvar.collect.batches import MOST_CELLS
from gensvar.collect.excel import cell_text
from gensvar.collect.names import plain, unique
from gensvar.contracts.rows import Batch, Fault, Header
from gensvar.kit.errors import Unreadable

BROKEN = (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, OSError, ValueError, UnicodeDecodeError)
MOST_CODES = 100


def chunk(path: Path, format_: str, encoding: str | None, start: int, rows: int, *, only_headers: bool = False) -> tuple[Mapping[str, Any], Any]:
    """Columns of values and the file's metadata. Dates that no calendar holds leave their column as SPSS's seconds."""
    options: dict[str, Any] = {"output_format": "dict", "row_offset": start, "row_limit": rows, "metadataonly": only_headers}
    if encoding:
        options["encoding"] = encoding
    if format_ != "por":
        options["user_missing"] = True
    read = pyreadstat.read_por if format_ == "por" else pyreadstat.read_sav
    try:
        return _read(read, path, options)
    except BROKEN as broken:
        raise Unreadable(f"{path} is a broken SPSS file: {broken}", do="Save it again from SPSS, or export CSV.") from broken


def _read(read: Any, path: Path, options: dict[str, Any]) -> tuple[Mapping[str, Any], Any]:
    try:
        return read(str(path), **options)  # type: ignore[no-any-return]
    except OverflowError:
        return read(str(path), **options, disable_datetime_conversion=True)  # type: ignore[no-any-return]


def headers_of(meta: Any) -> tuple[Header, ...]:
    """One header for each variable."""
    sets = {v: plain(s["label"] or name) for name, s in meta.mr_sets.items() for v in s["variable_list"]}
    names = unique(meta.column_names)
    return tuple(_header(name, variable, meta, sets.get(variable, "")) for name, variable in zip(names, meta.column_names, strict=True))


def _header(name: str, variable: str, meta: Any, in_set: str) -> Header:
    own = plain(meta.column_names_to_labels.get(variable) or "")
    label = f"{in_set} [{own or variable}]" if in_set else own
    words = {cell_text(code): plain(str(word)) for code, word in (meta.variable_value_labels.get(variable) or {}).items()}
    ranges = (meta.missing_ranges or {}).get(variable, ())
    return Header(name, label, words, frozenset(_codes(ranges, words)))


def _codes(ranges: Sequence[Mapping[str, Any]], words: Mapping[str, str]) -> Iterator[str]:
    """Each code that means no answer; of a wide range, its ends and the labelled codes within."""
    for r in ranges:
        low, high = r["lo"], r["hi"]
        yield from {cell_text(low), cell_text(high)}
        if isinstance(low, str) or low == high:
            continue
        yield from (code for code in words if _within(code, low, high))
        if high - low <= MOST_CODES:
            yield from (cell_text(float(c)) for c in range(int(low), int(high) + 1) if low <= c <= high)


def _within(code: str, low: float, high: float) -> bool:
    try:
        return low <= float(code) <= high
    except ValueError:
        return False


def batches(path: Path, format_: str, encoding: str | None, names: Sequence[str], batch_rows: int) -> Iterator[Batch]:
    """Typed batches. Lines are row numbers, from 1. Where the file breaks off, what could be read comes first, then a fault."""
    step, start = max(1, min(batch_rows, MOST_CELLS // max(1, len(names)))), 0
    while True:
        try:
            data, _ = chunk(path, format_, encoding, start, step)
        except Unreadable as broken:
            if start == 0:
                raise
            yield Batch(pa.table([pa.array([], pa.string()) for _ in names], names=list(names)), [], (Fault(start + 1, "corrupt", broken.what, ""),))
            return
        arrays = [_array(list(values)) for values in data.values()]
        n = len(arrays[0]) if arrays else 0
        if n:
            yield Batch(pa.table(arrays, names=list(names)), range(start + 1, start + n + 1))
        if n < step:
            return
        start += n


def _array(values: list[Any]) -> pa.Array:
    """int64 where all numbers are whole, then float64, date32, timestamp[us], text; null where there is no value."""
    clean = [None if v is None or v == "" or v != v else v for v in values]
    kinds = {type(v) for v in clean if v is not None}
    if kinds <= {float, int}:
        whole = all(v is None or (float(v).is_integer() and abs(v) < 1 << 53) for v in clean)
        return pa.array([None if v is None else int(v) for v in clean], pa.int64()) if whole else pa.array(clean, pa.float64())
    if kinds == {date}:
        return pa.array(clean, pa.date32())
    if kinds == {datetime}:
        return pa.array(clean, pa.timestamp("us"))
    return pa.array([v if isinstance(v, str) or v is None else v.isoformat() if isinstance(v, time | date) else str(v) for v in clean], pa.string())
