"""JSON (an array of objects, or an object that holds one) and JSON Lines, as a stream. What cannot be read is a fault with its line."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import pyarrow as pa

from gensvar.collect.batches import MOST_CELLS, MOST_CHARACTERS
from gensvar.collect.encoding import LONE, open_text, readable
from gensvar.contracts.rows import Batch, Fault
from gensvar.kit.errors import TooLarge, Unreadable

DEEPEST, CHUNK, LONGEST_OBJECT = 6, 1 << 20, 1 << 27
SPACE = " \t\r\n\ufeff"
Item = tuple[int, dict[str, Any], int]
DECODER = json.JSONDecoder()


def flat(item: dict[str, Any]) -> dict[str, str | None]:
    """Nested objects as dotted columns down to six levels; lists, and what is deeper, as JSON text. Values as text, null as null.

    >>> flat({"a": {"b": 1}, "c": [1, 2], "d": None})
    {'a.b': '1', 'c': '[1, 2]', 'd': None}
    """
    out: dict[str, str | None] = {}
    _spread("", item, out, DEEPEST)
    return out


def _spread(before: str, item: dict[str, Any], out: dict[str, str | None], depth: int) -> None:
    for key, value in item.items():
        if isinstance(value, dict) and value and depth > 1:
            _spread(f"{before}{key}.", value, out, depth - 1)
        else:
            out[before + key] = _text(value)


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False) if not isinstance(value, float) else repr(value)


def json_items(path: Path, encoding: str) -> Iterator[Item | Fault]:
    """Each object with its line and length; a fault for each thing that is none."""
    with open_text(path, encoding) as file:
        start = file.read(CHUNK).lstrip(SPACE)[:1]
    with open_text(path, encoding) as file:
        yield from _array(file) if start == "[" else _held(path, file)


def _held(path: Path, file: TextIO) -> Iterator[Item | Fault]:
    """The objects of the one array that an object holds."""
    text = file.read(LONGEST_OBJECT + 1)
    if len(text) > LONGEST_OBJECT:
        raise TooLarge(f"{path} is one JSON object of more than 128 MiB", do="Export a JSON array or JSON Lines.")
    try:
        whole = json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError) as broken:
        raise Unreadable(f"{path} is not whole JSON: {broken}", do="It was perhaps cut short; export it again.") from broken
    arrays = {k: v for k, v in whole.items() if isinstance(v, list) and any(isinstance(i, dict) for i in v)}
    if len(arrays) > 1:
        raise Unreadable(f"{path} holds several lists: {', '.join(arrays)}", do="Export the one that is meant as an array of its own.")
    if not arrays:
        yield from [] if any(v == [] for v in whole.values()) else [(1, whole, len(text))]
        return
    for item in next(iter(arrays.values())):
        yield _judged(item, 1, str(item)[:10_000])


@dataclass(slots=True)
class Window:
    """The part of a long text that is being read. at: where in the buffer; line: of the file; more: whether the file goes on."""

    file: TextIO
    buffer: str = ""
    at: int = 0
    line: int = 1
    more: bool = True

    def fill(self) -> None:
        chunk = self.file.read(max(CHUNK, len(self.buffer) - self.at))
        self.buffer, self.at, self.more = self.buffer[self.at :] + chunk, 0, bool(chunk)

    def pass_over(self, characters: str) -> str:
        """Goes past any of the characters; the one that stands after them, or '' at the end."""
        while True:
            while self.at < len(self.buffer) and self.buffer[self.at] in characters:
                self.line += self.buffer[self.at] == "\n"
                self.at += 1
            if self.at < len(self.buffer) or not self.more:
                return self.buffer[self.at : self.at + 1]
            self.fill()

    def value(self) -> tuple[object, str]:
        """The next JSON value and its text; ValueError where there is none, RecursionError where it is too deep."""
        while True:
            try:
                value, end = DECODER.raw_decode(self.buffer, self.at)
                if end < len(self.buffer) or not self.more:
                    text = self.buffer[self.at : end]
                    self.at, self.line = end, self.line + text.count("\n")
                    return value, text
            except ValueError:
                if not self.more or len(self.buffer) - self.at > LONGEST_OBJECT:
                    raise
            self.fill()


def _array(file: TextIO) -> Iterator[Item | Fault]:
    """The objects of an array that may be larger than memory."""
    window = Window(file)
    window.pass_over(SPACE)
    window.at += 1
    while (mark := window.pass_over(SPACE + ",")) != "]":
        line = window.line
        try:
            value, text = window.value()
        except (ValueError, RecursionError) as broken:
            why = "is nested too deep" if isinstance(broken, RecursionError) else "breaks off here, or is not JSON" if mark else "breaks off here"
            rest = readable(window.buffer[window.at : window.at + 10_000])
            yield Fault(line, "broken_json", f"The JSON {why}; what follows is not read.", rest)
            return
        yield _judged(value, line, text)


def json_lines(path: Path, encoding: str) -> Iterator[Item | Fault]:
    """One object in each line; a bad line is a fault, and the next is read."""
    with open_text(path, encoding) as file:
        for line, text in enumerate(file, start=1):
            if not text.strip(SPACE):
                continue
            try:
                value = json.loads(text.strip(SPACE))
            except RecursionError:
                yield Fault(line, "broken_json", "The line is nested too deep.", readable(text))
            except ValueError as broken:
                yield Fault(line, "broken_json", f"The line is not JSON: {broken}.", readable(text.rstrip()))
            else:
                yield _judged(value, line, text)


def _judged(value: object, line: int, text: str) -> Item | Fault:
    if not isinstance(value, dict):
        return Fault(line, "not_an_object", "This is no JSON object, so it has no columns.", readable(text))
    return Fault(line, "bad_encoding", "The object has bytes that are not text.", readable(text)) if LONE.search(text) else (line, value, len(text))


def items_of(path: Path, format_: str, encoding: str) -> Iterator[Item | Fault]:
    return json_lines(path, encoding) if format_ == "jsonl" else json_items(path, encoding)


def batches(items: Iterator[Item | Fault], names: Sequence[str], batch_rows: int) -> Iterator[Batch]:
    """Batches of text columns: the known ones first, then those that turn up later, in the batches that have them."""
    rows: list[dict[str, str | None]] = []
    lines: list[int] = []
    faults: list[Fault] = []
    size = cells = 0
    for item in items:
        if isinstance(item, Fault):
            faults.append(item)
            continue
        line, value, length = item
        row = flat_or_fault(value, line)
        if isinstance(row, Fault):
            faults.append(row)
            continue
        rows.append(row)
        lines.append(line)
        size, cells = size + length, cells + max(len(row), len(names))
        if len(rows) >= batch_rows or size > MOST_CHARACTERS or cells > MOST_CELLS:
            yield _batch(rows, lines, faults, names)
            rows, lines, faults, size, cells = [], [], [], 0, 0
    if rows or faults:
        yield _batch(rows, lines, faults, names)


def flat_or_fault(value: dict[str, Any], line: int) -> dict[str, str | None] | Fault:
    try:
        row = flat(value)
        "".join(v for v in (*row, *row.values()) if v).encode("utf-8")
    except (RecursionError, ValueError) as broken:
        odd = isinstance(broken, UnicodeEncodeError)
        reason = "bad_encoding" if odd else "broken_json"
        return Fault(
            line, reason, "The object has half a character." if odd else f"The object cannot be read: {broken}.", readable(repr(list(value)))
        )
    if any(v and "\0" in v for v in row.values()):
        return Fault(line, "null_byte", "The object has a null byte.", readable(json.dumps(value)))
    return row


def _batch(rows: list[dict[str, str | None]], lines: list[int], faults: list[Fault], names: Sequence[str]) -> Batch:
    columns = list(dict.fromkeys((*names, *(k for r in rows for k in r))))
    arrays = [pa.array([r.get(c) for r in rows], pa.string()) for c in columns]
    return Batch(pa.table(arrays, names=columns), lines, tuple(faults))
