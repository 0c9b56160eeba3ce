"""Vectors of texts, by the text's key and the encoder that made them, so that no text is encoded twice."""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import delete, func, select

from gensvar.ledger.among import change_among, rows_among
from gensvar.ledger.connect import Part
from gensvar.ledger.tables import VECTORS

AT_ONCE = 10_000


class VectorStore(Part):
    def get(self, keys: Sequence[bytes], model: str) -> dict[bytes, bytes]:
        """The stored vectors of those texts that have one of this model."""
        with self._db.read() as conn:
            what = select(VECTORS.c.key, VECTORS.c.vector).where(VECTORS.c.model == model)
            return {row.key: row.vector for row in rows_among(conn, what, VECTORS.c.key, list(dict.fromkeys(keys)))}

    def put(self, vectors: Mapping[bytes, bytes], model: str) -> None:
        """Keeps them; one that is there already stays."""
        if not vectors:
            return
        rows = [{"key": key, "model": model, "vector": vector, "made_at": self._now()} for key, vector in vectors.items()]
        with self._db.write() as conn:
            conn.execute(self._db.insert(VECTORS).on_conflict_do_nothing(), rows)

    def scan(self, model: str, after: bytes = b"") -> Iterator[list[tuple[bytes, bytes]]]:
        """All (key, vector) of a model in the order of their keys, 10,000 at a time."""
        while True:
            what = select(VECTORS.c.key, VECTORS.c.vector).where(VECTORS.c.model == model, VECTORS.c.key > after)
            with self._db.read() as conn:
                rows = [(row.key, row.vector) for row in conn.execute(what.order_by(VECTORS.c.key).limit(AT_ONCE))]
            if not rows:
                return
            yield rows
            after = rows[-1][0]

    def count(self, model: str) -> int:
        """How many texts have a vector of this model."""
        with self._db.read() as conn:
            return int(conn.scalar(select(func.count()).where(VECTORS.c.model == model)) or 0)

    def forget(self, keys: Sequence[bytes]) -> int:
        """Takes out the vectors of these texts, of every model; how many there were."""
        with self._db.write() as conn:
            return change_among(conn, delete(VECTORS), VECTORS.c.key, list(dict.fromkeys(keys)))
