"""Work that is done apart, in a child process: it neither holds this one's interpreter while it draws, nor can it end it."""

import multiprocessing
import os
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait
from typing import ParamSpec, TypeVar

from gensvar.kit.errors import Unavailable

P = ParamSpec("P")
R = TypeVar("R")
_turn = threading.Lock()
_children: list[ProcessPoolExecutor] = []


def apart(work: Callable[P, R], *given: P.args, **named: P.kwargs) -> R:
    """What the function returns; it, what it is given and what it returns can be pickled. Unavailable where the child ended over it.

    There is one child, begun when it is first needed and replaced when it has ended. It ends with this process, however that ends.
    """
    child = _child()
    try:
        return child.submit(work, *given, **named).result()
    except BrokenProcessPool as ended:
        _replace(child)
        raise Unavailable(
            "This could not be drawn: the drawing engine ended over it", do="Take it along as a table; tell us what it showed."
        ) from ended


def _child() -> ProcessPoolExecutor:
    with _turn:
        if not _children:
            _children.append(ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), initializer=_ends_with_its_parent))
        return _children[0]


def _replace(ended: ProcessPoolExecutor) -> None:
    with _turn:
        if ended in _children:
            _children.remove(ended)
    ended.shutdown(wait=False)


def _ends_with_its_parent() -> None:
    """In the child: a thread that waits for the parent's end."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_await_end, args=(parent.sentinel,), daemon=True).start()


def _await_end(parent: int) -> None:
    wait([parent])
    os._exit(0)
