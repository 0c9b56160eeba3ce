"""Looks over an installation and its data folder, and says of each thing whether it is fine and, where not, what to do."""

import shutil
import sqlite3
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import duckdb

from gensvar.house import LEDGER_FILE, SECRET, holder
from gensvar.kit.errors import GensvarError
from gensvar.kit.language import Translator, translator
from gensvar.kit.settings import LOOPBACK, Settings
from gensvar.kit.version import VERSION
from gensvar.serve.reach import reach

LEAST_FREE = 2 << 30


Finding = tuple[str, str, str]
"""What was looked at, its state (fine, notice, broken), and what to do."""


def examine(settings: Settings, language: str = "en") -> list[dict[str, str]]:
    """One entry for each thing looked at: what, state (fine, notice, broken) and do."""
    t = translator(language)
    there = settings.data.is_dir()
    return _listed([*_outside(settings, t), *(_inside(settings, t) if there else ())])


def examine_running(settings: Settings, status: Mapping[str, Any], silent: Sequence[str], language: str) -> list[dict[str, str]]:
    """The same, as the server that holds the data folder sees it. status: as the operation of that name says it."""
    t = translator(language)
    return _listed([*_outside(settings, t), *_held(status, silent, t, serving=True)])


def _listed(found: Iterable[Finding]) -> list[dict[str, str]]:
    return [{"what": what, "state": state, "do": do} for what, state, do in found]


def versions() -> str:
    """What runs, with the versions that matter when something is asked about it."""
    return f"Gensvar {VERSION}, Python {sys.version.split()[0]}, DuckDB {duckdb.__version__}, SQLite {sqlite3.sqlite_version}"


def _outside(settings: Settings, t: Translator) -> Iterator[Finding]:
    yield versions(), "fine", ""
    if not settings.data.is_dir():
        yield t("there is no data folder {folder} yet", folder=settings.data), "notice", t("`gensvar demo` or `gensvar import` makes one")
        return
    yield _room(settings, t)
    yield from _private(settings, t)
    yield _listening(settings, t)
    yield from _reached(settings, t)


def _room(settings: Settings, t: Translator) -> Finding:
    free = shutil.disk_usage(settings.data).free
    what = t("{n} GiB free for the data folder", n=t.number(free / (1 << 30), 1))
    return (what, "fine", "") if free > LEAST_FREE else (what, "notice", t("make room: the hub needs space to merge"))


def _private(settings: Settings, t: Translator) -> Iterator[Finding]:
    for path in (settings.data, settings.data / SECRET, settings.data / LEDGER_FILE):
        if not path.exists():
            continue
        if path.stat().st_mode & 0o077:
            yield t("{path} is readable by others", path=path), "notice", f"chmod go-rwx {path}"
        else:
            yield t("{path} is private", path=path), "fine", ""


def _listening(settings: Settings, t: Translator) -> Finding:
    if settings.host in LOOPBACK:
        return t("listens on {host} only", host=settings.host), "fine", ""
    return t("listens on {host}: whoever reaches it must sign in", host=settings.host), "notice", t("put TLS in front of it")


def _reached(settings: Settings, t: Translator) -> Iterator[Finding]:
    """What is amiss with how people come here from elsewhere; nothing where they come from this machine alone."""
    url = settings.public_url
    if url.startswith("https://") and not settings.proxies:
        yield t("people come by {url}, and no proxy is trusted: all have one address", url=url), "notice", t("set proxies to the proxy's address")
    if url.startswith("http://") and urlsplit(url).hostname not in LOOPBACK:
        what = t("people come by {url} without TLS: passwords travel in the clear", url=url)
        yield what, "notice", t("put TLS in front, and let public_url begin with https")


def _inside(settings: Settings, t: Translator) -> Iterator[Finding]:
    held = holder(settings.data)
    yield (t("a server holds it at {url}", url=held.get("url")) if held else t("no server is running on it")), "fine", ""
    try:
        with reach(settings) as house:
            status = house.call("status")
            silent = [s["name"] for s in house.call("sources") if s["silent"]]
    except GensvarError as broken:
        yield str(broken), "broken", t("mend that first")
        return
    yield from _held(status, silent, t, serving=bool(held))


def _held(status: Mapping[str, Any], silent: Sequence[str], t: Translator, *, serving: bool) -> Iterator[Finding]:
    rows = ", ".join(f"{t.number(n)} {name}" for name, n in status["rows"].items())
    yield t("hub ({engine}): {rows}", engine=status["engine"], rows=rows), "fine", ""
    waiting = status["inbox"]["signals"]
    what = t.ngettext("{n} signal waits in the inbox", "{n} signals wait in the inbox", waiting)
    yield (what, "fine", "") if serving or not waiting else (what, "notice", t("`gensvar up` takes them in"))
    aside = status["set_aside"]
    what = t.ngettext("{n} row set aside", "{n} rows set aside", aside)
    yield (what, "notice", "`gensvar set-aside list`") if aside else (what, "fine", "")
    for name in silent:
        yield t("source {name} has gone silent", name=name), "notice", t("ask its owner")
