"""What SQLite wants done in the background, so that no commit has to wait for it: its log folded into its file, and chores of the ledger's parts."""

import logging
import threading
from collections.abc import Callable
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from gensvar.kit.errors import GensvarError
from gensvar.ledger.connect import Database

LOOK_EVERY_S = 0.5
FOLD_FROM_BYTES = 8 << 20
EMPTY_FROM_BYTES = 64 << 20
LOG = logging.getLogger(__name__)


class Upkeep:
    """A thread that looks twice a second. The log is folded beside the writers; they wait only for the rest of a long one."""

    def __init__(self, database: Database, chore: Callable[[], None]) -> None:
        self._db, self._chore = database, chore
        self._log = Path(f"{database.url.database}-wal")
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="gensvar-upkeep", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stops after the step at hand."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(LOOK_EVERY_S):
            try:
                self._chore()
                self._tend()
            except (GensvarError, DBAPIError, OSError) as failed:
                LOG.warning("The ledger's upkeep will be tried again: %s", failed)

    def _tend(self) -> None:
        size = self._log.stat().st_size if self._log.exists() else 0
        if size >= FOLD_FROM_BYTES:
            self._fold("PASSIVE")
        if size >= EMPTY_FROM_BYTES:
            with self._db.alone():
                self._fold("TRUNCATE")

    def _fold(self, how: str) -> None:
        with self._db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
            conn.exec_driver_sql(f"PRAGMA wal_checkpoint({how})")
