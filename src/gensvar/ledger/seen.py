"""First-seen moments: records that carry no creation time of their own keep, for ever, the moment at which they first came.

A record is known here by the first 64 bits of its key. Should two records share them, they share a moment, and their ids still differ.
"""

import json
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection

from gensvar.ledger.connect import Part

LITE_FIND = "SELECT key, moment_ms FROM seen WHERE key IN (SELECT value FROM json_each(?))"
LITE_ADD = "INSERT INTO seen (key, moment_ms) VALUES (?, ?) ON CONFLICT DO NOTHING"
POSTGRES_FIND = "SELECT key, moment_ms FROM seen WHERE key = ANY(%s)"
POSTGRES_ADD = "INSERT INTO seen (key, moment_ms) SELECT key, %s FROM unnest(%s::bigint[]) AS u(key) ON CONFLICT DO NOTHING"


class Seen(Part):
    def moments(self, keys16: Sequence[bytes], created_ms: Sequence[int | None], now_ms: int) -> tuple[list[int], list[bool]]:
        """The moment of each record (ms) and whether it may have been known before.

        A record with a creation time keeps that, and counts as known, since nothing is remembered of it. Others get the moment at which they were
        first seen; a new one gets now_ms, which is on disk when this returns.
        """
        short = [int.from_bytes(key[:8], "big", signed=True) for key in keys16]
        asked = sorted({key for key, made in zip(short, created_ms, strict=True) if made is None})
        before = self._find(asked)
        now = {**before, **self._remember([key for key in asked if key not in before], now_ms)}
        moments = [now[key] if made is None else made for key, made in zip(short, created_ms, strict=True)]
        return moments, [made is not None or key in before for key, made in zip(short, created_ms, strict=True)]

    def count(self) -> int:
        """How many records are remembered."""
        with self._db.read() as conn:
            return int(conn.exec_driver_sql("SELECT count(*) FROM seen").scalar_one())

    def _find(self, keys: Sequence[int]) -> dict[int, int]:
        if not keys:
            return {}
        with self._db.read() as conn:
            return self._found(conn, keys)

    def _found(self, conn: Connection, keys: Iterable[int]) -> dict[int, int]:
        lite, asked = self._db.lite, list(keys)
        rows = conn.exec_driver_sql(LITE_FIND if lite else POSTGRES_FIND, (json.dumps(asked) if lite else asked,))
        return {row[0]: row[1] for row in rows}

    def _remember(self, keys: Sequence[int], now_ms: int) -> dict[int, int]:
        """The moments that now hold; where another writer was first, its moment holds."""
        if not keys:
            return {}
        with self._db.write() as conn:
            if self._db.lite:
                added = conn.exec_driver_sql(LITE_ADD, [(key, now_ms) for key in keys]).rowcount
            else:
                added = conn.exec_driver_sql(POSTGRES_ADD, (now_ms, list(keys))).rowcount
            return dict.fromkeys(keys, now_ms) if added == len(keys) else self._found(conn, keys)
