"""Tables as files: CSV, XLSX and Parquet, as bytes. Text stays text: nothing in a file can be taken for a formula."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from math import isfinite
from typing import Any, NamedTuple

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from gensvar.keep import cell
from gensvar.kit.errors import TooLarge

ABOUT = b"gensvar"  # the key of a Parquet file's metadata under which we say what it is
FORM = b"form"  # the key of a column's metadata that names its number format in a workbook
ROWS_AT_ONCE = 50_000
MOST_ROWS, MOST_CHARACTERS, MOST_NAME = 1_048_575, 32_767, 31  # of one sheet of XLSX: below the header, in a cell, in a name
NO_SHEET_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
FIRST_YEAR = 1900  # a workbook counts days from here
MADE = datetime(2000, 1, 1)  # noqa: DTZ001 (a workbook's moments have no zone; a fixed one makes the same table the same bytes)
LOOKED_AT, NARROWEST, WIDEST = 100, 9, 60


class Forms(NamedTuple):
    """The number formats of one workbook."""

    head: Any
    text: Any
    day: Any
    moment: Any
    whole: Any


def as_csv(table: pa.Table, *, mark: bool = False) -> bytes:
    """UTF-8, commas, CRLF, one header line; numbers with a decimal point. Text that begins with = + - @, tab or return gets an apostrophe in front.

    A missing value is an empty cell. mark: begin with a byte order mark, without which some spreadsheets take UTF-8 for something else.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([cell(name) for name in table.column_names])
    for values in rows_of(table):
        writer.writerow([cell(value) for value in values])
    return text.getvalue().encode("utf-8-sig" if mark else "utf-8")


def rows_of(table: pa.Table) -> Iterator[tuple[Any, ...]]:
    """The rows as tuples of Python values, some thousand at a time."""
    for batch in table.to_batches(ROWS_AT_ONCE):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def as_parquet(table: pa.Table, about: Mapping[str, Any]) -> bytes:
    """The table with `about` as JSON in the metadata of its schema, under the key `gensvar`."""
    known = dict(table.schema.metadata or {})
    sink = pa.BufferOutputStream()
    pq.write_table(table.replace_schema_metadata({**known, ABOUT: msgspec.json.encode(about)}), sink, compression="zstd")
    return bytes(sink.getvalue())


def about_parquet(schema: pa.Schema) -> dict[str, Any]:
    """What `as_parquet` was told of the table; empty where it was told nothing."""
    found: dict[str, Any] = msgspec.json.decode((schema.metadata or {}).get(ABOUT, b"{}"))
    return found


def as_xlsx(sheets: Mapping[str, pa.Table]) -> bytes:
    """A workbook with a sheet for each table: header frozen, numbers as numbers, days as days, all else as text; no formulas and no links.

    Moments are in UTC. Text above 32,767 characters ends with “…”. TooLarge where a table has more rows than a sheet can hold.
    """
    import xlsxwriter

    sink = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(sink, options) as book:
        book.set_properties({"created": MADE})
        forms = _forms(book)
        names: set[str] = set()
        for name, table in sheets.items():
            if table.num_rows > MOST_ROWS:
                raise TooLarge(f"{table.num_rows:,} rows are more than a sheet of XLSX can hold ({MOST_ROWS:,})", do="Use csv or parquet.")
            _write(book, book.add_worksheet(sheet_name(name, names)), table, forms)
    return sink.getvalue()


def sheet_name(name: str, taken: set[str]) -> str:
    """A name that a workbook accepts, unlike those taken before (letter case aside); it is taken thereby.

    >>> sheet_name("a/b: [what?]", set())
    'a b what'
    """
    plain = " ".join(NO_SHEET_NAME.sub(" ", name).split()).strip("' ")[:MOST_NAME] or "Sheet"
    number, found = 2, plain
    while found.casefold() in taken:
        end = f" {number}"
        found, number = plain[: MOST_NAME - len(end)] + end, number + 1
    taken.add(found.casefold())
    return found


def _forms(book: Any) -> Forms:
    return Forms(
        head=book.add_format({"bold": True, "bottom": 1, "valign": "top"}),
        text=book.add_format({"valign": "top"}),
        day=book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"}),
        moment=book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss", "valign": "top"}),
        whole=book.add_format({"num_format": "#,##0", "valign": "top"}),
    )


def _write(book: Any, sheet: Any, table: pa.Table, forms: Forms) -> None:
    sheet.freeze_panes(1, 0)
    for at, width in enumerate(_widths(table)):
        sheet.set_column(at, at, width)
    if table.num_columns:
        sheet.autofilter(0, 0, table.num_rows, table.num_columns - 1)
    for at, name in enumerate(table.column_names):
        sheet.write_string(0, at, name, forms.head)
    numbers = [_number_form(book, field, forms) for field in table.schema]
    for row, values in enumerate(rows_of(table), 1):
        for at, value in enumerate(values):
            _write_cell(sheet, row, at, value, numbers[at], forms)


def _number_form(book: Any, field: pa.Field, forms: Forms) -> Any:
    """How a column's numbers are shown: as its own metadata says, whole numbers grouped, others as they are."""
    named = (field.metadata or {}).get(FORM)
    if named:
        return book.add_format({"num_format": named.decode(), "valign": "top"})
    return forms.whole if pa.types.is_integer(field.type) else forms.text


def _write_cell(sheet: Any, row: int, at: int, value: Any, number: Any, forms: Forms) -> None:
    """One value in its kind; a missing one, and what is no number, leaves the cell empty."""
    match value:
        case None:
            return
        case bool():
            sheet.write_boolean(row, at, value, forms.text)
        case int() | float() if isfinite(value):
            sheet.write_number(row, at, value, number)
        case float():
            return
        case datetime() if value.year >= FIRST_YEAR:
            sheet.write_datetime(row, at, value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value, forms.moment)
        case date() if value.year >= FIRST_YEAR and not isinstance(value, datetime):
            sheet.write_datetime(row, at, value, forms.day)
        case _:
            text = value if isinstance(value, str) else cell(value)
            sheet.write_string(row, at, text if len(text) <= MOST_CHARACTERS else text[: MOST_CHARACTERS - 1] + "…", forms.text)


def _widths(table: pa.Table) -> list[int]:
    """A width for each column, in characters, by its first rows."""
    first = table.slice(0, LOOKED_AT)
    longest = [max([len(name) + 3, *(len(cell(v)) for v in first.column(at).to_pylist())]) for at, name in enumerate(table.column_names)]
    return [min(max(n + 1, NARROWEST), WIDEST) for n in longest]
