"""Folding SQLite's log into its file in the background, so that no commit has to wait for it."""

import threading
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from gensvar.ledger.connect import Database

LOOK_EVERY_S = 0.5
FOLD_FROM_BYTES = 8 << 20
EMPTY_FROM_BYTES = 64 << 20


class Checkpointer:
    """Folds what it can beside the writers; only when the log has grown long do they wait, for the little that is left."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self._log = Path(f"{database.url.database}-wal")
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="gensvar-checkpoint", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(LOOK_EVERY_S):
            size = self._log.stat().st_size if self._log.exists() else 0
            if size < FOLD_FROM_BYTES:
                continue
            self._fold("PASSIVE")
            if size >= EMPTY_FROM_BYTES:
                with self._db.alone():
                    self._fold("TRUNCATE")

    def _fold(self, how: str) -> None:
        try:
            with self._db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
                conn.exec_driver_sql(f"PRAGMA wal_checkpoint({how})")
        except DBAPIError:
            return
