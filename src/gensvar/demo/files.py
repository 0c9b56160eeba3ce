"""The files that the company's systems export, in the dialects that such systems speak; the same rows give the same bytes."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

CREATED = datetime(2026, 11, 1)  # noqa: DTZ001 (a workbook's own date has no zone)
Columns = Mapping[str, Sequence[Any]]


def rows_of(columns: Columns) -> Iterable[tuple[Any, ...]]:
    """The rows of aligned columns."""
    return zip(*columns.values(), strict=True)


def save_csv(
    path: Path, columns: Columns, delimiter: str = ",", encoding: str = "utf-8", above: Sequence[Sequence[str]] = (), newline: str = "\r\n"
) -> Path:
    """A delimited file. above: further header rows under the names."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=newline)
    writer.writerow(columns)
    writer.writerows(above)
    writer.writerows(rows_of(columns))
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def _objects(columns: Columns) -> Iterable[dict[str, Any]]:
    return (dict(zip(columns, row, strict=True)) for row in rows_of(columns))


def save_json_lines(path: Path, columns: Columns) -> Path:
    """One object a line."""
    dump = json.JSONEncoder(ensure_ascii=False).encode
    path.write_bytes("".join(f"{dump(o)}\n" for o in _objects(columns)).encode())
    return path


def save_json(path: Path, columns: Columns) -> Path:
    """One array of objects."""
    path.write_bytes(json.dumps(list(_objects(columns)), ensure_ascii=False, indent=1).encode())
    return path


def save_excel(path: Path, columns: Columns, sheet: str, dates: frozenset[str]) -> Path:
    """A workbook with one sheet; columns named in dates hold datetimes."""
    with xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"created": CREATED})
        page, when = book.add_worksheet(sheet), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        page.write_row(0, 0, list(columns))
        styles = [when if name in dates else None for name in columns]
        for line, row in enumerate(rows_of(columns), start=1):
            for column, value in enumerate(row):
                page.write(line, column, value, styles[column])
    return path


def save_parquet(path: Path, table: pa.Table) -> Path:
    """A Parquet file."""
    pq.write_table(table, path, compression="zstd", row_group_size=100_000)
    return path
