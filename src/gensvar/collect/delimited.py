"""CSV and its kin: which delimiter and quoting a file has, and its first rows."""

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from gensvar.collect.encoding import open_text

COMMON, RARE = ",;\t|", "^~:\x1f\x1e§¦"
LONGEST_CELL, SAMPLE = 1 << 27, 1 << 22
DECLARED = re.compile(r"\s*\"?sep=(.)\"?\s*", re.IGNORECASE | re.DOTALL)
ESCAPED = re.compile(r'\\"(?!\s*([,;\t|]|[\r\n]|$))')
csv.field_size_limit(LONGEST_CELL)


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
