"""Releases: the blocks of protected audiences that have been shown, and which rows have been counted in them. What is released stays as it is."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import and_, delete, func, insert, or_, select

from gensvar.contracts.tone import TONE
from gensvar.kit.ids import ROW_BYTES
from gensvar.kit.protected import Protected
from gensvar.ledger.connect import Database, Part
from gensvar.ledger.tables import RELEASES
from gensvar.measure.anonymous import Block, Released, least_writers

TEXT = ""  # stands for a measure where what people wrote is released
ID_BYTES = 16
Pair = tuple[str, str, date]
What = Literal["scores", "tone", "text"]


def known_by(row: bytes) -> bytes:
    """The part of a row's id that stays when even its moment is corrected: the hash of its source, record and item."""
    return row[-ROW_BYTES:]


@dataclass(frozen=True, slots=True)
class Release:
    """Rows of one audience, measure and month that were released together. least: the fewest people in a block. ids: of the rows, block by block."""

    audience: str
    measure: str
    month: date
    least: int
    ids: tuple[bytes, ...]
    blocks: tuple[Block, ...]

    def parts(self) -> list[tuple[Block, tuple[bytes, ...]]]:
        """Each block with the ids of its rows."""
        found, at = [], 0
        for block in self.blocks:
            size = round(block.counts[0])
            found.append((block, self.ids[at : at + size]))
            at += size
        return found


class Releases(Part):
    """looked: how many rows of each audience, measure and month were there when it was last looked for new ones; forgotten at a stop."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        super().__init__(database, now)
        self.looked: dict[Pair, int] = {}
        self._version = 0
        self._kept: tuple[tuple[Protected, int], Released] | None = None

    def add(self, made: Release) -> int:
        """Keeps a release as the next of its measure and month; its number, from 0."""
        same = (RELEASES.c.audience == made.audience) & (RELEASES.c.measure == made.measure) & (RELEASES.c.month == made.month)
        with self._db.write() as conn:
            last = conn.scalar(select(func.max(RELEASES.c.batch)).where(same))
            batch = 0 if last is None else int(last) + 1
            conn.execute(
                insert(RELEASES).values(
                    audience=made.audience, measure=made.measure, month=made.month, batch=batch, least=made.least,
                    ids=b"".join(made.ids), blocks=[b.as_json() for b in made.blocks], made_at=self._now(),
                )
            )  # fmt: skip
        self.renew()
        return batch

    def renew(self) -> None:
        """What is kept in memory is read again when it is next asked for; to be called once what has changed is on disk."""
        self._version += 1

    def counts(self) -> dict[Pair, int]:
        """How many rows of each audience, measure and month have been released."""
        rows = func.sum(func.length(RELEASES.c.ids)) / ID_BYTES
        with self._db.read() as conn:
            found = conn.execute(select(RELEASES.c.audience, RELEASES.c.measure, RELEASES.c.month, rows).group_by(*COLUMNS[:3])).all()
        return {(audience, measure, month): int(n) for audience, measure, month, n in found}

    def counted(self, what: What) -> set[bytes]:
        """What all rows are known by whose scores, tone or text have been released, of whatever audience and month: never again."""
        alone = {"text": TEXT, "tone": TONE.key}
        which = RELEASES.c.measure == alone[what] if what in alone else RELEASES.c.measure.not_in(alone.values())
        with self._db.read() as conn:
            return {known_by(one) for ids in conn.scalars(select(RELEASES.c.ids).where(which)) for one in _apart(ids)}

    def released(self, protected: Protected) -> Released:
        """Every block with numbers; read once after each change."""
        kept, now = self._kept, (protected, self._version)
        if kept is None or kept[0] != now:
            made = Released.of(protected.names, (b for one in self._read(RELEASES.c.measure != TEXT, ids=False) for b in one.blocks))
            kept = self._kept = (now, made)
        return kept[1]

    def texts(self, audience: str) -> list[Release]:
        """What was released of the texts of an audience, with the ids of the rows of each block."""
        return self._read((RELEASES.c.measure == TEXT) & (RELEASES.c.audience == audience), ids=True)

    def keep(self, protected: Protected) -> int:
        """Forgets what was released of audiences that are no longer protected, or in blocks of other sizes; how many releases those were."""
        stay = [and_(RELEASES.c.audience == name, RELEASES.c.measure != TEXT, RELEASES.c.least == least) for name, least in protected]
        texts = [and_(RELEASES.c.audience == name, RELEASES.c.measure == TEXT, RELEASES.c.least == least_writers(least)) for name, least in protected]
        return self._forget(~or_(*stay, *texts))

    def clear(self) -> int:
        """Forgets every release; how many there were."""
        return self._forget(RELEASES.c.batch >= 0)

    def _forget(self, which: Any) -> int:
        with self._db.write() as conn:
            gone = conn.execute(delete(RELEASES).where(which)).rowcount
        if gone:
            self.looked.clear()
            self.renew()
        return gone

    def _read(self, which: Any, *, ids: bool) -> list[Release]:
        columns = [RELEASES.c[name] for name in ("audience", "measure", "month", "least", "blocks", *(["ids"] if ids else []))]
        with self._db.read() as conn:
            rows = conn.execute(select(*columns).where(which).order_by(*COLUMNS)).all()
        return [
            Release(r.audience, r.measure, r.month, r.least, _apart(r.ids) if ids else (), _blocks(r.audience, r.measure, r.month, r.blocks))
            for r in rows
        ]


COLUMNS: Sequence[Any] = (RELEASES.c.audience, RELEASES.c.measure, RELEASES.c.month, RELEASES.c.batch)


def _blocks(audience: str, measure: str, month: date, plain: Iterable[Any]) -> tuple[Block, ...]:
    return tuple(Block.of(audience, measure, month, one) for one in plain)


def _apart(ids: bytes) -> tuple[bytes, ...]:
    return tuple(ids[at : at + ID_BYTES] for at in range(0, len(ids), ID_BYTES))
