"""The two doors to a file: `look` finds out how to read it; `read` reads it in batches, whatever it is."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from gensvar.collect import excel, json_files, parquet
from gensvar.collect.batches import skipping
from gensvar.collect.delimited import find_delimiter, head
from gensvar.collect.delimited_rows import read_delimited
from gensvar.collect.dialects import DIALECTS, Top, find_top
from gensvar.collect.encoding import find_encoding, open_text
from gensvar.collect.found import Found
from gensvar.collect.kinds import FORMATS, TEXT_FORMATS, find_format, must_be_file
from gensvar.contracts.contract import Reading
from gensvar.contracts.rows import Batch, Fault, Header
from gensvar.kit.errors import Unreadable, nearest

TOP_ROWS, SAMPLED_ITEMS = 400, 1_000
ROWS = 50_000  # under a second of work: signals that come meanwhile wait for no more, and an import stops as soon
TWINS = {"tsv": "csv", "txt": "csv", "ndjson": "jsonl", "excel": "xlsx", "spss": "sav", "xlsm": "xlsx"}
BOOKS = frozenset({"xlsx", "xls", "ods", "xlsb"})
SPSS = frozenset({"sav", "zsav", "por"})


def look(path: Path, reading: Reading | None = None) -> Found:
    """How the file is read, with what `reading` leaves out found out; its columns; about how many rows it has.

    NotFound, Unreadable or TooLarge where it cannot be read at all.
    """
    return _opened(Path(path), reading or Reading())[0]


def read(path: Path, reading: Reading, batch_rows: int | None = None, skip: int = 0) -> Iterator[Batch]:
    """Batches of raw rows, at most batch_rows each (fewer where rows are wide or long), memory bounded for all but workbooks.

    Without batch_rows 50,000 each.

    Text formats give text columns; Parquet, workbooks and SPSS typed ones. lines: 1-based, in the file. What is no row is a fault.
    skip: good rows, counted as `Batch.rows` counts them, that were read before; faults among them are not told again.
    """
    found, batches = _opened(Path(path), reading, None if batch_rows is None else max(1, batch_rows))
    del found
    return skipping(batches, skip)


def _opened(path: Path, given: Reading, batch_rows: int | None = None) -> tuple[Found, Iterable[Batch]]:
    must_be_file(path)
    _check(given)
    named = TWINS.get(given.format or "", given.format)
    seen = find_format(path)
    format_ = named if named in TEXT_FORMATS and seen in TEXT_FORMATS else seen
    reading = replace(given, format=format_)
    if format_ == "csv":
        return _delimited(path, reading, batch_rows)
    rows = batch_rows or ROWS
    if format_ in BOOKS:
        return _book(path, reading, rows)
    if format_ in SPSS:
        return _spss(path, reading, rows)
    return _parquet(path, reading, rows) if format_ == "parquet" else _json(path, reading, rows)


def _check(given: Reading) -> None:
    if given.dialect not in DIALECTS:
        raise Unreadable(f"No dialect {given.dialect!r}", nearest=nearest(given.dialect, DIALECTS), do=f"One of {', '.join(DIALECTS)}.")
    if given.format and given.format not in FORMATS and given.format not in TWINS:
        raise Unreadable(f"No format {given.format!r}", nearest=nearest(given.format, FORMATS), do=f"One of {', '.join(sorted(FORMATS))}.")
    if given.encoding:
        try:
            "".encode(given.encoding)
        except LookupError:
            raise Unreadable(f"No encoding {given.encoding!r}", do="For example utf-8, utf-16 or cp1252.") from None


def _top(rows: Any, reading: Reading) -> Top:
    settled = reading.dialect if reading.dialect != "plain" or reading.header_rows is not None else None
    return find_top(rows, settled, reading.header_rows)


def _delimited(path: Path, reading: Reading, batch_rows: int | None) -> tuple[Found, Iterable[Batch]]:
    encoding = find_encoding(path, reading.encoding)
    if reading.delimiter is None:
        with open_text(path, encoding) as file:
            sample = file.read(1 << 16)
        reading = replace(reading, delimiter=find_delimiter(sample))
    delimiter = str(reading.delimiter)
    if len(delimiter) != 1 or delimiter in '"\r\n':
        raise Unreadable(f"{delimiter!r} cannot be a delimiter", do="Give one character, such as , or ; or a tab.")
    rows, lines, size = head(path, encoding, delimiter, TOP_ROWS)
    if not rows:
        raise Unreadable(f"{path} has no rows", do="Export it again; nothing but blank lines was sent.")
    top = _top(rows, reading)
    after = lines[top.rows - 1][1] if top.rows else lines[0][0] - 1
    told = replace(reading, encoding=encoding, dialect=top.dialect, header_rows=top.rows)
    names = [h.name for h in top.headers]
    estimate = round(path.stat().st_size / size) if size else len(rows) - top.rows
    batches = read_delimited(path, encoding, delimiter, names, after, batch_rows or ROWS)
    return Found(told, top.headers, max(0, estimate)), batches


def _book(path: Path, reading: Reading, batch_rows: int) -> tuple[Found, Iterable[Batch]]:
    sheet, rows, first = excel.rows_of(path, reading.sheet)
    kept = next((i for i, r in enumerate(rows) if any(c not in ("", None) for c in r)), len(rows))
    rows, first = rows[kept:], first + kept
    if not rows:
        raise Unreadable(f"{path} is empty, sheet {sheet!r}", do="Name another sheet in the contract, under reading.")
    top = _top([[excel.cell_text(c) for c in r] for r in rows[:TOP_ROWS]], reading)
    told = replace(reading, sheet=sheet, dialect=top.dialect, header_rows=top.rows)
    below = excel.batches([h.name for h in top.headers], rows[top.rows :], first + top.rows, batch_rows)
    return Found(told, top.headers, max(0, len(rows) - top.rows)), below


def _spss(path: Path, reading: Reading, batch_rows: int) -> tuple[Found, Iterable[Batch]]:
    format_ = str(reading.format)
    from gensvar.collect import spss

    _, meta = spss.chunk(path, format_, reading.encoding, 0, 0, only_headers=True)
    headers = spss.headers_of(meta)
    rows = meta.number_rows if isinstance(meta.number_rows, int) and meta.number_rows >= 0 else None
    told = replace(reading, header_rows=0, encoding=reading.encoding)
    return Found(told, headers, rows), spss.batches(path, format_, reading.encoding, [h.name for h in headers], batch_rows)


def _parquet(path: Path, reading: Reading, batch_rows: int) -> tuple[Found, Iterable[Batch]]:
    with parquet.open_parquet(path) as file:
        names, n = parquet.names_of(file), file.metadata.num_rows
    return Found(replace(reading, header_rows=0), tuple(Header(name) for name in names), n), parquet.batches(path, batch_rows)


def _json(path: Path, reading: Reading, batch_rows: int) -> tuple[Found, Iterable[Batch]]:
    encoding, format_ = find_encoding(path, reading.encoding), str(reading.format)
    sample = list(islice(json_files.items_of(path, format_, encoding), SAMPLED_ITEMS))
    names, size = _json_names(sample)
    if sample and not names and all(isinstance(i, Fault) for i in sample):
        raise Unreadable(f"{path} has no JSON object in its first {len(sample)} items", do="Send an array of objects, or one object in each line.")
    estimate = len(sample) if len(sample) < SAMPLED_ITEMS else round(path.stat().st_size / max(1.0, size))
    told = replace(reading, encoding=encoding, header_rows=0)
    items = json_files.items_of(path, format_, encoding)
    return Found(told, tuple(Header(n) for n in names), estimate), json_files.batches(items, names, batch_rows)


def _json_names(sample: list[json_files.Item | Fault]) -> tuple[list[str], float]:
    """The columns of the sample, as they turn up, and how many characters an item takes."""
    names: dict[str, None] = {}
    sizes = []
    for item in sample:
        if not isinstance(item, Fault):
            row = json_files.flat_or_fault(item[1], item[0])
            names.update(dict.fromkeys(row if isinstance(row, dict) else ()))
            sizes.append(item[2])
    return list(names), sum(sizes) / max(1, len(sizes))
