"""What a file is, by its content; its extension only settles what the content leaves open."""

import zipfile
from pathlib import Path

from gensvar.collect.encoding import find_encoding, open_text
from gensvar.kit.errors import NotFound, Unreadable, nearest

TEXT_FORMATS = frozenset({"csv", "json", "jsonl"})
FORMATS = TEXT_FORMATS | {"xlsx", "xls", "ods", "xlsb", "parquet", "sav", "zsav", "por"}
DO = "Give a CSV, TSV, Excel, JSON, JSON Lines, Parquet or SPSS file."
STRANGERS = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a gzip archive: unpack it first"),
    (b"BZh", "a bzip2 archive: unpack it first"),
    (b"7z\xbc\xaf", "a 7-Zip archive: unpack it first"),
    (b"\xfd7zXZ", "an xz archive: unpack it first"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive: unpack it first"),
    (b"SQLite format 3", "an SQLite database: export the table first"),
    (b"Rar!", "a RAR archive: unpack it first"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
)


def must_be_file(path: Path) -> None:
    """NotFound or Unreadable where there is no file with something in it that may be read."""
    if path.is_dir():
        raise Unreadable(f"{path} is a folder", do="Name one file in it.")
    try:
        with path.open("rb") as file:
            head = file.read(1 << 16)
    except FileNotFoundError:
        near = nearest(path.name, [p.name for p in path.parent.iterdir()]) if path.parent.is_dir() else None
        raise NotFound(f"No file {path}", nearest=near, do="Check the name and the folder.") from None
    except PermissionError:
        raise Unreadable(f"{path} may not be read by this user", do="Change its rights, or run as its owner.") from None
    except OSError as broken:
        raise Unreadable(f"{path} cannot be opened: {broken.strerror or broken}", do="Check the disk and the name.") from broken
    if not head.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise Unreadable(f"{path} is empty", do="Export it again; nothing was sent.")


def find_format(path: Path) -> str:
    """One of csv, json, jsonl, xlsx, xls, ods, xlsb, parquet, sav, zsav, por."""
    must_be_file(path)
    with path.open("rb") as file:
        head = file.read(1 << 16)
    for magic, what in STRANGERS:
        if head.startswith(magic):
            raise Unreadable(f"{path} is {what}", do=DO)
    return _binary(path, head) or _text(path, head)


def _binary(path: Path, head: bytes) -> str | None:
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"$FL2"):
        return "sav"
    if head.startswith(b"$FL3"):
        return "zsav"
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return "xls"
    if head.startswith(b"PK\x03\x04"):
        return _zipped(path)
    return "por" if b"SPSS PORT FILE" in head[:512] else None


def _zipped(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError) as broken:
        raise Unreadable(f"{path} is a broken archive: {broken}", do="It was perhaps cut short on the way; export it again.") from broken
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "xl/workbook.bin" in names:
        return "xlsb"
    if "content.xml" in names:
        return "ods"
    raise Unreadable(f"{path} is a zip archive, not a workbook", do="Unpack it first.")


def _text(path: Path, head: bytes) -> str:
    encoding = find_encoding(path)
    with open_text(path, encoding) as file:
        text = file.read(1 << 16)
    start = text.lstrip("\ufeff \t\r\n")
    if start[:15].lower().startswith(("<!doctype", "<html", "<?xml", "<table")):
        raise Unreadable(f"{path} is a web page or XML", do="Open it in Excel and save it as .xlsx, or export CSV.")
    strange = sum(1 for c in text if (c < " " and c not in "\t\r\n\f\x1a\x1c\x1d\x1e\x1f") or "\udc00" <= c <= "\udfff")
    if strange > max(8, 0.1 * len(text)):
        raise Unreadable(f"{path} is neither text nor a kind of file that is known", where=f"it begins with {head[:8].hex(' ')}", do=DO)
    return _json(start, path) or "csv"


def _json(start: str, path: Path) -> str | None:
    if start.startswith("["):
        return "json" if start[1:].lstrip()[:1] in {"{", "[", "]", ""} else None
    if not start.startswith("{"):
        return None
    lines = [line for line in start.splitlines() if line.strip()]
    many = len(lines) > 1 and all(line.lstrip().startswith("{") for line in lines[:2])
    lined = path.suffix.lower() in {".jsonl", ".ndjson"} or (many and lines[0].rstrip().endswith("}"))
    return "jsonl" if lined else "json"
