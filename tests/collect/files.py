"""Small files of every kind, written as bytes where they are needed."""

import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from gensvar.collect import look, read
from gensvar.contracts.contract import Reading
from gensvar.contracts.rows import Batch, Fault


def put(folder: Path, name: str, content: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def taken(path: Path, reading: Reading | None = None, **how: Any) -> list[Batch]:
    return list(read(path, look(path, reading).reading, **how))


def rows_in(batches: Iterable[Batch]) -> list[dict[str, Any]]:
    return [row for b in batches for row in b.rows.to_pylist()]


def lines_in(batches: Iterable[Batch]) -> list[int]:
    return [line for b in batches for line in b.lines]


def faults_in(batches: Iterable[Batch]) -> list[Fault]:
    return [fault for b in batches for fault in b.faults]


def workbook(folder: Path, sheets: dict[str, Sequence[Sequence[Any]]], name: str = "book.xlsx") -> Path:
    path = folder / name
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd hh:mm"})
    for title, rows in sheets.items():
        sheet = book.add_worksheet(title)
        for r, row in enumerate(rows):
            for c, cell in enumerate(row):
                if cell is not None:
                    sheet.write(r, c, cell)
    book.close()
    return path


def zipped(folder: Path, name: str, members: dict[str, bytes]) -> Path:
    path = folder / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in members.items():
            archive.writestr(member, content)
    return path


def csv_of(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    def cell(value: object) -> str:
        text = str(value)
        return '"' + text.replace('"', '""') + '"' if any(c in text for c in ',"\r\n') else text

    return "\n".join(",".join(cell(c) for c in row) for row in [header, *rows]) + "\n"
