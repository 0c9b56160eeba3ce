"""CSV and its kin: any delimiter, quoting and line end, read as a stream with exact line numbers. A broken line never takes its neighbours."""

import csv
import io
import re
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TextIO

from gensvar.collect.batches import MOST_CELLS, MOST_CHARACTERS, batch_of
from gensvar.collect.encoding import open_text, readable
from gensvar.contracts.rows import Batch, Fault

COMMON, RARE = ",;\t|", "^~:\x1f\x1e§¦"
LONGEST_CELL, LONGEST_SPAN, SAMPLE = 1 << 27, 100_000, 1 << 22
DECLARED = re.compile(r"\s*\"?sep=(.)\"?\s*", re.IGNORECASE | re.DOTALL)
ESCAPED = re.compile(r'\\"(?!\s*([,;\t|]|[\r\n]|$))')
UNPAIRED = "A quotation that begins in this line never ends, or ends within a cell."
csv.field_size_limit(LONGEST_CELL)


class RunawayError(Exception):
    """A quotation that has gone on for so long that its end must be missing."""


@dataclass(slots=True)
class Feed:
    """The file's lines; those of a broken row come back so that all but the first can be read anew. held: the lines of the row being read."""

    stream: TextIO
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


def find_delimiter(sample: str) -> str:
    """The delimiter that gives most lines the same number of cells, the first line's; a comma where none does."""
    if declared := DECLARED.fullmatch(sample.split("\n", 1)[0]):
        return declared[1]
    lines = list(islice(io.StringIO(sample, newline=""), 400))
    scored = [(_fit(lines, d), -i, d) for i, d in enumerate(COMMON + RARE)]
    (share, _), _, best = max(scored)
    return best if share > 0.5 else ","


def _fit(lines: Sequence[str], delimiter: str) -> tuple[float, int]:
    if not any(delimiter in line for line in lines[:3]):
        return 0.0, 0
    try:
        widths = [len(row) for row in csv.reader(lines, delimiter=delimiter) if row]
    except csv.Error:
        return 0.0, 0
    width, n = max(Counter(widths).items(), key=lambda wn: (wn[1], wn[0])) if widths else (0, 0)
    if width < 2:
        return 0.0, 0
    share = n / len(widths) * (1.0 if widths[0] == width else 0.6) * (1.0 if delimiter in COMMON else 0.8)
    return round(share, 1), width


def escapes(sample: str) -> str | None:
    """A backslash where the file writes a quotation mark inside quotes as \\\" rather than doubled."""
    return "\\" if ESCAPED.search(sample) and '""' not in sample else None


def head(path: Path, encoding: str, delimiter: str, most: int = 400) -> tuple[list[list[str]], list[tuple[int, int]], float]:
    """The first rows, ragged ones too, blank ones not; the first and last line of each; the characters that one takes (0 where these are all)."""
    with open_text(path, encoding) as file:
        sample = file.read(SAMPLE)
    lines = list(io.StringIO(sample, newline=""))
    lines = lines[:-1] or lines if len(sample) == SAMPLE else lines
    reader = csv.reader(lines, delimiter=delimiter, escapechar=escapes(sample))
    rows, at, start = [], [], 1
    try:
        for row in reader:
            if any(row) and not (start == 1 and DECLARED.fullmatch(lines[0])):
                rows.append(row)
                at.append((start, reader.line_num))
            start = reader.line_num + 1
            if len(rows) >= most:
                break
    except csv.Error:
        pass
    used = sum(map(len, lines[: start - 1]))
    return rows, at, 0.0 if used == len(sample) < SAMPLE else used / max(1, len(rows))


def read_delimited(path: Path, encoding: str, delimiter: str, names: Sequence[str], after: int, batch_rows: int) -> Iterator[Batch]:
    """Batches of text columns. after: the last line of the header."""
    with open_text(path, encoding) as file:
        escape = escapes(file.read(SAMPLE))
    with open_text(path, encoding) as file:
        for _ in range(after):
            file.readline()
        rows, lines, faults = [], [], []
        most, size = max(1, min(batch_rows, MOST_CELLS // max(1, len(names)))), 0
        for got in _rows(Feed(file), delimiter, escape, len(names), after + 1):
            if isinstance(got, Fault):
                faults.append(got)
                continue
            line, row, length = got
            rows.append(row)
            lines.append(line)
            size += length
            if len(rows) >= most or size > MOST_CHARACTERS:
                yield batch_of(names, rows, lines, faults)
                rows, lines, faults, size = [], [], [], 0
        if rows or faults:
            yield batch_of(names, rows, lines, faults)


def _rows(feed: Feed, delimiter: str, escape: str | None, width: int, line: int) -> Iterator[tuple[int, list[str], int] | Fault]:
    """Each good row with its first line and length in characters; a fault for each broken one."""
    held = feed.held
    while not feed.ended or feed.again:
        reader = csv.reader(feed.lines(), delimiter=delimiter, escapechar=escape, strict=True)
        try:
            for row in reader:
                if len(row) == width and not feed.ended:
                    yield line, row, len(held[0]) if len(held) == 1 else sum(map(len, held))
                elif row and (fitted := _judge(feed, row, width, line)):
                    yield fitted
                line += len(held)
                held.clear()
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
