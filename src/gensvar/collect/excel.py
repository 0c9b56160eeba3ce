"""Excel and OpenDocument workbooks, by calamine; a workbook that would unpack into far more than it is, is refused before it is opened."""

import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import python_calamine as calamine

from gensvar.collect.batches import MOST_CELLS
from gensvar.contracts.rows import Batch
from gensvar.kit.errors import NotFound, TooLarge, Unreadable, nearest

MOST_BYTES, MOST_RATIO, SMALL = 4 << 30, 250, 64 << 20
MOST_PARTS = 10_000
MOST_SHEET_CELLS = 60_000_000
CELL = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
BLANK_ROW = rb"(?:<table:table-cell[^>]*/>)*</table:table-row>"
REPEATED = re.compile(rb'number-rows-repeated="\d{6,}"[^>]*(?<!/)>(?!' + BLANK_ROW + rb')|number-columns-repeated="\d{6,}"[^>]*(?<!/)>')
BROKEN = (calamine.CalamineError, calamine.ZipError, calamine.XmlError, OSError, ValueError)
Row = list[Any]


def check_archive(path: Path) -> None:
    """TooLarge for a zip bomb, too many parts, or a sheet whose farthest cells span more than 60 million; Unreadable for a broken archive."""
    if not zipfile.is_zipfile(path):
        return
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            if len(members) > MOST_PARTS:
                raise _bomb(path, f"it has {len(members)} parts")
            for m in members:
                if m.file_size > SMALL and m.file_size > MOST_RATIO * max(1, m.compress_size):
                    raise _bomb(path, f"{m.filename} unpacks to {m.file_size >> 20} MiB, {m.file_size // max(1, m.compress_size)} times its size")
            if (whole := sum(m.file_size for m in members)) > MOST_BYTES:
                raise _bomb(path, f"it unpacks to {whole >> 20} MiB")
            for m in members:
                _check_member(path, archive, m)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError, zlib.error) as broken:
        raise Unreadable(f"{path} is a broken workbook: {broken}", do="Open it in Excel and save it again, or export CSV.") from broken


def _bomb(path: Path, why: str) -> TooLarge:
    return TooLarge(f"{path} is not opened: {why}", do="If it is honest, export it as CSV.")


def _check_member(path: Path, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    sheet = re.fullmatch(r"xl/worksheets/[^/]+\.xml", member.filename)
    if not sheet and member.filename != "content.xml":
        return
    columns: set[bytes] = set()
    rows, tail = 0, b""
    with archive.open(member) as stream:
        while chunk := stream.read(1 << 20):
            text = tail + chunk
            if sheet:
                found = CELL.findall(text)
                columns.update(c for c, _ in found)
                rows = max((rows, *(int(r) for _, r in found)))
            elif REPEATED.search(text):
                raise _bomb(path, "it repeats a filled cell a hundred thousand times")
            tail = text[-400:]
    width = max((_column(c) for c in columns), default=0)
    if width * rows > MOST_SHEET_CELLS:
        raise _bomb(path, f"{member.filename} spans {rows} rows × {width} columns")


def _column(letters: bytes) -> int:
    n = 0
    for letter in letters:
        n = n * 26 + letter - 64
    return n


def rows_of(path: Path, sheet: str | None) -> tuple[str, list[Row], int]:
    """The sheet read (the named one, else the one with most rows, the first of equals), its rows, and the row number of the first."""
    check_archive(path)
    try:
        with calamine.CalamineWorkbook.from_path(str(path)) as book:
            names = [m.name for m in book.sheets_metadata if m.typ == calamine.SheetTypeEnum.WorkSheet] or book.sheet_names
            if sheet is not None and sheet not in names:
                raise NotFound(f"No sheet {sheet!r}", where=f"in {path}", nearest=nearest(sheet, names), do=f"It has: {', '.join(names)}.")
            sheets = [book.get_sheet_by_name(n) for n in ([sheet] if sheet else names)]
            best = max(sheets, key=lambda s: (s.height * (s.width > 1), s.height))
            return best.name, best.to_python(skip_empty_area=True), (best.start or (0, 0))[0] + 1
    except calamine.PasswordError as locked:
        raise Unreadable(f"{path} is protected by a password", do="Save a copy without one.") from locked
    except BROKEN as broken:
        raise Unreadable(f"{path} is a broken workbook: {broken}", do="Open it in Excel and save it again, or export CSV.") from broken


def cell_text(cell: Any) -> str:
    """The cell as text: whole numbers without a decimal point, dates in ISO form.

    >>> cell_text(3.0), cell_text(True)
    ('3', 'true')
    """
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    return cell.isoformat() if isinstance(cell, date | time) else "" if cell is None else str(cell)


def batches(names: Sequence[str], rows: list[Row], first: int, batch_rows: int) -> Iterator[Batch]:
    """Typed batches; a column takes the one type that all its cells have, else text. first: row number of the first row. Blank rows are left out."""
    width = len(names)
    kept = [(first + i, row) for i, row in enumerate(rows) if any(c not in ("", None) for c in row)]
    types = [_type(row[i] if i < len(row) else "" for _, row in kept) for i in range(width)]
    step = max(1, min(batch_rows, MOST_CELLS // max(1, width)))
    for at in range(0, len(kept), step):
        part = kept[at : at + step]
        arrays = [pa.array([_cell(r[i] if i < len(r) else "", t) for _, r in part], t) for i, t in enumerate(types)]
        yield Batch(pa.table(arrays, names=list(names)), [line for line, _ in part])


def _type(cells: Iterator[Any]) -> pa.DataType:
    kinds = {type(c) if not (isinstance(c, float) and c.is_integer() and abs(c) < 1e15) else int for c in cells if c not in ("", None)}
    if kinds == {int}:
        return pa.int64()
    if kinds and kinds <= {int, float}:
        return pa.float64()
    if kinds == {bool}:
        return pa.bool_()
    if kinds == {date}:
        return pa.date32()
    return pa.timestamp("us") if kinds and kinds <= {datetime, date} else pa.string()


def _cell(cell: Any, type_: pa.DataType) -> Any:
    if cell in ("", None):
        return None
    if pa.types.is_string(type_):
        return str(cell) if isinstance(cell, timedelta) else cell_text(cell).replace("\0", "")
    if pa.types.is_int64(type_):
        return int(cell)
    return datetime.combine(cell, time()) if pa.types.is_timestamp(type_) and type(cell) is date else cell
