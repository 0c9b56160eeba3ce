"""First-seen moments: records that carry no creation time of their own keep, for ever, the moment at which they first came.

A record is known here by the first 64 bits of its key. Should two records share them, they share a moment, and their ids still differ.
New keys fall anywhere among the old ones, so that each would dirty a page of its own. On SQLite they therefore go to a small table first
(`seen_lately`, a few hundred pages) and are folded into the large one stretch by stretch, where many neighbours share a page.
"""

import json
from collections.abc import Callable, Sequence
from datetime import datetime

import numpy as np
from sqlalchemy import Connection, text

from gensvar.ledger.connect import Database, Part

LATELY_ROWS, MOST_LATELY_ROWS, FOLD_ROWS = 200_000, 600_000, 5_000
FIRST_KEY = -(1 << 63)
LITE_FIND = (
    "SELECT seen_lately.key, moment_ms FROM json_each(?1) CROSS JOIN seen_lately ON seen_lately.key = value"
    " UNION ALL SELECT seen.key, moment_ms FROM json_each(?1) CROSS JOIN seen ON seen.key = value"
)
LITE_ADD = "INSERT INTO seen_lately (key, moment_ms) VALUES (?, ?)"
POSTGRES_FIND = "SELECT key, moment_ms FROM seen WHERE key = ANY(%s)"
POSTGRES_ADD = "INSERT INTO seen (key, moment_ms) SELECT key, %s FROM unnest(%s::bigint[]) AS u(key) ON CONFLICT DO NOTHING"
STRETCH = text("SELECT max(key), count(*) FROM (SELECT key FROM seen_lately WHERE key >= :first ORDER BY key LIMIT :rows) AS s")
FOLD = (
    text("INSERT INTO seen (key, moment_ms) SELECT key, moment_ms FROM seen_lately WHERE key BETWEEN :first AND :last"),
    text("DELETE FROM seen_lately WHERE key BETWEEN :first AND :last"),
)


def _short(keys16: Sequence[bytes]) -> list[int]:
    """The first 64 bits of each key, as SQL knows whole numbers."""
    halves: list[int] = np.frombuffer(b"".join(keys16), dtype=">i8")[::2].tolist()
    return halves


class Seen(Part):
    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        super().__init__(database, now)
        self._lately: int | None = None
        self._fold_from = FIRST_KEY

    def moments(self, keys16: Sequence[bytes], created_ms: Sequence[int | None], now_ms: int) -> tuple[list[int], list[bool]]:
        """The moment of each record (ms) and whether it may have been known before.

        A record with a creation time keeps that, and counts as known, since nothing is remembered of it. Others get the moment at which they were
        first seen; a new one gets now_ms, which is on disk when this returns.
        """
        short = _short(keys16)
        asked = sorted({key for key, made in zip(short, created_ms, strict=True) if made is None})
        commits = self._db.commits
        before = self._find(asked)
        new = [key for key in asked if key not in before]
        now = {**before, **(self._remember(new, now_ms, commits) if new else {})}
        moments = [now[key] if made is None else made for key, made in zip(short, created_ms, strict=True)]
        return moments, [made is not None or key in before for key, made in zip(short, created_ms, strict=True)]

    def count(self) -> int:
        """How many records are remembered."""
        with self._db.read() as conn:
            return int(conn.scalar(text("SELECT (SELECT count(*) FROM seen) + (SELECT count(*) FROM seen_lately)")) or 0)

    def tidy(self) -> None:
        """Folds what has gathered in the small table; SQLite's upkeep calls it in the background."""
        self._fold_down_to(LATELY_ROWS)

    def _find(self, keys: Sequence[int]) -> dict[int, int]:
        if not keys:
            return {}
        with self._db.read() as conn:
            return self._found(conn, keys)

    def _found(self, conn: Connection, keys: Sequence[int]) -> dict[int, int]:
        lite, asked = self._db.lite, list(keys)
        rows = conn.exec_driver_sql(LITE_FIND if lite else POSTGRES_FIND, (json.dumps(asked) if lite else asked,))
        return {row[0]: row[1] for row in rows.all()}

    def _remember(self, keys: Sequence[int], now_ms: int, commits: int) -> dict[int, int]:
        """The moments that now hold; where another writer was first, its moment holds."""
        with self._db.write() as conn:
            stands = self._add_lite(conn, keys, now_ms, commits) if self._db.lite else self._add_postgres(conn, keys, now_ms)
        self._fold_down_to(MOST_LATELY_ROWS)
        return {**dict.fromkeys(keys, now_ms), **stands}

    def _add_postgres(self, conn: Connection, keys: Sequence[int], now_ms: int) -> dict[int, int]:
        added = conn.exec_driver_sql(POSTGRES_ADD, (now_ms, list(keys))).rowcount
        return {} if added == len(keys) else self._found(conn, keys)

    def _add_lite(self, conn: Connection, keys: Sequence[int], now_ms: int, commits: int) -> dict[int, int]:
        stands = {} if commits == self._db.commits else self._found(conn, keys)
        new = [(key, now_ms) for key in keys if key not in stands]
        if new:
            conn.exec_driver_sql(LITE_ADD, new)
            self._lately = None if self._lately is None else self._lately + len(new)
        if self._lately is None:
            self._lately = int(conn.scalar(text("SELECT count(*) FROM seen_lately")) or 0)
        return stands

    def _fold_down_to(self, rows: int) -> None:
        while self._lately is not None and self._lately > rows:
            self._fold()

    def _fold(self) -> None:
        """Moves the next stretch of lately seen keys, in the order of the keys, into the large table."""
        with self._db.write() as conn:
            last, rows = conn.execute(STRETCH, {"first": self._fold_from, "rows": FOLD_ROWS}).one()
            if rows:
                for step in FOLD:
                    conn.execute(step, {"first": self._fold_from, "last": last})
                self._lately = (self._lately or rows) - rows
            self._fold_from = last + 1 if rows == FOLD_ROWS else FIRST_KEY
