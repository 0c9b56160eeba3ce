"""Keeping and leaving: a backup that is tested by restoring it, and an export of everything in open forms."""

import csv
import json
import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from gensvar.contracts import TABLES
from gensvar.house import LOCK, SECRET, House, ledger_url, open_house
from gensvar.kit.clock import SystemClock
from gensvar.kit.errors import BadInput, Conflict, NotFound, Unreadable, nearest
from gensvar.kit.settings import Settings
from gensvar.kit.version import VERSION
from gensvar.ledger import Ledger

MANIFEST = "manifest.json"
RISKY = ("=", "+", "-", "@", "\t", "\r")
ROWS_AT_ONCE = 50_000


def backup(house: House, folder: Path) -> dict[str, Any]:
    """A whole backup in a new folder: hub as Parquet, ledger, secret, and a manifest with a checksum of each file. Returns the manifest."""
    _new(folder)
    part = folder.with_name(folder.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(mode=0o700, parents=True)
    with house.turn:
        house.engine.save(part / "hub")
        house.ledger.backup(part)
    shutil.copyfile(house.settings.data / SECRET, part / SECRET)
    (part / SECRET).chmod(0o600)
    files = {str(p.relative_to(part)): _digest(p) for p in sorted(part.rglob("*")) if p.is_file()}
    manifest = {"gensvar": VERSION, "made_at": house.clock.now().isoformat(), "files": files}
    (part / MANIFEST).write_text(json.dumps(manifest, indent=1), "utf-8")
    part.rename(folder)
    return {"folder": str(folder), **manifest}


def restore(folder: Path, settings: Settings) -> dict[str, Any]:
    """Makes the data folder what the backup holds. Refuses a folder that is not empty, and a backup whose files are not what its manifest says."""
    manifest = _checked(folder)
    if settings.data.exists() and any(p.name != LOCK for p in settings.data.iterdir()):
        raise Conflict("The data folder is not empty", where=str(settings.data), do="Restore into a new folder, with --data.")
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.copyfile(folder / SECRET, settings.data / SECRET)
    (settings.data / SECRET).chmod(0o600)
    secret = bytes.fromhex((settings.data / SECRET).read_text("ascii").strip())
    Ledger.restore(folder, ledger_url(settings), secret, SystemClock()).close()
    with open_house(settings) as house:
        house.engine.load(folder / "hub")
    return {"data": str(settings.data), **manifest}


def _checked(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    if not path.is_file():
        raise NotFound("No backup here", where=str(folder), do="Name the folder that `gensvar backup` made.")
    manifest: dict[str, Any] = json.loads(path.read_text("utf-8"))
    wrong = [name for name, digest in manifest["files"].items() if not (folder / name).is_file() or _digest(folder / name) != digest]
    if wrong:
        raise Unreadable("The backup is damaged", where=str(folder), faults=wrong, do="Use another backup: this one would not be whole.")
    return manifest


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        h = sha256()
        while block := file.read(1 << 20):
            h.update(block)
    return h.hexdigest()


def _new(folder: Path) -> None:
    if folder.exists():
        raise Conflict(f"{folder} is there already", do="Name a folder that does not exist yet.")


def export(house: House, folder: Path, form: str, tables: Sequence[str]) -> dict[str, Any]:
    """Every table (or those named) as Parquet, CSV or JSON Lines in a new folder, with contracts and measures beside them."""
    _new(folder)
    unknown = [t for t in tables if t not in TABLES]
    if unknown:
        raise NotFound(f"No table {unknown[0]!r}", nearest=nearest(unknown[0], TABLES), do=f"There are {', '.join(TABLES)}.")
    folder.mkdir(mode=0o700, parents=True)
    rows = {name: _write(house.engine.run(house.engine.table(name)), folder / f"{name}.{form}", form) for name in tables or TABLES}
    for kept in house.ledger.contracts.all():
        (folder / f"contract-{kept.source}.yaml").write_text(kept.yaml, "utf-8")
    (folder / "measures.json").write_bytes(msgspec.json.format(msgspec.json.encode(list(house.ledger.measures.all()))))
    return {"folder": str(folder), "form": form, "rows": rows}


def _write(rows: pa.Table, path: Path, form: str) -> int:
    if form == "parquet":
        pq.write_table(rows, path, compression="zstd")
    elif form == "csv":
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(rows.column_names)
            for batch in rows.to_batches(ROWS_AT_ONCE):
                writer.writerows([[cell(v) for v in row.values()] for row in batch.to_pylist()])
    elif form == "jsonl":
        with path.open("wb") as file:
            for batch in rows.to_batches(ROWS_AT_ONCE):
                file.writelines(msgspec.json.encode(row) + b"\n" for row in batch.to_pylist())
    else:
        raise BadInput(f"No form {form!r}", nearest=nearest(form, ("parquet", "csv", "jsonl")), do="Use parquet, csv or jsonl.")
    return int(rows.num_rows)


def cell(value: object) -> str:
    """A CSV cell that no spreadsheet takes for a formula: text that begins with = + - @ gets an apostrophe in front (OWASP, CSV injection).

    >>> cell("=1+1")
    "'=1+1"
    """
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, str):
        return "'" + value if value.startswith(RISKY) else value
    return msgspec.json.encode(value).decode() if isinstance(value, (list, dict, tuple)) else str(value)
