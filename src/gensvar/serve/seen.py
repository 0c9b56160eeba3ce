"""Who saw what: pages and answers are gathered for a second and written into the audit together; all else is written before it is answered.

What is kept is the path, the names of filters and their values where these are names of dimensions; never what was searched for, nor a secret.
"""

import json
import re
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from gensvar.ledger.audit import Audit, Done
from gensvar.measure.resolve import ASKABLE

GATHERED, REPEATED = frozenset({"see", "ask", "refuse"}), frozenset({"read"})
EVERY_S = 1.0
MOST, REMEMBERED = 5_000, 50_000
TOLD = frozenset(
    {*ASKABLE, "where", "measure", "by", "period", "against", "compare", "grain", "sort", "score", "texts", "who", "did", "since", "until", "state",
     "reason", "name", "id", "limit", "form"}
)  # fmt: skip
LONGEST = 200
SECRET = re.compile(r"[A-Za-z0-9_\-=.~]{24,}")
Key = tuple[str, str, str, str, datetime]


class Seen:
    """Gathers what was seen. Call `flush` every second, and once at the end; a crash loses the views of a second at most."""

    def __init__(self, audit: Audit, now: Callable[[], datetime]) -> None:
        self._audit, self._now = audit, now
        self._lock, self._writing = threading.RLock(), threading.Lock()
        self._waiting: list[Done] = []
        self._known: set[Key] = set()

    def note(self, who: str, did: str, what: str, detail: Mapping[str, Any] | None = None) -> None:
        """Writes down that somebody did this: at once, so that nothing is answered unwritten; a page seen or an answer asked for within a second.

        What is seen, asked or read again in the same minute is written once: an open page reads itself again whenever the hub moves. what: a path;
        detail: as `told` makes it of an address. It raises what the ledger raises where the audit cannot be written; then nothing must be shown.
        """
        now = self._now()
        deed = Done(who, did, without_secrets(what), dict(detail or {}), now)
        if did not in GATHERED | REPEATED:
            self._audit.append_many([deed])
            return
        key = (who, did, deed.what, json.dumps(deed.detail, sort_keys=True, default=str), now.replace(second=0, microsecond=0))
        if did in REPEATED:
            if key not in self._known:
                self._audit.append_many([deed])
                self._is_new(key)
            return
        with self._lock:
            if self._is_new(key):
                self._waiting.append(deed)
            full = len(self._waiting) >= MOST
        if full:
            self.flush()

    def _is_new(self, key: Key) -> bool:
        """Whether this was not noted in this minute; from now on it was."""
        with self._lock:
            if key in self._known:
                return False
            if len(self._known) >= REMEMBERED or next(iter(self._known), key)[-1] != key[-1]:
                self._known = set()
            self._known.add(key)
            return True

    def flush(self) -> int:
        """Writes what waits, in one transaction; how many rows that were. What could not be written goes on waiting."""
        with self._writing:
            with self._lock:
                waiting, self._waiting = self._waiting, []
            try:
                if waiting:
                    self._audit.append_many(waiting)
            except BaseException:
                with self._lock:
                    self._waiting = waiting + self._waiting
                raise
            return len(waiting)


def told(query: Mapping[str, str]) -> dict[str, str]:
    """What of an address may be written down: every name, and the values of filters; words that were searched for are left out.

    >>> told({"market": "NO", "words": "something private"})
    {'market': 'NO', 'words': '…'}
    """
    return {name[:LONGEST]: value[:LONGEST] if name in TOLD else "…" for name, value in sorted(query.items())}


def without_secrets(path: str) -> str:
    """The path, with parts that could be the secret of a link left out; ids of voices stay.

    >>> without_secrets("/welcome/dGhpcyBpcyBhIHNlY3JldCB0b2tlbg")
    '/welcome/…'
    """
    return "/".join("…" if SECRET.fullmatch(part) and not _is_id(part) else part[:LONGEST] for part in path.split("/"))[: 10 * LONGEST]


def _is_id(part: str) -> bool:
    try:
        return str(UUID(part.removesuffix(".json"))) == part.removesuffix(".json").lower()
    except ValueError:
        return False
