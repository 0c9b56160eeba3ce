"""Looks over an installation and its data folder, and says of each thing whether it is fine and, where not, what to do."""

import shutil
import sqlite3
import sys
from collections.abc import Iterator

import duckdb

from gensvar.house import LEDGER_FILE, SECRET, holder
from gensvar.kit.errors import GensvarError
from gensvar.kit.settings import LOOPBACK, Settings
from gensvar.kit.version import VERSION
from gensvar.serve.reach import reach

LEAST_FREE = 2 << 30


def examine(settings: Settings) -> list[dict[str, str]]:
    """One entry for each thing looked at: what, state (fine, notice, broken) and do."""
    return [{"what": what, "state": state, "do": do} for what, state, do in _looked_at(settings)]


def _looked_at(settings: Settings) -> Iterator[tuple[str, str, str]]:
    yield f"Gensvar {VERSION}, Python {sys.version.split()[0]}, DuckDB {duckdb.__version__}, SQLite {sqlite3.sqlite_version}", "fine", ""
    if not settings.data.is_dir():
        yield f"there is no data folder {settings.data} yet", "notice", "`gensvar demo` or `gensvar import` makes one"
        return
    yield _room(settings)
    yield from _private(settings)
    yield _listening(settings)
    yield from _inside(settings)


def _room(settings: Settings) -> tuple[str, str, str]:
    free = shutil.disk_usage(settings.data).free
    return f"{free / (1 << 30):.1f} GiB free for the data folder", *(
        ("fine", "") if free > LEAST_FREE else ("notice", "make room: the hub needs space to merge")
    )


def _private(settings: Settings) -> Iterator[tuple[str, str, str]]:
    for path in (settings.data, settings.data / SECRET, settings.data / LEDGER_FILE):
        if path.exists():
            open_to_others = path.stat().st_mode & 0o077
            loose = ("notice", f"chmod go-rwx {path}") if open_to_others else ("fine", "")
            yield f"{path} is {'readable by others' if open_to_others else 'private'}", *loose


def _listening(settings: Settings) -> tuple[str, str, str]:
    if settings.host in LOOPBACK:
        return f"listens on {settings.host} only", "fine", ""
    return f"listens on {settings.host}: pages and answers need an API key", "notice", "put TLS in front of it"


def _inside(settings: Settings) -> Iterator[tuple[str, str, str]]:
    held = holder(settings.data)
    yield (f"a server holds it at {held.get('url')}" if held else "no server is running on it"), "fine", ""
    try:
        with reach(settings) as house:
            status = house.call("status")
            silent = [s["name"] for s in house.call("sources") if s["silent"]]
    except GensvarError as broken:
        yield str(broken), "broken", "mend that first"
        return
    rows = ", ".join(f"{n:,} {name}" for name, n in status["rows"].items())
    yield f"hub ({status['engine']}): {rows}", "fine", ""
    yield (
        f"{status['inbox']['signals']:,} signals wait in the inbox",
        *(("fine", "") if held or not status["inbox"]["signals"] else ("notice", "`gensvar up` takes them in")),
    )
    aside = status["set_aside"]
    yield f"{aside:,} rows set aside", *(("notice", "`gensvar set-aside list`") if aside else ("fine", ""))
    for name in silent:
        yield f"source {name} has gone silent", "notice", "ask its owner"
