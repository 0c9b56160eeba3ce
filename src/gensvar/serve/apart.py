"""Work that is done apart, in a child process: it neither holds this one's interpreter while it works, nor can it end it."""

import multiprocessing
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait
from typing import ParamSpec, TypeVar

from gensvar.kit.errors import Unavailable

P = ParamSpec("P")
R = TypeVar("R")


class Child:
    """One child process, begun when it is first needed and replaced when it has ended. It ends with this process, however that ends.

    over: what is said when the child ended over its work, and what to do then; nice: how much it stands back for others, 0…19.
    idle_s: after how long without work it ends, until it is needed again; 0: it stays.
    """

    def __init__(self, over: str, do: str, nice: int = 0, idle_s: float = 0) -> None:
        self._over, self._do, self._nice, self._idle_s = over, do, nice, idle_s
        self._turn = threading.Lock()
        self._timer: threading.Timer | None = None
        self._child: ProcessPoolExecutor | None = None
        self._used_at = time.monotonic()

    def run(self, work: Callable[P, R], *given: P.args, **named: P.kwargs) -> R:
        """What the function returns; it, what it is given and what it returns can be pickled. Unavailable where the child ended over it."""
        return self.within(None, work, *given, **named)

    def within(self, seconds: float | None, work: Callable[P, R], *given: P.args, **named: P.kwargs) -> R:
        """The same for somebody who waits for it: TimeoutError where it takes longer, also since the child begins. What was begun goes on."""
        with self._turn:
            self._used_at = time.monotonic()
            child = self._child = self._child or ProcessPoolExecutor(
                1, multiprocessing.get_context("spawn"), initializer=_began, initargs=(self._nice,)
            )
        task: Future[R] | None = None
        try:
            task = child.submit(work, *given, **named)
            return task.result(seconds)
        except TimeoutError:
            if task is not None:
                task.cancel()
            raise
        except BrokenProcessPool as ended:
            self._let_go(child)
            raise Unavailable(self._over, do=self._do) from ended
        finally:
            self._rests_later()

    def _rests_later(self) -> None:
        if not self._idle_s:
            return
        with self._turn:
            self._used_at = time.monotonic()
            if self._timer is None:
                self._timer = threading.Timer(self._idle_s, self._rest)
                self._timer.daemon = True
                self._timer.start()

    def _rest(self) -> None:
        """Ends the child where it has had nothing to do for so long, else looks again later."""
        with self._turn:
            self._timer = None
            idle = self._child if time.monotonic() - self._used_at >= self._idle_s else None
        if idle is not None:
            self._let_go(idle)
        elif self._child is not None:
            self._rests_later()

    def close(self) -> None:
        """Ends the child once it has finished what it does."""
        if self._timer is not None:
            self._timer.cancel()
        if self._child is not None:
            self._let_go(self._child)

    def _let_go(self, child: ProcessPoolExecutor) -> None:
        with self._turn:
            if self._child is child:
                self._child = None
        child.shutdown(wait=False)


DRAWING = Child("This could not be drawn: the drawing engine ended over it", "Take it along as a table; tell us what it showed.")


def _began(nice: int) -> None:
    """In the child: stands back for others, and a thread waits for the parent's end."""
    os.nice(nice)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_await_end, args=(parent.sentinel,), daemon=True).start()


def _await_end(parent: int) -> None:
    wait([parent])
    os._exit(0)
