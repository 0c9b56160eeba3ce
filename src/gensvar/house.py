"""The house: one data folder, opened by one process. Holds engine, ledger, index, clock and secret, and hands them to the flow."""

import fcntl
import json
import os
import secrets
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import IO, Self
from zoneinfo import ZoneInfo

import ibis

from gensvar.contracts import CUBES
from gensvar.engine import Engine, open_engine
from gensvar.enrich import Understanding, encoder_version
from gensvar.enrich.keeper import Keeper
from gensvar.enrich.own_models import KINDS, OwnModel, OwnModels, head_of
from gensvar.index import TextIndex
from gensvar.kit.clock import Clock, SystemClock
from gensvar.kit.errors import InUse, Unavailable, of_system
from gensvar.kit.settings import Settings
from gensvar.ledger import Ledger
from gensvar.measure.cube import summed

LOCK, SECRET, LEDGER_FILE, INDEX = "gensvar.lock", "secret.key", "ledger.sqlite", "index"
SECRET_BYTES = 32
LOOKS, BETWEEN_LOOKS_S = 20, 0.01  # how often a folder that somebody holds is tried before it is refused


@dataclass(frozen=True, slots=True)
class House:
    """Everything the flow is handed. turn: held by whoever writes to the hub, one at a time. Close it to let another process in."""

    settings: Settings
    engine: Engine
    ledger: Ledger
    clock: Clock
    secret: bytes
    lock: IO[str]
    index: TextIndex
    turn: threading.RLock = field(default_factory=threading.RLock)
    topics: Keeper = field(default_factory=Keeper)
    taught: dict[int, OwnModel] = field(default_factory=dict)

    def today(self) -> date:
        """The reader's day: the one that the settings pretend, else the clock's in the reader's zone."""
        return self.settings.today or self.clock.now().astimezone(ZoneInfo(self.settings.zone)).date()

    def understanding(self) -> Understanding:
        """What texts are read with, as of now."""
        encoder = encoder_version(self.settings.encoder, self.settings.encoder_name)
        languages, taxonomy = tuple(self.settings.text_languages.split(",")), self.ledger.taxonomies.current()
        topics = self.topics.of(taxonomy, encoder, self.ledger.vectors)
        return Understanding(languages, taxonomy, encoder, self.own_models().for_encoder(encoder), topics)

    def own_models(self) -> OwnModels:
        """What this house taught its readers, as far as it is in force."""
        models = self.ledger.text_models
        found: dict[str, OwnModel] = {}
        for kind in KINDS:
            number = models.in_force(kind)
            if number is not None:
                found[kind] = self.taught[number] = self.taught.get(number) or _taught(self.ledger, number)
        return OwnModels(**found)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.ledger.close()
        self.engine.close()
        self.lock.close()

    def announce(self, facts: Mapping[str, object]) -> None:
        """Writes who holds the folder and how to reach it (readable by its owner only), for the command line and for a second server's refusal."""
        self.lock.seek(0)
        self.lock.truncate()
        json.dump({"pid": os.getpid(), **facts}, self.lock)
        self.lock.flush()


def _taught(ledger: Ledger, number: int) -> OwnModel:
    """A model of the house's own; one that was made stays as it is."""
    return OwnModel(number, head_of(ledger.text_models.body(number)), str(ledger.text_models.get(number).numbers.get("encoder", "")))


def open_house(settings: Settings, clock: Clock | None = None) -> House:
    """The house in `settings.data`, made where it is not there yet. InUse when another process holds it."""
    with in_our_words():
        folder = _folder(settings.data)
        lock = _locked(folder / LOCK)
    try:
        at = clock or SystemClock()
        with in_our_words():
            secret = _secret(folder / SECRET)
        ledger = Ledger.open(ledger_url(settings), secret, at)
        return House(settings, _with_every_cube(open_engine(settings)), ledger, at, secret, lock, TextIndex(settings.data / INDEX))
    except BaseException:
        lock.close()
        raise


def _with_every_cube(engine: Engine) -> Engine:
    """The engine, where cubes that an earlier release did not have are summed up from those that it had."""
    filled = [engine.table(cube.name).limit(1).select(name=ibis.literal(cube.name)) for cube in CUBES]
    names = set(engine.run(ibis.union(*filled))["name"].to_pylist())
    for cube in CUBES:
        if cube.of in names and cube.name not in names:
            engine.replace_days(cube.name, summed(engine.table(cube.of), cube), None)
    return engine


def ledger_url(settings: Settings) -> str:
    """Where the ledger is: the setting's address, else SQLite in the data folder."""
    return settings.ledger or f"sqlite:///{settings.data / LEDGER_FILE}"


def holder(data: Path) -> dict[str, object] | None:
    """What the process that holds this data folder announced of itself, or None when nobody holds it."""
    path = data / LOCK
    if not path.is_file():
        return None
    with path.open("r", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)  # shared: those who look do not take one another for a holder
        except OSError:
            return _announced(file)
    return None


@contextmanager
def in_our_words() -> Iterator[None]:
    """The system's refusals as errors of ours."""
    try:
        yield
    except OSError as broken:
        raise of_system(broken) or broken from broken


def _folder(path: Path) -> Path:
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def _announced(file: IO[str]) -> dict[str, object]:
    file.seek(0)
    try:
        return dict(json.load(file))
    except ValueError:
        return {}


def _locked(path: Path) -> IO[str]:
    """The lock file, held. The system lets go of it when the process ends, however it ends."""
    file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+", encoding="utf-8")
    try:
        _take(file)
    except OSError as held:
        facts = _announced(file)
        file.close()
        raise InUse(
            f"Another Gensvar (process {facts.get('pid', 'unknown')}) holds this data folder",
            where=str(path.parent),
            do=f"Use it at {facts['url']}, or stop it first." if "url" in facts else "Wait for it to finish, or stop it first.",
        ) from held
    file.truncate(0)  # what an earlier process said of itself is no longer true
    return file


def _take(file: IO[str]) -> None:
    """Holds the file. OSError when another process does for longer than somebody takes to look who holds it."""
    for _ in range(LOOKS - 1):
        with suppress(OSError):
            return fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        time.sleep(BETWEEN_LOOKS_S)
    return fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _secret(path: Path) -> bytes:
    """The key behind every keyed hash and every encrypted detail; made once. Whoever loses it loses the contact details."""
    if not path.exists():
        _written_whole(path, secrets.token_hex(SECRET_BYTES))
    try:
        secret = bytes.fromhex(path.read_text("ascii").strip())
    except ValueError:
        secret = b""
    if len(secret) != SECRET_BYTES:
        raise Unavailable("The secret key is damaged", where=str(path), do="Put back the one from a backup; without it, contact details are lost.")
    return secret


def _written_whole(path: Path, text: str) -> None:
    """The file is there with all of its text, on disk, or is not there."""
    part = path.with_suffix(".part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.rename(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
