"""Delimited rows → batches, block by block: a plain block is read at once by Arrow, others row by row, so that a broken line costs itself only."""

import csv
import io
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import TextIO

import pyarrow as pa
from pyarrow import csv as arrow_csv

from gensvar.collect.batches import MOST_CELLS, MOST_CHARACTERS, batch_of, in_batches
from gensvar.collect.delimited import SAMPLE, escapes
from gensvar.collect.encoding import open_text, readable
from gensvar.contracts.rows import Batch, Fault

LONGEST_SPAN, BLOCK = 100_000, 1 << 21
UNPAIRED = "A quotation that begins in this line never ends, or ends within a cell."


class RunawayError(Exception):
    """A quotation that has gone on for so long that its end must be missing."""


@dataclass(slots=True)
class Feed:
    """A block's lines and what comes after them in the file, should its last row need it; the lines of a broken row come back to be read anew.

    left: how many lines the block still has; held: the lines of the row being read.
    """

    stream: Iterator[str]
    left: int
    held: list[str] = field(default_factory=list)
    again: deque[str] = field(default_factory=deque)
    ended: bool = False

    def lines(self) -> Iterator[str]:
        held, again = self.held, self.again
        while not self.ended:
            while again:
                held.append(again.popleft())
                yield held[-1]
            for line in self.stream:
                held.append(line)
                self.left -= 1
                yield line
                if again:
                    break
                if len(held) > LONGEST_SPAN:
                    raise RunawayError
            else:
                self.ended = not again

    def put_back(self) -> str:
        """All lines of the row but the first come again; returns the first."""
        first, *rest = self.held
        self.again.extendleft(reversed(rest))
        self.held[:] = [first]
        self.ended = False
        return first

    def done(self) -> bool:
        """Whether the block has been read, between two rows."""
        return self.left <= 0 and not self.again


@dataclass(frozen=True, slots=True)
class Shape:
    """How the file's rows are written."""

    names: Sequence[str]
    delimiter: str
    escape: str | None


def read_delimited(
    path: Path, encoding: str, delimiter: str, names: Sequence[str], after: int, batch_rows: int, block: int = BLOCK
) -> Iterator[Batch]:
    """Batches of text columns. after: the last line of the header; block: how many characters are looked at together."""
    with open_text(path, encoding) as file:
        shape = Shape(names, delimiter, escapes(file.read(SAMPLE)))
    with open_text(path, encoding) as file:
        for _ in range(after):
            file.readline()
        most = max(1, min(batch_rows, MOST_CELLS // max(1, len(names))))
        yield from in_batches(_blocks(file, shape, after + 1, block), most)


def _blocks(file: TextIO, shape: Shape, line: int, block: int) -> Iterator[Batch]:
    """What each block of lines says; a row that goes on beyond its block belongs to it. line: the first one's number."""
    while text := file.read(block):
        text += file.readline()
        rows = _plain(text, shape)
        if rows is not None:
            yield Batch(rows, range(line, line + rows.num_rows))
            line += rows.num_rows
            continue
        lines = list(io.StringIO(text, newline=""))
        feed = Feed(chain(lines, iter(file.readline, "")), len(lines))
        yield from _gathered(_rows(feed, shape, line), shape)
        line += len(lines) - feed.left


def _plain(text: str, shape: Shape) -> pa.Table | None:
    """The rows of a block in which every line is one row of the right width, without quotes; None where it is not so plain."""
    text = text.replace("\r\n", "\n")
    if (
        not shape.delimiter.isascii()
        or text.startswith(("\n", "\ufeff"))
        or any(odd in text for odd in ('"', "\0", "\r", "\n\n", shape.escape or '"'))
    ):
        return None
    try:
        data = text.encode("utf-8")
        return arrow_csv.read_csv(pa.BufferReader(data), _whole(data, shape), _unquoted(shape), _as_written(shape)).rename_columns(list(shape.names))
    except (UnicodeEncodeError, pa.ArrowInvalid):
        return None


def _whole(data: bytes, shape: Shape) -> arrow_csv.ReadOptions:
    return arrow_csv.ReadOptions(use_threads=False, block_size=len(data) + 1, column_names=_numbers(shape))


def _unquoted(shape: Shape) -> arrow_csv.ParseOptions:
    return arrow_csv.ParseOptions(delimiter=shape.delimiter, quote_char=False, double_quote=False, ignore_empty_lines=False)


def _as_written(shape: Shape) -> arrow_csv.ConvertOptions:
    return arrow_csv.ConvertOptions(check_utf8=False, column_types=dict.fromkeys(_numbers(shape), pa.string()), strings_can_be_null=False)


def _numbers(shape: Shape) -> list[str]:
    return [str(i) for i in range(len(shape.names))]


def _gathered(found: Iterable[tuple[int, list[str], int] | Fault], shape: Shape) -> Iterator[Batch]:
    """Rows read one by one, as batches of no more cells and characters than memory should hold as text."""
    rows, lines, faults, size = [], [], [], 0
    for got in found:
        if isinstance(got, Fault):
            faults.append(got)
            continue
        line, row, length = got
        rows.append(row)
        lines.append(line)
        size += length
        if size > MOST_CHARACTERS:
            yield batch_of(shape.names, rows, lines, faults)
            rows, lines, faults, size = [], [], [], 0
    if rows or faults:
        yield batch_of(shape.names, rows, lines, faults)


def _rows(feed: Feed, shape: Shape, line: int) -> Iterator[tuple[int, list[str], int] | Fault]:
    """Each good row with its first line and length in characters; a fault for each broken one."""
    held, width = feed.held, len(shape.names)
    while not (feed.done() or (feed.ended and not feed.again)):
        reader = csv.reader(feed.lines(), delimiter=shape.delimiter, escapechar=shape.escape, strict=True)
        try:
            for row in reader:
                if len(row) == width and not feed.ended:
                    yield line, row, len(held[0]) if len(held) == 1 else sum(map(len, held))
                elif row and (fitted := _judge(feed, row, width, line)):
                    yield fitted
                line += len(held)
                held.clear()
                if feed.done():
                    return
        except (csv.Error, RunawayError):
            yield Fault(line, "broken_quote", UNPAIRED, readable(feed.put_back()))
            line += 1
            held.clear()


def _judge(feed: Feed, row: list[str], width: int, line: int) -> tuple[int, list[str], int] | Fault | None:
    """What to make of a row that is not plainly good: None for a blank line, the row where only blank cells are over, else a fault."""
    text = "".join(feed.held)
    if not any(row):
        return None
    if len(row) >= width and not any(row[width:]):
        return line, row[:width], len(text)
    if len(feed.held) > 1:
        return Fault(line, "broken_quote", f"The row has {len(row)} cells, not {width}, over several lines.", readable(feed.put_back()))
    reason, few = ("too_few_cells", "fewer") if len(row) < width else ("too_many_cells", "more")
    return Fault(line, reason, f"The row has {len(row)} cells, {few} than the {width} of the header.", readable(text.rstrip("\r\n")))
