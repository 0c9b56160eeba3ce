"""The load of the fault tests: a folder that knows one survey, senders and importers that go on until the server is gone."""

import http.client
import random
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from gensvar import flow
from gensvar.house import House, open_house
from gensvar.kit.settings import read_settings
from tests.faults.servers import Asker, Running
from tests.faults.truth import Sender, Truth, export
from tests.houses import SURVEY


def opened(data: Path) -> House:
    return open_house(read_settings({"data": str(data), "memory_mb": "256"}, env={}))


def prepared(data: Path) -> str:
    """A data folder that knows the survey; a key to send with."""
    with opened(data) as house:
        flow.add_source(house, SURVEY, "test")
        return house.ledger.keys.create("load", {"ingest"}, None)[1]


def send(running: Running, key: str, sender: Sender, over: threading.Event) -> None:
    """Sends until the server is gone; what was on its way then may have come through or not."""
    with closing(Asker(running.port, key)) as asker, suppress(OSError, http.client.HTTPException):
        while not over.is_set():
            method, path, body, changes, bad = sender.next()
            sender.truth.sending(changes)
            sender.truth.refused(bad)
            status, said = asker.asked(method, path, body)
            assert status == 202, said
            sender.truth.told(changes)
            sender.kept(changes)
            time.sleep(sender.chance.uniform(0, 0.004))


def import_files(running: Running, folder: Path, truth: Truth, chance: random.Random, over: threading.Event) -> None:
    """Asks for imports of small files until the server is gone."""
    with closing(Asker(running.port, running.token)) as asker, suppress(OSError, http.client.HTTPException):
        while not over.is_set():
            path = folder / f"f{len(list(folder.iterdir()))}.csv"
            changes = export(path, truth, chance)
            status, said = asker.asked("POST", "/v1/imports", {"source": "survey", "path": str(path)})
            assert status == 200, said
            truth.told(changes)
            over.wait(0.5)


@contextmanager
def under_load(running: Running, key: str, senders: Sequence[Sender], folder: Path) -> Iterator[None]:
    """The server is sent to and asked for imports, until the block ends or the server does."""
    over = threading.Event()
    work = [threading.Thread(target=send, args=(running, key, sender, over)) for sender in senders]
    chance = random.Random(len(list(folder.iterdir())))
    work.append(threading.Thread(target=import_files, args=(running, folder, senders[0].truth, chance, over)))
    for thread in work:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in work:
            thread.join()
