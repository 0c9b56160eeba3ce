"""A batch of raw rows as clean columns of text: no control characters, no blanks at the ends, an empty cell is null."""

import json
from collections.abc import Callable, Mapping
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

CONTROLS = r"[\x00-\x08\x0B\x0C\x0E-\x1F\x7F\x{80}-\x{9F}\x{FEFF}\x{FFFE}\x{FFFF}]"
LOST = "\ufffd"
Index = NDArray[np.int64]
Mask = NDArray[np.bool_]


def clean(text: pa.Array) -> pa.Array:
    """The text without control characters (line ends and tabs stay) and without blanks at its ends; null where nothing is left."""
    if pc.any(pc.match_substring_regex(text, CONTROLS)).as_py():
        text = pc.replace_substring_regex(text, CONTROLS, "")
    trimmed = pc.utf8_trim_whitespace(text)
    blank = pc.equal(trimmed, "")
    return pc.if_else(blank, pa.scalar(None, pa.string()), trimmed) if pc.any(blank).as_py() else trimmed


def each_value(text: pa.Array, read: Callable[[str], object], kind: pa.DataType) -> pa.Array:
    """What `read` says of each text, asked once for each different text; null stays null."""
    coded = text.dictionary_encode()
    read_once = pa.array([read(v) for v in coded.dictionary.to_pylist()], type=kind)
    return read_once.take(coded.indices)


def as_text(column: pa.Array) -> pa.Array:
    """Any Arrow column as text: whole numbers without a fraction, times as ISO 8601, nested values as JSON, broken bytes marked."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return as_text(column.dictionary_decode())
    if pa.types.is_null(kind):
        return pa.nulls(len(column), pa.string())
    if pa.types.is_floating(kind):
        return _float_text(column)
    if pa.types.is_nested(kind):
        return pa.array([None if v is None else _json(v) for v in column.to_pylist()], type=pa.string())
    if any(is_bytes(kind) for is_bytes in BYTES):
        return _valid(column)
    return column.cast(pa.string())


BYTES = (pa.types.is_binary, pa.types.is_large_binary, pa.types.is_fixed_size_binary, pa.types.is_string, pa.types.is_large_string)


def _valid(column: pa.Array) -> pa.Array:
    try:
        text = column.cast(pa.string())
        text.validate(full=True)
    except pa.ArrowInvalid:
        return pa.array([None if v is None else v.decode("utf-8", "replace") for v in column.cast(pa.binary()).to_pylist()], pa.string())
    return text


def _float_text(column: pa.Array) -> pa.Array:
    wide = column.cast(pa.float64())
    text = pc.if_else(pc.is_nan(wide), pa.scalar(None, pa.float64()), wide).cast(pa.string())
    return pc.replace_substring_regex(text, r"^(-?\d+)\.0$", r"\1")


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str, sort_keys=True)


class Sheet:
    """The rows of a batch, column by column, each made into clean text when first asked for. A column that is not there is all null."""

    def __init__(self, rows: pa.Table, kept: Index | None = None) -> None:
        self.rows = rows
        self.kept = kept
        self._texts: dict[str, pa.Array] = {}

    def __len__(self) -> int:
        return self.rows.num_rows if self.kept is None else len(self.kept)

    @cached_property
    def _places(self) -> dict[str, int]:
        """Where each column stands; of two with one name, the first."""
        names = self.rows.column_names
        return dict(zip(reversed(names), reversed(range(len(names))), strict=True))

    @cached_property
    def names(self) -> frozenset[str]:
        return frozenset(self._places)

    def raw(self, name: str) -> pa.Array:
        """The column as it came, in one piece."""
        if name not in self.names:
            return pa.nulls(len(self), pa.string())
        column = self.rows.column(self._places[name]).combine_chunks()
        column = pa.concat_arrays(column.chunks) if isinstance(column, pa.ChunkedArray) else column
        return column if self.kept is None else column.take(pa.array(self.kept))

    def text(self, name: str) -> pa.Array:
        """The column as clean text."""
        if name not in self._texts:
            self._texts[name] = clean(as_text(self.raw(name)))
        return self._texts[name]

    def take(self, kept: Index) -> "Sheet":
        """The same sheet with these rows only."""
        if len(kept) == len(self):
            return self
        smaller = Sheet(self.rows, kept if self.kept is None else self.kept[kept])
        smaller._texts = {name: text.take(pa.array(kept)) for name, text in self._texts.items()}
        return smaller

    def content(self) -> list[str]:
        """Each row as one text of its filled cells by column name: equal rows are equal, whatever the order of columns and the empty ones."""
        parts = []
        for name in sorted(self.names):
            text = self.text(name)
            cell = pc.binary_join_element_wise(pa.scalar(name), text, "\x1e")
            parts.append(pc.fill_null(cell, ""))
        joined = pc.binary_join_element_wise(*parts, "\x1f") if parts else pa.array([""] * len(self))
        whole: list[str] = pc.cast(joined, pa.string()).to_pylist()
        return whole


def translated(text: pa.Array, words: Mapping[str, str], other: str | None = None) -> pa.Array:
    """Each text put into the agreed word, whatever its case; a text not listed becomes `other`, or stays itself where there is none."""
    folded = {w.strip().casefold(): agreed for w, agreed in words.items()}
    return each_value(text, lambda t: folded.get(t.casefold(), t if other is None else other), pa.string())


def filled(text: pa.Array) -> Mask:
    """Where there is something."""
    mask: Mask = text.is_valid().to_numpy(zero_copy_only=False)
    return mask
