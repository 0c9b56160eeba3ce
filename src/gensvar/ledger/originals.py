"""Originals: texts as they were written, where redaction took something out of them. Sealed one by one, and gone when their time is up."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, func, select

from gensvar.ledger.among import change_among
from gensvar.ledger.connect import Database, Part
from gensvar.ledger.seal import Box
from gensvar.ledger.tables import ORIGINALS


class Originals(Part):
    def __init__(self, database: Database, now: Callable[[], datetime], box: Box) -> None:
        super().__init__(database, now)
        self._box = box

    def keep(self, texts: Mapping[bytes, str], until: datetime) -> None:
        """Seals the original of each row until then. A row that has one already gets this text and keeps its time: sending again extends nothing."""
        if not texts:
            return
        put = self._db.insert(ORIGINALS)
        rows = [{"row": row, "sealed": self._box.seal(_bytes(text), row), "until": until} for row, text in texts.items()]
        with self._db.write() as conn:
            conn.execute(put.on_conflict_do_update(index_elements=["row"], set_={"sealed": put.excluded.sealed}), rows)

    def there(self, row: bytes) -> datetime | None:
        """Until when the row's original is kept; None where there is none, or its time is up."""
        with self._db.read() as conn:
            until: datetime | None = conn.scalar(select(ORIGINALS.c.until).where(ORIGINALS.c.row == row, ORIGINALS.c.until > self._now()))
        return until

    def open(self, row: bytes) -> str | None:
        """The text as it was written; None where it is not kept any more. Write down who asks before you ask."""
        with self._db.read() as conn:
            sealed = conn.scalar(select(ORIGINALS.c.sealed).where(ORIGINALS.c.row == row, ORIGINALS.c.until > self._now()))
        return None if sealed is None else self._box.open(sealed, row).decode("utf-8", "surrogatepass")

    def forget(self, rows: Sequence[bytes]) -> int:
        """Takes out the originals of these rows; how many there were."""
        if not rows:
            return 0
        with self._db.write() as conn:
            return change_among(conn, delete(ORIGINALS), ORIGINALS.c.row, list(dict.fromkeys(rows)))

    def purge(self, longest: datetime) -> int:
        """Takes out what has had its time, and what is to be kept beyond `longest` (the setting has been lowered since); how many there were."""
        with self._db.write() as conn:
            return conn.execute(delete(ORIGINALS).where((ORIGINALS.c.until <= self._now()) | (ORIGINALS.c.until > longest))).rowcount

    def count(self) -> int:
        """How many are kept."""
        with self._db.read() as conn:
            return int(conn.scalar(select(func.count()).select_from(ORIGINALS)) or 0)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
