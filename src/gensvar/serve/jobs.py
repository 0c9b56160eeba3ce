"""The hands that work while pages are read: one thread drains the inbox, one runs imports, one releases, one tidies. Each stops when asked."""

import logging
import os
import threading
import time
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path
from secrets import token_hex
from typing import Any

from gensvar import flow, indexing, reading
from gensvar.flow import Receipt
from gensvar.house import House
from gensvar.kit.errors import GensvarError, Unavailable, of_system
from gensvar.ledger import Job
from gensvar.redaction import purge_originals
from gensvar.serve.desks.taxonomy import READING_AGAIN, rerun
from gensvar.serve.desks.teaching import TEACHING, teach_asked, teach_house
from gensvar.serve.encoding import Encoding
from gensvar.serve.finding import Finding
from gensvar.serve.nightly import Asking, Looking
from gensvar.serve.seen import EVERY_S, Seen
from gensvar.serve.working import UNFORESEEN, Told, work

log = logging.getLogger("gensvar.flow")
IDLE_S, LOOK_S, LEASE_S, TROUBLE_S, TIDY_EVERY_S = 0.05, 0.25, 60.0, 1.0, 3600.0
GATHER_S, MOST_GATHER_S, SHARE = 0.25, 0.7, 6.0  # a turn costs some ms however little it takes, and whoever sends waits meanwhile
RELEASE_LOOK_S, TEACH_LOOK_S = 2.0, 0.5
INDEX_LOOK_S, RENEW_SHARE = 2.0, 20.0
READ_REST_S, READ_LOOK_S, NO_ENCODER_S = 0.05, 0.5, 60.0
RECOUNT_EVERY_S = 1.0  # with the rest before it, a page is two seconds behind at most


class Hands:
    """Starts and stops the threads of a server. owner: how leases are signed."""

    def __init__(self, house: House, seen: Seen | None = None, encoding: Encoding | None = None) -> None:
        self.house, self.seen, self.encoding = house, seen, encoding or Encoding(house.settings)
        self.owner = f"{os.uname().nodename}:{os.getpid()}:{token_hex(4)}"
        self.stopping = threading.Event()
        self.finding = Finding(house, self.owner, self.stopping.is_set)
        self.looking = Looking(house, self.owner, self.stopping.is_set)
        self.asking = Asking(house, self.owner, self.stopping.is_set)
        self.counted_at = self.tidied_at = 0.0
        self.importing = False
        self.released: tuple[int, date] | None = None
        self.indexed = -1
        self.read: tuple[int, str] | None = None
        self.again = reading.Again(house)
        self.taught = house.today()
        loops = (
            ("flow", self._drain),
            ("imports", self._import),
            ("releases", self._release),
            ("seen", self._write_seen),
            ("tidy", self._tidy),
            ("read", self._read),
            ("themes", self.finding.step),
            ("index", self._index),
            ("teach", self._teach),
            ("why", self.looking.step),
            ("assumptions", self.asking.step),
        )
        self.threads = [threading.Thread(target=self._forever, args=(step,), name=name, daemon=True) for name, step in loops]

    def start(self) -> None:
        if not self.house.settings.ledger:
            self.house.ledger.inbox.forget_leases()
            self.house.ledger.jobs.forget_leases()
        for thread in self.threads:
            thread.start()

    def stop(self) -> None:
        """Lets each thread finish its batch."""
        self.stopping.set()
        for thread in self.threads:
            thread.join()
        self.encoding.close()
        self.finding.close()
        if self.seen:
            self.seen.flush()

    def _forever(self, step: Callable[[], float]) -> None:
        """Repeats a step; rests for as long as it says; a fault is logged and the step is tried again, since nothing was acknowledged."""
        while not self.stopping.is_set():
            try:
                rest = step()
            except GensvarError as fault:
                log.warning("%s", fault)
                rest = TROUBLE_S
            except Exception:
                log.exception("the flow met something unforeseen; it goes on")
                rest = TROUBLE_S
            if rest:
                self.stopping.wait(rest)

    def _drain(self) -> float:
        """One turn of the flow; how long to rest before the next: not at all where more waits than one turn takes."""
        began = time.monotonic()
        drained = flow.drain(self.house, self.owner)
        if not drained or time.monotonic() - self.counted_at > RECOUNT_EVERY_S:
            flow.recount(self.house)
            self.counted_at = time.monotonic()
        if not drained:
            return IDLE_S
        return 0.0 if drained > flow.AT_ONCE // 2 else min(MOST_GATHER_S, max(GATHER_S, SHARE * (time.monotonic() - began)))

    def _release(self) -> float:
        """Releases what is new of protected audiences, where the hub has moved or another month has begun; not while much else is to be done."""
        at = self._moved()
        if at != self.released and not self.importing and not self.house.ledger.inbox.backlog()[0]:
            flow.release(self.house)
            self.released = self._moved()
        return RELEASE_LOOK_S

    def _read(self) -> float:
        """Reads texts that have not been read by all, the latest first: by the encoder, or anew by models that have changed.

        Imports go first; who asked for it goes before those.
        """
        if work(self.house, self.owner, READING_AGAIN, self._rerun, self.stopping.is_set):
            return 0.0
        at = self.house.engine.epoch(), self.house.understanding().version
        if self.importing or at == self.read:
            return READ_LOOK_S
        try:
            if self.again.step(self._encode):
                return READ_REST_S
        except Unavailable as fault:
            log.warning("%s", fault)
            return NO_ENCODER_S
        self.read = at
        return READ_LOOK_S

    @property
    def _encode(self) -> reading.Encode | None:
        return self.encoding.encode if self.encoding.available else None

    def _rerun(self, job: Job, told: Told) -> Mapping[str, Any]:
        return rerun(self.house, self._encode, told, job.progress)

    def _teach(self) -> float:
        """Once a night, and whenever somebody asks: teaches the readers by the ratings and labels that have come. Imports go before the night's."""
        if work(self.house, self.owner, TEACHING, self._teach_asked, self.stopping.is_set):
            return 0.0
        if self.house.today() != self.taught and not self.importing:
            self.taught = self.house.today()
            teach_house(self.house, encode=self._encode)
        return TEACH_LOOK_S

    def _teach_asked(self, job: Job, told: Told) -> Mapping[str, Any]:
        return teach_asked(self.house, str(job.args["who"]), self._encode, told)

    def _index(self) -> float:
        """Brings the index of texts after the hub, where that has moved; rests longer than it worked. Imports go first."""
        at = self.house.engine.epoch()
        if self.importing or at == self.indexed:
            return INDEX_LOOK_S
        began = time.monotonic()
        if indexing.catch_up(self.house):
            return 0.0
        renewed, self.indexed = indexing.refresh_meaning(self.house), at
        return max(INDEX_LOOK_S, (RENEW_SHARE if renewed else SHARE) * (time.monotonic() - began))

    def _moved(self) -> tuple[int, date]:
        return self.house.engine.epoch(), self.house.today().replace(day=1)

    def _write_seen(self) -> float:
        """Who saw what within the last second, into the audit."""
        if self.seen:
            self.seen.flush()
        return EVERY_S

    def _tidy(self) -> float:
        """Once an hour: forgets rows set aside that nobody repaired, and texts as they were written, after the days that the settings give."""
        if time.monotonic() - self.tidied_at > TIDY_EVERY_S or not self.tidied_at:
            self.tidied_at = time.monotonic()
            self.house.ledger.set_aside.purge(self.house.clock.now() - timedelta(days=self.house.settings.set_aside_days))
            purge_originals(self.house)
        return TROUBLE_S

    def _import(self) -> float:
        job = self.house.ledger.jobs.claim(self.owner, LEASE_S, ["import"])
        if job is None:
            return LOOK_S
        self.importing = True
        try:
            self._run(job)
        finally:
            self.importing = False
        return 0.0

    def _run(self, job: Job) -> None:
        jobs = self.house.ledger.jobs
        path, source = Path(str(job.args["path"])), str(job.args["source"])
        about: dict[str, int | None] = {}

        def progress(receipt: Receipt, read: int) -> bool:
            alive = jobs.beat(job.id, self.owner, {**receipt.as_json(), **about, "read": read}, LEASE_S)
            return alive and not self.stopping.is_set()

        try:
            about["total"] = flow.rows_about(self.house, path, source)
            progress(Receipt(), 0)
            receipt = flow.import_file(self.house, path, source, progress)
        except GensvarError as fault:
            jobs.fail(job.id, str(fault))
            return
        except Exception as fault:
            log.exception("import %d met something unforeseen", job.id)
            jobs.fail(job.id, str((isinstance(fault, OSError) and of_system(fault)) or UNFORESEEN))
            return
        if self.stopping.is_set() and self._is_open(job):
            jobs.give_back(job.id)
            return
        jobs.finish(job.id, receipt.as_json())
        if job.args.get("uploaded"):
            path.unlink(missing_ok=True)

    def _is_open(self, job: Job) -> bool:
        """Whether the import stopped half-way, since the server does, and nobody asked for it: the next server goes on with it."""
        last = self.house.ledger.imports.last(str(job.args["source"]))
        return last is not None and last.state == "stopped" and not self.house.ledger.jobs.get(job.id).stop
