"""A copy of the cubes on this machine, so that a page costs milliseconds where a query to the cluster costs a third of a second."""

from collections.abc import Callable
from threading import Lock
from time import monotonic

import ibis
import pyarrow as pa

from gensvar.contracts import CUBES
from gensvar.engine.duck import DuckEngine

ASK_S = 1.0  # how long another process's change may stay unseen


class CubeCopy:
    """The cubes as of the hub's epoch. This process's own bumps are seen at once, those of others within a second."""

    def __init__(
        self,
        copy: DuckEngine,
        run: Callable[[ibis.Expr], pa.Table],
        table: Callable[[str], ibis.Table],
        epoch: Callable[[], int],
    ) -> None:
        self._copy, self._run, self._table, self._epoch = copy, run, table, epoch
        self._lock = Lock()
        self._asked, self._there, self._held = -ASK_S, -1, -1

    def stale(self, epoch: int) -> int:
        """The epoch, which the hub has now."""
        self._there, self._asked = epoch, monotonic()
        return epoch

    def fresh(self) -> DuckEngine:
        """The copy, brought up to date if the hub has moved on."""
        with self._lock:
            if monotonic() - self._asked >= ASK_S:
                self.stale(self._epoch())
            if self._held != self._there:
                at = self._there
                for cube in CUBES:
                    self._copy.replace_days(cube.name, ibis.memtable(self._run(self._table(cube.name))), None)
                self._copy.follow(at)
                self._held = at
            return self._copy

    def close(self) -> None:
        self._copy.close()
