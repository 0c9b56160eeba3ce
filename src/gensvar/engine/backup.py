"""A backup of the hub: one Parquet file per table and a list of what they hold, the same from every engine."""

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from gensvar.contracts import TABLES, TableSpec
from gensvar.kit.errors import Conflict, Unreadable

LIST = "hub.json"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Saved:
    """epoch: the hub's when it was saved. rows: table → how many."""

    epoch: int
    rows: Mapping[str, int]


@contextmanager
def appearing(folder: Path) -> Iterator[Path]:
    """A folder beside the one asked for, which takes its name once all in it is on disk. Conflict if the name is taken."""
    if folder.exists():
        raise Conflict(f"There is something at {folder} already", do="Name a new folder.")
    part = folder.with_name(folder.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    try:
        yield part
        for file in (*part.iterdir(), part):
            _to_disk(file)
        part.rename(folder)
        _to_disk(folder.parent)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def file_of(folder: Path, spec: TableSpec) -> Path:
    return folder / f"{spec.name}.parquet"


def write_list(folder: Path, saved: Saved) -> None:
    """The list of what the folder holds."""
    text = json.dumps({"format": FORMAT, "epoch": saved.epoch, "rows": dict(saved.rows)}, indent=1)
    (folder / LIST).write_text(text, "utf-8")


def read_list(folder: Path) -> Saved:
    """What the folder says it holds, after each of its files was found to hold that. Unreadable lists every fault."""
    try:
        said = json.loads((folder / LIST).read_text("utf-8"))
        version, saved = int(said["format"]), Saved(int(said["epoch"]), {str(k): int(v) for k, v in said["rows"].items()})
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as broken:
        raise Unreadable("This is not a backup of the hub", where=f"{folder / LIST}: {broken}") from broken
    if version > FORMAT:
        raise Unreadable(f"The backup has format {version}; this version reads up to {FORMAT}", do="Restore it with the version that wrote it.")
    faults = [f"no table {name!r} in this version" for name in saved.rows if name not in TABLES]
    faults += [fault for name, rows in saved.rows.items() if name in TABLES for fault in _faults(folder, TABLES[name], rows)]
    if faults:
        raise Unreadable("The backup does not fit", where=str(folder), faults=faults, do="Nothing was changed.")
    return saved


def _faults(folder: Path, spec: TableSpec, rows: int) -> Iterator[str]:
    """What is wrong with one file, if anything."""
    file = file_of(folder, spec)
    try:
        head = pq.ParquetFile(file)
        held, schema = head.metadata.num_rows, head.schema_arrow
    except (OSError, pa.ArrowException) as broken:
        yield f"{file.name} cannot be read: {broken}"
        return
    if held != rows:
        yield f"{file.name} holds {held} rows, not {rows}"
    for name in schema.names:
        if name not in spec.names:
            yield f"{file.name} has a column {name!r} that {spec.name} does not have"
    for c in spec.columns:
        if c.required and c.name not in schema.names:
            yield f"{file.name} lacks the column {c.name!r}"
        elif schema.names.count(c.name) > 1:
            yield f"{file.name} has the column {c.name!r} twice"
        elif c.name in schema.names and not _alike(schema.field(c.name).type, c.type):
            yield f"{file.name} has {schema.field(c.name).type} in {c.name!r}, not {c.type}"


def _alike(a: pa.DataType, b: pa.DataType) -> bool:
    """Whether two types are one but for the names of what lists and maps hold."""
    if pa.types.is_map(b):
        return bool(pa.types.is_map(a) and a.key_type == b.key_type and a.item_type == b.item_type)
    if pa.types.is_list(b):
        return bool(pa.types.is_list(a) and a.value_type == b.value_type)
    return bool(a == b)
