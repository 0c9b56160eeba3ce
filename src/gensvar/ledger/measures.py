"""Definitions of measures: what a score means, once and for all. Another meaning is another version."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

import msgspec
from sqlalchemy import insert, select

from gensvar.contracts import Measure, Measures
from gensvar.kit.errors import Conflict
from gensvar.ledger.connect import Part
from gensvar.ledger.tables import MEASURES

DO = "A question that changed gets a new version. Another question gets another id, under `measures:` and wherever the contract names it."


class Recorded(NamedTuple):
    """When a version of a measure came into force here, and by whom."""

    key: str
    at: datetime
    by: str


class Definitions(Part):
    def add(self, measures: Iterable[Measure], by: str) -> None:
        """Adds what is new. A key that is there with another content is a Conflict, and then none is added; all such keys are named at once."""
        given = {measure.key: measure for measure in measures}
        with self._db.write() as conn:
            known = self.all()
            if faults := [_differs(known.get(key), measure) for key, measure in given.items() if key in known and known.get(key) != measure]:
                raise Conflict("Some measures are defined otherwise already", faults=faults, do=DO)
            rows = [
                {"key": key, "definition": _written(measure), "added_at": self._now(), "by": by} for key, measure in given.items() if key not in known
            ]
            if rows:
                conn.execute(insert(MEASURES), rows)

    def all(self) -> Measures:
        """Every definition in force."""
        with self._db.read() as conn:
            return Measures.of(_read(text) for text in conn.scalars(select(MEASURES.c.definition).order_by(MEASURES.c.key)))

    def recorded(self) -> dict[str, Recorded]:
        """Key → when it came into force, and by whom."""
        with self._db.read() as conn:
            return {row.key: Recorded(*row) for row in conn.execute(select(MEASURES.c.key, MEASURES.c.added_at, MEASURES.c.by))}


def _written(measure: Measure) -> str:
    return msgspec.json.encode(measure, order="deterministic").decode()


@lru_cache(maxsize=1024)
def _read(text: str) -> Measure:
    return msgspec.json.decode(text, type=Measure)


def _differs(known: Measure, given: Measure) -> str:
    before, after = msgspec.to_builtins(known), msgspec.to_builtins(given)
    fields = [name for name in after if before[name] != after[name]]
    return f"{given.key}: {', '.join(f'{name} is {before[name]!r}, not {after[name]!r}' for name in fields)}"
