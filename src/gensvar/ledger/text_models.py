"""What a house has taught its readers, each version with its numbers and what became of it; and the draws of texts that people label."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, insert, select, update

from gensvar.kit.errors import NotFound
from gensvar.ledger.connect import Part
from gensvar.ledger.tables import TEXT_MODELS

State = Literal["tried", "in force", "stopped", "open"]


@dataclass(frozen=True, slots=True)
class TextModel:
    """state: tried (never used), in force, stopped, or open for a draw. numbers: how it did. Its body is read by itself."""

    id: int
    kind: str
    state: State
    numbers: Mapping[str, Any]
    by: str
    made_at: datetime


PLAIN = tuple(TEXT_MODELS.c[name] for name in ("id", "kind", "state", "numbers", "by", "made_at"))


class TextModels(Part):
    def add(self, kind: str, state: State, numbers: Mapping[str, Any], body: bytes, by: str) -> int:
        """The version's number. Of those in force of a kind there is one: the one before is stopped."""
        row = {"kind": kind, "state": state, "numbers": dict(numbers), "body": body, "by": by, "made_at": self._now()}
        with self._db.write() as conn:
            if state == "in force":
                conn.execute(update(TEXT_MODELS).where(_in_force(kind)).values(state="stopped"))
            return int(conn.execute(insert(TEXT_MODELS).values(row).returning(TEXT_MODELS.c.id)).scalar_one())

    def history(self, kind: str) -> list[TextModel]:
        """Every version of a kind, newest first."""
        what = select(*PLAIN).where(TEXT_MODELS.c.kind == kind).order_by(TEXT_MODELS.c.id.desc())
        with self._db.read() as conn:
            return [TextModel(*row) for row in conn.execute(what)]

    def get(self, number: int) -> TextModel:
        """One version; NotFound where there is none."""
        with self._db.read() as conn:
            row = conn.execute(select(*PLAIN).where(TEXT_MODELS.c.id == number)).first()
        if row is None:
            raise NotFound(f"No model {number}", do="The page of text quality lists them.")
        return TextModel(*row)

    def in_force(self, kind: str) -> int | None:
        """The number of the version in force; None where there is none."""
        with self._db.read() as conn:
            return conn.scalar(select(TEXT_MODELS.c.id).where(_in_force(kind)))

    def body(self, number: int) -> bytes:
        """The weights of a version; NotFound where there is none."""
        with self._db.read() as conn:
            body = conn.scalar(select(TEXT_MODELS.c.body).where(TEXT_MODELS.c.id == number))
        if body is None:
            raise NotFound(f"No model {number}", do="The page of text quality lists them.")
        return bytes(body)

    def use(self, number: int) -> TextModel:
        """Puts a version into force, in place of the one that was; NotFound where there is none."""
        with self._db.write() as conn:
            kind = self.get(number).kind
            conn.execute(update(TEXT_MODELS).where(_in_force(kind)).values(state="stopped"))
            conn.execute(update(TEXT_MODELS).where(TEXT_MODELS.c.id == number).values(state="in force"))
        return self.get(number)

    def stop(self, kind: str) -> int | None:
        """Takes the version in force out of it; its number, None where there was none."""
        with self._db.write() as conn:
            number = self.in_force(kind)
            conn.execute(update(TEXT_MODELS).where(_in_force(kind)).values(state="stopped"))
        return number


def _in_force(kind: str) -> ColumnElement[bool]:
    return (TEXT_MODELS.c.kind == kind) & (TEXT_MODELS.c.state == "in force")
